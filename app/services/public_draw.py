"""What the public may learn of a draw: its disclosed pages, and what one firm is handed to check its own case."""

from __future__ import annotations

import hashlib
import hmac
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.draw.merkle import (
    RUN,
    Exclusion,
    Inclusion,
    Outline,
    is_included,
    parse_outline,
    prove,
    prove_absent,
)
from app.domain.draw.proof import FirmProof, ProofFailed, Standing, prove_firm, prove_missing
from app.domain.draw.record import Plan, Result, parse_plan, parse_result
from app.domain.draw.roster import clean_identifier, salt_of
from app.domain.draw.ticket import shell_line, ticket
from app.domain.errors import DomainError
from app.domain.vocabulary import DisclosureKind, DrawState
from app.models import Disclosure, Draw, DrawnTarget, LogEntry, TargetReplacement
from app.services import audit
from app.services.bundle import DrawNotDone
from app.services.storage import fetch_lines
from app.services.transaction import fetch, transaction

CHECK_LENGTH = 12


class CheckNumberWrong(DomainError):
    """The check number is not the one that belongs to this credit code and draw."""

    code = "check_number_wrong"


class DrawNotSealed(DomainError):
    """An open draw has no check numbers; everything in it is public."""

    code = "draw_not_sealed"


class NotOnRoster(DomainError):
    """The credit code does not stand on the frozen roster."""

    code = "not_on_roster"


class Stage(StrEnum):
    """How far a draw is disclosed."""

    PLANNED = "planned"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    VOID = "void"


class Verdict(StrEnum):
    """What the draw decided about one firm."""

    DRAWN = "drawn"
    NOT_DRAWN = "not_drawn"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class PublicDraw:
    """A draw as far as disclosures let it be seen.

    `notice` is the disclosure of its plan, `outcome` that of its result, `changes` are those of later
    changes of the teams.
    """

    draw: Draw
    stage: Stage
    notice: Disclosure
    outcome: Disclosure | None
    changes: tuple[Disclosure, ...] = ()


@dataclass(frozen=True, slots=True)
class Lots:
    """A firm's public ticket under one key, with the line that computes it."""

    purpose: str
    ticket: str
    shell: str


@dataclass(frozen=True, slots=True)
class Swapped:
    """补位: in this item the firm `left`, and the reserve `came` took its place; both on the public log."""

    item: str
    left: str
    came: str


@dataclass(frozen=True, slots=True)
class Case:
    """企业自查: one firm's verdict with everything that proves it.

    `leaf` is the row as it stands in the published file. Without check number in the sealed form
    (`locked`) there is no `proof`: the row, the salt and the strata stay with the firm (R29).
    """

    identifier: str
    verdict: Verdict
    leaf: str | None
    inclusion: Inclusion | None
    exclusion: Exclusion | None
    proof: FirmProof | None
    lots: tuple[Lots, ...]
    ranks: dict[str, int]
    locked: bool
    swapped: tuple[Swapped, ...] = ()

    @property
    def standings(self) -> tuple[Standing, ...]:
        """How the ticket compares, item by item; empty when not known or not on the roster."""
        return self.proof.standings if self.proof else ()


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an identifier stands or would stand: `run[at]` is the first row that is not before it."""

    before: list[bytes]
    run: list[bytes]
    first: int
    at: int


def find_public(session: Session, number: str) -> PublicDraw | None:
    """The draw of that number once its notice has been disclosed and not withdrawn, else None."""
    draw = session.scalar(select(Draw).where(Draw.number == number))
    if draw is None:
        return None
    told = _disclosed(session, draw)
    notice = next((each for each in told if each.kind == DisclosureKind.TASK), None)
    outcome = next((each for each in told if "result_hash" in each.body), None)
    if notice is None or (notice.withdrawn_at is not None and outcome is None):
        return None
    changes = tuple(each for each in told if "changes" in each.body and each.withdrawn_at is None)
    return PublicDraw(draw, _stage(draw, outcome), notice, outcome, changes)


def is_open_to_check(found: PublicDraw) -> bool:
    """Whether the bundle and the proofs may be handed out."""
    return found.stage in (Stage.DONE, Stage.VOID) and found.outcome is not None


def public_log(session: Session, found: PublicDraw) -> list[LogEntry]:
    """The draw's entries of the log: the plan at once, the rest with the disclosed result."""
    query = select(LogEntry).where(LogEntry.draw_id == found.draw.id).order_by(LogEntry.number)
    entries = list(session.scalars(query))
    return entries if found.outcome is not None or found.stage == Stage.VOID else entries[:1]


