"""检查对象名录库: categories, enterprises, their listings, complaints and visits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import g, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy import func, inspect, select

from app.extensions import db
from app.models import (
    CategoryMembership,
    Complaint,
    Enterprise,
    EnterpriseLicence,
    ImportBatch,
    Listing,
    RosterSource,
    Visit,
)
from app.services import provenance, search, settling
from app.views.base import (
    LedgerView,
    MasterView,
    RegisterInterface,
    RegisterView,
    code,
    shown,
    tag,
    tag_of,
)
from app.views.base.criteria import Criterion, Searched
from app.views.computed import Computed, industry_name, region_name
from app.views.exports import Exportable
from app.views.kept import PartOf, Recorded
from app.views.labels import LABELS
from app.views.remotes import ENTERPRISES
from app.views.roster_sources import EnterpriseChangeView
from app.views.rows import VisitsToSee, foreign_agency, may


class Named(Searched):
    """Enterprises with a word in name, initials or code."""

    name = "named"
    search = staticmethod(search.named)


class Located(Searched):
    """Enterprises with a word in their address."""

    name = "located"
    search = staticmethod(search.located)


class MembershipView(PartOf, RegisterView):
    """Which enterprise stands in which category, and how it came there."""

    route_base = "/memberships"
    datamodel = RegisterInterface(CategoryMembership)
    class_permission_name = "Enterprise"
    title = _("Categories")
    noun = _("category of an enterprise")
    parent, parent_view = "enterprise", "EnterpriseView"
    may_delete = True
    list_columns = ["category", "source", "filing_level"]
    order_columns = ["id"]
    show_columns = ["enterprise", *list_columns]
    add_columns = edit_columns = ["enterprise", *list_columns]
    search_columns = ["category", "source"]
    tag_columns = {"source"}
    label_columns = {
        **LABELS,
        "category": _("Target category"),
        "source": _("How it came there"),
        "filing_level": _("Filed at the level"),
    }
    remote = {"enterprise": ENTERPRISES}


class LicenceView(PartOf, RegisterView):
    """Licences and filings of an enterprise; a category can be made of them, and they say whose it is to inspect."""

    route_base = "/licences"
    datamodel = RegisterInterface(EnterpriseLicence)
    class_permission_name = "Enterprise"
    title = _("Licences and filings")
    noun = _("licence or filing")
    parent, parent_view = "enterprise", "EnterpriseView"
    list_columns = ["name", "number", "level", "authority", "valid_from", "valid_to"]
    show_columns = ["enterprise", *list_columns]
    add_columns = edit_columns = show_columns
    search_columns = ["name", "level", "valid_to"]
    tag_columns = {"level"}
    label_columns = {
        **LABELS,
        "name": _("Licence or filing"),
        "number": _("Licence number"),
        "level": _("Filed at the level"),
        "authority": _("Issued by"),
    }
    remote = {"enterprise": ENTERPRISES}


class ListingView(PartOf, RegisterView):
    """Inclusion in, and removal from, the lists of bad standing; both raise the ratio."""

    route_base = "/listings"
    datamodel = RegisterInterface(Listing)
    class_permission_name = "Listing"
    title = _("Listings")
    noun = _("listing")
    subtitle = _("Listed enterprises are drawn at a higher ratio (article 5).")
    parent, parent_view = "enterprise", "EnterpriseView"
    list_columns = ["enterprise", "list_type", "included_on", "removed_on", "reason", "authority"]
    show_columns = [*list_columns, "source"]
    add_columns = edit_columns = list_columns
    search_columns = ["enterprise", "list_type", "included_on", "removed_on"]
    order_columns = ["included_on"]
    base_order = ("included_on", "desc")
    tag_columns = {"list_type"}
    label_columns = LABELS
    remote = {"enterprise": ENTERPRISES}


class ComplaintView(PartOf, RegisterView):
    """Complaints and reports; handled apart from the draw, but they raise the ratio."""

    route_base = "/complaints"
    datamodel = RegisterInterface(Complaint)
    class_permission_name = "Complaint"
    title = _("Complaints")
    noun = _("complaint")
    subtitle = _("A complaint raises the ratio for a year; it is handled apart from the draw.")
    parent, parent_view = "enterprise", "EnterpriseView"
    list_columns = ["enterprise", "received_on", "ordinal", "subject", "source"]
    show_columns = list_columns
    add_columns = edit_columns = ["enterprise", "received_on", "ordinal", "subject", "source"]
    search_columns = ["enterprise", "received_on", "subject"]
    order_columns = ["received_on"]
    base_order = ("received_on", "desc")
    label_columns = LABELS
    remote = {"enterprise": ENTERPRISES}


class VisitHistoryView(LedgerView):
    """Earlier and planned visits to an enterprise."""

    route_base = "/visit-history"
    datamodel = RegisterInterface(Visit, eager={"task"})
    class_permission_name = "Visit"
    title = _("Visits")
    noun = _("visit")
    base_filters = [["id", VisitsToSee, None]]
    list_columns = ["number", "task", "planned_on", "done_on", "state"]
    order_columns = ["planned_on", "done_on"]
    show_columns = list_columns
    search_columns = ["number", "state"]
    tag_columns = {"state"}
    base_order = ("id", "desc")
    label_columns = LABELS

    def row_links(self, item: Any) -> list[tuple[Any, str]]:
        """To the form of the visit."""
        return [(_("Form of the visit"), url_for("VisitView.show", pk=item.id))]


class EnterpriseView(Exportable, Computed, Recorded, MasterView):
    """The roster of inspection targets: large, so it is searched through an index of words."""

    route_base = "/enterprises"
    datamodel = RegisterInterface(Enterprise, eager={"listings", "complaints"})
    class_permission_name = "Enterprise"
    title = _("Roster of targets")
    noun = _("enterprise")
    subtitle = _("Registration authority, territory and functional zone are three facts; guesses are marked.")
    list_template = "targets/list.html"
    show_template = "targets/show.html"
    related_views = [
        MembershipView,
        LicenceView,
        ListingView,
        ComplaintView,
        VisitHistoryView,
        EnterpriseChangeView,
    ]
    list_columns = ["name", "identifier", "territory", "industry", "status", "risk_class", "marks"]
    word_criteria = [
        Criterion("words", _("Enterprise"), "words", filter_class=Named, hint=_("name, initials or code")),
        Criterion("located", _("Address"), "words", filter_class=Located, hint=_("street or building")),
    ]
    search_columns = [
        "territory_code",
        "status",
        "risk_class",
        "kind",
        "in_jurisdiction",
        "territory_guessed",
        "industry_guessed",
    ]
    prefix_columns = {"territory_code"}
    tag_columns = {"status", "risk_class"}
    order_columns = ["name", "identifier"]
    formatters_columns = {"identifier": code, "territory_code": region_name, "industry_code": industry_name}
    show_fieldsets = [
        (
            _("Registration"),
            {
                "fields": [
                    "name",
                    "identifier",
                    "identifier_kind",
                    "identifier_fault",
                    "kind",
                    "entity_type",
                    "status",
                    "established_on",
                    "registration_authority",
                    "address",
                ]
            },
        ),
        (
            _("Territory and industry"),
            {
                "fields": [
                    "territory_code",
                    "territory_guessed",
                    "functional_zone",
                    "in_jurisdiction",
                    "industry_code",
                    "industry_guessed",
                ]
            },
        ),
        (_("Internal"), {"fields": ["risk_class", "risk_class_on", "source", "loaded_at"]}),
        (_("Scope of business"), {"fields": ["business_scope"]}),
    ]
    add_fieldsets = edit_fieldsets = [
        (
            _("Registration"),
            {
                "fields": [
                    "name",
                    "identifier",
                    "identifier_kind",
                    "kind",
                    "entity_type",
                    "status",
                    "established_on",
                    "registration_authority",
                    "address",
                ]
            },
        ),
        (
            _("Territory and industry"),
            {
                "fields": [
                    "territory_code",
                    "territory_guessed",
                    "functional_zone",
                    "in_jurisdiction",
                    "industry_code",
                    "industry_guessed",
                    "business_scope",
                ]
            },
        ),
        (_("Internal"), {"fields": ["risk_class", "risk_class_on"]}),
    ]
    label_columns = {
        **LABELS,
        "name": _("Name of the enterprise"),
        "kind": _("Kind of entity"),
        "status": _("Registration status"),
        "territory": _("Territory"),
        "industry": _("Industry"),
        "marks": _("Marks"),
    }
    export_columns = [
        "identifier",
        "name",
        "kind",
        "entity_type",
        "status",
        "established_on",
        "registration_authority",
        "territory_code",
        "functional_zone",
        "in_jurisdiction",
        "industry_code",
        "address",
        "risk_class",
        "source",
        "loaded_at",
    ]
    export_values = {
        "territory_code": lambda key: region_name(key) if key else None,
        "industry_code": lambda key: industry_name(key) if key else None,
    }
    computed = {
        "territory": lambda row: guessed(region_name(row.territory_code), row.territory_guessed),
        "industry": lambda row: guessed(industry_name(row.industry_code), row.industry_guessed),
        "marks": lambda row: marks_of(row),
    }

    def record_links(self, item: Any) -> list[tuple[Any, str]]:
        """What a clerk adds to an enterprise."""
        wanted = (
            ("Enterprise", _("Add a category"), "MembershipView.add"),
            ("Enterprise", _("Add a licence"), "LicenceView.add"),
            ("Listing", _("Add a listing"), "ListingView.add"),
            ("Complaint", _("Add a complaint"), "ComplaintView.add"),
            ("TriggeredCheck", _("Open a triggered check"), "TriggeredCheckView.new"),
            ("EnterpriseEntry", _("Record an entry"), "EnterpriseEntryView.new"),
        )
        life = [(_("Whole life"), url_for("LifeView.index", pk=item.id))]
        links = life + [
            (words, url_for(page, enterprise=item.id)) for view, words, page in wanted if may("write", view)
        ]
        if may("export", "Archive") and foreign_agency() is None:
            links.append((_("Everything on record"), url_for("TraceView.index", pk=item.id)))
        return links

    def pre_add(self, item: Any) -> None:
        """What a clerk enters is the clerk's own statement."""
        super().pre_add(item)
        db.session.add(item)
        db.session.flush()
        settling.note_added(db.session(), item)

    def pre_update(self, item: Any) -> None:
        """What a clerk changes is the clerk's own statement, and stays in the history."""
        super().pre_update(item)
        old = {
            each.key: history.deleted[0] if history.deleted else None
            for each in inspect(item).attrs
            if (history := each.history).has_changes()
        }
        settling.note_edit(db.session(), item, old, g.user, datetime.now(UTC))

    def former_names(self, item: Any) -> Sequence[str]:
        """The names that the enterprise had before."""
        return provenance.former_names(db.session(), item.id)

    def source_listings(self, item: Any) -> list[provenance.Listing]:
        """Which sources list the enterprise."""
        return provenance.listings_of(db.session(), item.id)

    def field_sources(self, item: Any) -> list[provenance.FieldSource]:
        """By whose word each field stands (R13)."""
        return provenance.field_sources(db.session(), item)

    def data_note(self) -> str:
        """Each source with the day of its last load."""
        newest = func.max(ImportBatch.loaded_at)
        query = select(RosterSource.name, newest).join(ImportBatch, ImportBatch.source_id == RosterSource.id)
        loads = db.session.execute(query.group_by(RosterSource.id).order_by(RosterSource.rank)).all()
        return " · ".join(
            gettext("%(source)s of %(day)s", source=name, day=shown(at)[:10]) for name, at in loads
        )

    def may_import(self) -> bool:
        """Whether the reader may load files."""
        return may("import", "ImportBatch")


def guessed(value: Any, is_guess: bool) -> Any:
    """A fact, or a guess with its mark."""
    return Markup("{} {}").format(value, tag(_("guess"), "warn")) if is_guess else value


def marks_of(row: Enterprise) -> Any:
    """What raises the ratio of an enterprise or keeps it out of the draw."""
    found = [tag_of(entry.list_type) for entry in row.listings if entry.removed_on is None]
    if row.complaints:
        found.append(tag(_("Complaints %(count)s", count=len(row.complaints)), "warn"))
    if not row.in_jurisdiction:
        found.append(tag(_("Out of jurisdiction"), ""))
    if row.identifier_fault:
        found.append(tag(_("Code in doubt"), "bad"))
    return Markup(" ").join(found) if found else "—"
