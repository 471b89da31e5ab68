"""检查对象名录 from files: good rows load, every other row comes back with its line and reason (R10–R13)."""

import gzip
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, inspect, select

from app.documents import rejects_workbook
from app.domain.credit_code import registration_check_digit
from app.domain.vocabulary import (
    EntityKind,
    EntityStatus,
    IdentifierKind,
    ImportKind,
    MembershipSource,
    RiskClass,
)
from app.models import AuditEvent, CategoryMembership, Enterprise, ImportBatch, TargetCategory
from app.services import audit
from app.services.roster_import import (
    ColumnsMissing,
    ColumnsRepeated,
    FileUnreadable,
    keep_rejects,
    pieces,
)
from app.services.storage import fetch_bytes
from tests.builders import Vocabularies
from tests.corpus_rosters import HEADERS, NOW, code, csv_bytes, enterprise_rows, load, xlsx_bytes

OLD_NUMBER = "22010400000123" + registration_check_digit("22010400000123")


@pytest.fixture
def roster(app, session):
    Vocabularies()
    return session


def stored(session, identifier):
    session.expire_all()
    return session.scalars(select(Enterprise).where(Enterprise.identifier == identifier)).one()


def only(**cells):
    """A file of one row with the columns named."""
    cells = {"统一社会信用代码": code(1), "企业名称": "长春市样例商贸有限公司"} | cells
    return csv_bytes([tuple(cells.values())], headers=tuple(cells))


def reasons(outcome):
    return [(reject.line, reject.error.code) for reject in outcome.rejects]


def test_a_first_load_adds_every_row(roster, tmp_path):
    outcome = load(tmp_path, csv_bytes(enterprise_rows(1, 2, 3)))
    assert outcome.counts() == {
        "read": 3, "added": 3, "changed": 0, "unchanged": 0, "rejected": 0, "flagged": 0
    }  # fmt: skip
    entity = stored(roster, code(2))
    assert (entity.name, entity.status) == ("长春市样例2商贸有限公司", EntityStatus.EXISTING)
    assert (entity.territory_code, entity.territory_guessed) == ("220104", False)
    assert entity.in_jurisdiction
    assert (entity.source, entity.loaded_at) == ("roster.csv", NOW)


def test_the_first_load_leaves_every_index_as_it_was(roster, tmp_path):
    def indexes():
        return sorted(inspect(roster.connection()).get_indexes("enterprise"), key=lambda index: index["name"])

    before = indexes()
    load(tmp_path, csv_bytes(enterprise_rows(*range(30))))
    assert len(before) >= 3
    assert indexes() == before


def test_the_same_file_again_changes_nothing(roster, tmp_path):
    load(tmp_path, csv_bytes(enterprise_rows(1, 2, 3)))
    again = load(tmp_path, csv_bytes(enterprise_rows(1, 2, 3)), now=NOW + timedelta(days=7))
    assert (again.added, again.changed, again.unchanged) == (0, 0, 3)
    assert stored(roster, code(1)).loaded_at == NOW


def test_only_rows_that_differ_are_changed(roster, tmp_path):
    load(tmp_path, csv_bytes(enterprise_rows(1, 2, 3)))
    rows = enterprise_rows(1, 2, 3, 4)
    rows[1] = (rows[1][0], "长春市新名商贸有限公司", *rows[1][2:])
    outcome = load(tmp_path, csv_bytes(rows))
    assert (outcome.added, outcome.changed, outcome.unchanged) == (1, 1, 2)
    assert stored(roster, code(2)).name == "长春市新名商贸有限公司"


def test_blocks_do_not_matter_to_the_counts(roster, tmp_path, monkeypatch):
    monkeypatch.setattr(pieces, "BYTES", 150)
    first = load(tmp_path, csv_bytes(enterprise_rows(*range(7), 3)))
    assert (first.added, reasons(first)) == (7, [(9, "row_repeated")])


