"""Headers and tokens on every page."""

import re

import pytest

from app.extensions import db
from app.security.roles import ADMINISTRATOR
from config import Production
from tests.conftest import make_app

PAGES = [
    "/",
    "/login/",
    "/users/list/",
    "/users/add",
    "/roles/list/",
    "/account/",
    "/account/password",
    "/search/",
    "/nowhere",
]
INLINE = re.compile(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", re.I)


@pytest.fixture
def admin(sign_in):
    return sign_in(ADMINISTRATOR)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_carries_the_headers(admin, page):
    headers = admin.get(page).headers
    policy = headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in headers["Cache-Control"]


@pytest.mark.parametrize("page", PAGES)
def test_no_page_holds_inline_script_or_style(admin, page):
    assert INLINE.findall(admin.get(page).text) == []


@pytest.mark.parametrize("page", PAGES)
def test_every_script_carries_the_nonce_of_its_page(admin, page):
    answer = admin.get(page)
    nonce = re.search(r"script-src[^;]*'nonce-([^']+)'", answer.headers["Content-Security-Policy"])[1]
    assert all(f'nonce="{nonce}"' in script for script in re.findall(r"<script[^>]*>", answer.text))


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_fetched_from_elsewhere(admin, page):
    assert re.findall(r"(?:src|href|action)=\"(?:https?:)?//", admin.get(page).text) == []


def test_nonces_are_not_repeated(client):
    assert len({client.get("/login/").headers["Content-Security-Policy"] for _time in range(5)}) == 5


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client):
    cookie = client.post("/language/", data={"language": "en"}).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


class QuietProduction(Production):
    """Production whose log lines stay with the test."""

    TESTING = True


def test_production_speaks_tls_only(tmp_path):
    keys = {"SECRET_KEY": "s" * 40, "AUDIT_KEY": "a" * 40}
    app = make_app(f"sqlite:///{tmp_path / 'p.db'}", settings=QuietProduction, VAR_DIR=str(tmp_path), **keys)
    client = app.test_client()
    assert client.get("/login/", base_url="http://localhost").headers["Location"].startswith("https://")
    answer = client.get("/login/", base_url="https://localhost")
    assert "max-age=31" in answer.headers["Strict-Transport-Security"]
    assert "Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Set-Cookie"].startswith("__Host-")
    with app.app_context():
        db.engine.dispose()


# The public site has no session that a stranger's page could abuse: one firm is looked up, an objection handed in.
WITHOUT_TOKEN = {"public.firm", "public.object"}


def posts(app):
    for rule in app.url_map.iter_rules():
        if (
            "POST" in rule.methods
            and not rule.rule.startswith("/api/")
            and rule.endpoint not in WITHOUT_TOKEN
        ):
            yield re.sub(r"<[^>]+>", "1", re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule))


def test_every_post_needs_its_token(guarded, guarded_application):
    codes = {address: guarded.post(address).status_code for address in posts(guarded_application)}
    assert set(codes.values()) == {400}, codes
