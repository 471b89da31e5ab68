"""Sign-in: lock-out, one answer for every failure, limits by address."""

import re
from datetime import timedelta

import pytest

from app.extensions import db
from app.security.models import LoginLock
from tests.conftest import PASSWORD

API = "/api/v1/security/login"


@pytest.fixture
def zhang(make_user):
    return make_user("zhang")


def attempt(client, username="zhang", password="wrong"):
    return client.post("/login/", data={"username": username, "password": password})


def may_enter(client):
    attempt(client, password=PASSWORD)
    return client.get("/account/").status_code != 302


def fail(client, times):
    for _time in range(times):
        attempt(client)


def test_four_failures_do_not_lock(client, zhang):
    fail(client, 4)
    assert may_enter(client)


def test_five_failures_lock_even_for_the_right_password(client, zhang):
    fail(client, 5)
    assert not may_enter(client)


def test_five_failures_of_the_api_lock_the_pages_and_the_api(client, zhang):
    for _time in range(5):
        assert (
            client.post(API, json={"username": "zhang", "password": "x", "provider": "db"}).status_code == 401
        )
    assert not may_enter(client)
    assert (
        client.post(API, json={"username": "zhang", "password": PASSWORD, "provider": "db"}).status_code
        == 401
    )


def test_the_lock_ends_after_half_an_hour(client, zhang):
    fail(client, 5)
    lock = db.session.get(LoginLock, zhang.id)
    lock.until -= timedelta(minutes=31)
    db.session.commit()
    assert may_enter(client)


def test_a_success_clears_the_failures(client, zhang, app):
    fail(client, 4)
    attempt(client, password=PASSWORD)
    fail(app.test_client(), 4)
    assert may_enter(app.test_client())


def test_the_mail_address_is_locked_with_the_name(client, zhang):
    fail(client, 5)
    attempt(client, "zhang@example.cn", PASSWORD)
    assert client.get("/account/").status_code == 302


def test_unknown_wrong_locked_and_switched_off_get_the_same_answer(app, zhang, make_user):
    locked, off = make_user("locked"), make_user("off")
    off.active = False
    db.session.commit()
    fail_as(app, locked.username, 5)
    answers = {answer_to(app, name) for name in ("nobody", "zhang", "locked", "off")}
    assert len(answers) == 1


def fail_as(app, username, times):
    client = app.test_client()
    for _time in range(times):
        attempt(client, username)


def answer_to(app, username):
    """Status, target and message, without what differs between any two pages."""
    client = app.test_client()
    answer = attempt(client, username)
    page = client.get("/login/").text
    return (
        answer.status_code,
        answer.headers["Location"],
        page.partition('class="note')[2].partition("</div>")[0],
    )


def test_one_address_cannot_try_many_passwords(guarded):
    token = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', guarded.get("/login/").text)[1]
    forms = [{"username": f"u{number}", "password": "x", "csrf_token": token} for number in range(8)]
    codes = [guarded.post("/login/", data=form).status_code for form in forms]
    assert codes == [302] * 5 + [429] * 3


def test_the_api_is_limited_too(guarded):
    codes = [
        guarded.post(API, json={"username": f"u{number}", "password": "x", "provider": "db"}).status_code
        for number in range(8)
    ]
    assert codes == [401] * 5 + [429] * 3


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "///x"]
)
def test_the_sign_in_never_leads_to_another_host(client, zhang, target):
    answer = client.post(
        "/login/", query_string={"next": target}, data={"username": "zhang", "password": PASSWORD}
    )
    location = answer.headers["Location"]
    assert location == "/" or (location.startswith("/") and not location.startswith(("//", "/\\")))


def test_a_reader_is_led_back_to_the_page_asked_for(client, zhang):
    location = client.get("/account/?x=1").headers["Location"]
    assert location == "/login/?next=/account/?x%3D1"
    answer = client.post(location, data={"username": "zhang", "password": PASSWORD})
    assert answer.headers["Location"] == "/account/?x=1"
