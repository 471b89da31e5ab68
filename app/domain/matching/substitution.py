"""替换: an inspector drops out, the match is repeated on the reduced staff under the same key (R19)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.matching.instance import Instance, without

Visits = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Change:
    """What a substitution changes in the team of one target."""

    target: str
    left: tuple[str, ...]
    came: tuple[str, ...]
    lead_before: str
    lead_after: str


def difference(before: Visits, after: Visits) -> tuple[Change, ...]:
    """The targets whose team or lead differs, ascending; both maps name the lead first.

    A target that is only in one of the two is no change of team and is left out.
    """
    changes = []
    for target in sorted(before.keys() & after.keys()):
        old, new = before[target], after[target]
        if set(old) != set(new) or old[0] != new[0]:
            left, came = sorted(set(old) - set(new)), sorted(set(new) - set(old))
            changes.append(Change(target, tuple(left), tuple(came), old[0], new[0]))
    return tuple(changes)


def pending(
    instance: Instance,
    visits: Visits,
    done: Collection[str] = (),
    absent: Collection[str] = (),
    barred: Collection[tuple[str, str]] = (),
) -> Instance:
    """What is still to be matched: `done` targets keep their team and use up its caps.

    `absent` people drop out altogether (illness, transfer); `barred` pairs `(target, staff_no)` drop out
    singly (recusal granted, R18).
    """
    used = Counter(staff_no for target in done for staff_no in visits[target])
    rest = without(instance, staff=absent, targets=done, pairs=barred)
    staff = tuple(replace(person, cap=max(person.cap - used[person.staff_no], 0)) for person in rest.staff)
    return Instance(staff, rest.demands, rest.pairs)


def replaced_counts(substitutions: Iterable[Sequence[Change]]) -> Counter[str]:
    """How often each inspector was taken off a team, over all substitutions, for the auditor (R19)."""
    return Counter(staff_no for changes in substitutions for change in changes for staff_no in change.left)
