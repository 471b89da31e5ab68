"""Where the fields of a roster stand in one file: the header is found, whether it takes one row or two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.domain.vocabulary import ImportKind
from app.services.roster_import.columns import (
    AS_IT_STANDS,
    COLUMNS,
    IGNORED,
    MOST_COLUMNS,
    Column,
    Guidance,
    guess_of,
    normalise,
)
from app.services.roster_import.faults import ColumnsMissing, ColumnsRepeated, FileUnreadable, Unreadable
from app.services.roster_import.text import HEADER_SEARCH, Row, Rows


@dataclass(slots=True)
class Layout:
    """Where the fields of a roster stand in one file."""

    headers: tuple[str, ...]
    facts: dict[str, int] = field(default_factory=dict)
    guesses: dict[str, int] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    line: int = 1
    depth: int = 1
    corrects: bool = False

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.headers)

    @property
    def known(self) -> int:
        """How many columns are recognised, less those that say what another says."""
        return len(self.facts) + len(self.guesses) - len(self.repeated)

    def header(self, name: str) -> str:
        """The header under which the file gives a field; the field itself where it gives none."""
        place = self.facts.get(name)
        return name if place is None else self.headers[place]


def find_layout(rows: Rows, kind: ImportKind, guidance: Guidance = AS_IT_STANDS) -> Layout:
    """Take rows up to the header and give back the layout; titles above the header are passed over.

    Raises FileUnreadable when there is no row or no header, ColumnsMissing, ColumnsRepeated.
    """
    best, count = None, 0
    for layout in _candidates(rows, kind, guidance):
        count += 1
        if not missing(layout, kind):
            best = layout
            break
        if layout.known and (best is None or layout.known > best.known):
            best = layout
    if best is None:
        raise FileUnreadable(Unreadable.NO_HEADER if count else Unreadable.EMPTY)
    _require_whole(best, kind)
    return best


def propose_layout(rows: Sequence[Row], kind: ImportKind, guidance: Guidance = AS_IT_STANDS) -> Layout:
    """The layout of the first rows of a file, as far as it can be told; a column may still be missing.

    Where no heading is known, the first of the fullest rows is taken for the header. Raises FileUnreadable
    when there is no row.
    """
    layouts = list(_candidates(Rows(iter(rows)), kind, guidance))
    if not layouts:
        raise FileUnreadable(Unreadable.EMPTY)
    whole = [layout for layout in layouts if not missing(layout, kind)]
    return whole[0] if whole else max(layouts, key=lambda each: (each.known, _filled(each)))


def missing(layout: Layout, kind: ImportKind) -> list[str]:
    """The usual headings of the columns that a roster of this kind must have and the layout has not."""
    return [
        column.headers[0] for column in COLUMNS[kind] if column.required and column.field not in layout.facts
    ]


def _require_whole(layout: Layout, kind: ImportKind) -> None:
    lacking = missing(layout, kind)
    if layout.repeated:
        raise ColumnsRepeated(columns="；".join(layout.repeated))
    if lacking:
        found = [layout.headers[place] for place in layout.facts.values()]
        raise ColumnsMissing(columns="、".join(lacking), found="、".join(found))


def _candidates(rows: Rows, kind: ImportKind, guidance: Guidance) -> Iterator[Layout]:
    """Each of the first rows as a header, together with the row below where the two are one header."""
    known = _known(kind, guidance)
    for row in rows.first(HEADER_SEARCH):
        if len(row.cells) > MOST_COLUMNS:
            raise FileUnreadable(Unreadable.TOO_WIDE, count=len(row.cells), limit=MOST_COLUMNS)
        layout, below = _layout(_stripped(row.cells), known), rows.peek()
        if below is not None and not below.fault and (double := _double(row, below, layout, known)):
            layout, _ = double, next(rows)
        layout.line, layout.corrects = row.line, guidance.corrects
        yield layout


def _known(kind: ImportKind, guidance: Guidance) -> dict[str, Column]:
    """Headings with their column; what the clerk said takes the place of what is usual."""
    columns = {column.field: column for column in COLUMNS[kind]}
    usual = {header: column for column in COLUMNS[kind] for header in column.headers}
    said = {heading: columns[name] for heading, name in guidance.headings.items() if name in columns}
    taken = {column.field for column in said.values()} - {IGNORED}
    return {heading: column for heading, column in usual.items() if column.field not in taken} | said


def _layout(headers: tuple[str, ...], known: dict[str, Column]) -> Layout:
    layout = Layout(headers)
    for place, header in enumerate(headers):
        _place(layout, known, place, header)
    return layout


def _place(layout: Layout, known: dict[str, Column], place: int, header: str) -> None:
    name = normalise(header)
    column, target = known.get(name), layout.facts
    if column is None and (guess := guess_of(name)):
        column, target = known.get(guess), layout.guesses
        column = column if column and column.guessable else None
    if column is None:
        layout.unknown.append(header or f"#{place + 1}")
    elif column.field in target:
        layout.repeated.append(f"{layout.headers[target[column.field]]}、{header}")
    elif column.field != IGNORED:
        target[column.field] = place


def _double(upper: Row, lower: Row, layout: Layout, known: dict[str, Column]) -> Layout | None:
    """The two rows as one header, where the lower one names columns and no cell of it can be a value.

    Below a heading that is known already stands nothing, or the same heading again; merged cells leave it so.
    """
    below = _stripped(lower.cells)
    for place in (*layout.facts.values(), *layout.guesses.values()):
        if place < len(below) and below[place] not in ("", layout.headers[place]):
            return None
    double = _layout(_joined(layout.headers, below, known), known)
    return _marked_double(double) if double.known > max(layout.known, _layout(below, known).known) else None


def _marked_double(layout: Layout) -> Layout:
    layout.depth = 2
    return layout


def _joined(upper: tuple[str, ...], lower: tuple[str, ...], known: dict[str, Column]) -> tuple[str, ...]:
    """One heading a column: the lower one, or both where only together they are known or unlike others."""
    counts, group, headings = Counter(lower), "", []
    for place in range(max(len(upper), len(lower))):
        above = upper[place] if place < len(upper) else ""
        below = lower[place] if place < len(lower) else ""
        group = above or (group if below else "")
        both = f"{group}{below}"
        alone = normalise(below) in known and counts[below] == 1
        headings.append(above if not below or above == below else below if alone else both)
    return tuple(headings)


def _stripped(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(cell.strip().lstrip("\ufeff") for cell in cells)


def _filled(layout: Layout) -> int:
    return sum(map(bool, layout.headers))
