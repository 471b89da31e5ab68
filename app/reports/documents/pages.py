"""A Word file as HTML pages, so that the PDF shows the very paper that was issued.

Only what official papers are made of is followed: paragraphs, ruled tables with merged boxes, pictures,
page margins and a counting foot. The bureau's own templates are held to the same.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from html import escape
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Length
from docx.table import Table
from docx.text.paragraph import Paragraph

SERIF, SANS = '"Noto Serif CJK SC", "Source Han Serif SC", serif', '"Noto Sans CJK SC", sans-serif'
SANS_FACES = ("黑体", "SimHei", "等线", "微软雅黑", "Microsoft YaHei")
ALIGN = {0: "left", 1: "center", 2: "right", 3: "justify", 4: "justify"}
DEFAULT_SIZE = 10.5
EMU_PER_MM = 36000
TWIPS_PER_PT = 20
EXACT_TOO_TIGHT = 1.15
LENGTHS = (
    ("space_before", "margin-top"),
    ("space_after", "margin-bottom"),
    ("left_indent", "margin-left"),
    ("right_indent", "margin-right"),
    ("first_line_indent", "text-indent"),
)
FIELDS = {"PAGE": "counter(page)", "NUMPAGES": "counter(pages)"}


def html_of(content: bytes) -> str:
    """The pages of a Word file."""
    document = Document(io.BytesIO(content))
    section = document.sections[0]
    blocks = "".join(_Body(document).blocks(document.iter_inner_content()))
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>'
        f"{escape(document.core_properties.title or '')}</title>"
        f"<style>{_style(section)}</style></head><body>{blocks}</body></html>"
    )


def _style(section: Any) -> str:
    sides = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
    margins = " ".join(_mm(side) for side in sides)
    return (
        f"@page {{ size: {_mm(section.page_width)} {_mm(section.page_height)}; margin: {margins};"
        f" @bottom-center {{ content: {_foot(section)}; font: 9pt {SERIF}; }} }}"
        f"body {{ margin: 0; font-family: {SERIF}; font-size: {DEFAULT_SIZE}pt; }}"
        "p { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; min-height: 1em; }"
        "table { border-collapse: collapse; table-layout: fixed; margin: 0 auto; }"
        "td { padding: 0.8mm 1.4mm; vertical-align: middle; }"
        "table.ruled td { border: 0.75pt solid #000; }"
        "tr { break-inside: avoid; } thead { display: table-header-group; }"
    )


def _foot(section: Any) -> str:
    """The foot as CSS content: its words, page and number of pages in their places."""
    parts: list[str] = []
    for paragraph in section.footer.paragraphs:
        for element in paragraph._p.iter(qn("w:t"), qn("w:instrText")):
            word = (element.text or "").strip() if element.tag == qn("w:instrText") else None
            known = FIELDS.get(word.split()[0]) if word else None
            if known:
                parts.append(known)
            elif word is None:
                parts.append(_css_text(element.text or ""))
    return " ".join(parts) or '""'


def _css_text(text: str) -> str:
    plain = "".join(sign for sign in text if sign.isprintable() and sign not in '"\\<>')
    return f'"{plain}"'


class _Body:
    """The blocks of a document; what its styles say is looked up once a style."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._chains: dict[str | None, list[Any]] = {}

    def blocks(self, content: Any) -> Iterator[str]:
        """Every block as HTML."""
        for block in content:
            yield self._table(block) if isinstance(block, Table) else self._paragraph(block)

    def _chain(self, paragraph: Any) -> list[Any]:
        """The style of a paragraph and those that it follows."""
        name = paragraph._p.style
        if name not in self._chains:
            chain, style = [], paragraph.style
            while style is not None:
                chain.append(style)
                style = style.base_style
            self._chains[name] = chain
        return self._chains[name]

    def _paragraph(self, paragraph: Paragraph) -> str:
        runs = "".join(self._run(paragraph, run) for run in paragraph.runs)
        return f'<p style="{self._form(paragraph)}">{runs}</p>'

    def _form(self, paragraph: Paragraph) -> str:
        size = max(
            (self._size(paragraph, run) for run in paragraph.runs), default=self._style_size(paragraph)
        )
        rules = [f"font-size:{size:g}pt"]
        alignment = self._inherited(paragraph, "alignment")
        if alignment is not None:
            rules.append(f"text-align:{ALIGN.get(int(alignment), 'left')}")
        for name, css in LENGTHS:
            length = self._inherited(paragraph, name)
            if length:
                rules.append(f"{css}:{length.pt:g}pt")
        rules.append(f"line-height:{_line(self._inherited(paragraph, 'line_spacing'), size)}")
        if paragraph.paragraph_format.keep_with_next:
            rules.append("break-after:avoid")
        return ";".join(rules)

    def _inherited(self, paragraph: Paragraph, name: str) -> Any:
        """A property of the paragraph, else of the styles that it follows."""
        value = getattr(paragraph.paragraph_format, name)
        if value is not None:
            return value
        found = (getattr(style.paragraph_format, name) for style in self._chain(paragraph))
        return next((each for each in found if each is not None), None)

    def _size(self, paragraph: Paragraph, run: Any) -> float:
        return float(run.font.size.pt) if run.font.size else self._style_size(paragraph)

    def _style_size(self, paragraph: Paragraph) -> float:
        sizes = (style.font.size for style in self._chain(paragraph))
        return next((float(size.pt) for size in sizes if size), DEFAULT_SIZE)

    def _run(self, paragraph: Paragraph, run: Any) -> str:
        text = "".join(_piece(run, element) for element in run._r)
        if not text or text.startswith("<img"):
            return text
        rules = [f"font-size:{self._size(paragraph, run):g}pt", f"font-family:{_family(run)}"]
        rules += ["font-weight:bold"] if run.font.bold else []
        rules += ["text-decoration:underline"] if run.font.underline else []
        return f"<span style='{';'.join(rules)}'>{text}</span>"

    def _table(self, table: Table) -> str:
        widths = [float(column.get(qn("w:w")) or 0) for column in table._tbl.tblGrid.iterchildren()]
        columns = "".join(f'<col style="width:{width / TWIPS_PER_PT:g}pt">' for width in widths)
        rows = list(table._tbl.tr_lst)
        heads = [row for row in rows if _is_head(row)] if rows and _is_head(rows[0]) else []
        top = f"<thead>{''.join(self._row(table, row) for row in heads)}</thead>" if heads else ""
        lines = "".join(self._row(table, row) for row in rows if row not in heads)
        ruled = "ruled" if _is_ruled(table) else ""
        whole = sum(widths) / TWIPS_PER_PT
        return (
            f'<table class="{ruled}" style="width:{whole:g}pt"><colgroup>{columns}</colgroup>'
            f"{top}<tbody>{lines}</tbody></table>"
        )

    def _row(self, table: Table, row: Any) -> str:
        rules = [f"height:{row.trHeight_val.mm:.1f}mm"] if row.trHeight_val else []
        rules += ["break-after:avoid"] if _stays(row) else []
        cells = "".join(self._cell(table, row, cell) for cell in row.tc_lst)
        return f'<tr style="{";".join(rules)}">{cells}</tr>'

    def _cell(self, table: Table, row: Any, cell: Any) -> str:
        if cell.vMerge == "continue":
            return ""
        inside = "".join(self.blocks(_content(table, cell)))
        place = cell.tcPr.find(qn("w:vAlign")) if cell.tcPr is not None else None
        value = place.get(qn("w:val")) if place is not None else "top"
        align = {"center": "middle"}.get(value, value)
        spans = f' colspan="{cell.grid_span}"' if cell.grid_span > 1 else ""
        depth = _depth(table, row, cell)
        spans += f' rowspan="{depth}"' if depth > 1 else ""
        return f'<td{spans} style="vertical-align:{align}">{inside}</td>'


