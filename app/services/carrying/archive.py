"""Backups: one file with every table, a manifest, and a digest for each table."""

from __future__ import annotations

import hmac
import json
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import BinaryIO

import psycopg
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from app.domain.errors import DomainError
from app.services.carrying.emptiness import make_room
from app.services.carrying.stores import (
    Tally,
    continue_numbering,
    prepare_to_write,
    read_table,
    write_table,
)
from app.services.carrying.tables import Carried, carried_tables, still_picture

FORMAT = "inspection-backup/1"
MANIFEST = "manifest.json"
PIECE = 1 << 20
UNREADABLE = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, EOFError, NotImplementedError)
UNFIT = (DBAPIError, sqlite3.Error, psycopg.Error)


class BackupDamaged(DomainError):
    """The file is no whole backup: it cannot be read, or a digest does not fit."""

    code = "backup_damaged"


class OtherKey(DomainError):
    """The backup belongs to another AUDIT_KEY; its audit trail could not be verified here."""

    code = "other_key"


@dataclass(frozen=True, slots=True)
class Entry:
    """One table of a backup."""

    name: str
    columns: list[str]
    rows: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    taken_at: str
    revision: str
    database: str
    key: str
    tables: list[Entry]

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(table.rows for table in self.tables)


def take_backup(engine: Engine, file: BinaryIO, key: str, now: datetime) -> Manifest:
    """Write everything that the database holds at this moment into `file`, while others go on working.

    `key` is AUDIT_KEY; only a sign by which it is recognised goes into the file.
    """
    with (
        still_picture(engine) as picture,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as whole,
    ):
        entries = [_pack(picture, whole, table) for table in carried_tables(picture)]
        manifest = Manifest(now.isoformat(), revision_of(picture), engine.dialect.name, _sign(key), entries)
        whole.writestr(
            MANIFEST, json.dumps({"format": FORMAT, **asdict(manifest)}, ensure_ascii=False, indent=1)
        )
    return manifest


def _pack(picture: Connection, whole: zipfile.ZipFile, table: Carried) -> Entry:
    tally = Tally()
    with whole.open(_place(table.name), "w", force_zip64=True) as member:
        for piece in tally.over(read_table(picture, table)):
            member.write(piece)
    return Entry(table.name, [column.name for column in table.columns], tally.rows, tally.size, tally.digest)


def read_manifest(file: BinaryIO, key: str) -> Manifest:
    """What a backup says of itself. Raises BackupDamaged, OtherKey."""
    try:
        with zipfile.ZipFile(file) as whole:
            said = json.loads(whole.read(MANIFEST))
        if said.pop("format") != FORMAT:
            raise ValueError(FORMAT)
        tables = [Entry(**entry) for entry in said.pop("tables")]
        manifest = Manifest(**said, tables=tables)
    except UNREADABLE as error:
        raise BackupDamaged(part=MANIFEST) from error
    if not hmac.compare_digest(manifest.key, _sign(key)):
        raise OtherKey()
    return manifest


def restore_backup(engine: Engine, file: BinaryIO, manifest: Manifest) -> None:
    """Put everything from a backup into the empty schema of its version, in one transaction.

    Raises NotEmpty and BackupDamaged; then the database is as it was.
    """
    with engine.begin() as connection:
        prepare_to_write(connection)
        present = {table.name: table for table in carried_tables(connection)}
        make_room(connection, list(present.values()))
        with zipfile.ZipFile(file) as whole:
            for entry in manifest.tables:
                _unpack(connection, whole, present, entry)
        continue_numbering(connection, present.values())


def _unpack(
    connection: Connection, whole: zipfile.ZipFile, present: dict[str, Carried], entry: Entry
) -> None:
    tally = Tally()
    try:
        table = present[entry.name].only(entry.columns)
        with whole.open(_place(entry.name)) as member:
            write_table(connection, table, tally.over(iter(lambda: member.read(PIECE), b"")))
    except (*UNREADABLE, *UNFIT) as error:
        raise BackupDamaged(part=entry.name) from error
    if (tally.rows, tally.digest) != (entry.rows, entry.sha256):
        raise BackupDamaged(part=entry.name)


def revision_of(connection: Connection) -> str:
    """The version of the schema."""
    return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar())


def digests(engine: Engine) -> Iterator[tuple[str, int, str]]:
    """Name, rows and digest of every table: two databases that hold the same give the same."""
    with still_picture(engine) as picture:
        for table in carried_tables(picture):
            tally = Tally()
            for _ in tally.over(read_table(picture, table)):
                pass
            yield table.name, tally.rows, tally.digest


def _place(name: str) -> str:
    return f"tables/{name}.txt"


def _sign(key: str) -> str:
    return hmac.new(key.encode(), FORMAT.encode(), "sha256").hexdigest()[:16]
