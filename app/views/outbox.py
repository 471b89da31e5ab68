"""通知: what departments were told, and whether the mail has gone out."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import abort, g, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.wrappers import Response

from app.domain.vocabulary import MailState
from app.extensions import db
from app.models import OutboxMessage
from app.services import mail, outbox
from app.views.base import BasePage, domain_errors_flashed
from app.views.base.format import TONES
from app.views.rows import foreign_agency, may

TONES["MailState"] = {"waiting": "warn", "sent": "ok", "failed": "bad"}
ROWS_SHOWN = 300


class OutboxView(BasePage):
    """Every message, newest first; a department sees those that went to it."""

    route_base = "/outbox"
    class_permission_name = "Outbox"
    title = _("Notifications")

    @expose("/")
    @has_access
    @permission_name("read")
    def index(self) -> str:
        """The messages."""
        query = _visible().order_by(OutboxMessage.id.desc()).limit(ROWS_SHOWN)
        state = request.args.get("state", "")
        if state in list(MailState):
            query = query.where(OutboxMessage.state == MailState.of(state))
        return self.render(
            "joint/outbox.html",
            rows=db.session.scalars(query).all(),
            states=list(MailState),
            mail_is_set_up=mail.is_set_up(),
            may_retry=may("write", "Outbox"),
            address=record_address,
        )

    @expose("/<int:pk>/retry", methods=["POST"])
    @has_access
    @permission_name("write")
    def retry(self, pk: int) -> Response:
        """Try a message again that was given up; another department those that went to it."""
        if db.session.scalar(_visible().where(OutboxMessage.id == pk)) is None:
            abort(404)
        with domain_errors_flashed(_("It is being sent again.")):
            outbox.retry(pk, g.user, datetime.now(UTC))
        return redirect(url_for(".index"))


def _visible() -> Select[OutboxMessage]:
    eager = joinedload(OutboxMessage.agency), selectinload(OutboxMessage.tries)
    query, agency = select(OutboxMessage).options(*eager), foreign_agency()
    return query if agency is None else query.where(OutboxMessage.agency_id == agency.id)


def record_address(record: str) -> str:
    """The page of what a message is about; none where the reader may not open it."""
    area, _colon, key = record.partition(":")
    pages = {
        "joint": ("JointPlanView.show", "JointPlan"),
        "task": ("InspectionTaskView.show", "InspectionTask"),
    }
    page, view = pages.get(area, ("", ""))
    return url_for(page, pk=int(key)) if page and key.isdigit() and may("read", view) else ""
