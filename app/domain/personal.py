"""个人信息 (R60): what must not leave the house, found before publication and masked when shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from app.domain.errors import DomainError


class PersonalDataFound(DomainError):
    """What is to be published carries personal data; params place (where), kind and masked (what)."""

    code = "personal_data_found"


IDENTITY, MOBILE, BANK = "身份证号", "手机号码", "银行卡号"
_ALONE = r"(?<![0-9A-Za-z]){}(?![0-9A-Za-z])"
_IDENTITY = re.compile(_ALONE.format(r"[1-9][0-9]{16}[0-9Xx]"))
_MOBILE = re.compile(_ALONE.format(r"(?:\+?86[ -]?)?(1[3-9][0-9](?:[0-9]{8}|[ -][0-9]{4}[ -][0-9]{4}))"))
_BANK = re.compile(_ALONE.format(r"[1-9][0-9]{3}(?:[0-9]{12,15}|(?: [0-9]{4}){3}(?: [0-9]{1,3})?)"))
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_EARLIEST = 1900
TYPED = frozenset({"identifier", "body_hash"})
"""Fields whose content is known by their type and is no free text."""


def found_in(text: str) -> Iterator[tuple[str, str]]:
    """Each piece of personal data in a text: its kind and the text itself."""
    for match in _IDENTITY.finditer(text):
        if is_identity_number(match[0]):
            yield IDENTITY, match[0]
    for match in _MOBILE.finditer(text):
        yield MOBILE, match[0]
    for match in _BANK.finditer(text):
        if _luhn(match[0]) and not is_identity_number(match[0]):
            yield BANK, match[0]


def is_identity_number(text: str) -> bool:
    """True for a resident identity number: date of birth and check character hold (GB 11643)."""
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9Xx]", text):
        return False
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False))
    return born.year >= _EARLIEST and _CHECKS[total % 11] == text[-1].upper()


def masked(text: str) -> str:
    """The text with every piece of personal data covered but for its ends."""
    for _, piece in list(found_in(text)):
        text = text.replace(piece, cover(piece))
    return text


def cover(piece: str) -> str:
    """Stars over the middle: 138****1234, 220102********1234."""
    digits = re.sub(r"[ +-]", "", piece)
    head = 3 if len(digits) <= 13 else 6 if len(digits) == 18 else 4
    return digits[:head] + "*" * (len(digits) - head - 4) + digits[-4:]


def require_no_personal_data(document: Any) -> None:
    """Raise PersonalDataFound with the place of the first piece in a JSON-like document (R60)."""
    for place, text in _texts(document, ""):
        for kind, piece in found_in(text):
            raise PersonalDataFound(place=place, kind=kind, masked=cover(piece))


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for name, part in value.items():
            if name not in TYPED:
                yield from _texts(part, f"{place}.{name}" if place else str(name))
    elif isinstance(value, list | tuple):
        for number, part in enumerate(value, 1):
            yield from _texts(part, f"{place}[{number}]")


def _luhn(text: str) -> bool:
    digits = [int(digit) for digit in reversed(text.replace(" ", ""))]
    doubled = [sum(divmod(digit * 2, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
