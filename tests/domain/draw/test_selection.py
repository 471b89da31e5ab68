"""The draw against its definition: sort by (tier, ticket, identifier), take k."""

import hashlib
import io
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.draw import record, roster, selection
from app.domain.draw.ticket import ticket

KEY = "0123456789abcdef0123456789abcdef"
OTHER = "fedcba9876543210fedcba9876543210"


def make_plan(rows, k=3, reserve=2, purposes=("unit", "unit/B"), alg="sha256"):
    """A plan by hand: these tests are about the rows, not about the records."""
    names = "AB"[: len(purposes)]
    tails = Counter(cells for _, cells in rows)
    pools = roster.count_pools(tails)
    quotas = tuple(
        record.QuotaLine(names[place], stratum, sum(tiers), None, min(k, sum(tiers)), reserve)
        for (place, stratum), tiers in sorted(pools.items())
    )
    items = tuple(record.Item(name, purpose) for name, purpose in zip(names, purposes, strict=True))
    events = (record.SeedEvent("drand-quicknet", "1"),)
    return record.Plan(alg, "T", items, len(rows), "0" * 64, "0" * 64, quotas, events, "2026-03-18T13:15:00Z")


def keys_of(plan):
    return {purpose: KEY if purpose == "unit" else OTHER for purpose in plan.purposes}


def by_definition(rows, plan):
    keys, drawn = keys_of(plan), {}
    for quota in plan.quotas:
        place = [item.name for item in plan.items].index(quota.item)
        lots = []
        for identifier, cells in rows:
            cell = roster.parse_cells(cells)[place]
            if cell is not None and cell.stratum == quota.stratum:
                lots.append(
                    (cell.tier, ticket(plan.alg, keys[plan.items[place].purpose], identifier), identifier)
                )
        names = [identifier for *_, identifier in sorted(lots)]
        drawn[quota.item, quota.stratum] = (names[: quota.k], names[quota.k : quota.k + quota.reserve])
    return drawn


def names(drawn):
    return {
        place: ([lot.identifier for lot in found.drawn], [lot.identifier for lot in found.reserve])
        for place, found in drawn.items()
    }


CELLS = st.sampled_from(["M", "M~1", "M~2", "L", "L~1", "H", "-"])
ROWS = st.dictionaries(
    st.text("0123456789ABX-", min_size=1, max_size=8), st.tuples(CELLS, CELLS), min_size=1, max_size=60
).map(
    lambda found: (
        [(identifier, "\t".join(cells)) for identifier, cells in sorted(found.items()) if cells != ("-", "-")]
        or [("A", "M\tL")]
    )
)


@given(ROWS, st.integers(0, 9), st.integers(0, 4), st.sampled_from(["sha256", "sm3"]))
def test_the_draw_is_its_definition(rows, k, reserve, alg):
    plan = make_plan(rows, k, reserve, alg=alg)
    assert names(selection.select(rows, plan, keys_of(plan))) == by_definition(rows, plan)


@given(ROWS, st.integers(0, 9))
def test_exactly_k_a_stratum_without_repeats(rows, k):
    plan = make_plan(rows, k)
    for quota in plan.quotas:
        found = selection.select(rows, plan, keys_of(plan))[quota.item, quota.stratum]
        everyone = [lot.identifier for lot in (*found.drawn, *found.reserve)]
        assert len(found.drawn) == quota.k
        assert len(found.reserve) == min(quota.reserve, quota.n - quota.k)
        assert len(set(everyone)) == len(everyone)


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(rows, shuffler):
    plan = make_plan(rows)
    mixed = rows[:]
    shuffler.shuffle(mixed)
    assert selection.select(mixed, plan, keys_of(plan)) == selection.select(rows, plan, keys_of(plan))


@given(ROWS, st.integers(1, 5))
def test_merging_shards_equals_the_whole(rows, number):
    plan = make_plan(rows)
    shards = [selection.select_shard(rows[start::number], plan, keys_of(plan)) for start in range(number)]
    assert selection.merge(shards, plan) == selection.select(rows, plan, keys_of(plan))


@given(ROWS, st.integers(0, 5), st.integers(0, 5))
def test_enlarging_k_only_appends(rows, k, more):
    small, large = make_plan(rows, k), make_plan(rows, k + more)
    fewer, many = selection.select(rows, small, keys_of(small)), selection.select(rows, large, keys_of(large))
    for place, found in fewer.items():
        assert many[place].drawn[: len(found.drawn)] == found.drawn


@given(ROWS)
def test_items_of_one_purpose_share_their_tickets(rows):
    plan = make_plan(rows, k=60, purposes=("unit", "unit"))
    tickets = {}
    for found in selection.select(rows, plan, keys_of(plan)).values():
        for lot in found.drawn:
            assert tickets.setdefault(lot.identifier, lot.ticket) == lot.ticket


