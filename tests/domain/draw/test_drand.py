"""The beacon's signature, on a key pair of our own and on one round that the network published."""

import hashlib
import sys

import pytest

from app.domain.draw import drand

curve = pytest.importorskip("py_ecc.optimized_bls12_381", reason="optional package py-ecc is not installed")
hashing = pytest.importorskip("py_ecc.bls.hash_to_curve")
compression = pytest.importorskip("py_ecc.bls.point_compression")

SECRET = 0x263DBD792F5B1BE47ED85F8938C0F29586AF0D3AC7B977F21C278FE1462040E3


def sign(number):
    message = hashlib.sha256(number.to_bytes(8, "big")).digest()
    point = curve.multiply(hashing.hash_to_G1(message, drand.DOMAIN, hashlib.sha256), SECRET)
    return f"{compression.compress_G1(point):096x}"


@pytest.fixture(scope="module")
def public_key():
    first, second = compression.compress_G2(curve.multiply(curve.G2, SECRET))
    return f"{first:096x}{second:096x}"


@pytest.fixture(scope="module")
def signature():
    return sign(7)


def test_a_signature_of_our_own_key_holds(public_key, signature):
    drand.verify_round(7, signature, drand.randomness(signature), public_key)


def test_a_published_quicknet_round_holds():
    signature = (
        "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"
    )
    drand.verify_round(1000, signature, "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd")


def test_another_round_is_refused(public_key, signature):
    with pytest.raises(drand.DrandSignatureInvalid):
        drand.verify_round(8, signature, drand.randomness(signature), public_key)


def test_another_key_is_refused(signature):
    with pytest.raises(drand.DrandSignatureInvalid):
        drand.verify_round(7, signature, drand.randomness(signature))


def test_another_value_is_refused(public_key, signature):
    with pytest.raises(drand.DrandSignatureInvalid):
        drand.verify_round(7, signature, "0" * 64, public_key)


@pytest.mark.parametrize("text", ["", "0" * 96, "f" * 96, "c" + "0" * 95, "A" * 96])
def test_no_curve_point_is_refused(text, public_key):
    value = hashlib.sha256(bytes.fromhex(text)).hexdigest()
    with pytest.raises(drand.DrandSignatureInvalid):
        drand.verify_round(7, text, value, public_key)


def test_the_missing_package_is_named(monkeypatch, signature):
    monkeypatch.setitem(sys.modules, "py_ecc", None)
    with pytest.raises(drand.DrandUnavailable) as caught:
        drand.verify_round(7, signature, drand.randomness(signature))
    assert caught.value.params == {"package": "py-ecc"}


@pytest.mark.parametrize(
    ("moment", "number"), [(0, 1), (1_692_803_367, 1), (1_692_803_368, 2), (1_692_803_370, 2)]
)
def test_rounds_come_every_three_seconds(moment, number):
    assert drand.round_after(moment) == number
    assert drand.round_time(number) >= moment
