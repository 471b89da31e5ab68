"""Why a step of a draw or a match was refused."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

SENTENCES = {
    "bundle_incomplete": _("The bundle cannot be written yet: %(missing)s is missing."),
    "cannot_be_staffed": _("The task cannot be staffed: %(shortfall)s person-visits are missing."),
    "check_number_wrong": _("The check number does not belong to this code and draw."),
    "contradictory_period": _("The visit to %(target)s ends before it begins."),
    "contradictory_recusal": _("The recusal concerning %(target)s ends before it begins."),
    "drand_signature_invalid": _("The signature is not that of the planned round."),
    "drand_unavailable": _(
        "Signatures of drand cannot be checked here: install the extra “drand”, or enter the 64 "
        "hexadecimal characters of the round's value."
    ),
    "draw_not_done": _("The draw has not been computed yet."),
    "draw_not_sealed": _("This draw is open; it has no check numbers."),
    "empty_task": _("The task has no visit to staff."),
    "log_broken": _("The draw log does not hold at entry %(n)s."),
    "matched_already": _("%(task)s is matched; a firm that ceased is now recorded as a result."),
    "roster_is_empty": _("Nobody on the roster may be drawn for %(task)s."),
    "roster_malformed": _("Row %(row)s of the roster is not in order."),
    "roster_mismatch": _("The roster no longer has the planned numbers (%(item)s, %(stratum)s)."),
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
    "team_too_small": _("A team of %(size)s for %(target)s is below the lawful two."),
    "unknown_pair": _("%(staff_no)s and %(target)s do not belong together."),
    "void_reason_missing": _("Say why the draw is voided."),
    "witness_missing": _("This step needs a second person as witness."),
}
