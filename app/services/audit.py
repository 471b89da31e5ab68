"""The audit trail: who did what, when, written in the transaction of the act itself (R31, R89)."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.models import AuditEvent, ChainHead
from app.services.chain import AUDIT, GENESIS, set_head, take_next


def record(session: Session, actor: User | None, tag: str, subject: str, data: dict[str, Any]) -> None:
    """Append one event. `tag` reads area:object:past participle, `subject` names the record concerned."""
    number, previous = take_next(session, AUDIT)
    values = {
        "number": number,
        "at": datetime.now(UTC).replace(microsecond=0),
        "actor_id": actor.id if actor else None,
        "actor_name": actor.username if actor else "system",
        "tag": tag,
        "subject": subject[:80],
        "data": json.dumps(data, ensure_ascii=False, sort_keys=True, default=str),
        "previous_hash": previous,
    }
    values["event_hash"] = event_hash(values)
    session.execute(insert(AuditEvent).values(values))
    set_head(session, AUDIT, str(values["event_hash"]))


def event_hash(values: dict[str, Any]) -> str:
    """Keyed hash over every field and the hash before it; the key lives outside the database."""
    parts = [
        values["previous_hash"],
        values["number"],
        values["at"].astimezone(UTC).isoformat(),
        values["actor_id"],
        values["actor_name"],
        values["tag"],
        values["subject"],
        values["data"],
    ]
    key = str(current_app.config["AUDIT_KEY"]).encode()
    return hmac.new(key, json.dumps(parts).encode(), hashlib.sha256).hexdigest()


def verify_trail(session: Session) -> tuple[int, str | None]:
    """Events checked, and the first fault: a number where the chain breaks, or None when it is whole."""
    previous, count = GENESIS, 0
    for values in _events(session):
        count += 1
        found = (values["number"], values["previous_hash"], values["event_hash"])
        if found != (count, previous, event_hash(values)):
            return count, str(values["number"])
        previous = values["event_hash"]
    head = session.get(ChainHead, AUDIT, populate_existing=True)
    last = (head.number, head.head_hash) if head else (0, GENESIS)
    return count, None if last == (count, previous) else str(count + 1)


def _events(session: Session) -> Iterator[dict[str, Any]]:
    query = select(*AuditEvent.__table__.columns).order_by(AuditEvent.number)
    with session.execute(query.execution_options(yield_per=2000)) as rows:
        for row in rows:
            yield row._asdict()
