"""The acceptance vectors of the protocol, read from beside the project where they are at hand."""

import pytest

from app.domain.draw import log, merkle, record, roster, seed, selection, ticket
from app.domain.draw.hashing import hex_digest
from app.domain.quota import by_ratio
from tests.domain.draw.builders import freeze, vectors

SALT = "00112233445566778899aabbccddeeff"
UTC = ("2026-03-18T13:10:00Z", "2026-03-18T13:20:00Z", "2026-03-18T13:30:00Z")


@pytest.fixture(scope="module")
def vector():
    return vectors()


@pytest.fixture(scope="module")
def rows(vector):
    return list(roster.parse_roster(vector["02_roster"]["file"].encode().splitlines(keepends=True), 2))


@pytest.fixture(scope="module")
def plan(vector):
    return record.parse_plan(vector["07_plan"]["text"])


@pytest.fixture(scope="module")
def drawn(vector, rows, plan):
    return selection.select(rows, plan, {"unit": vector["09_keys"]["unit"]})


def test_vector_01_hash(vector):
    assert hex_digest("sha256", b"abc") == vector["01_hash"]["sha256(abc)"]
    assert hex_digest("sm3", b"abc") == vector["01_hash"]["sm3(abc)"]


def test_vector_02_roster(vector, rows):
    frozen, content = freeze(rows)
    assert content.decode() == vector["02_roster"]["file"]
    assert frozen.file_hash == vector["02_roster"]["file_hash"]
    assert frozen.root == vector["02_roster"]["root"]
    assert freeze(rows, alg="sm3")[0].root == vector["02_roster"]["root_sm3"]


def test_vector_03_proof(vector, rows):
    frozen, content = freeze(rows)
    lines = content.splitlines()
    wanted = vector["03_proof"]
    last = merkle.prove(frozen.outline, 6, lines)
    assert last == merkle.Inclusion(wanted["row"], 6, tuple(wanted["path"]))
    assert merkle.prove(frozen.outline, 2, lines).path == tuple(wanted["path_row2"])
    assert merkle.is_included(last, 7, wanted["root"], "sha256")


def test_vector_04_salted_row(vector, rows):
    assert roster.salted_row("sha256", SALT, roster.row_text(rows[0])) == vector["04_salted_row"]


def test_vector_05_quota_ceiling(vector):
    assert [[n, ppm, by_ratio(n, ppm)] for n, ppm, _ in vector["05_quota_ceil"]] == vector["05_quota_ceil"]


def test_vector_06_numbers(vector):
    groups = [[9, 18, 26, 34, 41, 45], [5, 12, 33], [0, 7, 0]]
    assert [seed.number_form([group]) for group in groups] == vector["06_numbers"]


def test_vector_07_plan(vector, plan):
    assert plan.text() == vector["07_plan"]["text"]
    assert plan.digest("sha256") == vector["07_plan"]["hash"]


def test_vector_08_seed(vector, plan):
    parsed = record.parse_seed(vector["08_seed"]["text"])
    values = {(event.source, event.event): value for event, value in parsed.values}
    assert record.seed_for(plan, values).digest("sha256") == vector["08_seed"]["hash"]


def test_vector_09_keys(vector):
    for purpose in ("unit", "pair", "unit/B"):
        assert ticket.draw_key("sha256", purpose, vector["08_seed"]["hash"]) == vector["09_keys"][purpose]
    assert ticket.draw_key("sm3", "unit", vector["08_seed"]["hash"]) == vector["09_keys"]["unit_sm3"]


def test_vector_10_tickets(vector):
    found = {i: ticket.ticket("sha256", vector["09_keys"]["unit"], i) for i in vector["10_tickets"]}
    assert found == vector["10_tickets"]


def test_vector_11_tickets_sm3(vector):
    found = {i: ticket.ticket("sm3", vector["09_keys"]["unit"], i) for i in vector["11_tickets_sm3"]}
    assert found == vector["11_tickets_sm3"]


def test_vector_12_draw(vector, drawn):
    shown = {
        f"{item}|{stratum}": [
            [lot.identifier for lot in found.drawn],
            [lot.identifier for lot in found.reserve],
            list(found.cutoff),
        ]
        for (item, stratum), found in drawn.items()
    }
    assert shown == vector["12_draw"]


@pytest.fixture(scope="module")
def city():
    """The 100,000 rows of vectors 13 and 14."""
    return [(f"9135{number:014d}", "HML"[number % 3]) for number in range(100_000)]


@pytest.fixture(scope="module")
def city_plan(city):
    frozen, _ = freeze(city, width=1)
    counts = {stratum: tiers[0] for (_, stratum), tiers in frozen.pools.items()}
    quotas = tuple(record.QuotaLine("A", stratum, counts[stratum], None, 1000, 0) for stratum in "HLM")
    events = (record.SeedEvent("drand-quicknet", "1"),)
    return record.Plan(
        "sha256", "CITY", (record.Item("A"),), frozen.n, frozen.root, frozen.file_hash, quotas, events, UTC[0]
    )


def test_vector_13_draw_100k(vector, city, city_plan):
    wanted = vector["13_draw_100k"]
    found = selection.select(city, city_plan, {"unit": vector["09_keys"]["unit"]})["A", "M"]
    assert city_plan.roster_root == wanted["root"]
    assert len(found.drawn) == wanted["k"]
    assert [lot.identifier for lot in found.drawn[:3]] == wanted["first3"]
    assert list(found.cutoff) == wanted["cutoff"]
    assert found.outcome("A", "M", "sha256").list_hash == wanted["list_hash"]


def test_vector_14_shard_merge_equal(vector, city, city_plan):
    keys = {"unit": vector["09_keys"]["unit"]}
    shards = [selection.select_shard(city[start::4], city_plan, keys) for start in range(4)]
    equal = selection.merge(shards, city_plan) == selection.select(city, city_plan, keys)
    assert equal is vector["14_shard_merge_equal"]


def test_vector_15_pair_cost(vector):
    found = {
        pair: ticket.pair_cost("sha256", vector["09_keys"]["pair"], *pair.split("/"))
        for pair in vector["15_pair_cost"]
    }
    assert found == vector["15_pair_cost"]


def test_vector_18_result(vector, plan, drawn):
    outcomes = tuple(found.outcome(item, stratum, "sha256") for (item, stratum), found in drawn.items())
    keys = (("unit", vector["09_keys"]["unit"]),)
    result = record.Result(vector["07_plan"]["hash"], vector["08_seed"]["hash"], keys, outcomes)
    assert result.text() == vector["18_result"]["text"]
    assert result.digest("sha256") == vector["18_result"]["hash"]
    assert record.parse_result(result.text()) == result


def test_vector_19_log(vector, plan):
    last, found = None, []
    texts = (plan.text(), vector["08_seed"]["text"], vector["18_result"]["text"])
    for kind, text, utc in zip(("plan", "seed", "result"), texts, UTC, strict=True):
        last = log.append(last, kind, text, utc, "sha256")
        found.append(last.hash)
    assert found == vector["19_log"]
