"""The frozen roster (封存名单) as bytes: sections 2.1 and 2.2 of `ssj/1`.

A row is a pair of texts, identifier and cells: `("91350200M00000001X", "M\tF~1")`. A plain tuple and
not an object, because a city has 1.6 million of them.
"""

from __future__ import annotations

import hmac
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TextIO

from app.domain.draw.hashing import hasher
from app.domain.draw.merkle import RUN, Outline, leaf_run_root
from app.domain.errors import DomainError

RosterRow = tuple[str, str]
Columns = tuple[Sequence[str], Sequence[str]]
Pools = Mapping[tuple[int, str], tuple[int, ...]]
Sink = Callable[[bytes], object]
LeafMaker = Callable[[bytes], bytes]

IDENTIFIER = re.compile(r"[0-9A-Z-]{1,22}")
STRATUM = re.compile(r"(?!-\Z)[A-Za-z0-9_.-]{1,32}")
CELL = re.compile(r"(?!-(?:~|\Z))([A-Za-z0-9_.-]{1,32})(?:~([0-9]))?")
SALT = re.compile(r"[0-9a-f]{32}")
NOT_SUBJECT = "-"
READ_AHEAD = 1 << 18


class IdentifierInvalid(DomainError):
    """`value` is not 1-22 of 0-9, A-Z and hyphen; nothing is repaired silently."""

    code = "identifier_invalid"


class StratumInvalid(DomainError):
    """`value` is not a stratum or a cell."""

    code = "stratum_invalid"


class RosterMalformed(DomainError):
    """A row is out of order, repeated, or not of the plan's width; `row` numbers it from 1."""

    code = "roster_malformed"


@dataclass(frozen=True, slots=True)
class Cell:
    """A firm under one item: its stratum, and tier 0-9 (firms already visited sort behind, R27)."""

    stratum: str
    tier: int = 0


@dataclass(frozen=True, slots=True)
class FrozenRoster:
    """What freezing yields: rows, file hash, Merkle outline, firms per (item place, stratum) by tier."""

    n: int
    file_hash: str
    outline: Outline
    pools: Pools
    kinds: Mapping[str, int] = field(default_factory=dict)
    """Firms by the text of their cells: how the pools of the items overlap."""

    @property
    def root(self) -> str:
        """The plan's `roster_root`."""
        return self.outline.root


def clean_identifier(text: str) -> str:
    """Return a credit code (统一社会信用代码) upper-cased and without ASCII spaces, checked (2.1)."""
    return check_identifier(text.replace(" ", "").upper() if text.isascii() else text)


def check_identifier(text: str) -> str:
    """Return `text` or raise `identifier_invalid`."""
    if not IDENTIFIER.fullmatch(text):
        raise IdentifierInvalid(value=text)
    return text


def check_stratum(text: str) -> str:
    """Return `text` or raise `stratum_invalid`."""
    if not STRATUM.fullmatch(text):
        raise StratumInvalid(value=text)
    return text


def cells_text(cells: Iterable[Cell | None]) -> str:
    """Write one cell per item in plan order, None where the firm is not subject to the item."""
    return "\t".join(NOT_SUBJECT if cell is None else _cell_text(cell) for cell in cells)


def parse_cells(text: str) -> tuple[Cell | None, ...]:
    """Read a row's cells; raises `stratum_invalid`."""
    return tuple(_parse_cell(cell) for cell in text.split("\t"))


def row_text(row: RosterRow) -> str:
    """Return the row as it stands in roster.tsv, without line end."""
    return f"{row[0]}\t{row[1]}"


def parse_roster(lines: Iterable[bytes], width: int) -> Iterator[RosterRow]:
    """Read roster.tsv line by line, strictly; raises `roster_malformed`."""
    ordered = _Order(width)
    for line in lines:
        if not line.endswith(b"\n"):
            raise RosterMalformed(row=ordered.count + 1)
        identifier, _, cells = line[:-1].decode("ascii", "replace").partition("\t")
        ordered.check([(identifier, cells)])
        yield identifier, cells


class RosterFile:
    """A frozen roster.tsv as rows, readable again and again.

    `open_text` opens it afresh as ASCII text with untranslated line ends. The rows are not checked: the
    plan's `roster_file` vouches for them.
    """

    def __init__(self, open_text: Callable[[], TextIO]) -> None:
        self._open = open_text

    def __iter__(self) -> Iterator[RosterRow]:
        return chain.from_iterable(zip(*block, strict=True) for block in self.columns())

    def columns(self) -> Iterator[Columns]:
        """The rows block by block, each as all its identifiers and all its cells."""
        # Whole blocks are cut at once: a loop over lines would take longer than the draw itself.
        with self._open() as stream:
            while text := stream.read(READ_AHEAD) + stream.readline():
                step = 1 + text.partition("\n")[0].count("\t")
                fields = text[:-1].replace("\n", "\t").split("\t")
                cells = [fields[column::step] for column in range(1, step)]
                yield (
                    fields[::step],
                    cells[0] if step == 2 else list(map("\t".join, zip(*cells, strict=True))),
                )


