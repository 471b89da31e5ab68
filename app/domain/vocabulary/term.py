"""What a word of the vocabulary is: a value that is stored and labels that are shown."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A word of the vocabulary: `value` is stored, `label` is the Chinese term, `english` its rendering."""

    label: str
    english: str

    def __new__(cls, value: str, label: str, english: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.english = english
        return member

    @classmethod
    def of(cls, value: str) -> Self:
        """The member stored as `value`; ValueError when there is none."""
        for member in cls:
            if member.value == value:
                return member
        raise ValueError(value)

    @classmethod
    def by_label(cls, text: str) -> Self | None:
        """The member whose Chinese label or value is `text`, or None."""
        return next((member for member in cls if text in (member.label, member.value)), None)
