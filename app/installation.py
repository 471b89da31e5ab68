"""Moving house: what backup, restore and copy need beside the rows — schema, roles, index, open jobs, chains."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import Flask, current_app
from flask_migrate import upgrade
from sqlalchemy import inspect

from app.console import initialise
from app.domain.errors import DomainError
from app.extensions import db
from app.services import audit, draw_log
from app.services.carrying.archive import Manifest, read_manifest, restore_backup, revision_of
from app.services.carrying.copying import Copied, copy_everything
from app.services.carrying.emptiness import NotEmpty
from app.services.job_runs import close_after_restore
from app.services.search import refresh
from app.services.transaction import transaction


class BackupTooNew(DomainError):
    """The backup was taken by a newer program."""

    code = "backup_too_new"


class ChainBroken(DomainError):
    """A chain does not verify after the move."""

    code = "chain_broken"


def restore(file: Any) -> dict[str, Any]:
    """Build the present, empty database from a backup; gives back what was restored.

    The schema is first made as it was when the backup was taken, and brought to this version afterwards.
    Raises BackupDamaged, BackupTooNew, OtherKey, NotEmpty, ChainBroken.
    """
    manifest = read_manifest(file, str(current_app.config["AUDIT_KEY"]))
    _make_schema(manifest)
    restore_backup(db.engine, file, manifest)
    finish()
    return {"tables": len(manifest.tables), "rows": manifest.rows, "taken_at": manifest.taken_at, **chains()}


def _make_schema(manifest: Manifest) -> None:
    if inspect(db.engine).has_table("alembic_version"):
        with db.engine.connect() as connection:
            if revision_of(connection) != manifest.revision:
                raise NotEmpty(table="alembic_version")
        return
    if not _is_known(manifest.revision):
        raise BackupTooNew(revision=manifest.revision)
    upgrade(directory=migrations(), revision=manifest.revision)


def _is_known(revision: str) -> bool:
    config = Config()
    config.set_main_option("script_location", migrations())
    try:
        return ScriptDirectory.from_config(config).get_revision(revision) is not None
    except CommandError:
        return False


def migrations() -> str:
    """The folder of the migrations."""
    return str(Path(current_app.root_path).parent / "migrations")


def finish() -> None:
    """After the rows: newest schema, roles, the search index, and no job that believes it is at work."""
    initialise()
    with transaction() as session:
        refresh(session)
        close_after_restore(session, datetime.now(UTC))


def copy_to(target: Flask) -> Copied:
    """Carry everything into the empty database of another application. Raises NotEmpty, CopyDiffers."""
    source = db.engine
    with target.app_context():
        upgrade(directory=migrations())
        copied = copy_everything(source, db.engine)
        finish()
        chains()
        db.session.remove()
        db.engine.dispose()
        return copied


def chains() -> dict[str, int]:
    """The lengths of both chains, verified. Raises ChainBroken."""
    session = db.session()
    events, event_fault = audit.verify_trail(session)
    entries, entry_fault = draw_log.verify_log(session)
    if event_fault or entry_fault:
        raise ChainBroken(chain="audit" if event_fault else "draw log", at=event_fault or entry_fault)
    return {"audit": events, "log": entries}
