"""Addresses on paper: under the public address of the installation, else as the reader came in."""

import pytest

from app.services.addresses import public_address

DRAW = ("public.draw", {"number": "SW-2026-0001-1"})


@pytest.fixture
def public_url(app, monkeypatch):
    def set_to(value):
        monkeypatch.setitem(app.config, "PUBLIC_URL", value)

    return set_to


def test_the_public_address_of_the_installation_comes_first(app, public_url):
    public_url("https://ssj.example.cn")
    address = public_address(DRAW[0], **DRAW[1])
    assert address.startswith("https://ssj.example.cn/")
    assert address.endswith("SW-2026-0001-1")


def test_an_installation_below_a_path_is_found_there(app, public_url):
    public_url("https://city.example.cn/ssj")
    assert public_address(DRAW[0], **DRAW[1]).startswith("https://city.example.cn/ssj/")


def test_else_the_address_of_the_request_is_printed(app):
    with app.test_request_context(base_url="http://10.0.0.5:8080"):
        assert public_address(DRAW[0], **DRAW[1]).startswith("http://10.0.0.5:8080/")


def test_where_no_address_is_known_none_is_printed(app):
    assert public_address(DRAW[0], **DRAW[1]) == ""


def test_a_page_that_does_not_exist_has_no_address(app, public_url):
    public_url("https://ssj.example.cn")
    assert public_address("public.nothing") == ""
