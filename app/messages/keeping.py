"""Backup, restore and copy: why they were refused."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

SENTENCES = {
    "backup_damaged": _("The backup is damaged or incomplete (%(part)s); nothing was restored."),
    "backup_too_new": _("The backup was taken by a newer version (%(revision)s); update the program first."),
    "chain_broken": _("The %(chain)s does not verify from entry %(at)s on; do not use this database."),
    "copy_differs": _("Table %(table)s differs after the copy: %(wanted)s rows before, %(found)s after."),
    "not_empty": _("The database is in use already (%(table)s); only an empty one is filled."),
    "other_key": _("The backup belongs to another AUDIT_KEY; set the key with which it was taken."),
}
