"""Kinds of files by their bytes; scripts in a picture's clothing are refused."""

import pytest

from app.domain import media
from app.domain.policy import EVIDENCE
from app.domain.vocabulary import MediaKind

HEADS = {
    MediaKind.JPEG: b"\xff\xd8\xff\xe0\x00\x10JFIF",
    MediaKind.PNG: b"\x89PNG\r\n\x1a\n\x00\x00",
    MediaKind.WEBP: b"RIFF\x10\x00\x00\x00WEBPVP8 ",
    MediaKind.PDF: b"%PDF-1.7\n",
    MediaKind.VIDEO: b"\x00\x00\x00\x18ftypmp42",
}


@pytest.mark.parametrize("kind", MediaKind)
def test_a_kind_is_known_by_its_first_bytes(kind):
    assert media.require_evidence_file(HEADS[kind] + b"\x00" * 20) == kind


@pytest.mark.parametrize(
    "content",
    [
        b"GIF89a",
        b"PK\x03\x04",
        b"MZ\x90",
        b"\x7fELF",
        b"hello",
        b" %PDF-1.4",
        b"\x00\x00\x00\x18ftypheic",
        b"BM",
    ],
)
def test_other_kinds_are_no_evidence(content):
    with pytest.raises(media.NotAPicture):
        media.require_evidence_file(content + b"\x00" * 20)


@pytest.mark.parametrize(
    "content", [b"<svg xmlns='x'>", b"<!DOCTYPE html>", b"<html><script>", b"<?php echo 1;"]
)
def test_pages_and_drawings_with_script_are_named_as_such(content):
    with pytest.raises(media.ScriptInFile):
        media.require_evidence_file(content)


@pytest.mark.parametrize("kind", MediaKind)
@pytest.mark.parametrize(
    "tail", [b"<script>x</script>", b"<ScRiPt src=x>", b"<svg onload=x>", b"<html >", b"<?php"]
)
def test_a_script_behind_a_picture_is_found(kind, tail):
    with pytest.raises(media.ScriptInFile):
        media.require_evidence_file(HEADS[kind] + b"\x00" * 5000 + tail)


@pytest.mark.parametrize("action", [b"/JavaScript", b"/JS (app.alert(1))", b"/Launch", b"/EmbeddedFile"])
def test_a_pdf_that_acts_is_refused(action):
    with pytest.raises(media.ScriptInFile):
        media.require_evidence_file(HEADS[MediaKind.PDF] + action + b" ")


def test_what_cameras_append_is_no_script():
    motion = (
        HEADS[MediaKind.JPEG] + b"\xff\xd9" + HEADS[MediaKind.VIDEO] + b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>"
    )
    assert media.require_evidence_file(motion) == MediaKind.JPEG


def test_an_empty_file_is_refused():
    with pytest.raises(media.FileEmpty):
        media.require_evidence_file(b"")


@pytest.mark.parametrize("kind", MediaKind)
def test_a_file_is_as_large_as_its_kind_may_be(kind):
    largest = EVIDENCE.largest_video if kind == MediaKind.VIDEO else EVIDENCE.largest_picture
    head = HEADS[kind]
    with pytest.raises(media.FileTooLarge):
        media.require_evidence_file(head + bytes(largest + 1 - len(head)))
