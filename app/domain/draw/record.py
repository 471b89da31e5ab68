"""The published records (公示记录) of `ssj/1`: plan, seed, result, assign, substitute, void.

Each is a text of `key=value` lines in a fixed order. Building one checks every field; parsing one
accepts only the text that building it again would write, so unknown, repeated, missing or misordered
keys are refused.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from app.domain.draw import grammar
from app.domain.draw.grammar import Lines, RecordMalformed, check
from app.domain.draw.hashing import hex_digest, require_algorithm
from app.domain.draw.seed import check_event, check_value
from app.domain.draw.ticket import draw_key
from app.domain.quota import by_ratio

__all__ = [
    "Assign", "Item", "Outcome", "Plan", "QuotaLine", "RecordMalformed", "Result", "SeedEvent", "SeedRecord",
    "Substitute", "Swap", "Void", "parse_assign", "parse_plan", "parse_result", "parse_seed",
    "parse_substitute", "parse_void", "seed_for",
]  # fmt: skip


class Record(ABC):
    """What every record can do."""

    __slots__ = ()

    @abstractmethod
    def text(self) -> str:
        """The record's bytes as text: UTF-8, LF line ends."""

    def digest(self, alg: str) -> str:
        """Return hex H(record)."""
        return hex_digest(alg, self.text().encode("utf-8"))


@dataclass(frozen=True, slots=True)
class Item:
    """An inspection item (抽查事项) of the draw; items of equal purpose share their tickets."""

    name: str
    purpose: str = "unit"

    def __post_init__(self) -> None:
        check("plan", "item", self.name, grammar.ITEM)
        check("plan", "item", self.purpose, grammar.PURPOSE)


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """k of n firms of one item and stratum; `ppm` is None where a batch or a bound set k directly."""

    item: str
    stratum: str
    n: int
    ppm: int | None
    k: int
    reserve: int

    def __post_init__(self) -> None:
        check("plan", "quota", self.item, grammar.ITEM)
        check("plan", "quota", self.stratum, grammar.STRATUM)
        if min(self.n, self.k, self.reserve) < 0 or self.k > self.n:
            raise RecordMalformed(kind="plan", key="quota", value=self.text())
        if self.ppm is not None and not (0 <= self.ppm <= 10**6 and self.k == by_ratio(self.n, self.ppm)):
            raise RecordMalformed(kind="plan", key="quota", value=self.text())

    def text(self) -> str:
        """The value of the plan's quota line."""
        ppm = "-" if self.ppm is None else self.ppm
        return f"{self.item}|{self.stratum}|{self.n}|{ppm}|{self.k}|{self.reserve}"


@dataclass(frozen=True, slots=True)
class SeedEvent:
    """A future public event that will give the seed."""

    source: str
    event: str

    def __post_init__(self) -> None:
        check_event(self.source, self.event)

    def text(self) -> str:
        """`source:event`."""
        return f"{self.source}:{self.event}"


@dataclass(frozen=True, slots=True)
class Plan(Record):
    """What is fixed before the seed exists (抽取方案); `sealed` where strata are no public matter (R29)."""

    alg: str
    draw: str
    items: tuple[Item, ...]
    roster_n: int
    roster_root: str
    roster_file: str
    quotas: tuple[QuotaLine, ...]
    seeds: tuple[SeedEvent, ...]
    seed_after: str
    staff_file: str = "-"
    sealed: bool = False

    def __post_init__(self) -> None:
        require_algorithm(self.alg)
        check("plan", "draw", self.draw, grammar.DRAW)
        check("plan", "roster_root", self.roster_root, grammar.HEX)
        check("plan", "roster_file", self.roster_file, grammar.HEX)
        check("plan", "staff_file", self.staff_file, grammar.HEX_OR_DASH)
        check("plan", "seed_after", self.seed_after, grammar.UTC)
        self._check_lists()

    def _check_lists(self) -> None:
        names = [item.name for item in self.items]
        cells = [(quota.item, quota.stratum) for quota in self.quotas]
        for key, values in (("item", names), ("quota", cells), ("seed", list(self.seeds))):
            if not values or len(set(values)) != len(values):
                raise RecordMalformed(kind="plan", key=key, value=str(values))
        foreign = [
            quota.text() for quota in self.quotas if quota.item not in names or quota.n > self.roster_n
        ]
        shown = [quota.text() for quota in self.quotas if self.sealed and quota.ppm is not None]
        if foreign or shown:
            raise RecordMalformed(kind="plan", key="quota", value=[*foreign, *shown][0])

    @property
    def purposes(self) -> tuple[str, ...]:
        """The distinct purposes, in the order of the items."""
        return tuple(dict.fromkeys(item.purpose for item in self.items))

    def keys(self, seed_hash: str) -> dict[str, str]:
        """Return K per purpose once S = `seed_hash` is known."""
        return {purpose: draw_key(self.alg, purpose, seed_hash) for purpose in self.purposes}

    def text(self) -> str:
        """The plan record."""
        lines = [
            "ssj/1/plan",
            f"alg={self.alg}",
            *(["form=sealed"] if self.sealed else []),
            f"draw={self.draw}",
        ]
        lines += [f"item={item.name}|{item.purpose}" for item in self.items]
        lines += [f"roster_n={self.roster_n}", f"roster_root={self.roster_root}"]
        lines += [f"roster_file={self.roster_file}", *(f"quota={quota.text()}" for quota in self.quotas)]
        lines += [f"staff_file={self.staff_file}", *(f"seed={seed.text()}" for seed in self.seeds)]
        return "\n".join([*lines, f"seed_after={self.seed_after}"]) + "\n"


