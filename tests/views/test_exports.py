"""导出筛选结果: the rows under the filter, for whoever may still have them, as a file of their own (R90)."""

import csv
import io
import json

import pytest
from openpyxl import load_workbook

from app.domain.vocabulary import EntityStatus, JobState
from app.extensions import db
from app.models import AuditEvent, Job
from app.security import roles
from tests.builders import World, make_enterprise, make_user
from tests.views.pages import enter


@pytest.fixture
def world(app):
    return World(enterprises=2, inspectors=0)


def export(client, form, query=""):
    answer = client.post("/enterprises/export", data={"form": form, "query": query})
    assert answer.status_code == 302
    db.session.expire_all()
    return db.session.query(Job).order_by(Job.id.desc()).first()


def file_of(client, job):
    with client.get(f"/jobs/{job.id}/file") as answer:
        return answer.data


def rows_of_csv(client, job):
    return list(csv.DictReader(io.StringIO(file_of(client, job).decode("utf-8-sig"))))


def test_the_filter_travels_and_its_rows_come_back(app, world):
    make_enterprise(name="长春市沐行科技有限公司", status=EntityStatus.DORMANT, address="红旗街1号")
    client = enter(app, "clerk")
    job = export(client, "csv", "words=沐行&status=dormant")
    assert (job.state, job.result["rows"]) == (JobState.DONE, 1)
    (row,) = rows_of_csv(client, job)
    assert row["企业名称"] == "长春市沐行科技有限公司"
    assert row["登记状态"] == "歇业"
    assert row["住所"] == "红旗街1号"


def test_without_a_filter_every_row_is_there_once(app, world, monkeypatch):
    monkeypatch.setattr("app.views.exports.BLOCK", 1)
    client = enter(app, "clerk")
    rows = rows_of_csv(client, export(client, "csv"))
    assert sorted(row["企业名称"] for row in rows) == sorted(each.name for each in world.enterprises)


def test_a_workbook_says_its_filter_and_time(app, world):
    client = enter(app, "clerk")
    job = export(client, "xlsx", "status=existing")
    sheet = load_workbook(io.BytesIO(file_of(client, job))).active
    text = " ".join(str(cell) for row in sheet.iter_rows(max_row=2, values_only=True) for cell in row if cell)
    assert "登记状态：存续" in text
    assert "导出时间" in text


def test_R90_an_export_is_put_on_the_trail_with_filter_and_count(app, world):
    export(enter(app, "clerk"), "csv", "status=existing")
    event = db.session.query(AuditEvent).filter_by(tag="register:list:exported").one()
    data = json.loads(event.data)
    assert event.actor_name == "clerk"
    assert (data["rows"], data["filter"], data["form"]) == (2, "登记状态：存续", "csv")


def test_R90_a_file_is_given_to_its_owner_only(app, world):
    job = export(enter(app, "clerk"), "csv")
    assert enter(app, "planner").get(f"/jobs/{job.id}/file").status_code == 404


def test_whoever_may_not_export_is_refused(app, world):
    assert enter(app, "approver").post("/enterprises/export", data={"form": "csv"}).status_code == 403
    assert "导出筛选结果" not in enter(app, "approver").get("/enterprises/list/").text
    assert "导出筛选结果" in enter(app, "clerk").get("/enterprises/list/").text


def test_rights_are_looked_at_again_when_the_work_is_done(app, world):
    clerk = make_user("clerk", roles.ROSTER_CLERK)
    client = enter(app, "clerk")
    held, clerk.roles = clerk.roles, []
    db.session.commit()
    from app.services.exporting import Form, ask
    from tests.builders import NOW

    ask("EnterpriseView", "", Form.CSV, "导出", clerk, NOW, "/")
    job = db.session.query(Job).order_by(Job.id.desc()).first()
    assert (job.state, job.error_code, job.result) == (JobState.FAILED, "export_not_permitted", None)
    clerk.roles = held
    db.session.commit()
    assert "您没有导出此列表的权限。" in client.get(f"/jobs/show/{job.id}").text


@pytest.mark.parametrize("form", ["", "exe", "xls"])
def test_other_forms_are_refused(app, world, form):
    assert enter(app, "clerk").post("/enterprises/export", data={"form": form}).status_code == 400
