"""How dates, choices and numbers are written on an official paper."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from app.domain.measures.period import CHINA
from app.domain.vocabulary import Term

DIGITS = "〇一二三四五六七八九"
BLANK_DAY = "　　　　年　　月　　日"
TICKED, OPEN = "☑", "☐"


def written_date(day: date | None) -> str:
    """2026年11月26日, or room to write it by hand."""
    return f"{day.year}年{day.month}月{day.day}日" if day else BLANK_DAY


def formal_date(day: date) -> str:
    """二〇二六年十一月二十六日, as on a solemn paper."""
    year = "".join(DIGITS[int(digit)] for digit in str(day.year))
    return f"{year}年{spelled(day.month)}月{spelled(day.day)}日"


def written_moment(moment: datetime | None) -> str:
    """2026年11月26日9时05分 on the clock of the bureau, or room to write it."""
    if moment is None:
        return f"{BLANK_DAY}　　时　　分"
    local = moment.astimezone(CHINA)
    return f"{written_date(local.date())}{local.hour}时{local.minute:02d}分"


def spelled(number: int) -> str:
    """A number from 1 to 99 in Chinese numerals; 12 is 十二."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return head + (DIGITS[ones] if ones else "")


def ticked(vocabulary: Iterable[Term], chosen: Collection[Term], between: str = "　") -> str:
    """Every choice of a vocabulary with its box, ticked where chosen."""
    return between.join(f"{TICKED if term in chosen else OPEN}{term.label}" for term in vocabulary)


def one_line(values: Iterable[str], between: str = "、") -> str:
    """The non-empty values behind each other, each once, in their order."""
    return between.join(dict.fromkeys(value for value in values if value))
