"""An application on a database file of its own, and a city in it; building is slow, so the file is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from flask import Flask
from sqlalchemy import insert
from sqlalchemy.schema import CreateTable

from app import create_app
from app.domain.vocabulary import EntityStatus, IdentifierKind, Scope, Stratification
from app.extensions import db
from app.models import Enterprise, InspectionTask
from app.sample import enterprises
from config import Testing
from tests.bench import child
from tests.bench.table import FOLDER
from tests.builders import World, make_item

BLOCK = 20_000
DISTRICTS = ("220102", "220103", "220104", "220105", "220106", "220112", "220113", "220122")


@contextmanager
def town(path: Path) -> Iterator[Flask]:
    """The application inside its context, on the database file `path`."""
    app = create_app(
        Testing({"DATABASE_URL": f"sqlite:///{path.resolve()}", "VAR_DIR": str(path.parent.resolve())})
    )
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def roster_city(count: int) -> Path:
    """A database with `count` enterprises in eight districts and one task in draft, kept between runs."""
    path = FOLDER / f"roster-{count}-{_schema()}.db"
    if not path.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        for old in FOLDER.glob(f"roster-{count}-*"):
            old.unlink()
        unfinished = path.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        child.run(build_roster_city, unfinished, count)
        unfinished.rename(path)
    return path


def build_roster_city(path: Path, count: int) -> None:
    """Fill a new database; runs in a child."""
    with town(path) as app:
        people = settle(app)
        insert_rows(Enterprise, enterprise_rows(count))
        item = make_item("XC-01")
        people.publish_items()
        people.task([item], ppm=30_000, scope=Scope.NON_TARGETED, stratification=Stratification.DISTRICT)


def settle(app: Flask) -> World:
    """Tables, roles, vocabularies and the four people of a ceremony."""
    db.create_all()
    app.appbuilder.sm.bootstrap()
    return World(enterprises=0, inspectors=0)


def insert_rows(model, rows) -> None:
    """Insert rows in blocks, one transaction, with room in memory for the indexes."""
    stream = iter(rows)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA cache_size = -400000")
        while block := list(islice(stream, BLOCK)):
            connection.execute(insert(model), block)


def enterprise_rows(count: int) -> Iterator[dict[str, object]]:
    """Rows of the sample city, all drawable, spread evenly over the districts; identifiers in no order."""
    for place, row in enumerate(enterprises.rows(count)):
        yield {
            "identifier": row[0],
            "identifier_kind": IdentifierKind.UNIFIED,
            "name": row[1],
            "status": EntityStatus.EXISTING,
            "territory_code": DISTRICTS[place % len(DISTRICTS)],
            "address": row[12],
            "business_scope": row[13],
        }


def only_task() -> int:
    """The key of the city's task."""
    return db.session.query(InspectionTask.id).scalar()


def _schema() -> str:
    text = "".join(str(CreateTable(table)) for table in db.metadata.sorted_tables)
    return hashlib.sha256(text.encode()).hexdigest()[:8]
