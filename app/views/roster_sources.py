"""数据来源: which sources cover the roster, whom the clerk believes, where they disagree, what changed (R13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import abort, flash, g, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.models.filters import BaseFilter
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Query
from werkzeug.wrappers import Response

from app.domain.provenance import CONFLICT_FIELDS, STATEABLE
from app.domain.vocabulary import RosterField
from app.extensions import db
from app.models import EnterpriseChange, RosterSource, SourceDissent
from app.services import provenance, settling, sources
from app.views.base import (
    BasePage,
    LedgerView,
    RegisterInterface,
    domain_errors_flashed,
    label_of,
    percent,
    shown,
)
from app.views.computed import Computed, industry_name, person, region_name
from app.views.labels import LABELS
from app.views.registry import Badge, Todo, badge, todos
from app.views.remotes import ENTERPRISES
from app.views.rows import may


@dataclass(frozen=True)
class SourceLine:
    """One source on the page of all: what it lists, what it dropped, when it last came."""

    source: RosterSource
    listed: int
    gone: int
    last: Any


class RosterSourceView(BasePage):
    """The sources of the roster, how far they cover it, and whom to believe."""

    route_base = "/roster-sources"
    class_permission_name = "RosterSource"
    title = _("Sources of the roster")

    @expose("/")
    @has_access
    @permission_name("read")
    def index(self) -> str:
        """Coverage as the last load counted it, and the order of precedence."""
        session = db.session()
        every = sources.sources_in_order(session)
        found = provenance.last_coverage(session)
        return self.render(
            "targets/sources.html",
            sources=every,
            coverage=found,
            lines=[self._line(source, found) for source in every],
            overlaps=[(self._names(every, group), count) for group, count in found.overlaps],
            conflicts=provenance.open_conflicts(session),
            ranks=_ranks(every),
            fields=STATEABLE,
            may_write=may("write", "RosterSource"),
        )

    @expose("/order", methods=["POST"])
    @has_access
    @permission_name("write")
    def order(self) -> Response:
        """Set the order of precedence of every field; the roster follows at once."""
        every = sources.sources_in_order(db.session())
        orders = {field: _order_asked(field, every) for field in STATEABLE}
        with domain_errors_flashed():
            changed = settling.set_precedence(orders, g.user, datetime.now(UTC))
            flash(_said(changed), "success")
        return self.go("index")

    def _line(self, source: RosterSource, found: provenance.Coverage) -> SourceLine:
        last = sources.last_batch(db.session(), source)
        return SourceLine(source, found.listed.get(source.id, 0), found.gone.get(source.id, 0), last)

    def in_several(self, found: provenance.Coverage) -> int:
        """Enterprises that more than one source lists."""
        return sum(count for group, count in found.overlaps if len(group) > 1)

    def share(self, part: int, whole: int) -> str:
        """A share of the roster."""
        return percent(part, whole)

    @staticmethod
    def _names(every: Sequence[RosterSource], group: Sequence[int]) -> str:
        return " + ".join(source.name for source in every if source.id in group)


class OpenConflicts(BaseFilter):
    """Disagreements about name, status or address; other fields only follow the order of precedence."""

    name = "open conflicts"
    arg_name = None

    def apply(self, query: Query[Any], value: Any) -> Query[Any]:
        """Narrow a query of dissents."""
        return query.filter(SourceDissent.field.in_(CONFLICT_FIELDS))


class ConflictView(Computed, LedgerView):
    """Where sources state name, status or address differently: what stands, and why."""

    route_base = "/roster-conflicts"
    datamodel = RegisterInterface(SourceDissent, eager={"enterprise", "source"})
    class_permission_name = "RosterSource"
    title = _("Conflicts of sources")
    noun = _("conflict of sources")
    subtitle = _("What stands follows the order of precedence; you may decide a single case.")
    show_template = "targets/conflict.html"
    base_filters = [["id", OpenConflicts, None]]
    list_columns = ["enterprise", "field", "stands", "source", "value", "since", "decided"]
    show_columns = ["enterprise", "field", "since", "decided_at", "decided_by", "reason"]
    search_columns = ["field", "source", "since", "decided_at"]
    order_columns = ["since"]
    base_order = ("id", "desc")
    formatters_columns = {"decided_by": person}
    label_columns = {
        **LABELS,
        "field": _("Field in dispute"),
        "stands": _("What stands"),
        "source": _("Source that dissents"),
        "value": _("What it states"),
        "since": _("In dispute since"),
        "decided": _("Decision"),
    }
    computed = {
        "stands": lambda row: worded(row.field, settling.as_text(getattr(row.enterprise, row.field.value))),
        "value": lambda row: worded(row.field, row.value),
        "decided": lambda row: _("decided") if row.decided_at else _("open"),
    }

    def name_of(self, item: Any) -> str:
        """The enterprise and the field."""
        return f"{item.enterprise.name} · {label_of(item.field)}"

    def statements(self, item: SourceDissent) -> list[settling.Statement]:
        """Who states what about the field, the most believed first."""
        return settling.statements(db.session(), item)

    def worded(self, field: RosterField, value: str | None) -> Any:
        """A value in the words of the reader."""
        return worded(field, value)

    def may_decide(self) -> bool:
        """Whether the reader may decide."""
        return may("write", "RosterSource")

    @expose("/<int:pk>/decide", methods=["POST"])
    @has_access
    @permission_name("write")
    def decide(self, pk: int) -> Response:
        """Let one statement stand, with the reason."""
        self._found(pk)
        chosen = request.form.get("source", type=int)
        with domain_errors_flashed(_("The decision was recorded.")):
            settling.decide(pk, chosen, g.user, datetime.now(UTC), request.form.get("reason", "")[:200])
        return self.post_add_redirect()


class EnterpriseChangeView(Computed, LedgerView):
    """Every change of an enterprise: what, when, by which source or person, why."""

    route_base = "/enterprise-changes"
    datamodel = RegisterInterface(EnterpriseChange, eager={"enterprise", "source", "batch", "actor"})
    class_permission_name = "Enterprise"
    title = _("History of changes")
    noun = _("change of an enterprise")
    list_columns = ["at", "field", "old", "new", "source", "batch", "actor", "why"]
    show_columns = ["enterprise", *list_columns]
    search_columns = ["enterprise", "field", "at", "source"]
    remote = {"enterprise": ENTERPRISES}
    base_order = ("id", "desc")
    formatters_columns = {"actor": person}
    label_columns = {
        **LABELS,
        "field": _("What changed"),
        "old": _("Before"),
        "new": _("After"),
        "source": _("Source"),
        "batch": _("Load"),
        "actor": _("Who"),
        "why": _("Reason"),
    }
    computed = {
        "old": lambda row: worded(row.field, row.old),
        "new": lambda row: worded(row.field, row.new),
    }


def worded(field: RosterField, value: str | None) -> Any:
    """A kept text in the words of the reader."""
    if value is None:
        return shown(None)
    if field == RosterField.TERRITORY:
        return region_name(value)
    if field == RosterField.INDUSTRY:
        return industry_name(value)
    if field in (RosterField.PRESENCE, RosterField.CATEGORY):
        return shown(value == "1") if field == RosterField.PRESENCE else value
    return shown(settling.from_text(field, value))


def _ranks(every: Sequence[RosterSource]) -> dict[RosterField, dict[int, int]]:
    held = sources.precedence(db.session())
    return {field: {source: rank for rank, source in enumerate(held.order(field), 1)} for field in STATEABLE}


def _order_asked(field: RosterField, every: Sequence[RosterSource]) -> list[int]:
    """The sources by the numbers typed; equal numbers leave the general order."""

    def number(source: RosterSource) -> int:
        typed = request.form.get(f"{field.value}-{source.id}", type=int)
        if typed is None or not 1 <= typed <= len(every):
            abort(400)
        return typed

    return [source.id for source in sorted(every, key=number)]


def _said(changed: dict[RosterField, int]) -> Any:
    if not changed:
        return _("The order stays as it was.")
    return _(
        "The order was changed for %(fields)s; %(count)s values in the roster followed.",
        fields="、".join(label_of(field) for field in changed),
        count=sum(changed.values()),
    )


@badge("ConflictView")
def conflicts_waiting(user: Any) -> Badge:
    """Conflicts that nobody decided yet."""
    if not may("write", "RosterSource"):
        return Badge(0)
    return Badge(sum(provenance.open_conflicts(db.session()).values()))


@todos
def conflict_todos(user: Any) -> Any:
    """Conflicts of sources for the clerk."""
    if not may("write", "RosterSource"):
        return
    count = sum(provenance.open_conflicts(db.session()).values())
    if count:
        text = _("%(count)s conflicts of sources to decide", count=f"{count:,}")
        yield Todo(_("to do"), text, url_for("ConflictView.list"))
