"""What a change of registration status means for a task that is under way (R12, R33).

Nobody is taken out of the denominator: before the match the next reserve may take the place, afterwards the
status is the result of the visit. 歇业 is neither 无法联系 nor a reason to leave out the visit.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.vocabulary import EntityStatus, ResultCode, StatusStep

RESULT_OF: Mapping[EntityStatus, ResultCode] = {
    EntityStatus.DEREGISTERED: ResultCode.DEREGISTERED,
    EntityStatus.LICENCE_REVOKED: ResultCode.LICENCE_REVOKED,
    EntityStatus.RESCINDED: ResultCode.RESCINDED,
    EntityStatus.MOVED_OUT: ResultCode.MOVED_OUT,
    EntityStatus.CLOSING: ResultCode.CLOSED,
}
"""The result code with which a visit to an enterprise of that status ends (R33, R53)."""

CONCERNED = frozenset({*RESULT_OF, EntityStatus.DORMANT})
"""Statuses that ask for a step in an open task."""


def step_for(status: EntityStatus, *, is_matched: bool) -> StatusStep | None:
    """The next lawful step for a drawn enterprise of that status; None where nothing is to do (R12, R33)."""
    if status == EntityStatus.DORMANT:
        return StatusStep.SERVICE_ADDRESS
    if status not in RESULT_OF:
        return None
    if status == EntityStatus.CLOSING or is_matched:
        return StatusStep.RECORD_RESULT
    return StatusStep.REPLACE
