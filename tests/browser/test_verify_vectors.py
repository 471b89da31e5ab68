"""The browser's implementation against hashlib, the domain and the published vectors."""

import hashlib
import json
import random
from pathlib import Path

import pytest

from app.domain.draw.hashing import hex_digest
from app.domain.draw.merkle import Outline, outline_of, prove
from app.domain.draw.ticket import draw_key, pair_cost, ticket
from tests.browser.shelf import Shelf

pytestmark = pytest.mark.browser
VECTORS = Path(__file__).parents[3] / "shared" / "data" / "draw_vectors.json"


@pytest.fixture(scope="module")
def vectors():
    if not VECTORS.exists():
        pytest.skip("../shared/data/draw_vectors.json is not here")
    return json.loads(VECTORS.read_text())


@pytest.fixture(scope="module")
def scripts(chromium):
    shelf, page = Shelf(), chromium.new_page()
    page.goto(f"{shelf.address}/")
    yield page
    page.close()
    shelf.close()


HASH_ALL = "([alg, texts]) => texts.map(text => hexDigest(alg, fromHex(text)))"


@pytest.mark.parametrize("alg", ["sha256", "sm3"])
def test_every_length_around_the_block_edges_equals_hashlib(scripts, alg):
    source = random.Random(1)
    texts = [source.randbytes(length) for length in [*range(0, 200), 4095, 4096, 65537]]
    found = scripts.evaluate(HASH_ALL, [alg, [text.hex() for text in texts]])
    assert found == [hashlib.new(alg, text).hexdigest() for text in texts]


@pytest.mark.parametrize("alg", ["sha256", "sm3"])
def test_a_message_in_pieces_hashes_like_the_whole(scripts, alg):
    source = random.Random(2)
    whole = source.randbytes(1000)
    cuts = [sorted(source.sample(range(1001), 4)) for _ in range(100)]
    in_pieces = """([alg, hex, cuts]) => cuts.map(ends => {
      const hash = newHash(alg), bytes = fromHex(hex);
      let from = 0;
      for (const to of [...ends, bytes.length]) { hash.update(bytes, from, to); from = to; }
      return toHex(hash.digest());
    })"""
    assert set(scripts.evaluate(in_pieces, [alg, whole.hex(), cuts])) == {hashlib.new(alg, whole).hexdigest()}


def test_keys_tickets_and_costs_equal_the_domain(scripts):
    for alg in ("sha256", "sm3"):
        key = draw_key(alg, "unit/X", "ab" * 32)
        assert scripts.evaluate("a => drawKey(...a)", [alg, "unit/X", "ab" * 32]) == key
        assert scripts.evaluate("a => ticketOf(...a)", [alg, key, "9122-X"]) == ticket(alg, key, "9122-X")
        cost = scripts.evaluate("([a, t]) => parseInt(hexDigest(a, t).slice(0, 8), 16)", [alg, f"{key}:T/J1"])
        assert cost == pair_cost(alg, key, "T", "J1")


ROOT = """([alg, rows]) => {
  const tree = new Tree(alg);
  for (const row of rows) { const bytes = ENCODER.encode(row); tree.add(bytes, 0, bytes.length); }
  return tree.root();
}"""


@pytest.mark.parametrize("alg", ["sha256", "sm3"])
@pytest.mark.parametrize("size", [0, 1, 2, 3, 5, 8, 33, 1025])
def test_roots_equal_the_domain(scripts, alg, size):
    rows = [f"{number:05d}\tM" for number in range(size)]
    assert scripts.evaluate(ROOT, [alg, rows]) == outline_of([row.encode() for row in rows], alg).root


@pytest.mark.parametrize("size", [1, 2, 7, 64, 100])
def test_proofs_of_the_domain_hold_and_altered_ones_do_not(scripts, size):
    rows = [f"{number:05d}\tM" for number in range(size)]
    outline: Outline = outline_of([row.encode() for row in rows], "sha256")
    for index in range(size):
        proof = prove(outline, index, [row.encode() for row in rows])
        given = {"row": proof.row, "index": index, "path": list(proof.path)}
        others = [
            given | {"index": index + 1},
            given | {"row": "x\tM"},
            given | {"path": [*proof.path, f"L{'0' * 64}"]},
        ]
        check = "([proofs, size, root]) => proofs.map(proof => isIncluded('sha256', proof, size, root))"
        assert scripts.evaluate(check, [[given, *others], size, outline.root]) == [True, False, False, False]


@pytest.mark.real_input
def test_the_published_vectors(scripts, vectors):
    ask = scripts.evaluate
    roster, plan, seed = vectors["02_roster"], vectors["07_plan"], vectors["08_seed"]
    assert ask("t => hexDigest('sha256', t)", roster["file"]) == roster["file_hash"]
    rows = roster["file"].splitlines()
    assert ask(ROOT, ["sha256", rows]) == roster["root"]
    assert ask(ROOT, ["sm3", rows]) == roster["root_sm3"]
    assert ask("t => readPlan(t).hash", plan["text"]) == plan["hash"]
    assert ask("([p, s]) => checkSeed(readPlan(p), s)", [plan["text"], seed["text"]]) >= 256
    keys = {
        name: ask("a => drawKey('sha256', ...a)", [name, seed["hash"]]) for name in ("unit", "pair", "unit/B")
    }
    assert keys == {name: vectors["09_keys"][name] for name in keys}
    for identifier, expected in vectors["10_tickets"].items():
        assert ask("a => ticketOf('sha256', ...a)", [keys["unit"], identifier]) == expected
    for identifier, expected in vectors["11_tickets_sm3"].items():
        assert ask("a => ticketOf('sm3', ...a)", [keys["unit"], identifier]) == expected
    assert hex_digest("sha256", vectors["18_result"]["text"].encode()) == vectors["18_result"]["hash"]


@pytest.mark.real_input
def test_the_drawing_of_the_vectors(scripts, vectors):
    draw = """([plan, seed, roster]) => {
      const read = readPlan(plan), seedHash = hexDigest('sha256', seed);
      const keys = Object.fromEntries(read.purposes.map(p => [p, drawKey('sha256', p, seedHash)]));
      const made = new Draw(read, keys);
      made.reader.push(ENCODER.encode(roster));
      const ids = lots => lots.map(lot => lot.id);
      return made.finish().map(({quota, drawn, reserve}) => {
        const last = drawn[drawn.length - 1];
        return [place(quota), ids(drawn), ids(reserve), [last.tier, last.ticket]];
      });
    }"""
    texts = [vectors["07_plan"]["text"], vectors["08_seed"]["text"], vectors["02_roster"]["file"]]
    assert {name: rest for name, *rest in scripts.evaluate(draw, texts)} == vectors["12_draw"]
