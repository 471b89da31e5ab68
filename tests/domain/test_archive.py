"""档案: the retention class by rule, and a sealed file that shows every change (R83)."""

import io
import zipfile
from itertools import product

import pytest

from app.domain.archive import CLEAN, CRIMINAL, PROBLEM, faults_of, retention_of
from app.domain.draw.bundle import write_zip
from app.domain.vocabulary import Disposal, ResultCode, RetentionClass

CONTENTS = {"文书/一.docx": b"word", "记录/二.json": b"{}", "证据/三.jpg": b"picture" * 900}


def sealed(contents=CONTENTS):
    out = io.BytesIO()
    write_zip(contents, out)
    return out.getvalue()


def faults(content):
    return list(faults_of(io.BytesIO(content)))


def rebuilt(change):
    """The same entries and comment written anew with one thing changed."""
    with zipfile.ZipFile(io.BytesIO(sealed())) as given:
        entries, comment = {name: given.read(name) for name in given.namelist()}, given.comment
    change(entries)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in entries.items():
            made.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
        made.comment = comment
    return out.getvalue()


def test_R83_equal_contents_make_equal_bytes_in_whatever_order_they_come():
    assert sealed() == sealed(dict(reversed(CONTENTS.items())))
    assert faults(sealed()) == []


@pytest.mark.parametrize("name", CONTENTS)
def test_R83_a_changed_entry_is_named(name):
    assert name in faults(rebuilt(lambda entries: entries.update({name: b"forged"})))


def test_R83_a_missing_and_an_added_entry_are_named():
    assert "证据/三.jpg" in faults(rebuilt(lambda entries: entries.pop("证据/三.jpg")))
    assert "多.txt" in faults(rebuilt(lambda entries: entries.update({"多.txt": b"x"})))


def test_R83_an_entry_changed_together_with_its_hash_breaks_the_seal():
    import hashlib

    def forge(entries):
        old = hashlib.sha256(entries["文书/一.docx"]).hexdigest()
        entries["文书/一.docx"] = b"forged"
        new = hashlib.sha256(b"forged").hexdigest()
        entries["manifest.txt"] = entries["manifest.txt"].replace(old.encode(), new.encode())

    assert faults(rebuilt(forge)) == ["seal"]


@pytest.mark.parametrize("place", [0, 40, 5000, -30, -1])
def test_R83_any_byte_changed_is_found(place):
    content = bytearray(sealed())
    content[place] ^= 0xFF
    assert faults(bytes(content)) != []


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all"])
def test_what_is_no_file_of_ours_is_at_fault(content):
    assert faults(content) != []


@pytest.mark.parametrize(("problem", "handed_on", "to_police"), list(product([True, False], repeat=3)))
def test_R83_the_retention_class_follows_from_what_was_found_and_done(problem, handed_on, to_police):
    results = {ResultCode.VIOLATION_OWN if problem else ResultCode.NO_ISSUE}
    disposals = {Disposal.RECTIFY if handed_on else Disposal.NONE_NEEDED}
    expected = (
        (RetentionClass.PERMANENT, CRIMINAL)
        if to_police
        else (RetentionClass.THIRTY_YEARS, PROBLEM)
        if problem or handed_on
        else (RetentionClass.TEN_YEARS, CLEAN)
    )
    assert retention_of(results, disposals, to_police=to_police) == expected
