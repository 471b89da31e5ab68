"""周期性来源: how files that come again and again are read, and who changed that when."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import abort, g, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.domain.vocabulary import ImportKind
from app.extensions import db
from app.models import AuditEvent, ImportProfile
from app.services.roster_import import profiles
from app.services.roster_import.columns import COLUMNS, IGNORED
from app.views.base import BasePage, domain_errors_flashed
from app.views.rows import may

_SEPARATORS = re.compile(r"[、,，;；\n]")
MOST_VERSIONS, MOST_SHOWN = 20, 8


@dataclass(frozen=True)
class Version:
    """One earlier version of a profile: when, by whom, which headings."""

    words: str
    headings: str
    at: datetime
    who: str


class ImportProfileView(BasePage):
    """The recurring sources."""

    route_base = "/import-sources"
    class_permission_name = "ImportBatch"
    title = _("Recurring sources")

    @expose("/")
    @has_access
    @permission_name("read")
    def index(self) -> str:
        """All sources."""
        return self.render("imports/sources.html", profiles=profiles.profiles_in_order(db.session()))

    @expose("/<int:pk>")
    @has_access
    @permission_name("read")
    def edit(self, pk: int) -> str:
        """The headings of one source, field by field."""
        profile = self._profile(pk)
        return self.render(
            "imports/source.html",
            title=profile.source,
            profile=profile,
            fields=_fields(profile),
            history=_history(profile),
        )

    @expose("/<int:pk>", methods=["POST"])
    @has_access
    @permission_name("import")
    def save(self, pk: int) -> Response:
        """Keep the headings as the next version."""
        profile = self._profile(pk)
        with domain_errors_flashed(_("The headings were saved.")):
            profiles.change_profile(pk, _typed(profile), g.user, datetime.now(UTC))
        return self.go("edit", pk=pk)

    def may_change(self) -> bool:
        """Whether the reader may change sources and load files."""
        return may("import", "ImportBatch")

    def _profile(self, pk: int) -> ImportProfile:
        return db.session.get(ImportProfile, pk, populate_existing=True) or abort(404)


def _fields(profile: ImportProfile) -> list[tuple[str, Any, tuple[str, ...], list[str]]]:
    """Name, usual heading, further usual headings and own headings of every field; those passed over at last."""
    own: dict[str, list[str]] = {}
    for heading, name in profile.headings.items():
        own.setdefault(name, []).append(heading)
    columns = [column for column in COLUMNS[profile.kind] if column.field != IGNORED]
    rows: list[tuple[str, Any, tuple[str, ...], list[str]]] = [
        (column.field, column.headers[0], column.headers[:MOST_SHOWN], own.get(column.field, []))
        for column in columns
    ]
    return [*rows, (IGNORED, gettext("leave out"), (), own.get(IGNORED, []))]


def _typed(profile: ImportProfile) -> dict[str, str]:
    return {
        heading.strip(): name
        for name, *_rest in _fields(profile)
        for heading in _SEPARATORS.split(request.form.get(f"field-{name}", "")[:2000])
        if heading.strip()
    }


def _history(profile: ImportProfile) -> list[Version]:
    query = select(AuditEvent).where(
        AuditEvent.subject == profile.source[:80],
        AuditEvent.tag.in_(("import_profile:added", "import_profile:changed")),
    )
    events = db.session.scalars(query.order_by(AuditEvent.number.desc()).limit(MOST_VERSIONS))
    kind = f'"kind": "{profile.kind.value}"'
    return [_version(event, profile.kind) for event in events if kind in event.data]


def _version(event: AuditEvent, kind: ImportKind) -> Version:
    data = json.loads(event.data)
    words = {column.field: column.headers[0] for column in COLUMNS[kind]} | {IGNORED: gettext("leave out")}
    placed = "；".join(f"{heading} → {words.get(name, name)}" for heading, name in data["headings"].items())
    title = gettext("version %(number)s", number=data.get("version", 1))
    return Version(title, placed, event.at, event.actor_name)
