"""Public seed sources (随机种子): what may be typed, its canonical value, and its entropy.

A seed that an insider can try out in advance is no seed: with the 10 bits of 福彩3D alone a plan can be
ground until a chosen firm is never drawn. A draw therefore needs at least 60 bits (section 0.4).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.domain.errors import DomainError

MINIMUM_BITS = 60.0
DEFAULT_DICE = 20

ISSUE = re.compile(r"20[0-9]{2}[0-9]{3}")
CEREMONY = re.compile(r"ceremony(?:-([1-9][0-9]{0,2}))?")
ROUND = re.compile(r"[1-9][0-9]{0,17}")
TYPED_NUMBERS = re.compile(r"[0-9]{1,2}(?:[ \t.,+/|，、．＋　]+[0-9]{1,2})*[ \t.,/]*")


class SeedSourceUnknown(DomainError):
    """`source` is not one of `SOURCES`."""

    code = "seed_source_unknown"


class SeedEventInvalid(DomainError):
    """`event` does not name an event of `source`."""

    code = "seed_event_invalid"


class SeedValueInvalid(DomainError):
    """`value` is not an outcome of `source`."""

    code = "seed_value_invalid"


class SeedEntropyTooLow(DomainError):
    """The chosen sources give `bits`, below `minimum`."""

    code = "seed_entropy_too_low"


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of public event: its name, event form, reader of typed text, and entropy in bits."""

    name: str
    event: re.Pattern[str]
    read: Callable[[str, str], str | None]
    entropy: Callable[[str], float]


def canonical_value(source: str, event: str, typed: str) -> str:
    """Turn what was typed or pasted into the protocol's value (RFC 3797 number form, 2.3).

    Raises `seed_source_unknown`, `seed_event_invalid`, `seed_value_invalid`.
    """
    check_event(source, event)
    value = SOURCES[source].read(event, typed.strip())
    if value is None:
        raise SeedValueInvalid(source=source, event=event, value=typed)
    return value


def check_value(source: str, event: str, value: str) -> None:
    """Raise `seed_value_invalid` unless `value` already is canonical."""
    if canonical_value(source, event, value) != value:
        raise SeedValueInvalid(source=source, event=event, value=value)


def check_event(source: str, event: str) -> None:
    """Raise `seed_source_unknown` or `seed_event_invalid`.

    Lottery events are issue numbers (`2026067`), drand events are rounds, dice events are `ceremony`
    (20 ten-sided dice) or `ceremony-N` for N dice.
    """
    if source not in SOURCES:
        raise SeedSourceUnknown(source=source)
    if not SOURCES[source].event.fullmatch(event):
        raise SeedEventInvalid(source=source, event=event)


def entropy_bits(source: str, event: str) -> float:
    """Return the entropy of one event in bits."""
    check_event(source, event)
    return SOURCES[source].entropy(event)


def total_entropy(seeds: Iterable[tuple[str, str]]) -> float:
    """Return the bits of distinct (source, event) pairs; a repeated event counts once."""
    return sum(entropy_bits(source, event) for source, event in set(seeds))


def require_entropy(seeds: Iterable[tuple[str, str]], minimum: float = MINIMUM_BITS) -> float:
    """Return the total bits or raise `seed_entropy_too_low` (bits, minimum; section 0.4)."""
    bits = total_entropy(seeds)
    if bits < minimum:
        raise SeedEntropyTooLow(bits=round(bits, 1), minimum=minimum)
    return bits


def number_form(groups: Iterable[Iterable[int]]) -> str:
    """Write numbers as RFC 3797 does: each followed by a full stop, groups joined by a slash."""
    return "/".join("".join(f"{number}." for number in group) for group in groups)


def _numbers(typed: str) -> list[int] | None:
    if not TYPED_NUMBERS.fullmatch(typed):
        return None
    return [int(number) for number in re.findall("[0-9]+", typed)]


def _distinct(numbers: list[int], size: int, top: int) -> bool:
    return len(numbers) == size == len(set(numbers)) and all(1 <= number <= top for number in numbers)


def _read_happy8(event: str, typed: str) -> str | None:
    numbers = _numbers(typed)
    return number_form([sorted(numbers)]) if numbers and _distinct(numbers, 20, 80) else None


def _read_two_colour(event: str, typed: str) -> str | None:
    numbers = _numbers(typed) or []
    reds, blues = numbers[:6], numbers[6:]
    fits = _distinct(reds, 6, 33) and _distinct(blues, 1, 16)
    return number_form([sorted(reds), blues]) if fits else None


def _read_3d(event: str, typed: str) -> str | None:
    numbers = [int(digit) for digit in typed] if re.fullmatch("[0-9]{3}", typed) else _numbers(typed) or []
    return number_form([numbers]) if len(numbers) == 3 and max(numbers) <= 9 else None


def _read_dice(event: str, typed: str) -> str | None:
    digits = re.sub("[ \t]", "", typed)
    return digits if re.fullmatch("[0-9]+", digits) and len(digits) == _dice(event) else None


def _read_drand(event: str, typed: str) -> str | None:
    return typed.lower() if re.fullmatch("[0-9A-Fa-f]{64}", typed) else None


def _dice(event: str) -> int:
    found = CEREMONY.fullmatch(event)
    return int(found[1]) if found and found[1] else DEFAULT_DICE


def _constant(outcomes: int) -> Callable[[str], float]:
    return lambda event: math.log2(outcomes)


SOURCES = {
    source.name: source
    for source in (
        Source("cwl-kl8", ISSUE, _read_happy8, _constant(math.comb(80, 20))),
        Source("drand-quicknet", ROUND, _read_drand, lambda event: 256.0),
        Source("dice-d10", CEREMONY, _read_dice, lambda event: _dice(event) * math.log2(10)),
        Source("cwl-ssq", ISSUE, _read_two_colour, _constant(math.comb(33, 6) * 16)),
        Source("cwl-3d", ISSUE, _read_3d, _constant(1000)),
    )
}