def test_a_partial_file_touches_only_what_it_carries(roster, tmp_path):
    load(tmp_path, csv_bytes(enterprise_rows(1)))
    outcome = load(tmp_path, only(企业名称="长春市样例1商贸有限公司", 信用风险等级="C"))
    assert outcome.changed == 1
    entity = stored(roster, code(1))
    assert (entity.risk_class, entity.risk_class_on) == (RiskClass.C, NOW.date())
    assert (entity.address, entity.status) == ("同志街1号", EntityStatus.EXISTING)


def test_a_blank_cell_leaves_what_is_known(roster, tmp_path):
    load(tmp_path, csv_bytes(enterprise_rows(1)))
    outcome = load(tmp_path, only(企业名称="长春市样例1商贸有限公司", 住所="", 登记状态="N/A"))
    assert (outcome.unchanged, stored(roster, code(1)).address) == (1, "同志街1号")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("存续（在营、开业、在册）", EntityStatus.EXISTING),
        ("在业", EntityStatus.EXISTING),
        ("吊销，未注销", EntityStatus.LICENCE_REVOKED),
        ("吊销，已注销", EntityStatus.DEREGISTERED),
        ("歇业", EntityStatus.DORMANT),
        ("已迁出", EntityStatus.MOVED_OUT),
        ("", EntityStatus.UNKNOWN),
    ],
)
def test_r12_status_words_are_understood(roster, tmp_path, written, expected):
    assert load(tmp_path, only(登记状态=written)).flagged == 0
    assert stored(roster, code(1)).status == expected


def test_r12_an_unknown_status_is_flagged_and_not_stated(roster, tmp_path):
    outcome = load(tmp_path, only(登记状态="飞升"))
    assert (outcome.added, dict(outcome.flags)) == (1, {"flag_status_unknown": 1})
    assert stored(roster, code(1)).status == EntityStatus.UNKNOWN


def test_r10_a_failed_check_digit_is_flagged_and_loaded(roster, tmp_path):
    wrong = code(1)[:-1] + ("0" if code(1)[-1] != "0" else "1")
    outcome = load(tmp_path, only(统一社会信用代码=wrong))
    assert (outcome.added, outcome.flagged) == (1, 1)
    assert dict(outcome.flags) == {"flag_wrong_check_digit": 1}
    assert stored(roster, wrong).identifier_fault == "wrong_check_digit"


@pytest.mark.parametrize(
    ("number", "kind", "flags"),
    [
        (OLD_NUMBER, IdentifierKind.REGISTRATION, {"flag_legacy_identifier"}),
        (
            f"{OLD_NUMBER[:-1]}{(int(OLD_NUMBER[-1]) + 1) % 10}",
            IdentifierKind.REGISTRATION,
            {"flag_legacy_identifier", "flag_wrong_check_digit"},
        ),
        ("2201041000001", IdentifierKind.LEGACY, {"flag_legacy_identifier"}),
    ],
)
def test_r10_old_registration_numbers_are_loaded_and_flagged(roster, tmp_path, number, kind, flags):
    outcome = load(tmp_path, only(统一社会信用代码=number))
    assert (outcome.added, outcome.flagged, set(outcome.flags)) == (1, 1, flags)
    assert stored(roster, number).identifier_kind == kind


def test_r10_full_width_and_lower_case_are_the_same_code(roster, tmp_path):
    load(tmp_path, csv_bytes(enterprise_rows(1)))
    wide = "".join(chr(ord(char) + 0xFEE0) for char in code(1).lower())
    outcome = load(tmp_path, only(统一社会信用代码=f"　{wide} ", 企业名称="长春市样例1商贸有限公司"))
    assert (outcome.unchanged, outcome.flagged) == (1, 0)


def test_a_sub_target_has_the_kind_of_its_enterprise(roster, tmp_path):
    outcome = load(tmp_path, only(统一社会信用代码=f"{code(1)}-001"))
    assert (outcome.added, outcome.flagged) == (1, 0)
    assert stored(roster, f"{code(1)}-001").identifier_kind == IdentifierKind.UNIFIED


