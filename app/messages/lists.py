"""Lists: saved filters and exports."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

SENTENCES = {
    "filter_refused": _(
        "A saved filter needs a name of at most %(longest)s characters; %(most)s can be kept for one list."
    ),
    "export_not_permitted": _("You may not export this list."),
}
