"""Joint inspection on the work desk: what a department is asked, what a lead has to decide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask, url_for
from flask_babel import lazy_gettext as _

from app.extensions import db
from app.services.joint.confirming import to_confirm as to_confirm_visits
from app.services.joint.lines import waiting_for
from app.services.joint.parts import open_parts
from app.services.joint.waiting import decisions_for
from app.views.joint_parts import PARTS
from app.views.joint_plans import questions
from app.views.registry import Badge, Todo, badge, todos
from app.views.rows import duty_agency, may

MOST_WHOLES = 200


def furnish(app: Flask) -> None:
    """What templates need to show how a joint line stands."""
    app.jinja_env.globals.update(PARTS, departments_waited_for=waiting_for)


@todos
def question_todos(user: Any) -> Iterator[Todo]:
    """Joint lines about which the reader's department is asked."""
    if may("approve", "JointPlan"):
        for member in questions():
            joint = member.joint
            text = _("Answer on the joint line: %(line)s", line=joint.name)
            url = url_for("JointPlanView.show", pk=joint.id)
            when = joint.answer_by.isoformat() if joint.answer_by else ""
            yield Todo(_("to do"), text, url, "warn", when, joint.answer_by)


@todos
def lead_todos(user: Any) -> Iterator[Todo]:
    """Joint lines that the reader's department leads and has to confirm or settle."""
    if may("write", "JointPlan"):
        for joint in decisions_for(db.session(), _own_id()):
            text = _("Decide as the lead: %(line)s", line=joint.name)
            yield Todo(_("to do"), text, url_for("JointPlanView.show", pk=joint.id))


@todos
def part_todos(user: Any) -> Iterator[Todo]:
    """Joint tasks in which the reader's department is asked to take part."""
    if may("approve", "JointPlan") and may("read", "InspectionTask"):
        for part in open_parts(db.session(), _own_id()):
            text = _("Confirm taking part: %(task)s", task=part.task.name)
            url = url_for("InspectionTaskView.show", pk=part.task_id, _anchor="departments")
            yield Todo(_("to do"), text, url, "warn", due=part.task.starts_on)


@todos
def whole_todos(user: Any) -> Iterator[Todo]:
    """Joint visits that the reader's department confirms as the lead."""
    if may("approve", "JointPlan") and may("read", "Visit"):
        count = to_confirm_visits(db.session(), _own_id(), MOST_WHOLES)
        if count:
            words = _("%(count)s joint visits to confirm as a whole", count=count)
            yield Todo(_("to do"), words, url_for("VisitView.list"))


@badge("JointPlanView")
def questions_waiting(user: Any) -> Badge | int:
    """Questions that wait for the reader's department."""
    return len(questions()) if may("read", "JointPlan") else 0


def _own_id() -> int:
    """The reader's department; 0, to which nothing belongs, before set-up."""
    own = duty_agency()
    return own.id if own else 0
