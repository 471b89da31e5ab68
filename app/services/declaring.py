"""填报数据: what a department says of a year because no record tells it (R79, R87); every saying is kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.forms import DECLARED, DeclaredForm
from app.models import Agency, DeclaredFigure
from app.services import audit
from app.services.transaction import fetch, lock, transaction

CHOICES = ("是", "否")
LONGEST = 1000
FIRST_YEAR, LAST_YEAR = 2000, 2999
MOST = Decimal(10) ** 9


class DeclaredUnknown(DomainError):
    """Nobody asks for this figure; params name."""

    code = "declared_unknown"


class DeclaredInvalid(DomainError):
    """The value is not of the form that the figure has; params name, value, form."""

    code = "declared_invalid"


def declare(agency_id: int, year: int, values: Mapping[str, str], actor: User, now: datetime) -> int:
    """Keep what a department says of a year; how many figures changed. An empty value takes one back.

    Raises DeclaredUnknown, DeclaredInvalid, NotFound.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DeclaredInvalid(name="年度", value=str(year), form=DeclaredForm.NUMBER)
    said = {name: _checked(name, value) for name, value in values.items()}
    with transaction() as session:
        agency = lock(session, Agency, agency_id)
        before = figures(session, year).get(agency.id, {})
        changed = {name: value for name, value in said.items() if value != before.get(name, "")}
        for name, value in changed.items():
            session.add(
                DeclaredFigure(
                    year=year,
                    agency_id=agency.id,
                    name=name,
                    value=value,
                    declared_by_id=actor.id,
                    declared_at=now,
                )
            )
        if changed:
            subject = f"{agency.short_name} {year}"
            audit.record(session, actor, "report:figure:declared", subject, changed)
    return len(changed)


def figures(session: Session, year: int) -> dict[int, dict[str, str]]:
    """What stands declared for a year, by department and name; what was taken back is missing."""
    query = (
        select(DeclaredFigure.agency_id, DeclaredFigure.name, DeclaredFigure.value)
        .where(DeclaredFigure.year == year)
        .order_by(DeclaredFigure.id)
    )
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for agency_id, name, value in session.execute(query):
        found[agency_id][name] = value
    return {key: {name: value for name, value in each.items() if value} for key, each in found.items()}


def typed(values: Mapping[str, str]) -> dict[str, int | float | str | None]:
    """Declared values as a form writes them; None for what was not declared."""
    return {name: _typed(name, values.get(name)) for name in DECLARED}


def history(session: Session, year: int, agency_id: int) -> Sequence[DeclaredFigure]:
    """Everything that a department ever said of a year, newest first. Raises NotFound."""
    fetch(session, Agency, agency_id)
    query = (
        select(DeclaredFigure)
        .where(DeclaredFigure.year == year, DeclaredFigure.agency_id == agency_id)
        .order_by(DeclaredFigure.id.desc())
    )
    return session.scalars(query).all()


def _typed(name: str, value: str | None) -> int | float | str | None:
    form = DECLARED[name].form
    if not value:
        return None
    if form == DeclaredForm.NUMBER:
        return int(value)
    return float(value) if form == DeclaredForm.AMOUNT else value


def _checked(name: str, value: str) -> str:
    """The value as it is kept. Raises DeclaredUnknown, DeclaredInvalid."""
    if name not in DECLARED:
        raise DeclaredUnknown(name=name)
    text, form = value.strip(), DECLARED[name].form
    if not text:
        return ""
    if form == DeclaredForm.TEXT and len(text) <= LONGEST:
        return text
    if form == DeclaredForm.CHOICE and text in CHOICES:
        return text
    if form in (DeclaredForm.NUMBER, DeclaredForm.AMOUNT) and (number := _number(text)) is not None:
        whole = number == number.to_integral_value()
        if form == DeclaredForm.AMOUNT or whole:
            return f"{number.normalize():f}"
    raise DeclaredInvalid(name=DECLARED[name].name, value=text, form=form)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() and 0 <= number < MOST else None
