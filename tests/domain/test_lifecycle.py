"""Every state machine: what its table does not allow is refused, and the table itself obeys the rules."""

import pytest

from app.domain import lifecycle
from app.domain.lifecycle import (
    APPROVAL,
    CREDIT,
    DRAW,
    FINDING,
    JOB,
    JOINT,
    MAIL,
    MEMBER,
    NOTICE,
    OBJECTION,
    OFFER,
    PART,
    PLAN,
    PROPOSAL,
    RECTIFICATION,
    RECUSAL,
    SPECIAL,
    TASK,
    TRANSFER,
    UNDRAWN_TASK,
    VERSION,
    VISIT,
    WARNING,
    IllegalTransition,
    advance,
    may,
)
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
    TaskState,
    TransferState,
    VersionState,
    VisitState,
    WarningState,
)

UNDRAWN = (
    TaskState.READY,
    TaskState.INSPECTING,
    TaskState.UNDER_REVIEW,
    TaskState.RESULTS_DISCLOSED,
    TaskState.ARCHIVED,
)
MACHINES = {
    "plan": (PLAN, PlanState),
    "version": (VERSION, VersionState),
    "task": (TASK, [state for state in TaskState if state != TaskState.READY]),
    "undrawn task": (UNDRAWN_TASK, UNDRAWN),
    "draw": (DRAW, DrawState),
    "visit": (VISIT, VisitState),
    "finding": (FINDING, FindingState),
    "recusal": (RECUSAL, RecusalState),
    "job": (JOB, JobState),
    "approval": (APPROVAL, ApprovalState),
    "special": (SPECIAL, SpecialState),
    "warning": (WARNING, WarningState),
    "proposal": (PROPOSAL, ProposalState),
    "rectification": (RECTIFICATION, RectificationState),
    "transfer": (TRANSFER, TransferState),
    "notice": (NOTICE, NoticeState),
    "objection": (OBJECTION, ObjectionState),
    "credit": (CREDIT, CreditState),
    "offer": (OFFER, OfferState),
    "joint line": (JOINT, JointState),
    "member of a joint line": (MEMBER, MemberState),
    "part of a joint task": (PART, PartState),
    "mail": (MAIL, [state for state in MailState if state != MailState.INSIDE]),
}
BACKWARDS = {"return", "void", "cancel", "resume", "retry", "correct", "fail", "ask_again"}


def pairs(machine, states):
    """Every (state, event) of a machine."""
    return [(state, event) for state in states for event in sorted({event for _, event in machine})]


def lawful():
    """Every (machine, state, event) that the tables allow."""
    for name, (machine, states) in MACHINES.items():
        for state, event in pairs(machine, states):
            if (state, event) in machine:
                yield pytest.param(machine, state, event, id=f"{name}-{state}-{event}")


def reached(machine, start, without=()):
    """The states that can be reached from `start` while the events `without` do not happen."""
    found, fresh = {start}, {start}
    while fresh:
        fresh = {
            target
            for (state, event), target in machine.items()
            if state in fresh and event not in without and target not in found
        }
        found |= fresh
    return found


def test_no_machine_is_left_out_here():
    tables = [value for name, value in vars(lifecycle).items() if name.isupper() and isinstance(value, dict)]
    tested = {id(machine) for machine, _ in MACHINES.values()}
    assert tested == {id(table) for table in tables}


@pytest.mark.parametrize(("machine", "states"), MACHINES.values(), ids=MACHINES)
def test_an_absent_edge_is_refused_by_name(machine, states):
    absent = [pair for pair in pairs(machine, states) if pair not in machine]
    assert [pair for pair in absent if not is_refused(machine, *pair)] == []


def is_refused(machine, state, event):
    try:
        advance(machine, state, event)
    except IllegalTransition as refusal:
        named = (refusal.code, refusal.params) == ("illegal_transition", {"state": state, "event": event})
        return named and not may(machine, state, event)
    return False


@pytest.mark.parametrize(("machine", "state", "event"), list(lawful()))
def test_a_lawful_event_leads_to_a_state_of_the_same_machine(machine, state, event):
    assert type(advance(machine, state, event)) is type(state)
    assert may(machine, state, event)


