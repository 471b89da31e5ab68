"""A disclosed document as a table: the same headers and rows on the page and in the CSV file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from flask_babel import lazy_gettext as _

from app.domain.personal import masked
from app.domain.vocabulary import CheckMethod, Disposal, ItemCategory, ResultCode, Scope, Term
from app.models import Disclosure
from app.views.base.format import in_chinese, label_of, shown


@dataclass(frozen=True)
class Table:
    """Column headers and rows of plain text; `codes` are the places of columns set in fixed width."""

    headers: tuple[Any, ...]
    rows: list[tuple[Any, ...]]
    codes: tuple[int, ...] = ()


def table_of(disclosure: Disclosure, hidden: Collection[str] = ()) -> Table:
    """The table of a disclosure of any kind, without personal data and without the `hidden` items of a result."""
    body = disclosure.body
    if hidden:
        body = {**body, "items": [row for row in body["items"] if row["code"] not in hidden]}
    made = MAKERS[disclosure.kind.value](body)
    rows = [
        tuple(_masked(cell) if place not in made.codes else cell for place, cell in enumerate(row))
        for row in made.rows
    ]
    return Table(made.headers, rows, made.codes)


def _masked(cell: Any) -> Any:
    return masked(cell) if isinstance(cell, str) else cell


def _items(body: dict[str, Any]) -> Table:
    headers = (
        _("Item code"), _("Field"), _("Inspection item"), _("Agency"), _("Inspection target"), _("Content"),
        _("Item category"), _("Methods"), _("Ratio"), _("Times a year"), _("Legal basis"),
    )  # fmt: skip
    rows = [
        (
            row["code"], row["field"], row["name"], row["agency"], row["target"], row["content"],
            labels(ItemCategory, [row["category"]]), labels(CheckMethod, str(row["methods"]).split(",")),
            _ratio(row), row["frequency"], "；".join(row["bases"]),
        )
        for row in body["items"]
    ]  # fmt: skip
    return Table(headers, rows, (0,))


def _plan(body: dict[str, Any]) -> Table:
    headers = (
        _("Plan line"), _("Scope"), _("Lead agency"), _("From"), _("To"), _("Batches"), _("Inspection item"),
        _("Agency"), _("Base"), _("Ratio"), _("To be drawn"),
    )  # fmt: skip
    rows = [
        (
            line["name"], labels(Scope, [line["scope"]]), line["lead"], line["from"], line["to"],
            line["batches"], f"{item['code']} {item['name']}", item["agency"], item["base"],
            ratio_text(item["ppm"]), item["targets"],
        )
        for line in body["lines"]
        for item in line["items"]
    ]  # fmt: skip
    return Table(headers, rows)


def _task(body: dict[str, Any]) -> Table:
    return Table(
        (_("Item code"), _("Inspection item")), [(row["code"], row["name"]) for row in body["items"]], (0,)
    )


def _draw(body: dict[str, Any]) -> Table:
    if "changes" in body:
        return _changes(body)
    # Ascending by code: the order of drawing would tell the strata of a sealed draw (R29).
    headers = (
        _("No."),
        _("Enterprise"),
        _("Credit code"),
        _("Items inspected"),
        _("Inspectors"),
        _("Agencies"),
    )
    rows = [
        (
            place, row["name"], row["identifier"], "、".join(row["items"]), "、".join(row["inspectors"]),
            "、".join(f"{agency} {count}" for agency, count in row["agencies"].items()),
        )
        for place, row in enumerate(sorted(body["targets"] or [], key=itemgetter("identifier")), 1)
    ]  # fmt: skip
    return Table(headers, rows, (2, 4))


def _changes(body: dict[str, Any]) -> Table:
    headers = (_("Inspection target"), _("Left"), _("Came"), _("Lead before"), _("Lead after"))
    rows = [
        (row["target"], "、".join(row["left"]), "、".join(row["came"]), row["lead_before"], row["lead_after"])
        for row in body["changes"]
    ]
    return Table(headers, rows, (0, 1, 2, 3, 4))


def _result(body: dict[str, Any]) -> Table:
    headers = (_("Item code"), _("Inspection item"), _("Methods"), _("Inspection result"), _("Follow-up"))
    rows = [
        (
            row["code"], row["name"], labels(CheckMethod, row["methods"]), labels(ResultCode, row["results"]),
            labels(Disposal, row["disposals"]),
        )
        for row in body["items"]
    ]  # fmt: skip
    return Table(headers, rows, (0,))


MAKERS: dict[str, Callable[[dict[str, Any]], Table]] = {
    "item_list": _items,
    "plan": _plan,
    "task": _task,
    "draw": _draw,
    "result": _result,
    "special": _task,
}


def labels(vocabulary: type[Term], values: Iterable[str]) -> str:
    """Codes in words; one that is no longer known stays as it is."""
    known = {member.value: label_of(member) for member in vocabulary}
    return ("；" if in_chinese() else "; ").join(known.get(value, value) for value in values if value)


def ratio_text(ppm: int | None) -> str:
    """Parts per million as a percentage without idle zeros."""
    return f"{ppm / 10_000:g}%" if ppm is not None else ""


def _ratio(row: dict[str, Any]) -> str:
    least, most = ratio_text(row["minimum_ppm"]), ratio_text(row["maximum_ppm"])
    return f"{least}–{most}" if most and most != least else least


def facts_of(disclosure: Disclosure) -> list[tuple[Any, Any]]:
    """What stands above the table: the particulars of this document."""
    return [
        (label, shown(disclosure.body[key]))
        for key, label in FACTS[disclosure.kind.value]
        if disclosure.body.get(key)
    ]


FACTS: dict[str, list[tuple[str, Any]]] = {
    "item_list": [],
    "plan": [("year", _("Year")), ("filing_no", _("Filing number"))],
    "task": [
        ("number", _("Task number")), ("lead", _("Lead agency")), ("agencies", _("Agencies")), ("from", _("From")),
        ("to", _("To")), ("draw", _("Draw number")), ("roster_n", _("Enterprises on the frozen roster")),
        ("seed_after", _("Seed is published after (UTC)")), ("plan_hash", _("Hash of the plan record")),
        ("roster_root", _("Root of the roster")),
    ],
    "draw": [
        ("number", _("Task number")), ("draw", _("Draw number")), ("count", _("Enterprises drawn")),
        ("result_hash", _("Hash of the result record")),
    ],
    "result": [
        ("enterprise", _("Enterprise")), ("identifier", _("Credit code")), ("agency", _("Agency")),
        ("checked_on", _("Inspected on")), ("task", _("Task number")),
    ],
    "special": [
        ("number", _("Number")), ("reason", _("Reason")), ("quota", _("Enterprises at most")),
        ("starts_on", _("From")), ("ends_on", _("To")), ("approving_organ", _("Approved by")),
        ("approval_no", _("Number of the approval")), ("filing_no", _("Filing number")),
    ],
}  # fmt: skip
