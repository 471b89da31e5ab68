"""Staged rows beside the roster: which are new, which differ and how, which sources are overruled.

Everything is said in statements over whole tables. What a file does not state stays as it is; a guess fills
what is empty or was itself a guess; a source overrules only what no better source states (R13).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    Integer,
    String,
    and_,
    case,
    false,
    func,
    insert,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session

from app.domain.provenance import STATEABLE, Precedence, bit
from app.domain.vocabulary import RosterField
from app.models import Enterprise, SourceClaim
from app.services.bulk import table_of
from app.services.roster_import.staged import GUESSES
from app.services.roster_import.staging import STAGE, Stage, temporary

ENTERPRISE, CLAIM = table_of(Enterprise), table_of(SourceClaim)

MARKS = {RosterField.TERRITORY: "territory_guessed", RosterField.INDUSTRY: "industry_guessed"}
"""Fields of which the roster may hold a guess, with the column that says so."""

TARGET = temporary(
    "roster_target",
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("enterprise_id", Integer),
    Column("is_new", Boolean),
)
DELTA_COLUMNS = (
    "identifier_kind",
    "identifier_fault",
    *(each.value for each in STATEABLE),
    *MARKS.values(),
    "risk_class_on",
)
_DELTA_TYPES: dict[str, Any] = {
    "established_on": Date,
    "risk_class_on": Date,
    "in_jurisdiction": Boolean,
    "territory_guessed": Boolean,
    "industry_guessed": Boolean,
}
DELTA = temporary(
    "roster_delta",
    Column("ordinal", Integer),
    Column("enterprise_id", Integer, primary_key=True, autoincrement=False),
    *(Column(name, _DELTA_TYPES.get(name, String)) for name in DELTA_COLUMNS),
)
CLASH = temporary(
    "roster_clash",
    Column("ordinal", Integer),
    Column("enterprise_id", Integer, primary_key=True, autoincrement=False),
    Column("fields", Integer),
)
"""Rows whose source is not believed about some fields, and these fields as bits."""


@dataclass(frozen=True, slots=True)
class Rival:
    """Another source, with the fields, as bits, about which it is believed before the one that is loaded."""

    source_id: int
    better: int
    claim: Any = field(default=None)


class Comparison:
    """The staged rows of one source compared with the roster."""

    def __init__(
        self, session: Session, stage: Stage, source_id: int, precedence: Precedence, today: date
    ) -> None:
        self._session, self._stage, self._today = session, stage, today
        self.rivals = self._rivals(source_id, precedence)

    def run(self) -> None:
        """Fill the tables of targets, differences and clashes."""
        for table in (TARGET, DELTA, CLASH):
            self._stage.create(table)
        self._stage.measure(STAGE)
        self._find_targets()
        self._stage.measure(TARGET)
        if self.has_known:
            self._find_differences()
            self._find_clashes()
            self._stage.measure(DELTA)

    @property
    def has_known(self) -> bool:
        """True when at least one staged row is of an enterprise in the roster."""
        return self._session.scalar(select(TARGET.c.ordinal).where(~TARGET.c.is_new).limit(1)) is not None

    def _find_targets(self) -> None:
        highest = self._session.scalar(select(func.coalesce(func.max(ENTERPRISE.c.id), 0)))
        is_new = ENTERPRISE.c.id.is_(None)
        fresh = literal(highest) + STAGE.c.ordinal
        query = select(STAGE.c.ordinal, func.coalesce(ENTERPRISE.c.id, fresh), is_new).select_from(
            STAGE.outerjoin(ENTERPRISE, ENTERPRISE.c.identifier == STAGE.c.identifier)
        )
        self._session.execute(insert(TARGET).from_select(list(TARGET.c.keys()), query))

    def _find_differences(self) -> None:
        values = {name: self._merged(name) for name in DELTA_COLUMNS if name != "risk_class_on"}
        differs = [value.is_distinct_from(ENTERPRISE.c[name]) for name, value in values.items()]
        risk = values[RosterField.RISK_CLASS.value]
        values["risk_class_on"] = case(
            (risk.is_distinct_from(ENTERPRISE.c.risk_class), literal(self._today, Date)),
            else_=ENTERPRISE.c.risk_class_on,
        )
        columns = [STAGE.c.ordinal, ENTERPRISE.c.id, *(values[name] for name in DELTA_COLUMNS)]
        query = select(*columns).select_from(self._matched()).where(or_(*differs))
        self._session.execute(insert(DELTA).from_select(list(DELTA.c.keys()), query))

    def _find_clashes(self) -> None:
        against = [each for each in STATEABLE if any(rival.better & bit(each) for rival in self.rivals)]
        if not against:
            return
        marks = [
            case((and_(self._overruled(each), _stated(each) != ENTERPRISE.c[each.value]), bit(each)), else_=0)
            for each in against
        ]
        total: ColumnElement[int] = sum(marks[1:], marks[0])
        query = select(STAGE.c.ordinal, ENTERPRISE.c.id, total).select_from(self._matched()).where(total != 0)
        self._session.execute(insert(CLASH).from_select(list(CLASH.c.keys()), query))

    def _matched(self) -> Any:
        """Staged rows of known enterprises beside these, with what better sources claim about them."""
        joined = STAGE.join(TARGET, TARGET.c.ordinal == STAGE.c.ordinal).join(
            ENTERPRISE, and_(ENTERPRISE.c.id == TARGET.c.enterprise_id, ~TARGET.c.is_new)
        )
        for rival in self.rivals:
            if rival.better:
                on = and_(
                    rival.claim.c.enterprise_id == ENTERPRISE.c.id,
                    rival.claim.c.source_id == rival.source_id,
                    rival.claim.c.gone_batch_id.is_(None),
                )
                joined = joined.outerjoin(rival.claim, on)
        return joined

    def _merged(self, name: str) -> ColumnElement[Any]:
        """What the roster holds after the load."""
        if name in MARKS.values():
            return self._merged_mark(next(each for each, mark in MARKS.items() if mark == name))
        held = ENTERPRISE.c[name]
        if name not in {each.value for each in STATEABLE}:
            return func.coalesce(STAGE.c[name], held)
        each = RosterField.of(name)
        options = [(self._believed(each), _stated(each))]
        if each in MARKS:
            options.append((_guess_counts(each), STAGE.c[GUESSES[name]]))
        return case(*options, else_=held)

    def _merged_mark(self, each: RosterField) -> ColumnElement[Any]:
        return case(
            (self._believed(each), false()),
            (_guess_counts(each), literal(True)),
            else_=ENTERPRISE.c[MARKS[each]],
        )

    def _believed(self, each: RosterField) -> ColumnElement[bool]:
        return and_(_stated(each).is_not(None), ~self._overruled(each))

    def _overruled(self, each: RosterField) -> ColumnElement[bool]:
        better = [rival for rival in self.rivals if rival.better & bit(each)]
        claims = [func.coalesce(rival.claim.c.stated, 0).bitwise_and(bit(each)) != 0 for rival in better]
        return or_(*claims) if claims else false()

    def _rivals(self, source_id: int, precedence: Precedence) -> Sequence[Rival]:
        found = []
        for other in precedence.general:
            claim = CLAIM.alias(f"claim_{other}")
            mine = select(claim.c.enterprise_id).where(claim.c.source_id == other).limit(1)
            if other != source_id and self._session.scalar(mine) is not None:
                found.append(Rival(other, precedence.better(other, source_id), claim))
        return found


def _stated(each: RosterField) -> ColumnElement[Any]:
    return STAGE.c[each.value]


def _guess_counts(each: RosterField) -> ColumnElement[bool]:
    """A guess fills what is empty or was itself a guess, and never stands beside a fact of the same row."""
    guess, held = STAGE.c[GUESSES[each.value]], ENTERPRISE.c[each.value]
    open_to_guess = or_(held.is_(None), ENTERPRISE.c[MARKS[each]])
    return and_(guess.is_not(None), _stated(each).is_(None), open_to_guess)