def check_number(draw: Draw, identifier: str) -> str:
    """校验号 of a firm for one draw: 48 bits of HMAC-SHA256 under the draw's secret, `xxxx-xxxx-xxxx`.

    The HMAC input differs from that of the salt (an identifier has no line feed), so that the number
    tells nothing about the salt and none about other firms or other draws.
    """
    text = f"ssj/1/check\n{identifier}".encode("ascii")
    digits = hmac.new((draw.salt_secret or "").encode(), text, hashlib.sha256).hexdigest()[:CHECK_LENGTH]
    return "-".join(digits[start : start + 4] for start in range(0, CHECK_LENGTH, 4))


def case_of(session: Session, draw: Draw, typed: str, check: str | None = None) -> Case:
    """Answer one firm: row, proof, tickets, cutoffs, rank; or the proof that it is not on the roster.

    `check` is asked for in the sealed form only. Raises IdentifierInvalid, CheckNumberWrong, DrawNotDone.
    """
    identifier = clean_identifier(typed)
    if draw.result_record is None:
        raise DrawNotDone(draw=draw.number)
    plan, result = parse_plan(draw.plan_record), parse_result(draw.result_record)
    outline = parse_outline(draw.roster_outline)
    public_file = draw.leaves_file or draw.roster_file
    spot = _find(fetch_lines(session, public_file), identifier)
    if not _stands_at(spot, identifier):
        return _absent(plan, result, identifier, _exclusion(outline, spot, identifier))
    inclusion = prove(outline, spot.first + spot.at, spot.run)
    proof = _proof(session, draw, plan, result, inclusion, check)
    ranks = _ranks(session, draw, identifier)
    return Case(
        identifier=identifier,
        verdict=Verdict.DRAWN if ranks else Verdict.NOT_DRAWN,
        leaf=inclusion.row,
        inclusion=inclusion,
        exclusion=None,
        proof=proof,
        lots=_lots(plan, result, identifier),
        ranks=ranks if proof else {},
        locked=proof is None,
        swapped=_swapped(session, draw, identifier),
    )


def tell_check_number(draw_id: int, typed: str, actor: User) -> str:
    """Tell a firm of a sealed draw its check number; on record, because it opens the firm's own stratum.

    Raises NotFound, DrawNotSealed, IdentifierInvalid, NotOnRoster.
    """
    with transaction() as session:
        draw = fetch(session, Draw, draw_id)
        if draw.leaves_file is None:
            raise DrawNotSealed(draw=draw.number)
        identifier = clean_identifier(typed)
        if not _stands_at(_find(fetch_lines(session, draw.leaves_file), identifier), identifier):
            raise NotOnRoster(identifier=identifier)
        audit.record(session, actor, "draw:check_number", draw.number, {"identifier": identifier})
        return check_number(draw, identifier)


def _disclosed(session: Session, draw: Draw) -> list[Disclosure]:
    """Everything disclosed of this draw, newest first."""
    kinds = (DisclosureKind.TASK, DisclosureKind.DRAW)
    query = (
        select(Disclosure)
        .where(Disclosure.kind.in_(kinds), Disclosure.subject_id == draw.task_id)
        .order_by(Disclosure.id.desc())
    )
    return [each for each in session.scalars(query) if each.body.get("draw") == draw.number]


