"""The rule for passwords, the same in forms, in commands and for the API."""

from __future__ import annotations

import hashlib

from flask_appbuilder.exceptions import PasswordComplexityValidationError
from flask_babel import gettext as _

SHORTEST = 10
KINDS_NEEDED = 3


def check_password(password: str) -> None:
    """Refuse a password that is too short or of too few kinds of characters."""
    if len(password) < SHORTEST or kinds(password) < KINDS_NEEDED:
        raise PasswordComplexityValidationError(
            _(
                "A password has at least %(length)s characters of three kinds: "
                "capital letters, small letters, digits, signs.",
                length=SHORTEST,
            )
        )


def kinds(password: str) -> int:
    """How many of the four kinds of characters occur."""
    tests = (str.isupper, str.islower, str.isdigit, _is_sign)
    return sum(any(test(character) for character in password) for test in tests)


def fingerprint(password_hash: str | None) -> str:
    """A short digest of the stored hash; a session that carries another one is over."""
    return hashlib.sha256((password_hash or "").encode()).hexdigest()[:24]


def _is_sign(character: str) -> bool:
    return not character.isalnum()
