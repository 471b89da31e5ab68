"""追责时效 and 首违不罚 (行政处罚法 art. 33, 36; R66, R67)."""

from __future__ import annotations

from datetime import date

from app.domain.errors import DomainError
from app.domain.publication import add_months
from app.domain.vocabulary import Harm, Leniency, PenaltyType

YEARS = 2
"""A breach found later than so many years after it ended is not penalised any more (R67)."""
YEARS_FOR_SAFETY = 5
"""For life, health or financial safety with harm done (R67)."""


class ViolatedInFuture(DomainError):
    """The day of a breach lies after today; params day and today."""

    code = "violated_in_future"


class LeniencyNotLawful(DomainError):
    """The decision is not among those that the law leaves open; params decision and lawful."""

    code = "leniency_not_lawful"


def limitation_ends(violated_on: date, endangers_safety: bool = False) -> date:
    """The last day on which the breach may still be penalised (R67)."""
    return add_months(violated_on, 12 * (YEARS_FOR_SAFETY if endangers_safety else YEARS))


def is_time_barred(violated_on: date, found_on: date, endangers_safety: bool = False) -> bool:
    """True when the breach was found after its time; the chief decides, the system only warns."""
    return found_on > limitation_ends(violated_on, endangers_safety)


def lenient_choices(is_minor: bool, is_first: bool, is_corrected: bool, harm: Harm) -> tuple[Leniency, ...]:
    """What the law leaves open (R66).

    A minor breach put right in time and without harm is not penalised; a first breach with slight harm put
    right in time need not be; everything else is penalised as the law says.
    """
    if is_corrected and is_minor and harm == Harm.NONE:
        return (Leniency.NO_PENALTY,)
    if is_corrected and is_first and harm != Harm.GRAVE:
        return (Leniency.MAY_WAIVE, Leniency.PENALTY)
    return (Leniency.PENALTY,)


def require_lawful(
    decision: Leniency, is_minor: bool, is_first: bool, is_corrected: bool, harm: Harm
) -> None:
    """Raise LeniencyNotLawful when the decision is not open in this case (R66)."""
    choices = lenient_choices(is_minor, is_first, is_corrected, harm)
    if decision not in choices:
        raise LeniencyNotLawful(decision=decision, lawful="、".join(choice.label for choice in choices))


def counted_penalty(penalties: frozenset[PenaltyType]) -> PenaltyType:
    """Under which type one decision with several penalties counts: the last in the order, a named one before
    其他 (R78)."""
    named = penalties - {PenaltyType.OTHER}
    return max(named or penalties, key=lambda penalty: penalty.value)
