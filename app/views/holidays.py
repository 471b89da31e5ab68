"""节假日安排: an operator loads the yearly notice, sees what it changes, and puts it in force."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from flask import flash, g, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.domain.errors import DomainError
from app.extensions import db
from app.messages import sentence_for
from app.models import HolidayNotice
from app.services import holidays
from app.services.calendar import working_calendar
from app.services.papers import LARGEST
from app.services.storage import fetch_bytes
from app.views import given
from app.views.base import BasePage


class HolidayNoticeView(BasePage):
    """The yearly notices from which working days are counted."""

    route_base = "/holiday-notices"
    class_permission_name = "Holiday"
    title = _("Holiday notices")

    @expose("/")
    @has_access
    @permission_name("import")
    def index(self) -> str:
        """The notices in force, and the form for the next one."""
        notices = db.session.scalars(
            select(HolidayNotice).order_by(HolidayNotice.year.desc(), HolidayNotice.id.desc())
        ).all()
        known = working_calendar(db.session()).confirmed_until
        return self.render("holidays/notices.html", notices=notices, known_until=known)

    @expose("/preview", methods=["POST"])
    @has_access
    @permission_name("import")
    def preview(self) -> Response | str:
        """What the notice would change; nothing is changed yet."""
        try:
            year, number = self._asked()
            name, content = self._file()
            with _on_disk(name, content) as path:
                days = holidays.read_notice(year, path)
                found = holidays.difference(db.session(), year, days)
                digest = holidays.keep_notice(path, name)
        except DomainError as error:
            db.session.rollback()
            flash(sentence_for(error), "danger")
            return redirect(url_for(".index"))
        return self.render(
            "holidays/preview.html",
            year=year,
            number=number,
            name=name,
            digest=digest,
            days=days,
            found=found,
        )

    @expose("/apply", methods=["POST"])
    @has_access
    @permission_name("import")
    def apply(self) -> Response:
        """Put the notice in force that was previewed."""
        try:
            year, number = self._asked()
            name, digest = given.text("name", 200), given.text("digest", 64)
            content = fetch_bytes(db.session(), digest)
            with _on_disk(name, content) as path:
                _found, computed = holidays.apply_notice(year, number, path, name, g.user, datetime.now(UTC))
        except DomainError as error:
            db.session.rollback()
            flash(sentence_for(error), "danger")
        else:
            flash(
                _(
                    "The notice for %(year)s is in force; %(count)s due dates were computed anew.",
                    year=year,
                    count=computed,
                ),
                "success",
            )
        return redirect(url_for(".index"))

    def _asked(self) -> tuple[int, str]:
        year = request.form.get("year", "")
        number = given.text("document_no", 60)
        if not (year.isascii() and year.isdigit() and len(year) == 4):
            raise holidays.NoticeIncomplete(missing=str(_("Year")))
        if not number:
            raise holidays.NoticeIncomplete(missing=str(_("Document number")))
        return int(year), number

    def _file(self) -> tuple[str, bytes]:
        file = request.files.get("file")
        content = file.stream.read(LARGEST + 1) if file and file.filename else b""
        if file is None or not content or len(content) > LARGEST:
            raise holidays.NoticeIncomplete(missing=str(_("File")))
        return Path(file.filename or "").name[-200:], content


@contextmanager
def _on_disk(name: str, content: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"notice{Path(name).suffix[:8]}"
        path.write_bytes(content)
        yield path
