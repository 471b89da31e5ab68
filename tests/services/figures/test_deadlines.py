"""Kept deadlines stand as the overview computes them, at every moment, and each count opens exactly its rows."""

from datetime import timedelta

import pytest

from app.domain.vocabulary import ClockState
from app.reference.holidays import rows as holiday_rows
from app.services import clocks
from app.services.calendar import ensure_holidays
from app.services.chain import ensure_heads
from app.services.figures import deadlines
from app.services.figures.deadlines import Asked
from app.services.figures.keeping import DEADLINES, as_of
from tests.reports.world import AS_OF, World

MOMENTS = [AS_OF + timedelta(days=days) for days in (-120, -60, -20, 0, 40, 400)]


@pytest.fixture
def kept(session):
    World(session).build()
    ensure_heads(session)
    ensure_holidays(session, holiday_rows())
    session.commit()
    as_of(DEADLINES, AS_OF)
    return session


@pytest.mark.parametrize("moment", MOMENTS)
def test_R54_kept_deadlines_stand_as_those_computed_from_the_records(kept, moment):
    computed = clocks.readings(kept, moment)
    assert deadlines.counted(kept, moment, Asked()) == clocks.count_by_state(computed)
    shown = deadlines.listed(kept, moment, Asked(), 1000)
    assert facts(shown) == facts(computed)
    assert [reading.state for reading in shown] == [reading.state for reading in computed]


def facts(readings):
    return sorted(
        (
            each.running.record,
            each.running.key,
            each.running.kind,
            each.running.agency.code,
            each.state,
            each.left,
        )
        for each in readings
    )


def test_R54_what_is_late_opens_exactly_its_rows(kept):
    moment = MOMENTS[-1]
    late = deadlines.late_by_agency(kept, moment)
    assert late
    for agency, kinds in late:
        for kind, count in kinds.items():
            asked = Asked(agency.id, [kind], ClockState.LATE)
            assert deadlines.number_of(kept, moment, asked) == count
            assert len(deadlines.listed(kept, moment, asked, 1000)) == count


def test_R73_a_department_sees_its_own_deadlines(kept):
    agency = deadlines.late_by_agency(kept, MOMENTS[-1])[0][0]
    own = deadlines.listed(kept, MOMENTS[-1], Asked(agency.id), 1000)
    assert {reading.running.agency.id for reading in own} == {agency.id}
