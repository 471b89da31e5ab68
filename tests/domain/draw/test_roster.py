import hashlib
import hmac
import io

import pytest

from app.domain.draw import roster
from tests.domain.draw.builders import SECRET, freeze, make_rows

IDENTIFIER = "91220100M00000001X"


@pytest.mark.parametrize("text", [IDENTIFIER, "A", "-", "0" * 22, f"{IDENTIFIER}-001"])
def test_identifiers_of_the_protocol_pass(text):
    assert roster.check_identifier(text) == text


@pytest.mark.parametrize(
    "text", ["", "a", "0" * 23, "91 22", "９１２２", "91220100M0000000_X", "A\n", "A\t", "Ａ", "é"]
)
def test_anything_else_is_rejected_not_repaired(text):
    with pytest.raises(roster.IdentifierInvalid):
        roster.check_identifier(text)


def test_a_credit_code_is_upper_cased_and_stripped_of_ascii_spaces():
    assert roster.clean_identifier(" 91220100m00000001x ") == IDENTIFIER


@pytest.mark.parametrize(
    "text", ["９1220100M00000001X", "91220100M00000001X\u3000", "ı", "91220100M00000001X\t"]
)
def test_full_width_letters_are_not_repaired(text):
    with pytest.raises(roster.IdentifierInvalid):
        roster.clean_identifier(text)


@pytest.mark.parametrize("text", ["", "-", "a b", "x" * 33, "甲", "a~1", "a|b", "a\n"])
def test_strata_outside_the_grammar_are_rejected(text):
    with pytest.raises(roster.StratumInvalid):
        roster.check_stratum(text)


def test_cells_read_and_write():
    cells = (roster.Cell("M"), None, roster.Cell("-x", 3))
    assert roster.cells_text(cells) == "M\t-\t-x~3"
    assert roster.parse_cells("M\t-\t-x~3") == cells


@pytest.mark.parametrize("text", ["", "M\t", "M~", "M~10", "-~1", "~1", "M ~1", "M~x"])
def test_malformed_cells_are_rejected(text):
    with pytest.raises(roster.StratumInvalid):
        roster.parse_cells(text)


@pytest.mark.parametrize("tier", [-1, 10])
def test_a_tier_has_one_digit(tier):
    with pytest.raises(roster.StratumInvalid):
        roster.cells_text([roster.Cell("M", tier)])


def test_the_file_reads_back():
    rows = make_rows(3000)
    frozen, content = freeze(rows)
    assert frozen.n == 3000
    assert frozen.file_hash == hashlib.sha256(content).hexdigest()
    assert list(roster.parse_roster(io.BytesIO(content), 2)) == rows


@pytest.mark.parametrize("width", [1, 2, 3])
def test_a_stored_roster_reads_in_blocks_and_again(width, monkeypatch):
    monkeypatch.setattr(roster, "READ_AHEAD", 100)
    rows = [(identifier, "\t".join(["M", "-", "F~1"][:width])) for identifier, _ in make_rows(50)]
    text = freeze(rows, width)[1].decode()
    stored = roster.RosterFile(lambda: io.StringIO(text))
    assert list(stored) == rows
    assert list(stored) == rows


def test_an_empty_roster_reads_as_no_rows():
    assert list(roster.RosterFile(lambda: io.StringIO(""))) == []


def test_pools_count_firms_by_item_stratum_and_tier():
    frozen, _ = freeze([("A1", "M\tF"), ("A2", "M~1\t-"), ("A3", "M\t-"), ("A4", "-\tF")])
    assert frozen.pools[0, "M"][:3] == (2, 1, 0)
    assert frozen.pools[1, "F"][:3] == (2, 0, 0)
    assert set(frozen.pools) == {(0, "M"), (1, "F")}


@pytest.mark.parametrize(
    "rows",
    [
        [("A2", "M\tF"), ("A1", "M\tF")],
        [("A1", "M\tF"), ("A1", "L\tF")],
        [("A1", "M")],
        [("A1", "M\tF\tF")],
    ],
)
def test_rows_out_of_order_repeated_or_of_another_width_are_refused(rows):
    with pytest.raises(roster.RosterMalformed):
        freeze(rows)


@pytest.mark.parametrize(
    "line", [b"A1\tM\tF", b"A1\tM\tF\r\n", b"a1\tM\tF\n", b"A1 M F\n", b"\n", b"A\xff\tM\tF\n"]
)
def test_a_malformed_line_is_refused(line):
    with pytest.raises((roster.RosterMalformed, roster.IdentifierInvalid, roster.StratumInvalid)):
        list(roster.parse_roster([line], 2))


def test_a_salt_is_the_keyed_hash_of_the_identifier():
    wanted = hmac.new(SECRET, IDENTIFIER.encode(), hashlib.sha256).hexdigest()[:32]
    assert roster.salt_of(SECRET, IDENTIFIER) == wanted


@pytest.mark.parametrize("alg", ["sha256", "sm3"])
def test_the_sealed_file_holds_one_commitment_a_firm(alg):
    rows = make_rows(5)
    _, content = freeze(rows, alg=alg, leaf=roster.salted(alg, SECRET))
    wanted = [roster.salted_row(alg, roster.salt_of(SECRET, row[0]), roster.row_text(row)) for row in rows]
    assert content.decode().splitlines() == wanted


@pytest.mark.parametrize("salt", ["", "g" * 32, "A" * 32, "0" * 31])
def test_a_salt_has_32_hex(salt):
    with pytest.raises(roster.StratumInvalid):
        roster.salted_row("sha256", salt, "A\tM")
