"""What other modules hang into the frame: counts in the menu, figures, to-dos, search providers.

Each registry holds plain functions; a module adds its own with the decorators below when its views
are imported. The functions get the signed-in user and read what the request needs, nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Badge:
    """How many things wait behind a menu entry; `hot` when one of them is late."""

    count: int
    hot: bool = False


@dataclass(frozen=True)
class Figure:
    """One figure of the work desk: its name, value, explanation, and where its rows stand."""

    label: Any
    value: str
    note: Any = ""
    url: str = ""


@dataclass(frozen=True)
class Todo:
    """One thing that waits for the signed-in person; `tone` and `state` say how urgent it is."""

    state: Any
    text: Any
    url: str
    tone: str = "run"
    when: Any = ""
    due: date | None = None


@dataclass(frozen=True)
class Hit:
    """One result of the global search."""

    kind: Any
    text: str
    note: Any
    url: str


BadgeSource = Callable[[Any], Badge | int]
FigureSource = Callable[[Any], Iterable[Figure]]
TodoSource = Callable[[Any], Iterable[Todo]]
SearchSource = Callable[[str, Any], Iterable[Hit]]

BADGES: dict[str, BadgeSource] = {}
FIGURES: list[FigureSource] = []
TODOS: list[TodoSource] = []
SEARCHES: list[SearchSource] = []
PANELS: list[str] = []  # templates included on the work desk, below the figures


def badge(view: str) -> Callable[[BadgeSource], BadgeSource]:
    """Count what waits behind the menu entry of the view class named `view`."""

    def keep(source: BadgeSource) -> BadgeSource:
        BADGES[view] = source
        return source

    return keep


def figures(source: FigureSource) -> FigureSource:
    """Add figures to the work desk."""
    FIGURES.append(source)
    return source


def todos(source: TodoSource) -> TodoSource:
    """Add to-dos to the work desk."""
    TODOS.append(source)
    return source


def searches(source: SearchSource) -> SearchSource:
    """Answer the global search."""
    SEARCHES.append(source)
    return source
