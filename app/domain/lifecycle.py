"""Every state machine of the system as one table (state, event) → state; an absent edge is forbidden."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from app.domain.errors import DomainError
from app.domain.vocabulary import (
    ApprovalState,
    CreditState,
    DrawState,
    FindingState,
    JobState,
    JointState,
    MailState,
    MemberState,
    NoticeState,
    ObjectionState,
    OfferState,
    PartState,
    PlanState,
    ProposalState,
    RectificationState,
    RecusalState,
    SpecialState,
    TaskKind,
    TaskState,
    Term,
    TransferState,
    VersionState,
    VisitState,
    WarningState,
)

S = TypeVar("S", bound=Term)


class IllegalTransition(DomainError):
    """The event is not lawful in this state."""

    code = "illegal_transition"


PLAN: Mapping[tuple[PlanState, str], PlanState] = {
    (PlanState.DRAFT, "submit"): PlanState.SUBMITTED,
    (PlanState.SUBMITTED, "return"): PlanState.DRAFT,
    (PlanState.SUBMITTED, "approve"): PlanState.APPROVED,
    (PlanState.APPROVED, "file"): PlanState.FILED,
    (PlanState.FILED, "disclose"): PlanState.DISCLOSED,
}

VERSION: Mapping[tuple[VersionState, str], VersionState] = {
    (VersionState.DRAFT, "publish"): VersionState.PUBLISHED,
    (VersionState.PUBLISHED, "withdraw"): VersionState.WITHDRAWN,
}

TASK: Mapping[tuple[TaskState, str], TaskState] = {
    (TaskState.DRAFT, "freeze"): TaskState.FROZEN,
    (TaskState.FROZEN, "seed"): TaskState.SEEDED,
    (TaskState.SEEDED, "draw"): TaskState.DRAWN,
    (TaskState.DRAWN, "match"): TaskState.MATCHED,
    (TaskState.MATCHED, "disclose"): TaskState.DISCLOSED,
    (TaskState.DISCLOSED, "inspect"): TaskState.INSPECTING,
    (TaskState.INSPECTING, "review"): TaskState.UNDER_REVIEW,
    (TaskState.UNDER_REVIEW, "return"): TaskState.INSPECTING,
    (TaskState.UNDER_REVIEW, "disclose_results"): TaskState.RESULTS_DISCLOSED,
    (TaskState.RESULTS_DISCLOSED, "archive"): TaskState.ARCHIVED,
    (TaskState.FROZEN, "void"): TaskState.DRAFT,
    (TaskState.SEEDED, "void"): TaskState.DRAFT,
    (TaskState.DRAWN, "void"): TaskState.DRAFT,
    (TaskState.MATCHED, "void"): TaskState.DRAFT,
}

UNDRAWN_TASK: Mapping[tuple[TaskState, str], TaskState] = {
    (TaskState.READY, "inspect"): TaskState.INSPECTING,
    (TaskState.INSPECTING, "review"): TaskState.UNDER_REVIEW,
    (TaskState.UNDER_REVIEW, "return"): TaskState.INSPECTING,
    (TaskState.UNDER_REVIEW, "disclose_results"): TaskState.RESULTS_DISCLOSED,
    (TaskState.RESULTS_DISCLOSED, "archive"): TaskState.ARCHIVED,
}

DRAW: Mapping[tuple[DrawState, str], DrawState] = {
    (DrawState.PLANNED, "seed"): DrawState.SEEDED,
    (DrawState.SEEDED, "draw"): DrawState.DRAWN,
    (DrawState.PLANNED, "void"): DrawState.VOID,
    (DrawState.SEEDED, "void"): DrawState.VOID,
    (DrawState.DRAWN, "void"): DrawState.VOID,
}

VISIT: Mapping[tuple[VisitState, str], VisitState] = {
    (VisitState.PLANNED, "record"): VisitState.RECORDED,
    (VisitState.RECORDED, "record"): VisitState.RECORDED,
    (VisitState.RECORDED, "submit"): VisitState.UNDER_REVIEW,
    (VisitState.UNDER_REVIEW, "return"): VisitState.RECORDED,
    (VisitState.UNDER_REVIEW, "review"): VisitState.REVIEWED,
    (VisitState.REVIEWED, "disclose"): VisitState.DISCLOSED,
    (VisitState.DISCLOSED, "archive"): VisitState.ARCHIVED,
    (VisitState.PLANNED, "cancel"): VisitState.CANCELLED,
}

FINDING: Mapping[tuple[FindingState, str], FindingState] = {
    (FindingState.UNCHECKED, "record"): FindingState.RECORDED,
    (FindingState.RECORDED, "record"): FindingState.RECORDED,
    (FindingState.RETURNED, "record"): FindingState.RECORDED,
    (FindingState.RECORDED, "submit"): FindingState.SUBMITTED,
    (FindingState.SUBMITTED, "return"): FindingState.RETURNED,
    (FindingState.SUBMITTED, "review"): FindingState.REVIEWED,
    (FindingState.REVIEWED, "disclose"): FindingState.DISCLOSED,
    (FindingState.DISCLOSED, "correct"): FindingState.SUBMITTED,
    (FindingState.RETURNED, "correct"): FindingState.SUBMITTED,
    (FindingState.UNCHECKED, "withdraw"): FindingState.WITHDRAWN,
}

RECUSAL: Mapping[tuple[RecusalState, str], RecusalState] = {
    (RecusalState.REQUESTED, "grant"): RecusalState.GRANTED,
    (RecusalState.REQUESTED, "refuse"): RecusalState.REFUSED,
}

JOB: Mapping[tuple[JobState, str], JobState] = {
    (JobState.QUEUED, "start"): JobState.RUNNING,
    (JobState.QUEUED, "cancel"): JobState.CANCELLED,
    (JobState.RUNNING, "finish"): JobState.DONE,
    (JobState.RUNNING, "fail"): JobState.FAILED,
    (JobState.RUNNING, "cancel"): JobState.CANCELLED,
    (JobState.RUNNING, "resume"): JobState.QUEUED,
    (JobState.FAILED, "retry"): JobState.QUEUED,
    (JobState.CANCELLED, "retry"): JobState.QUEUED,
}

APPROVAL: Mapping[tuple[ApprovalState, str], ApprovalState] = {
    (ApprovalState.APPLIED, "approve"): ApprovalState.APPROVED,
    (ApprovalState.APPLIED, "refuse"): ApprovalState.REFUSED,
}

SPECIAL: Mapping[tuple[SpecialState, str], SpecialState] = {
    (SpecialState.DRAFT, "approve"): SpecialState.APPROVED,
    (SpecialState.APPROVED, "file"): SpecialState.FILED,
    (SpecialState.FILED, "disclose"): SpecialState.DISCLOSED,
    (SpecialState.DISCLOSED, "close"): SpecialState.CLOSED,
}

WARNING: Mapping[tuple[WarningState, str], WarningState] = {
    (WarningState.FOUND, "assess"): WarningState.ASSESSED,
    (WarningState.ASSESSED, "report"): WarningState.REPORTED,
    (WarningState.ASSESSED, "handle"): WarningState.HANDLED,
    (WarningState.REPORTED, "handle"): WarningState.HANDLED,
    (WarningState.ASSESSED, "lift"): WarningState.LIFTED,
    (WarningState.REPORTED, "lift"): WarningState.LIFTED,
    (WarningState.HANDLED, "lift"): WarningState.LIFTED,
    (WarningState.ASSESSED, "dismiss"): WarningState.LIFTED,
    (WarningState.REPORTED, "dismiss"): WarningState.LIFTED,
    (WarningState.HANDLED, "dismiss"): WarningState.LIFTED,
}

PROPOSAL: Mapping[tuple[ProposalState, str], ProposalState] = {
    (ProposalState.OPEN, "adopt"): ProposalState.ADOPTED,
    (ProposalState.OPEN, "decline"): ProposalState.DECLINED,
}

RECTIFICATION: Mapping[tuple[RectificationState, str], RectificationState] = {
    (RectificationState.ORDERED, "prove"): RectificationState.PROVEN,
    (RectificationState.REOPENED, "prove"): RectificationState.PROVEN,
    (RectificationState.PROVEN, "prove"): RectificationState.PROVEN,
    (RectificationState.ORDERED, "pass"): RectificationState.CLOSED,
    (RectificationState.PROVEN, "pass"): RectificationState.CLOSED,
    (RectificationState.REOPENED, "pass"): RectificationState.CLOSED,
    (RectificationState.ORDERED, "fail"): RectificationState.REOPENED,
    (RectificationState.PROVEN, "fail"): RectificationState.REOPENED,
    (RectificationState.REOPENED, "fail"): RectificationState.REOPENED,
    (RectificationState.ORDERED, "extend"): RectificationState.ORDERED,
    (RectificationState.REOPENED, "extend"): RectificationState.REOPENED,
    (RectificationState.ORDERED, "revoke"): RectificationState.REVOKED,
    (RectificationState.PROVEN, "revoke"): RectificationState.REVOKED,
    (RectificationState.REOPENED, "revoke"): RectificationState.REVOKED,
}
RECTIFICATION_ENDED = frozenset({RectificationState.CLOSED, RectificationState.REVOKED})

TRANSFER: Mapping[tuple[TransferState, str], TransferState] = {
    (TransferState.REPORTED, "approve"): TransferState.APPROVED,
    (TransferState.REPORTED, "refuse"): TransferState.NOT_APPROVED,
    (TransferState.APPROVED, "send"): TransferState.SENT,
    (TransferState.RECEIVED, "file"): TransferState.FILED,
    (TransferState.RECEIVED, "not_file"): TransferState.NOT_FILED,
    (TransferState.NOT_FILED, "object"): TransferState.OBJECTED,
    (TransferState.NOT_FILED, "accept"): TransferState.UPHELD,
    (TransferState.OBJECTED, "file"): TransferState.FILED,
    (TransferState.OBJECTED, "uphold"): TransferState.UPHELD,
    (TransferState.FILED, "hand_over"): TransferState.HANDED_OVER,
    (TransferState.SENT, "receive"): TransferState.RECEIVED,
    (TransferState.SENT, "answer"): TransferState.ANSWERED,
    (TransferState.RECEIVED, "answer"): TransferState.ANSWERED,
    (TransferState.SENT, "decline"): TransferState.DECLINED,
    (TransferState.RECEIVED, "decline"): TransferState.DECLINED,
}

TRANSFER_ENDED = frozenset(
    {
        TransferState.ANSWERED,
        TransferState.DECLINED,
        TransferState.NOT_APPROVED,
        TransferState.UPHELD,
        TransferState.HANDED_OVER,
    }
)

NOTICE: Mapping[tuple[NoticeState, str], NoticeState] = {
    (NoticeState.SENT, "receive"): NoticeState.RECEIVED,
    (NoticeState.SENT, "answer"): NoticeState.ANSWERED,
    (NoticeState.RECEIVED, "answer"): NoticeState.ANSWERED,
}
NOTICE_ENDED = frozenset({NoticeState.ANSWERED})

OBJECTION: Mapping[tuple[ObjectionState, str], ObjectionState] = {
    (ObjectionState.RECEIVED, "register"): ObjectionState.REGISTERED,
    (ObjectionState.RECEIVED, "dismiss"): ObjectionState.DISMISSED,
    (ObjectionState.REGISTERED, "accept"): ObjectionState.ACCEPTED,
    (ObjectionState.REGISTERED, "refuse"): ObjectionState.REFUSED,
}
OBJECTION_ENDED = frozenset({ObjectionState.ACCEPTED, ObjectionState.REFUSED, ObjectionState.DISMISSED})

CREDIT: Mapping[tuple[CreditState, str], CreditState] = {
    (CreditState.CURRENT, "restore"): CreditState.RESTORED,
    (CreditState.CURRENT, "expire"): CreditState.EXPIRED,
    (CreditState.CURRENT, "replace"): CreditState.REPLACED,
    (CreditState.CURRENT, "withdraw"): CreditState.WITHDRAWN,
}

OFFER: Mapping[tuple[OfferState, str], OfferState] = {
    (OfferState.OPEN, "join"): OfferState.JOINED,
    (OfferState.OPEN, "list"): OfferState.ALONE,
    (OfferState.OPEN, "put_aside"): OfferState.ASIDE,
    (OfferState.JOINED, "return"): OfferState.OPEN,
    (OfferState.ASIDE, "return"): OfferState.OPEN,
}

JOINT: Mapping[tuple[JointState, str], JointState] = {
    (JointState.FORMED, "confirm"): JointState.CONSULTING,
    (JointState.FORMED, "dissolve"): JointState.DISSOLVED,
    (JointState.CONSULTING, "agree"): JointState.AGREED,
    (JointState.CONSULTING, "dissolve"): JointState.DISSOLVED,
}

MEMBER: Mapping[tuple[MemberState, str], MemberState] = {
    (MemberState.INVITED, "accept"): MemberState.ACCEPTED,
    (MemberState.INVITED, "decline"): MemberState.DECLINED,
    (MemberState.INVITED, "release"): MemberState.RELEASED,
    (MemberState.ACCEPTED, "decline"): MemberState.DECLINED,
    (MemberState.DECLINED, "ask_again"): MemberState.INVITED,
    (MemberState.DECLINED, "release"): MemberState.RELEASED,
}

PART: Mapping[tuple[PartState, str], PartState] = {
    (PartState.ASKED, "confirm"): PartState.CONFIRMED,
    (PartState.ASKED, "withdraw"): PartState.WITHDRAWN,
    (PartState.CONFIRMED, "withdraw"): PartState.WITHDRAWN,
}

MAIL: Mapping[tuple[MailState, str], MailState] = {
    (MailState.WAITING, "send"): MailState.SENT,
    (MailState.WAITING, "give_up"): MailState.FAILED,
    (MailState.FAILED, "retry"): MailState.WAITING,
}


def advance(machine: Mapping[tuple[S, str], S], state: S, event: str) -> S:
    """The state that follows `event` in `state`; raises IllegalTransition when the table has no such edge."""
    try:
        return machine[state, event]
    except KeyError:
        raise IllegalTransition(state=state, event=event) from None


def task_machine(kind: TaskKind) -> Mapping[tuple[TaskState, str], TaskState]:
    """The life of a task of this kind: only a random one is drawn (R34)."""
    return TASK if kind == TaskKind.RANDOM else UNDRAWN_TASK


def may(machine: Mapping[tuple[S, str], S], state: S, event: str) -> bool:
    """True when `event` is lawful in `state`; for showing or hiding the next step."""
    return (state, event) in machine
