"""Whether a file may serve as a Word template: it opens, holds nothing foreign, and can be filled."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any

from app.domain.errors import DomainError
from app.reports.documents.fill import fill
from app.reports.documents.sandbox import TemplateBroken, TemplateForbidden

LARGEST = 5 << 20
LARGEST_UNPACKED = 40 << 20
MOST_PARTS = 300
MAIN = "word/document.xml"
MAIN_TYPE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
FILLED = re.compile(r"word/(document|header\d*|footer\d*)\.xml")
FOREIGN = re.compile(r"vbaProject|/embeddings/|/activeX/|/externalLinks/|afchunk", re.I)
OUTSIDE = re.compile(rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>")


class NoWordFile(DomainError):
    """The file is no Word document (.docx)."""

    code = "no_word_file"


class TemplateTooLarge(DomainError):
    """The template is larger than a form ever needs; param limit in MB."""

    code = "template_too_large"


def require_template(content: bytes, sample: Mapping[str, Any]) -> bytes:
    """Try the template on sample values and give back the filled Word file.

    Raises NoWordFile, TemplateTooLarge, TemplateForbidden, TemplateBroken, PlaceholderUnknown.
    """
    if len(content) > LARGEST:
        raise TemplateTooLarge(limit=LARGEST >> 20)
    for name, part in _parts(content).items():
        _require_plain(name, part)
    try:
        return fill(content, sample, lambda _digest: None)
    except (
        KeyError,
        ValueError,
        AttributeError,
        SyntaxError,
    ) as error:  # what the libraries say to odd files
        raise TemplateBroken(what=type(error).__name__) from None


def _parts(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
                raise TemplateTooLarge(limit=LARGEST_UNPACKED >> 20)
            parts = {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        raise NoWordFile() from None
    if MAIN not in parts or MAIN_TYPE not in parts.get("[Content_Types].xml", b""):
        raise NoWordFile()
    return parts


def _require_plain(name: str, part: bytes) -> None:
    """Nothing that runs, fetches or hides: macros, embedded files, links that load, own entities."""
    if FOREIGN.search(name):
        raise TemplateForbidden(what=name)
    if not name.endswith((".xml", ".rels")):
        return
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise TemplateForbidden(what="DOCTYPE")
    if any(b"/hyperlink" not in link for link in OUTSIDE.findall(part)):
        raise TemplateForbidden(what="External")
    if not FILLED.fullmatch(name) and (b"{{" in part or b"{%" in part):
        raise TemplateForbidden(what=name)
