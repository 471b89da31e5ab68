"""The check digits of many unified codes at once: GB 32100 over the whole code, GB 11714 within it (R10)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.domain.credit_code import ALPHABET, ORGANISATION_WEIGHTS, WEIGHTS

LENGTH = 18
_ALIEN = 255


def _table(values: dict[str, int]) -> NDArray[np.uint8]:
    return np.array([values.get(chr(byte), _ALIEN) for byte in range(256)], dtype=np.uint8)


_VALUE = _table({char: place for place, char in enumerate(ALPHABET)})
_ORGANISATION_VALUE = _table({char: int(char, 36) for char in ALPHABET})
_CHECK_VALUE = _table({char: place for place, char in enumerate("0123456789X")})
_WHOLE_WEIGHTS = np.array((*WEIGHTS, 1), dtype=np.int32)
_PART_WEIGHTS = np.array((*ORGANISATION_WEIGHTS, 1), dtype=np.int32)


def are_sound(codes: Sequence[str]) -> NDArray[np.bool_]:
    """For each text whether it is a unified code without any fault; everything else needs a closer look."""
    sound = np.fromiter((len(code) == LENGTH and code.isascii() for code in codes), np.bool_, len(codes))
    candidates = codes if sound.all() else [code for code, fits in zip(codes, sound, strict=True) if fits]
    if candidates:
        sound[sound] = _are_sound("".join(candidates).encode())
    return sound


def _are_sound(joined: bytes) -> NDArray[np.bool_]:
    written = np.frombuffer(joined, np.uint8).reshape(-1, LENGTH)
    values = _VALUE[written]
    part = _ORGANISATION_VALUE[written[:, 8:17]].astype(np.int32)
    part[:, 8] = _CHECK_VALUE[written[:, 16]]
    sound: NDArray[np.bool_] = (
        (values < _ALIEN).all(axis=1)
        & (values[:, 2:8] < 10).all(axis=1)
        & ((values @ _WHOLE_WEIGHTS) % 31 == 0)
        & (part[:, 8] < _ALIEN)
        & ((part @ _PART_WEIGHTS) % 11 == 0)
    )
    return sound