BIG = [
    (f"B{number:05d}", f"{'HML'[number % 3]}{'~1' if number % 10 < 6 else ''}\t-") for number in range(6000)
]
BIG_PLAN = make_plan(BIG, k=200, reserve=20)
BIG_DRAW = by_definition(BIG, BIG_PLAN)


def test_a_one_shot_iterator_gives_the_same():
    assert names(selection.select(iter(BIG), BIG_PLAN, keys_of(BIG_PLAN))) == BIG_DRAW


def test_tier_counts_only_make_it_quicker():
    pools = roster.count_pools(Counter(cells for _, cells in BIG))
    wrong = {place: tuple(reversed(tiers)) for place, tiers in pools.items()}
    for known in (None, pools, wrong, {}):
        assert names(selection.select(BIG, BIG_PLAN, keys_of(BIG_PLAN), known)) == BIG_DRAW


@pytest.mark.parametrize("bound", [b"", b"\x00\x01", b"\x08", selection.EVERYTHING])
def test_the_outcome_never_depends_on_the_pre_filter(bound, monkeypatch):
    monkeypatch.setattr(selection, "_bound", lambda wanted, number: bound)
    assert names(selection.select(BIG, BIG_PLAN, keys_of(BIG_PLAN))) == BIG_DRAW


def test_the_pre_filter_drops_most_rows(monkeypatch):
    kept = []
    monkeypatch.setattr(selection._Sieve, "_keep", lambda self, place, lot: kept.append(lot))
    rows = [(identifier, "M\t-") for identifier, _ in BIG]
    plan = make_plan(rows, k=60, reserve=0)
    selection._Sieve(plan, keys_of(plan), {("A", "M"): (selection._bound(60, 6000),) * 10}).read(rows)
    assert 60 <= len(kept) < 300


def test_memory_stays_lean_without_a_filter():
    sieve = selection._Sieve(
        BIG_PLAN, keys_of(BIG_PLAN), {("A", s): (selection.EVERYTHING,) * 10 for s in "HML"}
    )
    sieve.read((f"C{number:06d}", "M\t-") for number in range(30_000))
    assert max(len(kept) for kept in sieve._kept.values()) <= 2 * 220 + 4097


@pytest.mark.parametrize(
    "change", [lambda r: r[:-1], lambda r: [*r, ("Z", "M\t-")], lambda r: [*r, ("Z", "X\t-")], lambda r: []]
)
def test_another_roster_than_the_plans_is_refused(change):
    with pytest.raises(selection.RosterMismatch):
        selection.select(change(BIG), BIG_PLAN, keys_of(BIG_PLAN))


FIRMS = [(f"U{number:02d}", "M") for number in range(40)]
SEEDS = [hashlib.sha256(f"uniformity {number}".encode()).hexdigest()[:32] for number in range(2000)]
# Chi-square with 39 degrees of freedom exceeds this with probability 0.001.
CRITICAL = 72.1


@pytest.fixture(scope="module")
def two_thousand_draws():
    plan = make_plan(FIRMS, k=10, reserve=0, purposes=("unit",))
    return [selection.select(FIRMS, plan, {"unit": key})["A", "M"].drawn for key in SEEDS]


def test_every_firm_is_drawn_equally_often(two_thousand_draws):
    """Significance 0.001 over 2,000 fixed seeds; drawing without replacement, 10 of 40."""
    counts = Counter(lot.identifier for drawn in two_thousand_draws for lot in drawn)
    expected, spread = len(SEEDS) * 10 / 40, len(SEEDS) * (10 / 40) * (30 / 40)
    statistic = sum((counts[name] - expected) ** 2 for name, _ in FIRMS) / spread * 39 / 40
    assert statistic < CRITICAL


def test_every_firm_is_first_equally_often(two_thousand_draws):
    """Significance 0.001 over 2,000 fixed seeds."""
    counts = Counter(drawn[0].identifier for drawn in two_thousand_draws)
    expected = len(SEEDS) / 40
    assert sum((counts[name] - expected) ** 2 / expected for name, _ in FIRMS) < CRITICAL


@settings(max_examples=25)
@given(st.integers(0, 39), st.text("0123456789abcdef", min_size=32, max_size=32))
def test_who_was_visited_comes_last(place, key):
    rows = [(name, "M~1" if number == place else "M") for number, (name, _) in enumerate(FIRMS)]
    plan = make_plan(rows, k=40, reserve=0, purposes=("unit",))
    assert selection.select(rows, plan, {"unit": key})["A", "M"].drawn[-1].identifier == FIRMS[place][0]


def test_a_stored_roster_is_drawn_from_as_it_stands():
    text = "".join(f"{roster.row_text(row)}\n" for row in BIG)
    stored = roster.RosterFile(lambda: io.StringIO(text))
    assert names(selection.select(stored, BIG_PLAN, keys_of(BIG_PLAN))) == BIG_DRAW
