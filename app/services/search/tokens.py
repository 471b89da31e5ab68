"""What of an enterprise can be found: the tokens of its row in the index, and those that a term asks for.

Chinese is not written in words, so every two neighbouring characters are a token: a word of two characters is
found at once, a longer one as its pairs. Letters and digits are tokens as they stand. Initials of the name in
pinyin are taken three at a time. Marks keep address and initials apart from the name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from itertools import pairwise

from app.services.search.pinyin import SHORTEST_INITIALS, initials


class Part(StrEnum):
    """Where a token stands; the value is its mark, which no name or address contains as a token."""

    NAME = ""
    ADDRESS = "§"
    INITIALS = "¶"


SHORTEST_BEGINNING = 3
_RUNS = re.compile(r"[0-9a-z]+|[㐀-鿿豈-﫿𠀀-𲎯〇]+")
_PROVINCE_AND_CITY = re.compile(r"^(?:[㐀-鿿]{2,3}省)?(?:[㐀-鿿]{2,4}市)?")


def index_tokens(names: tuple[str, ...], address: str | None) -> list[str]:
    """The tokens of one enterprise: its present and former names, their initials, its address."""
    found: dict[str, None] = {}
    for name in names:
        found.update(dict.fromkeys(_stored(name, Part.NAME)))
        found.update(dict.fromkeys(Part.INITIALS + piece for piece in initials(plain(name))))
    if address:
        found.update(dict.fromkeys(_stored(_local(address), Part.ADDRESS)))
    return list(found)


def asked_tokens(term: str, part: Part) -> list[str]:
    """The tokens that must all be there; one ending in `*` asks for a beginning. Empty when nothing can match."""
    text = plain(term)
    if part is Part.INITIALS:
        return [part + piece for piece in _threes(text)] if is_initials(term) else []
    runs = _RUNS.findall(_local(text) if part is Part.ADDRESS else text)
    telling = [run for run in runs if len(run) > 1 or run.isascii()] or runs[:1]
    return [part + token for run in telling for token in _asked(run, run is runs[-1])]


def is_initials(term: str) -> bool:
    """Whether a term can be initials in pinyin: letters or digits alone, at least three."""
    text = plain(term)
    return len(text) >= SHORTEST_INITIALS and text.isascii() and text.isalnum()


def plain(text: str) -> str:
    """Small letters of normal width, as both sides of the index are written."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).lower()


def _local(address: str) -> str:
    """The address without province and city, which every neighbour shares; never empty."""
    text = plain(address)
    return _PROVINCE_AND_CITY.sub("", text) or text


def _stored(text: str, part: Part) -> Iterator[str]:
    for run in _RUNS.findall(plain(text)):
        if run.isascii():
            yield part + run
        else:
            for pair in _pairs(run):
                yield part + pair
            yield part + run[-1]


def _asked(run: str, is_last: bool) -> Iterator[str]:
    if run.isascii():
        yield run + "*" if is_last and len(run) >= SHORTEST_BEGINNING else run
    elif len(run) == 1:
        yield run + "*"
    else:
        yield from dict.fromkeys(_pairs(run))


def _pairs(run: str) -> Iterator[str]:
    return map("".join, pairwise(run))


def _threes(text: str) -> list[str]:
    return list(dict.fromkeys(text[at : at + SHORTEST_INITIALS] for at in range(len(text) - 2)))
