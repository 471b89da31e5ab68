"""The quick way through a large file and the careful one say the same about every row."""

import io

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc

from app.domain.credit_code import ALPHABET, fault, organisation_check_character
from app.domain.vocabulary import ImportKind
from app.services.roster_import.code_check import are_sound
from app.services.roster_import.known_lines import KnownLines, hashes_of
from app.services.roster_import.layout import find_layout
from app.services.roster_import.outcome import Outcome
from app.services.roster_import.pieces import Piece, Tape, cells_at, text_pieces
from app.services.roster_import.quick import QuickReader
from app.services.roster_import.reader import EnterpriseReader
from app.services.roster_import.record import records
from app.services.roster_import.staged import COLUMNS, staged
from app.services.roster_import.text import Lines, Row, Rows, rows_of
from tests.builders import Vocabularies
from tests.corpus_rosters import code

MANY = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
HEADERS = [
    "统一社会信用代码", "企业名称", "主体类别", "成立日期", "登记状态", "地市", "属地代码", "属地", "属地代码_推断",
    "行业代码", "住所", "经营范围", "信用风险等级", "分类名录", "备注",
]  # fmt: skip
WORDS = {
    "统一社会信用代码": [
        "",
        code(1)[:17] + "0",
        code(2).lower(),
        f"　{code(3)}",
        f" {code(4)}",
        "12345",
        "2201041000001",
    ],
    "企业名称": ["", "-", "甲公司", "乙　公司", "长" * 201, "Ａ公司", "丙\x00公司", " 丁公司 "],
    "主体类别": ["", "企业", "个体户", "飞船"],
    "成立日期": ["", "2020-01-02", "2020-1-2", "去年", "2O20-01-02", "43552"],
    "登记状态": ["", "存续", "存续（在营）", "吊销，未注销", "飞升", "N/A"],
    "地市": ["", "长春市", "四平", "长春"],
    "属地代码": ["", "220104", "220199", "110105", "220181"],
    "属地": ["", "朝阳区", "长春新区", "某区"],
    "属地代码_推断": ["", "220102", "999999"],
    "行业代码": ["", "5261", "F5261", "F", "汽车", "9999"],
    "住所": ["", "同志街1号", "—", "１号", "\\N"],
    "经营范围": ["", "销售、服务", "甲\t乙", "甲\n乙", "反\\斜"],
    "信用风险等级": ["", "A", "B级", "X"],
    "分类名录": ["", "汽车销售", "餐饮、汽车销售", "长" * 61],
    "备注": ["", "\x01", "随便"],
}
CELLS = {name: st.sampled_from(words) for name, words in WORDS.items()}
CELLS["统一社会信用代码"] |= st.integers(1, 50).map(code)
ROW = st.tuples(*(CELLS[name] for name in HEADERS)).map(list)
RAGGED = st.one_of(ROW, ROW, ROW, ROW.map(lambda row: row[:5]), ROW.map(lambda row: [*row, ""]))


@pytest.fixture
def reader(app, session):
    Vocabularies()
    yield EnterpriseReader(session)
    session.rollback()


def careful(reader, layout, rows):
    """Every row that a record-by-record reading loads, staged, by its line."""
    found = {}
    for record in records(rows, layout, Outcome(ImportKind.ENTERPRISES, "x")):
        try:
            entry = reader.read(record)
        except Exception:
            continue
        labels = (entry.categories, entry.guessed_categories)
        found[record.line] = (staged(entry, record.line, record.line), labels, record.flags)
    return found


@MANY
@given(rows=st.lists(RAGGED, min_size=1, max_size=12))
def test_a_plain_row_is_what_the_record_says(reader, rows):
    layout = find_layout(Rows(iter([Row(1, HEADERS)])), ImportKind.ENTERPRISES)
    lines = list(range(2, len(rows) + 2))
    piece = Piece(lines, rows, np.array(lines, np.int64))
    columns = QuickReader(reader, layout).read(piece)
    expected = careful(reader, layout, [Row(line, row) for line, row in zip(lines, rows, strict=True)])
    labels = {place: (stated, guessed) for place, stated, guessed in columns.categories}
    for place in range(columns.count):
        row = {name: columns.values[name][place] for name in COLUMNS}
        said, categories, flags = expected[row["line"]]
        assert (row, labels.get(place, ((), ())), flags) == (said, categories, [])
    assert columns.count + len(columns.left) == len(rows)
    plain = [line for line, (_, _, flags) in expected.items() if not flags]
    assert columns.count <= len(plain)