@pytest.mark.parametrize("name", MACHINES)
def test_an_unknown_event_is_refused_in_every_state(name):
    machine, states = MACHINES[name]
    for state in states:
        with pytest.raises(IllegalTransition):
            advance(machine, state, "delete")


@pytest.mark.parametrize("name", MACHINES)
def test_every_state_can_be_reached_from_the_first(name):
    machine, states = MACHINES[name]
    assert reached(machine, next(iter(states))) == set(states)


@pytest.mark.parametrize(
    ("machine", "first", "last", "steps"),
    [
        (PLAN, PlanState.DRAFT, PlanState.DISCLOSED, ["submit", "approve", "file", "disclose"]),
        (
            TASK,
            TaskState.DRAFT,
            TaskState.ARCHIVED,
            [
                "freeze",
                "seed",
                "draw",
                "match",
                "disclose",
                "inspect",
                "review",
                "disclose_results",
                "archive",
            ],
        ),
        (
            VISIT,
            VisitState.PLANNED,
            VisitState.ARCHIVED,
            ["record", "submit", "review", "disclose", "archive"],
        ),
        (
            UNDRAWN_TASK,
            TaskState.READY,
            TaskState.ARCHIVED,
            ["inspect", "review", "disclose_results", "archive"],
        ),
        (
            SPECIAL,
            SpecialState.DRAFT,
            SpecialState.CLOSED,
            ["approve", "file", "disclose", "close"],
        ),
        (FINDING, FindingState.UNCHECKED, FindingState.DISCLOSED, ["record", "submit", "review", "disclose"]),
        (DRAW, DrawState.PLANNED, DrawState.DRAWN, ["seed", "draw"]),
        (VERSION, VersionState.DRAFT, VersionState.WITHDRAWN, ["publish", "withdraw"]),
    ],
    ids=["plan", "task", "visit", "undrawn task", "special", "finding", "draw", "version"],
)
def test_no_step_of_a_life_can_be_left_out(machine, first, last, steps):
    state = first
    for step in steps:
        assert last not in reached(machine, first, without={step})
        state = advance(machine, state, step)
    assert state == last


@pytest.mark.parametrize(
    ("machine", "state"),
    [
        (PLAN, PlanState.DISCLOSED),
        (VERSION, VersionState.WITHDRAWN),
        (TASK, TaskState.ARCHIVED),
        (DRAW, DrawState.VOID),
        (VISIT, VisitState.ARCHIVED),
        (VISIT, VisitState.CANCELLED),
        (RECUSAL, RecusalState.GRANTED),
        (RECUSAL, RecusalState.REFUSED),
        *((RECTIFICATION, state) for state in sorted(lifecycle.RECTIFICATION_ENDED)),
        *((TRANSFER, state) for state in sorted(lifecycle.TRANSFER_ENDED)),
        *((NOTICE, state) for state in sorted(lifecycle.NOTICE_ENDED)),
        *((OBJECTION, state) for state in sorted(lifecycle.OBJECTION_ENDED)),
        (CREDIT, CreditState.RESTORED),
    ],
)
def test_an_end_is_an_end(machine, state):
    assert [event for source, event in machine if source == state] == []


@pytest.mark.parametrize("name", MACHINES)
def test_only_a_return_a_void_or_a_correction_leads_backwards(name):
    machine, states = MACHINES[name]
    order = list(states)
    for (state, event), target in machine.items():
        if order.index(target) < order.index(state):
            assert event in BACKWARDS or (state, event) == (FindingState.RETURNED, "record")


def test_r58_a_disclosed_finding_only_changes_by_a_correction():
    assert [event for source, event in FINDING if source == FindingState.DISCLOSED] == ["correct"]


def test_r31_a_draw_is_drawn_once():
    assert [state for state, event in DRAW if event == "draw"] == [DrawState.SEEDED]
    assert [state for state, event in DRAW if event == "seed"] == [DrawState.PLANNED]


def test_r31_a_disclosed_draw_cannot_be_voided():
    voidable = {state for state, event in TASK if event == "void"}
    assert voidable == {TaskState.FROZEN, TaskState.SEEDED, TaskState.DRAWN, TaskState.MATCHED}
