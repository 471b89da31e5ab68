"""What documents, their templates and the archive may have to say."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

SENTENCES = {
    "document_not_ready": _("“%(document)s” comes after “%(what)s”."),
    "not_yet_closed": _(
        "Visit %(visit)s is filed once all its items are disclosed and have come to their end."
    ),
    "no_such_paper": _("There is no such document."),
    "no_word_file": _("Only a Word document (.docx) without macros can be a template."),
    "pdf_unavailable": _("This server lacks the text libraries for PDF; the Word file is complete."),
    "placeholder_unknown": _("This document has no field “%(name)s”."),
    "template_broken": _("The placeholders of the template cannot be read: %(what)s"),
    "template_forbidden": _("A template may only name fields, repeat over lists and choose; found: %(what)s"),
    "template_too_large": _("A template may have %(limit)s MB at most."),
    "too_few_named": _("Visit %(visit)s has fewer than two inspectors with valid certificates."),
    "void_already": _("%(number)s is void."),
}
