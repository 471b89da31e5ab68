"""专项检查 (R39): drafted, approved above, filed, disclosed; enterprises chosen one by one within the quota."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.domain.errors import DomainError
from app.domain.lifecycle import SPECIAL
from app.domain.lifecycle import may as lawful
from app.domain.vocabulary import SpecialApprover, SpecialOrigin, SpecialState, VersionState
from app.extensions import db
from app.messages import sentence_for
from app.models import Enterprise, InspectionItem, ItemVersion, RiskWarning, SpecialInspection
from app.services import special, undrawn
from app.services.risk.responses import start_special
from app.services.special import Chosen, Draft
from app.views import entry_forms as typed
from app.views.base import LedgerView, RegisterInterface, code, domain_errors_flashed, label_of
from app.views.labels import LABELS
from app.views.rows import OwnAgency, foreign_agency, may
from app.views.triggered import named


class SpecialInspectionView(LedgerView):
    """The special inspections of the bureau and its partners."""

    route_base = "/special-inspections"
    datamodel = RegisterInterface(SpecialInspection, eager={"agency"})
    class_permission_name = "SpecialInspection"
    title = _("Special inspections")
    noun = _("special inspection")
    subtitle = _(
        "A limited number a year, approved by a county government at least, never covering everybody."
    )
    list_template = "special/list.html"
    show_template = "special/show.html"
    base_filters = [["id", OwnAgency, None]]
    list_columns = ["number", "title", "agency", "origin", "quota", "starts_on", "ends_on", "state"]
    show_columns = ["state"]
    search_columns = ["number", "title", "state", "origin", "year"]
    order_columns = ["number", "starts_on"]
    base_order = ("id", "desc")
    tag_columns = {"state", "origin"}
    formatters_columns = {"number": code}
    label_columns = {
        **LABELS,
        "origin": _("Origin"),
        "quota": _("Enterprises at most"),
        "starts_on": _("Begins on"),
        "ends_on": _("Ends on"),
    }

    def name_of(self, item: SpecialInspection) -> str:
        """The title."""
        return item.title

    def writes(self) -> bool:
        """Whether the reader takes the steps."""
        return may("write", "SpecialInspection")

    def steps(self, item: SpecialInspection) -> list[tuple[Any, str]]:
        """The life of a special inspection as a bar."""
        order = list(SpecialState)
        reached = order.index(item.state)
        return [
            (label_of(state), "now" if place == reached else "done" if place < reached else "")
            for place, state in enumerate(order)
        ]

    def lawful(self, item: SpecialInspection, event: str) -> bool:
        """Whether the step may be taken now by the reader."""
        return self.writes() and lawful(SPECIAL, item.state, event)

    def approvers(self) -> list[SpecialApprover]:
        """Who may approve."""
        return list(SpecialApprover)

    def visited(self, item: SpecialInspection) -> int:
        """How much of the quota is used."""
        return special.visited(db.session(), item)

    def found(self) -> list[Enterprise]:
        """Enterprises for the search in the address."""
        return named(request.args.get("q", ""))

    def people(self, item: SpecialInspection) -> list[undrawn.Prospect]:
        """Everybody of the departments concerned, judged against the enterprise asked for."""
        enterprise = db.session.get(Enterprise, typed.whole(request.args, "enterprise"))
        if enterprise is None or not self.writes() or item.state != SpecialState.DISCLOSED:
            return []
        return undrawn.prospects(db.session(), enterprise, item.versions, item.starts_on)

    def asked(self) -> Enterprise | None:
        """The enterprise asked for in the address."""
        return db.session.get(Enterprise, typed.whole(request.args, "enterprise"))

    @expose("/new", methods=["GET", "POST"])
    @has_access
    @permission_name("write")
    def new(self) -> Response | str:
        """Draft a special inspection."""
        if request.method == "POST":
            try:
                return redirect(url_for(".show", pk=self._draft()))
            except DomainError as error:
                db.session.rollback()
                flash(sentence_for(error), "danger")
        return self.render_template(
            "special/new.html",
            title=_("New special inspection"),
            view=self,
            given=request.form or self._prefilled(),
            warning=self._warning(),
            versions=self._versions(),
            origins=list(SpecialOrigin),
        )

    @expose("/<int:pk>/approve", methods=["POST"])
    @has_access
    @permission_name("write")
    def approve(self, pk: int) -> Response:
        """Record the approval."""
        form = request.form
        approver = next((each for each in SpecialApprover if each.value == form.get("approver")), None)
        organ, number = typed.words(form, "organ", 120), typed.words(form, "number", 60)
        approver, organ = approver or SpecialApprover.COUNTY_GOVERNMENT, organ if approver else ""
        on = typed.day(form, "on")
        return self._step(
            pk, lambda now: special.approve_special(pk, approver, organ, number, on, g.user, now)
        )

    @expose("/<int:pk>/file", methods=["POST"])
    @has_access
    @permission_name("write")
    def file(self, pk: int) -> Response:
        """Record the filing."""
        number, on = typed.words(request.form, "number", 60), typed.day(request.form, "on")
        return self._step(pk, lambda now: special.file_special(pk, number, on, g.user, now))

    @expose("/<int:pk>/disclose", methods=["POST"])
    @has_access
    @permission_name("write")
    def disclose(self, pk: int) -> Response:
        """Disclose it on the public site."""
        return self._step(pk, lambda now: special.disclose_special(pk, g.user, now))

    @expose("/<int:pk>/visits", methods=["POST"])
    @has_access
    @permission_name("write")
    def visits(self, pk: int) -> Response:
        """Form the visit of one chosen enterprise."""
        form = request.form
        chosen = Chosen(
            typed.whole(form, "enterprise"), typed.words(form, "ground"), typed.day(form, "planned_on")
        )
        team = typed.keys(form, "person")
        return self._step(pk, lambda now: special.form_visits(pk, [chosen], team, g.user, now))

    @expose("/<int:pk>/close", methods=["POST"])
    @has_access
    @permission_name("write")
    def close(self, pk: int) -> Response:
        """End it."""
        on = typed.day(request.form, "reported_on") if request.form.get("reported_on") else None
        return self._step(pk, lambda now: special.close_special(pk, on, g.user))

    def _step(self, pk: int, act: Callable[[datetime], Any]) -> Response:
        self._found(pk)
        with domain_errors_flashed(_("Recorded.")):
            act(datetime.now(UTC))
        return redirect(url_for(".show", pk=pk))

    def _draft(self) -> int:
        form = request.form
        origin = next((each for each in SpecialOrigin if each.value == form.get("origin")), SpecialOrigin.OWN)
        draft = Draft(
            typed.words(form, "title", 120),
            origin,
            typed.words(form, "reason", 2000),
            typed.whole(form, "quota"),
            typed.day(form, "starts_on"),
            typed.day(form, "ends_on"),
        )
        versions = typed.keys(form, "version")
        warning = self._warning()
        if warning is not None:
            return start_special(warning.id, draft, versions, g.user, datetime.now(UTC))
        return special.create_special(draft, versions, g.user, datetime.now(UTC))

    def _warning(self) -> RiskWarning | None:
        """The risk warning from which the inspection follows, where the reader may see it."""
        key = typed.whole(request.values, "warning")
        seen = key and foreign_agency() is None and may("write", "RiskWarning")
        return db.session.get(RiskWarning, key) if seen else None

    def _prefilled(self) -> MultiDict[str, str]:
        """What a warning says already about the inspection that follows from it."""
        warning = self._warning()
        if warning is None:
            return MultiDict()
        words = f"{warning.number} {warning.label}：{warning.kind.label}"
        return MultiDict({"title": warning.label[:80], "reason": words})

    def _versions(self) -> list[ItemVersion]:
        query = (
            select(ItemVersion)
            .join(InspectionItem)
            .where(ItemVersion.state == VersionState.PUBLISHED)
            .order_by(InspectionItem.agency_id, InspectionItem.code)
        )
        agency = foreign_agency()
        if agency is not None:
            query = query.where(InspectionItem.agency_id == agency.id)
        return list(db.session.scalars(query))
