"""Some rows of each effect of a load, to be looked at before and after it is applied."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.provenance import STATEABLE
from app.services.roster_import.apply import text_of
from app.services.roster_import.claims import GONE
from app.services.roster_import.comparing import DELTA, ENTERPRISE, TARGET
from app.services.roster_import.outcome import SAMPLE, Outcome
from app.services.roster_import.staging import STAGE

_MOST_CELLS, _LONGEST = 8, 120

Sample = dict[str, Any]


def taken(session: Session, outcome: Outcome) -> dict[str, list[Sample]]:
    """At most SAMPLE rows each, by effect: added, changed, gone, refused."""
    return {
        "added": _added(session),
        "changed": _changed(session),
        "gone": _gone(session) if outcome.gone else [],
        "refused": [
            {
                "line": reject.line,
                "code": reject.error.code,
                "params": {name: str(value) for name, value in reject.error.params.items()},
                "cells": [cell[:_LONGEST] for cell in reject.cells[:_MOST_CELLS]],
            }
            for reject in outcome.sample
        ],
    }


def _added(session: Session) -> list[Sample]:
    query = (
        select(STAGE.c.line, STAGE.c.identifier, STAGE.c.name)
        .join(TARGET, TARGET.c.ordinal == STAGE.c.ordinal)
        .where(TARGET.c.is_new)
        .order_by(TARGET.c.ordinal)
        .limit(SAMPLE)
    )
    return [dict(row) for row in session.execute(query).mappings()]


def _changed(session: Session) -> list[Sample]:
    """Line, enterprise, and what was and would be in each field that differs."""
    pairs = [
        column
        for each in STATEABLE
        for column in (
            text_of(ENTERPRISE.c[each.value]).label(f"old_{each.value}"),
            text_of(DELTA.c[each.value]).label(f"new_{each.value}"),
        )
    ]
    query = (
        select(STAGE.c.line, ENTERPRISE.c.id, ENTERPRISE.c.identifier, ENTERPRISE.c.name, *pairs)
        .select_from(
            DELTA.join(ENTERPRISE, ENTERPRISE.c.id == DELTA.c.enterprise_id).join(
                STAGE, STAGE.c.ordinal == DELTA.c.ordinal
            )
        )
        .order_by(DELTA.c.ordinal)
        .limit(SAMPLE)
    )
    return [_difference(dict(row)) for row in session.execute(query).mappings()]


def _difference(row: Sample) -> Sample:
    fields = {
        each.value: [_cut(row[f"old_{each.value}"]), _cut(row[f"new_{each.value}"])]
        for each in STATEABLE
        if row[f"old_{each.value}"] != row[f"new_{each.value}"]
    }
    return {name: row[name] for name in ("line", "id", "identifier", "name")} | {"fields": fields}


def _gone(session: Session) -> list[Sample]:
    query = (
        select(ENTERPRISE.c.id, ENTERPRISE.c.identifier, ENTERPRISE.c.name)
        .join(GONE, GONE.c.enterprise_id == ENTERPRISE.c.id)
        .order_by(ENTERPRISE.c.id)
        .limit(SAMPLE)
    )
    return [dict(row) for row in session.execute(query).mappings()]


def _cut(value: str | None) -> str | None:
    return value if value is None else value[:_LONGEST]
