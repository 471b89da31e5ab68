"""抽取检查对象: the seed is entered once, the draw computed once, a wrong draw voided on record (art. 5, R31)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.domain.draw import drand
from app.domain.draw import record as records
from app.domain.draw.roster import Columns, RosterFile
from app.domain.draw.seed import canonical_value
from app.domain.draw.selection import Drawn, Lot
from app.domain.draw.selection import select as draw_lots
from app.domain.errors import DomainError
from app.domain.lifecycle import DRAW, TASK, advance
from app.domain.vocabulary import LogKind, VisitState
from app.models import Draw, DrawnTarget, DrawSeed, Enterprise, InspectionTask
from app.services import draw_log
from app.services.ceremony import attempted, current_draw, put_on_record, require_witness
from app.services.draw_log import utc_text
from app.services.jobs import report
from app.services.storage import open_text
from app.services.transaction import lock, transaction

BLOCK = 500
DRAND = "drand-quicknet"


class SeedTooEarly(DomainError):
    """The seed may be entered from `seed_after` on, not before."""

    code = "seed_too_early"


class SeedsDoNotFit(DomainError):
    """The values entered are not those of the planned events, all and only these."""

    code = "seeds_do_not_fit"


class VoidReasonMissing(DomainError):
    """A draw is only voided with its reason."""

    code = "void_reason_missing"


class VisitsHaveBegun(DomainError):
    """A draw whose visits have begun can no longer be voided."""

    code = "visits_have_begun"


@attempted("draw:seeded")
def enter_seed(
    task_id: int,
    values: Mapping[tuple[str, str], str],
    actor: User,
    witness: User | None,
    now: datetime,
    evidence: str | None = None,
) -> str:
    """Enter the outcomes of all planned seed events, once; gives back the seed hash S.

    `values` maps (source, event) to what was announced. Raises WitnessMissing, SeedTooEarly,
    SeedsDoNotFit, SeedValueInvalid, IllegalTransition.
    """
    with transaction() as session:
        second = require_witness(actor, witness)
        task = lock(session, InspectionTask, task_id)
        task.state = advance(TASK, task.state, "seed")
        draw = current_draw(session, task)
        if now < draw.seed_after:
            raise SeedTooEarly(moment=utc_text(draw.seed_after))
        draw.state = advance(DRAW, draw.state, "seed")
        seed = _seed_record(draw, values, evidence)
        draw.seed_record, draw.seed_hash = seed.text(), seed.digest(draw.algorithm)
        draw_log.append(session, draw, LogKind.SEED, seed, now)
        put_on_record(session, draw, "seeded", actor, second, now, evidence)
        return draw.seed_hash


@attempted("draw:drawn")
def run_draw(task_id: int, actor: User, witness: User | None, now: datetime) -> dict[tuple[str, str], int]:
    """Draw the targets; gives back how many by (item, stratum). Raises WitnessMissing, IllegalTransition."""
    with transaction() as session:
        second = require_witness(actor, witness)
        task = lock(session, InspectionTask, task_id)
        task.state = advance(TASK, task.state, "draw")
        draw = current_draw(session, task)
        draw.state = advance(DRAW, draw.state, "draw")
        drawn, result = _compute(session, draw)
        draw.result_record, draw.result_hash = result.text(), result.digest(draw.algorithm)
        _store_targets(session, draw, drawn)
        draw_log.append(session, draw, LogKind.RESULT, result, now)
        put_on_record(session, draw, "drawn", actor, second, now)
        return {place: len(lots.drawn) for place, lots in drawn.items()}


@attempted("draw:voided")
def void_draw(task_id: int, reason: str, actor: User, witness: User | None, now: datetime) -> None:
    """作废: the task's draw ends on record with its reason, and the task starts again from its draft.

    Raises VoidReasonMissing, WitnessMissing, VisitsHaveBegun, IllegalTransition.
    """
    if not reason.strip():
        raise VoidReasonMissing()
    with transaction() as session:
        second = require_witness(actor, witness)
        task = lock(session, InspectionTask, task_id)
        task.state = advance(TASK, task.state, "void")
        draw = current_draw(session, task)
        draw.state, draw.void_reason = advance(DRAW, draw.state, "void"), reason.strip()
        for visit in (visit for visit in task.visits if visit.draw_id == draw.id):
            if visit.state != VisitState.PLANNED:
                raise VisitsHaveBegun(task=task.number)
            visit.state = VisitState.CANCELLED
        void = records.Void(draw.plan_hash, reason.strip())
        draw_log.append(session, draw, LogKind.VOID, void, now)
        put_on_record(session, draw, "voided", actor, second, now, reason.strip())


def _seed_record(
    draw: Draw, values: Mapping[tuple[str, str], str], evidence: str | None
) -> records.SeedRecord:
    wanted = [(seed.source, seed.event) for seed in draw.seeds]
    if set(values) != set(wanted):
        raise SeedsDoNotFit(wanted="、".join(f"{source}:{event}" for source, event in wanted))
    for seed in draw.seeds:
        seed.value = _announced(seed, values[seed.source, seed.event])
        seed.evidence = evidence
    canonical = {(seed.source, seed.event): seed.value or "" for seed in draw.seeds}
    return records.seed_for(records.parse_plan(draw.plan_record), canonical)


def _announced(seed: DrawSeed, typed: str) -> str:
    """The protocol's value of what was typed; a drand signature is checked and turned into its value."""
    signature = typed.strip().lower()
    if seed.source == DRAND and drand.SIGNATURE.fullmatch(signature):
        typed = drand.randomness(signature)
        drand.verify_round(int(seed.event), signature, typed)
    return canonical_value(seed.source, seed.event, typed)


