"""Why a figure of the dashboard cannot be opened, or a register of the leading group not be kept so."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

SENTENCES = {
    "group_task_out_of_order": _("A task cannot be due or done before it was given."),
    "training_numbers_contradict": _(
        "No more can pass than were examined, and no more be examined than came."
    ),
    "figures_not_ready": _(
        "The figures are being computed for the first time; please try again in a minute."
    ),
    "figure_unknown": _("There is no such figure."),
}
