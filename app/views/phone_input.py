"""What a device sends, as the services want it; what makes no sense is a bad request."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Request
from werkzeug.exceptions import BadRequest

from app.domain.vocabulary import EvidenceKind, SignerRole
from app.services.entries import MOST_AT_ONCE, Typed
from app.services.evidence import Piece, Place, Signed

P = ParamSpec("P")
R = TypeVar("R")
LARGEST_NUMBER = 2**31 - 1
MARK = 36


def sensible(read: Callable[P, R]) -> Callable[P, R]:
    """Answer 400 where a field is missing or of another kind."""

    @wraps(read)
    def reading(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return read(*args, **kwargs)
        except (KeyError, TypeError, ValueError, AttributeError, binascii.Error, OverflowError):
            raise BadRequest() from None

    return reading


@sensible
def entries_of(request: Request) -> list[Typed]:
    """The entries of a batch, in the order in which they were typed."""
    given = request.get_json()["entries"]
    if len(given) > MOST_AT_ONCE:
        raise ValueError(len(given))
    return [
        Typed(
            client_id=_mark(each["id"]),
            finding_id=_number(each["finding"]),
            field=_text(each["field"]),
            value=_text(each["value"]),
            typed_at=_moment(each["at"]),
            seen=_number(each["seen"]),
        )
        for each in given
    ]


@sensible
def piece_of(request: Request) -> Piece:
    """A file with what the device says about it."""
    form, file = request.form, request.files["file"]
    return Piece(
        client_id=_mark(form["id"]),
        kind=EvidenceKind.of(form["kind"]),
        name=(file.filename or "")[-120:],
        content=file.read(),
        taken_at=_moment(form["at"]),
        finding_id=_number(form["finding"]) if form.get("finding") else None,
        point_id=_number(form["point"]) if form.get("point") else None,
        note=form.get("note", ""),
        dated_on=date.fromisoformat(form["dated_on"]) if form.get("dated_on") else None,
        place=place_of(form),
    )


@sensible
def signed_of(request: Request) -> Signed:
    """A signature, or the note that it was refused."""
    given = request.get_json()
    refusal = given.get("refusal")
    return Signed(
        client_id=_mark(given["id"]),
        role=SignerRole.of(given["role"]),
        signed_at=_moment(given["at"]),
        form={_number(item): _fields(fields) for item, fields in given["form"].items()},
        name=_text(given.get("name") or ""),
        inspector_id=_number(given["inspector"]) if given.get("inspector") else None,
        refusal=_text(refusal) if refusal is not None else None,
        witness=_text(given.get("witness") or ""),
        strokes=[[[float(n) for n in dot] for dot in stroke] for stroke in given.get("strokes") or ()],
        picture=base64.b64decode(given.get("picture") or "", validate=True),
        place=place_of(given),
    )


@sensible
def completion_of(request: Request) -> int:
    """The newest entry that was on the screen when an item was completed."""
    return _number(request.get_json()["seen"])


@sensible
def hold_of(request: Request) -> tuple[str, str, date]:
    """Mark, description and day of things taken into keeping."""
    given = request.get_json()
    return _mark(given["id"]), _text(given["what"]), date.fromisoformat(given["held_on"])


def place_of(given: Mapping[str, Any]) -> Place:
    """Where the device says it was; nothing where it may not say or says nonsense."""
    try:
        latitude, longitude = float(given["latitude"]), float(given["longitude"])
        accuracy = float(given.get("accuracy") or 0)
    except (KeyError, TypeError, ValueError):
        return Place()
    on_earth = -90 <= latitude <= 90 and -180 <= longitude <= 180 and 0 <= accuracy < 1e7
    return Place(latitude, longitude, accuracy) if on_earth else Place()


def _mark(value: Any) -> str:
    text = _text(value)
    if not 8 <= len(text) <= MARK or not all(sign.isalnum() or sign == "-" for sign in text):
        raise ValueError(text)
    return text


def _fields(given: Mapping[str, Any]) -> dict[str, str]:
    return {_text(name): _text(value) for name, value in given.items()}


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise TypeError(value)
    return value


def _number(value: Any) -> int:
    number = int(value)
    if not 0 <= number <= LARGEST_NUMBER:
        raise ValueError(number)
    return number


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
