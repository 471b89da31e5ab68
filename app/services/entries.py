"""What is typed on the spot: kept once, whatever the network does, and completed into a finding (R49, R50)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.entries import EntriesDisagree, EntriesUnseen, EntryMismatch, finding_of, require_field
from app.domain.errors import DomainError
from app.domain.evidence import require_no_identity_number
from app.domain.findings import Finding
from app.domain.measures import CHINA
from app.domain.vocabulary import FindingState, TaskState
from app.models import ItemFinding, Visit, VisitEntry
from app.services.drafts import Draft, draft_of
from app.services.teams import require_once_member
from app.services.transaction import fetch, lock, transaction
from app.services.visits import VisitNotOpen, record_finding

BEFORE_DISCLOSURE = (
    TaskState.DRAFT,
    TaskState.FROZEN,
    TaskState.SEEDED,
    TaskState.DRAWN,
    TaskState.MATCHED,
)
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Typed:
    """One entry as the device sends it; `seen` is the newest number that its author had before them."""

    client_id: str
    finding_id: int
    field: str
    value: str
    typed_at: datetime
    seen: int = 0


def keep_entries(visit_id: int, typed: Sequence[Typed], actor: User, now: datetime) -> int:
    """Keep what was typed, in its order, each entry once; gives back how many were new.

    The whole batch stands in one transaction. Entries are kept in whatever state the form is, so that
    nothing typed on the spot is lost; they count when the item is completed. Raises VisitNotOpen,
    NotOfThisVisit, EntryUnknown, EntryMismatch.
    """
    with transaction() as session:
        visit = lock(session, Visit, visit_id)
        if visit.task.state in BEFORE_DISCLOSURE:
            raise VisitNotOpen(visit=visit.number, state=visit.task.state.label)
        require_once_member(visit, actor)
        kept = _already_kept(session, typed)
        fresh = [entry for entry in typed if not _is_kept(kept, visit, entry, actor)]
        session.add_all([_row(visit, entry, actor, now) for entry in _unique(fresh)])
        return len(fresh)


def complete_item(finding_id: int, seen: int, actor: User, now: datetime) -> int:
    """完成本项: turn what was typed into the next version of the finding; gives back its number.

    `seen` is the newest entry that the actor had before them. Completing twice what was typed once
    makes one version. Raises EntriesUnseen, EntriesDisagree and all that recording raises.
    """
    with transaction() as session:
        found = fetch(session, ItemFinding, finding_id)
        visit = lock(session, Visit, found.visit_id)
        require_once_member(visit, actor, found)
        finding = lock(session, ItemFinding, finding_id)
        draft = draft_of(session, finding)
        if draft.is_clean and finding.state == FindingState.RECORDED and finding.latest:
            return finding.latest.version
        _require_looked_at(draft, seen, actor)
        version = finding.task_item.version
        values = {"checked_on": now.astimezone(CHINA).date().isoformat()} | draft.values
        require_no_identity_number(
            f"{version.name}{version.item.field}", [value for value in values.values() if len(value) >= 15]
        )
        entry = finding_of(values, [point.id for point in version.points], visit.task.starts_on)
        return record_finding(finding_id, entry, actor, now, rests_on=draft.newest)


def record_over(finding_id: int, entry: Finding, seen: int, actor: User, now: datetime) -> int:
    """Record on the desk what stands on its form, over what was typed on the spot before it was opened.

    Entries that came later stay a draft beside the record. Raises EntriesDisagree where two values wait
    for a choice, and all that recording raises.
    """
    with transaction() as session:
        found = fetch(session, ItemFinding, finding_id)
        lock(session, Visit, found.visit_id)
        draft = draft_of(session, lock(session, ItemFinding, finding_id))
        if draft.disputed:
            raise EntriesDisagree(item=found.task_item.version.name)
        return record_finding(finding_id, entry, actor, now, rests_on=min(seen, draft.newest))


def _require_looked_at(draft: Draft, seen: int, actor: User) -> None:
    item = draft.finding.task_item.version.name
    for number, row in draft.rows.items():
        if number > seen and row.author_id != actor.id:
            raise EntriesUnseen(item=item)
    if draft.disputed:
        raise EntriesDisagree(item=item)


def _already_kept(session: Session, typed: Sequence[Typed]) -> dict[str, VisitEntry]:
    marks = [entry.client_id for entry in typed]
    query = select(VisitEntry).where(VisitEntry.client_id.in_(marks))
    return {row.client_id: row for row in session.scalars(query)}


def _is_kept(kept: dict[str, VisitEntry], visit: Visit, entry: Typed, actor: User) -> bool:
    finding = next((each for each in visit.findings if each.id == entry.finding_id), None)
    try:
        require_once_member(visit, actor, finding)
        points = finding.task_item.version.points if finding else []
        require_field(entry.field if finding else "", entry.value, [point.id for point in points])
        row = kept.get(entry.client_id)
        if row and (row.finding_id, row.field, row.value) != (entry.finding_id, entry.field, entry.value):
            raise EntryMismatch()
    except DomainError as error:
        error.params["mark"] = entry.client_id
        raise
    return row is not None


def _unique(entries: Sequence[Typed]) -> list[Typed]:
    return list({entry.client_id: entry for entry in entries}.values())


def _row(visit: Visit, entry: Typed, actor: User, now: datetime) -> VisitEntry:
    return VisitEntry(
        client_id=entry.client_id,
        visit_id=visit.id,
        finding_id=entry.finding_id,
        field=entry.field,
        value=entry.value,
        seen=entry.seen,
        author_id=actor.id,
        typed_at=entry.typed_at,
        received_at=now,
    )