def freeze_roster(
    rows: Iterable[RosterRow], width: int, alg: str, sink: Sink, leaf: LeafMaker | None = None
) -> FrozenRoster:
    """Write the roster file through `sink` in one pass and return its hash, root and pools.

    `rows` come strictly ascending by identifier, `width` is the number of items. With `leaf` (see
    `salted`) the file holds the salted leaves of the sealed form instead. Raises `roster_malformed`,
    `identifier_invalid`, `stratum_invalid`.
    """
    hash_, ordered, tails, tops = hasher(alg), _Order(width), Counter[str](), list[bytes]()
    whole, stream = hash_(b""), iter(rows)
    while run := list(islice(stream, RUN)):
        ordered.check(run)
        tails.update([cells for _, cells in run])
        lines = [f"{identifier}\t{cells}".encode("ascii") for identifier, cells in run]
        if leaf is not None:
            lines = [leaf(line) for line in lines]
        tops.append(leaf_run_root(lines, hash_))
        block = b"\n".join(lines) + b"\n"
        whole.update(block)
        sink(block)
    outline = Outline(alg, ordered.count, tuple(tops))
    return FrozenRoster(ordered.count, whole.hexdigest(), outline, count_pools(tails), tails)


def count_pools(tails: Mapping[str, int]) -> Pools:
    """Count firms per (item place, stratum) by tier from the counts of identical cell texts."""
    pools: dict[tuple[int, str], list[int]] = {}
    for text, number in tails.items():
        for place, cell in enumerate(parse_cells(text)):
            if cell is not None:
                pools.setdefault((place, cell.stratum), [0] * 10)[cell.tier] += number
    return {pool: tuple(by_tier) for pool, by_tier in pools.items()}


def salt_of(secret: bytes, identifier: str) -> str:
    """Return a firm's salt: the first 32 hex characters of HMAC-SHA256(secret, identifier)."""
    return hmac.digest(secret, identifier.encode("ascii"), "sha256").hex()[:32]


def salted_row(alg: str, salt: str, row: str) -> str:
    """Return the public leaf row of the sealed form: identifier, TAB, commitment to the row."""
    if not SALT.fullmatch(salt):
        raise StratumInvalid(value=salt)
    commitment = hasher(alg)(f"ssj/1/salt\n{salt}\n{row}".encode("ascii"))
    return f"{row.partition(chr(9))[0]}\t{commitment.hexdigest()}"


def salted(alg: str, secret: bytes) -> LeafMaker:
    """Return the function that turns a roster row into its salted leaf row (both without line end)."""
    hash_, keyed = hasher(alg), hmac.new(secret, digestmod="sha256")

    def leaf(row: bytes) -> bytes:
        identifier = row[: row.index(b"\t")]
        # Copying the keyed state spares a city's 1.6 million key set-ups.
        salt = keyed.copy()
        salt.update(identifier)
        commitment = hash_(b"ssj/1/salt\n" + salt.hexdigest()[:32].encode() + b"\n" + row)
        return identifier + b"\t" + commitment.hexdigest().encode()

    return leaf


def _cell_text(cell: Cell) -> str:
    if not 0 <= cell.tier <= 9:
        raise StratumInvalid(value=cell.tier)
    return check_stratum(cell.stratum) + (f"~{cell.tier}" if cell.tier else "")


def _parse_cell(text: str) -> Cell | None:
    if text == NOT_SUBJECT:
        return None
    if not (found := CELL.fullmatch(text)):
        raise StratumInvalid(value=text)
    return Cell(found[1], int(found[2] or 0))


class _Order:
    """Checks rows as they pass: identifier, width, cells, strictly ascending."""

    def __init__(self, width: int) -> None:
        self.count, self._last, self._width, self._known = 0, "", width, set[str]()

    def check(self, run: Sequence[RosterRow]) -> None:
        valid = IDENTIFIER.fullmatch
        for identifier, cells in run:
            self.count += 1
            if identifier <= self._last or not valid(identifier):
                self._refuse(identifier)
            if cells not in self._known:
                self._learn(cells)
            self._last = identifier

    def _refuse(self, identifier: str) -> None:
        check_identifier(identifier)
        raise RosterMalformed(row=self.count, identifier=identifier)

    def _learn(self, cells: str) -> None:
        if len(parse_cells(cells)) != self._width:
            raise RosterMalformed(row=self.count, cells=cells)
        self._known.add(cells)
