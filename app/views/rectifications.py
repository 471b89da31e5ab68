"""责令改正: the orders, their steps, and the form that gives one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

from flask import abort, flash, g, redirect, request, send_file, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import DomainError
from app.domain.lifecycle import RECTIFICATION, RECTIFICATION_ENDED
from app.domain.lifecycle import may as lawful
from app.domain.limitation import is_time_barred, limitation_ends
from app.extensions import db
from app.messages import sentence_for
from app.models import ItemFinding, RectificationOrder
from app.services import rectifying
from app.services.rectifying import Terms
from app.services.storage import fetch_bytes
from app.views import given
from app.views.base import LedgerView, RegisterInterface, domain_errors_flashed, tag
from app.views.base.format import CLOCK
from app.views.computed import Computed
from app.views.labels import LABELS
from app.views.rows import FollowUpToSee, finding_to_follow, may

USUAL_DAYS = 30
CONSEQUENCE = "逾期不改正或者改正后仍不符合要求的，依法处理。"


class RectificationView(Computed, LedgerView):
    """The orders to put a problem right."""

    route_base = "/rectifications"
    datamodel = RegisterInterface(RectificationOrder, eager={"finding", "agency"})
    class_permission_name = "RectificationOrder"
    title = _("Rectification")
    noun = _("rectification order")
    subtitle = _(
        "An order ends when a re-check finds the problem gone; one on the spot counts as an inspection."
    )
    show_template = "rectifications/show.html"
    base_filters = [["id", FollowUpToSee, None]]
    list_columns = ["enterprise", "item", "agency", "due_on", "standing", "state"]
    show_columns = ["state", "due_on"]
    search_columns = ["state", "agency", "due_on"]
    order_columns = ["due_on"]
    base_order = ("id", "desc")
    tag_columns = {"state"}
    paper_kind = "rectification"
    label_columns = {**LABELS, "due_on": _("Due date"), "standing": _("Deadline")}
    computed = {
        "enterprise": lambda row: row.finding.visit.enterprise.name,
        "item": lambda row: row.finding.task_item.version.name,
        "standing": lambda row: due_tag(row),
    }

    def name_of(self, item: RectificationOrder) -> str:
        """Enterprise and item."""
        return str(item)

    def may_act(self, item: RectificationOrder, event: str) -> bool:
        """Whether the reader may take a step now."""
        return may("write", "RectificationOrder") and lawful(RECTIFICATION, item.state, event)

    def today(self) -> date:
        """The day on the clock of the bureau."""
        return datetime.now(CLOCK).date()

    def barred(self, item: RectificationOrder) -> date | None:
        """The last day on which the breach could be penalised, where it was found later (R67)."""
        latest = item.finding.latest
        late = latest is not None and is_time_barred(item.violated_on, latest.checked_on)
        return limitation_ends(item.violated_on) if late else None

    @expose("/order/<int:finding_id>", methods=["GET", "POST"])
    @has_access
    @permission_name("write")
    def order(self, finding_id: int) -> Response | str:
        """Order a problem to be put right."""
        finding = finding_to_follow(finding_id) or abort(404)
        if request.method == "POST":
            try:
                pk = rectifying.order_rectification(finding.id, self._terms(), g.user, datetime.now(UTC))
            except DomainError as error:
                db.session.rollback()
                flash(sentence_for(error), "danger")
            else:
                flash(_("The order was given; serve it on the enterprise."), "success")
                return redirect(url_for(".show", pk=pk))
        return self._sheet(finding_to_follow(finding_id) or abort(404))

    @expose("/<int:pk>/prove", methods=["POST"])
    @has_access
    @permission_name("write")
    def prove(self, pk: int) -> Response:
        """What the enterprise handed in."""
        self._found(pk)
        with domain_errors_flashed(_("The proof was recorded; the re-check follows.")):
            rectifying.prove_rectification(
                pk, given.day("on"), given.text("note"), g.user, datetime.now(UTC), given.paper()
            )
        return redirect(url_for(".show", pk=pk))

    @expose("/<int:pk>/recheck", methods=["POST"])
    @has_access
    @permission_name("write")
    def recheck(self, pk: int) -> Response:
        """The re-check and what it found."""
        self._found(pk)
        passed = given.text("passed") == "1"
        with domain_errors_flashed(_("The re-check was recorded.")):
            rectifying.recheck(
                pk,
                passed,
                given.day("on"),
                given.ticked("on_site"),
                given.text("note"),
                g.user,
                datetime.now(UTC),
                due_on=None if passed else given.day("due_on"),
                paper=given.paper(),
            )
        return redirect(url_for(".show", pk=pk))

    @expose("/<int:pk>/extend", methods=["POST"])
    @has_access
    @permission_name("write")
    def extend(self, pk: int) -> Response:
        """A later due date with its reason."""
        self._found(pk)
        with domain_errors_flashed(_("The due date was extended.")):
            rectifying.extend_rectification(
                pk, given.day("due_on"), given.text("reason", 300), g.user, datetime.now(UTC)
            )
        return redirect(url_for(".show", pk=pk))

    @expose("/<int:pk>/revoke", methods=["POST"])
    @has_access
    @permission_name("write")
    def revoke(self, pk: int) -> Response:
        """Revoke an order with its reason."""
        self._found(pk)
        with domain_errors_flashed(_("The order was revoked.")):
            rectifying.revoke_rectification(pk, given.text("reason", 300), g.user, datetime.now(UTC))
        return redirect(url_for(".show", pk=pk))

    @expose("/<int:pk>/papers/<int:ordinal>")
    @has_access
    @permission_name("read")
    def paper(self, pk: int, ordinal: int) -> Response:
        """The paper of a step, as a download."""
        steps = [step for step in self._found(pk).steps if step.ordinal == ordinal and step.file_digest]
        if not steps:
            abort(404)
        return paper_response(steps[0].file_digest, steps[0].file_name)

    def _terms(self) -> Terms:
        return Terms(
            violated_on=given.day("violated_on"),
            facts=given.text("facts"),
            violated_rule=given.text("violated_rule", 300),
            legal_basis=given.text("legal_basis", 300),
            requirement=given.text("requirement"),
            consequence=given.text("consequence", 300),
            due_on=given.day("due_on"),
        )

    def _sheet(self, finding: ItemFinding) -> str:
        latest = finding.latest
        bases = "；".join(str(basis) for basis in finding.task_item.version.bases)
        proposed = {
            "violated_on": (latest.violation_on or latest.checked_on).isoformat() if latest else "",
            "facts": latest.problem or "" if latest else "",
            "violated_rule": bases[:300],
            "legal_basis": "《中华人民共和国行政处罚法》第二十八条",
            "consequence": CONSEQUENCE,
            "due_on": (self.today() + timedelta(days=USUAL_DAYS)).isoformat(),
        }
        return self.render_template(
            "rectifications/order.html",
            title=_("Order to rectify"),
            view=self,
            finding=finding,
            values=proposed | request.form.to_dict(),
        )


def paper_response(digest: str, name: str) -> Response:
    """A kept paper as a download, never shown in the page."""
    content = BytesIO(fetch_bytes(db.session(), digest))
    return send_file(content, "application/octet-stream", as_attachment=True, download_name=name)


def due_tag(order: RectificationOrder) -> Any:
    """Whether an order is due soon or late, in words."""
    today = datetime.now(CLOCK).date()
    if order.state in RECTIFICATION_ENDED:
        return ""
    left = (order.due_on - today).days
    if left < 0:
        return tag(_("%(count)s days late", count=-left), "bad")
    return tag(
        _("due today") if left == 0 else _("%(count)s days left", count=left), "warn" if left <= 3 else "run"
    )
