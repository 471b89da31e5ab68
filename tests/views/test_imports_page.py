"""导入: a file is looked over, tried, loaded; recurring sources; refused rows come back as a workbook."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app.domain.vocabulary import ImportKind
from app.extensions import db
from app.models import AuditEvent, Enterprise, ImportBatch, ImportProfile, ImportUpload, Job
from app.services.storage import fetch_bytes
from app.views import imports
from tests.builders import World
from tests.corpus_files import everything
from tests.corpus_rosters import code, csv_bytes
from tests.corpus_workbooks import malformed
from tests.views.pages import enter, messages, visible_text

HEADER = "企业名称,统一社会信用代码,登记状态\n"
GOOD = "杭州样例甲有限公司,91330108793696828A,存续\n"
BAD = "杭州样例乙有限公司,91330108793696828B1,存续\n"
TYPO = "杭州样例甲有限公司,9133OlO8793696828A,存续\n"
ODD = "主体全称,代码证,状态\n" + GOOD


@pytest.fixture
def clerk(app):
    World(enterprises=0, inspectors=0)
    return enter(app, "clerk")


def upload(client, content, name="名录.csv", **fields):
    content = content.encode() if isinstance(content, str) else content
    data = {"kind": "enterprises", "file": (BytesIO(content), name), **fields}
    answer = client.post("/import/", data=data, content_type="multipart/form-data")
    db.session.expire_all()
    return answer


def kept():
    return db.session.scalars(select(ImportUpload).order_by(ImportUpload.id.desc())).first()


def step(client, name, **fields):
    answer = client.post(f"/import/{kept().id}/{name}", data=fields)
    db.session.expire_all()
    return answer


def count():
    return db.session.query(Enterprise).count()


def test_a_file_is_looked_over_before_anything_is_stored(clerk):
    answer = upload(clerk, HEADER + GOOD + BAD)
    assert answer.location == f"/import/{kept().id}"
    page = clerk.get(answer.location).text
    assert "前 2 行的读取结果" in page
    assert "91330108793696828B1" in page
    assert kept().trial["counts"] == {
        "read": 2,
        "added": 1,
        "changed": 0,
        "unchanged": 0,
        "rejected": 1,
        "flagged": 0,
    }
    assert (count(), db.session.query(ImportBatch).count()) == (0, 0)


def test_loading_takes_the_very_bytes_that_were_looked_at(clerk):
    upload(clerk, HEADER + GOOD + BAD)
    stored = fetch_bytes(db.session(), kept().file_digest)
    answer = step(clerk, "load")
    assert answer.location == f"/import/{kept().id}/result"
    assert stored == (HEADER + GOOD + BAD).encode()
    assert kept().batch.file_digest == kept().file_digest
    assert count() == 1


def test_the_result_shows_counts_and_refused_rows_with_line_and_reason(clerk):
    upload(clerk, HEADER + GOOD + BAD)
    page = clerk.get(step(clerk, "load").location).text
    assert '<td class="num">3</td>' in page
    assert "1 行未导入" in page


def test_refused_rows_can_be_downloaded_corrected_and_loaded_again(clerk):
    upload(clerk, HEADER + GOOD + BAD)
    step(clerk, "load")
    batch = db.session.query(ImportBatch).one()
    book = load_workbook(BytesIO(clerk.get(f"/imports/{batch.id}/rejects").data))
    assert [cell.value for cell in book.active[1]][:2] == ["行号", "原因"]
    book.active["D2"] = code(7)
    target = BytesIO()
    book.save(target)
    upload(clerk, target.getvalue(), name="未导入记录.xlsx")
    step(clerk, "load")
    assert (count(), kept().report["counts"]["added"]) == (2, 1)


def test_the_same_file_again_says_that_nothing_changed(clerk):
    for _ in range(2):
        upload(clerk, HEADER + GOOD)
        answer = step(clerk, "load")
    assert "没有变化" in clerk.get(answer.location).text


def test_a_file_is_loaded_once_only(clerk):
    upload(clerk, HEADER + GOOD)
    step(clerk, "load")
    page = clerk.post(f"/import/{kept().id}/load", follow_redirects=True)
    assert any("已经导入" in message for message in messages(page))
    assert db.session.query(ImportBatch).count() == 1


def test_a_file_put_aside_is_not_loaded(clerk):
    upload(clerk, HEADER + GOOD)
    step(clerk, "drop")
    step(clerk, "load")
    assert count() == 0
    assert "名录.csv" not in visible_text(clerk.get("/import/").text)


def test_columns_that_nobody_knows_are_placed_by_the_clerk(clerk):
    upload(clerk, ODD)
    page = clerk.get(f"/import/{kept().id}").text
    assert "尚缺：企业名称" in page
    assert kept().headings == {"代码证": "identifier"}  # told by the codes below it
    assert kept().trial is None
    step(clerk, "reading", **{"column-0": "name", "column-2": "status"})
    assert kept().trial["counts"]["added"] == 1
    step(clerk, "load")
    assert db.session.query(Enterprise).one().name == "杭州样例甲有限公司"


def test_a_file_whose_columns_do_not_fit_cannot_be_loaded(clerk):
    upload(clerk, ODD)
    answer = clerk.post(f"/import/{kept().id}/load", follow_redirects=True)
    assert messages(answer)[0].startswith("各列尚不完整，缺少：企业名称")
    assert count() == 0


def test_corrections_are_offered_and_taken_only_when_accepted(clerk):
    upload(clerk, HEADER + TYPO)
    page = clerk.get(f"/import/{kept().id}").text
    assert "1 处疑似录入错误" in page
    assert "91330108793696828A" in page
    assert kept().trial["counts"]["rejected"] == 1
    step(clerk, "reading", corrects="1")
    assert kept().trial["counts"]["added"] == 1
    step(clerk, "load")
    assert db.session.query(Enterprise).one().identifier == "91330108793696828A"
    page = clerk.get(f"/import/{kept().id}/result").text
    assert "9133OlO8793696828A" in page


def test_a_correction_leaves_its_consent_in_the_audit_trail(clerk):
    upload(clerk, HEADER + TYPO)
    step(clerk, "reading", corrects="1")
    event = db.session.query(AuditEvent).filter_by(tag="import_upload:changed").one()
    assert '"corrects": true' in event.data


def remembered(client, source="市法人库"):
    upload(client, ODD)
    step(client, "reading", **{"column-0": "name", "column-2": "status", "remember": "1", "source": source})
    step(client, "load")
    return db.session.query(ImportProfile).one()


def test_a_recurring_source_is_loaded_with_one_click(clerk):
    profile = remembered(clerk)
    assert (profile.source, profile.kind, profile.version) == ("市法人库", ImportKind.ENTERPRISES, 1)
    weekly = ODD + f"杭州样例丙有限公司,{code(3)},存续\n"
    answer = upload(clerk, weekly, profile=profile.id, straight="1")
    assert answer.location == f"/import/{kept().id}/result"
    assert kept().report["counts"] | {"flagged": 0} == {
        "read": 2,
        "added": 1,
        "changed": 0,
        "unchanged": 1,
        "rejected": 0,
        "flagged": 0,
    }


def test_a_recurring_source_with_new_columns_is_looked_over_first(clerk):
    profile = remembered(clerk)
    answer = upload(clerk, ODD.replace("主体全称", "全称"), profile=profile.id, straight="1")
    assert answer.location == f"/import/{kept().id}"
    assert any("与上次不同" in message for message in messages(clerk.get(answer.location)))
    assert count() == 1


def test_a_source_is_changed_in_versions_that_stay_on_record(clerk):
    profile = remembered(clerk)
    address = f"/import-sources/{profile.id}"
    clerk.post(
        address, data={"field-name": "主体全称、全称", "field-identifier": "代码证", "field--": "备注"}
    )
    db.session.expire_all()
    assert profile.version == 2
    assert profile.headings == {"主体全称": "name", "全称": "name", "代码证": "identifier", "备注": "-"}
    clerk.post(
        address, data={"field-name": "主体全称、全称", "field-identifier": "代码证", "field--": "备注"}
    )
    db.session.expire_all()
    assert profile.version == 2
    page = clerk.get(address).text
    assert "第 1 版" in page
    assert "第 2 版" in page


def test_a_large_file_is_tried_in_the_background(clerk, monkeypatch):
    monkeypatch.setattr(imports, "SMALL", 10)
    upload(clerk, HEADER + GOOD)
    assert kept().trial is None
    assert step(clerk, "try").location == f"/import/{kept().id}"
    assert kept().trial["counts"]["added"] == 1
    assert db.session.query(Job).one().result == {"page": f"/import/{kept().id}"}


def test_every_roster_comes_in_by_the_same_pages(clerk):
    upload(clerk, "工号,姓名,部门\nJ901,样某,商务局不存在\n", kind="inspectors")
    page = clerk.get(f"/import/{kept().id}").text
    assert "没有部门“商务局不存在”" in page or "商务局不存在" in page
    upload(clerk, "事项编码,抽查领域,事项名称,实施部门\nXC-9,汽车流通,样例,无此部门\n", kind="items")
    assert clerk.get(f"/import/{kept().id}").status_code == 200
    upload(
        clerk,
        csv_bytes([(code(1), "经营异常", "2026-01-01")], headers=("代码", "名单", "列入")),
        kind="listings",
    )
    assert clerk.get(f"/import/{kept().id}").status_code == 200


@pytest.mark.parametrize("text", ["", "<html><table></table></html>"])
def test_an_unreadable_file_is_refused_in_words(clerk, text):
    answer = upload(clerk, text)
    assert answer.status_code == 200
    assert len(messages(answer)) == 1
    assert db.session.query(ImportUpload).count() == 0


def test_a_batch_without_refused_rows_has_no_workbook(clerk):
    upload(clerk, HEADER + GOOD)
    step(clerk, "load")
    assert clerk.get(f"/imports/{db.session.query(ImportBatch).one().id}/rejects").status_code == 404


BOOKS = {name: content for name, content in malformed() if name.endswith(("7", "beyond", "entity", "apart"))}
FILES = {name: content for name, (content, _) in everything().items()}
SAMPLE = {
    name: content
    for name, content in (*list(BOOKS.items())[::2], *list(FILES.items())[::3])
    if len(content) < 400_000  # the test client leaves larger uploads open
}


@pytest.mark.parametrize("name", SAMPLE)
def test_a_malformed_file_gets_a_page_with_a_sentence_and_never_an_error(clerk, name):
    answer = upload(clerk, SAMPLE[name], name="名录.xlsx")
    if answer.status_code == 200:
        assert len(messages(answer)) == 1
        return
    page = clerk.get(answer.location)
    assert page.status_code == 200
    loaded = step(clerk, "load")
    assert clerk.get(loaded.location).status_code == 200
    report = kept().report
    if report is not None:
        counts = report["counts"]
        parts = ("added", "changed", "unchanged", "rejected")
        assert counts["read"] == sum(counts[part] for part in parts)


def test_R13_a_trial_shows_what_would_be_added_changed_and_gone(clerk):
    before = "".join(f"长春市样例{n}有限公司,{code(n)},存续\n" for n in range(1, 21))
    upload(clerk, HEADER + before)
    step(clerk, "load")
    week = before.replace("样例3", "改名3").replace(f"长春市样例5有限公司,{code(5)},存续\n", "")
    upload(clerk, HEADER + week + f"长春市新例有限公司,{code(99)},存续\n")
    account = kept().trial
    assert (account["counts"]["added"], account["counts"]["changed"], account["gone"]) == (1, 1, 1)
    page = visible_text(clerk.get(f"/import/{kept().id}").text)
    assert "来源已无" in page
    assert "长春市改名3有限公司" in page
    assert "长春市新例有限公司" in page
    assert "长春市样例5有限公司" in page


def test_a_whole_roster_may_be_sent_by_whoever_is_signed_in(app, clerk, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1000)
    rows = HEADER + "".join(f"长春市样例{n}有限公司,{code(n)},存续\n" for n in range(50))
    assert upload(clerk, rows).location == f"/import/{kept().id}"
    assert upload(app.test_client(), rows).location.startswith("/login/")
    assert db.session.query(ImportUpload).count() == 1


def test_the_work_desk_names_the_files_that_wait(clerk):
    upload(clerk, HEADER + GOOD)
    assert "核对并导入：名录.csv" in clerk.get("/").text
    step(clerk, "load")
    assert "核对并导入" not in clerk.get("/").text


def test_what_was_corrected_is_marked_in_the_text_of_the_file(clerk):
    upload(clerk, HEADER + TYPO)
    step(clerk, "reading", corrects="1")
    assert (
        "9133<mark>O</mark><mark>l</mark><mark>O</mark>8793696828A" in clerk.get(f"/import/{kept().id}").text
    )