def stored_roster(session: Session, digest: str) -> RosterFile:
    """A stored roster as rows that can be read again: every reading opens the file anew."""
    return RosterFile(partial(open_text, session, digest))


class _Followed(RosterFile):
    """A stored roster that tells the job how far its reading is."""

    def __init__(self, session: Session, draw: Draw) -> None:
        super().__init__(partial(open_text, session, draw.roster_file))
        self._total = draw.roster_n

    def columns(self) -> Iterator[Columns]:
        """The rows block by block."""
        read = 0
        for block in super().columns():
            yield block
            read += len(block[0])
            report(read, self._total, "drawing")


def _compute(session: Session, draw: Draw) -> tuple[dict[tuple[str, str], Drawn], records.Result]:
    plan = records.parse_plan(draw.plan_record)
    keys = plan.keys(draw.seed_hash or "")
    drawn = draw_lots(_Followed(session, draw), plan, keys)
    outcomes = tuple(lots.outcome(item, stratum, plan.alg) for (item, stratum), lots in drawn.items())
    result = records.Result(draw.plan_hash, draw.seed_hash or "", tuple(keys.items()), outcomes)
    return drawn, result


def _store_targets(session: Session, draw: Draw, drawn: Mapping[tuple[str, str], Drawn]) -> None:
    named = {lot.identifier for lots in drawn.values() for lot in (*lots.drawn, *lots.reserve)}
    keys = enterprise_keys(session, sorted(named))
    rows = [
        _target(draw.id, place, rank, lot, is_reserve, keys[lot.identifier])
        for place, lots in drawn.items()
        for is_reserve, chosen in ((False, lots.drawn), (True, lots.reserve))
        for rank, lot in enumerate(chosen, 1)
    ]
    if rows:
        session.execute(insert(DrawnTarget), rows)


def enterprise_keys(session: Session, identifiers: Sequence[str]) -> dict[str, int]:
    """The database keys of enterprises by identifier, fetched in blocks."""
    found: dict[str, int] = {}
    for start in range(0, len(identifiers), BLOCK):
        block = identifiers[start : start + BLOCK]
        query = select(Enterprise.identifier, Enterprise.id).where(Enterprise.identifier.in_(block))
        found.update(session.execute(query).all())
    return found


def _target(
    draw_id: int, place: tuple[str, str], rank: int, lot: Lot, is_reserve: bool, enterprise_id: int
) -> dict[str, object]:
    return {
        "draw_id": draw_id,
        "item_code": place[0],
        "stratum": place[1],
        "rank": rank,
        "is_reserve": is_reserve,
        "tier": lot.tier,
        "ticket": lot.ticket.hex(),
        "identifier": lot.identifier,
        "enterprise_id": enterprise_id,
    }
