"""Why a step of a risk warning was refused."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

SENTENCES = {
    "own_proposal": _("Whoever proposed a ratio does not decide on it."),
    "ratio_out_of_range": _("A ratio lies above 0 and not above 100 %%."),
    "warning_not_assessed": _(
        "%(warning)s must be assessed, and not lifted, before something follows from it."
    ),
    "warning_note_missing": _("Say what was found or done."),
}
