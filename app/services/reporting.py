"""已报报表: a period is kept as it was reported; what changed since is shown beside it, never in it (R82)."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.forms import Form
from app.domain.forms.editions import CellChange, RowChange, cell_changes, row_changes
from app.domain.measures import CHINA, REPORT_SECTIONS, Period, ReportData, ReportMeta
from app.models import Agency, AuditEvent, Region, ReportedPeriod
from app.reports import statistics as reports
from app.reports.grid import figures_of
from app.services import audit, statistics, storage
from app.services.agencies import own_bureau
from app.services.chain import AUDIT, hold, number_of
from app.services.layouts import forms_in_force
from app.services.transaction import beside_the_work, fetch, transaction

MOST_EVENTS = 200
_TRIES = 2
_ROWS, _WORKBOOK = "rows.tsv", "report.xlsx"


class ReportNotLockable(DomainError):
    """The report is a list of details: it is exported, not reported; params report."""

    code = "report_not_lockable"


class EditionUnchanged(DomainError):
    """The figures are those of the newest edition; params edition."""

    code = "edition_unchanged"


class EditionWithoutReason(DomainError):
    """A second edition of a period says why it is handed in."""

    code = "edition_without_reason"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which report over which period, limited to one department's items or one district's firms."""

    report: str
    period: Period
    agency_id: int | None = None
    territory: str | None = None

    @property
    def scope(self) -> str:
        """The limits as one word, so that editions of the same thing are found."""
        return f"{self.agency_id or '*'}/{self.territory or '*'}"

    def coverage(self, now: datetime) -> statistics.Coverage:
        """What the statistics count for it, deadlines as of the day in China."""
        today = now.astimezone(CHINA).date()
        return statistics.Coverage(self.period, today, self.agency_id, self.territory)


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that a workbook, a preview or an edition is made of; its streams can be read once."""

    asked: Asked
    data: ReportData
    meta: ReportMeta
    forms: Mapping[str, Form]

    @property
    def title(self) -> str:
        """How the report is called, with its period."""
        return f"{reports.REPORTS[self.asked.report].title}（{self.asked.period.caption}）"

    def figures(self) -> dict[str, Any]:
        """The cells of every sheet that is no list of details; a name that two sheets have is told apart."""
        found: dict[str, Any] = {}
        for section in REPORT_SECTIONS[self.asked.report]:
            form = self.forms[section]
            if not form.streamed:
                sheet = reports.sheet_of(form, self.data.tables[section], self.data, self.meta)
                name = form.sheet if form.sheet not in found else f"{form.sheet}（{form.caption}）"
                found[name] = figures_of(sheet)
        return found

    def write(self, path: Path) -> None:
        """The workbook."""
        reports.write(path, self.asked.report, self.data, self.meta, self.forms)


@dataclass(frozen=True, slots=True)
class Comparison:
    """An edition beside what stands now: cells, the counted rows behind them, and the acts since."""

    edition: ReportedPeriod
    against: str
    cells: Sequence[CellChange]
    rows: Sequence[RowChange]
    events: Sequence[AuditEvent]


def prepare(session: Session, asked: Asked, now: datetime) -> Prepared:
    """A report as the records stand now, in the layouts in force. Raises ReportUnknown, NotFound."""
    data = statistics.rows_for(
        session,
        asked.report,
        asked.period,
        now.astimezone(CHINA).date(),
        agency_id=asked.agency_id,
        territory=asked.territory,
    )
    agency = fetch(session, Agency, asked.agency_id) if asked.agency_id else own_bureau(session)
    filters = _filters(session, asked, agency)
    return Prepared(asked, data, ReportMeta(agency.name, now, filters), forms_in_force(session))


def report_period(asked: Asked, reason: str, actor: User, now: datetime) -> int:
    """Keep a period as it is reported now: figures, workbook, and the rows that were counted; gives the key.

    It is drawn up while others work on, and again where something audited happened meanwhile; where that
    happens each time, the others wait. Raises ReportNotLockable, EditionUnchanged, EditionWithoutReason.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for _ in range(_TRIES):
            with beside_the_work() as session:
                edition = _drawn_up(session, asked, reason, actor, now, folder)
            with transaction() as session:
                hold(session, AUDIT)
                if number_of(session, AUDIT) == edition.audit_number:
                    return _keep(session, edition, folder, actor)
        with transaction() as session:
            hold(session, AUDIT)
            return _keep(session, _drawn_up(session, asked, reason, actor, now, folder), folder, actor)