REFUSED_CODES = {
    "": "row_identifier_missing",
    "—": "row_identifier_missing",
    code(1)[:-1]: "row_identifier_wrong_length",
    "长春市123": "row_identifier_wrong_length",
    code(1)[:2] + "22O1O4"[:6] + code(1)[8:]: "row_identifier_mistyped",
    "Z" * 18: "row_identifier_wrong_character",
    "9.12201E+17": "row_identifier_rounded",
}


@pytest.mark.parametrize(("written", "reason"), REFUSED_CODES.items())
def test_r10_what_cannot_be_an_identifier_is_rejected(roster, tmp_path, written, reason):
    content = csv_bytes([(written, "坏行有限公司", "", "", ""), *enterprise_rows(5)])
    outcome = load(tmp_path, content)
    assert (outcome.added, reasons(outcome)) == (1, [(2, reason)])


def test_r10_a_repair_is_offered_and_not_made(roster, tmp_path):
    right = code(11111111)
    outcome = load(tmp_path, only(统一社会信用代码=right.replace("1", "l", 3).replace("22l", "22l")))
    offered = outcome.rejects[0].error
    assert (offered.code, offered.params["suggestion"]) == ("row_identifier_mistyped", right)
    assert roster.scalar(select(func.count()).select_from(Enterprise)) == 0


def test_of_a_repeated_code_the_first_row_wins(roster, tmp_path):
    rows = enterprise_rows(1, 2, 1)
    rows[2] = (rows[2][0], "另一个名字", *rows[2][2:])
    outcome = load(tmp_path, csv_bytes(rows))
    assert (outcome.added, reasons(outcome)) == (2, [(4, "row_repeated")])
    assert outcome.rejects[0].error.params["first_line"] == 2
    assert outcome.rejects[0].cells == rows[2]
    assert stored(roster, code(1)).name == "长春市样例1商贸有限公司"


def test_r11_a_district_that_is_none_is_left_blank_and_flagged(roster, tmp_path):
    outcome = load(tmp_path, only(属地代码="220199"))
    assert (outcome.added, dict(outcome.flags)) == (1, {"flag_territory_unknown": 1})
    entity = stored(roster, code(1))
    assert (entity.territory_code, entity.in_jurisdiction) == (None, True)


def test_r11_a_former_code_is_no_territory(roster, tmp_path):
    outcome = load(tmp_path, only(属地代码="220181"))
    assert dict(outcome.flags) == {"flag_territory_unknown": 1}
    assert stored(roster, code(1)).territory_code is None


def test_r11_the_district_is_never_derived_from_the_code(roster, tmp_path):
    load(tmp_path, only(统一社会信用代码=code(1, region="220102")))
    entity = stored(roster, code(1, region="220102"))
    assert (entity.territory_code, entity.in_jurisdiction) == (None, True)


@pytest.mark.parametrize(
    ("cells", "territory"),
    [
        ({"属地": "朝阳区"}, "220104"),
        ({"属地": "净月高新技术产业开发区(净月)"}, "220172"),
        ({"属地代码": "", "属地": "长春新区"}, "ZONE01"),
        ({"属地代码": "220104", "属地": "二道区"}, "220104"),
    ],
)
def test_r11_a_territory_may_be_named(roster, tmp_path, cells, territory):
    assert load(tmp_path, only(**cells)).flagged == 0
    assert stored(roster, code(1)).territory_code == territory


