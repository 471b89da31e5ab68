"""What stands in the way of a roster file that was uploaded, or of a recurring source."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

SENTENCES = {
    "profile_field_unknown": _("This roster has no field “%(value)s”."),
    "profile_source_unusable": _("Give the source a name of at most %(limit)s characters."),
    "profile_too_long": _("A source has at most %(most)s headings, each of at most %(limit)s characters."),
    "profile_unusable": _("The source cannot be kept so."),
    "upload_busy": _("%(name)s is being read already; wait until that has ended."),
    "upload_done": _("%(name)s was loaded or put aside already."),
    "upload_unfit": _("The columns do not fit yet; still lacking: %(columns)s."),
}
