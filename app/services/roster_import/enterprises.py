"""Loading an enterprise file: staged, compared in the database, applied in one transaction (R10–R13)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from app.domain.measures import CHINA
from app.domain.policy import ROSTER
from app.domain.provenance import STATEABLE, is_whole_list
from app.models import ImportBatch, RosterSource, SourceDissent
from app.services import sources
from app.services.roster_import import apply, claims, dissents, memberships, samples
from app.services.roster_import.apply import Cause
from app.services.roster_import.comparing import DELTA, TARGET, Comparison
from app.services.roster_import.faults import LoadCollided, RowRefused
from app.services.roster_import.known_lines import KnownLines
from app.services.roster_import.layout import Layout
from app.services.roster_import.outcome import Outcome
from app.services.roster_import.pieces import Piece
from app.services.roster_import.quick import QuickReader
from app.services.roster_import.reader import EnterpriseReader
from app.services.roster_import.record import read_identifier, records
from app.services.roster_import.repeated import Identifiers, refuse_repeated
from app.services.roster_import.roster_file import RosterFile
from app.services.roster_import.staged import COLUMNS, flags_in, staged
from app.services.roster_import.staging import STAGE, Stage
from app.services.settling import settle
from app.services.transaction import lock

READING = "1"
"""To be raised whenever a row would be read differently than before: kept hashes then say nothing."""
_MOST_REFUSED_KEPT = 200_000


@dataclass(slots=True)
class EnterpriseLoad:
    """One file on its way into the roster; the steps are called in their order."""

    session: Session
    file: RosterFile
    layout: Layout
    outcome: Outcome
    source: RosterSource
    now: datetime
    is_whole: bool | None = None
    progress: Callable[[int], None] = lambda rows: None
    layout_key: str = ""
    _stage: Stage = field(init=False)
    _known: KnownLines = field(init=False)
    _reader: EnterpriseReader = field(init=False)
    _last: ImportBatch | None = field(init=False)
    _has_rivals: bool = field(init=False)
    _identifiers: Identifiers = field(default_factory=Identifiers)
    _refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._reader = EnterpriseReader(self.session)
        self.layout_key = self._key()
        self._last = sources.last_batch(self.session, self.source)

    def is_same_file(self) -> bool:
        """True when this very file was the source's last one, and nothing in it called for a look."""
        last = self._last
        return (
            last is not None
            and last.file_digest == self.outcome.file_digest
            and last.layout_key == self.layout_key
            and not last.rejected
            and not last.flagged
            and last.is_whole == (last.is_whole if self.is_whole is None else self.is_whole)
        )

    def say_nothing_changed(self) -> None:
        """Count the rows of the last load as unchanged."""
        last = self._last
        assert last is not None
        self.outcome.read = self.outcome.unchanged = last.read
        self.outcome.is_whole, self.outcome.is_same_file = last.is_whole, True

    def read(self) -> None:
        """Stage every row that is not known from the last file; refuse what cannot be loaded."""
        trusted = self._last is not None and self._last.layout_key == self.layout_key
        self._known = (
            claims.known_lines(self.session, self.source.id) if trusted else KnownLines(np.empty(0, np.int64))
        )
        self._stage = Stage(self.session)
        quick = QuickReader(self._reader, self.layout)
        for piece in self.file.pieces(self._known.meet):
            self._take(piece, quick)
            self.progress(self.outcome.read)

    def hold(self) -> None:
        """Keep every other writer of the roster out. Raises LoadCollided when another load was quicker."""
        if self._stage.is_postgresql:
            self.session.execute(text("LOCK TABLE enterprise, source_claim IN SHARE ROW EXCLUSIVE MODE"))
        lock(self.session, RosterSource, self.source.id)
        if sources.last_batch(self.session, self.source) != self._last:
            raise LoadCollided(name=self.outcome.file_name)

    def compare(self) -> None:
        """Find out what the staged rows would do, and count it."""
        refuse_repeated(self.session, self.file, self._identifiers, self.source.id, self._known, self.outcome)
        self._identifiers = Identifiers()
        precedence = sources.precedence(self.session)
        comparison = Comparison(
            self.session, self._stage, self.source.id, precedence, self.now.astimezone(CHINA).date()
        )
        comparison.run()
        self._has_rivals = bool(comparison.rivals)
        memberships.compare(self.session, self._stage)
        self._count()
        if self._has_rivals:
            self.outcome.conflicts = dissents.count_conflicts(self.session, self._cause(None, None))
        self._find_gone()
        self.outcome.samples = samples.taken(self.session, self.outcome)

    def write(self, batch_id: int, actor_id: int | None) -> None:
        """Write what was found, in a few statements."""
        cause = self._cause(batch_id, actor_id)
        if self._has_rivals:
            dissents.settle_before(self.session, cause)
        apply.write(self.session, cause)
        if self._has_rivals:
            dissents.settle_after(self.session, cause)
        memberships.write(self.session, cause)
        if self.outcome.gone:
            claims.mark_gone(self.session, cause)
            self._settle_gone(cause)

    def _settle_gone(self, cause: Cause) -> None:
        """Where the source that was believed dropped a row, the next one is believed; what it denied is past."""
        gone = SourceDissent.enterprise_id.in_(select(claims.GONE.c.enterprise_id))
        self.session.execute(delete(SourceDissent).where(SourceDissent.source_id == cause.source_id, gone))
        for each in STATEABLE:
            settle(self.session, each, gone, None, self.now)

    def close(self) -> None:
        """Leave no temporary table behind."""
        if hasattr(self, "_stage"):
            self._stage.close()

    def _take(self, piece: Piece, quick: QuickReader) -> None:
        self.outcome.read += piece.known
        columns = quick.read(piece)
        self.outcome.read += columns.count
        if columns.count:
            self._identifiers.add(columns.values["identifier"])
            self._stage.add(columns.count, columns.values, columns.categories)
        self._take_singly(piece, columns.left)

    def _take_singly(self, piece: Piece, places: list[int]) -> None:
        rows: list[dict[str, Any]] = []
        labels: list[tuple[int, Any, Any]] = []
        hashes = (
            {piece.lines[place]: int(piece.hashes[place]) for place in places}
            if piece.hashes is not None
            else {}
        )
        for record in records((piece.row(place) for place in places), self.layout, self.outcome):
            try:
                entry = self._reader.read(record)
            except RowRefused as error:
                self.outcome.reject(record.line, record.cells, error)
                self._note_refused(record.text("identifier"))
                continue
            if entry.categories or entry.guessed_categories:
                labels.append((len(rows), entry.categories, entry.guessed_categories))
            rows.append(staged(entry, record.line, hashes.get(record.line)))
        if rows:
            self._identifiers.add([row["identifier"] for row in rows])
            self._stage.add(len(rows), {name: [row[name] for row in rows] for name in COLUMNS}, labels)

    def _note_refused(self, written: str) -> None:
        """A refused row whose enterprise can be told is not gone from the source."""
        if len(self._refused) < _MOST_REFUSED_KEPT:
            try:
                self._refused.append(read_identifier(written).code)
            except RowRefused:
                return

    def _count(self) -> None:
        size = self._stage.size
        known = self._known.count()
        fresh = self.session.scalar(select(func.count()).select_from(TARGET).where(TARGET.c.is_new)) or 0
        joined = memberships.otherwise_unchanged(self.session)
        self.outcome.added, self.outcome.changed = fresh, size(DELTA) + joined
        self.outcome.unchanged = known + size(TARGET) - self.outcome.added - self.outcome.changed
        query = select(STAGE.c.flags, func.count()).where(STAGE.c.flags != 0).group_by(STAGE.c.flags)
        for number, count in self.session.execute(query):
            self.outcome.flagged += count
            self.outcome.flags.update(Counter({flag.value: count for flag in flags_in(number)}))

    def _find_gone(self) -> None:
        """Only against a whole list can a row be gone; what share of the rows makes one is a matter of policy."""
        listed, gone = claims.find_gone(self.session, self._stage, self.source.id, self._known, self._refused)
        if self.is_whole is None:
            self.is_whole = is_whole_list(listed - gone, listed, ROSTER.whole_list_ppm)
        self.outcome.is_whole = self.is_whole
        self.outcome.gone = gone if self.is_whole else 0

    def _cause(self, batch_id: int | None, actor_id: int | None) -> Cause:
        return Cause(self.source.id, batch_id, self.now, actor_id, self.outcome.file_name)

    def _key(self) -> str:
        """Hashes of rows mean something only under the same columns, bytes and code lists."""
        layout = (self.layout.headers, sorted(self.layout.facts.items()), sorted(self.layout.guesses.items()))
        whole = repr((READING, self.file.form, layout, self.layout.corrects, self._reader.fingerprint()))
        return hashlib.sha256(whole.encode()).hexdigest()
