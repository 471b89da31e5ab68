"""What a load or a trial did, as plain JSON: it is kept beside the file and shown again at any time."""

from __future__ import annotations

from typing import Any

from app.services.roster_import.outcome import Outcome

REFUSED_SHOWN = 50
OFFERING = ("row_identifier_mistyped", "row_date_mistyped")
"""Reasons of refusal that come with a correction to accept."""
SAMPLED = ("added", "changed", "gone")
_MOST_CELLS, _LONGEST_CELL, _MOST_NAMES = 12, 200, 200


def account_of(outcome: Outcome) -> dict[str, Any]:
    """Counts, reasons and samples of an outcome."""
    reasons = outcome.rejects.by_code()
    return {
        "counts": outcome.counts(),
        "gone": outcome.gone,
        "conflicts": outcome.conflicts,
        "is_same_file": outcome.is_same_file,
        "samples": {name: outcome.samples.get(name, []) for name in SAMPLED},
        "headers": list(outcome.headers[:_MOST_CELLS]),
        "unknown": [name[:_LONGEST_CELL] for name in outcome.unknown_columns[:_MOST_NAMES]],
        "flags": {str(flag): count for flag, count in outcome.flags.most_common()},
        "reasons": reasons,
        "offers": sum(reasons.get(code, 0) for code in OFFERING),
        "refused": [
            {
                "line": row.line,
                "code": row.error.code,
                "params": {name: _short(value) for name, value in row.error.params.items()},
                "cells": _cells(row.cells),
            }
            for row in outcome.rejects.first(REFUSED_SHOWN)
        ],
        "flagged": [
            {"line": row.line, "flags": list(row.flags), "cells": _cells(row.cells)}
            for row in outcome.flagged_sample
        ],
        "corrections": [
            {"line": each.line, "header": each.header, "raw": each.raw[:_LONGEST_CELL], "value": each.value}
            for each in outcome.corrections
        ],
    }


def _cells(cells: tuple[str, ...]) -> list[str]:
    return [cell[:_LONGEST_CELL] for cell in cells[:_MOST_CELLS]]


def _short(value: Any) -> Any:
    return value[:_LONGEST_CELL] if isinstance(value, str) else value
