"""抽查事项清单: items, their versions, legal bases and check points; publishing and disclosing the list."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import flash, g, redirect, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Optional

from app.domain.lifecycle import VERSION
from app.domain.lifecycle import may as lawful
from app.domain.policy import PPM
from app.domain.vocabulary import AgencyLevel, CheckMethod
from app.models import CheckPoint, InspectionItem, ItemVersion, LegalBasis
from app.services import items
from app.views.base import (
    MasterView,
    RegisterInterface,
    RegisterView,
    Remote,
    code,
    domain_errors_flashed,
    shown,
    tag_of,
)
from app.views.computed import Computed
from app.views.item_fields import LevelsField, MethodsField, PercentField
from app.views.kept import PartOf, Recorded, require_draft
from app.views.labels import LABELS
from app.views.rows import may

DEFAULT_MINIMUM = PPM // 20


def ratio(ppm: int | None) -> str:
    """A ratio in ppm as a percentage without needless zeros."""
    return str(shown(None)) if ppm is None else f"{ppm * 100 / PPM:g}%"


def newest(item: InspectionItem, name: str) -> Any:
    """A fact of the newest version of an item."""
    return getattr(item.versions[-1], name) if item.versions else None


def methods_of(text: str | None) -> Any:
    """The methods of an item version as words."""
    return shown([CheckMethod.of(value) for value in (text or "").replace("、", ",").split(",") if value])


def levels_of(text: str | None) -> Any:
    """The levels of an item version as words."""
    return shown([AgencyLevel.of(value) for value in (text or "").split(",") if value])


class LegalBasisView(PartOf, RegisterView):
    """The legal bases of an item version."""

    route_base = "/legal-bases"
    datamodel = RegisterInterface(LegalBasis)
    class_permission_name = "InspectionItem"
    title = _("Legal bases")
    noun = _("legal basis")
    parent, parent_view = "version", "ItemVersionView"
    may_delete = True
    list_columns = ["title", "document_no", "article", "in_force_from", "in_force_to"]
    show_columns = ["version", *list_columns]
    add_columns = edit_columns = [
        "version",
        "title",
        "document_no",
        "article",
        "in_force_from",
        "in_force_to",
    ]
    search_columns = ["title", "document_no"]
    label_columns = LABELS
    remote = {"version": Remote(("name",))}

    def pre_add(self, item: Any) -> None:
        """Only a draft may still change."""
        require_draft(item.version)
        super().pre_add(item)

    def pre_update(self, item: Any) -> None:
        """Only a draft may still change."""
        require_draft(item.version)
        super().pre_update(item)

    def pre_delete(self, item: Any) -> None:
        """Only a draft may still change."""
        require_draft(item.version)
        super().pre_delete(item)


class CheckPointView(LegalBasisView):
    """The check points of an item version."""

    route_base = "/check-points"
    datamodel = RegisterInterface(CheckPoint)
    title = _("Check points")
    noun = _("check point")
    list_columns = ["ordinal", "text", "guidance"]
    show_columns = ["version", *list_columns]
    add_columns = edit_columns = ["version", "ordinal", "text", "guidance"]
    search_columns = ["text"]
    order_columns = ["ordinal"]
    base_order = ("ordinal", "asc")


class ItemVersionView(PartOf, MasterView):
    """The versions of the items; what is published stays as it is, a change is a new version."""

    route_base = "/item-versions"
    datamodel = RegisterInterface(ItemVersion)
    class_permission_name = "InspectionItem"
    title = _("Item versions")
    noun = _("item version")
    parent, parent_view = "item", "InspectionItemView"
    related_views = [LegalBasisView, CheckPointView]
    show_template = "items/version.html"
    list_columns = [
        "name",
        "number",
        "state",
        "category",
        "maximum_ppm",
        "effective_from",
        "effective_to",
        "needs_review",
    ]
    search_columns = ["name", "state", "category", "joint_applicable", "needs_review"]
    tag_columns = {"state"}
    order_columns = ["name", "number"]
    show_fieldsets = [
        (
            _("Wording"),
            {"fields": ["item", "number", "name", "target_text", "content", "category", "target_category"]},
        ),
        (
            _("How it is inspected"),
            {
                "fields": [
                    "methods",
                    "levels",
                    "minimum_ppm",
                    "maximum_ppm",
                    "yearly_frequency",
                    "off_site_possible",
                    "materials",
                    "joint_applicable",
                    "partner_text",
                    "expertise",
                ]
            },
        ),
        (
            _("Validity"),
            {"fields": ["state", "effective_from", "effective_to", "published_at", "needs_review"]},
        ),
    ]
    add_fieldsets = edit_fieldsets = [
        (_("Wording"), {"fields": ["item", "name", "target_text", "content", "category", "target_category"]}),
        (
            _("How it is inspected"),
            {
                "fields": [
                    "methods",
                    "levels",
                    "minimum_ppm",
                    "maximum_ppm",
                    "yearly_frequency",
                    "off_site_possible",
                    "materials",
                    "joint_applicable",
                    "partner_text",
                    "expertise",
                    "needs_review",
                ]
            },
        ),
    ]
    label_columns = {
        **LABELS,
        "name": _("Name of the item"),
        "number": _("Version"),
        "methods": _("Methods"),
        "levels": _("Levels that supervise it here"),
        "minimum_ppm": _("Lowest ratio"),
        "maximum_ppm": _("Highest ratio"),
    }
    add_form_extra_fields = edit_form_extra_fields = {
        "minimum_ppm": PercentField(_("Lowest ratio (per cent)"), [InputRequired()], default=DEFAULT_MINIMUM),
        "maximum_ppm": PercentField(
            _("Highest ratio (per cent)"), [Optional()], description=_("An ordinary item must have one")
        ),
        "methods": MethodsField(_("Methods")),
        "levels": LevelsField(_("Levels that supervise it here")),
    }
    formatters_columns = {
        "minimum_ppm": ratio,
        "maximum_ppm": ratio,
        "methods": methods_of,
        "levels": levels_of,
    }

    def pre_add(self, item: Any) -> None:
        """A new version takes the next number."""
        item.number = max((other.number for other in item.item.versions if other is not item), default=0) + 1
        super().pre_add(item)

    def pre_update(self, item: Any) -> None:
        """Only a draft may still change."""
        require_draft(item)
        super().pre_update(item)

    def record_links(self, item: Any) -> list[tuple[Any, str]]:
        """Parts are added while the version is a draft."""
        if not (may("write", "InspectionItem") and lawful(VERSION, item.state, "publish")):
            return []
        return [
            (_("Add a legal basis"), url_for("LegalBasisView.add", version=item.id)),
            (_("Add a check point"), url_for("CheckPointView.add", version=item.id)),
        ]

    def may_draft(self, item: Any) -> bool:
        """Whether the reader may open a new draft from this version."""
        drafts = any(lawful(VERSION, other.state, "publish") for other in item.item.versions)
        return may("write", "InspectionItem") and not drafts

    @expose("/<int:pk>/draft", methods=["POST"])
    @has_access
    @permission_name("write")
    def draft(self, pk: int) -> Response:
        """Open a new draft with everything that stands in this version."""
        self._found(pk)
        with domain_errors_flashed(_("A new draft was opened.")):
            pk = items.draft_from(pk, g.user)
        return redirect(url_for(".show", pk=pk))

    def steps_open(self, item: Any) -> list[str]:
        """The lawful steps that the reader may take."""
        if not may("approve", "InspectionItem"):
            return []
        return [event for event in ("publish", "withdraw") if lawful(VERSION, item.state, event)]

    @expose("/<int:pk>/publish", methods=["POST"])
    @has_access
    @permission_name("approve")
    def publish(self, pk: int) -> Response:
        """Publish the version; the one before it is withdrawn."""
        self._found(pk)
        with domain_errors_flashed(_("The item version was published.")):
            items.publish_version(pk, g.user, datetime.now(UTC))
        return redirect(url_for(".show", pk=pk))

    @expose("/<int:pk>/withdraw", methods=["POST"])
    @has_access
    @permission_name("approve")
    def withdraw(self, pk: int) -> Response:
        """Withdraw the version."""
        self._found(pk)
        with domain_errors_flashed(_("The item version was withdrawn.")):
            items.withdraw_version(pk, g.user, datetime.now(UTC))
        return redirect(url_for(".show", pk=pk))


class InspectionItemView(Computed, Recorded, MasterView):
    """The list of inspection items; what does not stand on it is not inspected (R1)."""

    route_base = "/items"
    datamodel = RegisterInterface(InspectionItem, eager={"versions"})
    class_permission_name = "InspectionItem"
    title = _("Inspection items")
    noun = _("inspection item")
    subtitle = _("What is not on the published list may not be inspected.")
    list_template = "items/list.html"
    related_views = [ItemVersionView]
    list_columns = [
        "code",
        "newest_name",
        "field",
        "agency",
        "newest_state",
        "newest_category",
        "newest_ratio",
    ]
    show_columns = ["code", "field", "agency", "duty_code", "supervision_code"]
    add_columns = edit_columns = ["code", "field", "agency", "duty_code", "supervision_code"]
    search_columns = ["code", "field", "agency"]
    prefix_columns = {"code"}
    order_columns = ["code", "field"]
    base_order = ("code", "asc")
    formatters_columns = {"code": code}
    computed = {
        "newest_name": lambda item: newest(item, "name"),
        "newest_state": lambda item: tag_of(newest(item, "state")),
        "newest_category": lambda item: newest(item, "category"),
        "newest_ratio": lambda item: ratio(newest(item, "maximum_ppm")),
    }
    label_columns = {
        **LABELS,
        "code": _("Item code"),
        "newest_name": _("Name of the item"),
        "newest_state": _("State"),
        "newest_category": _("Kind of item"),
        "newest_ratio": _("Highest ratio"),
    }

    def name_of(self, item: Any) -> str:
        """Code and name."""
        return f"{item.code} {item.versions[-1].name}" if item.versions else item.code

    def record_links(self, item: Any) -> list[tuple[Any, str]]:
        """A new version, for whoever keeps the list."""
        if not may("write", "InspectionItem"):
            return []
        return [(_("New version"), url_for("ItemVersionView.add", item=item.id))]

    def may(self, power: str) -> bool:
        """Whether the reader holds this power on items."""
        return may(power, "InspectionItem")

    def may_import(self) -> bool:
        """Whether the reader may load files."""
        return may("import", "ImportBatch")

    @expose("/publish-all", methods=["POST"])
    @has_access
    @permission_name("approve")
    def publish_all(self) -> Response:
        """Publish every draft as one adjustment of the list."""
        with domain_errors_flashed():
            count = items.publish_all_drafts(g.user, datetime.now(UTC))
            flash(_("%(count)s item versions were published.", count=count), "success")
        return redirect(self.list_url())

    @expose("/disclose", methods=["POST"])
    @has_access
    @permission_name("disclose")
    def disclose(self) -> Response:
        """Disclose the whole list in force."""
        with domain_errors_flashed():
            number = items.disclose_list(g.user, datetime.now(UTC))
            flash(_("The list was disclosed under %(number)s.", number=number), "success")
        return redirect(self.list_url())
