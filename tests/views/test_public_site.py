"""The disclosure site: readable by everyone, nothing undisclosed, nothing personal, everything downloadable."""

import csv
import io
import re

import pytest

from app.domain.vocabulary import DisclosureKind, RiskClass, Stratification
from app.extensions import db
from app.models import Disclosure, Enterprise, Inspector, Visit
from app.services import items, visits
from app.services.disclosure import publish
from app.services.withdrawing import withdraw
from app.views.public.csv import guarded
from tests.builders import NOW, World, at, clean
from tests.evidence_builders import make_ready

IDENTITY_NUMBER = re.compile(r"(?<![0-9A-Za-z])[1-8]\d{5}(?:19|20)\d{9}[\dXx](?![0-9A-Za-z])")
# The total cost of a match may have eleven digits too; it stands behind "cost=".
MOBILE_NUMBER = re.compile(r"(?<![0-9A-Za-z])(?<!cost=)1[3-9]\d{9}(?![0-9A-Za-z])")


@pytest.fixture
def world(app):
    return World(enterprises=12)


@pytest.fixture
def year(world):
    """Every kind of document once: list, plan, notice, draw, result."""
    task = world.open(stratification=Stratification.RISK)
    items.disclose_list(world.clerk, NOW)
    for visit in db.session.query(Visit).all():
        for finding in visit.findings:
            member = next(m for m in visit.team if m.inspector.agency_id == finding.agency_id)
            visits.record_finding(finding.id, clean(finding), member.inspector.user, at(visit.planned_on, 8))
        make_ready(visit)
        visits.submit_visit(visit.id, visit.team[0].inspector.user)
        visits.review_visit(visit.id, world.approver, at(visit.planned_on, 9))
    visits.disclose_reviewed(task, world.approver, NOW)
    return task


def text_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.text


def addresses():
    rows = db.session.query(Disclosure).all()
    single = [f"/public/notices/{row.index_no}{ending}" for row in rows for ending in ("", ".csv")]
    draws = [f"/public/draws/{row.body['draw']}" for row in rows if row.kind == DisclosureKind.DRAW]
    lists = [
        f"/public/{slug}{end}"
        for slug in ("items", "plans", "tasks", "draws", "results")
        for end in ("/", ".csv")
    ]
    return ["/public/", *lists, *single, *draws]


def notice(world, **values):
    given = {"kind": DisclosureKind.TASK, "title": "公告", "body": {"items": [], "number": "1"}} | values
    agency = db.session.query(Inspector).first().agency_id
    made = publish(
        db.session(),
        given["kind"],
        given["title"],
        agency,
        1,
        given["body"],
        world.approver,
        given.get("now", NOW),
    )
    db.session.commit()
    return made


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def test_everything_disclosed_can_be_read_without_signing_in(client, year):
    pages = addresses()
    assert len(pages) > 20
    for address in pages:
        assert client.get(address).status_code == 200, address


def test_no_page_makes_a_session_and_all_may_be_kept_for_a_while(client, year):
    for address in addresses():
        answer = client.get(address)
        assert "Set-Cookie" not in answer.headers, address
        assert answer.cache_control.public, address
        assert answer.cache_control.max_age > 0, address


def test_no_page_needs_an_inline_style_or_script(client, year):
    for address in addresses():
        if not address.endswith(".csv"):
            page = text_of(client, address)
            assert not re.search(r'\sstyle="', page), address
            assert not re.search(r"<script(?![^>]*(src=|application/json))", page), address


def test_r29_the_risk_class_is_on_no_page(client, world):
    classes = list(RiskClass)
    for place, enterprise in enumerate(db.session.query(Enterprise).all()):
        enterprise.risk_class = classes[place % len(classes)]
    db.session.commit()
    world.open(stratification=Stratification.RISK)
    forbidden = [risk.label for risk in RiskClass] + ["未分类", "risk_class"]
    for address in addresses():
        page = text_of(client, address)
        assert not [word for word in forbidden if word in page], address


