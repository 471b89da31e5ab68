"""From one database to another, such as from the embedded SQLite to PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from app.domain.errors import DomainError
from app.services.carrying.emptiness import make_room
from app.services.carrying.stores import (
    Tally,
    continue_numbering,
    prepare_to_write,
    read_table,
    write_table,
)
from app.services.carrying.tables import carried_tables, still_picture


class CopyDiffers(DomainError):
    """A table of the copy does not hold what the original holds."""

    code = "copy_differs"


@dataclass(frozen=True, slots=True)
class Copied:
    """What was carried over: tables and rows."""

    tables: int
    rows: int


def copy_everything(source: Engine, target: Engine) -> Copied:
    """Carry every table of `source` into the empty schema of `target`, in one transaction, and compare.

    The source is read as it stands at one moment; nobody should write to it meanwhile, for what comes
    later is left behind. Raises NotEmpty, CopyDiffers.
    """
    with still_picture(source) as original, target.begin() as copy:
        prepare_to_write(copy)
        tables = carried_tables(original)
        places = {table.name: table for table in carried_tables(copy)}
        make_room(copy, list(places.values()))
        rows = 0
        for table in tables:
            place = places[table.name].only([column.name for column in table.columns])
            taken, arrived = Tally(), Tally()
            write_table(copy, place, taken.over(read_table(original, table)))
            for _ in arrived.over(read_table(copy, place)):
                pass
            if (taken.rows, taken.digest) != (arrived.rows, arrived.digest):
                raise CopyDiffers(table=table.name, wanted=taken.rows, found=arrived.rows)
            rows += taken.rows
        continue_numbering(copy, tables)
        return Copied(len(tables), rows)
