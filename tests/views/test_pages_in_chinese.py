"""Chinese is the language of every page: no English word where a reader looks."""

import re

import pytest

from app.extensions import db
from app.models import ItemFinding
from app.security import roles
from app.services import visits
from tests.builders import NOW, World, clean, make_item, make_user
from tests.views.pages import enter, open_to, visible_text

pytestmark = pytest.mark.database_plays_no_part

# Names of formats and algorithms, the language switch, and what the sample people are called.
ALLOWED = {
    "CSV",
    "JSON",
    "XLSX",
    "Word",
    "PDF",
    "SHA",
    "SM",
    "English",
    "drand",
    "ceremony",
    "example",
    "invalid",
    "GBT",
    # what the programmer of another system has to type
    "Authorization",
    "Bearer",
    "Idempotency",
    "Key",
    "OpenAPI",
    "GET",
    "PUT",
}
READERS = {
    "clerk": roles.ROSTER_CLERK,
    "planner": roles.PLANNER,
    "approver": roles.APPROVER,
    "auditor": roles.AUDITOR,
    "leader": roles.LEADING_GROUP,
    "keeper": roles.ADMINISTRATOR,
}


def english_words(page, names):
    words = set(re.findall(r"[A-Za-z]{3,}", visible_text(page)))
    return sorted(words - ALLOWED - names)


@pytest.fixture
def busy_office(app):
    """A task with a recorded visit, and everybody's accounts."""
    world = World()
    make_user("leader", roles.LEADING_GROUP)
    make_user("keeper", roles.ADMINISTRATOR)
    world.open(versions=[make_item("XC-01"), make_item("XC-02")])
    finding = db.session.query(ItemFinding).first()
    person = finding.visit.team[0].inspector
    visits.record_finding(finding.id, clean(finding, checked_on=NOW.date()), person.user, NOW)
    return person.user.username


@pytest.mark.parametrize("username", [*READERS, "inspector"])
def test_no_page_shows_an_english_word(app, busy_office, username):
    client = enter(app, busy_office if username == "inspector" else username)
    names = {*READERS, "XC", "SW"}
    read = 0
    for address in open_to(app, READERS.get(username, roles.INSPECTOR)):
        answer = client.get(address)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            assert english_words(answer.text, names) == [], address
            read += 1
        answer.close()
    assert read > 5


def test_the_same_pages_can_be_read_in_english(app, busy_office):
    client = enter(app, "planner")
    client.post("/language/", data={"language": "en", "next": "/tasks/show/1"})
    page = client.get("/tasks/show/1").text
    assert "Frozen roster" in page
    assert "封存名单" not in visible_text(page)
