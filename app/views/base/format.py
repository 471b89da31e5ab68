"""How a value looks on a page: labels in the reader's language, tags, ISO dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup

NOTHING = "—"
CLOCK = ZoneInfo("Asia/Shanghai")

# The tone of a state: "ok" done, "run" under way, "warn" soon late, "bad" late or wrong, "" quiet.
# Written {"TaskState": {"drawn": "run"}}; the views of a concept add theirs.
TONES: dict[str, dict[str, str]] = {}

Formatter = Callable[[Any], Any]


def in_chinese() -> bool:
    """Whether the page is written in Chinese."""
    return str(get_locale() or "zh").startswith("zh")


def colon() -> str:
    """The colon of the reader's language."""
    return "：" if in_chinese() else ": "


def label_of(member: Any) -> str:
    """A vocabulary member in the reader's language."""
    label = getattr(member, "label" if in_chinese() else "english", None)
    return str(label if label is not None else getattr(member, "value", member))


def tone_of(member: Any) -> str:
    """The colour tone of a vocabulary member, "" when it has none."""
    own = getattr(member, "tone", None)
    return str(own or TONES.get(type(member).__name__, {}).get(str(getattr(member, "value", member)), ""))


def tag(text: object, tone: str = "") -> Markup:
    """A small coloured tag; the text says what the colour means."""
    return Markup('<span class="tag {}">{}</span>').format(tone, text)


def tag_of(member: Any) -> Markup | str:
    """A vocabulary member as a tag."""
    return tag(label_of(member), tone_of(member)) if member not in (None, "") else NOTHING


def code(text: object) -> Markup | str:
    """A code or digest in a fixed-width font."""
    return Markup('<span class="code">{}</span>').format(text) if text else NOTHING


def shown(value: Any) -> Any:
    """Any value as a reader expects it in a table cell."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, Enum):
        return label_of(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return local(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, list | tuple | set | frozenset):
        return ("、" if in_chinese() else ", ").join(str(shown(each)) for each in value) or NOTHING
    return value


def local(moment: datetime) -> datetime:
    """A moment on the clock of the bureau; one without a zone is FAB's, on the server's clock."""
    return moment.astimezone(CLOCK)


def percent(part: float, whole: float) -> str:
    """A share with one decimal, a dash when there is nothing to divide by."""
    return f"{part / whole:.1%}" if whole else NOTHING


def roughly(count: int) -> str:
    """A large count in the round numbers of the reader's language: 160 万, 1.6 million."""
    if in_chinese():
        return f"{count / 10_000:,.0f} 万" if count >= 100_000 else f"{count:,}"
    return f"{count / 1_000_000:,.1f} million" if count >= 1_000_000 else f"{count:,}"
