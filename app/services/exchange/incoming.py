"""Taking in a task that was drawn on the other platform, and results that were recorded there (R76).

Whole or not at all: a package with one row that does not fit is refused with the rows named. The same
package again changes nothing. A task that is known gets only results for items that have none yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from app.domain.errors import DomainError
from app.domain.exchange import ExchangeRow, Head, Package
from app.domain.findings import CheckedOutsidePeriod, Finding, require_valid
from app.domain.measures import CHINA
from app.domain.policy import MATCH
from app.domain.vocabulary import FindingState, Stratification, TaskKind, TaskState, VersionState
from app.models import (
    Agency,
    Enterprise,
    ExchangeIntake,
    InspectionItem,
    InspectionTask,
    Inspector,
    ItemFinding,
    ItemVersion,
    TaskItem,
    Visit,
    VisitMember,
)
from app.services import audit
from app.services.chain import AUDIT, hold
from app.services.recording import put_record
from app.services.tasks import next_number
from app.services.transaction import transaction

MOST_NAMED = 5
BLOCK = 5000


class ExchangeRefused(DomainError):
    """Rows of the package do not fit what is known here; `rows` names them with the reason."""

    code = "exchange_refused"


class ExchangeChanged(DomainError):
    """The task is known, and the package has other targets or items than were taken in; `rows` names them."""

    code = "exchange_changed"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the rows of a package: added + unchanged is all of them; `results` were new."""

    task_id: int
    added: int
    results: int
    unchanged: int


def take_in(package: Package, digest: str, actor: User, now: datetime) -> Taken:
    """Take in a package; `digest` is that of its bytes.

    Raises ExchangeRefused, ExchangeChanged, and what the domain says of findings.
    """
    with transaction() as session:
        hold(session, AUDIT)
        before = session.scalar(select(ExchangeIntake).where(ExchangeIntake.digest == digest))
        if before is not None:
            return Taken(before.task_id, 0, 0, len(package.rows))
        task = task_of(session, package.head.task_no)
        is_new = task is None
        if task is None:
            task = _new_task(session, package, actor, now)
        else:
            _require_known(session, task, package)
        results = _record(session, task, package, actor, now)
        added = len(package.rows) if is_new else 0
        taken = Taken(task.id, added, results, len(package.rows) - added)
        _note(session, task, digest, package, taken, actor, now)
        return taken


def task_of(session: Session, task_no: str) -> InspectionTask | None:
    """The task known under that number: the other platform's, or ours."""
    return session.scalar(
        select(InspectionTask).where(
            or_(InspectionTask.external_task_no == task_no, InspectionTask.number == task_no)
        )
    )


def _blocks(names: Collection[str]) -> Iterator[Sequence[str]]:
    """Names in pieces that every database takes as arguments of one query."""
    ordered = sorted(names)
    for begin in range(0, len(ordered), BLOCK):
        yield ordered[begin : begin + BLOCK]


class _Register:
    """What the rows of a package name, looked up at once, and why a row does not fit."""

    def __init__(self, session: Session, package: Package) -> None:
        rows = package.rows
        self.enterprises = {
            each.identifier: each
            for names in _blocks({row.identifier for row in rows})
            for each in session.scalars(select(Enterprise).where(Enterprise.identifier.in_(names)))
        }
        self.versions = _versions(session, {row.item for row in rows})
        staff = {staff_no for row in rows for staff_no in row.team}
        self.people = {
            each.staff_no: each
            for numbers in _blocks(staff)
            for each in session.scalars(select(Inspector).where(Inspector.staff_no.in_(numbers)))
        }

    def refusal(self, row: ExchangeRow) -> str | None:
        """The first thing about a row that does not fit, as the value concerned."""
        if row.identifier not in self.enterprises:
            return row.identifier
        version = self.versions.get(row.item)
        if version is None:
            return row.item
        agency = version.item.agency
        if row.agency and row.agency not in (agency.name, agency.short_name):
            return row.agency
        strangers = [
            staff_no
            for staff_no in row.team
            if staff_no not in self.people or self.people[staff_no].agency_id != agency.id
        ]
        if strangers:
            return strangers[0]
        return None if len(row.team) >= MATCH.team_size else f"{row.identifier} {row.item}"


def _versions(session: Session, codes: set[str]) -> dict[str, ItemVersion]:
    """Published versions by any of the three codes under which an item is known (R8)."""
    found: dict[str, ItemVersion] = {}
    for wanted in _blocks(codes):
        found |= _versions_of(session, set(wanted))
    return found


def _versions_of(session: Session, codes: set[str]) -> dict[str, ItemVersion]:
    ways = (InspectionItem.code, InspectionItem.duty_code, InspectionItem.supervision_code)
    query = (
        select(ItemVersion)
        .join(InspectionItem)
        .where(ItemVersion.state == VersionState.PUBLISHED, or_(*(way.in_(codes) for way in ways)))
        .order_by(ItemVersion.number)
    )
    found = {}
    for version in session.scalars(query):
        item = version.item
        for code in (item.supervision_code, item.duty_code, item.code):
            if code in codes:
                found[code] = version
    return found


