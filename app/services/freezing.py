"""名单封存: the roster, the quotas, the staff and the seed sources are fixed and published before the seed exists."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import policy
from app.domain.draw.drand import round_time
from app.domain.draw.hashing import hex_digest, require_algorithm
from app.domain.draw.record import Item, Plan, QuotaLine, SeedEvent
from app.domain.draw.roster import FrozenRoster, RosterRow, freeze_roster, salted
from app.domain.draw.seed import require_entropy
from app.domain.errors import DomainError
from app.domain.joint import frozen_visits
from app.domain.lifecycle import TASK, advance
from app.domain.matching.bulk import as_staff
from app.domain.matching.eligibility import Candidate
from app.domain.matching.files import staff_digest, staff_rows
from app.domain.measures import CHINA
from app.domain.vocabulary import DisclosureKind, DrawForm, DrawState, LogKind, Stratification
from app.models import Draw, DrawQuota, DrawSeed, InspectionTask, TaskItem
from app.services import draw_log, staffing
from app.services.ceremony import attempted, put_on_record, require_witness
from app.services.disclosure import publish
from app.services.draw_log import utc_text
from app.services.drawing import stored_roster
from app.services.eligible import Excluded, eligible_rows, possible_size, strata_for
from app.services.jobs import reported
from app.services.joint.teams import departments_of
from app.services.quotas import quotas_for
from app.services.staffing import RULES
from app.services.storage import Storing, store
from app.services.transaction import lock, transaction

DEFAULT_SEEDS = (("dice-d10", "ceremony"),)
"""Twenty ten-sided dice thrown before the witness: 66 bits, without waiting for an event."""


class RosterIsEmpty(DomainError):
    """Nobody on the roster may be drawn for this task."""

    code = "roster_is_empty"


class OpenPlanExists(DomainError):
    """Another draw for the same item and population waits for its seed (protocol 2.8)."""

    code = "open_plan_exists"


class SeedTimePassed(DomainError):
    """The seed event must lie after the plan was published (protocol 2.8)."""

    code = "seed_time_passed"


@dataclass(frozen=True, slots=True)
class Frozen:
    """The files and figures of a roster just frozen."""

    roster: FrozenRoster
    roster_file: str
    leaves: FrozenRoster | None
    leaves_file: str | None


@attempted("draw:frozen")
def freeze_roster_of(
    task_id: int,
    actor: User,
    witness: User | None,
    now: datetime,
    *,
    seeds: Sequence[tuple[str, str]] = DEFAULT_SEEDS,
    seed_after: datetime | None = None,
    algorithm: str = "sha256",
) -> str:
    """Freeze the task's roster, log and disclose the plan record; gives back its hash P.

    `seeds` are (source, event) pairs worth at least 60 bits together; `seed_after` is the moment from
    which the seed may be entered, always after the plan is on the log. Strata by risk class make a sealed draw (R29).
    Raises WitnessMissing, IllegalTransition, SeedEntropyTooLow, RosterIsEmpty, SeedTimePassed,
    HashUnavailable.
    """
    require_algorithm(algorithm)
    require_entropy(seeds, policy.DRAW.minimum_seed_bits)
    opens = (seed_after or now + timedelta(seconds=1)).replace(microsecond=0)
    if opens <= now.replace(microsecond=0):
        raise SeedTimePassed(moment=utc_text(opens))
    _require_future(seeds, opens, now)
    with transaction() as session:
        second = require_witness(actor, witness)
        task = lock(session, InspectionTask, task_id)
        task.state = advance(TASK, task.state, "freeze")
        _require_no_open_plan(session, task)
        draw, plan = _prepare(session, task, algorithm, seeds, opens, now)
        draw_log.append(session, draw, LogKind.PLAN, plan, now)
        put_on_record(session, draw, "frozen", actor, second, now)
        title = f"{task.name}任务公告"
        body = notice_body(task, draw)
        publish(session, DisclosureKind.TASK, title, task.lead_agency_id, task.id, body, actor, now)
        return draw.plan_hash


def _require_future(seeds: Sequence[tuple[str, str]], opens: datetime, now: datetime) -> None:
    """A round of the beacon has a known time: it must lie between the plan and the entry of the seed."""
    for source, event in seeds:
        if source == "drand-quicknet":
            published = datetime.fromtimestamp(round_time(int(event)), UTC)
            if not now < published <= opens:
                raise SeedTimePassed(moment=utc_text(published))


def _require_no_open_plan(session: Session, task: InspectionTask) -> None:
    """One open plan per population, item and period: nobody keeps two and picks the better one."""
    mine = {(item.version_id, item.category_id) for item in task.items}
    query = (
        select(InspectionTask.number, TaskItem.version_id, TaskItem.category_id)
        .join(TaskItem, TaskItem.task_id == InspectionTask.id)
        .join(Draw, Draw.task_id == InspectionTask.id)
        .where(
            Draw.state.in_((DrawState.PLANNED, DrawState.SEEDED)),
            InspectionTask.starts_on <= task.ends_on,
            InspectionTask.ends_on >= task.starts_on,
        )
    )
    for number, version_id, category_id in session.execute(query):
        if (version_id, category_id) in mine:
            raise OpenPlanExists(task=number)


def _prepare(
    session: Session,
    task: InspectionTask,
    algorithm: str,
    seeds: Sequence[tuple[str, str]],
    opens: datetime,
    now: datetime,
) -> tuple[Draw, Plan]:
    secret = secrets.token_hex(32)
    draw = Draw(
        task_id=task.id,
        number=f"SW-{now.year}-{task.id:04d}-{len(task.draws) + 1}",
        state=DrawState.PLANNED,
        algorithm=algorithm,
        salt_secret=secret,
        seed_after=opens,
        frozen_at=now,
        seeds=[DrawSeed(ordinal=n, source=source, event=event) for n, (source, event) in enumerate(seeds)],
    )
    public = _seal_roster(session, task, draw, now.astimezone(CHINA).date())
    staff = _seal_staff(session, task, draw)
    plan = _plan_record(task, draw, public, staff)
    draw.plan_record, draw.plan_hash = plan.text(), plan.digest(algorithm)
    session.add(draw)
    session.flush()
    return draw, plan


def _seal_roster(session: Session, task: InspectionTask, draw: Draw, today: date) -> FrozenRoster:
    """Roster, quotas and the excluded go into `draw`; gives back what the public sees of the roster."""
    secret = draw.salt_secret or ""
    sealed = task.stratification == Stratification.RISK
    draw.form = DrawForm.SEALED if sealed else DrawForm.OPEN
    strata = strata_for(session, task, secret, today)
    excluded = Excluded()
    rows = iter(
        reported(
            eligible_rows(session, task, strata, excluded, today), "sieving", partial(_about, session, task)
        )
    )
    frozen = _freeze(session, rows, len(task.items), draw.algorithm, secret if sealed else None)
    if frozen.roster.n == 0:
        raise RosterIsEmpty(task=task.number)
    public = frozen.leaves or frozen.roster
    pools = {place: sum(tiers) for place, tiers in frozen.roster.pools.items()}
    draw.quotas = quotas_for(session, task, pools, strata.labels)
    _foresee(task, draw, frozen.roster)
    draw.roster_n, draw.roster_root = public.n, public.root
    draw.roster_outline = public.outline.text()
    draw.roster_file, draw.leaves_file = frozen.roster_file, frozen.leaves_file
    draw.excluded_file = store(session, excluded.lines(), "excluded.tsv")
    draw.excluded_counts = excluded.counts()
    return public


def _foresee(task: InspectionTask, draw: Draw, roster: FrozenRoster) -> None:
    """How many visits these quotas need, each department alone and all at once (R75, draw protocol 4)."""
    places = {item.code: place for place, item in enumerate(task.items)}
    quotas = {(places[quota.item_code], quota.stratum): quota.quota for quota in draw.quotas}
    departments = [item.agency_id for item in task.items]
    visits = frozen_visits(roster.kinds, roster.pools, quotas, departments)
    draw.separate_visits, draw.least_visits = visits.rounded()


def _about(session: Session, task: InspectionTask) -> int:
    """How many enterprises the roster will have at most, for the progress."""
    return max(possible_size(session, item.category_id) for item in task.items)


def _seal_staff(session: Session, task: InspectionTask, draw: Draw) -> bytes:
    """The staff as it stands goes into `draw`; gives back staff.tsv."""
    people = staffing.candidates(session, departments_of(task), task.starts_on.year)
    staff = _staff_file(people, draw.salt_secret or "")
    draw.staff_file = store(session, [staff], "staff.tsv")
    draw.staff_detail = store(session, [staffing.to_json(people)], "staff.json")
    return staff


def _freeze(
    session: Session, rows: Iterator[RosterRow], width: int, algorithm: str, secret: str | None
) -> Frozen:
    """Write the roster, and for a sealed draw the salted leaves beside it, read back from what was written."""
    full = Storing(session, "roster.tsv")
    roster = freeze_roster(rows, width, algorithm, full.write)
    roster_file = full.close()
    if secret is None:
        return Frozen(roster, roster_file, None, None)
    salted_file = Storing(session, "leaves.tsv")
    leaf, written = salted(algorithm, secret.encode()), stored_roster(session, roster_file)
    leaves = freeze_roster(written, width, algorithm, salted_file.write, leaf)
    return Frozen(roster, roster_file, leaves, salted_file.close())


def _staff_file(people: list[Candidate], secret: str) -> bytes:
    digests = {person.staff_no: staff_digest(secret.encode(), person, RULES) for person in people}
    return staff_rows([as_staff(person, digests) for person in people])


def _plan_record(task: InspectionTask, draw: Draw, public: FrozenRoster, staff: bytes) -> Plan:
    sealed = draw.form == DrawForm.SEALED
    return Plan(
        alg=draw.algorithm,
        draw=draw.number,
        items=tuple(Item(item.code) for item in task.items),
        roster_n=draw.roster_n,
        roster_root=public.root,
        roster_file=public.file_hash,
        quotas=tuple(_quota_line(quota, sealed) for quota in draw.quotas),
        seeds=tuple(SeedEvent(seed.source, seed.event) for seed in draw.seeds),
        seed_after=utc_text(draw.seed_after),
        staff_file=hex_digest(draw.algorithm, staff),
        sealed=sealed,
    )


def _quota_line(quota: DrawQuota, sealed: bool) -> QuotaLine:
    ppm = None if sealed else quota.ppm
    return QuotaLine(quota.item_code, quota.stratum, quota.pool, ppm, quota.quota, quota.reserve)


def notice_body(task: InspectionTask, draw: Draw) -> dict[str, Any]:
    """抽查任务公告 (R32): what is drawn, from how many, by which public seed; no risk class (R29)."""
    return {
        "number": task.number,
        "name": task.name,
        "lead": task.lead_agency.name,
        "agencies": sorted({item.agency.name for item in task.items}),
        "items": [{"code": item.code, "name": item.version.name} for item in task.items],
        "from": task.starts_on.isoformat(),
        "to": task.ends_on.isoformat(),
        "draw": draw.number,
        "roster_n": draw.roster_n,
        "roster_root": draw.roster_root,
        "plan_hash": draw.plan_hash,
        "plan": draw.plan_record,
        "seed_after": utc_text(draw.seed_after),
        "excluded": draw.excluded_counts,
    }


def seeds_of(session: Session, task_id: int) -> list[tuple[str, str]]:
    """The seed events that the task's draw waits for, in plan order."""
    query = (
        select(DrawSeed.source, DrawSeed.event)
        .join(Draw)
        .where(Draw.task_id == task_id, Draw.state != DrawState.VOID)
        .order_by(DrawSeed.ordinal)
    )
    return list(session.execute(query))
