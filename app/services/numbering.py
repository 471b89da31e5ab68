"""Numbers that leave no gap and are given once (文号): taken in the transaction of the paper that bears them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.models import NumberSeries
from app.services.bulk import insert_into


def take(session: Session, series: str, year: int) -> int:
    """The next number of the series in that year, from 1 on.

    The row of the series stays held until the caller's transaction ends: the next taker waits, and a
    rolled back transaction gives its number back, so there is neither a gap nor a double.
    """
    statement = insert_into(session, NumberSeries).values(series=series, year=year, last=1)
    statement = statement.on_conflict_do_update(
        index_elements=[NumberSeries.series, NumberSeries.year], set_={"last": NumberSeries.last + 1}
    )
    session.flush()
    return int(session.execute(statement.returning(NumberSeries.last)).scalar_one())
