"""Keys, tickets (抽取号) and pair costs: sections 2.4, 2.5 and 2.9 of `ssj/1`."""

from __future__ import annotations

from app.domain.draw.hashing import hex_digest

KEY_LENGTH = 32


def draw_key(alg: str, purpose: str, seed_hash: str) -> str:
    """Return K(purpose), 32 hex characters, from S = `seed_hash`.

    Items that share the purpose `unit` share their tickets (一企一号，号小先查).
    """
    return hex_digest(alg, f"ssj/1/key\n{purpose}\n{seed_hash}\n".encode("ascii"))[:KEY_LENGTH]


def ticket(alg: str, key: str, identifier: str) -> str:
    """Return the ticket T of one firm, 64 hex characters; smaller is drawn earlier."""
    return hex_digest(alg, f"{key}:{identifier}".encode("ascii"))


def pair_cost(alg: str, key: str, target: str, staff_no: str) -> int:
    """Return c(t, i) of an inspector and a target: an integer below 2**32."""
    return int(hex_digest(alg, f"{key}:{target}/{staff_no}".encode("ascii"))[:8], 16)


def shell_line(alg: str, key: str, identifier: str) -> str:
    """Return the command with which a firm computes its own ticket on any Unix shell."""
    command = "sha256sum" if alg == "sha256" else "openssl dgst -sm3 -r"
    return f"printf '%s:%s' {key} {identifier} | {command}"
