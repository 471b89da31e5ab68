"""名单与投诉: lists of bad standing and complaints, each on an enterprise of the roster (art. 5, R30)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vocabulary import ListType
from app.models import Complaint, Enterprise, Listing
from app.services.bulk import insert_all, table_of, update_all
from app.services.roster_import.blocks import Seen, blocks
from app.services.roster_import.faults import Flag, RowRefused
from app.services.roster_import.outcome import Effect, Outcome
from app.services.roster_import.record import Record
from app.services.roster_import.words import COMPLAINTS, LISTS, plain

ENTERPRISE, LISTING, COMPLAINT = table_of(Enterprise), table_of(Listing), table_of(Complaint)
_LONGEST_REASON, _LONGEST_AUTHORITY, _SOURCE_LENGTH = 200, 60, 60
_STATED = ("removed_on", "reason", "authority")

Values = dict[str, Any]


def load(session: Session, records: Iterator[Record], outcome: Outcome, now: datetime) -> None:
    """Enter listings, their removals and complaints; a removal later is a change of the listing."""
    for block in blocks(_notes(records, outcome)):
        known = _enterprises(session, block)
        found = [note for note in block if _is_known(note, known, outcome)]
        ids = {note.identifier: known[note.identifier][0] for note in found}
        _enter_listings(session, [note for note in found if note.list_type], ids, outcome)
        _enter_complaints(session, [note for note in found if not note.list_type], ids, outcome)


@dataclass(slots=True)
class Note:
    """One row: an inclusion on a list, or a complaint where `list_type` is None."""

    record: Record
    identifier: str
    name: str
    list_type: ListType | None
    on: date
    stated: Values

    @property
    def key(self) -> str:
        """What makes the row the same as another; a complaint has no number, so its subject counts."""
        subject = "" if self.list_type else self.stated.get("reason", "")
        return "|".join((self.identifier, self.list_type or "complaint", self.on.isoformat(), subject))


def _notes(records: Iterator[Record], outcome: Outcome) -> Iterator[Note]:
    seen = Seen()
    for record in records:
        try:
            note = _read(record)
            seen.require_new(note.key, record.line)
        except RowRefused as error:
            outcome.reject(record.line, record.cells, error)
        else:
            yield note


def _read(record: Record) -> Note:
    identifier = record.identifier().code
    list_type = None if plain(record.text("list_type")) in COMPLAINTS else record.term("list_type", LISTS)
    if list_type is None and not record.text("list_type"):
        raise RowRefused("row_value_missing", column=record.layout.header("list_type"))
    included, removed = record.day("included_on"), record.day("removed_on")
    if included is None:
        raise RowRefused("row_value_missing", column=record.layout.header("included_on"))
    if removed and removed < included:
        raise RowRefused("row_dates_reversed", first=included.isoformat(), second=removed.isoformat())
    stated = {
        "removed_on": removed,
        "reason": record.limited("reason", _LONGEST_REASON),
        "authority": record.limited("authority", _LONGEST_AUTHORITY),
    }
    return Note(
        record,
        identifier,
        record.text("name"),
        list_type,
        included,
        {name: value for name, value in stated.items() if value is not None},
    )


def _enterprises(session: Session, block: list[Note]) -> dict[str, tuple[int, str]]:
    query = select(ENTERPRISE.c.identifier, ENTERPRISE.c.id, ENTERPRISE.c.name).where(
        ENTERPRISE.c.identifier.in_({note.identifier for note in block})
    )
    return {row.identifier: (row.id, row.name) for row in session.execute(query)}


def _is_known(note: Note, known: dict[str, tuple[int, str]], outcome: Outcome) -> bool:
    found = known.get(note.identifier)
    if found is None:
        error = RowRefused("row_enterprise_unknown", value=note.identifier)
        outcome.reject(note.record.line, note.record.cells, error)
        return False
    if note.name and plain(note.name) != plain(found[1]):
        note.record.flags.append(Flag.NAME_DIFFERS)
    return True


def _enter_listings(session: Session, notes: list[Note], ids: dict[str, int], outcome: Outcome) -> None:
    query = select(LISTING).where(LISTING.c.enterprise_id.in_(set(ids.values())))
    stored = {
        (row["enterprise_id"], row["list_type"], row["included_on"]): dict(row)
        for row in session.execute(query).mappings()
    }
    fresh, changed = [], []
    for note in notes:
        old = stored.get((ids[note.identifier], note.list_type, note.on))
        if old is None:
            fresh.append(_new_listing(note, ids[note.identifier], outcome.file_name))
            outcome.accept(Effect.ADDED, note.record.flags)
        elif all(old[name] == value for name, value in note.stated.items()):
            outcome.accept(Effect.UNCHANGED, note.record.flags)
        else:
            changed.append({name: old[name] for name in ("id", *_STATED)} | note.stated)
            outcome.accept(Effect.CHANGED, note.record.flags)
    insert_all(session, LISTING, fresh)
    update_all(session, LISTING, changed)


def _new_listing(note: Note, enterprise_id: int, source: str) -> Values:
    keys = {"enterprise_id": enterprise_id, "list_type": note.list_type, "included_on": note.on}
    return keys | dict.fromkeys(_STATED) | note.stated | {"source": source[-_SOURCE_LENGTH:]}


def _enter_complaints(session: Session, notes: list[Note], ids: dict[str, int], outcome: Outcome) -> None:
    query = select(COMPLAINT).where(COMPLAINT.c.enterprise_id.in_(set(ids.values())))
    stored: dict[tuple[int, date], set[str | None]] = {}
    counts: dict[tuple[int, date], int] = {}
    for row in session.execute(query):
        day = (row.enterprise_id, row.received_on)
        stored.setdefault(day, set()).add(row.subject)
        counts[day] = max(counts.get(day, 0), row.ordinal)
    fresh = []
    for note in notes:
        day, subject = (ids[note.identifier], note.on), note.stated.get("reason")
        if subject in stored.get(day, ()):
            outcome.accept(Effect.UNCHANGED, note.record.flags)
            continue
        counts[day] = counts.get(day, 0) + 1
        fresh.append(
            {
                "enterprise_id": day[0],
                "received_on": day[1],
                "ordinal": counts[day],
                "subject": subject,
                "source": outcome.file_name[-_SOURCE_LENGTH:],
            }
        )
        outcome.accept(Effect.ADDED, note.record.flags)
    insert_all(session, COMPLAINT, fresh)
