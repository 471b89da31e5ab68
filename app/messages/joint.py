"""Why a step of joint inspection was refused."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

SENTENCES = {
    "answer_letter_missing": _("Name the letter in which %(agency)s answered."),
    "confirmed_already": _("%(visit)s was confirmed as it stands."),
    "department_not_asked": _("This department was not asked about “%(joint)s”."),
    "joint_needs_departments": _("A joint line needs two departments; otherwise take it apart."),
    "joint_team_too_small": _(
        "A department with items of its own sends two people at least; one without items two or none."
    ),
    "joint_unsettled": _("Not every department has agreed yet: %(lines)s."),
    "lead_takes_no_part": _("The lead must be one of the departments of the line."),
    "lead_cannot_withdraw": _("%(agency)s leads the task; void the draw instead."),
    "not_that_department": _("This is for %(agency)s to decide."),
    "nothing_left": _("Without %(agency)s the task has no item left."),
    "offers_open": _("These offers of departments are neither taken up nor put aside: %(offers)s."),
    "parts_missing": _("Not reviewed yet: %(missing)s."),
    "whole_not_confirmed": _("The lead has not confirmed %(count)s joint visits of %(task)s as a whole."),
    "visit_not_joint": _("%(visit)s concerns one department only."),
}
