"""Keeps the figures fresh: exact while nothing has happened, never older than a minute otherwise.

Every act leaves a link in the audit chain, so figures of the newest link and of today are exact however
old they are. Otherwise the worker computes them anew before they are a minute old; where no worker does,
the request that needs them does, but only one at a time, and only rarely when it is known to take long.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import and_, bindparam, delete, insert, not_, or_, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.measures import CHINA
from app.domain.policy import FIGURES
from app.extensions import db
from app.models import AuditEvent, ChainHead, FigureCount, FigureRefresh, FigureRow, FigureSheet
from app.services.chain import AUDIT
from app.services.figures import deadlines
from app.services.figures.computing import ROW_COLUMNS, YearFigures, year_figures
from app.services.transaction import beside_the_work

DEADLINES = "deadlines"
BLOCK = 5000
GLANCE_SECONDS = 0.2
BRIEFLY = 300
"""Milliseconds that a page waits for SQLite's only writer."""
UNSYNCHRONISED = {"synchronize_session": False}
QUIET = (
    "approval:",
    "archive:",
    "deadline:",
    "document:",
    "exchange:key:",
    "import_profile:",
    "import_upload:",
    "outbox:",
    "paper:",
    "register:",
    "report:",
    "risk:",
    "visit:filed",
    "visit:scanned",
    "visit_notice:",
)
"""Acts that change nothing of what a year's figures count; an act that is not named here always does."""


class FiguresNotReady(DomainError):
    """The figures are being computed for the first time since the set-up or an upgrade."""

    code = "figures_not_ready"


def scope_of(year: int) -> str:
    """The name under which the figures of a year are kept."""
    return str(year)


def as_of(scope: str, now: datetime) -> datetime:
    """Make sure that the figures of a scope are fit to be shown; gives the moment as of which they stand.

    Raises FiguresNotReady where somebody computes them for the first time and takes long.
    """
    state = db.session.get(FigureRefresh, scope, populate_existing=True)
    if state is not None and _is_exact(state, now):
        _remember_asked(state, now)
        return now
    if state is None or state.computed_at is None:
        if not refresh(scope, now):
            _wait_for(scope)
    elif _must_compute(state, now):
        # A page shows older figures rather than wait for a long write, such as a whole roster on SQLite.
        with suppress(OperationalError):
            refresh(scope, now, patient=False)
        db.session.rollback()
    state = db.session.get_one(FigureRefresh, scope, populate_existing=True)
    return state.computed_at or now


def refresh(scope: str, now: datetime, *, patient: bool = True) -> bool:
    """Compute the figures of a scope anew; False when somebody else is at it.

    Without patience OperationalError is raised where SQLite's only writer is at work.
    """
    if not _claim(scope, now, patient):
        return False
    started = time.monotonic()
    try:
        with _reading() as session:
            head = _head(session)
            found: Any = (
                deadlines.running(session, now)
                if scope == DEADLINES
                else year_figures(session, int(scope), now.astimezone(CHINA).date())
            )
        with beside_the_work() as session, _waiting(session, patient):
            deadlines.write(session, found) if scope == DEADLINES else _write(session, int(scope), found)
            _finish(session, scope, head, now, time.monotonic() - started)
    except BaseException:
        _release(scope, patient)
        raise
    return True


def forget() -> None:
    """Have everything computed anew, as after an upgrade that counts differently."""
    with beside_the_work() as session:
        session.execute(delete(FigureRefresh), execution_options=UNSYNCHRONISED)
        session.execute(delete(FigureSheet), execution_options=UNSYNCHRONISED)


def keep_fresh(now: datetime) -> list[str]:
    """Compute anew what is about to be too old: this year's figures, the deadlines, and what is being read."""
    done = []
    for scope in _watched(now):
        state = db.session.get(FigureRefresh, scope, populate_existing=True)
        db.session.rollback()
        if (state is None or _is_ageing(state, now)) and refresh(scope, now):
            done.append(scope)
    return done


def _wait_for(scope: str) -> None:
    """Wait for whoever computes the figures for the first time: nothing at all is shown rather than noughts."""
    until = time.monotonic() + FIGURES.first_seconds
    while time.monotonic() < until:
        time.sleep(GLANCE_SECONDS)
        db.session.rollback()
        state = db.session.get(FigureRefresh, scope, populate_existing=True)
        if state is not None and state.computed_at is not None:
            return
    raise FiguresNotReady()


def _watched(now: datetime) -> list[str]:
    lately = now - timedelta(minutes=FIGURES.watched_minutes)
    asked = db.session.scalars(select(FigureRefresh.scope).where(FigureRefresh.asked_at > lately))
    usual = [DEADLINES, scope_of(now.astimezone(CHINA).year)]
    return list(dict.fromkeys([*usual, *asked]))


def _is_ageing(state: FigureRefresh, now: datetime) -> bool:
    """True when the figures would be too old before the next look, counting the time to compute them."""
    if _is_exact(state, now):
        return False
    if state.computed_at is None:
        return True
    age = (now - state.computed_at).total_seconds()
    return age + state.seconds + FIGURES.look_seconds >= FIGURES.oldest_seconds


def _is_exact(state: FigureRefresh, now: datetime) -> bool:
    """True when nothing that counts has happened since, and no deadline has run out by the turn of a day."""
    if state.day != now.astimezone(CHINA).date():
        return False
    return state.head == _head(db.session()) or (state.scope != DEADLINES and _is_quiet(state.head))


