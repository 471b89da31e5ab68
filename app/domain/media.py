"""What a file is, by its bytes: the kinds that may be evidence, and scripts in a picture's clothing."""

from __future__ import annotations

import re

from app.domain import policy
from app.domain.errors import DomainError
from app.domain.vocabulary import MediaKind


class NotAPicture(DomainError):
    """The content is none of the kinds that may be evidence, or a picture that cannot be read."""

    code = "not_a_picture"


class FileTooLarge(DomainError):
    """The file is larger than evidence of its kind may be."""

    code = "file_too_large"


class ScriptInFile(DomainError):
    """The file carries a script or a page beside its picture."""

    code = "script_in_file"


class TooManyFiles(DomainError):
    """A visit has as many files as it may have."""

    code = "too_many_files"


class FileEmpty(DomainError):
    """There is nothing in the file."""

    code = "file_empty"


VIDEO_BRANDS = (
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"qt  ",
    b"M4V ",
    b"3gp",
)
MARKUP = re.compile(rb"<script|<iframe|<!doctype|<html[\s>]|<svg[\s>]|<\?php|<\?xml-stylesheet", re.I)
ACTIVE_PDF = re.compile(rb"/JavaScript\b|/JS\s*[(<]|/Launch\b|/EmbeddedFiles?\b|/RichMedia\b")


def kind_of(content: bytes) -> MediaKind | None:
    """The kind of a file by its first bytes, None when it may not be evidence."""
    if content.startswith(b"\xff\xd8\xff"):
        return MediaKind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaKind.PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return MediaKind.WEBP
    if content.startswith(b"%PDF-1.") or content.startswith(b"%PDF-2."):
        return MediaKind.PDF
    if content[4:8] == b"ftyp" and content[8:12].startswith(VIDEO_BRANDS):
        return MediaKind.VIDEO
    return None


def require_evidence_file(content: bytes) -> MediaKind:
    """The kind of a file that may be kept. Raises FileEmpty, NotAPicture, FileTooLarge, ScriptInFile."""
    if not content:
        raise FileEmpty()
    kind = kind_of(content)
    if kind is None:
        raise ScriptInFile() if MARKUP.search(content[:4096]) else NotAPicture()
    largest = policy.EVIDENCE.largest_video if kind == MediaKind.VIDEO else policy.EVIDENCE.largest_picture
    if len(content) > largest:
        raise FileTooLarge(megabytes=largest // (1024 * 1024))
    if is_active(kind, content):
        raise ScriptInFile()
    return kind


def is_active(kind: MediaKind, content: bytes) -> bool:
    """True when a file would do something where it is opened as another kind, or as a document by itself."""
    if MARKUP.search(content):
        return True
    return kind == MediaKind.PDF and ACTIVE_PDF.search(content) is not None