def _stage(draw: Draw, outcome: Disclosure | None) -> Stage:
    if outcome is not None and outcome.withdrawn_at is not None:
        return Stage.WITHDRAWN
    if draw.state == DrawState.VOID:
        return Stage.VOID
    return Stage.PLANNED if outcome is None else Stage.DONE


def _find(lines: Iterator[bytes], identifier: str) -> Spot:
    """Read run by run up to the first that does not end before the identifier."""
    wanted, before, run, first = identifier.encode("ascii"), list[bytes](), list[bytes](), 0
    while following := list(islice(lines, RUN)):
        before, run, first = run, following, first + len(run)
        if _name(run[-1]) >= wanted:
            break
    return Spot(before, run, first, bisect_left(run, wanted, key=_name))


def _name(row: bytes) -> bytes:
    return row.partition(b"\t")[0]


def _stands_at(spot: Spot, identifier: str) -> bool:
    return spot.at < len(spot.run) and _name(spot.run[spot.at]) == identifier.encode("ascii")


def _exclusion(outline: Outline, spot: Spot, identifier: str) -> Exclusion:
    index = spot.first + spot.at
    left_run = spot.run if spot.at else spot.before
    left = prove(outline, index - 1, left_run) if index else None
    right = prove(outline, index, spot.run) if index < outline.size else None
    return prove_absent(identifier, left, right)


def _absent(plan: Plan, result: Result, identifier: str, exclusion: Exclusion) -> Case:
    proof = prove_missing(plan, identifier, exclusion)
    lots = _lots(plan, result, identifier)
    return Case(identifier, Verdict.ABSENT, None, None, exclusion, proof, lots, {}, False)


def _proof(
    session: Session, draw: Draw, plan: Plan, result: Result, inclusion: Inclusion, check: str | None
) -> FirmProof | None:
    if not plan.sealed:
        return prove_firm(plan, result, inclusion.row, inclusion)
    if not is_included(inclusion, plan.roster_n, plan.roster_root, plan.alg):
        raise ProofFailed(what="inclusion")
    if not check:
        return None
    identifier = inclusion.row.partition("\t")[0]
    if not _matches(check, check_number(draw, identifier)):
        raise CheckNumberWrong()
    row = next(islice(fetch_lines(session, draw.roster_file), inclusion.index, None)).decode("ascii")
    salt = salt_of((draw.salt_secret or "").encode(), identifier)
    return prove_firm(plan, result, row, inclusion, salt)


def _matches(typed: str, right: str) -> bool:
    bare = typed.replace("-", "").replace(" ", "").lower()
    return hmac.compare_digest(bare.encode(), right.replace("-", "").encode())


def _lots(plan: Plan, result: Result, identifier: str) -> tuple[Lots, ...]:
    return tuple(
        Lots(purpose, ticket(plan.alg, key, identifier), shell_line(plan.alg, key, identifier))
        for purpose, key in result.keys
    )


def _ranks(session: Session, draw: Draw, identifier: str) -> dict[str, int]:
    """The firm's place in the drawing order of each item that drew it."""
    query = select(DrawnTarget.item_code, DrawnTarget.rank).where(
        DrawnTarget.draw_id == draw.id, DrawnTarget.identifier == identifier, ~DrawnTarget.is_reserve
    )
    return {item: rank for item, rank in session.execute(query)}


def _swapped(session: Session, draw: Draw, identifier: str) -> tuple[Swapped, ...]:
    left, came = TargetReplacement.left_identifier, TargetReplacement.came_identifier
    query = (
        select(TargetReplacement.item_code, left, came)
        .where(TargetReplacement.draw_id == draw.id, or_(left == identifier, came == identifier))
        .order_by(TargetReplacement.id)
    )
    return tuple(Swapped(*row) for row in session.execute(query))
