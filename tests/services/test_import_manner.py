"""How a file is read beside its plain headings: the clerk's mapping, offered corrections, full width, two header rows."""

from datetime import date

import pytest
from sqlalchemy import select

from app.domain.vocabulary import EntityStatus
from app.models import Enterprise
from app.services.roster_import.columns import Guidance
from tests.builders import Vocabularies
from tests.corpus_rosters import code, csv_bytes, enterprise_rows, load


@pytest.fixture
def roster(app, session):
    Vocabularies()
    return session


def test_full_width_digits_letters_and_spaces_are_read_from_a_copy(roster, tmp_path):
    wide = code(1).translate({ord(char): ord(char) + 0xFEE0 for char in "0123456789ABCDEFGHXY"})
    row = (f"\u3000{wide}", "长春市ＡＢ（集团）有限公司\u3000", "存续", "２２０１０４", "同志街１号")
    assert load(tmp_path, csv_bytes([row])).added == 1
    stored = roster.scalar(select(Enterprise))
    assert (stored.identifier, stored.name) == (code(1), "长春市AB（集团）有限公司")
    assert (stored.territory_code, stored.address) == ("220104", "同志街1号")


def test_a_refused_row_keeps_what_the_file_says(roster, tmp_path):
    row = ("９１２２", "长春市ＡＢ有限公司\u3000", "存续", "220104", "")
    assert load(tmp_path, csv_bytes([row])).rejects[0].cells == row


def test_offered_corrections_are_taken_only_when_the_clerk_accepts_them(roster, tmp_path):
    right = code(11)
    mistyped = right.replace("0", "O", 1).replace("1", "l", 1)
    content = csv_bytes([(mistyped, "长春市甲有限公司", "存续", "220104", "")])
    refused = load(tmp_path, content)
    assert (refused.added, refused.rejects[0].error.params["suggestion"]) == (0, right)
    taken = load(tmp_path, content, guidance=Guidance(corrects=True))
    assert (taken.added, taken.flags["flag_corrected"]) == (1, 1)
    assert [(entry.raw, entry.value) for entry in taken.corrections] == [(mistyped, right)]
    assert roster.scalar(select(Enterprise.identifier)) == right


def test_the_clerks_headings_take_the_place_of_the_usual_ones(roster, tmp_path):
    headers = ("主体代码证", "企业名称", "曾用名称列", "登记状态")
    rows = [(code(1), "旧名", "新名", "存续")]
    guidance = Guidance({"主体代码证": "identifier", "曾用名称列": "name", "登记状态": "-"})
    outcome = load(tmp_path, csv_bytes(rows, headers=headers), guidance=guidance)
    assert (outcome.added, outcome.unknown_columns) == (1, ("企业名称",))
    stored = roster.scalar(select(Enterprise))
    assert (stored.name, stored.status) == ("新名", EntityStatus.UNKNOWN)


def test_two_header_rows_with_merged_cells_are_one_header(roster, tmp_path):
    above = ("统一社会信用代码", "企业名称", "登记情况", "", "备注")
    below = ("", "", "登记状态", "成立日期", "")
    rows = [below, (code(1), "长春市甲有限公司", "存续", "43552", "")]
    outcome = load(tmp_path, csv_bytes(rows, headers=above))
    assert (outcome.read, outcome.added, outcome.rejected) == (1, 1, 0)
    stored = roster.scalar(select(Enterprise))
    assert (stored.status, stored.established_on) == (EntityStatus.EXISTING, date(2019, 3, 28))


def test_a_header_in_two_rows_names_a_column_by_both_where_one_does_not_do(roster, tmp_path):
    above, below = ("企业", "", "法定代表人", ""), ("名称", "信用代码", "名称", "电话")
    outcome = load(tmp_path, csv_bytes([below, ("长春市甲有限公司", code(1), "某", "1")], headers=above))
    assert (outcome.added, outcome.unknown_columns) == (1, ("法定代表人名称", "法定代表人电话"))
    assert roster.scalar(select(Enterprise.name)) == "长春市甲有限公司"


def test_rows_that_need_a_look_are_kept_for_the_page(roster, tmp_path):
    rows = [*enterprise_rows(1), (code(2), "长春市乙有限公司", "不明", "220104", "")]
    outcome = load(tmp_path, csv_bytes(rows))
    assert [(row.line, row.flags) for row in outcome.flagged_sample] == [(3, ("flag_status_unknown",))]
