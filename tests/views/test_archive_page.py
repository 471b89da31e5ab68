"""档案 on the pages: what is due, filing, download, check; the trace and the notices of a task in the background."""

import io
import zipfile

import pytest

from app.extensions import db
from app.models import ArchiveFile, IssuedDocument, Job, StoredChunk
from app.security import roles
from app.services.storage import fetch_bytes
from tests.builders import make_user
from tests.builders_documents import recorded_visit
from tests.views.pages import enter, messages


@pytest.fixture
def world(app):
    world, world.visit, world.moment = recorded_visit(state="disclosed")
    return world


@pytest.fixture
def client(app, world):
    return enter(app, "planner")


def filed(client, world):
    client.post(f"/archive/visits/{world.visit.id}")
    return db.session.query(ArchiveFile).one()


def test_R83_what_has_ended_waits_to_be_filed_and_then_stands_in_the_register(client, world):
    page = client.get("/archive/list/").text
    assert "待立卷" in page
    assert world.visit.number in page
    file = filed(client, world)
    page = client.get("/archive/list/").text
    assert file.number in page
    assert "待立卷" not in page
    assert file.number in client.get(f"/visits/show/{world.visit.id}").text


def test_R83_a_file_is_downloaded_and_checked(client, world):
    file = filed(client, world)
    with client.get(f"/archive/{file.id}/file") as answer:
        assert "manifest.txt" in zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    said = messages(client.post(f"/archive/{file.id}/check", follow_redirects=True))
    assert said[-1] == "案卷完整：全部摘要重新计算后一致。"
    db.session.query(StoredChunk).filter_by(digest=file.digest).delete()
    db.session.commit()
    said = messages(client.post(f"/archive/{file.id}/check", follow_redirects=True))
    assert said[-1].startswith("案卷已损坏")


def test_R83_everything_that_is_due_is_filed_in_the_background(client, world):
    answer = client.post("/archive/all")
    assert "/jobs/" in answer.location
    assert db.session.query(ArchiveFile).one().visit_id == world.visit.id
    assert db.session.query(Job).one().result == {"filed": 1, "refused": 0}


def test_R83_a_visit_that_has_not_ended_is_refused_with_the_reason(app, world):
    _world, other, _now = recorded_visit(world, state="reviewed")
    answer = enter(app, "planner").post(f"/archive/visits/{other.id}", follow_redirects=True)
    assert messages(answer) == [f"检查 {other.number} 的全部事项公示并完结后才能立卷。"]


def test_R84_the_trace_of_an_enterprise_is_exported_in_the_background(client, world):
    firm = world.visit.enterprise_id
    assert "全过程记录" in client.get(f"/enterprises/show/{firm}").text
    assert "个人信息" in client.get(f"/trace/{firm}").text
    assert "/jobs/" in client.post(f"/trace/{firm}/export").location
    job = db.session.query(Job).one()
    with client.get(f"/jobs/{job.id}/file") as answer:
        assert "目录.html" in zipfile.ZipFile(io.BytesIO(answer.data)).namelist()


def test_R42_the_notices_of_a_task_are_printed_in_one_go(client, world):
    task = world.visit.task_id
    assert "打印检查通知书" in client.get(f"/tasks/show/{task}").text
    client.post(f"/documents/notices/{task}")
    job = db.session.query(Job).one()
    count = len(world.visit.task.visits)
    assert job.result["issued"] == count == db.session.query(IssuedDocument).count()
    names = zipfile.ZipFile(io.BytesIO(fetch_bytes(db.session(), job.result["file"]))).namelist()
    assert sum(name.endswith(".docx") for name in names) == count
    assert "合订本.pdf" in names


def test_another_department_and_an_inspector_keep_out(app, client, world):
    file = filed(client, world)
    make_user("foreign", roles.PLANNER, "A02")
    foreign = enter(app, "foreign")
    assert foreign.get(f"/archive/{file.id}/file").status_code == 404
    assert foreign.get(f"/trace/{world.visit.enterprise_id}").status_code == 404
    assert foreign.post(f"/trace/{world.visit.enterprise_id}/export").status_code == 404
    assert foreign.post(f"/archive/visits/{world.visit.id}").status_code == 404
    assert foreign.post(f"/documents/notices/{world.visit.task_id}").status_code == 404
    own = enter(app, world.visit.team[0].inspector.staff_no.lower())
    assert own.get(f"/archive/{file.id}/file").status_code in (302, 403)
    assert db.session.query(Job).count() == 0
