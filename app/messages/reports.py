"""What reports, their layouts and reported periods may have to say."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

SENTENCES = {
    "declared_invalid": _("“%(name)s” takes a %(form)s; “%(value)s” is none."),
    "declared_unknown": _("Nobody asks for a figure named “%(name)s”."),
    "edition_unchanged": _("Edition %(edition)s already says the same; there is nothing to report anew."),
    "edition_without_reason": _("A further edition needs the reason for which it is handed in."),
    "layout_broken": _("The layout has %(count)s mistakes and was not taken."),
    "layout_columns_wrong": _("A layout lists 1 to %(most)s columns under “栏目”."),
    "layout_fault": _("The layout has a mistake at %(at)s."),
    "layout_key_unknown": _("%(at)s: “%(what)s” is not a key of a layout."),
    "layout_source_unknown": _("%(at)s: this form has no figure named “%(what)s”."),
    "layout_sum_wrong": _("%(at)s: “%(what)s” cannot be added up over rows."),
    "layout_text_missing": _("%(at)s: “%(what)s” is missing or longer than allowed (%(most)s)."),
    "layout_unit_wrong": _("%(at)s: the unit is “%(unit)s” and not “%(what)s”; units are not exchanged."),
    "layout_unreadable": _("The file cannot be read as a layout (line %(line)s)."),
    "layout_width_wrong": _("%(at)s: a width lies between %(least)s and %(most)s."),
    "layout_word_wrong": _("%(at)s: “%(what)s” takes 是 or 否, a sum 求和 or 不合计."),
    "report_not_lockable": _("“%(report)s” is a list of details; it is exported, not reported."),
}
