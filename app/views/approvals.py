"""检查审批: what waits for the head of the reader's body, each application on a page of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from flask import g, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.actions import action
from flask_appbuilder.models.sqla.filters import BaseFilter
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy import false
from sqlalchemy.orm import Query
from werkzeug.wrappers import Response

from app.domain.vocabulary import ApprovalState
from app.models import VisitApproval
from app.services import approving
from app.views import entry_forms as typed
from app.views.base import LedgerView, RegisterInterface, domain_errors_flashed
from app.views.before_entry import tell
from app.views.computed import Computed
from app.views.entry_status import EntryStatus, line_of, line_tag
from app.views.labels import LABELS
from app.views.rows import duty_agency, is_own, may


class ApprovalsToSee(BaseFilter):
    """The applications of the reader's body; for an inspector those of own visits."""

    name = "approvals to see"
    arg_name = None

    def apply(self, query: Query[Any], value: Any) -> Query[Any]:
        """Narrow a query of applications."""
        if not may("read", "ItemFinding"):
            return query.filter(VisitApproval.visit.has(is_own(g.user.id)))
        agency = duty_agency()
        if agency is None:
            return query.filter(false())
        return query if agency.is_bureau else query.filter(VisitApproval.agency_id == agency.id)


class ApprovalView(Computed, LedgerView):
    """The applications for checks and what the heads decided."""

    route_base = "/approvals"
    datamodel = RegisterInterface(VisitApproval, eager={"visit", "agency"})
    class_permission_name = "VisitApproval"
    title = _("Approval of checks")
    noun = _("application for a check")
    subtitle = _("Every check is approved by the head of the enforcing body before it begins.")
    show_template = "entry/approval.html"
    base_filters = [["id", ApprovalsToSee, None]]
    list_columns = ["enterprise", "number", "agency", "planned_on", "frequency", "merge", "state"]
    show_columns = ["state"]
    search_columns = ["state", "agency", "planned_on", "is_over_cap", "is_abnormal"]
    order_columns = ["planned_on"]
    base_order = ("id", "desc")
    tag_columns = {"state"}
    powers = {"approve_all": "approve"}
    label_columns = {
        **LABELS,
        "number": _("Visit"),
        "frequency": _("Check of the year"),
        "merge": _("Other open visits"),
        "is_over_cap": _("Above the cap"),
        "is_abnormal": _("Abnormal frequency"),
    }
    computed = {
        "enterprise": lambda row: row.visit.enterprise.name,
        "number": lambda row: row.visit.number,
        "frequency": lambda row: line_tag(line_of(row)),
    }

    def name_of(self, item: VisitApproval) -> str:
        """Enterprise and body."""
        return f"{item.visit.enterprise.name} · {item.agency.short_name}"

    def status(self, item: VisitApproval) -> EntryStatus:
        """How the visit stands."""
        return EntryStatus(item.visit)

    def line(self, item: VisitApproval) -> Any:
        """The frequency line of the body."""
        return line_tag(line_of(item))

    def may_decide(self, item: VisitApproval) -> bool:
        """Whether the reader is the head who decides now."""
        agency = duty_agency()
        return (
            item.state == ApprovalState.APPLIED
            and may("approve", "VisitApproval")
            and agency is not None
            and item.agency_id == agency.id
        )

    @action("approve_all", _("Approve the chosen"), _("Approve the chosen checks?"), single=False)
    def approve_all(self, chosen: list[VisitApproval]) -> Response:
        """Approve several at once, task by task; each refusal is told with its rule."""
        pairs = sorted((approval.visit.task_id, approval.id) for approval in chosen)
        for task_id, rows in groupby(pairs, key=lambda pair: pair[0]):
            keys = {key for _task, key in rows}
            with domain_errors_flashed():
                tell(
                    approving.approve_many(
                        task_id, str(_("Approved")), g.user, datetime.now(UTC), chosen=keys
                    )
                )
        return redirect(self.list_url())

    @expose("/<int:pk>/approve", methods=["POST"])
    @has_access
    @permission_name("approve")
    def approve(self, pk: int) -> Response:
        """Approve one check."""
        decision = typed.words(request.form, "decision") or str(_("Approved"))
        return self._decide(pk, lambda now: approving.approve(pk, decision, g.user, now))

    @expose("/<int:pk>/refuse", methods=["POST"])
    @has_access
    @permission_name("approve")
    def refuse(self, pk: int) -> Response:
        """Refuse one check with the reason."""
        reason = typed.words(request.form, "reason")
        return self._decide(pk, lambda now: approving.refuse(pk, reason, g.user, now))

    def _decide(self, pk: int, act: Callable[[datetime], None]) -> Response:
        self._found(pk)
        with domain_errors_flashed(_("The decision was recorded.")):
            act(datetime.now(UTC))
        return redirect(url_for(".show", pk=pk))