@pytest.mark.parametrize(
    ("cells", "ours", "flags"),
    [
        ({"地市": "长春市"}, True, set()),
        ({"地市": "长春"}, True, set()),
        ({"地市": "四平"}, False, {"flag_out_of_jurisdiction"}),
        ({"地市": "四平", "属地代码": "220184"}, True, set()),
        ({"地市": "N/A"}, False, {"flag_city_not_stated"}),
        ({"地市": "", "属地代码_推断": "220104"}, True, set()),
        ({"地市": "吉林", "属地代码_推断": "220104"}, False, {"flag_out_of_jurisdiction"}),
        ({"属地代码": "220202"}, False, {"flag_out_of_jurisdiction"}),
        ({"属地代码": "110105", "属地": "朝阳区"}, False, {"flag_out_of_jurisdiction"}),
        ({"登记机关代码": "220381"}, True, set()),
        ({"登记机关代码": "220000"}, True, set()),
    ],
)
def test_r11_jurisdiction_follows_city_and_territory(roster, tmp_path, cells, ours, flags):
    outcome = load(tmp_path, only(**cells))
    assert (outcome.added, set(outcome.flags)) == (1, flags)
    assert stored(roster, code(1)).in_jurisdiction == ours


def test_a_guess_is_marked_and_never_overwrites_a_fact(roster, tmp_path):
    guess = {"属地代码_推断": "220102", "行业门类_推断": "F"}
    load(tmp_path, only(**guess))
    entity = stored(roster, code(1))
    assert (entity.territory_code, entity.territory_guessed) == ("220102", True)
    assert (entity.industry_code, entity.industry_guessed) == ("F", True)
    load(tmp_path, only(属地代码="220104", 行业代码="5261"))
    outcome = load(tmp_path, only(**guess))
    entity = stored(roster, code(1))
    assert outcome.unchanged == 1
    assert (entity.territory_code, entity.territory_guessed) == ("220104", False)
    assert (entity.industry_code, entity.industry_guessed) == ("5261", False)


def memberships(session):
    query = (
        select(TargetCategory.name, CategoryMembership.source)
        .join(TargetCategory)
        .order_by(TargetCategory.name)
    )
    return dict(session.execute(query).all())


def test_categories_come_from_the_file_and_new_ones_are_created(roster, tmp_path):
    load(tmp_path, only(分类名录="汽车销售、样例新名录"))
    assert memberships(roster) == {"汽车销售": MembershipSource.FILE, "样例新名录": MembershipSource.FILE}
    fresh = roster.scalars(select(TargetCategory).where(TargetCategory.name == "样例新名录")).one()
    assert fresh.code == "C18"


def test_a_category_with_too_long_a_name_is_refused(roster, tmp_path):
    outcome = load(tmp_path, only(分类名录="长" * 61))
    assert reasons(outcome) == [(2, "row_category_too_long")]


def test_a_guessed_category_stays_a_guess_until_a_file_states_it(roster, tmp_path):
    tags = only(**{"商务标签_按名称推断": "新车销售;百货超市(预付卡潜在)"})
    assert load(tmp_path, tags).added == 1
    guessed = dict.fromkeys(("大型零售", "单用途商业预付卡", "汽车销售"), MembershipSource.GUESS)
    assert memberships(roster) == guessed
    assert load(tmp_path, tags).unchanged == 1
    assert load(tmp_path, only(分类名录="汽车销售")).changed == 1
    assert load(tmp_path, tags).unchanged == 1
    assert memberships(roster) == guessed | {"汽车销售": MembershipSource.FILE}


def test_kind_comes_from_the_file_or_else_from_the_code(roster, tmp_path):
    load(tmp_path, only(主体类别="农民专业合作社"))
    assert stored(roster, code(1)).kind == EntityKind.COOPERATIVE
    load(tmp_path, only(统一社会信用代码="92220104MA1FL40K0P", 企业名称="朝阳区样例理发店"))
    assert stored(roster, "92220104MA1FL40K0P").kind == EntityKind.INDIVIDUAL


@pytest.mark.parametrize("written", ["2019-03-28", "2019/3/28", "2019年3月28日", "20190328", "43552"])
def test_dates_are_understood_as_they_are_written(roster, tmp_path, written):
    assert load(tmp_path, only(成立日期=written)).flagged == 0
    assert stored(roster, code(1)).established_on == date(2019, 3, 28)


