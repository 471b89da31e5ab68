"""Builders of a small but complete draw: roster, records, log, match, bundle."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.domain.draw import bundle, record, roster, selection
from app.domain.draw.log import LogEntry, append, entry_hash
from app.domain.draw.ticket import draw_key
from app.domain.matching import files as match_files
from app.domain.matching.instance import Demand, Instance, Staff
from app.domain.matching.solve import match_unique

KL8 = "1.3.8.11.14.20.21.25.33.38.40.41.47.52.55.60.66.71.77.80."
DRAND = "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587"
SECRET = b"a secret of the bureau, only for tests"
SHARED = Path(__file__).parents[4] / "shared" / "data" / "draw_vectors.json"
UTC = ("2026-03-18T13:10:00Z", "2026-03-18T13:20:00Z", "2026-03-18T13:30:00Z", "2026-03-18T13:40:00Z")


def vectors() -> dict:
    """The acceptance vectors, where they are at hand."""
    if not SHARED.is_file():
        pytest.skip(f"draw vectors not found beside the project: {SHARED.name}")
    return json.loads(SHARED.read_text(encoding="utf-8"))


def make_rows(number: int = 60) -> list[roster.RosterRow]:
    """Rows under two items: A by H/M/L with some tiers, B only for every third firm."""
    rows = []
    for place in range(number):
        tier = "~1" if place % 7 == 3 else ""
        second = "F" if place % 3 == 0 else "-"
        rows.append((f"91220100M{place:08d}X", f"{'HML'[place % 3]}{tier}\t{second}"))
    return rows


def freeze(rows, width=2, alg="sha256", leaf=None) -> tuple[roster.FrozenRoster, bytes]:
    blocks: list[bytes] = []
    return roster.freeze_roster(rows, width, alg, blocks.append, leaf), b"".join(blocks)


@dataclass
class Ceremony:
    """A finished draw with everything a bundle needs."""

    plan: record.Plan
    seed: record.SeedRecord
    result: record.Result
    drawn: dict
    rows: list
    content: bytes
    frozen: roster.FrozenRoster
    log: list[LogEntry] = field(default_factory=list)
    match: bundle.MatchFiles | None = None
    auditor: dict = field(default_factory=dict)

    def bundle(self) -> bundle.Bundle:
        form = {"leaves": self.content} if self.plan.sealed else {"roster": self.content}
        return bundle.Bundle(
            self.plan, self.seed, self.result, self.drawn, self.log, match=self.match, **form, **self.auditor
        )

    def zip(self) -> bytes:
        out = io.BytesIO()
        bundle.write_zip(self.bundle().files(), out)
        return out.getvalue()


def quotas_for(rows, sealed=False, k=3, reserve=2) -> tuple[record.QuotaLine, ...]:
    pools = roster.count_pools({cells: sum(1 for _, c in rows if c == cells) for _, cells in rows})
    lines = []
    for (place, stratum), tiers in sorted(pools.items()):
        n = sum(tiers)
        lines.append(record.QuotaLine("AB"[place], stratum, n, None, min(k, n), reserve))
    return tuple(lines)


def make_plan(frozen, rows, **changes) -> record.Plan:
    values = {
        "alg": frozen.outline.alg,
        "draw": "TEST-0001",
        "items": (record.Item("A"), record.Item("B")),
        "roster_n": frozen.n,
        "roster_root": frozen.root,
        "roster_file": frozen.file_hash,
        "quotas": quotas_for(rows),
        "seeds": (record.SeedEvent("cwl-kl8", "2026067"), record.SeedEvent("drand-quicknet", "657413")),
        "seed_after": "2026-03-18T13:15:00Z",
    }
    return record.Plan(**values | changes)


def make_ceremony(
    rows=None, alg="sha256", sealed=False, matched=False, auditor=False, frozen_staff=True, **changes
) -> Ceremony:
    """Freeze, plan, seed, draw, log; with `matched` also assign inspectors."""
    rows = make_rows() if rows is None else rows
    frozen, content = freeze(rows, alg=alg, leaf=roster.salted(alg, SECRET) if sealed else None)
    staff, staff_file = make_staff(), "-"
    plan = make_plan(frozen, rows, sealed=sealed, **changes)
    if matched and frozen_staff:
        staff_file = record.hex_digest(alg, match_files.staff_file(_instance(staff, [("X", "G1")])))
        plan = make_plan(frozen, rows, sealed=sealed, staff_file=staff_file, **changes)
    seed = record.seed_for(plan, {("cwl-kl8", "2026067"): KL8, ("drand-quicknet", "657413"): DRAND})
    seed_hash = seed.digest(alg)
    keys = plan.keys(seed_hash)
    drawn = selection.select(rows, plan, keys)
    outcomes = tuple(found.outcome(item, stratum, alg) for (item, stratum), found in drawn.items())
    result = record.Result(plan.digest(alg), seed_hash, tuple(keys.items()), outcomes)
    log = foreign_entries()
    for kind, text, utc in zip(("plan", "seed", "result"), (plan, seed, result), UTC, strict=False):
        log.append(append(log[-1], kind, text.text(), utc, alg))
    ceremony = Ceremony(plan, seed, result, drawn, rows, content, frozen, log)
    if matched:
        ceremony.match = make_match(ceremony, staff)
        log.append(append(log[-1], "assign", ceremony.match.assign.text(), UTC[3], alg))
    if auditor:
        salts = "".join(f"{identifier}\t{roster.salt_of(SECRET, identifier)}\n" for identifier, _ in rows)
        ceremony.auditor = {"roster": freeze(rows, alg=alg)[1], "salts": salts.encode()}
    return ceremony


def foreign_entries() -> list[LogEntry]:
    """Two entries of another draw, as they stand in our bundle: chained, without their records."""
    first = entry_hash("sha256", 1, "0" * 64, "plan", "a" * 64, "2026-01-05T01:00:00Z")
    second = entry_hash("sm3", 2, first, "void", "b" * 64, "2026-01-06T01:00:00Z")
    return [
        LogEntry(1, "0" * 64, "plan", "a" * 64, "2026-01-05T01:00:00Z", first),
        LogEntry(2, first, "void", "b" * 64, "2026-01-06T01:00:00Z", second, "sm3"),
    ]


def make_staff() -> list[Staff]:
    """Four inspectors of each of two groups; only some may lead."""
    return [
        Staff(f"I{number:02d}", 9, number % 3 != 0, "G1" if number < 5 else "G2", f"{number:064x}")
        for number in range(1, 9)
    ]


def _instance(staff, demands) -> Instance:
    wanted = [Demand(target, group, 2, group == "G1") for target, group in demands]
    rows = [
        (target, person.staff_no, person.may_lead)
        for target, group in demands
        for person in staff
        if person.group == group
    ]
    return Instance.of(staff, wanted, rows)


def make_match(ceremony: Ceremony, staff: list[Staff]) -> bundle.MatchFiles:
    """Match two groups to every drawn firm: a joint visit."""
    alg, seed_hash = ceremony.plan.alg, ceremony.result.seed
    targets = sorted({lot.identifier for found in ceremony.drawn.values() for lot in found.drawn})
    instance = _instance(staff, [(target, group) for target in targets for group in ("G1", "G2")])
    purpose, found = match_unique(instance, lambda purpose: draw_key(alg, purpose, seed_hash), alg)
    contents = (
        match_files.staff_file(instance), match_files.eligible_file(instance),
        match_files.demand_file(instance), match_files.assign_file(found.visits),
    )  # fmt: skip
    staff_hash, eligible_hash, demand_hash, rows_hash = (
        record.hex_digest(alg, content) for content in contents
    )
    assign = record.Assign(
        ceremony.result.plan, seed_hash, purpose, draw_key(alg, purpose, seed_hash),
        staff_hash, eligible_hash, demand_hash, found.cost, rows_hash,
    )  # fmt: skip
    return bundle.MatchFiles(assign, *contents, match_files.prices_file(instance, found.prices))
