"""Figures kept ready equal those that the reports count, and are never shown older than they may be."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from app.domain import policy
from app.domain.measures import MEASURES, Period
from app.domain.vocabulary import CountKind
from app.extensions import db
from app.models import (
    Agency,
    ChainHead,
    FigureRefresh,
    FigureRow,
    InspectionItem,
    ItemVersion,
    PlanLineItem,
    Visit,
)
from app.services import audit, figures, statistics
from app.services.chain import ensure_heads
from app.services.figures import keeping
from app.services.statistics.tallies import conduct_steps, count_steps
from tests.reports.world import AS_OF, TODAY, YEAR, World

LATER = AS_OF + timedelta(seconds=30)
KEPT_PARTS = ("households", "visits", "findings", "conduct")


@pytest.fixture
def world(app, session):
    made = World(session).build()
    ensure_heads(session)
    session.commit()
    usual, app.config["FIGURES_AT_ONCE_SECONDS"] = app.config["FIGURES_AT_ONCE_SECONDS"], 0.25
    yield made
    app.config["FIGURES_AT_ONCE_SECONDS"] = usual


def happened(session):
    """Somebody does something, whatever it is."""
    audit.record(session, None, "test:happened", "-", {})
    session.commit()


def slow(seconds):
    """From now on the figures are known to take so long."""
    db.session.query(FigureRefresh).update({"seconds": seconds})
    db.session.commit()


def figures_at(moment, agency_id=None):
    return figures.sheet_of(db.session(), YEAR, moment, agency_id)


def same(kept, counted):
    return all(getattr(kept, part) == getattr(counted, part) for part in KEPT_PARTS)


def reported(session, name, agency_id=None):
    return statistics.rows_for(session, name, Period(YEAR), TODAY, agency_id=agency_id).tables[name]


@pytest.mark.parametrize("code", [None, "A01", "A02"])
def test_R77_the_kept_figures_are_those_of_the_reports(world, session, code):
    agency = code and session.query(Agency).filter_by(code=code).one().id
    progress, tasks = (reported(session, name, agency) for name in ("progress", "tasks"))
    sheet = figures_at(AS_OF, agency)
    assert same(sheet.whole, progress.whole)
    assert sheet.planned == sum(row.planned for row in progress.rows)
    assert sheet.tasks == (len(tasks.rows), sum(row.is_joint for row in tasks.rows))
    assert sheet.share("problem_rate") == MEASURES["problem_rate"].share(progress.whole)


def test_R11_the_kept_districts_are_those_of_the_reports(world, session):
    counted = reported(session, "districts").rows
    kept = figures_at(AS_OF).districts(session)
    assert [(row.code, row.label) for row in kept] == [(row.code, row.label) for row in counted]
    assert all(same(mine.tally, theirs.tally) for mine, theirs in zip(kept, counted, strict=True))


def test_R80_months_of_checks_add_up_to_the_checked_findings(world, session):
    sheet = figures_at(AS_OF)
    assert sum(tally.findings.checked for tally in sheet.months().values()) == sheet.whole.findings.checked


def test_R37_every_enterprise_checked_in_the_year_stands_in_one_bin(world, session):
    done = session.query(Visit.enterprise_id).filter(Visit.done_on.is_not(None), Visit.state != "cancelled")
    assert sum(figures_at(AS_OF).spread(CountKind.BURDEN).values()) == len(set(done))


def test_a_kept_row_stands_for_each_drawn_item(world, session):
    sheet = figures_at(AS_OF)
    assert session.query(FigureRow).filter_by(year=YEAR).count() == sheet.whole.findings.total


@pytest.mark.parametrize(("tag", "exact"), [("approval:approved", True), ("finding:recorded", False)])
def test_figures_stay_exact_through_acts_that_they_do_not_count(world, session, tag, exact):
    figures_at(AS_OF)
    slow(9)
    audit.record(session, None, tag, "-", {})
    session.commit()
    assert figures_at(LATER).as_of == (LATER if exact else AS_OF)


def test_the_deadlines_follow_every_act(world, session):
    keeping.as_of(keeping.DEADLINES, AS_OF)
    slow(9)
    audit.record(session, None, "approval:approved", "-", {})
    session.commit()
    assert keeping.as_of(keeping.DEADLINES, LATER) == AS_OF


def test_figures_of_the_newest_act_are_exact_however_old_they_are(world, session):
    figures_at(AS_OF)
    slow(9)
    assert figures_at(AS_OF + timedelta(hours=5)).as_of == AS_OF + timedelta(hours=5)


def test_another_day_makes_figures_anew(world, session):
    figures_at(AS_OF)
    figures_at(AS_OF + timedelta(days=1))
    state = session.get(FigureRefresh, str(YEAR), populate_existing=True)
    assert state.day == date(2026, 9, 2)


@pytest.mark.parametrize(
    ("seconds", "age", "fresh"),
    [
        (0.1, 1, True),
        (1.0, 59, False),
        (1.0, 60, True),
        (5.0, 120, False),
        (5.0, 300, True),
    ],
)
def test_a_request_computes_what_is_quick_or_too_old(world, session, seconds, age, fresh):
    figures_at(AS_OF)
    happened(session)
    slow(seconds)
    asked = AS_OF + timedelta(seconds=age)
    assert figures_at(asked).as_of == (asked if fresh else AS_OF)


@pytest.mark.parametrize(("age", "done"), [(20, []), (50, [str(YEAR), keeping.DEADLINES])])
def test_the_worker_computes_before_figures_are_a_minute_old(world, session, age, done):
    keeping.keep_fresh(AS_OF)
    happened(session)
    assert sorted(keeping.keep_fresh(AS_OF + timedelta(seconds=age))) == sorted(done)
    assert policy.FIGURES.oldest_seconds == 60


def test_the_worker_leaves_alone_what_is_exact(world, session):
    keeping.keep_fresh(AS_OF)
    assert keeping.keep_fresh(AS_OF + timedelta(hours=1)) == []


def test_only_one_computes_at_a_time_and_a_dead_one_is_replaced(world, session):
    figures_at(AS_OF)
    db.session.query(FigureRefresh).update({"claimed_at": LATER})
    db.session.commit()
    assert not figures.refresh(str(YEAR), LATER)
    assert figures.refresh(str(YEAR), LATER + timedelta(seconds=policy.FIGURES.claim_seconds + 1))


def test_a_page_shows_older_figures_rather_than_wait_for_a_long_write(world, session):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("only SQLite has a single writer")
    figures_at(AS_OF)
    happened(session)
    slow(0.1)
    session.rollback()
    with db.engine.connect() as writer:
        writer.exec_driver_sql("BEGIN IMMEDIATE")
        assert figures_at(LATER).as_of == AS_OF
        writer.rollback()
    assert figures_at(LATER).as_of == LATER
    assert session.scalar(text("PRAGMA busy_timeout")) == 15_000


def test_what_a_broken_run_had_claimed_is_free_again(world, session):
    with pytest.raises(ValueError, match="invalid literal"):
        figures.refresh("no year", LATER)
    assert session.get(FigureRefresh, "no year", populate_existing=True).claimed_at is None


def test_an_upgrade_has_everything_computed_anew(world, session):
    figures_at(AS_OF)
    slow(9)
    figures.forget()
    assert figures_at(LATER).as_of == LATER


def test_every_step_is_counted_from_the_kept_rows_as_from_the_facts():
    assert conduct_steps(FigureRow.__table__).keys() >= {"withdrawn", "external"}
    assert count_steps(FigureRow.__table__)


def test_a_refresh_writes_only_what_has_changed(world, session):
    figures_at(AS_OF)
    before = {row.target_id: row for row in session.query(FigureRow)}
    visit = session.query(Visit).filter(Visit.done_on.is_not(None)).first()
    session.query(FigureRow).filter_by(visit_id=visit.id).update({"problem": 7})
    session.commit()
    figures.refresh(str(YEAR), LATER)
    session.expire_all()
    assert session.query(FigureRow).filter_by(problem=7).count() == 0
    assert session.query(FigureRow).count() == len(before)


def test_every_measure_of_the_sheet_is_in_the_catalogue(world, session):
    sheet = figures_at(AS_OF)
    assert all(sheet.share(key) for key, measure in MEASURES.items() if measure.whole)


def test_the_head_belongs_to_the_audit_chain(world, session):
    happened(session)
    figures_at(AS_OF)
    state = session.get(FigureRefresh, str(YEAR), populate_existing=True)
    assert state.head == session.get(ChainHead, "audit").number
    assert state.computed_at == datetime(2026, 9, 1, 1, 30, tzinfo=UTC)


def test_R26_a_plan_that_moves_from_one_department_to_another_moves_in_the_figures(world, session):
    figures_at(AS_OF)
    own, other = (
        session.query(PlanLineItem)
        .join(ItemVersion)
        .join(InspectionItem)
        .join(Agency)
        .filter(Agency.code == code)
        .first()
        for code in ("A01", "A02")
    )
    before = figures_at(AS_OF, other.version.item.agency_id).planned
    own.target_count, other.target_count = own.target_count - 1, other.target_count + 1
    happened(session)
    figures.refresh(str(YEAR), LATER)
    assert figures_at(LATER, other.version.item.agency_id).planned == before + 1


def claimed(session):
    """Somebody else has begun to compute the figures, which were never computed before."""
    figures.forget()
    session.add(FigureRefresh(scope=str(YEAR), head=-1, seconds=0.0, claimed_at=AS_OF))
    session.commit()


def test_R77_nobody_sees_noughts_while_the_first_figures_are_being_computed(app, world, session):
    claimed(session)

    def finish():
        with app.app_context():
            db.session.query(FigureRefresh).update({"claimed_at": None})
            db.session.commit()
            figures.refresh(str(YEAR), AS_OF)
            db.session.remove()

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(finish)
        drawn = figures_at(AS_OF).whole.households.total
        done.result()
    assert drawn > 0


def test_R77_a_page_says_that_the_first_figures_take_their_time(app, world, session, monkeypatch):
    claimed(session)
    monkeypatch.setattr(keeping, "FIGURES", replace(policy.FIGURES, first_seconds=0.1))
    with pytest.raises(keeping.FiguresNotReady):
        figures_at(AS_OF)
