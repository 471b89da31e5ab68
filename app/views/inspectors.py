"""执法检查人员名录库: people, certificates, expertise, recusals."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _

from app.models import EnforcementCertificate, Expertise, Inspector, Recusal
from app.views.base import MasterView, RegisterInterface, RegisterView, Remote, code, tag
from app.views.base.format import CLOCK
from app.views.computed import Computed, person
from app.views.kept import PartOf, Recorded
from app.views.labels import LABELS
from app.views.remotes import ENTERPRISES
from app.views.rows import may

SOON = timedelta(days=30)


class EnforcementCertificateView(PartOf, Computed, RegisterView):
    """Enforcement certificates; without a valid one nobody inspects (R15)."""

    route_base = "/certificates"
    datamodel = RegisterInterface(EnforcementCertificate)
    class_permission_name = "EnforcementCertificate"
    title = _("Certificates")
    noun = _("enforcement certificate")
    subtitle = _("Without a valid certificate nobody is matched to a visit.")
    parent, parent_view = "inspector", "InspectorView"
    list_columns = ["number", "inspector", "kind", "area", "valid_from", "valid_to", "validity"]
    show_columns = ["number", "inspector", "kind", "area", "valid_from", "valid_to", "is_suspended"]
    add_columns = edit_columns = show_columns
    search_columns = ["number", "inspector", "kind", "valid_to", "is_suspended"]
    prefix_columns = {"number"}
    order_columns = ["number", "valid_to"]
    base_order = ("valid_to", "asc")
    formatters_columns = {"number": code}
    label_columns = {**LABELS, "number": _("Certificate number"), "validity": _("Validity")}
    computed = {"validity": lambda row: validity_of(row)}
    remote = {"inspector": Remote(("staff_no", "name")), "area": Remote(("code", "name"))}


class RecusalView(PartOf, RegisterView):
    """Recusals: who may not inspect whom, and why (R18)."""

    route_base = "/recusals"
    datamodel = RegisterInterface(Recusal)
    class_permission_name = "Recusal"
    title = _("Recusals")
    noun = _("recusal")
    parent, parent_view = "inspector", "InspectorView"
    list_columns = ["inspector", "enterprise", "kind", "state", "requested_on"]
    show_columns = [
        "inspector",
        "enterprise",
        "kind",
        "state",
        "reason",
        "requested_on",
        "decided_at",
        "decided_by",
    ]
    add_columns = edit_columns = ["inspector", "enterprise", "kind", "state", "reason", "requested_on"]
    search_columns = ["inspector", "enterprise", "kind", "state"]
    tag_columns = {"state"}
    formatters_columns = {"decided_by": person}
    label_columns = {**LABELS, "kind": _("Ground of recusal")}
    remote = {"inspector": Remote(("staff_no", "name")), "enterprise": ENTERPRISES}


class ExpertiseView(Recorded, RegisterView):
    """The fields of expertise."""

    route_base = "/expertise"
    datamodel = RegisterInterface(Expertise)
    class_permission_name = "Expertise"
    title = _("Expertise")
    noun = _("field of expertise")
    list_columns = ["code", "name"]
    show_columns = add_columns = edit_columns = list_columns
    search_columns = ["code", "name"]
    order_columns = ["code", "name"]
    base_order = ("code", "asc")
    label_columns = LABELS


class InspectorView(Computed, Recorded, MasterView):
    """The roster of inspectors."""

    route_base = "/inspectors"
    datamodel = RegisterInterface(Inspector, eager={"certificates", "expertise", "agency"})
    class_permission_name = "Inspector"
    title = _("Roster of inspectors")
    noun = _("inspector")
    subtitle = _("Assistants and experts take part, but never count towards the two inspectors.")
    list_template = "inspectors/list.html"
    related_views = [EnforcementCertificateView, RecusalView]
    list_columns = ["staff_no", "name", "agency", "kind", "status", "may_lead", "certificate", "expertise"]
    show_columns = [
        "staff_no",
        "name",
        "agency",
        "position",
        "kind",
        "status",
        "may_lead",
        "yearly_cap",
        "expertise",
        "user",
    ]
    add_columns = edit_columns = show_columns
    search_columns = ["staff_no", "name", "agency", "kind", "status", "expertise"]
    prefix_columns = {"staff_no"}
    order_columns = ["staff_no", "name"]
    base_order = ("staff_no", "asc")
    tag_columns = {"status"}
    formatters_columns = {"staff_no": code, "user": person}
    label_columns = {**LABELS, "kind": _("Kind of staff"), "certificate": _("Certificate"), "name": _("Name")}
    computed = {"certificate": lambda row: best_validity(row)}

    def record_links(self, item: Any) -> list[tuple[Any, str]]:
        """What a clerk adds to a person."""
        wanted = (
            ("EnforcementCertificate", _("Add a certificate"), "EnforcementCertificateView.add"),
            ("Recusal", _("Add a recusal"), "RecusalView.add"),
        )
        history = [(_("History"), url_for("InspectorHistoryView.index", pk=item.id))]
        return history + [
            (words, url_for(page, inspector=item.id)) for view, words, page in wanted if may("write", view)
        ]

    def may_import(self) -> bool:
        """Whether the reader may load files."""
        return may("import", "ImportBatch")


def today() -> date:
    """The day on the clock of the bureau."""
    return datetime.now(CLOCK).date()


def validity_of(paper: EnforcementCertificate) -> Any:
    """The validity of a certificate today, as a tag."""
    day = today()
    if paper.is_suspended:
        return tag(_("suspended"), "bad")
    if paper.valid_to < day:
        return tag(_("expired"), "bad")
    if paper.valid_from > day:
        return tag(_("not yet valid"), "warn")
    left = (paper.valid_to - day).days
    return (
        tag(_("expires in %(days)s days", days=left), "warn") if left <= SOON.days else tag(_("valid"), "ok")
    )


def best_validity(person: Inspector) -> Any:
    """The validity of the certificate that lasts longest."""
    papers = [paper for paper in person.certificates if not paper.is_suspended] or person.certificates
    return validity_of(max(papers, key=lambda paper: paper.valid_to)) if papers else tag(_("none"), "bad")
