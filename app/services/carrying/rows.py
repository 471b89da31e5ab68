"""SQLite's values as the text of COPY, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from app.services.carrying.tables import Carried, Form

ROWS_A_BLOCK = 2_000
NOTHING = "\\N"
ESCAPES = str.maketrans(
    {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\b": "\\b", "\f": "\\f", "\v": "\\v"}
)
SPECIAL = frozenset("\\\t\n\r\b\f\v")
UNESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def written(table: Carried, rows: Iterable[tuple[Any, ...]]) -> Iterator[bytes]:
    """Rows of SQLite as blocks of text."""
    writers = [WRITERS[column.form] for column in table.columns]
    block: list[str] = []
    for row in rows:
        block.append("\t".join([NOTHING if v is None else w(v) for w, v in zip(writers, row, strict=True)]))
        if len(block) == ROWS_A_BLOCK:
            yield ("\n".join(block) + "\n").encode()
            block.clear()
    if block:
        yield ("\n".join(block) + "\n").encode()


def parsed(table: Carried, pieces: Iterable[bytes]) -> Iterator[tuple[Any, ...]]:
    """Text cut anywhere as rows for SQLite."""
    readers = [READERS[column.form] for column in table.columns]
    for line in _lines(pieces):
        cells = line.split("\t")
        yield tuple([None if c == NOTHING else r(c) for r, c in zip(readers, cells, strict=True)])


def _lines(pieces: Iterable[bytes]) -> Iterator[str]:
    rest = b""
    for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            yield line.decode()


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else str(value)
    return text if SPECIAL.isdisjoint(text) else text.translate(ESCAPES)


def _number(value: Any) -> str:
    text = str(value)
    return text.removesuffix(".0")


def _decimal(value: Any) -> str:
    return f"{Decimal(str(value)).normalize():f}"


def _truth(value: Any) -> str:
    return "t" if value else "f"


def _moment(value: str) -> str:
    """SQLite keeps six digits of the second, PostgreSQL writes those that count."""
    return value.rstrip("0").removesuffix(".") if "." in value else value


def _bytes(value: bytes) -> str:
    return "\\\\x" + value.hex()


def _as_text(cell: str) -> str:
    if "\\" not in cell:
        return cell
    first, *rest = cell.split("\\\\")  # a doubled backslash stands for itself, all others begin an escape
    return "\\".join(_plain(part) for part in (first, *rest))


def _plain(part: str) -> str:
    first, *escapes = part.split("\\")
    return first + "".join(UNESCAPED.get(each[:1], each[:1]) + each[1:] for each in escapes)


def _as_number(cell: str) -> int | float:
    try:
        return int(cell)
    except ValueError:
        return float(cell)


def _as_moment(cell: str) -> str:
    whole, _, fraction = cell.partition(".")
    return f"{whole}.{fraction:0<6}"


def _as_bytes(cell: str) -> bytes:
    return bytes.fromhex(cell.removeprefix("\\\\x"))


WRITERS: dict[Form, Callable[[Any], str]] = {
    Form.TEXT: _text,
    Form.NUMBER: _number,
    Form.DECIMAL: _decimal,
    Form.TRUTH: _truth,
    Form.MOMENT: _moment,
    Form.BYTES: _bytes,
}
READERS: dict[Form, Callable[[str], Any]] = {
    Form.TEXT: _as_text,
    Form.NUMBER: _as_number,
    Form.DECIMAL: float,
    Form.TRUTH: lambda cell: cell == "t",
    Form.MOMENT: _as_moment,
    Form.BYTES: _as_bytes,
}