def _drawn_up(
    session: Session, asked: Asked, reason: str, actor: User, now: datetime, folder: Path
) -> ReportedPeriod:
    """The next edition as of the newest link of the audit trail; its workbook and rows lie in the folder."""
    number = number_of(session, AUDIT)
    prepared = prepare(session, asked, now)
    figures = prepared.figures()
    if not figures:
        raise ReportNotLockable(report=reports.REPORTS[asked.report].title)
    digest = _digest(figures)
    before = newest_edition(session, asked)
    _require_news(before, digest, reason)
    prepared.write(folder / _WORKBOOK)
    with (folder / _ROWS).open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in statistics.counted_rows(session, asked.coverage(now)))
    edition = before.edition + 1 if before else 1
    return ReportedPeriod(
        report=asked.report,
        period=asked.period.key,
        scope=asked.scope,
        edition=edition,
        title=prepared.title,
        agency_id=asked.agency_id,
        territory=asked.territory,
        figures=figures,
        figures_digest=digest,
        file_name=f"{prepared.title}第{edition}版.xlsx",
        audit_number=number,
        reason=reason.strip()[:300],
        reported_by_id=actor.id,
        reported_at=now,
    )


def _keep(session: Session, edition: ReportedPeriod, folder: Path, actor: User) -> int:
    rows, workbook = storage.pieces_of(folder / _ROWS), storage.pieces_of(folder / _WORKBOOK)
    edition.rows_digest = storage.store(session, rows, f"{edition.title}.tsv")
    edition.file_digest = storage.store(session, workbook, edition.file_name)
    session.add(edition)
    data = {
        "edition": edition.edition,
        "figures": edition.figures_digest,
        "file": edition.file_digest,
        "reason": edition.reason,
    }
    audit.record(session, actor, "report:period:reported", edition.title, data)
    session.flush()
    return edition.id


def newest_edition(session: Session, asked: Asked) -> ReportedPeriod | None:
    """The last edition of the same report over the same period and limits."""
    query = (
        select(ReportedPeriod)
        .where(
            ReportedPeriod.report == asked.report,
            ReportedPeriod.period == asked.period.key,
            ReportedPeriod.scope == asked.scope,
        )
        .order_by(ReportedPeriod.edition.desc())
    )
    return session.scalar(query.limit(1))


def asked_by(edition: ReportedPeriod) -> Asked:
    """What an edition was asked for."""
    return Asked(edition.report, Period.of(edition.period), edition.agency_id, edition.territory)


def compare_with_now(session: Session, edition_id: int, now: datetime) -> Comparison:
    """What a reported period would say now, cell by cell, and which rows and acts are behind that.

    Raises NotFound.
    """
    edition = fetch(session, ReportedPeriod, edition_id)
    asked = asked_by(edition)
    figures = json.loads(json.dumps(prepare(session, asked, now).figures()))
    rows = list(statistics.counted_rows(session, asked.coverage(now)))
    return _comparison(session, edition, "now", figures, rows)


def compare_editions(session: Session, edition_id: int, other_id: int) -> Comparison:
    """One edition beside a later one of the same report. Raises NotFound."""
    edition, other = (fetch(session, ReportedPeriod, key) for key in (edition_id, other_id))
    rows = _stored_rows(session, other)
    return _comparison(session, edition, str(other.edition), other.figures, rows, other.audit_number)


def _comparison(
    session: Session,
    edition: ReportedPeriod,
    against: str,
    figures: Mapping[str, Any],
    rows: Sequence[str],
    until: int | None = None,
) -> Comparison:
    cells = list(cell_changes(edition.figures, figures))
    changed = list(row_changes(_stored_rows(session, edition), rows))
    events = _events(session, edition.audit_number, until, [change.visit for change in changed])
    return Comparison(edition, against, cells, changed, events)


def _stored_rows(session: Session, edition: ReportedPeriod) -> list[str]:
    return [line.decode() for line in storage.fetch_lines(session, edition.rows_digest)]


def _events(session: Session, since: int, until: int | None, visits: Sequence[str]) -> Sequence[AuditEvent]:
    """Acts on these visits that the audit trail shows after the edition, newest first."""
    named = sorted({visit for visit in visits if visit})[:MOST_EVENTS]
    query = (
        select(AuditEvent)
        .where(AuditEvent.number > since, AuditEvent.subject.in_(named))
        .order_by(AuditEvent.number.desc())
        .limit(MOST_EVENTS)
    )
    return session.scalars(query if until is None else query.where(AuditEvent.number <= until)).all()


def _require_news(before: ReportedPeriod | None, digest: str, reason: str) -> None:
    if before is None:
        return
    if before.figures_digest == digest:
        raise EditionUnchanged(edition=before.edition)
    if not reason.strip():
        raise EditionWithoutReason()


def _digest(figures: Mapping[str, Any]) -> str:
    canonical = json.dumps(figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _filters(session: Session, asked: Asked, agency: Agency) -> tuple[str, ...]:
    named = [f"部门：{agency.short_name}"] if asked.agency_id else []
    if asked.territory:
        name = session.scalar(select(Region.name).where(Region.code == asked.territory))
        named.append(f"区县：{name or asked.territory}")
    return tuple(named)
