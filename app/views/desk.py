"""What the business hangs into the frame: figures, to-dos, badges, the district panel and the searches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from flask import Flask, g, url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.domain.deadlines import CalendarNotConfirmed
from app.domain.vocabulary import FindingState, InspectorStatus, PlanState, TaskState, VisitState
from app.extensions import db
from app.models import (
    EnforcementCertificate,
    Enterprise,
    InspectionPlan,
    InspectionTask,
    Inspector,
    ItemFinding,
    Visit,
)
from app.services import search
from app.services.calendar import working_calendar
from app.services.ceased import touched_targets
from app.services.figures import Sheet
from app.services.roster_import import uploads
from app.services.visits import OPEN_TASKS
from app.views.base import percent
from app.views.base.format import CLOCK
from app.views.base.interface import RegisterInterface
from app.views.figures import district_rows, sheet_to_see
from app.views.inspectors import SOON
from app.views.registry import PANELS, Badge, Figure, Hit, Todo, badge, figures, searches, todos
from app.views.rows import TasksToSee, duty_agency, foreign_agency, is_own, may, task_address
from app.views.task_page import TaskPage
from app.views.visits import OPEN_VISITS

SOON_DAYS = 3
MOST_OF_A_KIND = 8
MOST_HITS = 10
ENDED = (TaskState.RESULTS_DISCLOSED, TaskState.ARCHIVED)
TO_DISCLOSE = (FindingState.RECORDED, FindingState.SUBMITTED, FindingState.REVIEWED)
PANELS.append("desk/districts.html")


def furnish(app: Flask) -> None:
    """Give the panel its rows."""
    app.jinja_env.globals["district_figures"] = district_figures


def today() -> date:
    """The day on the clock of the bureau."""
    return datetime.now(CLOCK).date()


def district_figures() -> list[Any] | None:
    """This year's figures by district, those with a drawn enterprise only; None for whoever may not see them."""
    if not may("read", "Report"):
        return None
    return [row for row in district_rows(today().year) if row.tally.households.total]


@figures
def year_figures(user: Any) -> Iterator[Figure]:
    """The four figures of the year, each with its part and whole."""
    if not may("read", "Report"):
        return
    roster = RegisterInterface(Enterprise).total(db.session.query(Enterprise), False)
    year = today().year
    found = sheet_to_see(year)
    url = url_for("ReportView.index", year=year)
    listed = url_for("EnterpriseView.list") if may("read", "Enterprise") else ""
    yield Figure(
        _("Targets of inspection"), f"{int(roster):,}", _("market entities of the whole city"), listed
    )
    yield _drawn(found, url)
    yield _rate(found, "problem_rate", _("Problems found"), url)
    yield _rate(found, "on_time_rate", _("Disclosed in time"), url)


def _drawn(found: Sheet, url: str) -> Figure:
    households = found.whole.households
    note = _(
        "planned %(planned)s item tasks · disclosed %(rate)s",
        planned=found.planned,
        rate=percent(households.disclosed, households.total),
    )
    return Figure(_("Enterprises drawn this year"), f"{households.total:,}", note, url)


def _rate(found: Sheet, measure: str, label: Any, url: str) -> Figure:
    share = found.share(measure)
    return Figure(label, percent(share.part, share.whole), f"{share.part:,} ÷ {share.whole:,}", url)


@todos
def plan_todos(user: Any) -> Iterator[Todo]:
    """Plans whose next step the reader may take."""
    powers = {
        PlanState.DRAFT: ("write", _("Finish the draft: %(plan)s")),
        PlanState.SUBMITTED: ("approve", _("Approve: %(plan)s")),
        PlanState.APPROVED: ("file", _("Record the filing of: %(plan)s")),
        PlanState.FILED: ("disclose", _("Disclose: %(plan)s")),
    }
    query = select(InspectionPlan).where(InspectionPlan.state.in_(list(powers))).limit(MOST_OF_A_KIND)
    mine = may("read", "InspectionPlan") and foreign_agency() is None
    for plan in db.session.scalars(query) if mine else ():
        power, words = powers[plan.state]
        if may(power, "InspectionPlan") and not (power == "approve" and plan.submitted_by_id == user.id):
            url = url_for("InspectionPlanView.show", pk=plan.id)
            yield Todo(_("to do"), str(words) % {"plan": plan.title}, url)


@todos
def import_todos(user: Any) -> Iterator[Todo]:
    """Roster files of the reader's own that wait to be loaded."""
    if may("import", "ImportBatch"):
        for upload in uploads.waiting(db.session(), MOST_OF_A_KIND):
            if upload.uploaded_by_id == user.id:
                url = url_for("ImportView.preview", pk=upload.id)
                yield Todo(_("to do"), _("Look over and load: %(file)s", file=upload.file_name), url)


