"""What has to lie with a result before the form may be handed in (R33, R46, R47, R52, R62, R96)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.domain import policy
from app.domain.errors import DomainError
from app.domain.findings import is_entry
from app.domain.vocabulary import CheckMethod, EvidenceKind, ResultCode


class EvidenceMissing(DomainError):
    """A result that ends a check needs the evidence that is its own (R33, R62)."""

    code = "evidence_missing"


class LettersOutOfOrder(DomainError):
    """The two letters to an unreachable enterprise lie 15 to 30 days apart (R62)."""

    code = "letters_out_of_order"


class SignatureMissing(DomainError):
    """The record of a check on site is signed by both sides, or the refusal is noted (R46, R47)."""

    code = "signature_missing"


class RefusalWithoutReason(DomainError):
    """拒签 is noted with its reason (R47)."""

    code = "refusal_without_reason"


class SignatureEmpty(DomainError):
    """Nothing was drawn, or nobody is named."""

    code = "signature_empty"


class IdentityNumberWritten(DomainError):
    """A check of pre-paid cards counts records; it never copies the identity numbers of buyers (R96)."""

    code = "identity_number_written"


REQUIRED: Mapping[ResultCode, Mapping[EvidenceKind, int]] = {
    ResultCode.UNREACHABLE: {EvidenceKind.SCENE: 1, EvidenceKind.LETTER: policy.EVIDENCE.letters},
    ResultCode.CLOSED: {EvidenceKind.CLOSURE: 1},
    ResultCode.DEREGISTERED: {EvidenceKind.REGISTRY: 1},
    ResultCode.LICENCE_REVOKED: {EvidenceKind.REGISTRY: 1},
    ResultCode.RESCINDED: {EvidenceKind.REGISTRY: 1},
    ResultCode.MOVED_OUT: {EvidenceKind.RELOCATION: 1},
}
"""The evidence that each of these results needs; every one of them stays in the denominator (R33)."""

NOBODY_THERE = frozenset(REQUIRED)
"""Results after which nobody of the enterprise is there to sign."""

CARD_WORDS = ("预付卡", "单用途", "购卡")
IDENTITY_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")


@dataclass(frozen=True, slots=True)
class Checked:
    """One recorded item, as far as evidence and signatures depend on it."""

    results: frozenset[ResultCode]
    methods: frozenset[CheckMethod]


@dataclass(frozen=True, slots=True)
class Held:
    """The evidence of one item or of the whole visit: how many of a kind, and when letters were sent."""

    kinds: Counter[EvidenceKind] = field(default_factory=Counter)
    letters: tuple[date, ...] = ()


def required_evidence(results: Collection[ResultCode]) -> dict[EvidenceKind, int]:
    """How many files of which kind these results need."""
    needed: dict[EvidenceKind, int] = {}
    for code in results:
        for kind, count in REQUIRED.get(code, {}).items():
            needed[kind] = max(count, needed.get(kind, 0))
    return needed


def require_evidence(item: str, results: Collection[ResultCode], held: Held) -> None:
    """Raise EvidenceMissing or LettersOutOfOrder for the first thing that an item lacks."""
    for kind, count in required_evidence(results).items():
        if held.kinds[kind] < count:
            raise EvidenceMissing(item=item, kind=kind, count=count)
    if ResultCode.UNREACHABLE in results and not are_letters_in_order(held.letters):
        fewest, most = policy.EVIDENCE.letters_apart_days
        raise LettersOutOfOrder(fewest=fewest, most=most)


def are_letters_in_order(sent: Sequence[date]) -> bool:
    """True when two of the letters were sent 15 to 30 days apart (R62)."""
    fewest, most = policy.EVIDENCE.letters_apart_days
    return any(fewest <= (later - earlier).days <= most for earlier in sent for later in sent)


def must_inspectors_sign(checked: Collection[Checked]) -> bool:
    """True when some item was checked on site: every member of the team signs the record (R46)."""
    return any(is_entry(each.methods) for each in checked)


def must_enterprise_sign(checked: Collection[Checked]) -> bool:
    """True when some item was checked on site and somebody was there to sign or to refuse (R46, R47)."""
    return any(is_entry(each.methods) and not each.results & NOBODY_THERE for each in checked)


def touches_card_buyers(item: str) -> bool:
    """True for items that look into records of card buyers: counts only, no copies of identity papers (R96)."""
    return any(word in item for word in CARD_WORDS)


def require_no_identity_number(item: str, texts: Collection[str]) -> None:
    """Raise IdentityNumberWritten when a check of pre-paid cards copies an identity number (R96)."""
    if touches_card_buyers(item) and any(IDENTITY_NUMBER.search(text) for text in texts):
        raise IdentityNumberWritten()
