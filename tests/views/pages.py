"""What the tests of the pages share: signing in, reading a page as a reader does, the addresses there are."""

import html
import re

from flask import url_for

from app.security.roles import GRANTS
from tests.builders import PASSWORD

KEYS = {"HolidayView": "2026-10-01", "RegionView": "220102", "IndustryView": "5261"}
SOURCES = {"field": "agency", "name": "work", "kind": "record", "form": "word"}


def enter(app, username):
    """A client signed in as that user."""
    client = app.test_client()
    answer = client.post("/login/", data={"username": username, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def addresses(app):
    """Every address of ours that can be read, with key 1 where it asks for one."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and _is_ours(rule)]
    with app.test_request_context():
        return {url_for(rule.endpoint, **_arguments(rule)): rule.endpoint for rule in rules}


def open_to(app, role):
    """The addresses that the allow-table opens to a role; the others answer 403 (test_pages_by_role)."""
    views = {type(view).__name__: view for view in app.appbuilder.baseviews}
    return [address for address, endpoint in addresses(app).items() if _may_open(views, role, endpoint)]


def _may_open(views, role, endpoint):
    view, method = views[endpoint.partition(".")[0]], endpoint.partition(".")[2]
    if not hasattr(getattr(view, method), "_permission_name"):
        return True
    return view.get_method_permission(method) in GRANTS[role].get(view.class_permission_name, ())


def visible_text(page):
    """The words of a page as a reader sees them, without codes and digests."""
    body = re.search(r"<body.*</body>", page, re.S).group(0)
    body = re.sub(r"<(script|style|select)\b.*?</\1>", " ", body, flags=re.S)
    body = re.sub(
        r'<(\w+)[^>]*class="[^"]*\b(code|hash|published)\b[^"]*"[^>]*>.*?</\1>', " ", body, flags=re.S
    )
    text = html.unescape(re.sub(r"<[^>]+>", " ", body))
    return re.sub(r"[\w.-]+\.(csv|json|tsv|txt|xlsx|zip)\b", " ", text)


def messages(answer):
    """The messages on top of a page."""
    found = re.findall(r'<div class="note [^"]*" role[^>]*>(.*?)</div>', answer.text, re.S)
    return [html.unescape(text).strip() for text in found]


def _is_ours(rule):
    return rule.endpoint.partition(".")[0].endswith("View")


def _arguments(rule):
    key = KEYS.get(rule.endpoint.partition(".")[0], 1)
    usual = {name: SOURCES.get(name, key if name == "pk" else 1) for name in rule.arguments}
    return {name: _fitting(rule, name, value) for name, value in usual.items()}


def _fitting(rule, name, value):
    """The value, or the first of those that the address allows."""
    allowed = getattr(rule._converters[name], "items", None)
    return value if not allowed or value in allowed else min(allowed)