@dataclass(frozen=True, slots=True)
class SeedRecord(Record):
    """The seed (随机种子): `values` are (event, canonical value) in the plan's order."""

    plan: str
    values: tuple[tuple[SeedEvent, str], ...]

    def __post_init__(self) -> None:
        check("seed", "plan", self.plan, grammar.HEX)
        for seed, value in self.values:
            check_value(seed.source, seed.event, value)

    def text(self) -> str:
        """The seed record."""
        lines = [f"{seed.text()}={value}" for seed, value in self.values]
        return "\n".join(["ssj/1/seed", f"plan={self.plan}", *lines]) + "\n"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One drawn line of the result; the cutoff is None where k is 0."""

    item: str
    stratum: str
    k: int
    cutoff: tuple[int, str] | None
    list_hash: str

    def __post_init__(self) -> None:
        check("result", "drawn", self.text(), grammar.OUTCOME)
        if (self.k == 0) != (self.cutoff is None):
            raise RecordMalformed(kind="result", key="drawn", value=self.text())

    def text(self) -> str:
        """The value of the result's drawn line."""
        tier, ticket = self.cutoff or ("-", "-")
        return f"{self.item}|{self.stratum}|{self.k}|{tier}|{ticket}|{self.list_hash}"


@dataclass(frozen=True, slots=True)
class Result(Record):
    """The drawn lists' hashes and cutoffs (抽取结果); `keys` are (purpose, K)."""

    plan: str
    seed: str
    keys: tuple[tuple[str, str], ...]
    drawn: tuple[Outcome, ...]

    def __post_init__(self) -> None:
        check("result", "plan", self.plan, grammar.HEX)
        check("result", "seed", self.seed, grammar.HEX)
        for purpose, key in self.keys:
            check("result", "key", f"{purpose}|{key}", grammar.UNIT_KEY)

    def text(self) -> str:
        """The result record."""
        lines = ["ssj/1/result", f"plan={self.plan}", f"seed={self.seed}"]
        lines += [f"key={purpose}|{key}" for purpose, key in self.keys]
        return "\n".join([*lines, *(f"drawn={outcome.text()}" for outcome in self.drawn)]) + "\n"


@dataclass(frozen=True, slots=True)
class Assign(Record):
    """The inspector match (匹配): `purpose` is pair, pair/1 …; `rows` is the hash of assign.tsv."""

    plan: str
    seed: str
    purpose: str
    key: str
    staff_file: str
    elig_file: str
    demand_file: str
    cost: int
    rows: str

    def __post_init__(self) -> None:
        for name in ("plan", "seed", "staff_file", "elig_file", "demand_file", "rows"):
            check("assign", name, getattr(self, name), grammar.HEX)
        check("assign", "key", f"{self.purpose}|{self.key}", grammar.PAIR_KEY)
        check("assign", "cost", str(self.cost), grammar.NUMBER)

    def text(self) -> str:
        """The assign record."""
        values = (
            ("plan", self.plan), ("seed", self.seed), ("key", f"{self.purpose}|{self.key}"),
            ("staff_file", self.staff_file), ("elig_file", self.elig_file),
            ("demand_file", self.demand_file), ("cost", self.cost), ("rows", self.rows),
        )  # fmt: skip
        return "".join(["ssj/1/assign\n", *(f"{key}={value}\n" for key, value in values)])


@dataclass(frozen=True, slots=True)
class Swap:
    """One replacement. `place` is `item|stratum` for a firm, the target's ID for an inspector.

    `into` is None where no reserve is left.
    """

    place: str
    out: str
    into: str | None

    def text(self) -> str:
        """`place|out|into`."""
        return f"{self.place}|{self.out}|{self.into or '-'}"


@dataclass(frozen=True, slots=True)
class Substitute(Record):
    """A logged substitution: firms that ceased (`targets`) or inspectors who cannot come (`staff`).

    `evidence` is the SHA-256 of the evidence kept on file.
    """

    plan: str
    evidence: str
    targets: tuple[Swap, ...] = ()
    staff: tuple[Swap, ...] = ()

    def __post_init__(self) -> None:
        check("substitute", "plan", self.plan, grammar.HEX)
        check("substitute", "evidence", self.evidence, grammar.HEX)
        for swap in self.targets:
            check("substitute", "target", swap.text(), grammar.TARGET_SWAP)
        for swap in self.staff:
            check("substitute", "staff", swap.text(), grammar.STAFF_SWAP)
        if not self.targets and not self.staff:
            raise RecordMalformed(kind="substitute", key="target", value="")

    def text(self) -> str:
        """The substitute record."""
        lines = [f"target={swap.text()}" for swap in self.targets]
        lines += [f"staff={swap.text()}" for swap in self.staff]
        return (
            "\n".join(["ssj/1/substitute", f"plan={self.plan}", f"evidence={self.evidence}", *lines]) + "\n"
        )


