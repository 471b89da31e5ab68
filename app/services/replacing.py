"""补位: a drawn firm that has ceased gives its place to the next reserve, in order, on record (protocol 2.6)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.domain.draw.record import Substitute, Swap
from app.domain.errors import DomainError
from app.domain.vocabulary import DrawForm, LogKind, TaskState
from app.models import Draw, DrawnTarget, InspectionTask, TargetReplacement
from app.services import draw_log
from app.services.ceremony import attempted, current_draw, put_on_record, require_witness
from app.services.transaction import lock, transaction


class EvidenceMissing(DomainError):
    """A replacement needs its evidence."""

    code = "evidence_missing"


class NotDrawn(DomainError):
    """The firm does not stand among the drawn ones."""

    code = "not_drawn"


class NoReserveLeft(DomainError):
    """Every reserve of the stratum has been used."""

    code = "no_reserve_left"


class MatchedAlready(DomainError):
    """After the match a firm that ceased is a result of its visit, not a replacement (R33)."""

    code = "matched_already"


@attempted("draw:replaced")
def replace_target(
    task_id: int, identifier: str, evidence: str, actor: User, witness: User | None, now: datetime
) -> dict[str, str]:
    """Replace a ceased firm in every item that drew it; gives back item code → the reserve that came.

    Only between draw and match: later its end is recorded as a result and stays in the denominator
    (R33). Raises EvidenceMissing, WitnessMissing, MatchedAlready, NotDrawn, NoReserveLeft.
    """
    if not evidence.strip():
        raise EvidenceMissing()
    with transaction() as session:
        second = require_witness(actor, witness)
        task = lock(session, InspectionTask, task_id)
        if task.state != TaskState.DRAWN:
            raise MatchedAlready(task=task.number)
        draw = current_draw(session, task)
        places = _places(session, draw, identifier)
        if not places:
            raise NotDrawn(identifier=identifier)
        digest = hashlib.sha256(evidence.strip().encode()).hexdigest()
        swaps = []
        for code, stratum in places:
            came = _next_reserve(session, draw, code, stratum)
            # In a sealed draw the stratum would tell the risk class of both firms (R29).
            shown = stratum if draw.form == DrawForm.OPEN else "sealed"
            swaps.append(Swap(f"{code}|{shown}", identifier, came))
            row = _row(draw, code, stratum, identifier, came, evidence.strip(), digest, actor, second, now)
            session.execute(insert(TargetReplacement).values(row))
        record = Substitute(draw.plan_hash, digest, targets=tuple(swaps))
        draw_log.append(session, draw, LogKind.SUBSTITUTE, record, now)
        put_on_record(session, draw, "replaced", actor, second, now, identifier)
        return {swap.place.partition("|")[0]: swap.into or "" for swap in swaps}


def standing_targets(session: Session, draw: Draw) -> Iterator[tuple[str, str]]:
    """The firms to visit as (item code, identifier): the drawn ones after every replacement."""
    swapped = {
        (row.item_code, row.left_identifier): row.came_identifier for row in _replacements(session, draw)
    }
    query = (
        select(DrawnTarget.item_code, DrawnTarget.identifier)
        .where(DrawnTarget.draw_id == draw.id, ~DrawnTarget.is_reserve)
        .order_by(DrawnTarget.id)
    )
    for code, identifier in session.execute(query):
        standing = identifier
        while (code, standing) in swapped:
            standing = swapped[code, standing]
        yield code, standing


def _places(session: Session, draw: Draw, identifier: str) -> list[tuple[str, str]]:
    """The (item code, stratum) in which the firm stands now."""
    codes = {code for code, standing in standing_targets(session, draw) if standing == identifier}
    query = (
        select(DrawnTarget.item_code, DrawnTarget.stratum)
        .where(DrawnTarget.draw_id == draw.id, DrawnTarget.identifier == identifier)
        .order_by(DrawnTarget.id)
    )
    return [(code, stratum) for code, stratum in session.execute(query) if code in codes]


def _next_reserve(session: Session, draw: Draw, code: str, stratum: str) -> str:
    used = {row.came_identifier for row in _replacements(session, draw) if row.item_code == code}
    query = (
        select(DrawnTarget.identifier)
        .where(
            DrawnTarget.draw_id == draw.id,
            DrawnTarget.item_code == code,
            DrawnTarget.stratum == stratum,
            DrawnTarget.is_reserve,
        )
        .order_by(DrawnTarget.rank)
    )
    for identifier in session.scalars(query):
        if identifier not in used:
            return identifier
    raise NoReserveLeft(item=code, stratum=stratum)


def _replacements(session: Session, draw: Draw) -> Sequence[TargetReplacement]:
    query = select(TargetReplacement).where(TargetReplacement.draw_id == draw.id)
    return session.scalars(query.order_by(TargetReplacement.id)).all()


def _row(
    draw: Draw,
    code: str,
    stratum: str,
    left: str,
    came: str,
    evidence: str,
    digest: str,
    actor: User,
    witness: User,
    now: datetime,
) -> dict[str, object]:
    return {
        "draw_id": draw.id,
        "item_code": code,
        "stratum": stratum,
        "left_identifier": left,
        "came_identifier": came,
        "evidence": evidence,
        "evidence_hash": digest,
        "actor_id": actor.id,
        "witness_id": witness.id,
        "at": now,
    }