@todos
def task_todos(user: Any) -> Iterator[Todo]:
    """Tasks whose next step the reader may take."""
    if not may("read", "InspectionTask"):
        return
    for task in _open_tasks():
        step = TaskPage(task, "InspectionTaskView").next_step()
        if step is None or task.state in (*OPEN_TASKS, TaskState.UNDER_REVIEW):
            continue
        url = task_address(task)
        if not step.why_not:
            yield Todo(_("to do"), f"{task.name}：{step.words}", url, due=task.starts_on)
        elif task.state == TaskState.FROZEN and may("seed", "InspectionTask"):
            yield Todo(_("waiting"), f"{task.name}：{step.words}", url, tone="", when=step.why_not)


@todos
def visit_todos(user: Any) -> Iterator[Todo]:
    """The reader's own visits, the late ones in red."""
    if not may("record", "Visit"):
        return
    for visit in db.session.scalars(_own_visits(user).order_by(Visit.planned_on).limit(MOST_OF_A_KIND)):
        late = visit.planned_on < today()
        words = _("late") if late else _("to do")
        text = f"{visit.enterprise.name}：{visit.task.name}"
        url = url_for("VisitView.show", pk=visit.id)
        yield Todo(words, text, url, "bad" if late else "run", visit.planned_on.isoformat(), visit.planned_on)


@todos
def review_todos(user: Any) -> Iterator[Todo]:
    """Findings that wait for the reader's review."""
    count = _to_review()
    if count:
        yield Todo(_("to do"), _("%(count)s findings to review", count=count), url_for("ReviewView.list"))


@todos
def disclosure_todos(user: Any) -> Iterator[Todo]:
    """Tasks with results of the own department that must be disclosed soon or are late."""
    agency = duty_agency() if may("disclose", "ItemFinding") else None
    if agency is None:
        return
    query = (
        select(InspectionTask, func.min(ItemFinding.disclose_by), func.count(ItemFinding.visit_id.distinct()))
        .join(Visit, Visit.task_id == InspectionTask.id)
        .join(ItemFinding, ItemFinding.visit_id == Visit.id)
        .where(
            Visit.state != VisitState.CANCELLED,
            ItemFinding.agency_id == agency.id,
            ItemFinding.state.in_(TO_DISCLOSE),
            ItemFinding.disclose_by.is_not(None),
        )
        .group_by(InspectionTask.id)
        .order_by(func.min(ItemFinding.disclose_by))
        .limit(MOST_OF_A_KIND)
    )
    for task, due, count in db.session.execute(query):
        state, tone, when = deadline_words(due)
        text = _("%(task)s: results of %(count)s visits to disclose", task=task.name, count=count)
        yield Todo(state, text, url_for("ResultDisclosureView.index"), tone, when, due)


@todos
def certificate_todos(user: Any) -> Iterator[Todo]:
    """Certificates of active inspectors that have expired or expire within 30 days."""
    if not may("write", "EnforcementCertificate"):
        return
    active = EnforcementCertificate.inspector.has(Inspector.status == InspectorStatus.ACTIVE)
    query = select(func.count()).select_from(EnforcementCertificate).where(active)
    ends = EnforcementCertificate.valid_to
    soon = db.session.scalar(query.where(ends.between(today(), today() + SOON))) or 0
    gone = db.session.scalar(query.where(ends < today())) or 0
    address = url_for("EnforcementCertificateView.list", valid_to_to=(today() + SOON).isoformat())
    if gone:
        yield Todo(_("expired"), _("%(count)s certificates have expired", count=gone), address, "bad")
    if soon:
        yield Todo(_("soon"), _("%(count)s certificates expire within 30 days", count=soon), address, "warn")


@todos
def status_todos(user: Any) -> Iterator[Todo]:
    """Drawn enterprises whose registration changed while their task is open (R12, R33)."""
    if not may("match", "InspectionTask"):
        return
    count = len(touched_targets(db.session()))
    if count:
        text = _("%(count)s drawn enterprises have changed their status", count=count)
        yield Todo(_("to do"), text, url_for("StatusChangeView.index"), "warn")


@badge("InspectionTaskView")
def tasks_waiting(user: Any) -> int:
    """Tasks that have not come to their end."""
    return len(_open_tasks()) if may("read", "InspectionTask") else 0


@badge("JointTaskView")
def joint_waiting(user: Any) -> int:
    """Joint tasks that have not come to their end."""
    return sum(task.is_joint for task in _open_tasks()) if may("read", "InspectionTask") else 0