@pytest.mark.parametrize("written", ["去年", "2019-02-30", "0219-03-28", "99999999"])
def test_an_unreadable_date_is_flagged_and_left_out(roster, tmp_path, written):
    outcome = load(tmp_path, only(成立日期=written))
    assert dict(outcome.flags) == {"flag_date_unreadable": 1}
    assert stored(roster, code(1)).established_on is None


ODD_ROWS = {
    "blank name": ((code(9), "  ", "", "", ""), "row_value_missing"),
    "long name": ((code(9), "长" * 201, "", "", ""), "row_value_too_long"),
    "long address": ((code(9), "样例", "", "", "长" * 301), "row_value_too_long"),
    "too many cells": ((code(9), "样例", "", "", "", "多出"), "row_too_many_cells"),
    "control character": ((code(9), "样\x00例", "", "", ""), "row_control_character"),
    "second header": (HEADERS, "row_identifier_wrong_length"),
}


@pytest.mark.parametrize(("row", "reason"), ODD_ROWS.values(), ids=ODD_ROWS)
def test_an_odd_row_is_rejected_with_line_and_cells(roster, tmp_path, row, reason):
    outcome = load(tmp_path, csv_bytes([*enterprise_rows(1), row, *enterprise_rows(2)]))
    assert (outcome.added, reasons(outcome)) == (2, [(3, reason)])
    assert outcome.rejects[0].cells == row


def test_a_file_cut_in_the_middle_of_a_row_loses_only_that_row(roster, tmp_path):
    content = csv_bytes(enterprise_rows(1, 2)).rstrip()
    outcome = load(tmp_path, content[: content.rindex(b",")])
    assert (outcome.added, reasons(outcome)) == (1, [(3, "row_cut_off")])


def test_a_short_row_is_loaded_and_flagged(roster, tmp_path):
    outcome = load(tmp_path, csv_bytes([enterprise_rows(1)[0][:2], *enterprise_rows(2)]))
    assert (outcome.added, dict(outcome.flags)) == (2, {"flag_short_row": 1})


def test_unknown_columns_are_reported_and_passed_over(roster, tmp_path):
    outcome = load(tmp_path, only(备注="随便", 法定代表人="某人"))
    assert (outcome.added, outcome.unknown_columns) == (1, ("备注", "法定代表人"))


def test_titles_above_the_header_are_passed_over(roster, tmp_path):
    content = xlsx_bytes(enterprise_rows(1), above=[("检查对象名录",), ()])
    outcome = load(tmp_path, content)
    assert (outcome.read, outcome.added, outcome.headers) == (1, 1, HEADERS)


def test_blank_rows_are_no_rows(roster, tmp_path):
    assert load(tmp_path, csv_bytes([*enterprise_rows(1), ("", " ", "", "", "　")])).read == 1


def test_decorated_headers_are_recognised(roster, tmp_path):
    headers = ("＊统一社会信用代码（必填）", "企业（机构）名称*", "经营 状态")
    assert load(tmp_path, csv_bytes([(code(1), "样例", "开业")], headers=headers)).unknown_columns == ()
    assert stored(roster, code(1)).status == EntityStatus.EXISTING


def test_a_missing_column_is_named(roster, tmp_path):
    with pytest.raises(ColumnsMissing) as refused:
        load(tmp_path, csv_bytes([("样例", "1")], headers=("企业名称", "住所")))
    assert refused.value.params == {"columns": "统一社会信用代码", "found": "企业名称、住所"}


def test_two_columns_of_one_meaning_are_refused(roster, tmp_path):
    with pytest.raises(ColumnsRepeated) as refused:
        load(tmp_path, csv_bytes([], headers=("统一社会信用代码", "企业名称", "信用代码")))
    assert refused.value.params == {"columns": "统一社会信用代码、信用代码"}


