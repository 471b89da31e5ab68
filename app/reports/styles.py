"""How cells look: fonts, fills and number formats of a workbook, each format made once; and sheet names."""

from __future__ import annotations

import re
from typing import Any

from app.reports.layout import Kind, Tone

FONT = "宋体"
HEAD_SIZE = 9
LINE_HEIGHT = 14.5
TALLEST = 409.0
"""Points of the highest row that Excel allows."""

FILLS = {Tone.HEAD: "#E8EEF5", Tone.TOTAL: "#F4F4F4", Tone.MARK: "#FFF1C2"}
NUMBER_FORMATS = {
    Kind.CODE: "@",
    Kind.COUNT: "#,##0",
    Kind.AMOUNT: "#,##0.00",
    Kind.PERCENT: "0.0%",
    Kind.DATE: "yyyy-mm-dd",
    Kind.DATETIME: "yyyy-mm-dd hh:mm",
    Kind.ORDINAL: "0",
}
RIGHT = (Kind.COUNT, Kind.AMOUNT, Kind.PERCENT)
CENTRED = (Kind.ORDINAL, Kind.DATE, Kind.DATETIME)


class Styles:
    """Formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def of(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self.made:
            base = {"font_name": FONT, "font_size": 10, "valign": "vcenter"}
            self.made[key] = self.book.add_format(base | properties)
        return self.made[key]

    def cell(self, kind: Kind, tone: Tone, *, bold: bool = False) -> Any:
        align = "right" if kind in RIGHT else "center" if kind in CENTRED else "left"
        properties: dict[str, Any] = {"border": 1, "align": align, "bold": bold}
        if kind in (Kind.TEXT, Kind.CODE):
            properties["text_wrap"] = True
        if kind in NUMBER_FORMATS:
            properties["num_format"] = NUMBER_FORMATS[kind]
        if tone in FILLS:
            properties["bg_color"] = FILLS[tone]
        return self.of(**properties)

    def head(self) -> Any:
        return self.of(
            bold=True,
            font_size=HEAD_SIZE,
            border=1,
            align="center",
            text_wrap=True,
            bg_color=FILLS[Tone.HEAD],
        )


class Names:
    """Sheet names that Excel accepts, each once."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def take(self, wanted: str) -> str:
        base = re.sub(r"[\[\]:*?/\\]", "－", wanted).strip("'") or "Sheet"
        name, number = base[:31], 2
        while name.casefold() in self.taken:
            suffix = f" ({number})"
            name, number = base[: 31 - len(suffix)] + suffix, number + 1
        self.taken.add(name.casefold())
        return name
