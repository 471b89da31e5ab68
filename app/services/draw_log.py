"""The public draw log (draw protocol 2.8): one chain over all draws, append-only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.domain.draw import log
from app.domain.draw.hashing import hex_digest
from app.domain.draw.record import Record
from app.domain.vocabulary import LogKind
from app.models import ChainHead, Draw, LogEntry
from app.services.chain import DRAW_LOG, set_head, take_next


def utc_text(moment: datetime) -> str:
    """A moment as the protocol writes it: `YYYY-MM-DDTHH:MM:SSZ`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def append(session: Session, draw: Draw, kind: LogKind, record: Record, now: datetime) -> str:
    """Put a record of `draw` on the log; gives back the record's hash."""
    number, previous = take_next(session, DRAW_LOG)
    text, utc = record.text(), utc_text(now)
    digest = hex_digest(draw.algorithm, text.encode())
    entry = log.entry_hash(draw.algorithm, number, previous, kind.value, digest, utc)
    session.execute(
        insert(LogEntry).values(
            number=number,
            previous_hash=previous,
            kind=kind,
            record_hash=digest,
            record=text,
            utc=utc,
            entry_hash=entry,
            draw_id=draw.id,
        )
    )
    set_head(session, DRAW_LOG, entry)
    return digest


def entries(session: Session, upto: int | None = None) -> Iterator[tuple[int, log.LogEntry]]:
    """The log in order as (draw key, entry), to entry `upto` or to its end."""
    query = select(LogEntry, Draw.algorithm).join(Draw, Draw.id == LogEntry.draw_id).order_by(LogEntry.number)
    if upto is not None:
        query = query.where(LogEntry.number <= upto)
    with session.execute(query.execution_options(yield_per=2000)) as rows:
        for row, algorithm in rows:
            yield row.draw_id, _entry(row, algorithm)


def _entry(row: LogEntry, algorithm: str) -> log.LogEntry:
    return log.LogEntry(
        n=row.number,
        prev=row.previous_hash,
        kind=row.kind.value,
        record_hash=row.record_hash,
        utc=row.utc,
        hash=row.entry_hash,
        alg=algorithm,
        record=row.record,
    )


def verify_log(session: Session) -> tuple[int, str | None]:
    """Entries checked, and the number where the chain breaks, or None when it is whole."""
    last: log.LogEntry | None = None
    try:
        last = log.verify_chain(entry for _, entry in entries(session))
    except log.LogBroken as broken:
        return broken.params["n"], str(broken.params["n"])
    count = last.n if last else 0
    head = session.get(ChainHead, DRAW_LOG, populate_existing=True)
    found = (head.number, head.head_hash) if head else (0, log.GENESIS)
    return count, None if found == (count, last.hash if last else log.GENESIS) else str(count + 1)
