"""The frame: menu by right, counts, search, errors, languages, few queries."""

import pytest
from sqlalchemy import event

from app.extensions import db
from app.security.roles import ADMINISTRATOR, PLANNER
from app.views import registry
from app.views.frame import full_name
from app.views.home import urgency
from app.views.registry import Badge, Figure, Hit, Todo

MOST_QUERIES = 12


class Person:
    def __init__(self, family, given, username="x"):
        self.last_name, self.first_name, self.username = family, given, username


@pytest.mark.parametrize(
    ("person", "expected"),
    [(Person("张", "三"), "张三"), (Person("Smith", "Ann"), "Smith Ann"), (Person("", "", "li"), "li")],
)
def test_names_are_written_as_they_are_spoken(person, expected):
    assert full_name(person) == expected


def test_the_menu_shows_what_the_role_may_open(sign_in):
    assert 'href="/users/list/"' in sign_in(ADMINISTRATOR, username="admin").get("/").text
    assert 'href="/users/list/"' not in sign_in(PLANNER, username="planner").get("/").text


def test_the_present_page_is_marked(sign_in):
    page = sign_in(ADMINISTRATOR).get("/users/list/").text
    assert '<a href="/users/list/" class="on" aria-current="page">' in page


def test_counts_figures_todos_and_hits_come_from_the_registries(sign_in, monkeypatch):
    monkeypatch.setitem(registry.BADGES, "UserView", lambda user: Badge(7, hot=True))
    monkeypatch.setattr("app.views.home.FIGURES", [lambda user: [Figure("F", "42")]])
    monkeypatch.setattr("app.views.home.TODOS", [lambda user: [Todo("S", "do this", "/x")]])
    monkeypatch.setattr("app.views.search.SEARCHES", [lambda term, user: [Hit("K", term * 2, "", "/y")]])
    client = sign_in(ADMINISTRATOR)
    page = client.get("/").text
    assert '<span class="n hot">7</span>' in page
    assert "<b>42</b>" in page
    assert ">do this</a>" in page
    assert ">abab</a>" in client.get("/search/?q=ab").text


def test_the_search_asks_nobody_for_one_letter(sign_in, monkeypatch):
    monkeypatch.setattr("app.views.search.SEARCHES", [lambda term, user: 1 / 0])
    assert sign_in(ADMINISTRATOR).get("/search/?q=a").status_code == 200


def test_a_search_stops_at_ten_hits_of_a_kind(sign_in, monkeypatch):
    endless = lambda term, user: (Hit("K", f"hit {number}", "", "/") for number in range(1000))  # noqa: E731
    monkeypatch.setattr("app.views.search.SEARCHES", [endless])
    assert sign_in(ADMINISTRATOR).get("/search/?q=ab").text.count(">hit ") == 10


def test_late_things_come_first():
    tones = ["run", "bad", "", "warn"]
    assert [todo.tone for todo in sorted((Todo("", "", "", tone) for tone in tones), key=urgency)] == [
        "bad",
        "warn",
        "run",
        "",
    ]


def test_chinese_is_the_default_and_english_is_chosen(client):
    assert '<html lang="zh-CN">' in client.get("/login/").text
    answer = client.post("/language/", data={"language": "en", "next": "/login/"})
    assert answer.headers["Location"] == "/login/"
    assert '<html lang="en">' in client.get("/login/").text


def test_an_unknown_language_is_refused(client):
    assert client.post("/language/", data={"language": "xx"}).status_code == 400


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example"])
def test_the_language_switch_stays_on_this_host(client, target):
    answer = client.post("/language/", data={"language": "en", "next": target})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(
    ("address", "status"), [("/nowhere", 404), ("/logout/", 405), ("/users/list/?page_x=a", 400)]
)
def test_errors_have_pages_of_ours(sign_in, address, status):
    answer = sign_in(ADMINISTRATOR).get(address)
    assert answer.status_code == status
    assert 'class="plain"' in answer.text


def test_programs_get_errors_they_can_read(client):
    answer = client.get("/nowhere", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert set(answer.json) == {"message", "detail"}


def test_too_large_a_request_is_refused(sign_in, app, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1000)
    answer = sign_in(ADMINISTRATOR).post("/users/add", data={"username": "x" * 2000})
    assert answer.status_code == 413


def test_a_page_asks_the_database_seldom(sign_in, app):
    client = sign_in(ADMINISTRATOR)
    statements = []

    def note(*given):
        statements.append(given[2])

    event.listen(db.engine, "before_cursor_execute", note)
    client.get("/roles/list/")
    event.remove(db.engine, "before_cursor_execute", note)
    assert 0 < len(statements) <= MOST_QUERIES, statements
