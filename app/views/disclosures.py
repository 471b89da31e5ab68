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
from werkzeug.wrappers import Response

from app.models import Disclosure
from app.services import disclosure
from app.services.visits import ReasonMissing
from app.views.base import LedgerView, RegisterInterface, code, domain_errors_flashed, tag
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
        "withdrawn_at",
        "withdrawn_reason",
    ]
    search_columns = ["index_no", "title", "kind", "agency", "published_at"]
    prefix_columns = {"index_no"}
    order_columns = ["index_no", "published_at"]
    base_order = ("id", "desc")
    formatters_columns = {
        "index_no": code,
        "published_by": person,
        "body_hash": lambda text: Markup('<span class="hash">{}</span>').format(text),
    }
    label_columns = {**LABELS, "kind": _("What is disclosed"), "body_hash": _("Hash"), "standing": _("State")}
    computed = {"standing": lambda row: standing(row)}

    def may_withdraw(self, item: Disclosure) -> bool:
        """Whether the reader may withdraw it."""
        agency = foreign_agency()
        own = agency is None or item.agency_id == agency.id
        return own and item.withdrawn_at is None and may("void", "Disclosure")

    def body(self, item: Disclosure) -> str:
        """What was published, as it was published."""
        return json.dumps(item.body, ensure_ascii=False, indent=1, sort_keys=True)

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
            disclosure.withdraw(pk, reason, g.user, datetime.now(UTC))
        return redirect(url_for(".show", pk=pk))


def standing(row: Disclosure) -> Any:
    """Whether the disclosure stands."""
    return tag(_("withdrawn"), "bad") if row.withdrawn_at else tag(_("in public"), "ok")
