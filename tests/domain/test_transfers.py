"""移送与抄告: which step may follow which, what has to lie in the file, when 无法联系 is shown (R62, R70, R71)."""

from datetime import date, timedelta

import pytest

from app.domain import transfers
from app.domain.lifecycle import TRANSFER, TRANSFER_ENDED, advance
from app.domain.vocabulary import ClockKind, TransferAct, TransferKind, TransferState

DAY = date(2026, 6, 1)


@pytest.mark.parametrize("kind", TransferKind)
def test_r70_r71_each_kind_of_transfer_has_its_own_steps(kind):
    for act in TransferAct:
        if act in transfers.ACTS[kind]:
            transfers.require_act_of(kind, act)
        else:
            with pytest.raises(transfers.StepNotOfThisKind):
                transfers.require_act_of(kind, act)


@pytest.mark.parametrize("kind", TransferKind)
def test_every_transfer_can_come_to_its_end(kind):
    first = TransferState.REPORTED if kind == TransferKind.POLICE else TransferState.SENT
    seen, fresh = set(), {first}
    while fresh:
        seen |= fresh
        fresh = {
            advance(TRANSFER, state, act.value) for state in fresh for act in transfers.next_acts(kind, state)
        } - seen
    for state in seen:
        assert transfers.next_acts(kind, state) or state in TRANSFER_ENDED


def test_r70_a_clock_runs_in_every_state_of_a_transfer_to_the_police_that_waits_for_somebody():
    waiting = {state for state in TransferState if transfers.next_acts(TransferKind.POLICE, state)}
    assert set(transfers.RUNNING_CLOCK) == waiting
    assert transfers.RUNNING_CLOCK[TransferState.APPROVED] == ClockKind.POLICE_TRANSFER


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_r70_two_officers_report(count):
    if count >= 2:
        transfers.require_officers(count)
    else:
        with pytest.raises(transfers.OfficersMissing):
            transfers.require_officers(count)


@pytest.mark.parametrize("left_out", [None, *transfers.POLICE_DOCUMENTS])
def test_r70_every_document_is_in_the_file_or_named_as_not_existing(left_out):
    listed = [f"{name}（无）" for name in transfers.POLICE_DOCUMENTS if name != left_out]
    if left_out is None:
        transfers.require_documents(listed)
    else:
        with pytest.raises(transfers.DocumentsMissing) as refusal:
            transfers.require_documents(listed)
        assert refusal.value.params == {"missing": left_out}


@pytest.mark.parametrize("apart", [0, 1, 14, 15, 22, 30, 31, 60])
def test_r62_two_unanswered_letters_lie_fifteen_to_thirty_days_apart(apart):
    shown = transfers.are_two_letters_apart([DAY, DAY + timedelta(days=apart)])
    assert shown is (15 <= apart <= 30)


def test_r62_one_letter_shows_nothing_and_of_three_any_two_may_do():
    assert not transfers.are_two_letters_apart([DAY])
    assert not transfers.are_two_letters_apart([])
    assert transfers.are_two_letters_apart([DAY + timedelta(days=days) for days in (0, 10, 25)])