def _new_task(session: Session, package: Package, actor: User, now: datetime) -> InspectionTask:
    register = _Register(session, package)
    refused = [text for row in package.rows if (text := register.refusal(row))]
    if refused:
        raise ExchangeRefused(rows="、".join(dict.fromkeys(refused[:MOST_NAMED])))
    head = package.head
    versions = {version.id: version for version in register.versions.values()}
    task = InspectionTask(
        number=next_number(session, now.astimezone(CHINA).year),
        name=head.task_name,
        kind=TaskKind.EXTERNAL,
        external_plan_no=head.plan_no or None,
        external_task_no=head.task_no,
        lead_agency_id=_lead(session, head, versions),
        is_joint=len({version.item.agency_id for version in versions.values()}) > 1,
        stratification=Stratification.NONE,
        state=TaskState.READY,
        starts_on=head.starts_on,
        ends_on=head.ends_on,
        created_by_id=actor.id,
        created_at=now,
    )
    task.items.extend(_item(version) for version in versions.values())
    session.add(task)
    session.flush()
    _add_visits(session, task, package, register)
    return task


def _lead(session: Session, head: Head, versions: Mapping[int, ItemVersion]) -> int:
    named = select(Agency.id).where(
        or_(Agency.name == head.lead_agency, Agency.short_name == head.lead_agency)
    )
    found = session.scalar(named)
    if found is None:
        raise ExchangeRefused(rows=head.lead_agency)
    return found


def _item(version: ItemVersion) -> TaskItem:
    item = version.item
    return TaskItem(version_id=version.id, agency_id=item.agency_id, code=item.code, ppm=0)


def _add_visits(session: Session, task: InspectionTask, package: Package, register: _Register) -> None:
    """One visit an enterprise, with every item and the teams of every department (一次完成)."""
    by_version = {item.version_id: item for item in task.items}
    groups: defaultdict[str, list[ExchangeRow]] = defaultdict(list)
    for row in package.rows:
        groups[row.identifier].append(row)
    for place, (identifier, rows) in enumerate(sorted(groups.items()), 1):
        days = [row.planned_on for row in rows if row.planned_on]
        visit = Visit(
            number=f"{task.number}-{place:04d}",
            task_id=task.id,
            enterprise_id=register.enterprises[identifier].id,
            route=identifier,
            planned_on=min(days, default=package.head.starts_on),
        )
        team = dict.fromkeys(staff_no for row in rows for staff_no in row.team)
        visit.members.extend(
            VisitMember(inspector_id=register.people[staff_no].id, is_lead=order == 0)
            for order, staff_no in enumerate(team)
        )
        items = {by_version[register.versions[row.item].id].id: row for row in rows}
        visit.findings.extend(
            ItemFinding(task_item_id=key, agency_id=register.versions[row.item].item.agency_id)
            for key, row in items.items()
        )
        session.add(visit)
    session.flush()


def _require_known(session: Session, task: InspectionTask, package: Package) -> None:
    known = _findings(session, task)
    foreign = [
        f"{row.identifier} {row.item}" for row in package.rows if (row.identifier, row.item) not in known
    ]
    if foreign:
        raise ExchangeChanged(task_no=package.head.task_no, rows="、".join(foreign[:MOST_NAMED]))


def _visits_of(session: Session, task: InspectionTask) -> Iterable[Visit]:
    item = selectinload(Visit.findings).selectinload(ItemFinding.task_item).selectinload(TaskItem.version)
    query = select(Visit).where(Visit.task_id == task.id).order_by(Visit.id)
    return session.scalars(
        query.options(selectinload(Visit.enterprise), item.selectinload(ItemVersion.item)).execution_options(
            populate_existing=True
        )
    )


def _findings(session: Session, task: InspectionTask) -> dict[tuple[str, str], ItemFinding]:
    """Findings of the task by target and any code of their item."""
    found = {}
    for visit in _visits_of(session, task):
        for finding in visit.findings:
            item = finding.task_item.version.item
            for code in filter(None, (item.code, item.duty_code, item.supervision_code)):
                found[visit.enterprise.identifier, code] = finding
    return found


def _record(session: Session, task: InspectionTask, package: Package, actor: User, now: datetime) -> int:
    """Record the results of items that have none yet; the other platform's form stands for the points (R51)."""
    known, today, count = _findings(session, task), now.astimezone(CHINA).date(), 0
    for row in package.rows:
        finding = known[row.identifier, row.item]
        if row.has_result and finding.state == FindingState.UNCHECKED:
            entry = _entry(row, task, today)
            require_valid(entry, None)
            put_record(session, finding, entry, actor, now)
            count += 1
    return count


def _entry(row: ExchangeRow, task: InspectionTask, today: date) -> Finding:
    if row.checked_on is None or not task.starts_on <= row.checked_on <= today:
        raise CheckedOutsidePeriod(day=row.checked_on or "—", first=task.starts_on)
    return Finding(
        results=frozenset(row.results),
        methods=frozenset(row.methods),
        disposals=frozenset(row.disposals),
        checked_on=row.checked_on,
        problem=row.problem,
    )


def _note(
    session: Session,
    task: InspectionTask,
    digest: str,
    package: Package,
    taken: Taken,
    actor: User,
    now: datetime,
) -> None:
    session.add(
        ExchangeIntake(
            task_id=task.id,
            digest=digest,
            rows=len(package.rows),
            added=taken.added,
            results=taken.results,
            unchanged=taken.unchanged,
            taken_at=now,
            taken_by_id=actor.id,
        )
    )
    data = {"task_no": package.head.task_no, "digest": digest, "added": taken.added, "results": taken.results}
    audit.record(session, actor, "exchange:package:taken", task.number, data)
