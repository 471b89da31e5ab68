"""The one error family of the domain: a code and parameters, no prose.

The edge (views, command line) turns a code into a sentence; see app/messages.py.
"""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """A rule was not met; `code` names the rule, `params` hold what the sentence needs."""

    code = "domain_error"

    def __init__(self, **params: Any) -> None:
        super().__init__(self.code)
        self.params = params

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code}({shown})" if shown else self.code
