"""The forms as data: one file a form in `layouts`, read once; a bureau may put its own in the place of each.

A file says where a column stands, how it is headed and how wide it is, and names the field or the measure
that fills it (docs/user-guide.md, 报表表样).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

from app.domain.errors import DomainError
from app.domain.forms import ROW_KINDS, Form, FormColumn, RowKind, read_layout

__all__ = [
    "FORMS",
    "FORM_SPECS",
    "Form",
    "FormColumn",
    "FormSpec",
    "LayoutUnreadable",
    "form_from",
    "shipped_text",
]

FOLDER = Path(__file__).parent / "layouts"
LARGEST = 100_000
"""Bytes of a layout file."""
QUICK = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""In C where libyaml is there; deep nesting would overflow its stack, so uploads are not read by it."""


class LayoutUnreadable(DomainError):
    """The file is no YAML in UTF-8, too large, or uses anchors; params line (0 when unknown)."""

    code = "layout_unreadable"


@dataclass(frozen=True, slots=True)
class FormSpec:
    """A form: the kind of its rows, and whether they are too many to be held at once."""

    rows: str
    streamed: bool = False

    @property
    def row_kind(self) -> RowKind:
        """What its columns may name."""
        return ROW_KINDS[self.rows]


FORM_SPECS: Mapping[str, FormSpec] = {
    "work": FormSpec("work"),
    "checklist": FormSpec("checklist"),
    "plan": FormSpec("plan"),
    "announcement": FormSpec("tasks"),
    "drawn": FormSpec("drawn", streamed=True),
    "results": FormSpec("findings", streamed=True),
    "penalties": FormSpec("penalties"),
    "enforcement": FormSpec("enforcement"),
    "inspections": FormSpec("inspections"),
    "summary": FormSpec("summary"),
    "building": FormSpec("building"),
    "filing": FormSpec("plan"),
    "progress": FormSpec("summary"),
    "agencies": FormSpec("group"),
    "districts": FormSpec("group"),
    "items": FormSpec("group"),
    "categories": FormSpec("group"),
    "industries": FormSpec("group"),
    "risks": FormSpec("group"),
    "methods": FormSpec("group"),
    "tasks": FormSpec("tasks"),
    "findings": FormSpec("findings", streamed=True),
}


def shipped_text(name: str) -> str:
    """The layout file of a form as it came with the program."""
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def form_from(name: str, text: str) -> Form:
    """The form that a layout file describes. Raises LayoutUnreadable, LayoutBroken."""
    spec = FORM_SPECS[name]
    return read_layout(_parsed(text), spec.row_kind, streamed=spec.streamed)


def _parsed(text: str) -> object:
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        raise LayoutUnreadable(line=0)
    try:
        # An alias could unfold into more than any memory holds; no layout has a use for one.
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=yaml.SafeLoader)):
            raise LayoutUnreadable(line=0)
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        raise LayoutUnreadable(line=error.problem_mark.line + 1 if error.problem_mark else 0) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise LayoutUnreadable(line=0) from error


@cache
def _shipped() -> Mapping[str, Form]:
    return MappingProxyType({name: _shipped_form(name, spec) for name, spec in FORM_SPECS.items()})


def _shipped_form(name: str, spec: FormSpec) -> Form:
    """Our own text, read by the quick loader; what a bureau uploads is read by the careful one."""
    read = yaml.load(shipped_text(name), Loader=QUICK)
    return read_layout(read, spec.row_kind, streamed=spec.streamed)


FORMS: Mapping[str, Form] = _shipped()
"""The forms as they came with the program, by name."""