def test_r60_no_page_carries_identity_or_mobile_numbers_or_names_of_inspectors(client, year):
    names = [person.name for person in db.session.query(Inspector).all()]
    for address in addresses():
        page = text_of(client, address)
        assert not IDENTITY_NUMBER.search(page), address
        assert not MOBILE_NUMBER.search(page), address
        assert not [name for name in names if name in page], address


def test_the_scan_of_this_file_would_find_personal_numbers():
    assert IDENTITY_NUMBER.search("证件 22010219900307123X。")
    assert MOBILE_NUMBER.search("电话13800138000")
    assert not IDENTITY_NUMBER.search("91220101000000001X")


def test_codes_of_the_vocabulary_are_shown_by_their_labels(client, year):
    result = db.session.query(Disclosure).filter_by(kind=DisclosureKind.RESULT).first()
    page = text_of(client, f"/public/notices/{result.index_no}")
    assert "未发现问题" in page
    assert "实地检查" in page
    assert "on_site" not in page


def test_r92_a_document_states_index_number_publisher_and_date(client, world):
    row = notice(world)
    page = text_of(client, f"/public/notices/{row.index_no}")
    for stated in (row.index_no, row.agency.name, "2026-04-01", row.body_hash):
        assert stated in page


def test_r57_a_withdrawn_document_leaves_a_tombstone_with_its_reason(client, world):
    row = notice(world, title="撤下的公告", body={"items": [], "number": "机密编号"})
    withdraw(row.id, "公示有误", world.approver, NOW)
    answer = client.get(f"/public/notices/{row.index_no}")
    assert answer.status_code == 410
    assert "公示有误" in answer.text
    assert "机密编号" not in answer.text
    assert client.get(f"/public/notices/{row.index_no}.csv").status_code == 410
    assert "已撤下" in text_of(client, "/public/tasks/") or "withdrawn" in text_of(client, "/public/tasks/")


@pytest.mark.parametrize(
    "address",
    [
        "/public/notices/SW-2026-99999",
        "/public/draws/nothing",
        "/public/secrets/",
        "/public/notices/%00",
        "/public/results/?q=%00",
    ],
)
def test_what_was_never_disclosed_is_not_found(client, world, address):
    assert client.get(address).status_code == 404


def test_a_list_is_paged_and_filtered_by_year_and_words(client, world):
    for number in range(25):
        notice(world, title=f"编号{number:02d}文", now=NOW.replace(year=2025 if number < 3 else 2026))
    first, second = text_of(client, "/public/tasks/"), text_of(client, "/public/tasks/?page=2")
    assert first.count("编号") == 20
    assert second.count("编号") == 5
    assert text_of(client, "/public/tasks/?year=2025").count("编号") == 3
    assert text_of(client, "/public/tasks/?q=编号07").count("编号07文") == 1
    assert len(rows_of(client.get("/public/tasks.csv?year=2025"))) == 4


@pytest.mark.parametrize("address", ["?page=0", "?page=x", "?page=99999999999999999999", "?q=%25"])
def test_odd_arguments_are_no_error(client, world, address):
    assert client.get(f"/public/results/{address}").status_code == 200


def test_a_table_of_a_page_and_its_file_hold_the_same(client, year):
    row = db.session.query(Disclosure).filter_by(kind=DisclosureKind.DRAW).one()
    lines = rows_of(client.get(f"/public/notices/{row.index_no}.csv"))
    assert len(lines) == 1 + row.body["count"]
    page = text_of(client, f"/public/notices/{row.index_no}")
    assert all(line[2] in page for line in lines[1:])
    assert [line[2] for line in lines[1:]] == sorted(line[2] for line in lines[1:])


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1"])
def test_a_cell_never_becomes_a_formula(client, world, text):
    row = notice(world, body={"items": [{"code": "X", "name": text}], "number": "1"})
    cells = rows_of(client.get(f"/public/notices/{row.index_no}.csv"))[1]
    assert cells == ["X", f"'{text}"]
    assert guarded("正常") == "正常"
    assert guarded(None) == ""


def test_what_is_published_is_shown_as_text(client, world):
    row = notice(world, title="<script>alert(1)</script>", body={"items": [], "number": "<b>1</b>"})
    page = text_of(client, f"/public/notices/{row.index_no}")
    assert "<script>alert" not in page
    assert "<b>1</b>" not in page