def test_a_table_of_something_else_has_no_header(roster, tmp_path):
    with pytest.raises(FileUnreadable) as refused:
        load(tmp_path, "甲,乙\n1,2\n".encode())
    assert refused.value.code == "file_unreadable_no_header"


def test_ten_thousand_columns_are_read(roster, tmp_path):
    headers = ("统一社会信用代码", "企业名称", *(f"列{number}" for number in range(10_000)))
    outcome = load(tmp_path, csv_bytes([(code(1), "样例", *["x"] * 10_000)], headers=headers))
    assert (outcome.added, len(outcome.unknown_columns)) == (1, 10_000)


def test_r13_a_load_is_on_record(roster, tmp_path, make_user):
    clerk = make_user("clerk")
    outcome = load(tmp_path, csv_bytes([*enterprise_rows(1), ("x",) * 5]), actor=clerk)
    batch = roster.get(ImportBatch, outcome.batch_id)
    assert (batch.kind, batch.loaded_by_id, batch.read, batch.rejected) == (
        ImportKind.ENTERPRISES,
        clerk.id,
        2,
        1,
    )
    assert (batch.file_name, len(batch.file_digest)) == ("roster.csv", 64)
    event = roster.scalars(select(AuditEvent).order_by(AuditEvent.number.desc())).first()
    assert (event.tag, event.actor_name) == ("roster:enterprises:loaded", "clerk")
    assert audit.verify_trail(roster)[1] is None


def test_r13_the_rejects_are_kept_with_the_load(roster, tmp_path):
    outcome = load(tmp_path, csv_bytes([("x",) * 5]))
    digest = keep_rejects(outcome.batch_id, b"workbook", "rejects.xlsx")
    assert roster.get(ImportBatch, outcome.batch_id).rejects_file == digest
    assert fetch_bytes(roster, digest) == b"workbook"


def test_a_trial_changes_nothing(roster, tmp_path):
    outcome = load(tmp_path, csv_bytes(enterprise_rows(1, 2)), dry_run=True)
    assert (outcome.added, outcome.batch_id) == (2, None)
    for model in (Enterprise, ImportBatch, AuditEvent):
        assert roster.scalar(select(func.count()).select_from(model)) == 0


def test_a_file_that_breaks_off_leaves_the_roster_as_it_was(roster, tmp_path):
    load(tmp_path, csv_bytes(enterprise_rows(1)))
    whole = gzip.compress(csv_bytes(enterprise_rows(*range(5000))))
    with pytest.raises(FileUnreadable):
        load(tmp_path, whole[: len(whole) * 3 // 4])
    assert roster.scalar(select(func.count()).select_from(Enterprise)) == 1


CELLS = st.one_of(
    st.sampled_from(["", "存续", "220104", "飞升", "2019-03-28", "样例有限公司", code(1), code(2), "l" * 18]),
    st.sampled_from(["两\n行", "a\rb", '"', '","', "=1+1", "\ufeff", "\u2028"]),
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=12),
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(st.lists(CELLS, min_size=1, max_size=6), max_size=12))
def test_every_row_read_is_added_changed_unchanged_or_rejected(roster, tmp_path, rows):
    """load() asserts the sum; nothing else than a named refusal may come out of any table."""
    before = roster.scalar(select(func.count()).select_from(Enterprise))
    outcome = load(tmp_path, csv_bytes(rows))
    assert outcome.flagged <= outcome.read - outcome.rejected
    assert roster.scalar(select(func.count()).select_from(Enterprise)) == before + outcome.added


def test_the_rejects_workbook_can_be_corrected_and_loaded_again(roster, tmp_path):
    first = load(tmp_path, csv_bytes([*enterprise_rows(1), ("22", *enterprise_rows(2)[0][1:])]))
    again = load(tmp_path, rejects_workbook(first), name="rejects.xlsx")
    assert (again.read, again.unknown_columns) == (1, ())
    assert reasons(again) == [(2, "row_identifier_wrong_length")]
    assert again.rejects[0].cells[2:] == first.rejects[0].cells
