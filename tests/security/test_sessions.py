"""A session is new at sign-in and over at sign-out, at a new password, when idle, when old."""

from datetime import UTC, datetime, timedelta

import pytest
from flask_jwt_extended import decode_token
from sqlalchemy import update

from app.extensions import db
from app.security.models import WebSession
from app.security.roles import ADMINISTRATOR
from app.security.sessions import SIGNED_IN
from tests.conftest import PASSWORD

NEW_PASSWORD = "Quiet-Mountain-7"


def signed_in(client):
    return client.get("/account/").status_code == 200


def cookie_of(client):
    return client.get_cookie("session").value


def with_cookie(app, value):
    client = app.test_client()
    client.set_cookie("session", value)
    return client


def test_the_identifier_is_new_at_sign_in(app, make_user):
    make_user("user", ADMINISTRATOR)
    client = app.test_client()
    client.post("/language/", data={"language": "en"})
    planted = cookie_of(client)
    client.post("/login/", data={"username": "user", "password": PASSWORD})
    assert cookie_of(client) != planted
    assert signed_in(client)
    assert not signed_in(with_cookie(app, planted))


def test_an_identifier_invented_by_the_reader_is_not_taken(app, make_user):
    make_user("user", ADMINISTRATOR)
    client = with_cookie(app, "invented")
    client.post("/login/", data={"username": "user", "password": PASSWORD})
    assert cookie_of(client) != "invented"


def test_the_cookie_is_dead_after_sign_out(app, sign_in):
    client = sign_in(ADMINISTRATOR)
    cookie = cookie_of(client)
    client.post("/logout/")
    assert not signed_in(client)
    assert not signed_in(with_cookie(app, cookie))


def test_a_new_password_ends_all_other_sessions(app, sign_in):
    mine, other = sign_in(ADMINISTRATOR), sign_in(ADMINISTRATOR)
    form = {"present": PASSWORD, "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert mine.post("/account/password", data=form).status_code == 302
    assert signed_in(mine)
    assert not signed_in(other)


def test_a_password_reset_by_the_administrator_ends_the_sessions(app, sign_in, make_user):
    target = make_user("li", ADMINISTRATOR)
    theirs, admin = sign_in(username="li"), sign_in(ADMINISTRATOR)
    assert signed_in(theirs)
    admin.post(f"/users/{target.id}/password", data={"password": NEW_PASSWORD, "again": NEW_PASSWORD})
    assert not signed_in(theirs)


def test_switching_an_account_off_ends_its_sessions(app, sign_in):
    client = sign_in(ADMINISTRATOR)
    app.appbuilder.sm.find_user("user").active = False
    db.session.commit()
    assert not signed_in(client)


def test_taking_a_role_away_works_at_once(app, sign_in):
    client = sign_in(ADMINISTRATOR)
    assert client.get("/users/list/").status_code == 200
    app.appbuilder.sm.find_user("user").roles = []
    db.session.commit()
    assert client.get("/users/list/").status_code == 403


def test_an_idle_session_is_over(app, sign_in):
    client = sign_in(ADMINISTRATOR)
    row = db.session.query(WebSession).one()
    assert (
        timedelta(minutes=29) < row.expires - datetime.now(UTC).replace(tzinfo=None) <= timedelta(minutes=30)
    )
    db.session.execute(update(WebSession).values(expires=row.expires - timedelta(minutes=31)))
    db.session.commit()
    assert not signed_in(client)


def test_a_session_is_over_after_a_working_day(app, sign_in):
    client = sign_in(ADMINISTRATOR)
    with client.session_transaction() as session:
        session[SIGNED_IN] -= 8 * 3600 + 1
    assert not signed_in(client)


def test_the_table_does_not_hold_the_cookie(app, sign_in):
    client = sign_in(ADMINISTRATOR)
    row = db.session.query(WebSession).one()
    assert cookie_of(client) not in row.key
    assert cookie_of(client).encode() not in row.content


def test_a_public_page_makes_no_session(client, app):
    client.get("/static/css/app.css").close()
    client.get("/nowhere")
    assert db.session.query(WebSession).count() == 0


@pytest.fixture
def token(client, make_user):
    make_user("user", ADMINISTRATOR)
    answer = client.post(
        "/api/v1/security/login",
        json={"username": "user", "password": PASSWORD, "provider": "db", "refresh": True},
    )
    return answer.json


def test_a_token_ends_with_the_password(client, app, token):
    headers = {"Authorization": f"Bearer {token['refresh_token']}"}
    assert client.post("/api/v1/security/refresh", headers=headers).status_code == 200
    app.appbuilder.sm.reset_password(app.appbuilder.sm.find_user("user").id, NEW_PASSWORD)
    assert client.post("/api/v1/security/refresh", headers=headers).status_code == 401


def test_a_token_lives_a_quarter_of_an_hour(app, token):
    claims = decode_token(token["access_token"])
    assert claims["exp"] - claims["iat"] == 15 * 60
