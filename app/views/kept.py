"""Changes made in a register are put on the audit trail, in the transaction of the change itself."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, request, url_for
from sqlalchemy import inspect
from werkzeug.wrappers import Response

from app.domain.lifecycle import VERSION, IllegalTransition, may
from app.services import audit
from app.services.record_changes import because

LONGEST_VALUE = 200


class Recorded:
    """Mixin of a register, before its base class: each change leaves an event with old and new values."""

    datamodel: Any
    asks_why = True

    def pre_add(self, item: Any) -> None:
        """Put the new record on the trail."""
        self._record("added", item)

    def pre_update(self, item: Any) -> None:
        """Put the change on the trail."""
        self._record("changed", item)

    def pre_delete(self, item: Any) -> None:
        """Put the deletion on the trail."""
        self._record("deleted", item)

    def _record(self, what: str, item: Any) -> None:
        because(self.datamodel.session, g.user, why=request.form.get("why", ""))
        tag = f"{item.__tablename__}:{what}"
        audit.record(self.datamodel.session, g.user, tag, str(item), _changes(item))


class PartOf(Recorded):
    """Mixin of a register whose records belong to a parent: after a change the reader is back there."""

    parent = ""
    parent_view = ""

    def pre_add(self, item: Any) -> None:
        """Remember where to return to."""
        super().pre_add(item)
        g.parent_key = getattr(item, self.parent).id

    def pre_update(self, item: Any) -> None:
        """Remember where to return to."""
        super().pre_update(item)
        g.parent_key = getattr(item, self.parent).id

    def pre_delete(self, item: Any) -> None:
        """Remember where to return to."""
        super().pre_delete(item)
        g.parent_key = getattr(item, self.parent).id

    def post_add_redirect(self) -> Response:
        """To the parent's page."""
        return redirect(url_for(f"{self.parent_view}.show", pk=g.parent_key))

    post_edit_redirect = post_add_redirect

    def post_delete_redirect(self) -> Response:
        """To the parent's page, or to the list when the deletion was refused early."""
        if "parent_key" not in g:
            return redirect(self.list_url())  # type: ignore[attr-defined]
        return self.post_add_redirect()


def require_draft(version: Any) -> None:
    """A published item version never changes (R3). Raises IllegalTransition."""
    if not may(VERSION, version.state, "publish"):
        raise IllegalTransition(state=version.state, event="edit")


def _changes(item: Any) -> dict[str, Any]:
    found = {}
    for column in inspect(item).mapper.column_attrs:
        history = inspect(item).attrs[column.key].history
        if history.has_changes() and any(
            value not in (None, "") for value in (*history.added, *history.deleted)
        ):
            found[column.key] = [_text(history.deleted), _text(history.added)]
    return found


def _text(values: Any) -> str | None:
    return str(values[0])[:LONGEST_VALUE] if values and values[0] is not None else None
