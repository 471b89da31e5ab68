"""The signature behind a drand round (开放随机信标), checked offline: an optional extra.

Quicknet signs each round unchained: BLS over BLS12-381 with signatures on G1, keys on G2, the message
SHA-256(round as 8 bytes, big-endian) hashed to the curve as RFC 9380 says. The published randomness is the
SHA-256 of the signature.
"""

from __future__ import annotations

import hashlib
import re
from types import ModuleType

from app.domain.errors import DomainError

QUICKNET_KEY = (
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d"
    "1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
)
QUICKNET_GENESIS = 1_692_803_367
QUICKNET_PERIOD = 3
DOMAIN = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
SIGNATURE = re.compile("[0-9a-f]{96}")
KEY = re.compile("[0-9a-f]{192}")


class DrandUnavailable(DomainError):
    """The optional package py-ecc is not installed, so no signature can be checked."""

    code = "drand_unavailable"


class DrandSignatureInvalid(DomainError):
    """The signature is not that of `round`, or does not give the value entered."""

    code = "drand_signature_invalid"


def round_time(number: int) -> int:
    """Return when quicknet publishes round `number`, in seconds since 1970 (UTC)."""
    return QUICKNET_GENESIS + (number - 1) * QUICKNET_PERIOD


def round_after(moment: int) -> int:
    """Return the first quicknet round published at or after `moment` (seconds since 1970)."""
    return max(-(-(moment - QUICKNET_GENESIS) // QUICKNET_PERIOD) + 1, 1)


def randomness(signature: str) -> str:
    """Return the published value of a round from its signature (96 hex): 64 hex."""
    if not SIGNATURE.fullmatch(signature):
        raise DrandSignatureInvalid(signature=signature)
    return hashlib.sha256(bytes.fromhex(signature)).hexdigest()


def verify_round(number: int, signature: str, value: str, public_key: str = QUICKNET_KEY) -> None:
    """Check that `signature` (96 hex, compressed G1) is the network's for round `number` and gives `value`.

    `public_key` is 192 hex (compressed G2). Takes about a second. Raises `drand_unavailable`,
    `drand_signature_invalid`.
    """
    if randomness(signature) != value or not KEY.fullmatch(public_key):
        raise DrandSignatureInvalid(round=number)
    curve, compression, hashing = _curve()
    message = hashlib.sha256(number.to_bytes(8, "big")).digest()
    try:
        point = compression.decompress_G1(int(signature, 16))
        key = compression.decompress_G2((int(public_key[:96], 16), int(public_key[96:], 16)))
    except ValueError as error:
        raise DrandSignatureInvalid(round=number) from error
    # A point outside the prime-order subgroup, or the identity, could be made to fit anything.
    for place in (point, key):
        if curve.is_inf(place) or not curve.is_inf(curve.multiply(place, curve.curve_order)):
            raise DrandSignatureInvalid(round=number)
    hashed = hashing.hash_to_G1(message, DOMAIN, hashlib.sha256)
    if curve.pairing(key, hashed) != curve.pairing(curve.G2, point):
        raise DrandSignatureInvalid(round=number)


def _curve() -> tuple[ModuleType, ModuleType, ModuleType]:
    try:
        from py_ecc import optimized_bls12_381
        from py_ecc.bls import hash_to_curve, point_compression
    except ImportError as error:
        raise DrandUnavailable(package="py-ecc") from error
    return optimized_bls12_381, point_compression, hash_to_curve
