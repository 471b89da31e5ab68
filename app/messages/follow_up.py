"""Why a step after a visit was refused: disclosure, rectification, transfer, credit, deadlines."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

SENTENCES = {
    "closing_note_missing": _("Say how the follow-up ended."),
    "nothing_to_submit": _("Your department has no recorded item of visit %(visit)s to hand in."),
    "personal_data_found": _("Not published: at “%(place)s” stands a %(kind)s (%(masked)s)."),
    "steps_open": _("Not closed yet, %(count)s steps are open: %(steps)s."),
}
