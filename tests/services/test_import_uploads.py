"""Uploaded rosters and recurring sources: kept by content, tried, loaded once; read as their source says (R13)."""

import json

import pytest
from sqlalchemy import select

from app.domain.vocabulary import ImportKind, JobState
from app.extensions import db
from app.models import AuditEvent, Enterprise, ImportProfile, ImportUpload, Job
from app.services.roster_import import FileUnreadable, profiles, uploads
from app.services.roster_import.profiles import ProfileUnusable
from app.services.storage import fetch_bytes
from tests.builders import Vocabularies
from tests.corpus_rosters import NOW, code, csv_bytes, enterprise_rows, xlsx_bytes

ODD = ("代码证", "主体全称", "状态")
ENTERPRISES = ImportKind.ENTERPRISES


@pytest.fixture
def roster(app, session):
    Vocabularies()
    return session


def taken_in(folder, content, kind=ENTERPRISES, profile=None):
    path = folder / "名录"
    path.write_bytes(content)
    return uploads.take_in(kind, path, "名录.csv", profile, None, NOW)


def odd_file(*numbers):
    return csv_bytes([(code(n), f"长春市样例{n}有限公司", "存续") for n in numbers], headers=ODD)


def events(session, tag):
    return [
        json.loads(event.data)
        for event in session.scalars(
            select(AuditEvent).where(AuditEvent.tag == tag).order_by(AuditEvent.number)
        )
    ]


def test_the_bytes_that_came_in_are_kept_and_nothing_else_happens(roster, tmp_path):
    content = xlsx_bytes(enterprise_rows(1, 2))
    upload = roster.get(ImportUpload, taken_in(tmp_path, content))
    assert fetch_bytes(roster(), upload.file_digest) == content
    assert (upload.form, upload.size) == ("xlsx", len(content))
    assert roster.scalar(select(Enterprise.id)) is None


def test_a_file_that_cannot_be_read_is_not_kept(roster, tmp_path):
    with pytest.raises(FileUnreadable):
        taken_in(tmp_path, b"")
    assert roster.scalar(select(ImportUpload.id)) is None


def test_a_file_with_characters_that_no_database_takes_is_kept_and_looked_at(roster, tmp_path):
    content = csv_bytes([(code(1), "a\0b", "\x01", "", ""), *enterprise_rows(2)])
    upload = roster.get(ImportUpload, taken_in(tmp_path, content))
    rows = uploads.first_rows(roster(), upload).rows
    assert [row.fault.code if row.fault else "" for row in rows] == ["row_control_character", ""]
    uploads.load(upload.id, None, NOW)
    db.session.expire_all()
    assert upload.report["refused"][0]["cells"][1] == "a\0b"


def test_a_trial_stores_nothing_but_what_it_found(roster, tmp_path):
    key = taken_in(tmp_path, csv_bytes(enterprise_rows(1, 2, 2)))
    uploads.try_out(key, None, NOW)
    counts = roster.get(ImportUpload, key).trial["counts"]
    assert (counts["read"], counts["added"], counts["rejected"]) == (3, 2, 1)
    assert roster.scalar(select(Enterprise.id)) is None


def test_a_load_takes_place_once(roster, tmp_path):
    key = taken_in(tmp_path, csv_bytes(enterprise_rows(1, 2)))
    uploads.load(key, None, NOW)
    with pytest.raises(uploads.UploadDone):
        uploads.load(key, None, NOW)
    with pytest.raises(uploads.UploadDone):
        uploads.drop(key, None, NOW)


def test_a_load_in_the_background_keeps_its_report(roster, tmp_path):
    key = taken_in(tmp_path, csv_bytes([*enterprise_rows(1, 2), ("x", "名", "", "", "")]))
    job = uploads.begin(key, uploads.LOAD, "导入", None, NOW)
    db.session.expire_all()
    upload = roster.get(ImportUpload, key)
    assert roster.get(Job, job).state is JobState.DONE
    assert upload.report["counts"]["added"] == 2
    assert [row["code"] for row in upload.report["refused"]] == ["row_identifier_wrong_length"]
    assert upload.batch.rejects_file


