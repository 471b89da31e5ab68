"""Why a figure of the dashboard cannot be opened."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

SENTENCES = {
    "figure_unknown": _("There is no such figure."),
}
