"""Domain errors in the words of the reader: one sentence a code.

The domain names what is wrong and gives the parameters; the sentence is chosen here, at the edge.
"""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _

from app.domain.errors import DomainError
from app.domain.vocabulary import Term

SENTENCES = {
    "already_withdrawn": _("%(index_no)s was withdrawn before."),
    "approver_missing": _("A substitution is approved by somebody other than who asks for it."),
    "bundle_incomplete": _("The bundle cannot be written yet: %(missing)s is missing."),
    "calendar_not_confirmed": _(
        "The holiday table is confirmed until %(confirmed_until)s; %(day)s lies outside."
    ),
    "cannot_be_staffed": _("The task cannot be staffed: %(shortfall)s person-visits are missing."),
    "certificate_lapsed": _("%(name)s held no valid certificate on %(day)s."),
    "check_number_wrong": _("The check number does not belong to this code and draw."),
    "checked_outside_period": _("The day of the check (%(day)s) lies before %(first)s or in the future."),
    "columns_missing": _("The file lacks the columns %(columns)s; recognised were: %(found)s."),
    "columns_repeated": _("Two columns say the same thing: %(columns)s."),
    "contradictory_period": _("The visit to %(target)s ends before it begins."),
    "contradictory_recusal": _("The recusal concerning %(target)s ends before it begins."),
    "domain_error": _("The request could not be carried out."),
    "draft_exists": _("%(item)s has a draft already."),
    "drand_signature_invalid": _("The signature is not that of the planned round."),
    "drand_unavailable": _(
        "Signatures of drand cannot be checked here: install the extra “drand”, or enter the 64 "
        "hexadecimal characters of the round's value."
    ),
    "draw_not_done": _("The draw has not been computed yet."),
    "draw_not_sealed": _("This draw is open; it has no check numbers."),
    "duplicate_row": _("%(value)s appears twice in %(table)s."),
    "empty_task": _("The task has no visit to staff."),
    "evidence_missing": _("A replacement needs its evidence."),
    "exclusive_result": _("“%(result)s” cannot stand beside another result."),
    "file_missing": _("The stored file is missing."),
    "file_refused": _("The file was not loaded."),
    "file_unreadable": _("The file cannot be read."),
    "file_unreadable_bomb": _("The file would grow out of all proportion when unpacked and was refused."),
    "file_unreadable_cut_off": _("The compressed file ends too early; it was probably not copied whole."),
    "file_unreadable_damaged": _("The file is damaged."),
    "file_unreadable_empty": _("The file is empty."),
    "file_unreadable_encrypted": _("The file is protected by a password; remove it and try again."),
    "file_unreadable_foreign_entities": _("The workbook holds a document type definition and was refused."),
    "file_unreadable_line_too_long": _("Line %(line)s is too long for a table."),
    "file_unreadable_missing": _("There is no file “%(name)s”."),
    "file_unreadable_nested": _("There is another archive inside the archive."),
    "file_unreadable_no_header": _("No row of the first twenty is a header of this roster."),
    "file_unreadable_not_a_workbook": _("The file is no Excel workbook."),
    "file_unreadable_not_text": _("The file is neither a table in text form nor a workbook."),
    "file_unreadable_several_files": _("The archive holds %(count)s files; it must hold exactly one."),
    "file_unreadable_timeout": _("Reading the workbook took too long and was stopped."),
    "file_unreadable_too_large": _("The file is larger than what can be read (limit %(limit)s)."),
    "file_unreadable_web_page": _(
        "The file is a web page saved under another name; open it in Excel and save it as XLSX."
    ),
    "file_unreadable_wrong_encoding": _(
        "The text is not in %(encoding)s from byte %(position)s on (line %(line)s); save the file as UTF-8."
    ),
    "filing_number_missing": _("Filing needs its number."),
    "flag_city_not_stated": _("The city is not stated; kept, never drawn"),
    "flag_date_unreadable": _("Date of establishment not readable; left as it was"),
    "flag_further_categories": _("Several categories named; the first one is used"),
    "flag_industry_unknown": _("Industry code not in GB/T 4754"),
    "flag_kind_unknown": _("Kind of entity not recognised"),
    "flag_legacy_identifier": _("Old registration number (15 or 13 digits)"),
    "flag_name_differs": _("The name differs from that on the roster"),
    "flag_out_of_jurisdiction": _("Outside the city's jurisdiction; kept, never drawn"),
    "flag_risk_class_unknown": _("Risk class not recognised"),
    "flag_short_row": _("The row has fewer cells than the header"),
    "flag_stale_basis": _("Cites a basis that is repealed or no longer the bureau's"),
    "flag_status_unknown": _("Registration status not recognised"),
    "flag_territory_unknown": _("The district does not exist in this city; left blank"),
    "flag_wrong_check_digit": _("Check digit of the code is wrong"),
    "flag_wrong_organisation_check": _("Check character of the organisation part is wrong"),
    "hash_unavailable": _("This system's OpenSSL does not offer %(alg)s."),
    "hash_unknown": _("%(alg)s is not a hash algorithm of the protocol."),
    "identifier_invalid": _("“%(value)s” cannot serve as an identifier."),
    "illegal_transition": _("This step is not possible in the state “%(state)s”."),
    "invalid_cap": _("%(staff_no)s has a cap of %(cap)s."),
    "invalid_identifier": _("“%(value)s” is no valid %(field)s."),
    "item_has_no_basis": _("%(item)s has no legal basis in force."),
    "item_has_no_cap": _("%(item)s is an ordinary item and needs a highest ratio."),
    "item_not_published": _("%(item)s is not on the published list."),
    "item_without_category": _("%(item)s does not say from which category it draws."),
    "load_collided": _(
        "Another load wrote the same records at the same time; nothing of %(name)s was kept. Load it again."
    ),
    "log_broken": _("The draw log does not hold at entry %(n)s."),
    "matched_already": _("%(task)s is matched; a firm that ceased is now recorded as a result."),
    "negative_period": _("A period of %(days)s days is not possible."),
    "no_batch_left": _("All %(batches)s batches of “%(line)s” have their task already."),
    "no_bureau": _("No agency is marked as the bureau that runs this system."),
    "no_disposal": _("Say what follows from the finding."),
    "no_draw": _("%(task)s has no draw in progress."),
    "no_method": _("Say how the check was made."),
    "no_reserve_left": _("Item %(item)s, stratum %(stratum)s has no reserve left."),
    "no_result": _("Choose a result."),
    "not_drawn": _("%(identifier)s does not stand among the drawn firms."),
    "not_found": _("There is no such record."),
    "not_in_any_team": _("%(staff_no)s stands in no team that has yet to make its visit."),
    "not_of_this_visit": _(
        "Only the team of visit %(visit)s records its findings, each for their own agency."
    ),
    "not_on_roster": _("%(identifier)s does not stand on the frozen roster."),
    "not_optimal": _("The assignment is not the cheapest one."),
    "nothing_drawn": _("Nothing was drawn for %(task)s."),
    "open_plan_exists": _(
        "Task %(task)s already waits for its seed for the same item, population and period."
    ),
    "own_approval": _("Nobody approves what they submitted themselves."),
    "own_review": _("Nobody reviews what they recorded themselves."),
    "period_invalid": _("This reporting period does not exist."),
    "plan_is_empty": _("“%(plan)s” has no line with an item."),
    "plan_is_fixed": _("“%(plan)s” is no draft any more."),
    "plan_not_disclosed": _("“%(plan)s” must be approved, filed and disclosed first."),
    "point_contradicts_result": _("A check point shows an issue, but the result says none was found."),
    "point_missing": _("%(count)s check points are not answered."),
    "point_unknown": _("An answer names a check point that the official form does not have."),
    "problem_not_described": _("Describe the problem found."),
    "problem_without_follow_up": _("A problem that was not put right cannot end without follow-up."),
    "proof_failed": _("The proof does not hold."),
    "proof_impossible": _("No proof can be made from these rows."),
    "quota_invalid": _("The quota setting “%(field)s” makes no sense."),
    "ratio_above_cap": _("%(item)s: %(percent)s%% lies above the cap of %(cap)s%%."),
    "reason_missing": _("Give the reason."),
    "record_malformed": _("The record is not as the protocol writes it (%(key)s)."),
    "report_unknown": _("There is no such report."),
    "roster_is_empty": _("Nobody on the roster may be drawn for %(task)s."),
    "roster_malformed": _("Row %(row)s of the roster is not in order."),
    "roster_mismatch": _("The roster no longer has the planned numbers (%(item)s, %(stratum)s)."),
    "route_size_invalid": _("A route holds 1 to %(longest)s enterprises, not %(size)s."),
    "row_agency_unknown": _("There is no agency “%(value)s”."),
    "row_answer_unreadable": _("“%(value)s” in “%(column)s” is neither yes nor no."),
    "row_area_unknown": _("“%(value)s” is no known region code."),
    "row_basis_unreadable": _("“%(value)s” is no legal basis; write 《title》|document number|article."),
    "row_broken_quotes": _("The quotation marks of this line do not pair."),
    "row_category_too_long": _("The name of the category has %(length)s characters; at most %(limit)s fit."),
    "row_certificate_taken": _("Certificate %(number)s belongs to %(holder)s."),
    "row_contradicts": _("“%(column)s” contradicts line %(first_line)s on the same person."),
    "row_control_character": _("The row holds characters that cannot be shown."),
    "row_cut_off": _("The file ends in the middle of this row."),
    "row_date_unreadable": _("“%(value)s” in “%(column)s” is no date."),
    "row_dates_reversed": _("%(second)s lies before %(first)s."),
    "row_enterprise_unknown": _("“%(value)s” is not on the roster of enterprises."),
    "row_identifier_missing": _("The unified social credit code is missing."),
    "row_identifier_mistyped": _("“%(value)s” is no code; perhaps “%(suggestion)s” is meant."),
    "row_identifier_rounded": _(
        "“%(value)s” was stored as a number and has lost digits; store the column as text."
    ),
    "row_identifier_wrong_character": _("“%(value)s” holds characters that cannot occur in a code."),
    "row_identifier_wrong_length": _("“%(value)s” is no code: it has neither 18, 15 nor 13 characters."),
    "row_item_code_unusable": _(
        "“%(value)s” cannot serve as an item code: only letters, digits, hyphens and underscores."
    ),
    "row_number_unreadable": _("“%(value)s” in “%(column)s” is no whole number."),
    "row_ratio_unreadable": _("“%(value)s” in “%(column)s” is no ratio; write it with a percent sign."),
    "row_ratios_reversed": _("The lowest ratio %(first)s lies above the highest %(second)s."),
    "row_recusal_unknown": _(
        "The enterprise of the recusal is not on the roster: %(value)s. Load it first, so that the "
        "recusal is not lost."
    ),
    "row_refused": _("The row cannot be loaded."),
    "row_repeated": _("“%(value)s” stands on line %(first_line)s already."),
    "row_staff_no_unusable": _(
        "“%(value)s” cannot serve as a staff number: only letters, digits and hyphens, 22 at most."
    ),
    "row_term_unknown": _("“%(value)s” is not a known value of “%(column)s”."),
    "row_too_many_cells": _("The row has %(found)s cells, the header %(expected)s."),
    "row_value_missing": _("“%(column)s” is blank."),
    "row_value_too_long": _("“%(column)s” has %(length)s characters; at most %(limit)s fit."),
    "seed_entropy_too_low": _("The chosen seed sources give %(bits)s bits; at least %(minimum)s are needed."),
    "seed_event_invalid": _("“%(event)s” is no event of %(source)s."),
    "seed_source_unknown": _("“%(source)s” is no known seed source."),
    "seed_time_passed": _("The moment from which the seed may be entered (%(moment)s) has passed already."),
    "seed_too_early": _("The seed may be entered from %(moment)s on."),
    "seed_value_invalid": _("“%(value)s” is no outcome of %(source)s %(event)s."),
    "seeds_do_not_fit": _("Exactly these events are to be entered: %(wanted)s."),
    "solver_failed": _("The match could not be computed."),
    "stratum_invalid": _("“%(value)s” is no valid stratum."),
    "substitution_reason_missing": _("Say why the inspector is replaced."),
    "task_not_matched": _("%(task)s has no teams to change."),
    "task_unfinished": _("%(task)s still has open visits."),
    "team_too_small": _("A team of %(size)s for %(target)s is below the lawful two."),
    "unknown_pair": _("%(staff_no)s and %(target)s do not belong together."),
    "visit_not_open": _("Visit %(visit)s is not open for recording (%(state)s)."),
    "visit_unfinished": _("%(item)s is not recorded yet."),
    "visits_have_begun": _("Visits of %(task)s have begun; the draw can no longer be voided."),
    "void_reason_missing": _("Say why the draw is voided."),
    "witness_missing": _("This step needs a second person as witness."),
}


def sentence_for(error: DomainError) -> str:
    """The sentence shown for a domain error; its code where none is known."""
    sentence = SENTENCES.get(error.code)
    if sentence is None:
        return str(error)
    return str(sentence) % _Worded(error.params)


class _Worded(dict[str, Any]):
    """Parameters as the reader sees them: vocabulary by its label, a missing one as an ellipsis."""

    def __getitem__(self, name: str) -> Any:
        value = self.get(name, "…")
        if isinstance(value, Term):
            return value.english if str(get_locale()) == "en" else value.label
        return value
