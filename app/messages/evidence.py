"""Why an entry, a file or a signature was refused."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

SENTENCES = {
    "entries_disagree": _("%(item)s: two inspectors have typed different values; choose one first."),
    "entries_unseen": _("%(item)s: a colleague has changed it meanwhile; please look at it again."),
    "entry_mismatch": _("The same entry was sent before and said something else."),
    "entry_unknown": _("The official form has no such field (%(field)s), or the text is too long."),
    "evidence_missing": _("%(item)s: %(count)s × “%(kind)s” is needed as evidence of this result."),
    "file_empty": _("The file is empty."),
    "file_too_large": _("The file is larger than %(megabytes)s MB."),
    "hold_decided": _("A decision has been noted already."),
    "identity_number_written": _(
        "A check of pre-paid cards notes counts only; please take out the identity number."
    ),
    "letters_out_of_order": _(
        "The two letters must have been sent %(fewest)s to %(most)s days apart; give the day of each."
    ),
    "not_a_picture": _("This is no picture, PDF or video that can be read; it was not kept."),
    "refusal_without_reason": _("Note the reason why the signature was refused."),
    "script_in_file": _("The file carries a script or a web page; it was not kept."),
    "signature_empty": _("Nothing was written."),
    "signature_missing": _(
        "%(name)s has not signed the form as it stands; sign it, or note the refusal with its reason."
    ),
    "too_many_files": _("A visit keeps %(most)s files at most."),
    "violation_after_check": _("The breach (%(day)s) lies after the check (%(checked_on)s)."),
    "violation_date_missing": _("Give the day of the breach; limitation runs from it."),
}
