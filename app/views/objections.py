"""异议: what came in from outside, registered and decided."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import abort, g, redirect, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from app.domain.lifecycle import OBJECTION
from app.domain.lifecycle import may as lawful
from app.domain.personal import masked
from app.extensions import db
from app.models import Objection
from app.services import clocks, objecting
from app.views import given
from app.views.base import LedgerView, RegisterInterface, code, domain_errors_flashed
from app.views.computed import Computed
from app.views.labels import LABELS
from app.views.rectifications import paper_response
from app.views.rows import OwnAgency, may


class ObjectionView(Computed, LedgerView):
    """Objections to what was disclosed."""

    route_base = "/objections"
    datamodel = RegisterInterface(Objection, eager={"disclosure", "agency"})
    class_permission_name = "Objection"
    title = _("Objections")
    noun = _("objection")
    subtitle = _("An accepted objection is followed by a correction or a withdrawal; both stay visible.")
    show_template = "objections/show.html"
    base_filters = [["id", OwnAgency, None]]
    list_columns = ["receipt_no", "about", "agency", "received_at", "state"]
    show_columns = ["receipt_no", "state"]
    search_columns = ["receipt_no", "state", "agency", "received_at"]
    prefix_columns = {"receipt_no"}
    order_columns = ["received_at"]
    base_order = ("id", "desc")
    tag_columns = {"state"}
    formatters_columns = {"receipt_no": code}
    label_columns = {
        **LABELS,
        "receipt_no": _("Number of the receipt"),
        "about": _("About"),
        "received_at": _("Received on"),
    }
    computed = {"about": lambda row: row.disclosure.title}

    def may_act(self, item: Objection, event: str) -> bool:
        """Whether the reader may take this step now."""
        power = "review" if event in ("accept", "refuse") else "write"
        return lawful(OBJECTION, item.state, event) and may(power, "Objection")

    def reading(self, item: Objection) -> Any:
        """The deadline of the decision, while it runs."""
        found = clocks.readings(db.session(), datetime.now(UTC), item.agency_id)
        own = (each for each in found if (each.running.record, each.running.key) == ("objection", item.id))
        return next(own, None)

    def contact(self, item: Objection) -> str:
        """How to reach the applicant: whole for whoever handles the objection, else covered (R60, R90)."""
        handles = may("write", "Objection") or may("review", "Objection")
        return item.contact if handles else masked(item.contact)

    @expose("/<int:pk>/register", methods=["POST"])
    @has_access
    @permission_name("write")
    def register_objection(self, pk: int) -> Response:
        """Register an objection."""
        self._found(pk)
        with domain_errors_flashed(_("The objection was registered.")):
            objecting.register_objection(pk, g.user, datetime.now(UTC))
        return redirect(url_for(".show", pk=pk))

    @expose("/<int:pk>/dismiss", methods=["POST"])
    @has_access
    @permission_name("write")
    def dismiss(self, pk: int) -> Response:
        """What is no objection."""
        self._found(pk)
        with domain_errors_flashed(_("The objection was dismissed.")):
            objecting.dismiss_objection(pk, given.text("decision"), g.user, datetime.now(UTC))
        return redirect(url_for(".show", pk=pk))

    @expose("/<int:pk>/decide", methods=["POST"])
    @has_access
    @permission_name("review")
    def decide(self, pk: int) -> Response:
        """Accept an objection, or not, with the reason."""
        self._found(pk)
        with domain_errors_flashed(_("The decision was recorded.")):
            accepted = given.text("accepted") == "1"
            objecting.decide_objection(pk, accepted, given.text("decision"), g.user, datetime.now(UTC))
        return redirect(url_for(".show", pk=pk))

    @expose("/<int:pk>/paper")
    @has_access
    @permission_name("read")
    def paper(self, pk: int) -> Response:
        """What the applicant attached, as a download."""
        item = self._found(pk)
        if not item.file_digest:
            abort(404)
        return paper_response(item.file_digest, item.file_name)
