import hashlib

import pytest

from app.domain.draw import hashing


def test_both_algorithms_work_here():
    for alg in hashing.ALGORITHMS:
        hashing.require_algorithm(alg)
        assert hashing.hasher(alg)(b"abc").hexdigest() == hashlib.new(alg, b"abc").hexdigest()


def test_a_build_without_sm3_is_named(monkeypatch):
    def lacking(name, data=b""):
        raise ValueError(f"unsupported hash type {name}")

    monkeypatch.setattr(hashing.hashlib, "new", lacking)
    with pytest.raises(hashing.HashUnavailable) as caught:
        hashing.hasher("sm3")
    assert (caught.value.code, caught.value.params) == ("hash_unavailable", {"alg": "sm3"})


def test_a_build_that_miscomputes_sm3_is_named(monkeypatch):
    monkeypatch.setattr(hashing.hashlib, "new", lambda name, data=b"": hashlib.sha256(data))
    with pytest.raises(hashing.HashUnavailable):
        hashing.require_algorithm("sm3")


@pytest.mark.parametrize("alg", ["md5", "SHA256", "", "sha512"])
def test_other_algorithms_are_refused(alg):
    with pytest.raises(hashing.HashUnknown):
        hashing.hex_digest(alg, b"")
