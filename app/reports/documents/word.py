"""A layout written as a Word file."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from docx import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from app.reports.documents.layout import Align, Block, Cell, Control, Face, Layout, Row, Table, Text

LATIN = "Times New Roman"
EPOCH = (1980, 1, 1, 0, 0, 0)
THUMBNAIL = "docProps/thumbnail.jpeg"

_ALIGN = {
    Align.LEFT: WD_ALIGN_PARAGRAPH.LEFT,
    Align.CENTRE: WD_ALIGN_PARAGRAPH.CENTER,
    Align.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
    Align.BOTH: WD_ALIGN_PARAGRAPH.JUSTIFY,
}


def write(layout: Layout) -> bytes:
    """The Word file of a layout, the placeholders still in it; the same layout gives the same bytes."""
    document = Document()
    _furnish(document, layout)
    for block in layout.blocks:
        _write_block(document, block)
    if layout.blocks and isinstance(layout.blocks[-1], Table):
        _set_text(document.add_paragraph(), Text("", size=1, line=1))  # Word wants one after a table
    out = io.BytesIO()
    document.save(out)
    return settled(out.getvalue())


def settled(content: bytes) -> bytes:
    """A zip with its entries in order of name and no clock in it, so that equal papers are equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w") as made:
        for name in sorted(given.namelist()):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            entry.external_attr = 0o644 << 16
            made.writestr(entry, given.read(name), compresslevel=6)
    return out.getvalue()


def _furnish(document: Any, layout: Layout) -> None:
    """Paper, margins, the plain style, the counting foot and properties that name no program."""
    section, margins = document.sections[0], layout.margins
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(margins.top), Mm(margins.bottom)
    section.left_margin, section.right_margin = Mm(margins.left), Mm(margins.right)
    section.header_distance, section.footer_distance = Mm(15), Mm(14)
    plain = document.styles["Normal"]
    plain.font.name, plain.font.size = LATIN, Pt(12)
    _set_face(plain.element.get_or_add_rPr(), Face.FANG)
    plain.paragraph_format.space_after = Pt(0)
    _foot(section.footer.paragraphs[0])
    about = document.core_properties
    about.title, about.author, about.comments, about.keywords = layout.title, "", "", ""
    about.language = "zh-CN"


def _foot(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for piece in ("第 ", "PAGE", " 页　共 ", "NUMPAGES", " 页"):
        run = paragraph.add_run("" if piece.isupper() else piece)
        _set_font(run, Face.SONG, 9, False)
        if piece.isupper():
            _add_field(run, piece)


def _add_field(run: Any, name: str) -> None:
    for kind in ("begin", None, "end"):
        if kind is None:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = f" {name} "
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)


def _write_block(document: Any, block: Block) -> None:
    if isinstance(block, Table):
        _write_table(document, block)
    elif isinstance(block, Control):
        document.add_paragraph("{%p " + block.tag + " %}")
    else:
        _set_text(document.add_paragraph(), block)


def _set_text(paragraph: Any, text: Text) -> None:
    form = paragraph.paragraph_format
    paragraph.alignment = _ALIGN[text.align]
    form.space_before, form.space_after = Pt(text.before), Pt(text.after)
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY if text.line else WD_LINE_SPACING.SINGLE
    form.line_spacing = Pt(text.line or text.size * 1.6)
    if text.first:
        form.first_line_indent = Pt(text.first * text.size)
    form.left_indent, form.right_indent = Pt(text.left * text.size), Pt(text.right * text.size)
    form.keep_with_next = text.keep
    _set_font(paragraph.add_run(text.text), text.face, text.size, text.bold)


def _write_table(document: Any, table: Table) -> None:
    made = document.add_table(rows=0, cols=len(table.widths))
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _pad(made)
    if table.ruled:
        _rule(made)
    for column, width in zip(made.columns, table.widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        _write_row(made, table, row)


def _pad(made: Any) -> None:
    """A little room between the rules and the words above and below them."""
    margins = OxmlElement("w:tblCellMar")
    for edge, twips in (("top", "40"), ("left", "80"), ("bottom", "40"), ("right", "80")):
        side = OxmlElement(f"w:{edge}")
        side.set(qn("w:w"), twips)
        side.set(qn("w:type"), "dxa")
        margins.append(side)
    _insert(made, margins, before=("tblLook",))


def _insert(made: Any, element: Any, *, before: tuple[str, ...]) -> None:
    """Put a property of a table where the format wants it: Word refuses a file with another order."""
    properties = made._tbl.tblPr
    later = [child for child in properties if child.tag in {qn(f"w:{name}") for name in before}]
    if later:
        later[0].addprevious(element)
    else:
        properties.append(element)


def _rule(made: Any) -> None:
    borders = OxmlElement("w:tblBorders")
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{edge}")
        for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    _insert(made, borders, before=("tblLayout", "tblCellMar", "tblLook"))


def _write_row(made: Any, table: Table, row: Row) -> None:
    line = made.add_row()
    if row.tag:
        line.cells[0].paragraphs[0].add_run("{%tr " + row.tag + " %}")
        return
    line.height, line.height_rule = Mm(row.height), WD_ROW_HEIGHT_RULE.AT_LEAST
    properties = line._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if row.repeats:
        properties.append(OxmlElement("w:tblHeader"))
    at = 0
    for cell in row.cells:
        _write_cell(_box(line, at, cell.columns), table, cell, row.keep)
        at += cell.columns


def _box(line: Any, at: int, columns: int) -> Any:
    first = line.cells[at]
    return first.merge(line.cells[at + columns - 1]) if columns > 1 else first


def _write_cell(box: Any, table: Table, cell: Cell, keep: bool) -> None:
    properties = box._tc.get_or_add_tcPr()
    place = OxmlElement("w:vAlign")
    place.set(qn("w:val"), "bottom" if cell.low else "center")
    properties.append(place)
    size = cell.size or table.size
    for number, words in enumerate(cell.text.split("\n")):
        paragraph = box.paragraphs[0] if number == 0 else box.add_paragraph()
        if words.startswith("{%p"):
            paragraph.add_run(words)
            continue
        text = Text(words, cell.align, table.face, size, cell.bold, line=round(size * 1.5, 1), keep=keep)
        _set_text(paragraph, text)
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.AT_LEAST
        paragraph.paragraph_format.line_spacing = Pt(text.line)


def _set_font(run: Any, face: Face, size: float, bold: bool) -> None:
    run.font.name, run.font.size, run.font.bold = LATIN, Pt(size), bold
    _set_face(run._r.get_or_add_rPr(), face)


def _set_face(properties: Any, face: Face) -> None:
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), face.value)
