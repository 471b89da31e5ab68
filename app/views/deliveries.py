"""送达: putting the service of a paper on record, and the proof of it."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask, abort, g, redirect, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.domain.vocabulary import DeliveredPaper, DeliveryMethod
from app.extensions import db
from app.models import AgencyNotice, CaseTransfer, Delivery, ItemFinding, RectificationOrder
from app.services import delivering
from app.services.delivering import Service
from app.views import given
from app.views.base import BasePage, domain_errors_flashed
from app.views.base.format import CLOCK
from app.views.rectifications import paper_response
from app.views.rows import finding_to_follow

RECORDS = {
    DeliveredPaper.RECTIFICATION: (RectificationOrder, "RectificationView"),
    DeliveredPaper.TRANSFER: (CaseTransfer, "TransferView"),
    DeliveredPaper.NOTICE: (AgencyNotice, "NoticeView"),
    DeliveredPaper.RESULT: (ItemFinding, "FindingView"),
}
"""The record to which a paper belongs; the letter of the result is asked for from one of its findings."""


class DeliveryView(BasePage):
    """The service of papers."""

    route_base = "/service"
    class_permission_name = "Delivery"
    default_view = "proof"
    title = _("Service")

    @expose("/<any(result,rectification,notice,transfer):paper>/<int:subject_id>", methods=["POST"])
    @has_access
    @permission_name("write")
    def serve(self, paper: str, subject_id: int) -> Response:
        """Put the service of a paper on record."""
        kind = DeliveredPaper.of(paper)
        model, page = RECORDS[kind]
        record = db.session.get(model, subject_id) or abort(404)
        finding = finding_to_follow(record.id if kind == DeliveredPaper.RESULT else record.finding_id)
        if finding is None:
            abort(404)
        with domain_errors_flashed(_("The service was recorded.")):
            subject = finding.visit_id if kind == DeliveredPaper.RESULT else subject_id
            delivering.deliver(
                kind,
                subject,
                finding.visit_id,
                finding.agency_id,
                _service(),
                g.user,
                datetime.now(UTC),
                given.paper(),
            )
        return redirect(url_for(f"{page}.show", pk=subject_id))

    @expose("/<int:pk>/proof")
    @has_access
    @permission_name("write")
    def proof(self, pk: int) -> Response:
        """The proof of a service, as a download."""
        row = db.session.get(Delivery, pk) or abort(404)
        own = [each for each in row.visit.findings if each.agency_id == row.agency_id]
        if not row.proof_digest or not any(finding_to_follow(each.id) for each in own):
            abort(404)
        return paper_response(row.proof_digest, row.proof_name)


def furnish(app: Flask) -> None:
    """What the card of service needs."""
    app.jinja_env.globals.update(
        deliveries_of=deliveries_of,
        delivery_methods=list(DeliveryMethod),
        objection_channel=delivering.OBJECTION_CHANNEL,
        served_today=lambda: datetime.now(CLOCK).date().isoformat(),
    )


def deliveries_of(paper: str, subject_id: int) -> list[Delivery]:
    """How a paper was served, the newest first; the letter of the result by one of its findings."""
    query = select(Delivery).where(Delivery.paper == DeliveredPaper.of(paper))
    if paper == DeliveredPaper.RESULT:
        finding = db.session.get(ItemFinding, subject_id)
        if finding is None:
            return []
        query = query.where(Delivery.visit_id == finding.visit_id, Delivery.agency_id == finding.agency_id)
    else:
        query = query.where(Delivery.subject_id == subject_id)
    return list(db.session.scalars(query.order_by(Delivery.id.desc())))


def _service() -> Service:
    return Service(
        served_on=given.day("served_on"),
        place=given.text("place", 200),
        method=given.member(DeliveryMethod, "method"),
        recipient=given.text("recipient", 60),
        refusal=given.text("refusal", 300),
        witness=given.text("witness", 60),
    )
