"""No page of ours lacks a permission unless it stands on the list of public pages."""

import inspect
import re

import pytest
from werkzeug.routing import IntegerConverter

from app.security.roles import GRANTS
from app.views import PUBLIC_PAGES
from tests.builders import World

NUMBERS = ("1", "999999999")
SAMPLES = (*NUMBERS, "x", "%F0%9F%98%80")


def exposed(app):
    for view in app.appbuilder.baseviews:
        for name, method in inspect.getmembers(view, inspect.ismethod):
            reachable = f"{view.endpoint}.{name}" in app.view_functions
            if reachable and hasattr(method, "_urls") and type(view).__module__.startswith("app."):
                yield view, name, method


def test_every_page_names_its_permission_or_is_public(application):
    bare = {
        f"{type(view).__name__}.{name}"
        for view, name, method in exposed(application)
        if not hasattr(method, "_permission_name")
    }
    assert bare == PUBLIC_PAGES


def test_every_page_asks_for_its_permission(application):
    """`permission_name` without `has_access` would only look guarded."""
    unguarded = {
        f"{type(view).__name__}.{name}"
        for view, name, method in exposed(application)
        if hasattr(method, "_permission_name") and not hasattr(method, "__wrapped__")
    }
    assert unguarded == set()


def test_every_permission_of_a_page_is_registered(application):
    for view, name, method in exposed(application):
        if hasattr(method, "_permission_name"):
            assert f"can_{view.get_method_permission(name)}" in view.base_permissions, (
                f"{type(view).__name__}.{name}"
            )


def addresses(app, endpoints=None):
    for rule in app.url_map.iter_rules():
        if endpoints is not None and rule.endpoint not in endpoints:
            continue
        # The page for monitors says 503 by design while no worker runs.
        if "GET" in rule.methods and "static" not in rule.endpoint and rule.endpoint != "health.ready":
            for sample in samples(rule, everything=endpoints is None):
                yield re.sub(r"<[^>]+>", sample, rule.rule)


def samples(rule, everything):
    """What fits no number is refused by the address itself, for everybody alike."""
    if not rule.arguments:
        return ("",)
    numbers = all(isinstance(each, IntegerConverter) for each in rule._converters.values())
    return NUMBERS if numbers and not everything else SAMPLES


def statuses(client, app, endpoints=None):
    return {address: client.get(address).status_code for address in addresses(app, endpoints)}


def test_a_stranger_sees_public_pages_only_and_breaks_nothing(client, app):
    codes = statuses(client, app)
    assert [address for address, code in codes.items() if code >= 500] == []
    private = {address for address, code in codes.items() if code == 200 and not is_public(app, address)}
    assert private == set()


def is_public(app, address):
    """A page of the public list, or of a blueprint that FAB does not know (the disclosure site)."""
    endpoint, _values = app.url_map.bind("localhost").match(address)
    return endpoint in PUBLIC_PAGES or endpoint.split(".")[0] not in {
        view.endpoint for view in app.appbuilder.baseviews
    }


def opened_to(app, role):
    """The endpoints that a role may open; what is closed to it answers 403 (tests/views/test_pages_by_role.py)."""
    return {
        f"{view.endpoint}.{name}"
        for view, name, method in exposed(app)
        if hasattr(method, "_permission_name")
        and view.get_method_permission(name) in GRANTS[role].get(view.class_permission_name, ())
    }


@pytest.mark.parametrize("role", GRANTS)
def test_no_address_breaks_for_any_role(app, sign_in, role):
    World(enterprises=1, inspectors=2)
    codes = statuses(sign_in(role), app, opened_to(app, role))
    assert len(codes) > len(SAMPLES)
    assert [address for address, code in codes.items() if code >= 500] == []


@pytest.mark.database_plays_no_part
@pytest.mark.parametrize("role", GRANTS)
def test_a_role_opens_what_the_table_says_and_nothing_else(app, sign_in, role):
    client = sign_in(role)
    for view, name, method in exposed(app):
        for url, methods in method._urls:
            if "GET" in methods and "<" not in url and hasattr(method, "_permission_name"):
                allowed = view.get_method_permission(name) in GRANTS[role].get(view.class_permission_name, ())
                code = client.get(f"{view.route_base}{url}").status_code
                assert (code != 403) == allowed, f"{role} {type(view).__name__}.{name} {code}"


def test_frameworks_own_pages_that_change_by_get_are_closed(sign_in):
    client = sign_in()
    assert client.get("/lang/en").status_code == 404
    assert client.get("/back").status_code == 404
    assert client.get("/logout/").status_code == 405
