"""Entries of a form as they are typed: one field each, kept for ever; the form is what they add up to.

Two inspectors may type into one field without seeing each other. Every entry therefore names the
newest entry that its author had seen; what the author of the standing value had not seen is shown
beside it as a rival, until somebody chooses.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from app.domain.errors import DomainError
from app.domain.findings import CheckedOutsidePeriod, Finding, has_problem, is_breach
from app.domain.vocabulary import CheckMethod, Disposal, PointOutcome, ResultCode, Term

T = TypeVar("T", bound=Term)


class EntryUnknown(DomainError):
    """The form has no such field, or the value is longer than the field."""

    code = "entry_unknown"


class EntryMismatch(DomainError):
    """An entry with the same mark is kept already and says something else."""

    code = "entry_mismatch"


class EntriesUnseen(DomainError):
    """A colleague has typed into the item meanwhile; it is completed after having been looked at (R49)."""

    code = "entries_unseen"


class EntriesDisagree(DomainError):
    """Two inspectors have typed different values into one field; one is chosen first (R49)."""

    code = "entries_disagree"


LISTS = frozenset({"result", "method", "disposal"})
LENGTHS = {"result": 80, "method": 80, "disposal": 40, "problem": 2000, "checked_on": 10, "violation_on": 10}
POINT_FIELD = re.compile(r"(point|note)-([1-9]\d{0,8})")
POINT_LENGTHS = {"point": 5, "note": 300}


@dataclass(frozen=True, slots=True)
class Entry:
    """One value typed into one field; `number` is its place on the server, `seen` the newest place seen."""

    number: int
    author: int
    value: str
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """What a field says now, and the values of others that its author had not seen."""

    newest: Entry
    rivals: tuple[Entry, ...] = ()


def require_field(name: str, value: str, point_ids: Iterable[int]) -> None:
    """Raise EntryUnknown for a field that the official form does not have (R51) or a value too long for it."""
    match = POINT_FIELD.fullmatch(name)
    if match:
        known = int(match[2]) in set(point_ids)
        longest = POINT_LENGTHS[match[1]]
    else:
        known, longest = name in LENGTHS, LENGTHS.get(name, 0)
    if not known or len(value) > longest:
        raise EntryUnknown(field=name)


def settle(entries: Sequence[Entry]) -> Standing:
    """What the entries of one field, in the order of the server, add up to."""
    newest = max(entries, key=lambda entry: entry.number)
    rivals: dict[int, Entry] = {}
    for entry in sorted(entries, key=lambda entry: entry.number):
        unseen = newest.seen < entry.number < newest.number
        if entry.author != newest.author and unseen:
            rivals[entry.author] = entry
    standing = tuple(entry for entry in rivals.values() if entry.value != newest.value)
    return Standing(newest, standing)


def fields_of(finding: Finding) -> dict[str, str]:
    """A finding as the fields of the form; only what says something, so that equal findings are equal."""
    fields = {
        "result": _joined(finding.results),
        "method": _joined(finding.methods),
        "disposal": _joined(finding.disposals),
        "checked_on": finding.checked_on.isoformat(),
    }
    if has_problem(finding.results):
        fields["problem"] = finding.problem.strip()
    if is_breach(finding.results) and finding.violation_on:
        fields["violation_on"] = finding.violation_on.isoformat()
    for point, (outcome, note) in finding.points.items():
        fields[f"point-{point}"] = outcome.value
        fields[f"note-{point}"] = note.strip()
    return {name: value for name, value in fields.items() if value}


def finding_of(fields: Mapping[str, str], point_ids: Sequence[int], first: date) -> Finding:
    """The fields of a form as a finding. Raises CheckedOutsidePeriod when the day is no date."""
    points = {}
    for point in point_ids:
        outcome = _members(PointOutcome, fields.get(f"point-{point}", ""))
        if outcome:
            points[point] = (next(iter(outcome)), fields.get(f"note-{point}", "").strip())
    checked_on = day_of(fields.get("checked_on", ""))
    if checked_on is None:
        raise CheckedOutsidePeriod(day=fields.get("checked_on") or "—", first=first)
    return Finding(
        results=_members(ResultCode, fields.get("result", "")),
        methods=_members(CheckMethod, fields.get("method", "")),
        disposals=_members(Disposal, fields.get("disposal", "")),
        checked_on=checked_on,
        problem=fields.get("problem", ""),
        points=points,
        violation_on=day_of(fields.get("violation_on", "")),
    )


def day_of(text: str) -> date | None:
    """The day that a field names, None when it names none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def form_text(items: Mapping[int, Mapping[str, str]]) -> str:
    """The whole form as one text that is the same for the same content: what a signature stands under."""
    said = {
        str(number): {name: _tidy(name, value) for name, value in fields.items() if _tidy(name, value)}
        for number, fields in items.items()
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def form_digest(items: Mapping[int, Mapping[str, str]]) -> str:
    """SHA-256 over the text of the whole form, in hex."""
    return hashlib.sha256(form_text(items).encode()).hexdigest()


def _tidy(name: str, value: str) -> str:
    return ",".join(sorted(set(value.split(",")) - {""})) if name in LISTS else value.strip()


def _joined(members: Iterable[Term]) -> str:
    return ",".join(sorted(member.value for member in members))


def _members(vocabulary: type[T], text: str) -> frozenset[T]:
    given = text.replace("、", ",").split(",")
    return frozenset(member for member in vocabulary if member.value in given)
