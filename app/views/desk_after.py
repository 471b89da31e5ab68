"""What comes after a problem on the work desk: deadlines before they are late, orders, objections, transfers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Flask, url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import func

from app.domain.lifecycle import RECTIFICATION_ENDED
from app.domain.vocabulary import ClockState, ObjectionState, TransferState
from app.extensions import db
from app.models import CaseTransfer, Objection, RectificationOrder
from app.services.clocks import Reading
from app.views.base.format import CLOCK
from app.views.base.interface import RegisterInterface
from app.views.figures import deadline_counts, pressing_deadlines
from app.views.registry import PANELS, Badge, Todo, badge, todos
from app.views.rows import FollowUpToSee, OwnAgency, may

MOST_OF_A_KIND = 8
SOON_DAYS = 3


PANELS.append("clocks/panel.html")


def furnish(app: Flask) -> None:
    """Give the panel its rows."""
    app.jinja_env.globals["urgent_readings"] = urgent_readings


def urgent_readings() -> list[Reading]:
    """The deadlines that are late or will be, the most urgent first; the leading group sees those that are its own."""
    return pressing_deadlines(MOST_OF_A_KIND) if may("read", "Clock") else []


@todos
def deadline_todos(user: Any) -> Iterator[Todo]:
    """How many deadlines are late, and how many will be; the leading group sees what is brought before it."""
    if not may("read", "Clock"):
        return
    counts = deadline_counts()
    for state, tone, words in (
        (ClockState.LATE, "bad", _("%(count)s deadlines have passed", count=counts[ClockState.LATE])),
        (ClockState.WARNING, "warn", _("%(count)s deadlines end soon", count=counts[ClockState.WARNING])),
        (
            ClockState.UNKNOWN,
            "warn",
            _("%(count)s deadlines wait for the holiday notice", count=counts[ClockState.UNKNOWN]),
        ),
    ):
        if counts[state]:
            label = _("late") if state == ClockState.LATE else _("soon")
            yield Todo(label, words, url_for("ClockView.index", state=state.value), tone)


@todos
def order_todos(user: Any) -> Iterator[Todo]:
    """Orders whose day comes or has passed, for whoever follows them up."""
    if not may("write", "RectificationOrder"):
        return
    today = datetime.now(CLOCK).date()
    query = _orders().order_by(RectificationOrder.due_on).limit(MOST_OF_A_KIND)
    for order in query:
        left = (order.due_on - today).days
        if left > SOON_DAYS:
            return
        late = left < 0
        when = _("%(count)s days late", count=-left) if late else _("%(count)s days left", count=left)
        text = _("Rectification: %(enterprise)s", enterprise=order.finding.visit.enterprise.name)
        url = url_for("RectificationView.show", pk=order.id)
        yield Todo(_("late") if late else _("soon"), text, url, "bad" if late else "warn", when, order.due_on)


@todos
def objection_todos(user: Any) -> Iterator[Todo]:
    """Objections that wait for the reader."""
    for power, state, words in (
        ("write", ObjectionState.RECEIVED, _("Register the objection %(number)s")),
        ("review", ObjectionState.REGISTERED, _("Decide the objection %(number)s")),
    ):
        if not may(power, "Objection"):
            continue
        query = _objections().filter(Objection.state == state).order_by(Objection.id).limit(MOST_OF_A_KIND)
        for row in query:
            text = str(words) % {"number": row.receipt_no}
            yield Todo(_("to do"), text, url_for("ObjectionView.show", pk=row.id))


@todos
def transfer_todos(user: Any) -> Iterator[Todo]:
    """Reports on a suspected crime that wait for the head: three days by law."""
    if not may("approve", "CaseTransfer"):
        return
    query = _transfers().filter(CaseTransfer.state == TransferState.REPORTED).order_by(CaseTransfer.id)
    for row in query.limit(MOST_OF_A_KIND):
        text = _(
            "Decide on the transfer to the police: %(enterprise)s", enterprise=row.finding.visit.enterprise
        )
        yield Todo(_("to do"), text, url_for("TransferView.show", pk=row.id), "warn")


@badge("RectificationView")
def orders_waiting(user: Any) -> Badge:
    """Open orders, hot when one is overdue."""
    if not may("read", "RectificationOrder"):
        return Badge(0)
    count, due = _orders().with_entities(func.count(), func.min(RectificationOrder.due_on)).one()
    return Badge(count, due is not None and due < datetime.now(CLOCK).date())


@badge("ObjectionView")
def objections_waiting(user: Any) -> int:
    """Objections that are not decided."""
    if not may("read", "Objection"):
        return 0
    waiting = (ObjectionState.RECEIVED, ObjectionState.REGISTERED)
    return int(_objections().filter(Objection.state.in_(waiting)).count())


def _orders() -> Any:
    query = db.session.query(RectificationOrder).filter(
        RectificationOrder.state.not_in(sorted(RECTIFICATION_ENDED))
    )
    return _seen(FollowUpToSee, RectificationOrder, query)


def _transfers() -> Any:
    return _seen(FollowUpToSee, CaseTransfer, db.session.query(CaseTransfer))


def _objections() -> Any:
    return _seen(OwnAgency, Objection, db.session.query(Objection))


def _seen(rule: Any, model: Any, query: Any) -> Any:
    return rule("id", RegisterInterface(model, db.session)).apply(query, None)
