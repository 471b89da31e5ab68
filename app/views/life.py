"""The life of one enterprise on one page, and the changes of status that touch open tasks."""

from __future__ import annotations

from typing import Any

from flask import abort, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _

from app.domain.vocabulary import ChangeEvent, LifeKind
from app.extensions import db
from app.models import Enterprise, Inspector, RecordChange
from app.models.types import TermType
from app.services.ceased import touched_targets
from app.services.life import life_of
from app.services.record_changes import of_inspector
from app.views.base import BasePage
from app.views.labels import LABELS
from app.views.rows import foreign_agency


class LifeView(BasePage):
    """一户一档: everything that happened to an enterprise."""

    route_base = "/life"
    class_permission_name = "Enterprise"
    title = _("Life of the enterprise")

    @expose("/<int:pk>")
    @has_access
    @permission_name("read")
    def index(self, pk: int) -> str:
        """The events, newest first; of one kind where the reader chose it."""
        if foreign_agency() is not None:
            abort(404)
        enterprise = db.session.get(Enterprise, pk) or abort(404)
        chosen = request.args.get("kind", "")
        kind = LifeKind.of(chosen) if chosen in {member.value for member in LifeKind} else None
        return self.render(
            "targets/life.html",
            enterprise=enterprise,
            events=life_of(db.session(), pk, kind),
            kinds=list(LifeKind),
            kind=kind,
        )


class InspectorHistoryView(BasePage):
    """What changed about an inspector: post, certificate, recusal."""

    route_base = "/inspector-history"
    class_permission_name = "Inspector"
    title = _("History of the inspector")

    def changes(self, change: RecordChange) -> list[tuple[Any, Any, Any]]:
        """What a change changed, in the words of the pages: (word, old, new); of a new record nothing more."""
        if change.event != ChangeEvent.CHANGED:
            return []
        columns = db.metadata.tables[change.register].columns
        return [
            (LABELS[name], _term(columns[name].type, old), _term(columns[name].type, new))
            for name, (old, new) in change.changes.items()
            if name in LABELS and not name.endswith("_id")
        ]

    @expose("/<int:pk>")
    @has_access
    @permission_name("read")
    def index(self, pk: int) -> str:
        """The changes, newest first."""
        inspector = db.session.get(Inspector, pk) or abort(404)
        agency = foreign_agency()
        if agency is not None and inspector.agency_id != agency.id:
            abort(404)
        return self.render(
            "inspectors/history.html", inspector=inspector, changes=of_inspector(db.session(), pk)
        )


class StatusChangeView(BasePage):
    """登记状态变化 of enterprises that are drawn in an open task."""

    route_base = "/status-changes"
    class_permission_name = "InspectionTask"
    title = _("Changes of status in open tasks")

    @expose("/")
    @has_access
    @permission_name("read")
    def index(self) -> str:
        """Who is concerned, and the lawful next step."""
        agency = foreign_agency()
        found: list[Any] = [
            each
            for each in touched_targets(db.session())
            if agency is None or agency.id in {item.agency_id for item in each.task.items}
        ]
        return self.render("targets/status_changes.html", touched=found)


def _term(kind: Any, value: Any) -> Any:
    """A stored value as the member of its vocabulary, so that the page shows its label."""
    return kind.vocabulary.of(value) if isinstance(kind, TermType) and value else value
