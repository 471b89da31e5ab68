"""入企登记 and 检查频次上限: two small registers, kept through their services."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.domain import policy
from app.domain.errors import DomainError
from app.domain.vocabulary import EntryKind
from app.extensions import db
from app.messages import sentence_for
from app.models import Agency, Enterprise, EnterpriseEntry, FrequencyCap
from app.services import entry_register
from app.views import entry_forms as typed
from app.views.base import LedgerView, RegisterInterface, domain_errors_flashed
from app.views.base.format import CLOCK
from app.views.computed import Computed, person
from app.views.labels import LABELS
from app.views.rows import OwnAgency, duty_agency, foreign_agency, may
from app.views.triggered import named


class EnterpriseEntryView(Computed, LedgerView):
    """Every entry that was no visit of a task."""

    route_base = "/entries"
    datamodel = RegisterInterface(EnterpriseEntry, eager={"enterprise", "agency", "recorded_by"})
    class_permission_name = "EnterpriseEntry"
    title = _("Register of entries")
    noun = _("entry")
    subtitle = _(
        "Observation, supervision and re-checks are put on record too; a re-check counts against the cap."
    )
    list_template = "entry/entries.html"
    base_filters = [["id", OwnAgency, None]]
    list_columns = ["enterprise", "agency", "kind", "entered_on", "people", "purpose", "recorder"]
    show_columns = ["enterprise", "agency", "kind", "entered_on", "people", "purpose", "recorded_at"]
    search_columns = ["agency", "kind", "entered_on"]
    order_columns = ["entered_on"]
    base_order = ("id", "desc")
    tag_columns = {"kind"}
    label_columns = {
        **LABELS,
        "entered_on": _("Entered on"),
        "people": _("Who entered"),
        "purpose": _("Purpose"),
        "recorder": _("Recorded by"),
        "recorded_at": _("Recorded at"),
    }
    computed = {"recorder": lambda row: person(row.recorded_by)}

    def writes(self) -> bool:
        """Whether the reader may put an entry on record."""
        return may("write", "EnterpriseEntry")

    @expose("/new", methods=["GET", "POST"])
    @has_access
    @permission_name("write")
    def new(self) -> Response | str:
        """Put an entry on record."""
        given = request.form if request.method == "POST" else request.args
        enterprise = db.session.get(Enterprise, typed.whole(given, "enterprise"))
        if request.method == "POST" and enterprise is not None:
            try:
                self._record(enterprise)
                flash(_("The entry was recorded."), "success")
                return redirect(self.list_url())
            except DomainError as error:
                db.session.rollback()
                flash(sentence_for(error), "danger")
        return self.render_template(
            "entry/new_entry.html",
            title=_("New entry"),
            view=self,
            given=given,
            enterprise=enterprise,
            found=named(given.get("q", "")),
            kinds=list(EntryKind),
            today=datetime.now(CLOCK).date(),
        )

    def _record(self, enterprise: Enterprise) -> None:
        form, agency = request.form, duty_agency()
        kind = next((each for each in EntryKind if each.value == form.get("kind")), EntryKind.OTHER)
        entry_register.record_entry(
            enterprise.id,
            agency.id if agency else 0,
            kind,
            typed.day(form, "entered_on"),
            typed.words(form, "people", 200),
            typed.words(form, "purpose"),
            g.user,
            datetime.now(UTC),
        )


class FrequencyCapView(LedgerView):
    """The yearly caps that the bodies have published."""

    route_base = "/frequency-caps"
    datamodel = RegisterInterface(FrequencyCap, eager={"agency"})
    class_permission_name = "FrequencyCap"
    title = _("Caps of checks")
    noun = _("cap")
    list_template = "entry/caps.html"
    base_filters = [["id", OwnAgency, None]]
    list_columns = ["agency", "from_year", "yearly", "basis"]
    show_columns = list_columns
    search_columns = ["agency", "from_year"]
    order_columns = ["from_year"]
    base_order = ("from_year", "desc")
    label_columns = {
        **LABELS,
        "from_year": _("From the year"),
        "yearly": _("Checks a year at most"),
        "basis": _("Legal basis"),
    }

    @property
    def subtitle(self) -> Any:
        """What holds where nothing is published."""
        most = policy.VISIT.yearly_visits_per_enterprise
        return _("Where a body has published none, %(most)s checks a year and enterprise hold.", most=most)

    def writes(self) -> bool:
        """Whether the reader keeps the caps."""
        return may("write", "FrequencyCap")

    def agencies(self) -> list[Agency]:
        """The bodies whose caps the reader keeps."""
        own = foreign_agency()
        query = select(Agency).order_by(Agency.id)
        return [own] if own is not None else list(db.session.scalars(query))

    @expose("/set", methods=["POST"])
    @has_access
    @permission_name("write")
    def set(self) -> Response:
        """Keep a cap with its basis."""
        form = request.form
        agency = typed.whole(form, "agency")
        if agency in {each.id for each in self.agencies()}:
            with domain_errors_flashed(_("The cap was recorded.")):
                year, yearly = typed.whole(form, "from_year"), typed.whole(form, "yearly")
                entry_register.set_cap(agency, year, yearly, typed.words(form, "basis"), g.user)
        return redirect(url_for(".list"))
