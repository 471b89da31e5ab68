"""公示管理: everything that was disclosed, under its index number; withdrawing leaves a tombstone."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from flask import abort, g, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.extensions import db
from app.models import Disclosure, Withdrawal
from app.services import withdrawing
from app.services.visits import ReasonMissing
from app.views import given
from app.views.base import LedgerView, RegisterInterface, code, domain_errors_flashed, tag
from app.views.base.format import CLOCK
from app.views.computed import Computed, person
from app.views.labels import LABELS
from app.views.rows import foreign_agency, may


class DisclosureView(Computed, LedgerView):
    """The ledger of disclosures."""

    route_base = "/disclosures"
    datamodel = RegisterInterface(Disclosure, eager={"agency"})
    class_permission_name = "Disclosure"
    title = _("Disclosures")
    noun = _("disclosure")
    subtitle = _("What left the house; nothing published is rewritten.")
    show_template = "disclosures/show.html"
    list_columns = ["index_no", "title", "kind", "agency", "published_at", "standing"]
    show_columns = [
        "index_no",
        "title",
        "kind",
        "agency",
        "published_at",
        "published_by",
        "body_hash",
        "expires_on",
        "expired_at",
        "replaces",
        "withdrawn_at",
        "withdrawn_reason",
    ]
    search_columns = ["index_no", "title", "kind", "agency", "published_at"]
    prefix_columns = {"index_no"}
    order_columns = ["index_no", "published_at"]
    base_order = ("id", "desc")
    formatters_columns = {
        "index_no": code,
        "replaces": lambda row: code(row.index_no if row else None),
        "published_by": person,
        "body_hash": lambda text: Markup('<span class="hash">{}</span>').format(text),
    }
    label_columns = {
        **LABELS,
        "kind": _("What is disclosed"),
        "body_hash": _("Hash"),
        "standing": _("State"),
        "expires_on": _("In public until"),
        "expired_at": _("Time in public over since"),
        "replaces": _("Corrects"),
    }
    computed = {"standing": lambda row: standing(row)}

    def may_withdraw(self, item: Disclosure) -> bool:
        """Whether the reader may withdraw it."""
        agency = foreign_agency()
        own = agency is None or item.agency_id == agency.id
        return own and item.withdrawn_at is None and may("void", "Disclosure")

    def body(self, item: Disclosure) -> str:
        """What was published, as it was published."""
        return json.dumps(item.body, ensure_ascii=False, indent=1, sort_keys=True)

    def withdrawal(self, item: Disclosure) -> Withdrawal | None:
        """What is on record of its withdrawal."""
        return db.session.scalar(select(Withdrawal).where(Withdrawal.disclosure_id == item.id))

    def today(self) -> str:
        """The day on the clock of the bureau."""
        return datetime.now(CLOCK).date().isoformat()

    def may_void(self, item: Disclosure) -> bool:
        """Whether withdrawals of this department are the reader's business."""
        agency = foreign_agency()
        return (agency is None or item.agency_id == agency.id) and may("void", "Disclosure")

    @expose("/<int:pk>/wrong", methods=["POST"])
    @has_access
    @permission_name("void")
    def found_wrong(self, pk: int) -> Response:
        """A disclosure is known to be wrong: three working days begin."""
        if not self.may_void(self._found(pk)):
            abort(404)
        with domain_errors_flashed(_("Put on record; it is withdrawn within three working days.")):
            withdrawing.find_wrong(
                pk, given.day("known_on"), given.text("reason", 300), g.user, datetime.now(UTC)
            )
        return redirect(url_for(".show", pk=pk))

    @expose("/<int:pk>/propagate", methods=["POST"])
    @has_access
    @permission_name("void")
    def propagate(self, pk: int) -> Response:
        """Those to whom it had been passed on were told."""
        found = self._found(pk)
        row = self.withdrawal(found)
        if row is None or not self.may_void(found):
            abort(404)
        with domain_errors_flashed(_("That the others were told is on record.")):
            withdrawing.propagate(row.id, given.text("note", 300), g.user, datetime.now(UTC))
        return redirect(url_for(".show", pk=pk))

    @expose("/<int:pk>/withdraw", methods=["POST"])
    @has_access
    @permission_name("void")
    def withdraw(self, pk: int) -> Response:
        """Withdraw a disclosure with its reason; another department only its own."""
        found, agency = self._found(pk), foreign_agency()
        if agency is not None and found.agency_id != agency.id:
            abort(404)
        with domain_errors_flashed(_("The disclosure was withdrawn; its tombstone stays.")):
            reason = request.form.get("reason", "").strip()[:300]
            if not reason:
                raise ReasonMissing()
            withdrawing.withdraw(pk, reason, g.user, datetime.now(UTC))
        return redirect(url_for(".show", pk=pk))


def standing(row: Disclosure) -> Any:
    """Whether the disclosure stands."""
    if row.expired_at:
        return tag(_("time in public over"))
    if row.replaced_by and not row.withdrawn_at:
        return tag(_("corrected"), "warn")
    return tag(_("withdrawn"), "bad") if row.withdrawn_at else tag(_("in public"), "ok")