def _is_quiet(head: int) -> bool:
    """True when every act since that link is of a kind that no figure of a year counts."""
    loud = and_(*[not_(AuditEvent.tag.startswith(tag, autoescape=True)) for tag in QUIET])
    since = select(AuditEvent.number).where(AuditEvent.number > head, loud).limit(1)
    return db.session.scalar(since) is None


def _must_compute(state: FigureRefresh, now: datetime) -> bool:
    assert state.computed_at is not None
    age = (now - state.computed_at).total_seconds()
    if state.seconds <= current_app.config["FIGURES_AT_ONCE_SECONDS"]:
        return True
    if state.seconds <= FIGURES.request_seconds:
        return age >= FIGURES.oldest_seconds
    return age >= FIGURES.patience_seconds


def _head(session: Session) -> int:
    """The number of the newest link of the audit chain."""
    return session.scalar(select(ChainHead.number).where(ChainHead.name == AUDIT)) or 0


def _remember_asked(state: FigureRefresh, now: datetime) -> None:
    """Note now and then that somebody reads this, so that the worker goes on keeping it."""
    if state.asked_at is None or now - state.asked_at > timedelta(minutes=FIGURES.watched_minutes / 4):
        asked = update(FigureRefresh).where(FigureRefresh.scope == state.scope).values(asked_at=now)
        with suppress(OperationalError), beside_the_work() as session, _waiting(session, patient=False):
            session.execute(asked, execution_options=UNSYNCHRONISED)


def _claim(scope: str, now: datetime, patient: bool) -> bool:
    """Take the work upon oneself; a claim that is old belongs to somebody who died."""
    with suppress(IntegrityError), beside_the_work() as session:
        if session.get(FigureRefresh, scope) is None:
            session.execute(insert(FigureRefresh.__table__).values(scope=scope, head=-1, seconds=0.0))
    given_up = now - timedelta(seconds=FIGURES.claim_seconds)
    with beside_the_work() as session, _waiting(session, patient):
        free = or_(FigureRefresh.claimed_at.is_(None), FigureRefresh.claimed_at < given_up)
        result: Any = session.execute(
            update(FigureRefresh)
            .where(FigureRefresh.scope == scope, free)
            .values(claimed_at=now, asked_at=now),
            execution_options=UNSYNCHRONISED,
        )
        return bool(result.rowcount)


def _release(scope: str, patient: bool) -> None:
    free = update(FigureRefresh).where(FigureRefresh.scope == scope).values(claimed_at=None)
    with suppress(OperationalError), beside_the_work() as session, _waiting(session, patient):
        session.execute(free, execution_options=UNSYNCHRONISED)


@contextmanager
def _waiting(session: Session, patient: bool) -> Iterator[None]:
    """How long SQLite waits for its only writer: as long as everybody, or hardly at all."""
    if patient or db.engine.dialect.name != "sqlite":
        yield
        return
    usual = session.scalar(text("PRAGMA busy_timeout"))
    session.execute(text(f"PRAGMA busy_timeout={BRIEFLY}"))
    try:
        yield
    finally:
        session.execute(text(f"PRAGMA busy_timeout={usual}"))


def _finish(session: Session, scope: str, head: int, now: datetime, seconds: float) -> None:
    session.execute(
        update(FigureRefresh)
        .where(FigureRefresh.scope == scope)
        .values(
            head=head,
            day=now.astimezone(CHINA).date(),
            computed_at=now,
            seconds=round(seconds, 3),
            claimed_at=None,
        )
    )


def _reading() -> Session:
    """A session of its own that sees one picture of the records and holds no lock against those who write."""
    engine = db.engine
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    return Session(engine)


def _write(session: Session, year: int, found: YearFigures) -> None:
    """Bring what is kept of a year up to date; what has not changed is left alone, so that the write is short."""
    _delete(session, FigureRow, [row_key(row) for row in found.gone])
    _insert(session, FigureRow, (dict(zip(ROW_COLUMNS, row, strict=True)) for row in found.fresh))
    _delete(session, FigureCount, [(year, *key) for key in found.numbers_gone])
    _insert(
        session,
        FigureCount,
        (
            {"year": year, "kind": kind, "agency_id": agency, "subject_id": subject, "number": number}
            for (kind, agency, subject), number in found.numbers_fresh.items()
        ),
    )
    if found.sheets:
        session.execute(delete(FigureSheet).where(FigureSheet.year == year))
        sheets = ({"year": year, "agency_id": key, "figures": value} for key, value in found.sheets.items())
        _insert(session, FigureSheet, sheets)


def row_key(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The key of a row as its table orders it."""
    return tuple(row[ROW_COLUMNS.index(column.name)] for column in FigureRow.__table__.primary_key)


def _delete(session: Session, model: Any, keys: list[tuple[Any, ...]]) -> None:
    columns = list(model.__table__.primary_key)
    statement = delete(model.__table__).where(
        and_(*[column == bindparam(f"key_{place}") for place, column in enumerate(columns)])
    )
    rows = [{f"key_{place}": value for place, value in enumerate(key)} for key in keys]
    if rows:
        session.connection().execute(statement, rows)


def _insert(session: Session, model: Any, rows: Iterable[dict[str, Any]]) -> None:
    found = list(rows)
    for begin in range(0, len(found), BLOCK):
        session.execute(insert(model.__table__), found[begin : begin + BLOCK])
