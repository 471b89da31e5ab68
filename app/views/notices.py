"""检查通知书 on the screen: what the enterprise is told, its QR code, its delivery."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import abort, g, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.domain.notice import DISCIPLINE, DUTY, RIGHTS
from app.domain.vocabulary import DeliveryWay
from app.extensions import db
from app.models import Visit, VisitNotice
from app.services import notices
from app.views import entry_forms as typed
from app.views.base import BasePage, RegisterInterface, domain_errors_flashed
from app.views.entry_status import now_local
from app.views.public.draws import qr_of
from app.views.rows import VisitsToSee, may


class VisitNoticeView(BasePage):
    """One notice and its deliveries."""

    route_base = "/visit-notices"
    class_permission_name = "VisitNotice"
    title = _("Notice of inspection")

    @expose("/<int:pk>")
    @has_access
    @permission_name("read")
    def show(self, pk: int) -> str:
        """The notice as the enterprise gets it, with its QR code and deliveries."""
        notice = self._found(pk)
        return self.render(
            "entry/notice.html",
            notice=notice,
            visit=notice.visit,
            qr=self.qr(notice),
            ways=list(DeliveryWay),
            rights=RIGHTS,
            discipline=DISCIPLINE,
            duty=DUTY,
            now=now_local(),
        )

    @expose("/<int:pk>/deliver", methods=["POST"])
    @has_access
    @permission_name("record")
    def deliver(self, pk: int) -> Response:
        """Put a delivery on record."""
        self._found(pk)
        with domain_errors_flashed(_("The delivery was recorded.")):
            notices.deliver_notice(pk, typed.delivery_of(request.form), g.user, datetime.now(UTC))
        return redirect(url_for(".show", pk=pk))

    def may(self, power: str) -> bool:
        """Whether the reader holds this power on notices."""
        return may(power, "VisitNotice")

    def address(self, notice: VisitNotice) -> str:
        """Where the enterprise sees the notice."""
        return url_for("public.check", token=notice.token, _external=True)

    def qr(self, notice: VisitNotice) -> Markup:
        """The address as a QR code."""
        return qr_of(self.address(notice))

    def _found(self, pk: int) -> VisitNotice:
        interface = RegisterInterface(Visit, db.session)
        seen = VisitsToSee("id", interface).apply(db.session.query(Visit.id), None)
        query = db.session.query(VisitNotice).filter(VisitNotice.id == pk, VisitNotice.visit_id.in_(seen))
        found: VisitNotice | None = query.first()
        return found or abort(404)
