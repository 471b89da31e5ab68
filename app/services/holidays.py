"""节假日安排 (R56): an operator loads the yearly notice; what could not be computed before is computed then."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session, selectinload

from app.domain.errors import DomainError
from app.domain.holidays import Difference, NoticeDay, compare, notice_days, require_next
from app.domain.vocabulary import FindingState
from app.models import Holiday, HolidayNotice, ItemFinding, Visit
from app.services import audit
from app.services.recording import start_clock
from app.services.roster_import.reading import open_table
from app.services.storage import store
from app.services.transaction import transaction

EARLIEST, LATEST = 2000, 2100


class NoticeIncomplete(DomainError):
    """A notice has its year and its document number; param missing."""

    code = "notice_incomplete"


def read_notice(year: int, path: Path) -> list[NoticeDay]:
    """The days of a notice in a CSV or XLSX file (date, kind, name).

    Raises NoticeIncomplete for an impossible year, FileUnreadable, HolidayFileRefused, HolidayNoticeNotWhole.
    """
    if not EARLIEST <= year <= LATEST:
        raise NoticeIncomplete(missing="年份")
    with open_table(path) as rows:
        return notice_days(year, ((row.line, row.cells) for row in rows))


def difference(session: Session, year: int, days: list[NoticeDay]) -> Difference:
    """What the notice would change, for the preview. Raises YearNotNext."""
    require_next(year, session.scalars(select(HolidayNotice.year).distinct()))
    return compare(_standing(session), days, year)


def keep_notice(path: Path, name: str) -> str:
    """Keep the file of a notice between its preview and its entry into force; its digest."""
    with transaction() as session:
        return store(session, [path.read_bytes()], name)


def apply_notice(
    year: int, document_no: str, path: Path, name: str, actor: User, now: datetime
) -> tuple[Difference, int]:
    """Put a yearly notice in force: its days stand, its year is confirmed, open due dates are computed (R56).

    Gives back what changed and how many due dates are new or different. Raises NoticeIncomplete, YearNotNext
    and what read_notice raises.
    """
    if not document_no.strip():
        raise NoticeIncomplete(missing="文号")
    days = read_notice(year, path)
    with transaction() as session:
        found = difference(session, year, days)
        digest = store(session, [path.read_bytes()], name)
        gone = [day.on for day in (*found.removed, *(old for old, _ in found.changed))]
        if gone:
            session.execute(delete(Holiday).where(Holiday.on.in_(gone)))
        fresh = [*found.added, *(new for _, new in found.changed)]
        if fresh:
            rows = [{"on": day.on, "is_working": day.is_working, "name": day.name} for day in fresh]
            session.execute(insert(Holiday), rows)
        session.add(
            HolidayNotice(
                year=year,
                document_no=document_no.strip()[:60],
                file_digest=digest,
                file_name=name[-200:],
                days=len(days),
                applied_at=now,
                applied_by_id=actor.id,
            )
        )
        session.flush()
        computed = recompute(session)
        _record(session, year, document_no, found, computed, actor)
        return found, computed


def recompute_due_dates() -> int:
    """Compute open due dates anew after days were changed by hand; how many changed (R54, R56)."""
    with transaction() as session:
        changed = recompute(session)
        if changed:
            audit.record(session, None, "disclosure:dates:recomputed", "-", {"findings": changed})
        return changed


def recompute(session: Session) -> int:
    """Compute the due dates of everything not yet disclosed anew; how many findings got another one (R54, R56)."""
    waiting = (
        select(Visit)
        .where(Visit.findings.any(ItemFinding.state.not_in([FindingState.UNCHECKED, FindingState.DISCLOSED])))
        .options(selectinload(Visit.findings).selectinload(ItemFinding.records))
    )
    changed = 0
    for visit in session.scalars(waiting):
        before = [finding.disclose_by for finding in visit.findings]
        start_clock(session, visit)
        changed += sum(
            old != finding.disclose_by for old, finding in zip(before, visit.findings, strict=True)
        )
    return changed


def _standing(session: Session) -> dict[date, NoticeDay]:
    query = select(Holiday).execution_options(populate_existing=True)
    return {row.on: NoticeDay(row.on, row.is_working, row.name) for row in session.scalars(query)}


def _record(
    session: Session, year: int, document_no: str, found: Difference, computed: int, actor: User
) -> None:
    data = {
        "document": document_no,
        "added": [str(day.on) for day in found.added],
        "changed": [str(new.on) for _, new in found.changed],
        "removed": [str(day.on) for day in found.removed],
        "due_dates": computed,
    }
    audit.record(session, actor, "holiday:notice:applied", f"{year}", data)
