"""Joint inspection on the work desk: what a department is asked, what a lead has to decide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask, url_for
from flask_babel import lazy_gettext as _

from app.extensions import db
from app.models import JointMember
from app.services.joint.departments import department_of
from app.services.joint.lines import waiting_for
from app.views.joint_plans import questions_for, to_confirm
from app.views.registry import Badge, Todo, badge, todos
from app.views.rows import may


def furnish(app: Flask) -> None:
    """What templates need to show how a joint line stands."""
    app.jinja_env.globals["departments_waited_for"] = waiting_for


@todos
def question_todos(user: Any) -> Iterator[Todo]:
    """Joint lines about which the reader's department is asked."""
    if may("approve", "JointPlan"):
        for member in _questions(user):
            joint = member.joint
            text = _("Answer on the joint line: %(line)s", line=joint.name)
            url = url_for("JointPlanView.show", pk=joint.id)
            when = joint.answer_by.isoformat() if joint.answer_by else ""
            yield Todo(_("to do"), text, url, "warn", when, joint.answer_by)


@todos
def lead_todos(user: Any) -> Iterator[Todo]:
    """Joint lines that the reader's department leads and has to confirm or settle."""
    if may("write", "JointPlan"):
        for joint in to_confirm(department_of(db.session(), user).id):
            text = _("Decide as the lead: %(line)s", line=joint.name)
            yield Todo(_("to do"), text, url_for("JointPlanView.show", pk=joint.id))


@badge("JointPlanView")
def questions_waiting(user: Any) -> Badge | int:
    """Questions that wait for the reader's department."""
    return len(_questions(user)) if may("read", "JointPlan") else 0


def _questions(user: Any) -> list[JointMember]:
    return questions_for(department_of(db.session(), user).id)
