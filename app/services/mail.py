"""Mail by SMTP, where config.py names a server; otherwise messages stay in the system."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from flask import current_app

TIMEOUT_SECONDS = 20


def is_set_up() -> bool:
    """Whether a mail server is named in the settings."""
    return bool(current_app.config["SMTP_HOST"])


def send(address: str, subject: str, text: str, key: str) -> None:
    """Send one plain text; `key` makes the message recognisable when it is sent again.

    Raises smtplib.SMTPException or OSError, with what the server said.
    """
    sender = current_app.config["SMTP_FROM"]
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, address, subject
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = make_msgid(key, domain=sender.rpartition("@")[2])
    message.set_content(text)
    with _connected() as server:
        server.send_message(message)


def _connected() -> smtplib.SMTP:
    settings = current_app.config
    host, port, security = settings["SMTP_HOST"], settings["SMTP_PORT"], settings["SMTP_SECURITY"]
    if security == "TLS":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    if security == "STARTTLS":
        server.starttls(context=ssl.create_default_context())
    if settings["SMTP_USER"]:
        server.login(settings["SMTP_USER"], settings["SMTP_PASSWORD"] or "")
    return server
