"""信用记录: the entries, the measures of the national list, restoration, and the exchange file."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO

from flask import abort, g, redirect, request, send_file, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy import or_, select
from werkzeug.wrappers import Response

from app.domain.vocabulary import CreditState
from app.extensions import db
from app.models import CreditMeasure, CreditRecord
from app.reports import credit_exchange
from app.services import credit
from app.views import given
from app.views.base import LedgerView, RegisterInterface, RegisterView, code, domain_errors_flashed
from app.views.base.format import CLOCK
from app.views.computed import Computed
from app.views.kept import Recorded
from app.views.labels import LABELS
from app.views.remotes import ENTERPRISES
from app.views.rows import OwnAgency, may


class CreditRecordView(Computed, LedgerView):
    """What disclosed findings mean for the standing of enterprises."""

    route_base = "/credit"
    datamodel = RegisterInterface(CreditRecord, eager={"enterprise", "agency", "finding", "sanctions"})
    remote = {"enterprise": ENTERPRISES}
    class_permission_name = "CreditRecord"
    title = _("Credit records")
    noun = _("entry of the credit record")
    subtitle = _("Every disclosed finding is entered; measures come from the national list only.")
    list_template = "credit/list.html"
    show_template = "credit/show.html"
    base_filters = [["id", OwnAgency, None]]
    list_columns = ["enterprise", "item", "severity", "measures", "entered_on", "expires_on", "state"]
    show_columns = ["state", "severity"]
    search_columns = ["enterprise", "is_problem", "severity", "state", "agency", "entered_on"]
    order_columns = ["entered_on", "expires_on"]
    base_order = ("id", "desc")
    tag_columns = {"state", "severity"}
    label_columns = {
        **LABELS,
        "severity": _("Severity"),
        "measures": _("Measures"),
        "entered_on": _("Entered on"),
        "expires_on": _("In public until"),
        "is_problem": _("With a problem"),
    }
    computed = {
        "item": lambda row: row.finding.task_item.version.name,
        "measures": lambda row: "、".join(
            each.measure.name for each in row.sanctions if each.lifted_on is None
        ),
    }

    def name_of(self, item: CreditRecord) -> str:
        """The enterprise."""
        return item.enterprise.name

    def may_write(self, item: CreditRecord) -> bool:
        """Whether the reader may take measures now."""
        return item.state == CreditState.CURRENT and may("write", "CreditRecord")

    def may_exchange(self) -> bool:
        """Whether the reader may take the exchange file away."""
        return may("export", "CreditRecord")

    def measures(self) -> list[tuple[int, str]]:
        """The measures in force today, with their kind."""
        day = datetime.now(CLOCK).date()
        query = select(CreditMeasure).where(
            CreditMeasure.in_force_from <= day,
            or_(CreditMeasure.in_force_to.is_(None), CreditMeasure.in_force_to >= day),
        )
        rows = db.session.scalars(query.order_by(CreditMeasure.kind, CreditMeasure.code))
        return [(row.id, f"{row.kind.label}：{row.name}") for row in rows]

    def year(self) -> tuple[str, str]:
        """First and last day proposed for the exchange file."""
        day = datetime.now(CLOCK).date()
        return date(day.year, 1, 1).isoformat(), day.isoformat()

    @expose("/<int:pk>/measure", methods=["POST"])
    @has_access
    @permission_name("write")
    def take(self, pk: int) -> Response:
        """A measure of the list on an entry."""
        self._found(pk)
        with domain_errors_flashed(_("The measure was put on record.")):
            credit.take_measure(
                pk, given.key("measure"), given.text("reason", 300), g.user, datetime.now(UTC)
            )
        return redirect(url_for(".show", pk=pk))

    @expose("/<int:pk>/measure/<int:sanction_id>/lift", methods=["POST"])
    @has_access
    @permission_name("write")
    def lift(self, pk: int, sanction_id: int) -> Response:
        """End a measure before its time."""
        if sanction_id not in {row.id for row in self._found(pk).sanctions}:
            abort(404)
        with domain_errors_flashed(_("The measure was lifted.")):
            credit.lift_measure(sanction_id, given.text("reason", 300), g.user, datetime.now(UTC))
        return redirect(url_for(".show", pk=pk))

    @expose("/<int:pk>/restore", methods=["POST"])
    @has_access
    @permission_name("write")
    def restore(self, pk: int) -> Response:
        """Restore the credit of an enterprise."""
        self._found(pk)
        with domain_errors_flashed(_("The credit was restored; the item is no longer shown in public.")):
            credit.restore(pk, given.text("reason", 300), g.user, datetime.now(UTC))
        return redirect(url_for(".show", pk=pk))

    @expose("/exchange.csv")
    @has_access
    @permission_name("export")
    def exchange_csv(self) -> Response:
        """The entries made or ended in a period, for the publicity system, as a table."""
        first, last = _period()
        content = credit_exchange.as_csv(credit.exchange_rows(db.session(), first, last))
        return self._file(content, "text/csv", f"信用记录 {first}至{last}.csv")

    @expose("/exchange.json")
    @has_access
    @permission_name("export")
    def exchange_json(self) -> Response:
        """The same entries as JSON."""
        first, last = _period()
        rows = credit.exchange_rows(db.session(), first, last)
        content = credit_exchange.as_json(rows, first, last, datetime.now(UTC))
        return self._file(content, "application/json", f"信用记录 {first}至{last}.json")

    def _file(self, content: bytes, kind: str, name: str) -> Response:
        return send_file(BytesIO(content), kind, as_attachment=True, download_name=name)


class CreditMeasureView(Recorded, RegisterView):
    """The measures that the national list allows; nothing beside it."""

    route_base = "/credit-measures"
    datamodel = RegisterInterface(CreditMeasure)
    class_permission_name = "CreditMeasure"
    title = _("Measures of the national list")
    noun = _("measure")
    subtitle = _("Enter a measure with the edition of the list and its legal basis; none is made up here.")
    list_columns = [
        "code",
        "name",
        "kind",
        "edition",
        "for_serious_only",
        "in_force_from",
        "in_force_to",
        "needs_review",
    ]
    show_columns = [*list_columns, "legal_basis"]
    add_columns = edit_columns = [
        "code",
        "name",
        "kind",
        "edition",
        "legal_basis",
        "for_serious_only",
        "in_force_from",
        "in_force_to",
        "needs_review",
    ]
    search_columns = ["code", "name", "kind", "needs_review"]
    order_columns = ["code"]
    base_order = ("code", "asc")
    formatters_columns = {"code": code}
    label_columns = {
        **LABELS,
        "kind": _("Kind of measure"),
        "edition": _("Edition of the list"),
        "legal_basis": _("Legal basis"),
        "for_serious_only": _("Serious cases only"),
    }


def _period() -> tuple[date, date]:
    """The days asked for; this year so far where none are named."""
    today = datetime.now(CLOCK).date()
    return _day("first", date(today.year, 1, 1)), _day("last", today)


def _day(name: str, usual: date) -> date:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return usual
