"""组织领导、培训、宣传 (art. 12, 16): four plain registers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import func

from app.domain.conduct import require_numbers, require_order
from app.domain.joint import NotThatDepartment
from app.extensions import db
from app.models import GroupMeeting, GroupTask, PublicityActivity, TrainingSession
from app.views.base import RegisterInterface, RegisterView, tag
from app.views.base.format import CLOCK
from app.views.computed import Computed
from app.views.kept import Recorded
from app.views.labels import LABELS
from app.views.registry import Badge, Todo, badge, todos
from app.views.rows import OwnAgency, foreign_agency, may

MOST_OF_A_KIND = 8


class GroupMeetingView(Recorded, RegisterView):
    """Meetings of the leading group."""

    route_base = "/group-meetings"
    datamodel = RegisterInterface(GroupMeeting)
    class_permission_name = "GroupMeeting"
    title = _("Leading group")
    noun = _("meeting of the leading group")
    list_columns = ["held_on", "topic", "chair", "attendees"]
    show_columns = add_columns = edit_columns = ["held_on", "topic", "chair", "attendees", "decisions"]
    search_columns = ["held_on", "topic"]
    order_columns = ["held_on"]
    base_order = ("held_on", "desc")
    label_columns = LABELS


class GroupTaskView(Computed, Recorded, RegisterView):
    """Tasks that the leading group has given, each with its day (责任到人, art. 12)."""

    route_base = "/group-tasks"
    datamodel = RegisterInterface(GroupTask, eager={"agency", "meeting"})
    class_permission_name = "GroupTask"
    title = _("Tasks of the leading group")
    noun = _("task of the leading group")
    base_filters = [["id", OwnAgency, None]]
    list_columns = ["topic", "agency", "person", "given_on", "due_on", "stands", "done_on"]
    add_columns = edit_columns = [
        "topic", "given_on", "meeting", "agency", "person", "due_on", "done_on", "result"
    ]  # fmt: skip
    show_columns = ["topic", "stands", *add_columns[1:]]
    search_columns = ["topic", "agency", "due_on", "done_on"]
    order_columns = ["given_on", "due_on", "done_on"]
    base_order = ("due_on", "desc")
    label_columns = {
        **LABELS,
        "topic": _("What is to be done"),
        "given_on": _("Given on"),
        "meeting": _("Meeting"),
        "person": _("Responsible person"),
        "due_on": _("Due"),
        "done_on": _("Done on"),
        "result": _("What came of it"),
        "stands": _("State"),
    }
    computed = {"stands": lambda row: standing_of(row)}

    def pre_add(self, item: GroupTask) -> None:
        """Nothing is due or done before it was given; another department keeps to its own."""
        require_fit(item)
        super().pre_add(item)

    def pre_update(self, item: GroupTask) -> None:
        """Nothing is due or done before it was given; another department keeps to its own."""
        require_fit(item)
        super().pre_update(item)


class TrainingSessionView(Recorded, RegisterView):
    """Training of the inspectors."""

    route_base = "/trainings"
    datamodel = RegisterInterface(TrainingSession)
    class_permission_name = "TrainingSession"
    title = _("Training")
    noun = _("training session")
    list_columns = ["held_on", "topic", "hours", "attendees", "examined", "passed"]
    show_columns = add_columns = edit_columns = [*list_columns, "note"]
    search_columns = ["held_on", "topic"]
    order_columns = ["held_on"]
    base_order = ("held_on", "desc")
    label_columns = {**LABELS, "examined": _("Examined")}

    def pre_add(self, item: TrainingSession) -> None:
        """No more pass than were examined, no more are examined than came."""
        require_numbers(item.attendees, item.examined, item.passed)
        super().pre_add(item)

    def pre_update(self, item: TrainingSession) -> None:
        """No more pass than were examined, no more are examined than came."""
        require_numbers(item.attendees, item.examined, item.passed)
        super().pre_update(item)


class PublicityActivityView(Recorded, RegisterView):
    """Publicity of the work."""

    route_base = "/publicity"
    datamodel = RegisterInterface(PublicityActivity)
    class_permission_name = "PublicityActivity"
    title = _("Publicity")
    noun = _("publicity activity")
    list_columns = ["held_on", "topic", "channel", "reach"]
    show_columns = add_columns = edit_columns = [*list_columns, "note"]
    search_columns = ["held_on", "topic", "channel"]
    order_columns = ["held_on"]
    base_order = ("held_on", "desc")
    label_columns = LABELS


def require_fit(item: GroupTask) -> None:
    """Raises TaskOutOfOrder, and NotThatDepartment where another department writes down a task of others."""
    require_order(item.given_on, item.due_on, item.done_on)
    own = foreign_agency()
    if own is not None and item.agency.id != own.id:
        raise NotThatDepartment(agency=item.agency.short_name)


def standing_of(item: GroupTask) -> Any:
    """How a task stands today."""
    today = datetime.now(CLOCK).date()
    if item.done_on is not None:
        return tag(_("done late"), "warn") if item.done_on > item.due_on else tag(_("done"), "ok")
    return tag(_("late"), "bad") if item.due_on < today else tag(_("to do"), "run")


@badge("GroupTaskView")
def group_tasks_open(_user: Any) -> Badge:
    """Tasks that are not done, hot when one is late."""
    if not may("read", "GroupTask"):
        return Badge(0)
    count, due = _open_tasks().with_entities(func.count(), func.min(GroupTask.due_on)).one()
    return Badge(count, due is not None and due < datetime.now(CLOCK).date())


@todos
def group_task_todos(_user: Any) -> Iterator[Todo]:
    """Tasks of the leading group that are not done, for whoever keeps the register."""
    if not may("write", "GroupTask"):
        return
    today = datetime.now(CLOCK).date()
    for row in _open_tasks().order_by(GroupTask.due_on).limit(MOST_OF_A_KIND):
        late = row.due_on < today
        url = url_for("GroupTaskView.show", pk=row.id)
        text = _("Task of the leading group: %(topic)s", topic=row.topic)
        yield Todo(_("late") if late else _("to do"), text, url, *_urgency(row.due_on, late))


def _urgency(due: date, late: bool) -> tuple[str, str, date]:
    return "bad" if late else "run", due.isoformat(), due


def _open_tasks() -> Any:
    query = db.session.query(GroupTask).filter(GroupTask.done_on.is_(None))
    agency = foreign_agency()
    return query if agency is None else query.filter(GroupTask.agency_id == agency.id)
