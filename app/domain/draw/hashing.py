"""The two hash functions of `ssj/1`: SHA-256 and SM3 (国密杂凑算法, GB/T 32905)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Protocol

from app.domain.errors import DomainError

ALGORITHMS = ("sha256", "sm3")
SM3_OF_ABC = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


class HashUnknown(DomainError):
    """`alg` is neither sha256 nor sm3."""

    code = "hash_unknown"


class HashUnavailable(DomainError):
    """This Python's OpenSSL lacks (or miscomputes) the algorithm; `alg` names it."""

    code = "hash_unavailable"


class Digest(Protocol):
    """What a hash object can do."""

    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...
    def hexdigest(self) -> str: ...


Hasher = Callable[[bytes], Digest]


def require_algorithm(alg: str) -> None:
    """Raise `hash_unknown` or `hash_unavailable` unless `alg` works here; called at start-up."""
    if alg not in ALGORITHMS:
        raise HashUnknown(alg=alg)
    if alg == "sm3" and _sm3_of(b"abc") != SM3_OF_ABC:
        raise HashUnavailable(alg=alg)


def _sm3_of(data: bytes) -> str:
    try:
        return hashlib.new("sm3", data).hexdigest()
    except ValueError:
        return ""


def hasher(alg: str) -> Hasher:
    """Return the hash constructor H of `alg`: H(data).digest(). Raises as `require_algorithm`."""
    require_algorithm(alg)
    return hashlib.sha256 if alg == "sha256" else _sm3_constructor()


def _sm3_constructor() -> Hasher:
    # hashlib.new looks the name up each time; copying an empty state halves the cost of a ticket.
    empty = hashlib.new("sm3")

    def sm3(data: bytes) -> Digest:
        state = empty.copy()
        state.update(data)
        return state

    return sm3


def hex_digest(alg: str, data: bytes) -> str:
    """Return hex H(data), 64 lower-case characters."""
    return hasher(alg)(data).hexdigest()
