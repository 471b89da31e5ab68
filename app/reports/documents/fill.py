"""A Word template filled with the facts of a document."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from typing import Any

import segno
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError, UndefinedError
from jinja2.exceptions import SecurityError

from app.domain.documents import PICTURE
from app.reports.documents.sandbox import (
    PlaceholderUnknown,
    Sealed,
    TemplateBroken,
    TemplateForbidden,
    require_lawful,
    words_of,
)
from app.reports.documents.word import settled

Pictures = Callable[[str], bytes | None]
"""Gives the stored picture of a digest, None when there is none."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class _Drawn:
    """A picture in a template: it can be printed, and has nothing else to offer."""

    __slots__ = ("__print",)

    def __init__(self, image: InlineImage) -> None:
        self.__print = image.__html__

    def __html__(self) -> str:
        return str(self.__print())


def fill(template: bytes, values: Mapping[str, Any], pictures: Pictures) -> bytes:
    """The filled Word file; the same template and values give the same bytes.

    Raises TemplateForbidden, TemplateBroken, PlaceholderUnknown.
    """
    paper = DocxTemplate(io.BytesIO(template))
    require_lawful(paper, set(values))
    try:
        paper.render(_ready(values, paper, pictures), Sealed(), autoescape=True)
    except UndefinedError as error:
        raise PlaceholderUnknown(name=words_of(error)) from None
    except SecurityError as error:
        raise TemplateForbidden(what=words_of(error)) from None
    except (TemplateError, TypeError, ValueError, SyntaxError) as error:
        raise TemplateBroken(what=str(error)[:120]) from None
    out = io.BytesIO()
    paper.save(out)
    return settled(out.getvalue())


def _ready(value: Any, paper: DocxTemplate, pictures: Pictures) -> Any:
    """The values as the template gets them: pictures drawn, text without what cannot be printed."""
    if isinstance(value, Mapping):
        if PICTURE in value:
            return _picture(value, paper, pictures)
        return {name: _ready(part, paper, pictures) for name, part in value.items()}
    if isinstance(value, list):
        return [_ready(part, paper, pictures) for part in value]
    return printable(str(value))


def printable(text: str) -> str:
    """Text without control characters; a tabulator becomes a wide space."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\t", "　"))


def _picture(value: Mapping[str, Any], paper: DocxTemplate, pictures: Pictures) -> _Drawn | str:
    content = _qr(str(value["值"])) if value[PICTURE] == "二维码" else pictures(str(value["值"]))
    if content is None:
        return ""
    return _Drawn(InlineImage(paper, io.BytesIO(content), width=Mm(float(value["宽"]))))


def _qr(text: str) -> bytes:
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="png", scale=6, border=1)
    return out.getvalue()
