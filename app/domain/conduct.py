"""组织领导与培训 (art. 12, 16, R87): what a register of the leading group may not contradict."""

from __future__ import annotations

from datetime import date

from app.domain.errors import DomainError


class TaskOutOfOrder(DomainError):
    """A task is due or done before it was given."""

    code = "group_task_out_of_order"


class TrainingNumbersContradict(DomainError):
    """More passed than were examined, or more were examined than came."""

    code = "training_numbers_contradict"


def require_order(given_on: date, due_on: date, done_on: date | None) -> None:
    """Raises TaskOutOfOrder where a task is due or done before it was given."""
    if due_on < given_on or (done_on is not None and done_on < given_on):
        raise TaskOutOfOrder()


def require_numbers(came: int | None, examined: int | None, passed: int | None) -> None:
    """Raises TrainingNumbersContradict; where nobody was counted at an exam, all who came may have passed."""
    present = came or 0
    sat = present if examined is None else examined
    if sat > present or (passed or 0) > sat:
        raise TrainingNumbersContradict()
