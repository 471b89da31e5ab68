"""Finished bundles, built once for the folder."""

import pytest

from tests.domain.draw.builders import make_ceremony

KINDS = {
    "open": {},
    "open with match": {"matched": True},
    "open sm3": {"alg": "sm3", "matched": True},
    "sealed": {"sealed": True},
    "sealed with match": {"sealed": True, "matched": True},
    "auditor": {"sealed": True, "auditor": True},
}


@pytest.fixture(scope="session", params=KINDS)
def kind(request):
    return request.param


@pytest.fixture(scope="session")
def ceremony(kind):
    return make_ceremony(**KINDS[kind])


@pytest.fixture(scope="session")
def bundle_bytes(ceremony):
    return ceremony.zip()
