"""The browser accepts an honest bundle and names the first thing that was changed in any other."""

import json
import random
import re

import pytest

from tests.browser.bundles import MadeDraw, rows_of, with_manifest
from tests.browser.shelf import Shelf, ask_worker

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def shelf():
    made = Shelf()
    yield made
    made.close()


@pytest.fixture(scope="module")
def open_files():
    return MadeDraw(rows_of(300)).files()


@pytest.fixture(scope="module")
def sealed_files():
    return MadeDraw(rows_of(300), sealed=True).files()


@pytest.fixture(scope="module")
def check(chromium, shelf):
    page = chromium.new_page()
    page.goto(f"{shelf.address}/")

    def run(files):
        shelf.files = files
        return ask_worker(page)

    yield run
    page.close()


@pytest.mark.parametrize("alg", ["sha256", "sm3"])
@pytest.mark.parametrize("sealed", [False, True])
def test_an_untouched_bundle_is_accepted(check, alg, sealed):
    made = MadeDraw(rows_of(400), alg=alg, sealed=sealed)
    answer = check(made.files())
    assert answer.get("failed") is None
    drawn = {lot.identifier for lots in made.drawn.values() for lot in lots.drawn}
    assert (answer["done"]["rows"], answer["done"]["tickets"]) == (400, len(drawn))
    assert answer["steps"][-2:] == ["sealed" if sealed else "draw", "match"]


def test_a_bundle_without_match_is_accepted_and_says_so(check):
    assert check(MadeDraw(rows_of(100), matched=False).files())["steps"][-1] == "no_match"


@pytest.mark.parametrize("count", [1, 2, 9])
def test_a_small_roster_is_accepted(check, count):
    assert check(MadeDraw(rows_of(count)).files())["done"]["rows"] == count


@pytest.mark.parametrize("kind", ["open", "sealed"])
def test_a_changed_byte_in_any_file_is_found(check, kind, open_files, sealed_files):
    files, source = (open_files if kind == "open" else sealed_files), random.Random(7)
    for name in files:
        for place in {0, len(files[name]) // 2, len(files[name]) - 1, source.randrange(len(files[name]))}:
            changed = bytearray(files[name])
            changed[place] ^= 1
            answer = check(files | {name: bytes(changed)})
            assert "failed" in answer, (name, place)


def altered(files, name, change):
    """The files with one changed and the manifest made to fit, as a forger would."""
    return with_manifest(files | {name: change(files[name])})


def swap_first_lines(content):
    first, second, *rest = content.split(b"\n")
    return b"\n".join([second, first, *rest])


def without_first_line(content):
    return content.partition(b"\n")[2]


def without_last_line(content):
    return content[: content[:-1].rindex(b"\n") + 1]


def other_digit(content):
    return re.sub(rb"\d(?=\n)", lambda found: b"1" if found[0] != b"1" else b"2", content, count=1)


PROTOCOL_FILES = ["plan.txt", "seed.txt", "result.txt", "log.jsonl", "assign.txt", "staff.tsv", "eligible.tsv",
                  "demand.tsv", "assign.tsv"]  # fmt: skip


@pytest.mark.parametrize("name", ["roster.tsv", *PROTOCOL_FILES])
@pytest.mark.parametrize("change", [swap_first_lines, without_first_line, without_last_line])
def test_a_forger_who_mends_the_manifest_is_found(check, open_files, name, change):
    answer = check(altered(open_files, name, change))
    assert "failed" in answer


@pytest.mark.parametrize("name", ["leaves.tsv", "drawn.txt", *PROTOCOL_FILES])
@pytest.mark.parametrize("change", [swap_first_lines, without_first_line, without_last_line])
def test_r29_a_forger_of_a_sealed_bundle_is_found(check, sealed_files, name, change):
    assert "failed" in check(altered(sealed_files, name, change))


def test_a_changed_list_is_named_with_its_line(check, open_files):
    name = next(
        name for name in open_files if name.startswith("drawn/") and open_files[name].count(b"\n") > 1
    )
    failed = check(altered(open_files, name, swap_first_lines))["failed"]
    assert (failed["code"], failed["params"]["file"], failed["params"]["line"]) == ("line", name, 1)


def test_another_seed_value_is_found(check, open_files):
    failed = check(altered(open_files, "seed.txt", other_digit))["failed"]
    assert failed == {"code": "log_record", "params": {"file": "seed.txt"}}


def test_a_dearer_team_is_found_from_the_prices(check):
    made = MadeDraw(rows_of(60))
    prices = json.loads(made.match.prices)
    prices["z"] = {name: price + 1 for name, price in prices["z"].items()}
    text = json.dumps(prices, sort_keys=True, separators=(",", ":")) + "\n"
    failed = check(with_manifest(made.files() | {"prices.json": text.encode()}))["failed"]
    assert failed["code"] in ("match_cheaper", "match_price")


def test_missing_and_additional_files_are_named(check, open_files):
    lost = {name: content for name, content in open_files.items() if name != "seed.txt"}
    assert check(with_manifest(lost))["failed"] == {"code": "file", "params": {"file": "seed.txt"}}
    assert check(with_manifest(open_files | {"x.txt": b"x\n"}))["failed"] == {
        "code": "file",
        "params": {"file": "x.txt"},
    }
    assert check(lost)["failed"] == {"code": "fetch", "params": {"file": "seed.txt"}}


def test_a_log_that_lost_an_entry_is_found(check, open_files):
    answer = check(altered(open_files, "log.jsonl", without_first_line))
    assert answer["failed"] == {"code": "log", "params": {"line": 1}}
