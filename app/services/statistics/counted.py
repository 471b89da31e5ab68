"""The rows behind the figures, one a drawn target and item, as they are kept beside a reported period (R82)."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.forms.editions import STEPS, row_line
from app.models import Visit
from app.services.statistics.facts import Coverage, facts

BATCH = 5000


def counted_rows(session: Session, coverage: Coverage) -> Iterator[str]:
    """A line for each row that the measures count, with its visit, its record and its steps."""
    base = facts(coverage)
    query = (
        select(base.c.target_id, Visit.number, base.c.record_id, *(base.c[step] for step in STEPS))
        .select_from(base)
        .outerjoin(Visit, Visit.id == base.c.visit_id)
        .order_by(base.c.target_id)
    )
    for target, visit, record, *steps in session.execute(query.execution_options(yield_per=BATCH)):
        yield row_line(target, visit or "", record, steps)