def _line(spacing: Any, size: float) -> str:
    if isinstance(spacing, Length):
        return f"{max(spacing.pt, size * EXACT_TOO_TIGHT if size > 1 else 0):g}pt"
    return f"{float(spacing or 1) * 1.3:g}"


def _family(run: Any) -> str:
    fonts = run._r.find(f".//{qn('w:rFonts')}")
    face = fonts.get(qn("w:eastAsia")) if fonts is not None else None
    return SANS if face in SANS_FACES else SERIF


def _piece(run: Any, element: Any) -> str:
    if element.tag == qn("w:t"):
        return escape(element.text or "")
    if element.tag == qn("w:tab"):
        return "　　"
    if element.tag == qn("w:br"):
        is_page = element.get(qn("w:type")) == "page"
        return '</span><span style="break-before:page">' if is_page else "<br>"
    if element.tag == qn("w:drawing"):
        return "".join(_picture(run, blip) for blip in element.iter(qn("a:blip")))
    return ""


def _picture(run: Any, blip: Any) -> str:
    part = run.part.related_parts.get(blip.get(qn("r:embed")))
    if part is None or not part.content_type.startswith("image/"):
        return ""
    extent = next(blip.iterancestors(qn("w:drawing"))).find(f".//{qn('wp:extent')}")
    width = float(extent.get("cx")) / EMU_PER_MM
    data = base64.b64encode(part.blob).decode()
    return f'<img style="width:{width:.2f}mm" src="data:{part.content_type};base64,{data}">'


def _stays(row: Any) -> bool:
    """Whether a row keeps to the next one, as Word reads it: by its first paragraph."""
    first = row.find(f".//{qn('w:p')}/{qn('w:pPr')}/{qn('w:keepNext')}")
    return first is not None and first.get(qn("w:val")) not in ("0", "false")


def _is_head(row: Any) -> bool:
    return row.trPr is not None and row.trPr.find(qn("w:tblHeader")) is not None


def _is_ruled(table: Table) -> bool:
    borders = table._tbl.tblPr.find(qn("w:tblBorders"))
    style = table.style.name if table.style is not None else ""
    return borders is not None or "Grid" in (style or "")


def _content(table: Table, cell: Any) -> Iterator[Any]:
    for element in cell.inner_content_elements:
        yield Table(element, table) if element.tag == qn("w:tbl") else Paragraph(element, table)


def _depth(table: Table, row: Any, cell: Any) -> int:
    """Over how many rows a box reaches."""
    if cell.vMerge is None:
        return 1
    depth, at = 1, cell.grid_offset
    for below in table._tbl.tr_lst[table._tbl.tr_lst.index(row) + 1 :]:
        same = next((other for other in below.tc_lst if other.grid_offset == at), None)
        if same is None or same.vMerge != "continue":
            break
        depth += 1
    return depth


def _mm(length: Any) -> str:
    return f"{(length or 0) / EMU_PER_MM:.1f}mm"
