"""A table is found by looking at the bytes, whatever the name says; what cannot be read has a named reason."""

import gzip
import os
from datetime import date, datetime

import pytest

from app.services.roster_import.container import LIMITS, Limits
from app.services.roster_import.faults import FileUnreadable
from app.services.roster_import.reading import open_table
from tests.corpus_old_workbooks import old_workbook
from tests.corpus_rosters import HEADERS, csv_bytes, enterprise_rows, xlsx_bytes, xml_bytes, zip_bytes
from tests.corpus_workbooks import malformed

ROWS = enterprise_rows(1, 2, 3)
CORPUS = dict(malformed())


def read(folder, content, name="file.bin", limits=LIMITS):
    path = folder / name
    path.write_bytes(content)
    with open_table(path, limits) as rows:
        return list(rows)


def cells(rows):
    return [tuple(row.cells) for row in rows]


def refusal(folder, content, **options):
    with pytest.raises(FileUnreadable) as refused:
        read(folder, content, **options)
    assert refused.value.code == f"file_unreadable_{refused.value.params['reason']}"
    return refused.value


GOOD = {
    "utf8": csv_bytes(ROWS, encoding="utf-8"),
    "utf8-bom": csv_bytes(ROWS),
    "gb18030": csv_bytes(ROWS, encoding="gb18030"),
    "utf16": csv_bytes(ROWS, encoding="utf-16"),
    "tabs": csv_bytes(ROWS, delimiter="\t"),
    "semicolons": csv_bytes(ROWS, delimiter=";"),
    "carriage returns": csv_bytes(ROWS).replace(b"\r\n", b"\r"),
    "xlsx": xlsx_bytes(ROWS),
    "xls": old_workbook(ROWS),
    "xml 2003": xml_bytes(ROWS),
    "gz": gzip.compress(csv_bytes(ROWS)),
    "gz of xlsx": gzip.compress(xlsx_bytes(ROWS)),
    "zip": zip_bytes(**{"名录.csv": csv_bytes(ROWS), "__MACOSX/._名录.csv": b"x"}),
    "zip of xlsx": zip_bytes(**{"a.xlsx": xlsx_bytes(ROWS)}),
}


@pytest.mark.parametrize("name", ["roster.csv", "roster.xls"])
@pytest.mark.parametrize("content", GOOD.values(), ids=GOOD)
def test_every_container_gives_the_same_table_under_any_name(tmp_path, name, content):
    rows = read(tmp_path, content, name)
    assert cells(rows) == [HEADERS, *ROWS]
    assert [row.line for row in rows] == [1, 2, 3, 4]


UNREADABLE = {
    "empty": (b"", "empty"),
    "blank": (b" \r\n\r\n ", "empty"),
    "empty gz": (gzip.compress(b""), "empty"),
    "empty zip": (zip_bytes(), "empty"),
    "empty workbook": (xlsx_bytes([], headers=()), "empty"),
    "binary": (bytes(range(256)) * 20, "not_text"),
    "web page": ("<html><table><tr><td>企业名称</td></tr></table></html>".encode(), "web_page"),
    "two files": (zip_bytes(a="x,y", b="x,y"), "several_files"),
    "zip in zip": (zip_bytes(a=zip_bytes(b=csv_bytes(ROWS))), "nested"),
    "cut gz": (gzip.compress(os.urandom(4000))[:3000], "cut_off"),
    "damaged gz": (gzip.compress(csv_bytes(ROWS))[:30] + b"\xff" * 300, "damaged"),
    "entities in xml": (xml_bytes(ROWS, before='<!DOCTYPE x [<!ENTITY a "b">]>'), "foreign_entities"),
    "xml without end": (xml_bytes(ROWS)[:-60], "damaged"),
    "presentation": (
        zip_bytes(**{"[Content_Types].xml": "<x/>", "ppt/presentation.xml": "<x/>"}),
        "not_a_workbook",
    ),
    "one long line": (b"a" * 3_000_000, "line_too_long"),
}


