"""处罚案件台账: the dates on which legal clocks hang; the case itself is handled elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import abort, flash, g, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import DomainError
from app.domain.limitation import is_time_barred, limitation_ends
from app.domain.vocabulary import PenaltyType
from app.extensions import db
from app.messages import sentence_for
from app.models import PenaltyCase
from app.services import clocks, penalties
from app.services.penalties import Filing
from app.views import given
from app.views.base import LedgerView, RegisterInterface, domain_errors_flashed, label_of, tag
from app.views.base.format import CLOCK
from app.views.computed import Computed
from app.views.labels import LABELS
from app.views.rows import FollowUpToSee, finding_to_follow, may


class PenaltyCaseView(Computed, LedgerView):
    """Cases that followed a finding."""

    route_base = "/penalty-cases"
    datamodel = RegisterInterface(PenaltyCase, eager={"finding", "agency"})
    class_permission_name = "PenaltyCase"
    title = _("Penalty cases")
    noun = _("penalty case")
    subtitle = _(
        "Only the dates that legal clocks and figures hang on; several penalties in one decision count once."
    )
    show_template = "penalties/show.html"
    base_filters = [["id", FollowUpToSee, None]]
    list_columns = ["case_no", "enterprise", "agency", "filed_on", "decided_on", "counted_as", "standing"]
    show_columns = ["case_no", "filed_on"]
    search_columns = ["case_no", "agency", "filed_on", "counted_as"]
    prefix_columns = {"case_no"}
    order_columns = ["filed_on", "decided_on"]
    base_order = ("id", "desc")
    label_columns = {
        **LABELS,
        "case_no": _("Case number"),
        "filed_on": _("Filed on"),
        "decided_on": _("Decided on"),
        "counted_as": _("Counted as"),
        "standing": _("State"),
    }
    computed = {
        "enterprise": lambda row: row.finding.visit.enterprise.name,
        "standing": lambda row: standing(row),
    }
    types = list(PenaltyType)

    def name_of(self, item: PenaltyCase) -> str:
        """Number and enterprise."""
        return f"{item.case_no} {item.finding.visit.enterprise}"

    def may_write(self) -> bool:
        """Whether the reader may put anything on record here."""
        return may("write", "PenaltyCase")

    def today(self) -> str:
        """The day on the clock of the bureau."""
        return datetime.now(CLOCK).date().isoformat()

    def readings(self, item: PenaltyCase) -> list[Any]:
        """The deadlines that run on this case."""
        found = clocks.readings(db.session(), datetime.now(UTC), item.agency_id)
        return [each for each in found if (each.running.record, each.running.key) == ("case", item.id)]

    def barred(self, item: PenaltyCase) -> Any:
        """The last day on which the breach could be penalised, where it was filed later (R67)."""
        late = is_time_barred(item.violated_on, item.filed_on)
        return limitation_ends(item.violated_on) if late else None

    def named(self, item: PenaltyCase) -> str:
        """The penalties of the decision in words."""
        chosen = (item.penalties or "").split(",")
        return "、".join(label_of(each) for each in PenaltyType if each.value in chosen)

    @expose("/open/<int:finding_id>", methods=["GET", "POST"])
    @has_access
    @permission_name("write")
    def open(self, finding_id: int) -> Response | str:
        """Put a case on record."""
        finding = finding_to_follow(finding_id) or abort(404)
        if request.method == "POST":
            try:
                filing = Filing(
                    given.text("case_no", 60),
                    given.day("violated_on"),
                    given.day("filed_on"),
                    given.ticked("needs_review"),
                )
                pk = penalties.open_case(finding.id, filing, g.user, datetime.now(UTC))
            except DomainError as error:
                db.session.rollback()
                flash(sentence_for(error), "danger")
            else:
                flash(_("The case was put on record."), "success")
                return redirect(url_for(".show", pk=pk))
        fresh = finding_to_follow(finding_id) or abort(404)
        latest = fresh.latest
        breach = (latest.violation_on or latest.checked_on).isoformat() if latest else ""
        values = {"violated_on": breach, "filed_on": self.today()} | request.form.to_dict()
        return self.render_template(
            "penalties/open.html", title=_("Penalty case"), view=self, finding=fresh, values=values
        )

    @expose("/<int:pk>/review", methods=["POST"])
    @has_access
    @permission_name("write")
    def review(self, pk: int) -> Response:
        """The legal review."""
        return self._step(
            pk,
            lambda: penalties.review_case(
                pk, given.text("reviewer", 60), given.text("certificate", 60), given.day("on"), g.user, now()
            ),
        )

    @expose("/<int:pk>/decide", methods=["POST"])
    @has_access
    @permission_name("write")
    def decide(self, pk: int) -> Response:
        """The decision."""
        chosen = frozenset(each for each in PenaltyType if each.value in request.form.getlist("penalty"))
        return self._step(pk, lambda: penalties.decide_case(pk, chosen, given.day("on"), g.user, now()))

    @expose("/<int:pk>/serve", methods=["POST"])
    @has_access
    @permission_name("write")
    def serve(self, pk: int) -> Response:
        """The service of the decision."""
        return self._step(pk, lambda: penalties.serve_case(pk, given.day("on"), g.user, now()))

    @expose("/<int:pk>/disclose", methods=["POST"])
    @has_access
    @permission_name("write")
    def disclose(self, pk: int) -> Response:
        """The disclosure of the decision on its own channel."""
        place = given.text("place", 100)
        return self._step(pk, lambda: penalties.disclose_case(pk, given.day("on"), place, g.user, now()))

    @expose("/<int:pk>/pay", methods=["POST"])
    @has_access
    @permission_name("write")
    def pay(self, pk: int) -> Response:
        """The payment of the fine."""
        return self._step(pk, lambda: penalties.pay_case(pk, given.day("on"), g.user, now()))

    @expose("/<int:pk>/drop", methods=["POST"])
    @has_access
    @permission_name("write")
    def drop(self, pk: int) -> Response:
        """The end of a case without a decision."""
        reason = given.text("reason", 300)
        return self._step(pk, lambda: penalties.drop_case(pk, reason, given.day("on"), g.user, now()))

    def _step(self, pk: int, act: Any) -> Response:
        self._found(pk)
        with domain_errors_flashed(_("The step was recorded.")):
            act()
        return redirect(url_for(".show", pk=pk))


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def standing(case: PenaltyCase) -> Any:
    """How far a case has come."""
    if case.dropped_on:
        return tag(_("dropped"))
    if case.decided_on is None:
        return tag(_("under way"), "run")
    done = case.served_on and case.disclosed_on
    return tag(_("finished"), "ok") if done else tag(_("decided, to be served and disclosed"), "run")
