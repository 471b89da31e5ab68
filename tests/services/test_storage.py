"""Files by content: what was stored under a digest comes back byte for byte and never changes."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event

import pytest

from app.extensions import db
from app.models import StoredChunk, StoredFile
from app.services import storage
from app.services.transaction import transaction

PATTERN = bytes(range(256)) * 40


def keep(pieces, name="roster.tsv"):
    with transaction() as session:
        return storage.store(session, pieces, name)


def failing():
    """A source of bytes that breaks off."""
    yield PATTERN
    raise ZeroDivisionError


def read(digest):
    return storage.fetch_bytes(db.session(), digest)


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"a\tb\n", PATTERN, PATTERN * 300, os.urandom(storage.CHUNK), os.urandom(storage.CHUNK + 1)],
    ids=["empty", "line feed", "row", "pattern", "large", "chunk", "chunk and one"],
)
def test_the_bytes_come_back_under_their_sha256(app, content):
    digest = keep([content])
    assert digest == hashlib.sha256(content).hexdigest()
    assert read(digest) == content


@pytest.mark.parametrize("size", [1, 7, 4096, storage.CHUNK + 3])
def test_the_pieces_in_which_a_file_comes_do_not_matter(app, size):
    content = PATTERN * 3 if size < 100 else PATTERN * 300
    pieces = [content[start : start + size] for start in range(0, len(content), size)]
    assert keep(pieces) == hashlib.sha256(content).hexdigest()


def test_a_large_file_lies_in_chunks_of_bounded_size(app):
    digest = keep([os.urandom(storage.CHUNK)] * 3 + [b"end"])
    rows = db.session.query(StoredChunk).filter_by(digest=digest).order_by(StoredChunk.ordinal).all()
    assert [row.ordinal for row in rows] == [0, 1, 2, 3]
    assert [len(piece) for piece in storage.fetch_pieces(db.session(), digest)] == [storage.CHUNK] * 3 + [3]
    assert db.session.get(StoredFile, digest).size == 3 * storage.CHUNK + 3


def test_the_same_content_may_be_stored_twice_at_once(app):
    begun, first_may_end = Event(), Event()

    def first():
        with app.app_context(), transaction() as session:
            digest = storage.store(session, [PATTERN], "first.tsv")
            begun.set()
            first_may_end.wait(20)
            return digest

    def second():
        with app.app_context():
            return keep([PATTERN], "second.tsv")

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(first)
        assert begun.wait(20)
        other = pool.submit(second)
        wait([other], timeout=0.5)
        first_may_end.set()
        assert one.result(20) == other.result(20)
    assert read(one.result()) == PATTERN
    assert [row.name for row in db.session.query(StoredFile)] == ["first.tsv"]


def test_the_same_content_is_stored_once_under_its_first_name(app):
    digest = keep([b"a\tb\n"], "staff.tsv")
    assert keep([b"a\t", b"b\n"], "copy.tsv") == digest
    assert [(row.digest, row.name) for row in db.session.query(StoredFile)] == [(digest, "staff.tsv")]
    assert db.session.query(StoredChunk).count() == 1


def test_nothing_provisional_is_left_behind(app):
    keep([PATTERN])
    keep([PATTERN])
    assert [row.digest for row in db.session.query(StoredFile)] == [hashlib.sha256(PATTERN).hexdigest()]


def test_a_refused_step_stores_nothing(app):
    with pytest.raises(ZeroDivisionError):
        keep(failing())
    assert db.session.query(StoredFile).count() == 0


def test_two_files_may_be_written_side_by_side(app):
    with transaction() as session:
        first, second = storage.Storing(session, "roster.tsv"), storage.Storing(session, "leaves.tsv")
        for place in range(3):
            first.write(b"r%d\n" % place)
            second.write(b"l%d\n" % place)
        digests = first.close(), second.close()
    assert [read(digest) for digest in digests] == [b"r0\nr1\nr2\n", b"l0\nl1\nl2\n"]


@pytest.mark.parametrize("content", [b"", b"a", b"a\n", b"a\nb", b"a\n\nb\n"])
def test_lines_are_those_of_the_file(app, content):
    assert list(storage.fetch_lines(db.session(), keep([content]))) == content.splitlines()


def test_a_line_may_span_two_chunks(app):
    content = b"x" * (storage.CHUNK - 2) + b"\nleft-right\nend\n"
    assert list(storage.fetch_lines(db.session(), keep([content]))) == content.splitlines()


@pytest.mark.parametrize("digest", ["0" * 64, "", "~"])
def test_an_unknown_digest_is_missing(app, digest):
    with pytest.raises(storage.FileMissing):
        read(digest)
