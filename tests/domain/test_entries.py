"""What entries of a form add up to (R49-R51): nothing typed is ever out of sight."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.entries import (
    Entry,
    EntryUnknown,
    fields_of,
    finding_of,
    form_digest,
    require_field,
    settle,
)
from app.domain.findings import CheckedOutsidePeriod, Finding
from app.domain.vocabulary import CheckMethod, Disposal, PointOutcome, ResultCode

POINTS = (4, 7)
FIRST = date(2026, 4, 1)


@pytest.mark.parametrize("same_author", [True, False])
@pytest.mark.parametrize("same_value", [True, False])
@pytest.mark.parametrize("was_seen", [True, False])
def test_r49_a_rival_is_anothers_other_value_that_was_not_seen(same_author, same_value, was_seen):
    earlier = Entry(5, author=1, value="甲")
    later = Entry(
        6, author=1 if same_author else 2, value="甲" if same_value else "乙", seen=5 if was_seen else 4
    )
    standing = settle([earlier, later])
    assert standing.newest is later
    assert standing.rivals == (() if same_author or same_value or was_seen else (earlier,))


def test_r49_a_choice_that_has_seen_everything_ends_the_dispute():
    entries = [Entry(1, 1, "甲"), Entry(2, 2, "乙"), Entry(3, 1, "甲", seen=2)]
    assert settle(entries[:2]).rivals == (entries[0],)
    assert settle(entries).rivals == ()


def test_only_the_newest_rival_of_an_author_is_shown():
    entries = [Entry(1, 1, "甲"), Entry(2, 1, "甲乙"), Entry(3, 2, "丙")]
    assert settle(entries).rivals == (entries[1],)


histories = st.lists(
    st.tuples(st.integers(1, 3), st.sampled_from("甲乙丙"), st.integers(0, 12)), min_size=1, max_size=12
)


@given(histories)
def test_r49_the_last_word_of_every_author_stands_is_shown_or_was_seen(history):
    entries = [
        Entry(n, author, value, min(seen, n - 1)) for n, (author, value, seen) in enumerate(history, 1)
    ]
    standing = settle(entries)
    newest = standing.newest
    shown = {newest.value, *(entry.value for entry in standing.rivals)}
    for author in {entry.author for entry in entries} - {newest.author}:
        last = max((entry for entry in entries if entry.author == author), key=lambda entry: entry.number)
        assert last.value in shown or last.number <= newest.seen


@pytest.mark.parametrize(
    "name", ["result", "method", "disposal", "problem", "checked_on", "point-4", "note-7"]
)
def test_r51_the_form_has_these_fields(name):
    require_field(name, "ok", POINTS)


@pytest.mark.parametrize("name", ["", "point-5", "note-", "point-04", "state", "point-4x", "recorded_by"])
def test_r51_the_form_has_no_other_field(name):
    with pytest.raises(EntryUnknown):
        require_field(name, "ok", POINTS)


@pytest.mark.parametrize(("name", "longest"), [("problem", 2000), ("note-4", 300), ("point-4", 5)])
def test_a_value_fits_its_field(name, longest):
    require_field(name, "x" * longest, POINTS)
    with pytest.raises(EntryUnknown):
        require_field(name, "x" * (longest + 1), POINTS)


outcomes = st.tuples(st.sampled_from(PointOutcome), st.text("台账缺月 ", max_size=6).map(str.strip))
found = st.builds(
    Finding,
    results=st.frozensets(st.sampled_from(ResultCode), max_size=3),
    methods=st.frozensets(st.sampled_from(CheckMethod)),
    disposals=st.frozensets(st.sampled_from(Disposal)),
    checked_on=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    problem=st.text("问题 ", max_size=6),
    points=st.dictionaries(st.sampled_from(POINTS), outcomes),
    violation_on=st.none() | st.dates(date(2025, 1, 1), date(2026, 1, 1)),
)


@given(found)
def test_a_finding_survives_the_form(finding):
    fields = fields_of(finding)
    assert fields_of(finding_of(fields, POINTS, FIRST)) == fields


@pytest.mark.parametrize("day", ["", "昨天", "2026-13-01"])
def test_a_form_without_a_day_is_no_finding(day):
    with pytest.raises(CheckedOutsidePeriod):
        finding_of({"result": "1", "checked_on": day}, POINTS, FIRST)


def test_r46_equal_forms_have_equal_digests_and_others_have_not():
    form = {3: {"result": "A,2", "note-4": " 缺 "}, 2: {"result": "1"}}
    same = {2: {"result": "1", "problem": ""}, 3: {"note-4": "缺", "result": "2,A"}}
    assert form_digest(form) == form_digest(same)
    for other in ({2: {"result": "1"}}, {3: {"result": "2,A", "note-4": "缺失"}, 2: {"result": "1"}}):
        assert form_digest(form) != form_digest(other)
