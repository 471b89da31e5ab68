"""案件移送 (R70, R71): which steps each kind of transfer has, and what has to lie in the file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from app.domain.errors import DomainError
from app.domain.lifecycle import TRANSFER, may
from app.domain.vocabulary import ClockKind, TransferAct, TransferKind, TransferState


class StepNotOfThisKind(DomainError):
    """The step belongs to another kind of transfer; param act."""

    code = "step_not_of_this_kind"


class OfficersMissing(DomainError):
    """Two officers or more report on a suspected crime (R70); param needed."""

    code = "officers_missing"


class DocumentsMissing(DomainError):
    """A case goes to the police with its documents (R70); param missing."""

    code = "documents_missing"


class LettersMissing(DomainError):
    """无法联系 is presumed after two letters unanswered, 15 to 30 days apart (R62)."""

    code = "letters_missing"


class UnreachableWhileDormant(DomainError):
    """A dormant enterprise lawfully has no premises; it is reached at its address for service (R12)."""

    code = "unreachable_while_dormant"


OFFICERS = 2
POLICE_DOCUMENTS = ("涉嫌犯罪案件移送书", "案件调查报告", "涉案物品清单", "检验报告或者鉴定结论")
"""What the file holds beside other material (移送规定 art. 6); one that does not exist is named as such."""
LETTERS_APART = (15, 30)
"""Days between the two letters, at least and at most (R62)."""

RUNNING_CLOCK: Mapping[TransferState, ClockKind] = MappingProxyType(
    {
        TransferState.REPORTED: ClockKind.POLICE_DECISION,
        TransferState.APPROVED: ClockKind.POLICE_TRANSFER,
        TransferState.SENT: ClockKind.POLICE_REPLY,
        TransferState.RECEIVED: ClockKind.POLICE_REPLY,
        TransferState.NOT_FILED: ClockKind.POLICE_OBJECTION,
        TransferState.OBJECTED: ClockKind.POLICE_RECONSIDERATION,
        TransferState.FILED: ClockKind.POLICE_EVIDENCE,
    }
)
"""Which clock runs in a state of a transfer to the police, from its last step on (R70)."""

_AGENCY_ACTS = frozenset({TransferAct.SEND, TransferAct.RECEIVE, TransferAct.ANSWER, TransferAct.DECLINE})
_POLICE_ACTS = frozenset(TransferAct) - {TransferAct.ANSWER, TransferAct.DECLINE}
ACTS: Mapping[TransferKind, frozenset[TransferAct]] = MappingProxyType(
    {
        TransferKind.AGENCY: _AGENCY_ACTS,
        TransferKind.CASE_BODY: _AGENCY_ACTS,
        TransferKind.POLICE: _POLICE_ACTS,
    }
)


def next_acts(kind: TransferKind, state: TransferState) -> list[TransferAct]:
    """The steps that may follow now, in the order of the vocabulary."""
    return [act for act in TransferAct if act in ACTS[kind] and may(TRANSFER, state, act.value)]


def require_act_of(kind: TransferKind, act: TransferAct) -> None:
    """Raise StepNotOfThisKind when transfers of this kind have no such step."""
    if act not in ACTS[kind]:
        raise StepNotOfThisKind(act=act)


def require_officers(count: int) -> None:
    """Raise OfficersMissing for fewer than two (R70)."""
    if count < OFFICERS:
        raise OfficersMissing(needed=OFFICERS)


def require_documents(listed: Collection[str]) -> None:
    """Raise DocumentsMissing unless every document of the list is in the file or named as not existing."""
    missing = [name for name in POLICE_DOCUMENTS if not any(line.startswith(name) for line in listed)]
    if missing:
        raise DocumentsMissing(missing="、".join(missing))


def are_two_letters_apart(unanswered: Collection[date]) -> bool:
    """True when two of the letters posted on these days and unanswered lie 15 to 30 days apart (R62)."""
    least, most = (timedelta(days=days) for days in LETTERS_APART)
    days = sorted(unanswered)
    return any(
        least <= second - first <= most for place, first in enumerate(days) for second in days[place + 1 :]
    )
