"""通知 (art. 8): messages to departments, kept in one table, sent by mail in the background where one is set up.

A message belongs to the transaction of the act that it tells of. Sending takes it on lease first, so that
a worker that dies in between leaves it to be sent again: at least once, never lost.
"""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta
from email.errors import MessageError
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import policy
from app.domain.lifecycle import MAIL, advance
from app.domain.vocabulary import JobKind, MailState, OutboxKind
from app.models import Agency, OutboxMessage, OutboxTry
from app.services import audit, mail
from app.services.jobs import Running, enqueue, job, under_way
from app.services.transaction import lock, transaction

ORIGIN = "/outbox/"
ASKED_FOR = "outbox_asked_for"
MOST_AT_ONCE = 200
UNDELIVERABLE = (OSError, smtplib.SMTPException, MessageError, ValueError, LookupError)
"""What the server refuses, and what is no letter for its address or words; the next message goes out all the same."""


def post(
    session: Session, kind: OutboxKind, agency: Agency, subject: str, body: str, record: str, now: datetime
) -> OutboxMessage:
    """Put a message to a department into the outbox, inside the caller's transaction."""
    goes_out = bool(agency.email) and mail.is_set_up()
    message = OutboxMessage(
        kind=kind,
        agency_id=agency.id,
        subject=" ".join(subject.split())[:200],
        body=body,
        record=record,
        address=agency.email or "",
        state=MailState.WAITING if goes_out else MailState.INSIDE,
        made_at=now,
        next_at=now if goes_out else None,
    )
    session.add(message)
    if goes_out:
        _ask_for_sending(session, now)
    return message


def send_waiting(now: datetime) -> dict[str, int]:
    """Send what is due by mail; how many were sent, will be tried again, were given up. Nothing without a server."""
    counts = {"sent": 0, "again": 0, "failed": 0}
    for key in _due(now) if mail.is_set_up() else ():
        outcome = _send(key, now)
        if outcome is not None:
            counts[outcome] += 1
    return counts


def retry(message_id: int, actor: User, now: datetime) -> None:
    """Try a message again that could not be delivered. Raises IllegalTransition."""
    with transaction() as session:
        message = lock(session, OutboxMessage, message_id)
        message.state = advance(MAIL, message.state, "retry")
        message.attempts, message.next_at = 0, now
        message.address = message.agency.email or message.address
        audit.record(session, actor, "outbox:message:retried", str(message.id), {"to": message.address})
        _ask_for_sending(session, now)


def wake(now: datetime) -> bool:
    """Ask for sending when something is due and nobody is at it; for the sweep of the worker."""
    with transaction() as session:
        if not mail.is_set_up() or not _due_keys(session, now, 1) or under_way(session, ORIGIN):
            return False
        _ask_for_sending(session, now)
        return True


def messages_about(session: Session, record: str) -> list[OutboxMessage]:
    """Every message about one record, newest first."""
    query = select(OutboxMessage).where(OutboxMessage.record == record).order_by(OutboxMessage.id.desc())
    return list(session.scalars(query))


@job(JobKind.OUTBOX)
def send_in_background(running: Running) -> dict[str, Any]:
    """Send what waits; a job of its own, so that no page waits for a mail server."""
    return dict(send_waiting(running.now))


def _ask_for_sending(session: Session, now: datetime) -> None:
    """One job for all messages of a transaction."""
    if session.info.get(ASKED_FOR) is not session.get_transaction():
        session.info[ASKED_FOR] = session.get_transaction()
        enqueue(JobKind.OUTBOX, {}, None, now, JobKind.OUTBOX.label, ORIGIN)


def _due(now: datetime) -> list[int]:
    with transaction() as session:
        return _due_keys(session, now, MOST_AT_ONCE)


def _due_keys(session: Session, now: datetime, most: int) -> list[int]:
    query = (
        select(OutboxMessage.id)
        .where(OutboxMessage.state == MailState.WAITING, OutboxMessage.next_at <= now)
        .order_by(OutboxMessage.id)
        .limit(most)
    )
    return list(session.scalars(query))


def _send(key: int, now: datetime) -> str | None:
    """Send one message; None when another worker has it."""
    with transaction() as session:
        message = lock(session, OutboxMessage, key)
        if message.state != MailState.WAITING or message.next_at is None or message.next_at > now:
            return None
        message.attempts += 1
        pause = policy.JOINT.mail_pause_minutes * 2 ** (message.attempts - 1)
        message.next_at = now + timedelta(minutes=pause)
        letter = message.address, message.subject, message.body, f"outbox-{message.id}"
    try:
        mail.send(*letter)
    except UNDELIVERABLE as error:
        return _note(key, now, False, _said(error))
    return _note(key, now, True, "")


def _said(error: Exception) -> str:
    """Why a message did not go out: the server's words, else what kept it from the server."""
    if isinstance(error, smtplib.SMTPException):
        return str(error) or "邮件服务器中断了连接"
    if isinstance(error, OSError):
        return f"连接不上邮件服务器（{error}）"
    return "收件地址或内容不能作为邮件寄出"


def _note(key: int, now: datetime, is_done: bool, answer: str) -> str:
    with transaction() as session:
        message = lock(session, OutboxMessage, key)
        message.tries.append(OutboxTry(at=now, is_done=is_done, answer=answer[:300]))
        if is_done:
            message.state, message.sent_at = advance(MAIL, message.state, "send"), now
            return "sent"
        if message.attempts >= policy.JOINT.mail_attempts:
            message.state = advance(MAIL, message.state, "give_up")
            return "failed"
        return "again"
