"""Initials of a Chinese text in pinyin, quick enough for a whole city.

A character with one initial is looked up; one with several (长: ch, zh) is read together with each neighbour, and
every reading that the dictionary gives there can be typed. The dictionary is large (54 MB), so it is loaded with the
first character that is looked up: what only types and searches does without.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import product

SHORTEST_INITIALS = 3
"""Letters that must be typed: two would be found in half of all names."""

Letters = tuple[str, ...]


def initials(text: str) -> Iterator[str]:
    """The initials of a text in small letters, three neighbours at a time, in every reading."""
    readings = _readings([character for character in text if character.isalnum()])
    for at in range(len(readings) - SHORTEST_INITIALS + 1):
        yield from map("".join, product(*readings[at : at + SHORTEST_INITIALS]))


def _readings(characters: list[str]) -> list[Letters]:
    found = []
    for at, character in enumerate(characters):
        letters = _letters_of(character)
        if len(letters) > 1:
            before = characters[at - 1] if at else ""
            after = characters[at + 1] if at + 1 < len(characters) else ""
            letters = _in_context(before, character, after)
        found.append(letters)
    return found


@lru_cache(maxsize=50_000)
def _letters_of(character: str) -> Letters:
    """Every initial that a character can have."""
    if character.isascii():
        return (character,)
    from pypinyin import Style, pinyin

    found = pinyin(character, style=Style.FIRST_LETTER, heteronym=True, errors="ignore")
    return tuple(dict.fromkeys(letter for letter in found[0] if letter)) if found else ()


@lru_cache(maxsize=200_000)
def _in_context(before: str, character: str, after: str) -> Letters:
    """The initials of a character between its neighbours."""
    from pypinyin import Style, lazy_pinyin

    pairs = ((before + character, -1), (character + after, 0))
    return tuple(dict.fromkeys(lazy_pinyin(pair, style=Style.FIRST_LETTER)[at] for pair, at in pairs))