def test_columns_that_do_not_fit_stop_a_load_before_it_begins(roster, tmp_path):
    key = taken_in(tmp_path, odd_file(1))
    with pytest.raises(uploads.FirstLookRefused) as refused:
        uploads.begin(key, uploads.LOAD, "导入", None, NOW)
    assert refused.value.params == {"columns": "企业名称"}


def test_a_column_of_codes_is_known_by_its_values(roster, tmp_path):
    upload = roster.get(ImportUpload, taken_in(tmp_path, odd_file(1, 2, 3)))
    assert upload.headings == {"代码证": "identifier"}


def test_a_trial_says_nothing_any_more_once_the_file_is_read_otherwise(roster, tmp_path):
    key = taken_in(tmp_path, csv_bytes(enterprise_rows(1)))
    uploads.try_out(key, None, NOW)
    uploads.guide(key, {}, True, None)
    db.session.expire_all()
    assert roster.get(ImportUpload, key).trial is None
    assert events(roster, "import_upload:changed")[0]["corrects"] is True


def test_r13_a_file_is_read_as_its_source_says(roster, tmp_path):
    headings = {"代码证": "identifier", "主体全称": "name", "状态": "-"}
    profile = profiles.save_profile(ENTERPRISES, "市法人库", headings, None, NOW)
    key = taken_in(tmp_path, odd_file(1), profile=profile)
    uploads.load(key, None, NOW)
    assert roster.scalar(select(Enterprise.name)) == "长春市样例1有限公司"
    assert roster.get(ImportProfile, profile).last_used_at == NOW


def test_a_profile_changes_in_versions_that_the_audit_trail_keeps(roster):
    first, second = {"代码证": "identifier"}, {"代码证": "identifier", "全称": "name"}
    key = profiles.save_profile(ENTERPRISES, "市法人库", first, None, NOW)
    assert profiles.save_profile(ENTERPRISES, "市法人库", second, None, NOW) == key
    profiles.change_profile(key, second, None, NOW)
    assert roster.get(ImportProfile, key).version == 2
    kept = events(roster, "import_profile:changed")
    assert [(each["version"], each["before"], each["headings"]) for each in kept] == [(2, first, second)]


@pytest.mark.parametrize(
    ("source", "headings", "why"),
    [
        (" ", {}, "source_unusable"),
        ("源" * 61, {}, "source_unusable"),
        ("源\0", {}, "source_unusable"),
        ("市法人库", {"代码": "password"}, "field_unknown"),
        ("市法人库", {"码" * 101: "name"}, "too_long"),
    ],
)
def test_a_profile_that_cannot_be_is_refused(roster, source, headings, why):
    with pytest.raises(ProfileUnusable) as refused:
        profiles.save_profile(ENTERPRISES, source, headings, None, NOW)
    assert refused.value.code == f"profile_{why}"


def test_the_first_rows_show_what_the_file_says_and_how_it_reads(roster, tmp_path):
    rows = [(code(1), "长春市Ａ有限公司", "在营", "220104", ""), ("9l22", "乙", "不明", "", "")]
    upload = roster.get(ImportUpload, taken_in(tmp_path, csv_bytes(rows)))
    head = uploads.first_rows(roster(), upload)
    shown = [[cell.value for cell in row.cells] for row in head.rows]
    assert shown[0][:2] == [code(1), "长春市A有限公司"]
    assert (shown[0][2].value, head.rows[0].cells[2].raw) == ("existing", "在营")
    assert head.rows[1].cells[0].fault.code == "row_identifier_wrong_length"
    assert head.rows[1].cells[2].flags == ("flag_status_unknown",)


def test_an_offered_correction_is_shown_beside_the_cell(roster, tmp_path):
    mistyped = code(11).replace("0", "O", 1)
    upload = roster.get(ImportUpload, taken_in(tmp_path, csv_bytes([(mistyped, "甲", "", "", "")])))
    head = uploads.first_rows(roster(), upload)
    assert (head.offers, head.rows[0].cells[0].offer) == (1, code(11))
