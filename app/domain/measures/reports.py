"""Which sections each report consists of."""

from __future__ import annotations

from collections.abc import Mapping

REPORT_SECTIONS: Mapping[str, tuple[str, ...]] = {
    "statistics": ("work", "agencies", "districts", "items", "progress"),
    "forms": (
        "work",
        "checklist",
        "plan",
        "announcement",
        "drawn",
        "results",
        "penalties",
        "enforcement",
        "inspections",
        "summary",
        "building",
        "filing",
    ),
    "work": ("work",),
    "checklist": ("checklist",),
    "plan": ("plan",),
    "announcement": ("announcement", "drawn"),
    "results": ("results",),
    "penalties": ("penalties",),
    "enforcement": ("enforcement",),
    "inspections": ("inspections",),
    "summary": ("summary",),
    "building": ("building",),
    "filing": ("filing",),
    "progress": ("progress",),
    "agencies": ("agencies",),
    "districts": ("districts",),
    "items": ("items",),
    "categories": ("categories",),
    "industries": ("industries",),
    "risks": ("risks",),
    "methods": ("methods",),
    "tasks": ("tasks",),
    "findings": ("findings",),
}
"""Sections of each report; the sheet of definitions is added to all of them."""
