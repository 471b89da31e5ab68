"""The pages of background work: one's own, with progress, cancel, retry and the file that was made."""

from datetime import UTC, datetime

import pytest

from app.domain.vocabulary import JobKind, JobState
from app.extensions import db
from app.extensions import jobs as extension
from app.models import Job
from app.security.roles import ADMINISTRATOR, PLANNER
from app.services import jobs
from app.services.storage import store
from app.services.transaction import transaction

NOW = datetime(2026, 4, 1, 2, tzinfo=UTC)


@pytest.fixture
def own_job(app, monkeypatch, make_user, sign_in):
    """A waiting job of the signed-in planner."""
    monkeypatch.setitem(app.config, "JOBS_INLINE", False)
    client = sign_in(PLANNER)
    user = app.appbuilder.sm.find_user(username="user")
    key = jobs.enqueue(JobKind.EXPORT, {}, user, NOW, "导出检查对象名录", origin="/tasks/list/")
    yield key, client
    extension.queue.huey.storage.flush_all()


def put(key, **values):
    with transaction() as session:
        for name, value in values.items():
            setattr(session.get(Job, key), name, value)


def state_of(key):
    db.session.expire_all()
    return db.session.get(Job, key).state


def test_the_list_shows_the_work_and_the_menu_counts_it(own_job):
    _key, client = own_job
    page = client.get("/jobs/list/").text
    assert "导出检查对象名录" in page
    assert '我的后台工作 <span class="n">1</span>' in page


def test_a_running_job_shows_percent_rate_and_remaining_time(own_job):
    key, client = own_job
    put(key, state=JobState.RUNNING, started_at=NOW)
    told = {"done": 400_000, "total": 1_600_000, "phase": "reading", "rate": 20_000.0, "at": 0}
    extension.queue.note(jobs.pulse_key(key), told)
    for address in (f"/jobs/show/{key}", f"/jobs/{key}/progress"):
        page = client.get(address).text
        for words in ("25 %", "已完成 400,000，共 1,600,000", "每秒 20,000 条", "约剩 1 分 0 秒", "读取"):
            assert words in page


def test_the_page_works_without_a_script(own_job):
    key, client = own_job
    assert (
        '<noscript><meta http-equiv="refresh" content="3"></noscript>' in client.get(f"/jobs/show/{key}").text
    )
    client.post(f"/jobs/{key}/cancel")
    assert state_of(key) is JobState.CANCELLED
    page = client.get(f"/jobs/show/{key}").text
    assert "refresh" not in page
    assert "已取消" in page
    client.post(f"/jobs/{key}/retry")
    assert state_of(key) is JobState.QUEUED


def test_a_running_job_that_is_asked_to_stop_says_so(own_job):
    key, client = own_job
    put(key, state=JobState.RUNNING, started_at=NOW)
    client.post(f"/jobs/{key}/cancel")
    assert extension.queue.noted(jobs.stop_key(key)) is not None
    assert "即将停止" in client.get(f"/jobs/{key}/progress").text


def test_a_failed_job_says_why_and_leads_on(own_job):
    key, client = own_job
    put(key, state=JobState.FAILED, error_code="job_broke", error_params={"reference": "abc123"})
    page = client.get(f"/jobs/show/{key}").text
    assert "工作因故障中止，日志编号 abc123。" in page
    assert 'href="/tasks/list/"' in page


def test_a_match_that_failed_for_want_of_staff_leads_to_the_remedies(own_job):
    key, client = own_job
    put(key, state=JobState.FAILED, error_code="cannot_be_staffed", arguments={"task_id": 7})
    assert 'href="/matching/7/match"' in client.get(f"/jobs/show/{key}").text


def test_the_file_of_an_export_is_downloaded_by_its_owner_only(own_job, app, make_user):
    key, client = own_job
    with transaction() as session:
        digest = store(session, [b"some", b"thing"], "export")
    put(key, state=JobState.DONE, result={"file": digest, "name": "名录.csv", "media": "text/csv"})
    with client.get(f"/jobs/{key}/file") as answer:
        assert answer.data == b"something"
    make_user("other", PLANNER)
    other = app.test_client()
    other.post("/login/", data={"username": "other", "password": "Sunny-Harbour-42"})
    for address in (f"/jobs/{key}/file", f"/jobs/show/{key}", f"/jobs/{key}/progress"):
        assert other.get(address).status_code == 404
    assert other.post(f"/jobs/{key}/cancel").status_code == 404
    assert "导出检查对象名录" not in other.get("/jobs/list/").text


def test_the_administrator_sees_everybodys_work_and_stops_none(own_job, app, make_user):
    key, _client = own_job
    make_user("keeper", ADMINISTRATOR)
    keeper = app.test_client()
    keeper.post("/login/", data={"username": "keeper", "password": "Sunny-Harbour-42"})
    assert "导出检查对象名录" in keeper.get("/all-jobs/list/").text
    page = keeper.get(f"/all-jobs/show/{key}").text
    assert "/cancel" not in page
    assert keeper.post(f"/all-jobs/{key}/cancel").status_code in (404, 405)
