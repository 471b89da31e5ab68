"""What was posted with a small form: days, moments, papers and words of the vocabulary."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar

from flask import request
from flask_babel import lazy_gettext as _

from app.domain.errors import DomainError
from app.domain.vocabulary import Term
from app.services.papers import LARGEST, Paper, PaperRefused
from app.views.base.format import CLOCK

T = TypeVar("T", bound=Term)


class FieldMissing(DomainError):
    """A field of a form is empty or no value of its kind; param field."""

    code = "field_missing"


FIELDS = {
    "due_on": _("Due date"),
    "on": _("Day"),
    "violated_on": _("Day of the breach"),
    "reply_due_on": _("Answer due on"),
    "filed_on": _("Filed on"),
    "posted_on": _("Posted on"),
    "known_on": _("Known on"),
    "served_on": _("Served on"),
    "at": _("Moment"),
    "decision": _("Decision"),
    "harm": _("Harm done"),
    "kind": _("Kind"),
    "subject": _("Subject"),
    "outcome": _("Outcome"),
    "fate": _("Outcome"),
    "method": _("Way of service"),
    "receiver": _("Receiver"),
    "severity": _("Severity"),
    "measure": _("Measure"),
}


def text(name: str, longest: int = 2000) -> str:
    """A text, without the blanks around it."""
    return request.form.get(name, "").strip()[:longest]


def day(name: str) -> date:
    """A day. Raises FieldMissing."""
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        raise FieldMissing(field=_name(name)) from None


def moment(name: str) -> datetime:
    """A moment on the clock of the bureau, as a datetime-local field gives it. Raises FieldMissing."""
    try:
        return datetime.fromisoformat(request.form.get(name, "")).replace(tzinfo=CLOCK)
    except ValueError:
        raise FieldMissing(field=_name(name)) from None


def member(vocabulary: type[T], name: str) -> T:
    """A word of a vocabulary. Raises FieldMissing."""
    found = next((each for each in vocabulary if each.value == request.form.get(name)), None)
    if found is None:
        raise FieldMissing(field=_name(name))
    return found


def key(name: str) -> int:
    """The key of a record chosen from a list. Raises FieldMissing."""
    chosen = request.form.get(name, "")
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 10):
        raise FieldMissing(field=_name(name))
    return int(chosen)


def ticked(name: str) -> bool:
    """Whether a box was ticked."""
    return request.form.get(name) == "1"


def paper(name: str = "paper") -> Paper | None:
    """The paper that was handed in, if any. Raises PaperRefused for one that is too large to be read."""
    file = request.files.get(name)
    if file is None or not file.filename:
        return None
    content = file.stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise PaperRefused(name=file.filename[-80:])
    return Paper(file.filename, content)


def _name(name: str) -> str:
    return str(FIELDS.get(name, name))
