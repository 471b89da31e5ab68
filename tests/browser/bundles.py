"""Draws made by the domain alone, as the files of their published bundle."""

import hashlib

from app.domain.draw import log
from app.domain.draw.bundle import MANIFEST, Bundle, MatchFiles, manifest_text
from app.domain.draw.hashing import hex_digest
from app.domain.draw.record import Assign, Item, Plan, QuotaLine, Result, SeedEvent, seed_for
from app.domain.draw.roster import freeze_roster, salt_of, salted
from app.domain.draw.selection import select
from app.domain.draw.ticket import draw_key
from app.domain.matching import files
from app.domain.matching.instance import Demand, Instance, Staff
from app.domain.matching.solve import match_unique

SEEDS = {("dice-d10", "ceremony"): "31415926535897932384"}
SECRET = b"a secret of the test"
STRATA = ("M", "F", "H.1", "-x")


def rows_of(count, width=2):
    """Firms under `width` items in several strata, some not subject, some in the second tier."""
    return [(f"9122010{number:010d}X", "\t".join(cells(number, width))) for number in range(1, count + 1)]


def cells(number, width):
    for place in range(width):
        mixed = int(hashlib.sha256(f"{number}/{place}".encode()).hexdigest()[:8], 16)
        subject = place == 0 or mixed % 5
        yield STRATA[mixed % len(STRATA)] + ("~1" if mixed % 7 == 0 else "") if subject else "-"


class MadeDraw:
    """A draw over `rows` with about one firm in ten drawn, matched and logged."""

    def __init__(
        self, rows, *, alg="sha256", sealed=False, purposes=("unit", "unit/own"), staff=12, matched=True
    ):
        self.rows, self.alg, self.sealed = rows, alg, sealed
        self.items = tuple(Item(f"XC-{place:02d}", purpose) for place, purpose in enumerate(purposes, 1))
        self.people = [Staff(f"J{n:03d}", len(rows), n % 3 == 0, "SW") for n in range(1, staff + 1)]
        self.freeze()
        self.draw()
        self.match = self.make_match() if matched else None

    def freeze(self):
        pieces, leaves, width = [], [], len(self.items)
        roster = freeze_roster(self.rows, width, self.alg, pieces.append)
        public = roster
        if self.sealed:
            public = freeze_roster(self.rows, width, self.alg, leaves.append, salted(self.alg, SECRET))
        self.roster, self.leaves = b"".join(pieces), b"".join(leaves) or None
        self.staff = files.staff_rows(self.people)
        pools = sorted(
            (self.items[place].name, stratum, sum(n)) for (place, stratum), n in roster.pools.items()
        )
        self.plan = Plan(
            alg=self.alg, draw="SW-2026-0001-1", items=self.items, roster_n=roster.n, roster_root=public.root,
            roster_file=public.file_hash, quotas=tuple(self.quota(*pool) for pool in pools),
            seeds=tuple(SeedEvent(*seed) for seed in SEEDS), seed_after="2026-04-01T02:00:00Z",
            staff_file=hex_digest(self.alg, self.staff), sealed=self.sealed,
        )  # fmt: skip

    def quota(self, item, stratum, n):
        k = -(-n // 10)
        return QuotaLine(item, stratum, n, None if self.sealed else 100_000, k, min(k, n - k))

    def draw(self):
        self.seed = seed_for(self.plan, SEEDS)
        self.seed_hash = self.seed.digest(self.alg)
        self.keys = self.plan.keys(self.seed_hash)
        self.drawn = select(self.rows, self.plan, self.keys)
        outcomes = tuple(drawn.outcome(*place, self.alg) for place, drawn in self.drawn.items())
        self.result = Result(self.plan.digest(self.alg), self.seed_hash, tuple(self.keys.items()), outcomes)

    def make_match(self):
        targets = sorted({lot.identifier for drawn in self.drawn.values() for lot in drawn.drawn})
        rows = [(target, who.staff_no, who.may_lead) for target in targets for who in self.people]
        kept = [row for place, row in enumerate(rows) if row[2] or place % 4]
        instance = Instance.of(self.people, [Demand(target, "SW", 2, True) for target in targets], kept)
        key_of = lambda purpose: draw_key(self.alg, purpose, self.seed_hash)  # noqa: E731
        purpose, found = match_unique(instance, key_of, self.alg)
        made = {
            "eligible": files.eligible_file(instance), "demand": files.demand_file(instance),
            "teams": files.assign_file(found.visits), "prices": files.prices_file(instance, found.prices),
        }  # fmt: skip
        digest = {name: hex_digest(self.alg, content) for name, content in made.items()}
        assign = Assign(
            self.result.plan, self.seed_hash, purpose, key_of(purpose), hex_digest(self.alg, self.staff),
            digest["eligible"], digest["demand"], found.cost, digest["teams"],
        )  # fmt: skip
        return MatchFiles(assign=assign, staff=self.staff, **made)

    def log(self):
        records = [("plan", self.plan), ("seed", self.seed), ("result", self.result)]
        records += [("assign", self.match.assign)] if self.match else []
        stranger = log.append(None, "plan", "ssj/1/plan\nalg=sm3\n", "2026-03-01T00:00:00Z", "sm3")
        entries = [
            log.LogEntry(
                stranger.n, stranger.prev, "plan", stranger.record_hash, stranger.utc, stranger.hash, "sm3"
            )
        ]
        for hour, (kind, record) in enumerate(records, 1):
            entries.append(
                log.append(entries[-1], kind, record.text(), f"2026-04-01T0{hour}:00:00Z", self.alg)
            )
        return entries

    def files(self):
        """The public bundle, name to bytes, the manifest included."""
        bundle = Bundle(
            plan=self.plan, seed=self.seed, result=self.result, drawn=self.drawn, log=self.log(),
            roster=None if self.sealed else self.roster, leaves=self.leaves, match=self.match,
        )  # fmt: skip
        return with_manifest(bundle.files())

    def salt(self, identifier):
        return salt_of(SECRET, identifier)


def with_manifest(files):
    """The files with a manifest that fits them, as a forger would make it too."""
    kept = {name: content for name, content in files.items() if name != MANIFEST}
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in kept.items()}
    return kept | {MANIFEST: manifest_text(hashes).encode()}
