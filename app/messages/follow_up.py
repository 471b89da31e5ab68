"""Why a step after a visit was refused: disclosure, rectification, transfer, credit, deadlines."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

SENTENCES = {
    "act_in_future": _("%(day)s is not a day on which this can have happened (today is %(today)s)."),
    "already_propagated": _("That those outside were told of %(index_no)s is on record already."),
    "case_step_wrong": _("This step does not fit the state of case %(case)s."),
    "closing_note_missing": _("Say how the follow-up ended."),
    "documents_missing": _("The file lacks %(missing)s; name what does not exist as not existing."),
    "due_date_wrong": _("The due date has to lie after %(first)s."),
    "field_missing": _("Fill in: %(field)s."),
    "findings_open": _("%(task)s is not archived yet: %(count)s findings are not closed."),
    "holiday_file_refused": _("Line %(line)s, “%(cell)s”: %(reason)s."),
    "holiday_notice_not_whole": _("The notice is not whole: %(missing)s."),
    "legal_review_missing": _("The decision waits for its legal review."),
    "leniency_not_lawful": _("“%(decision)s” is not open here; the law allows: %(lawful)s."),
    "letter_settled": _("What became of letter %(number)s is on record already."),
    "letters_missing": _(
        "“Cannot be reached” needs two letters returned unclaimed, posted 15 to 30 days apart."
        " Returned so far: %(count)s."
    ),
    "measure_does_not_fit": _("The measure does not fit this entry of the credit record."),
    "measure_not_in_force": _("The measure is not in force on the national list today."),
    "no_penalty_named": _("Name the penalties of the decision."),
    "no_problem_to_rectify": _("“%(item)s” has no recorded problem that this could follow."),
    "not_classifiable": _("“%(item)s” is not reviewed with a problem, or disclosed already."),
    "not_objectable": _("Document %(index_no)s is no result in public that can be objected to."),
    "not_withdrawn": _("Withdraw %(index_no)s first."),
    "nothing_to_restore": _("This entry takes nothing away from the enterprise's credit."),
    "nothing_to_submit": _("Your department has no recorded item of visit %(visit)s to hand in."),
    "notice_incomplete": _("The notice lacks: %(missing)s."),
    "notice_to_oneself": _("A department does not notify itself."),
    "officers_missing": _("At least %(needed)s officers report on a suspected crime."),
    "own_decision": _("Nobody decides on an objection to what they recorded themselves."),
    "own_report": _("Somebody other than the reporter decides on the transfer."),
    "paper_refused": _("%(name)s was not taken: PDF, JPEG, PNG, DOCX, XLSX or OFD of at most 10 MB only."),
    "penalty_instead_of_transfer": _(
        "A suspected crime is with the police; a penalty may not take its place."
    ),
    "personal_data_found": _("Not published: at “%(place)s” stands a %(kind)s (%(masked)s)."),
    "refusal_without_witness": _("A paper left behind needs the reason of the refusal and a witness."),
    "restoration_before_end": _(
        "Credit is restored when the problem has been dealt with and the finding closed."
    ),
    "restoration_too_early": _("The shortest time in public ends on %(first)s."),
    "result_not_known": _("The results of %(visit)s have not been reviewed yet."),
    "step_before_the_last": _("A step cannot have happened before the one it follows."),
    "step_not_of_this_kind": _("This kind of transfer has no step “%(act)s”."),
    "steps_open": _("Not closed yet, %(count)s steps are open: %(steps)s."),
    "terms_missing": _("Still missing: %(missing)s."),
    "unreachable_while_dormant": _(
        "%(enterprise)s is registered as dormant; it is reached at its address for service, not listed as unreachable."
    ),
    "violated_in_future": _("The breach (%(day)s) cannot lie after today (%(today)s)."),
    "year_not_next": _("Years are confirmed one after the other; the next is %(expected)s."),
}
