"""Rows of an enterprise file read by columns: the plain ones at once, every other one record by record.

A row is plain when it has as many cells as the header, a sound unified code, and nothing in it that would be
flagged, refused or changed in reading. Whatever is not plain is read as a record, so both ways say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.provenance import STATEABLE, bit
from app.domain.vocabulary import EntityKind, IdentifierKind
from app.services.roster_import.code_check import are_sound
from app.services.roster_import.faults import RowRefused
from app.services.roster_import.layout import Layout
from app.services.roster_import.pieces import Piece
from app.services.roster_import.reader import KIND_OF_CODE, LIMITS, EnterpriseReader, Part
from app.services.roster_import.record import BLANKS, Record, checked, is_odd
from app.services.roster_import.staged import COLUMNS, GUESSES
from app.services.roster_import.text import Row

Marks = NDArray[np.bool_]
Cells = tuple[str, ...]

_MOST_REMEMBERED = 50_000
_ODD = np.array([is_odd(chr(point)) for point in range(0x10000)])
_BEYOND = 0xFFFF
_PLAIN_TEXTS = ("address", "business_scope")


@dataclass(slots=True)
class Columns:
    """Plain rows of a piece by columns, with the categories of those that have some; `left` are the others."""

    count: int
    values: dict[str, Sequence[Any]]
    categories: list[tuple[int, tuple[int, ...], tuple[int, ...]]] = field(default_factory=list)
    left: list[int] = field(default_factory=list)


class _Memory(dict[Any, Any]):
    """What is made of cells met before; `met_odd` once there was one that would be flagged or refused."""

    def __init__(self, read: Callable[[Any], Any]) -> None:
        super().__init__()
        self._read, self.met_odd = read, False

    def __missing__(self, cells: Any) -> Any:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        found = self[cells] = self._read(cells)
        self.met_odd |= found is ODD
        return found


ODD = object()


class _Seen:
    """One part of a row under one layout."""

    def __init__(self, part: Part, layout: Layout) -> None:
        self._part, self._layout = part, layout
        facts = [layout.facts[name] for name in part.looks_at if name in layout.facts]
        guesses = [layout.guesses[name] for name in part.looks_at if name in layout.guesses]
        self.places = [*facts, *guesses]
        self._is_plain = len(self.places) == len(facts) == len(part.gives) == 1
        self._gives = [*part.gives, *(GUESSES[name] for name in part.gives if name in GUESSES)]
        self._memory = _Memory(self._read)

    def read(self, columns: Sequence[Cells], odd: Marks) -> dict[str, Sequence[Any]]:
        """The values given for each row; rows with something odd are marked, whatever is given for them."""
        cells: Iterable[Any] = columns[self.places[0]]
        if not self._is_plain:
            cells = zip(*(columns[place] for place in self.places), strict=True)
        found = list(map(self._memory.__getitem__, cells))
        if self._memory.met_odd:
            marks = [each is ODD for each in found]
            odd |= np.array(marks, np.bool_)
            nothing = None if self._is_plain else (None,) * len(self._gives)
            found = [nothing if mark else each for each, mark in zip(found, marks, strict=True)]
        if self._is_plain:
            return {self._gives[0]: found}
        return dict(zip(self._gives, zip(*found, strict=True), strict=True))

    def _read(self, cells: Any) -> Any:
        try:
            record = _lone(self._layout, self.places, (cells,) if self._is_plain else cells)
            facts, guesses = self._part.read(record)
        except RowRefused:
            return ODD
        if record.flags:
            return ODD
        said = facts | {GUESSES[name]: value for name, value in guesses.items()}
        values = tuple(_kept(said.get(name)) for name in self._gives)
        return values[0] if self._is_plain else values


class QuickReader:
    """Reads pieces under one layout."""

    def __init__(self, reader: EnterpriseReader, layout: Layout) -> None:
        self._reader, self._layout = reader, layout
        self._parts = [seen for part in reader.parts if (seen := _Seen(part, layout)).places]
        self._unseen = [part for part in reader.parts if not _Seen(part, layout).places]
        self._labels = _Memory(self._categories)
        places = (layout.facts.get("categories"), layout.guesses.get("categories"))
        self._label_places = [place for place in places if place is not None]

    def read(self, piece: Piece) -> Columns:
        """The plain rows of a piece as columns, and the places of those to be read as records."""
        fits = _fitting(piece, self._layout.width)
        rows = piece.rows if fits.all() else list(compress(piece.rows, fits))
        if not rows:
            return Columns(0, {}, left=list(range(len(piece.rows))))
        columns: list[Cells] = list(zip(*rows, strict=True))
        values, odd = self._values(columns, _odd_rows(rows))
        plain = fits.copy()
        plain[fits] = ~odd
        return self._taken(piece, columns, values, ~odd, plain)

    def _values(self, columns: list[Cells], odd: Marks) -> tuple[dict[str, Sequence[Any]], Marks]:
        codes = list(map(str.strip, columns[self._layout.facts["identifier"]]))
        odd |= ~are_sound(codes)
        values: dict[str, Sequence[Any]] = {"identifier": codes}
        values["name"] = self._text(columns, "name", odd)
        if None in values["name"]:
            odd |= np.array([name is None for name in values["name"]], np.bool_)
        for name in _PLAIN_TEXTS:
            if name in self._layout.facts:
                values[name] = self._text(columns, name, odd)
        for seen in self._parts:
            values.update(seen.read(columns, odd))
        return values, odd

    def _text(self, columns: list[Cells], name: str, odd: Marks) -> Sequence[str | None]:
        texts = list(map(str.strip, columns[self._layout.facts[name]]))
        if len(max(texts, key=len)) > LIMITS[name]:
            odd |= np.fromiter((len(text) > LIMITS[name] for text in texts), np.bool_, len(texts))
        return texts if BLANKS.isdisjoint(texts) else [None if text in BLANKS else text for text in texts]

    def _taken(
        self, piece: Piece, columns: list[Cells], values: dict[str, Sequence[Any]], kept: Marks, plain: Marks
    ) -> Columns:
        if not kept.all():
            values = {name: list(compress(column, kept)) for name, column in values.items()}
        count = int(kept.sum())
        taken = Columns(count, self._completed(piece, values, plain, count))
        labelled, left = self._labelled(columns, kept)
        taken.categories = labelled
        taken.left = np.flatnonzero(~plain).tolist()
        return self._without(taken, left, plain) if left else taken

    def _completed(
        self, piece: Piece, values: dict[str, Sequence[Any]], plain: Marks, count: int
    ) -> dict[str, Sequence[Any]]:
        nothing = [None] * count
        codes = values["identifier"]
        whole = {name: values.get(name, nothing) for name in COLUMNS}
        whole["line"] = list(compress(piece.lines, plain))
        whole["line_hash"] = nothing if piece.hashes is None else piece.hashes[plain].tolist()
        whole["identifier_kind"] = [IdentifierKind.UNIFIED.value] * count
        whole["kind_guess"] = [_KINDS.get(code[:2], EntityKind.COMPANY.value) for code in codes]
        for part in self._unseen:
            self._say_nothing(part, whole, count)
        whole["stated"] = _stated(whole, count)
        whole["flags"] = [0] * count
        return whole

    def _say_nothing(self, part: Part, whole: dict[str, Sequence[Any]], count: int) -> None:
        """What a part says where the file has none of its columns."""
        facts, guesses = part.read(_lone(self._layout, [], ()))
        for name, value in (facts | {GUESSES[name]: value for name, value in guesses.items()}).items():
            whole[name] = [_kept(value)] * count

    def _labelled(self, columns: list[Cells], kept: Marks) -> tuple[list[Any], list[int]]:
        """Categories by the place among the plain rows; the places of rows whose categories are refused."""
        if not self._label_places:
            return [], []
        cells = compress(zip(*(columns[place] for place in self._label_places), strict=True), kept)
        found, refused = [], []
        for place, each in enumerate(map(self._labels.__getitem__, cells)):
            if each is ODD:
                refused.append(place)
            elif each is not None:
                found.append((place, *each))
        return found, refused

    def _categories(self, cells: Cells) -> Any:
        try:
            record = _lone(self._layout, self._label_places, cells)
            stated, guessed = self._reader.categories(record)
        except RowRefused:
            return ODD
        return (stated, guessed) if stated or guessed else None

    @staticmethod
    def _without(taken: Columns, refused: list[int], plain: Marks) -> Columns:
        """Leave the rows at these places among the plain ones to be read as records."""
        keep = np.ones(taken.count, np.bool_)
        keep[refused] = False
        new_place = np.cumsum(keep) - 1
        left = {*taken.left, *np.flatnonzero(plain)[refused].tolist()}
        return Columns(
            int(keep.sum()),
            {name: list(compress(column, keep)) for name, column in taken.values.items()},
            [(int(new_place[place]), stated, guessed) for place, stated, guessed in taken.categories],
            sorted(left),
        )


_KINDS = {prefix: kind.value for prefix, kind in KIND_OF_CODE.items()}


def _fitting(piece: Piece, width: int) -> Marks:
    """The rows with as many cells as the header and no fault."""
    fits = np.fromiter((len(row) == width for row in piece.rows), np.bool_, len(piece.rows))
    fits[list(piece.faults)] = False
    return fits


def _odd_rows(rows: list[list[str]]) -> Marks:
    """The rows with a character that is refused or read in half width, in whatever cell."""
    texts = list(map("".join, rows))
    points = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    found = np.flatnonzero(_ODD[np.minimum(points, _BEYOND)])
    odd = np.zeros(len(rows), np.bool_)
    if len(found):
        ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)))
        odd[np.searchsorted(ends, found, side="right")] = True
    return odd


def _lone(layout: Layout, places: Iterable[int], cells: Cells) -> Record:
    """A record in which only these cells are filled."""
    row = [""] * layout.width
    for place, cell in zip(places, cells, strict=True):
        row[place] = cell
    return checked(Row(0, row), layout)


def _kept(value: Any) -> Any:
    """A value as the database keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value


def _stated(values: dict[str, Sequence[Any]], count: int) -> Sequence[int]:
    whole, marks = 0, None
    for stateable in STATEABLE:
        column = values[stateable.value]
        if None not in column:
            whole += bit(stateable)
        elif any(value is not None for value in column):
            found = np.fromiter((value is not None for value in column), np.int64, count) * bit(stateable)
            marks = found if marks is None else marks + found
    return [whole] * count if marks is None else (marks + whole).tolist()
