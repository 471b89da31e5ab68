"""The published files of a match, byte for byte (draw protocol 2.9): UTF-8, TAB, LF, ascending.

staff.tsv     staff_no, cap, lead (0/1), group, digest
demand.tsv    target, group, size, needs_lead (0/1: a key person is needed)
eligible.tsv  target, staff_no, key (0/1)
assign.tsv    target, lead, other members ascending
prices.json   {"u": {"target|group": int}, "y": {"staff_no": int}, "z": {"target|group": int}}
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date

from app.domain.matching.certificate import Prices
from app.domain.matching.eligibility import Candidate, EligibilityRules
from app.domain.matching.instance import Instance, Staff


def staff_file(instance: Instance) -> bytes:
    """staff.tsv of a problem: everybody on the roster."""
    return staff_rows(instance.staff)


def staff_rows(people: Iterable[Staff]) -> bytes:
    """staff.tsv, ascending by staff number; made when the roster is frozen, before any demand exists."""
    return _lines(
        f"{person.staff_no}\t{person.cap}\t{person.may_lead:d}\t{person.group}\t{person.digest}"
        for person in sorted(people, key=lambda person: person.staff_no)
    )


def demand_file(instance: Instance) -> bytes:
    """demand.tsv: every demand, ascending by target and group."""
    return _lines(
        f"{demand.target}\t{demand.group}\t{demand.size}\t{demand.needs_key:d}" for demand in instance.demands
    )


def eligible_file(instance: Instance) -> bytes:
    """eligible.tsv: every eligible pair, ascending by target and staff number."""
    targets = [f"{demand.target}\t" for demand in instance.demands]
    rest = [[f"{person.staff_no}\t{key}\n" for person in instance.staff] for key in (0, 1)]
    pairs = zip(instance.pairs.demand, instance.pairs.staff, instance.pairs.key, strict=True)
    # TAB sorts before every character of an identifier, so lines sort as their fields do.
    return "".join(sorted([targets[demand] + rest[key][person] for demand, person, key in pairs])).encode()


def assign_file(visits: Mapping[str, Sequence[str]]) -> bytes:
    """assign.tsv: every target with its team, lead first."""
    return _lines("\t".join((target, *visits[target])) for target in sorted(visits))


def prices_file(instance: Instance, prices: Prices) -> bytes:
    """prices.json in canonical form: sorted keys, no blanks, one final LF."""
    demands = [demand.name for demand in instance.demands]
    people = [person.staff_no for person in instance.staff]
    table = {
        "u": dict(zip(demands, prices.u.tolist(), strict=True)),
        "y": dict(zip(people, prices.y.tolist(), strict=True)),
        "z": dict(zip(demands, prices.z.tolist(), strict=True)),
    }
    return (_canonical(table) + "\n").encode()


def staff_digest(secret: bytes, candidate: Candidate, rules: EligibilityRules) -> str:
    """Hex HMAC-SHA256 over what decides about one person's eligibility.

    Published in place of certificates and recusals, it fixes them before the draw and reveals nothing; an
    auditor who holds the secret and the roster can recompute it.
    """
    return hmac.new(secret, canonical_staff(candidate, rules).encode(), hashlib.sha256).hexdigest()


def canonical_staff(candidate: Candidate, rules: EligibilityRules) -> str:
    """The text under the digest: canonical JSON, sets and lists sorted, dates in ISO form."""
    facts = asdict(candidate)
    for name in ("certificates", "expertise", "recusals", "recent"):
        facts[name] = sorted(_canonical(entry) for entry in facts[name])
    return _canonical({"person": facts, "rules": asdict(rules)})


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_iso)


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _lines(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()
