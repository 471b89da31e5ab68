"""What is posted before an entry, as the services want it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime

from werkzeug.datastructures import MultiDict

from app.domain.entry import Application
from app.domain.vocabulary import DeliveryWay, MergeDecision
from app.services.notices import Contact, Delivery
from app.views.base.format import CLOCK

LONGEST = 300
Given = MultiDict[str, str]


def words(given: Mapping[str, str], name: str, longest: int = LONGEST) -> str:
    """One field of text, trimmed and cut."""
    return given.get(name, "").strip()[:longest]


def whole(given: Mapping[str, str], name: str) -> int:
    """One field as a whole number from 0 on; 0 for anything else."""
    text = given.get(name, "")
    return int(text) if is_key(text) else 0


def keys(given: MultiDict[str, str], name: str) -> list[int]:
    """The keys of what was ticked; anything else is no key."""
    return [int(text) for text in given.getlist(name) if is_key(text)]


def is_key(text: str) -> bool:
    """Whether a text can be the key of a record: a number that every database holds."""
    return text.isascii() and text.isdigit() and len(text) <= 9


def day(given: Mapping[str, str], name: str) -> date:
    """One field as a day; the first of all days, which every rule refuses, for anything else."""
    with suppress(ValueError):
        return date.fromisoformat(given.get(name, ""))
    return date.min


def moment(given: Mapping[str, str], name: str) -> datetime:
    """One field as a moment on the bureau's clock; now where nothing was typed."""
    with suppress(ValueError):
        return datetime.fromisoformat(given.get(name, "")).replace(tzinfo=CLOCK).astimezone(UTC)
    return datetime.now(UTC)


def application_of(given: Given) -> Application:
    """An application; the choice among other visits is a key, or the word for keeping apart."""
    choice = given.get("merge", "")
    other = whole(given, "merge")
    merge = MergeDecision.MERGED if other else None
    if choice == MergeDecision.SEPARATE.value:
        merge = MergeDecision.SEPARATE
    return Application(
        is_on_site=given.get("mode", "on_site") == "on_site",
        on_site_reason=words(given, "on_site_reason"),
        scheme=words(given, "scheme", 2000),
        opinion=words(given, "opinion"),
        assistants=words(given, "assistants", 200),
        assistant_count=whole(given, "assistant_count"),
        unannounced_basis=words(given, "unannounced_basis"),
        merge=merge,
        merge_reason=words(given, "merge_reason"),
        merge_with=other or None,
    )


def contact_of(given: Given) -> Contact:
    """Whom a notice names."""
    return Contact(
        words(given, "contact_name", 40),
        words(given, "contact_phone", 40),
        words(given, "supervision_phone", 40),
    )


def delivery_of(given: Given) -> Delivery:
    """One delivery as typed."""
    way = next((each for each in DeliveryWay if each.value == given.get("way")), DeliveryWay.DIRECT)
    return Delivery(
        way,
        moment(given, "delivered_at"),
        words(given, "received_by", 60),
        words(given, "refusal_reason"),
        words(given, "witness", 60),
    )


def filing_numbers(given: Given) -> dict[str, str]:
    """Pasted lines 「visit number, space or tab, filing number」."""
    found = {}
    for line in given.get("numbers", "").splitlines()[:5000]:
        number, _, filing = line.strip().replace("\t", " ").partition(" ")
        if number:
            found[number] = filing.strip()[:60]
    return found