def test_ordinary_rows_take_the_quick_way(reader):
    layout = find_layout(Rows(iter([Row(1, HEADERS)])), ImportKind.ENTERPRISES)
    row = [code(1), "甲公司", "企业", "2020-01-02", "存续", "长春市", "220104", "朝阳区", "", "5261", "同志街1号",
           "销售，服务", "A", "汽车销售", "随便"]  # fmt: skip
    columns = QuickReader(reader, layout).read(Piece([2], [row], np.array([1], np.int64)))
    assert (columns.count, columns.left) == (1, [])


TEXT = st.text(alphabet='ab,"\n\r甲', max_size=60)


def by_pieces(text, meet):
    tape = Tape(io.BytesIO(text.encode()), "utf-8")
    return list(text_pieces(tape, ",", 2, meet))


def meets_nothing(hashes, lines):
    return np.zeros(len(hashes), np.bool_)


@MANY
@given(text=TEXT)
def test_pieces_of_a_text_are_the_rows_of_the_careful_reader(text):
    expected = [
        (row.line, row.cells, row.fault) for row in rows_of(Lines(io.StringIO(text, newline="")), ",", 2)
    ]
    found = [piece.row(place) for piece in by_pieces(text, meets_nothing) for place in range(len(piece.rows))]
    assert [(row.line, row.cells, row.fault) for row in found if row.cells] == expected


@MANY
@given(lines=st.lists(st.sampled_from(["a,b", "c,d", '"e",f', '"g', 'h"', "", "i,j"]), max_size=12))
def test_known_lines_are_passed_over_only_where_each_line_is_a_row(lines):
    known_lines = [b"a,b\n", b"c,d\n", b'"e",f\n']
    known = KnownLines(hashes_of(known_lines).copy())
    text = "".join(f"{line}\n" for line in lines)
    pieces = by_pieces(text, known.meet)
    rows = [(row.line, row.cells) for row in rows_of(Lines(io.StringIO(text, newline="")), ",", 2)]
    found = [(piece.lines[at], cells) for piece in pieces for at, cells in enumerate(piece.rows) if cells]
    passed = sorted(set(rows_key(rows)) - set(rows_key(found)))
    assert sum(piece.known for piece in pieces) == len(passed) == known.count()
    assert len(found) + len(passed) == len(rows)


def rows_key(rows):
    return [(line, tuple(cells)) for line, cells in rows]


def test_the_cells_of_single_rows_are_found_again():
    text = 'a,b\nc,"d\nd"\ne,f\n'
    tape = Tape(io.BytesIO(text.encode()), "utf-8")
    assert list(cells_at(tape, ",", [2, 4])) == [(2, ["c", "d\nd"]), (4, ["e", "f"])]


@MANY
@given(
    codes=st.lists(
        st.one_of(
            st.integers(1, 10**8 - 1).map(code),
            st.text(alphabet=ALPHABET, min_size=18, max_size=18),
            st.tuples(
                st.integers(1, 99).map(code), st.integers(0, 17), st.sampled_from(ALPHABET + "IOZ长")
            ).map(lambda each: each[0][: each[1]] + each[2] + each[0][each[1] + 1 :]),
            st.text(max_size=20),
        ),
        max_size=20,
    )
)
def test_R10_many_check_digits_at_once_are_those_of_the_standard(codes):
    found = are_sound(codes).tolist()
    assert found == [len(each) == 18 and fault(each) is None for each in codes]
    assert all(uscc.is_valid(each) for each, sound in zip(codes, found, strict=True) if sound)
    whole = [
        each for each in codes if uscc.is_valid(each) and uscc.compact(each) == each and has_own_check(each)
    ]
    assert all(are_sound(whole))


def has_own_check(each):
    """python-stdnum leaves the check character of the organisation code alone."""
    return organisation_check_character(each[8:16]) == each[16]