@dataclass(frozen=True, slots=True)
class Void(Record):
    """A draw declared void (作废) with its reason, one line of free text."""

    plan: str
    reason: str

    def __post_init__(self) -> None:
        check("void", "plan", self.plan, grammar.HEX)
        check("void", "reason", self.reason, grammar.FREE_TEXT)

    def text(self) -> str:
        """The void record."""
        return f"ssj/1/void\nplan={self.plan}\nreason={self.reason}\n"


def seed_for(plan: Plan, values: dict[tuple[str, str], str]) -> SeedRecord:
    """Answer the plan's seed lines, all and only those; values keyed by (source, event).

    Raises `record_malformed` when an event is missing or foreign, `seed_value_invalid`.
    """
    wanted = [(seed.source, seed.event) for seed in plan.seeds]
    if set(values) != set(wanted):
        raise RecordMalformed(kind="seed", key="seed", value=str(sorted(set(values) ^ set(wanted))))
    answers = tuple((seed, values[seed.source, seed.event]) for seed in plan.seeds)
    return SeedRecord(plan.digest(plan.alg), answers)


def parse_plan(text: str) -> Plan:
    """Read plan.txt; raises `record_malformed` and what its fields raise."""
    lines = Lines("plan", text)
    alg, sealed = lines.one("alg"), lines.optional("form") is not None
    plan = Plan(
        alg=alg, sealed=sealed, draw=lines.one("draw"),
        items=tuple(Item(*lines.split(value, 2)) for value in lines.many("item")),
        roster_n=lines.number(lines.one("roster_n")),
        roster_root=lines.one("roster_root"), roster_file=lines.one("roster_file"),
        quotas=tuple(_parse_quota(lines, value) for value in lines.many("quota")),
        staff_file=lines.one("staff_file"),
        seeds=tuple(SeedEvent(*lines.split(value, 2, ":")) for value in lines.many("seed")),
        seed_after=lines.one("seed_after"),
    )  # fmt: skip
    return lines.same(plan)


def _parse_quota(lines: Lines, value: str) -> QuotaLine:
    item, stratum, n, ppm, k, reserve = lines.split(value, 6)
    ratio = None if ppm == "-" else lines.number(ppm)
    return QuotaLine(item, stratum, lines.number(n), ratio, lines.number(k), lines.number(reserve))


def parse_seed(text: str) -> SeedRecord:
    """Read seed.txt; raises `record_malformed` and what its fields raise."""
    lines = Lines("seed", text)
    plan, values = lines.one("plan"), []
    for line in lines.rest():
        named, value = lines.split(line, 2, "=")
        values.append((SeedEvent(*lines.split(named, 2, ":")), value))
    return lines.same(SeedRecord(plan, tuple(values)))


def parse_result(text: str) -> Result:
    """Read result.txt; raises `record_malformed`."""
    lines = Lines("result", text)
    plan, seed = lines.one("plan"), lines.one("seed")
    keys = tuple((purpose, key) for purpose, key in (lines.split(value, 2) for value in lines.many("key")))
    drawn = tuple(_parse_outcome(lines, value) for value in lines.many("drawn"))
    return lines.same(Result(plan, seed, keys, drawn))


def _parse_outcome(lines: Lines, value: str) -> Outcome:
    item, stratum, k, tier, ticket, list_hash = lines.split(value, 6)
    cutoff = None if tier == "-" else (lines.number(tier), ticket)
    return Outcome(item, stratum, lines.number(k), cutoff, list_hash)


def parse_assign(text: str) -> Assign:
    """Read assign.txt; raises `record_malformed`."""
    lines = Lines("assign", text)
    plan, seed = lines.one("plan"), lines.one("seed")
    purpose, key = lines.split(lines.one("key"), 2)
    staff, elig, demand = lines.one("staff_file"), lines.one("elig_file"), lines.one("demand_file")
    cost = lines.number(lines.one("cost"))
    return lines.same(Assign(plan, seed, purpose, key, staff, elig, demand, cost, lines.one("rows")))


def parse_substitute(text: str) -> Substitute:
    """Read a substitute record; raises `record_malformed`."""
    lines = Lines("substitute", text)
    plan, evidence = lines.one("plan"), lines.one("evidence")
    targets = tuple(_parse_swap(value) for value in lines.many("target"))
    return lines.same(Substitute(plan, evidence, targets, tuple(_parse_swap(v) for v in lines.many("staff"))))


def _parse_swap(value: str) -> Swap:
    place, _, into = value.rpartition("|")
    place, _, out = place.rpartition("|")
    return Swap(place, out, None if into == "-" else into)


def parse_void(text: str) -> Void:
    """Read a void record; raises `record_malformed`."""
    lines = Lines("void", text)
    return lines.same(Void(lines.one("plan"), lines.one("reason")))
