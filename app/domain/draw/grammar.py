"""The grammar of `ssj/1` records: field patterns and a strict line reader (section 2.3)."""

from __future__ import annotations

import re
from typing import Protocol, TypeVar

from app.domain.errors import DomainError

_HEX = "[0-9a-f]{64}"
_KEY = "[0-9a-f]{32}"
_ITEM = "[A-Za-z0-9_-]{1,32}"
_STRATUM = r"(?!-(?:\||\Z))[A-Za-z0-9_.-]{1,32}"
_NUMBER = "(?:0|[1-9][0-9]{0,17})"
_ID = "[0-9A-Z-]{1,22}"
_STAFF = "[0-9A-Z-]{1,22}"
_PURPOSE = "unit(?:/[A-Za-z0-9_-]{1,32})?"

# An item carries no full stop, so that drawn/<item>.<stratum>.txt can be read in one way only.
ITEM = re.compile(_ITEM)
PURPOSE = re.compile(_PURPOSE)
STRATUM = re.compile(_STRATUM)
DRAW = re.compile("[A-Za-z0-9_.-]{1,64}")
HEX = re.compile(_HEX)
HEX_OR_DASH = re.compile(f"-|{_HEX}")
NUMBER = re.compile(_NUMBER)
UTC = re.compile(
    "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
)
UNIT_KEY = re.compile(rf"{_PURPOSE}\|{_KEY}")
PAIR_KEY = re.compile(rf"pair(?:/[1-9][0-9]{{0,2}})?\|{_KEY}")
OUTCOME = re.compile(rf"{_ITEM}\|{_STRATUM}\|{_NUMBER}\|(?:[0-9]\|{_HEX}|-\|-)\|{_HEX}")
TARGET_SWAP = re.compile(rf"{_ITEM}\|{_STRATUM}\|{_ID}\|{_ID}")
STAFF_SWAP = re.compile(rf"{_ID}\|{_STAFF}\|(?:-|{_STAFF})")
FREE_TEXT = re.compile(r"(?=\S)[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]{1,500}")


class RecordMalformed(DomainError):
    """A record of `kind` is not as the protocol writes it; `key` and `value` where known."""

    code = "record_malformed"


class _Text(Protocol):
    def text(self) -> str: ...


R = TypeVar("R", bound=_Text)


def check(kind: str, key: str, value: str, pattern: re.Pattern[str]) -> str:
    """Return `value` when it has the form of its field, else raise `record_malformed`."""
    if not pattern.fullmatch(value):
        raise RecordMalformed(kind=kind, key=key, value=value)
    return value


class Lines:
    """Reads a record's lines in order; whatever is left or missing is refused."""

    def __init__(self, kind: str, text: str) -> None:
        self.kind, self._text = kind, text
        self._lines = text.split("\n")
        if self._lines[0] != f"ssj/1/{kind}" or self._lines.pop() != "":
            raise RecordMalformed(kind=kind, key="", value=text[:60])
        self._at = 1

    def optional(self, key: str) -> str | None:
        """Return the value of the next line if its key is `key`."""
        if self._at < len(self._lines) and self._lines[self._at].startswith(f"{key}="):
            self._at += 1
            return self._lines[self._at - 1].partition("=")[2]
        return None

    def one(self, key: str) -> str:
        """Return the value of the next line, which must have `key`."""
        value = self.optional(key)
        if value is None:
            raise RecordMalformed(kind=self.kind, key=key, value=self._shown())
        return value

    def many(self, key: str) -> list[str]:
        """Return the values of the following lines as long as they have `key`."""
        values = []
        while (value := self.optional(key)) is not None:
            values.append(value)
        return values

    def rest(self) -> list[str]:
        """Return the remaining lines whole."""
        start, self._at = self._at, len(self._lines)
        return self._lines[start:]

    def split(self, value: str, parts: int, by: str = "|") -> list[str]:
        """Split a value into exactly `parts` parts."""
        fields = value.split(by)
        if len(fields) != parts:
            raise RecordMalformed(kind=self.kind, key="", value=value)
        return fields

    def number(self, value: str) -> int:
        """Read a decimal integer without sign or leading zero."""
        return int(check(self.kind, "", value, NUMBER))

    def same(self, record: R) -> R:
        """Return `record` when writing it again gives the text that was read."""
        if record.text() != self._text:
            raise RecordMalformed(kind=self.kind, key="", value=self._shown())
        return record

    def _shown(self) -> str:
        return self._lines[self._at] if self._at < len(self._lines) else ""
