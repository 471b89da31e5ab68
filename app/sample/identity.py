"""Invented credit codes with valid check characters, whole columns at a time (R10).

A body is a one-to-one image of the row's number, so no two rows can share a code. Bodies keep to ranges in
which public samples of the province have no registration: digits from 43 million on, letters from MAR on.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from app.domain.credit_code import ALPHABET, ORGANISATION_WEIGHTS, WEIGHTS

Integers = npt.NDArray[np.int64]

_CHARACTERS = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)
_ORGANISATION_VALUES = np.array([int(char, 36) for char in ALPHABET])
_ORGANISATION_CHECK = np.array([ALPHABET.index(char) for char in "0123456789X"])
_NUMERIC_BITS = 23
_LETTERED_BITS = 27
_FIRST_NUMERIC_BODY = 43_000_000
_FIRST_LETTERED_BODY = ALPHABET.index("R") * 31**5
_LETTERED_HEAD = [ALPHABET.index("M"), ALPHABET.index("A")]


def credit_codes(
    category: Integers, region: Integers, index: Integers, lettered: npt.NDArray[np.bool_], seed: int
) -> list[str]:
    """One code a row: 9, the category digit, six digits of region, the body's nine characters, the check.

    `lettered` bodies begin with MA as those issued since late 2015 do; the others are eight digits as long as
    there are such. 0 <= seed < 2**63.
    """
    lettered = lettered | (index >= 1 << _NUMERIC_BITS)
    values = np.empty((len(index), 18), dtype=np.int64)
    values[:, 0] = 9
    values[:, 1] = category
    values[:, 2:8] = _digits(region, 6, 10)
    values[:, 8:16] = np.where(lettered[:, None], _lettered_body(index, seed), _numeric_body(index, seed))
    organisation = -(_ORGANISATION_VALUES[values[:, 8:16]] @ np.array(ORGANISATION_WEIGHTS)) % 11
    values[:, 16] = _ORGANISATION_CHECK[organisation]
    values[:, 17] = -(values[:, :17] @ np.array(WEIGHTS)) % 31
    texts: list[str] = _CHARACTERS[values].view("S18").ravel().astype("U18").tolist()
    return texts


def _numeric_body(index: Integers, seed: int) -> Integers:
    return _digits(_scrambled(index, _NUMERIC_BITS, seed) + _FIRST_NUMERIC_BODY, 8, 10)


def _lettered_body(index: Integers, seed: int) -> Integers:
    body = np.empty((len(index), 8), dtype=np.int64)
    body[:, :2] = _LETTERED_HEAD
    body[:, 2:] = _digits(_scrambled(index, _LETTERED_BITS, seed) + _FIRST_LETTERED_BODY, 6, 31)
    return body


def _digits(numbers: Integers, width: int, base: int) -> Integers:
    powers = base ** np.arange(width - 1, -1, -1)
    return numbers[:, None] // powers % base


def _scrambled(index: Integers, bits: int, seed: int) -> Integers:
    """A permutation of the numbers of so many bits: each step, xor, shift and odd multiple, can be undone."""
    mask = (1 << bits) - 1
    x = index ^ (seed * 0x9E3779B97F4A7C15 >> 32 & mask)
    for odd in (0x2C1B3C6D, 0x297A2D39, 0x1B56C4E9):
        x ^= x >> (bits // 2)
        x = x * odd & mask
    return x ^ (x >> (bits // 2))
