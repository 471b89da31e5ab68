"""How every file of the sample is written: CSV in UTF-8 with the byte-order mark that Excel wants."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path


def write_rows(path: Path, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Writes the heading and the rows as they come; the number of rows."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headers)
        for row in rows:
            writer.writerow(row)
            count += 1
    return count
