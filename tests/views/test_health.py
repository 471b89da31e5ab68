"""The pages for machines: alive, ready, metrics; to strangers they do not exist."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from app.domain.vocabulary import JobKind, JobState
from app.extensions import db
from app.extensions import jobs as extension
from app.models import Job
from app.queue import WORKER_KEY
from app.services import health
from tests.builders import NOW

PAGES = ("/healthz", "/readyz", "/metrics")


@pytest.fixture
def at_head(app):
    """The schema's version as the migrations would have left it."""
    with db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(80))"))
        connection.execute(
            text("INSERT INTO alembic_version VALUES (:version)"), {"version": health.newest_revision()}
        )
    yield
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))


@pytest.fixture
def worker(app):
    """A worker has just given a sign of life."""
    extension.queue.note(WORKER_KEY, {"at": datetime.now(UTC).timestamp(), "worker": "here:1:x"})
    yield
    extension.queue.forget(WORKER_KEY)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("address", ["192.0.2.7", "2001:db8::1", ""])
def test_strangers_find_nothing(client, page, address):
    assert client.get(page, environ_base={"REMOTE_ADDR": address}).status_code == 404


def test_the_process_is_alive_whatever_else(client):
    assert client.get("/healthz").json == {"alive": True}


def test_ready_means_database_schema_and_worker(client, at_head, worker):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"ready": True, "faults": {}})


def test_without_a_worker_or_a_schema_it_is_not_ready(client, app):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert set(answer.json["faults"]) == {"database", "worker"}


def test_an_older_schema_is_not_ready(client, at_head, worker):
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert set(client.get("/readyz").json["faults"]) == {"schema"}


def test_a_worker_that_fell_silent_is_not_ready(client, at_head, worker):
    extension.queue.note(WORKER_KEY, {"at": NOW.timestamp(), "worker": "here:1:x"})
    assert set(client.get("/readyz").json["faults"]) == {"worker"}


def test_the_metrics_count_requests_by_endpoint_and_jobs_by_state(client, worker):
    client.get("/public/")
    moment = datetime.now(UTC)
    times = {"queued_at": moment, "started_at": moment, "finished_at": moment}
    db.session.add(Job(kind=JobKind.EXPORT, title="导出", arguments={}, state=JobState.DONE, **times))
    db.session.commit()
    page = client.get("/metrics").text
    assert (
        'flask_http_request_duration_seconds_count{endpoint="public.home",method="GET",status="200"}' in page
    )
    assert 'inspection_jobs{kind="export",state="done"} 1.0' in page
    assert 'inspection_job_seconds_mean{kind="export"} 0.0' in page
    assert "inspection_job_oldest_waiting_seconds 0.0" in page
    assert "health." not in page
