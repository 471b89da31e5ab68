import dataclasses
import json

import pytest

from app.domain.draw import log
from app.domain.errors import DomainError

UTC = "2026-03-18T13:10:00Z"


def make_chain(number=5, alg="sha256"):
    entries = []
    for place in range(number):
        kind = log.KINDS[place % len(log.KINDS)]
        record = f"ssj/1/{kind}\nplace={place}\n"
        entries.append(log.append(entries[-1] if entries else None, kind, record, UTC, alg))
    return entries


def test_a_chain_holds():
    entries = make_chain()
    assert log.verify_chain(entries) == entries[-1]
    assert log.verify_chain(entries[2:], last=entries[1]) == entries[-1]
    assert log.verify_chain([]) is None


def test_draws_of_both_algorithms_share_one_log():
    first = make_chain(2)
    second = log.append(first[-1], "plan", "ssj/1/plan\n", UTC, "sm3")
    assert log.verify_chain([*first, second]) == second


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("n", 9), ("prev", "0" * 64), ("kind", "erase"), ("kind", "plan"), ("record_hash", "0" * 64), ("record_hash", "x"),
        ("utc", "2026-03-18T13:10:01Z"), ("utc", "yesterday"), ("hash", "0" * 64), ("record", "ssj/1/seed\n"),
    ],
)  # fmt: skip
def test_an_edited_entry_breaks_the_chain(field, value):
    entries = make_chain()
    entries[2] = dataclasses.replace(entries[2], **{field: value})
    with pytest.raises(log.LogBroken) as caught:
        log.verify_chain(entries)
    assert caught.value.params["n"] in (3, 9)


@pytest.mark.parametrize("cut", [lambda e: e[1:], lambda e: e[:2] + e[3:], lambda e: [e[1], e[0], *e[2:]]])
def test_a_removed_or_moved_entry_breaks_the_chain(cut):
    with pytest.raises(log.LogBroken):
        log.verify_chain(cut(make_chain()))


@pytest.mark.parametrize(
    ("kind", "record", "utc"),
    [
        ("erase", "ssj/1/erase\n", UTC),
        ("plan", "ssj/1/seed\n", UTC),
        ("plan", "ssj/1/plan\n", "2026-03-18T24:00:00Z"),
    ],
)
def test_only_records_of_the_protocol_are_logged(kind, record, utc):
    with pytest.raises(DomainError):
        log.append(None, kind, record, utc, "sha256")


def test_a_line_is_canonical_json():
    entry = make_chain(1)[0]
    line = log.json_line(entry)
    assert json.loads(line) == {
        "n": 1, "prev": "0" * 64, "kind": "plan", "record": "ssj/1/plan\nplace=0\n",
        "record_hash": entry.record_hash, "utc": UTC, "hash": entry.hash,
    }  # fmt: skip
    assert line == log.canonical_json(json.loads(line)) + "\n"
    assert "record" not in json.loads(log.json_line(dataclasses.replace(entry, record=None)))
