"""A line of the sample's checklist (随机抽查事项清单): bases, ratios, check points (R2, R4, R5)."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.vocabulary import CheckMethod, ItemCategory

ON_SITE, DOCUMENTS = CheckMethod.ON_SITE, CheckMethod.DOCUMENT_REVIEW
ONLINE, TEST = CheckMethod.ONLINE_MONITORING, CheckMethod.SAMPLING_TEST
KEY, ORDINARY = ItemCategory.KEY, ItemCategory.ORDINARY

UNCHECKED_ARTICLE = "条号待核"
"""Stands for an article that still has to be read in the original."""


@dataclass(frozen=True, slots=True)
class Law:
    """A law, regulation or rule: full title, document number (empty for an act of the People's Congress)."""

    title: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """法律依据: a law and its articles."""

    law: Law
    article: str = UNCHECKED_ARTICLE

    def __str__(self) -> str:
        return f"《{self.law.title}》|{self.law.number}|{self.article}"


@dataclass(frozen=True, slots=True)
class SampleItem:
    """抽查事项: ratios in per cent, `maximum` None where a key item has no cap, points text|method (R4, R51).

    `verified` is true when content, title and articles were confirmed against a public source.
    """

    code: str
    name: str
    content: str
    points: tuple[str, ...]
    bases: tuple[Basis, ...]
    field: str
    agency: str
    target: str
    categories: tuple[str, ...]
    expertise: str
    minimum: int
    maximum: int | None
    methods: tuple[CheckMethod, ...]
    verified: bool = False
    category: ItemCategory = ORDINARY
    frequency: int = 1
    remote: bool = False
    partners: tuple[str, ...] = ()


def lines(text: str) -> tuple[str, ...]:
    """The lines of a block of check points, each "text|method"."""
    return tuple(line.strip() for line in text.strip().splitlines())
