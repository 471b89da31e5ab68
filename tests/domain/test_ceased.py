"""R12, R33: what a change of registration status means for a task that is under way."""

import pytest

from app.domain.ceased import RESULT_OF, step_for
from app.domain.vocabulary import EntityStatus, ResultCode, StatusStep

REPLACE, RECORD, SERVICE = StatusStep.REPLACE, StatusStep.RECORD_RESULT, StatusStep.SERVICE_ADDRESS


@pytest.mark.parametrize(
    ("status", "before", "after"),
    [
        (EntityStatus.EXISTING, None, None),
        (EntityStatus.UNKNOWN, None, None),
        (EntityStatus.DORMANT, SERVICE, SERVICE),
        (EntityStatus.CLOSING, RECORD, RECORD),
        (EntityStatus.DEREGISTERED, REPLACE, RECORD),
        (EntityStatus.LICENCE_REVOKED, REPLACE, RECORD),
        (EntityStatus.RESCINDED, REPLACE, RECORD),
        (EntityStatus.MOVED_OUT, REPLACE, RECORD),
    ],
)
def test_R12_R33_the_status_decides_what_follows(status, before, after):
    assert step_for(status, is_matched=False) == before
    assert step_for(status, is_matched=True) == after


def test_R12_dormancy_is_never_recorded_as_unreachable():
    assert EntityStatus.DORMANT not in RESULT_OF
    assert ResultCode.UNREACHABLE not in RESULT_OF.values()
