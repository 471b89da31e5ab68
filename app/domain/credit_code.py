"""统一社会信用代码 and the registration numbers before it: kinds, check digits, named faults (R10).

GB 32100-2015: 18 characters; 1 authority, 2 category, 3-8 registering region, 9-17 organisation code with
its own check character (GB 11714), 18 check character. Registration numbers (注册号) have 15 digits, the last
by ISO 7064 MOD 11,10; the numbers before 2007 have 13 digits and no check digit.
The region inside a code is that of the first registration and says nothing about jurisdiction (R11).
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import product
from operator import mul

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of GB 32100; a character's value is its place. I, O, S, V and Z do not occur."""
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
"""GB 32100: weight of each of the first 17 characters, modulo 31."""
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
"""GB 11714: weight of each of the 8 characters before the organisation code's check character, modulo 11."""

_ALIEN = 255


def _byte_table(values: dict[str, int]) -> bytes:
    return bytes(values.get(chr(byte), _ALIEN) for byte in range(256))


_VALUE = _byte_table({char: place for place, char in enumerate(ALPHABET)})
_ORGANISATION_VALUE = _byte_table({char: int(char, 36) for char in ALPHABET})
_ORGANISATION_CHECK = "0123456789X"
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_NORMAL = str.maketrans({**{chr(full): chr(half) for full, half in _HALF_WIDTH.items()}, "\u3000": ""})
_LOOK_ALIKES = {"I": "1", "L": "L1", "O": "0", "S": "5", "Z": "2"}
_MOST_READINGS = 64


class CodeKind(StrEnum):
    """Which number it is, judged by its shape alone; the values are those of IdentifierKind."""

    UNIFIED = "unified"
    REGISTRATION = "registration"
    LEGACY = "legacy"
    UNKNOWN = "unknown"


class CodeFault(StrEnum):
    """What is wrong with a code."""

    MISSING = "missing"
    WRONG_LENGTH = "wrong_length"
    WRONG_CHARACTER = "wrong_character"
    WRONG_CHECK_DIGIT = "wrong_check_digit"
    WRONG_ORGANISATION_CHECK = "wrong_organisation_check"


def normalise(raw: str) -> str:
    """The code in half-width capitals without white space; a look-alike letter stays as it was written."""
    return "".join(raw.translate(_NORMAL).split()).upper()


def kind_of(code: str) -> CodeKind:
    """The kind of a normalised code: 18 letters or digits, 15 digits, 13 digits, or unknown."""
    if len(code) == 18 and code.isascii() and code.isalnum():
        return CodeKind.UNIFIED
    if len(code) in {13, 15} and code.isascii() and code.isdigit():
        return CodeKind.REGISTRATION if len(code) == 15 else CodeKind.LEGACY
    return CodeKind.UNKNOWN


def is_valid(code: str) -> bool:
    """True when a normalised code of any known kind has no fault."""
    return fault(code) is None


def fault(code: str) -> CodeFault | None:
    """The first fault of a normalised code, or None.

    The check over the whole code comes before that of the organisation part: when only the latter fails,
    the code was issued so and not mistyped. A 13-digit number carries nothing that could be checked.
    """
    if len(code) == 18:
        return _unified_fault(code)
    if len(code) not in {13, 15}:
        return CodeFault.WRONG_LENGTH if code else CodeFault.MISSING
    if not (code.isascii() and code.isdigit()):
        return CodeFault.WRONG_CHARACTER
    if len(code) == 15 and registration_check_digit(code[:14]) != code[14]:
        return CodeFault.WRONG_CHECK_DIGIT
    return None


def check_character(first17: str) -> str:
    """The 18th character for the first 17 (GB 32100-2015); all must be of ALPHABET."""
    values = first17.encode().translate(_VALUE)
    return ALPHABET[-sum(map(mul, values, WEIGHTS)) % 31]


def organisation_check_character(first8: str) -> str:
    """The 9th character of an organisation code for its first 8 (GB 11714): 10 is X, 11 is 0."""
    values = first8.encode().translate(_ORGANISATION_VALUE)
    return _ORGANISATION_CHECK[-sum(map(mul, values, ORGANISATION_WEIGHTS)) % 11]


def registration_check_digit(first14: str) -> str:
    """The 15th digit of a registration number for its first 14 (ISO 7064 MOD 11,10)."""
    product_so_far = 10
    for digit in first14:
        product_so_far = ((product_so_far + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product_so_far) % 10)


def suggest(code: str) -> str | None:
    """A repair to offer, never to apply: letters read as digits (l and I as 1, O as 0, S as 5, Z as 2).

    None when the code is valid already, or when no reading or more than one of them is valid.
    """
    written = normalise(code)
    if is_valid(written):
        return None
    repairs = [reading for reading in _readings(written) if is_valid(reading)]
    return repairs[0] if len(repairs) == 1 else None


def _unified_fault(code: str) -> CodeFault | None:
    values = code.encode("ascii", "replace").translate(_VALUE)
    if _ALIEN in values or not code[2:8].isdigit():
        return CodeFault.WRONG_CHARACTER
    if (sum(map(mul, values, WEIGHTS)) + values[17]) % 31:
        return CodeFault.WRONG_CHECK_DIGIT
    if organisation_check_character(code[8:16]) != code[16]:
        return CodeFault.WRONG_ORGANISATION_CHECK
    return None


def _readings(written: str) -> Iterator[str]:
    choices = [_LOOK_ALIKES.get(char, char) for char in written]
    count = 1
    for choice in choices:
        count *= len(choice)
    if count <= _MOST_READINGS:
        yield from map("".join, product(*choices))
