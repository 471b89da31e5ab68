"""完结 (R65): what has to have come to its end before a finding is closed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.domain.errors import DomainError
from app.domain.vocabulary import Disposal, OpenStep


class StepsOpen(DomainError):
    """Nothing closes with an open step; params count and steps (their words)."""

    code = "steps_open"


class ClosingNoteMissing(DomainError):
    """其他 and 反馈日常监管 say in words how they ended (R65)."""

    code = "closing_note_missing"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What followed a finding; each sequence says of its steps whether they have ended."""

    is_disclosed: bool
    in_correction: bool
    disposals: frozenset[Disposal]
    rectifications: Sequence[bool] = ()
    transfers: Sequence[bool] = ()
    notices: Sequence[bool] = ()
    objections: Sequence[bool] = ()
    penalties: Sequence[bool] = ()


def open_steps(follow_up: FollowUp) -> tuple[OpenStep, ...]:
    """Why the finding cannot be closed, in the order of the work; empty when it can.

    A disposal that promises a step counts as open until that step was taken and has ended.
    """
    promised = follow_up.disposals
    waiting = {
        OpenStep.DISCLOSURE: not follow_up.is_disclosed and not follow_up.in_correction,
        OpenStep.CORRECTION: follow_up.in_correction,
        OpenStep.RECTIFICATION: _waits(follow_up.rectifications, Disposal.RECTIFY in promised),
        OpenStep.TRANSFER: _waits(follow_up.transfers, Disposal.CASE in promised),
        OpenStep.NOTICE: _waits(follow_up.notices, Disposal.NOTIFIED in promised),
        OpenStep.OBJECTION: not all(follow_up.objections),
        OpenStep.PENALTY: not all(follow_up.penalties),
    }
    return tuple(step for step, is_open in waiting.items() if is_open)


def require_closable(follow_up: FollowUp, note: str) -> None:
    """Raise StepsOpen while a step is open, ClosingNoteMissing where words are owed."""
    waiting = open_steps(follow_up)
    if waiting:
        raise StepsOpen(count=len(waiting), steps="、".join(step.label for step in waiting))
    if needs_note(follow_up.disposals) and not note.strip():
        raise ClosingNoteMissing()


def needs_note(disposals: Collection[Disposal]) -> bool:
    """True where how it ended stands in no step of ours."""
    return bool(set(disposals) & {Disposal.OTHER, Disposal.REFERRED_DAILY})


def _waits(ended: Sequence[bool], promised: bool) -> bool:
    return not all(ended) or (promised and not ended)