@pytest.mark.parametrize(("content", "reason"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_says_why(tmp_path, content, reason):
    assert refusal(tmp_path, content).params["reason"] == reason


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(FileUnreadable) as refused, open_table(tmp_path / "missing.csv"):
        pass
    assert refused.value.code == "file_unreadable_missing"


def test_text_that_stops_being_utf8_names_byte_and_line(tmp_path):
    good = csv_bytes(enterprise_rows(*range(50)), encoding="utf-8")
    error = refusal(tmp_path, good + "220104,朝阳区".encode("gb18030"))
    assert error.code == "file_unreadable_wrong_encoding"
    assert error.params["position"] == len(good) + len("220104,")
    assert error.params["line"] == 52


def test_text_in_no_known_encoding_names_the_place(tmp_path):
    error = refusal(tmp_path, b"\xd2\xbb,\xd2\xbb\r\nab,\xff\xff\r\n")
    assert (error.params["encoding"], error.params["line"], error.params["position"]) == ("GB18030", 2, 10)


def test_a_bomb_is_refused_by_what_comes_out(tmp_path):
    assert refusal(tmp_path, gzip.compress(bytes(80 << 20))).code == "file_unreadable_bomb"
    assert refusal(tmp_path, zip_bytes(a=bytes(80 << 20))).code == "file_unreadable_bomb"


def test_what_is_too_large_is_refused(tmp_path):
    limits = Limits(text_bytes=100, workbook_bytes=1000)
    assert (
        refusal(tmp_path, gzip.compress(csv_bytes(ROWS)), limits=limits).code == "file_unreadable_too_large"
    )
    assert refusal(tmp_path, xlsx_bytes(ROWS), limits=limits).code == "file_unreadable_too_large"


def test_a_reader_that_exceeds_its_memory_ends_alone(tmp_path):
    """30 million cells are within the limit of cells, not within 200 MiB."""
    book = xlsx_bytes([(1,)] * 9_999 + [[None] * 2_999 + [1]], headers=("a",))
    assert refusal(tmp_path, book, limits=Limits(child_memory=200 << 20)).code == "file_unreadable_too_large"


def test_hostile_workbooks_are_all_refused(tmp_path):
    harmless = {"deep-nesting"}
    names = list(CORPUS)
    for name in names[names.index("two-corners") :]:
        if name not in harmless:
            assert refusal(tmp_path, CORPUS[name]).params["reason"], name


def test_lines_with_bad_quotes_do_not_swallow_their_neighbours(tmp_path):
    good = csv_bytes(ROWS, encoding="utf-8").decode().splitlines()
    lines = [good[0], f'"{good[1]}', good[2], 'x,"y"z,存续,220104,a', good[3], '"' + good[1]]
    rows = read(tmp_path, "\r\n".join(lines).encode())
    assert [(row.line, row.fault) for row in rows] == [
        (1, ""),
        (2, "row_broken_quotes"),
        (3, ""),
        (4, "row_broken_quotes"),
        (5, ""),
        (6, "row_broken_quotes"),
    ]
    assert rows[1].cells == [lines[1]]


def test_a_cell_may_hold_line_breaks(tmp_path):
    row = (ROWS[0][0], "长春市\n样例", *ROWS[0][2:])
    rows = read(tmp_path, csv_bytes([row, ROWS[1]]))
    assert cells(rows) == [HEADERS, row, ROWS[1]]
    assert [entry.line for entry in rows] == [1, 2, 4]


def test_workbook_cells_arrive_as_the_text_that_a_reader_sees(tmp_path):
    moment = datetime.fromisoformat("2019-03-28 09:05:00")
    row = (912201010000000000, 220104, date(2019, 3, 28), moment, True, 0.5, 43552)
    content = xlsx_bytes([row], headers=tuple("abcdefg"))
    expected = ("9.12201010000000e+17", "220104", "2019-03-28", "2019-03-28 09:05:00", "TRUE", "0.5", "43552")
    assert cells(read(tmp_path, content))[1] == expected


def test_xml_cells_keep_their_places(tmp_path):
    content = xml_bytes([], headers=("a", "b")).replace(
        b"<Row><Cell>", b'<Row ss:Index="3"><Cell ss:Index="2">'
    )
    rows = read(tmp_path, content)
    assert [(row.line, row.cells) for row in rows] == [(3, ["", "a", "b"])]
