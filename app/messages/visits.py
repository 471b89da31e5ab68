"""Why a step of a visit was refused."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

SENTENCES = {
    "certificate_lapsed": _("%(name)s held no valid certificate on %(day)s."),
    "checked_outside_period": _("The day of the check (%(day)s) lies before %(first)s or in the future."),
    "exclusive_result": _("“%(result)s” cannot stand beside another result."),
    "no_disposal": _("Say what follows from the finding."),
    "no_method": _("Say how the check was made."),
    "no_result": _("Choose a result."),
    "not_of_this_visit": _(
        "Only the team of visit %(visit)s records its findings, each for their own agency."
    ),
    "own_review": _("Nobody reviews what they recorded themselves."),
    "point_contradicts_result": _("A check point shows an issue, but the result says none was found."),
    "point_missing": _("%(count)s check points are not answered."),
    "point_unknown": _("An answer names a check point that the official form does not have."),
    "problem_not_described": _("Describe the problem found."),
    "problem_without_follow_up": _("A problem that was not put right cannot end without follow-up."),
    "visit_not_open": _("Visit %(visit)s is not open for recording (%(state)s)."),
    "visit_unfinished": _("%(item)s is not recorded yet."),
    "visits_have_begun": _("Visits of %(task)s have begun; the draw can no longer be voided."),
}
