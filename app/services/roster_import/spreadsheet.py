"""A program of its own that reads one sheet under limits of memory and time and writes it out as JSON.

It runs in a child process, because a crafted sheet can make the reader abort the whole process
(security: malformed files). Every line is a list of rows, each its number in the sheet and its cells. The
exit code says what went wrong. Imports nothing of the application, so that it starts at once.
"""

from __future__ import annotations

import gc
import json
import sys
import xml.parsers.expat
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

EMPTY, ENCRYPTED, DAMAGED, TOO_LARGE, FOREIGN_ENTITIES = 3, 4, 5, 6, 7
EXACT = 10**15
"""A number cell of this size or more has lost digits; it is written with an exponent, so nobody takes it for a code."""
LONGEST_CELL = 32_767
LONGEST_ROW = 1 << 20
"""Characters; as many as a line of a text file may have."""
PARCEL = 1 << 18
"""Characters that are written at a time."""
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384


class Refused(Exception):
    """Ends the program with an exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def main(path: str, kind: str, memory: int, seconds: int) -> int:
    """Write the first sheet that holds anything to standard output; the exit code."""
    limit_resources(memory, seconds)
    gc.disable()  # nothing here is circular
    try:
        rows = xml_rows(path) if kind == "xml" else workbook_rows(path)
        return write(rows)
    except Refused as refusal:
        return refusal.code
    except MemoryError:
        return TOO_LARGE
    except BrokenPipeError:
        return 0


def limit_resources(memory: int, seconds: int) -> None:
    """Bound this process; where the system knows no such limits, the parent's clock is the only one."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def write(rows: Iterable[tuple[int, list[str]]]) -> int:
    """Rows that hold anything, some hundred to a line."""
    parcel: list[tuple[int, list[str]]] = []
    count = size = 0
    for number, cells in rows:
        if any(cells):
            length = sum(map(len, cells)) + len(cells)
            if length > LONGEST_CELL:
                require_bounded(cells, length)
            parcel.append((number, cells))
            count, size = count + 1, size + length
            if size > PARCEL:
                send(parcel)
                size = 0
    send(parcel)
    return 0 if count else EMPTY


def require_bounded(cells: list[str], length: int) -> None:
    """No cell longer than a spreadsheet allows, no row longer than a line of text may be."""
    if length > LONGEST_ROW:
        raise Refused(TOO_LARGE)
    if max(map(len, cells)) > LONGEST_CELL:
        raise Refused(DAMAGED)


def send(parcel: list[tuple[int, list[str]]]) -> None:
    """Write the rows gathered and empty the list."""
    line = json.dumps(parcel, ensure_ascii=False, separators=(",", ":"))
    sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()
    parcel.clear()


def workbook_rows(path: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first visible sheet with content, read by calamine."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    try:
        # from_path would believe the extension
        with Path(path).open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
            shown = [
                place
                for place, sheet in enumerate(book.sheets_metadata)
                if sheet.visible == SheetVisibleEnum.Visible
            ]
            for place in shown:
                sheet = book.get_sheet_by_index(place)
                if sheet.end is not None:
                    yield from enumerate(map(texts, sheet.iter_rows()), 1)
                    return
    except PasswordError as error:
        raise Refused(ENCRYPTED) from error
    except (CalamineError, OSError, ValueError) as error:
        raise Refused(DAMAGED) from error


def texts(cells: Iterable[Any]) -> list[str]:
    """The cells of a row as the texts a reader sees; dates as ISO, whole numbers without a point."""
    return [cell if type(cell) is str else TEXTS.get(type(cell), str)(cell) for cell in cells]


def number_text(number: float) -> str:
    """A whole number below EXACT in digits, any other with at most 15 significant ones."""
    if -EXACT < number < EXACT:
        whole = int(number)
        return str(whole) if whole == number else f"{number:.15g}"
    return f"{number:.14e}"


def moment_text(cell: datetime) -> str:
    """A day where the time is midnight, else both."""
    return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")


TEXTS: dict[type, Callable[[Any], str]] = {
    float: number_text,
    int: number_text,
    bool: lambda cell: str(cell).upper(),
    datetime: moment_text,
    date: date.isoformat,
    time: time.isoformat,
}
"""How a cell that is no text is written; the type itself decides, which is what makes it fast."""


class SheetReader:
    """Reads the first worksheet of an XML Spreadsheet 2003 as a stream of tags."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, list[str]]] = []
        self._row, self._column, self._cells = 0, 0, list[str]()
        self._parts: list[str] | None = None
        self._kind, self.is_done = "String", False

    def open_tag(self, name: str, attributes: dict[str, str]) -> None:
        """Rows and cells may name their place; what lies between is blank."""
        match name.rpartition("}")[2]:
            case "Row":
                self._row, self._cells, self._column = self._place(attributes, self._row, MOST_ROWS), [], 0
            case "Cell":
                self._column = self._place(attributes, self._column, MOST_COLUMNS)
            case "Data":
                self._parts, self._kind = [], _attribute(attributes, "Type") or "String"

    def close_tag(self, name: str) -> None:
        """A closing tag completes a value, a row or the sheet."""
        match name.rpartition("}")[2]:
            case "Data":
                self._keep("".join(self._parts or ()))
                self._parts = None
            case "Row":
                self.rows.append((self._row, self._cells))
            case "Worksheet":
                self.is_done = True

    def take_text(self, piece: str) -> None:
        """Character data counts only inside a value."""
        if self._parts is not None:
            self._parts.append(piece)

    def _keep(self, value: str) -> None:
        self._cells.extend([""] * (self._column - len(self._cells)))
        if self._column:
            self._cells[self._column - 1] = _typed(value, self._kind)

    @staticmethod
    def _place(attributes: dict[str, str], last: int, most: int) -> int:
        stated = _attribute(attributes, "Index")
        place = int(stated) if stated.isdecimal() and len(stated) < 10 else last + 1
        if not last < place <= most:
            raise Refused(TOO_LARGE if place > most else DAMAGED)
        return place


def xml_rows(path: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of an XML Spreadsheet 2003. A document type is refused, because it can define entities."""
    reader, parser = SheetReader(), xml.parsers.expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler, parser.EndElementHandler = reader.open_tag, reader.close_tag
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = reader.take_text, _refuse_doctype
    try:
        with Path(path).open("rb") as file:
            while not reader.is_done and (piece := file.read(1 << 16)):
                parser.Parse(piece, False)
                yield from reader.rows
                reader.rows.clear()
        if not reader.is_done:
            raise Refused(DAMAGED)
    except (xml.parsers.expat.ExpatError, ValueError) as error:
        raise Refused(DAMAGED) from error


def _typed(value: str, kind: str) -> str:
    if kind == "Number":
        return number_text(float(value))
    if kind == "DateTime":
        return moment_text(datetime.fromisoformat(value.removesuffix("Z")))
    return value


def _attribute(attributes: dict[str, str], name: str) -> str:
    return next((value for key, value in attributes.items() if key.rpartition("}")[2] == name), "")


def _refuse_doctype(*_: Any) -> None:
    raise Refused(FOREIGN_ENTITIES)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
