"""The side menu: which entries the signed-in person sees, with what waits behind each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import current_app, g, request, url_for
from flask_login import current_user

from app.services.figures.keeping import FiguresNotReady
from app.views.registry import BADGES, Badge


@dataclass(frozen=True)
class Entry:
    """One line of the menu; seen by whoever holds `power` on the view."""

    view: type[Any]
    label: Any
    power: str = "read"


@dataclass(frozen=True)
class Group:
    """Entries under one heading, in the order of the work."""

    label: Any
    icon: str = ""
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """A menu entry as it is drawn."""

    label: Any
    url: str
    current: bool
    badge: Badge | None


def lines_of(menu: list[Group]) -> list[tuple[Any, list[Line]]]:
    """The groups and lines that the signed-in person may open."""
    if not current_user.is_authenticated:
        return []
    drawn = [(group.label, [_line(entry) for entry in group.entries if _visible(entry)]) for group in menu]
    return [(label, lines) for label, lines in drawn if lines]


def trail_of(menu: list[Group]) -> list[tuple[Any, str]]:
    """The beginning of the breadcrumb: group and entry of the present page."""
    for group in menu:
        for entry in group.entries:
            if entry.view.__name__ == request.blueprint:
                heading = [(group.label, "")] if group.label else []
                return [*heading, (entry.label, _address(entry))]
    return []


def _visible(entry: Entry) -> bool:
    manager = current_app.appbuilder.sm
    return manager.has_access(f"can_{entry.power}", entry.view.class_permission_name)


def _line(entry: Entry) -> Line:
    return Line(entry.label, _address(entry), entry.view.__name__ == request.blueprint, _badge(entry))


def _address(entry: Entry) -> str:
    return url_for(f"{entry.view.__name__}.{entry.view.default_view}")


def _badge(entry: Entry) -> Badge | None:
    """A count that is still being computed is left out: no page fails for its menu."""
    source = BADGES.get(entry.view.__name__)
    if source is None:
        return None
    try:
        count = source(g.user)
    except FiguresNotReady:
        return None
    found = count if isinstance(count, Badge) else Badge(count)
    return found if found.count else None
