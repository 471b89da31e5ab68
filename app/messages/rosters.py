"""Why a file or a row was not loaded."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

SENTENCES = {
    "decision_reason_missing": _("Say why you decide so."),
    "no_such_statement": _("This source states nothing about the field."),
    "source_order_incomplete": _("An order of precedence names each source exactly once."),
    "source_unknown": _("There is no source “%(value)s” that files come from."),
    "columns_missing": _("The file lacks the columns %(columns)s; recognised were: %(found)s."),
    "columns_repeated": _("Two columns say the same thing: %(columns)s."),
    "duplicate_row": _("%(value)s appears twice in %(table)s."),
    "file_missing": _("The stored file is missing."),
    "file_refused": _("The file was not loaded."),
    "file_unreadable": _("The file cannot be read."),
    "file_unreadable_bomb": _("The file would grow out of all proportion when unpacked and was refused."),
    "file_unreadable_cut_off": _("The compressed file ends too early; it was probably not copied whole."),
    "file_unreadable_damaged": _("The file is damaged."),
    "file_unreadable_empty": _("The file is empty."),
    "file_unreadable_encrypted": _("The file is protected by a password; remove it and try again."),
    "file_unreadable_foreign_entities": _("The workbook holds a document type definition and was refused."),
    "file_unreadable_line_too_long": _("Line %(line)s is too long for a table."),
    "file_unreadable_missing": _("There is no file “%(name)s”."),
    "file_unreadable_nested": _("There is another archive inside the archive."),
    "file_unreadable_no_header": _("No row of the first twenty is a header of this roster."),
    "file_unreadable_not_a_workbook": _("The file is no Excel workbook."),
    "file_unreadable_not_text": _("The file is neither a table in text form nor a workbook."),
    "file_unreadable_several_files": _("The archive holds %(count)s files; it must hold exactly one."),
    "file_unreadable_timeout": _("Reading the workbook took too long and was stopped."),
    "file_unreadable_too_large": _("The file is larger than what can be read (limit %(limit)s)."),
    "file_unreadable_too_wide": _("The table has %(count)s columns; a roster has at most %(limit)s."),
    "file_unreadable_web_page": _(
        "The file is a web page saved under another name; open it in Excel and save it as XLSX."
    ),
    "file_unreadable_wrong_encoding": _(
        "The text is not in %(encoding)s from byte %(position)s on (line %(line)s); save the file as UTF-8."
    ),
    "load_collided": _(
        "Another load wrote the same records at the same time; nothing of %(name)s was kept. Load it again."
    ),
    "row_agency_unknown": _("There is no agency “%(value)s”."),
    "row_answer_unreadable": _("“%(value)s” in “%(column)s” is neither yes nor no."),
    "row_area_unknown": _("“%(value)s” is no known region code."),
    "row_basis_unreadable": _("“%(value)s” is no legal basis; write 《title》|document number|article."),
    "row_broken_quotes": _("The quotation marks of this line do not pair."),
    "row_category_too_long": _("The name of the category has %(length)s characters; at most %(limit)s fit."),
    "row_certificate_taken": _("Certificate %(number)s belongs to %(holder)s."),
    "row_contradicts": _("“%(column)s” contradicts line %(first_line)s on the same person."),
    "row_control_character": _("The row holds characters that cannot be shown."),
    "row_cut_off": _("The file ends in the middle of this row."),
    "row_date_unreadable": _("“%(value)s” in “%(column)s” is no date."),
    "row_date_mistyped": _("“%(value)s” in “%(column)s” is no date; perhaps “%(suggestion)s” is meant."),
    "row_dates_reversed": _("%(second)s lies before %(first)s."),
    "row_enterprise_unknown": _("“%(value)s” is not on the roster of enterprises."),
    "row_identifier_missing": _("The unified social credit code is missing."),
    "row_identifier_mistyped": _("“%(value)s” is no code; perhaps “%(suggestion)s” is meant."),
    "row_identifier_rounded": _(
        "“%(value)s” was stored as a number and has lost digits; store the column as text."
    ),
    "row_identifier_wrong_character": _("“%(value)s” holds characters that cannot occur in a code."),
    "row_identifier_wrong_length": _("“%(value)s” is no code: it has neither 18, 15 nor 13 characters."),
    "row_item_code_unusable": _(
        "“%(value)s” cannot serve as an item code: only letters, digits, hyphens and underscores."
    ),
    "row_number_unreadable": _("“%(value)s” in “%(column)s” is no whole number."),
    "row_ratio_unreadable": _("“%(value)s” in “%(column)s” is no ratio; write it with a percent sign."),
    "row_ratios_reversed": _("The lowest ratio %(first)s lies above the highest %(second)s."),
    "row_recusal_unknown": _(
        "The enterprise of the recusal is not on the roster: %(value)s. Load it first, so that the "
        "recusal is not lost."
    ),
    "row_refused": _("The row cannot be loaded."),
    "row_repeated": _("“%(value)s” stands on line %(first_line)s already."),
    "row_staff_no_unusable": _(
        "“%(value)s” cannot serve as a staff number: only letters, digits and hyphens, 22 at most."
    ),
    "row_term_unknown": _("“%(value)s” is not a known value of “%(column)s”."),
    "row_too_many_cells": _("The row has %(found)s cells, the header %(expected)s."),
    "row_value_missing": _("“%(column)s” is blank."),
    "row_value_too_long": _("“%(column)s” has %(length)s characters; at most %(limit)s fit."),
}