@badge("MyVisitsView")
def visits_waiting(user: Any) -> Badge:
    """The reader's own open visits, hot when one is late."""
    days = db.session.scalars(_own_visits(user).with_only_columns(Visit.planned_on)).all()
    return Badge(len(days), any(day < today() for day in days))


@badge("ReviewView")
def findings_waiting(user: Any) -> int:
    """Findings for the reader to review."""
    return _to_review()


@badge("ResultDisclosureView")
def results_waiting(user: Any) -> Badge:
    """Visits with reviewed results of the own department that wait to be disclosed."""
    agency = duty_agency() if may("disclose", "ItemFinding") else None
    if agency is None:
        return Badge(0)
    rows = select(func.count(ItemFinding.visit_id.distinct()), func.min(ItemFinding.disclose_by)).where(
        ItemFinding.agency_id == agency.id, ItemFinding.state == FindingState.REVIEWED
    )
    count, due = db.session.execute(rows).one()
    return Badge(count, due is not None and due < today())


@searches
def find_enterprises(term: str, user: Any) -> Iterator[Hit]:
    """Enterprises by code, name, initials in pinyin or address."""
    if not may("read", "Enterprise"):
        return
    keys = search.find(db.session(), term, MOST_HITS)
    found = {row.id: row for row in db.session.scalars(select(Enterprise).where(Enterprise.id.in_(keys)))}
    several = len(keys) == MOST_HITS
    for row in (found[key] for key in keys[: -1 if several else None]):
        yield Hit(_("Target enterprise"), row.name, row.identifier, url_for("EnterpriseView.show", pk=row.id))
    if several:
        yield Hit(
            _("Target enterprise"), str(_("All that match …")), "", url_for("EnterpriseView.list", words=term)
        )


@searches
def find_tasks(term: str, user: Any) -> Iterator[Hit]:
    """Tasks with the term in number or name."""
    if not may("read", "InspectionTask"):
        return
    matches = InspectionTask.number.contains(term, autoescape=True) | InspectionTask.name.contains(
        term, autoescape=True
    )
    query = _seen_tasks().filter(matches).order_by(InspectionTask.id.desc()).limit(MOST_HITS)
    for task in query:
        yield Hit(_("Task"), task.name, task.number, task_address(task))


@searches
def find_inspectors(term: str, user: Any) -> Iterator[Hit]:
    """Inspectors whose name or staff number begins with the term."""
    if not may("read", "Inspector"):
        return
    begins = Inspector.name.startswith(term, autoescape=True) | Inspector.staff_no.startswith(
        term, autoescape=True
    )
    query = select(Inspector).where(begins).order_by(Inspector.staff_no).limit(MOST_HITS)
    for person in db.session.scalars(query):
        yield Hit(_("Inspector"), person.name, person.staff_no, url_for("InspectorView.show", pk=person.id))


def deadline_words(due: date) -> tuple[Any, str, Any]:
    """State, tone and remaining time of a deadline in working days."""
    try:
        left = working_calendar(db.session()).working_days_between(today(), due)
    except CalendarNotConfirmed:
        return _("to do"), "run", due.isoformat()
    if due < today():
        return _("overdue"), "bad", _("%(days)s working days late", days=max(-left, 1))
    tone, state = ("warn", _("soon")) if left <= SOON_DAYS else ("run", _("to do"))
    return state, tone, _("%(days)s working days left", days=left)


def _open_tasks() -> list[InspectionTask]:
    if "open_tasks" not in g:
        query = _seen_tasks().filter(InspectionTask.state.not_in(ENDED)).order_by(InspectionTask.id)
        g.open_tasks = query.options(joinedload(InspectionTask.lead_agency)).all()
    return list(g.open_tasks)


def _seen_tasks() -> Any:
    interface = RegisterInterface(InspectionTask, db.session)
    return TasksToSee("id", interface).apply(db.session.query(InspectionTask), None)


def _own_visits(user: Any) -> Any:
    return (
        select(Visit)
        .join(InspectionTask)
        .where(is_own(user.id), Visit.state.in_(OPEN_VISITS), InspectionTask.state.in_(OPEN_TASKS))
    )


def _to_review() -> int:
    agency = duty_agency() if may("review", "ItemFinding") else None
    if agency is None:
        return 0
    mine = ItemFinding.agency_id == agency.id
    query = select(func.count()).select_from(ItemFinding)
    return db.session.scalar(query.where(mine, ItemFinding.state == FindingState.SUBMITTED)) or 0
