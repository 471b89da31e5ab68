"""数据交换: a task taken in or given out under the other platform's numbers, and the keys of departments."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import abort, current_app, flash, g, redirect, request, send_file, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from app.domain.errors import DomainError
from app.domain.exchange import to_json
from app.extensions import db
from app.messages import sentence_for
from app.models import Agency, AgencyKey, ExchangeIntake, InspectionTask
from app.reports import exchange as exchange_report
from app.services.exchange.incoming import take_in
from app.services.exchange.keys import make_key, revoke_key
from app.services.exchange.outgoing import package_of
from app.services.exchange.reading import read_package
from app.views.base import BasePage, domain_errors_flashed
from app.views.base.format import CLOCK
from app.views.imports import XLSX
from app.views.rows import foreign_agency, tasks_to_see

SHOWN = 50
LONGEST_VALIDITY = timedelta(days=366)
JSON = "application/json"


class ExchangeView(BasePage):
    """Packages in and out."""

    route_base = "/exchange"
    class_permission_name = "Exchange"
    title = _("Data exchange")

    @expose("/")
    @has_access
    @permission_name("read")
    def index(self) -> str:
        """What was taken in so far, and the tasks that can be given out."""
        own = ExchangeIntake.task.has(tasks_to_see())
        taken = select(ExchangeIntake).where(own).order_by(ExchangeIntake.id.desc()).limit(SHOWN)
        tasks = (
            select(InspectionTask)
            .where(InspectionTask.visits.any(), tasks_to_see())
            .options(selectinload(InspectionTask.lead_agency))
            .order_by(InspectionTask.id.desc())
            .limit(SHOWN)
        )
        return self.render(
            "exchange/index.html",
            intakes=list(db.session.scalars(taken)),
            tasks=list(db.session.scalars(tasks)),
        )

    @expose("/take", methods=["POST"])
    @has_access
    @permission_name("import")
    def take(self) -> Response:
        """Take in a package; a refused one leaves nothing behind."""
        file = request.files.get("file")
        if file is None or not file.filename:
            flash(_("Choose a file first."), "danger")
            return redirect(url_for(".index"))
        try:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / f"package{Path(file.filename).suffix[:8]}"
                file.save(path)
                package, digest = read_package(path)
            taken = take_in(package, digest, g.user, datetime.now(UTC))
        except DomainError as error:
            db.session.rollback()
            flash(sentence_for(error), "danger")
            return redirect(url_for(".index"))
        flash(
            _(
                "%(added)s rows added, %(results)s results taken over, %(unchanged)s unchanged.",
                added=taken.added,
                results=taken.results,
                unchanged=taken.unchanged,
            ),
            "success",
        )
        return redirect(url_for("InspectionTaskView.show", pk=taken.task_id))

    @expose("/give/<int:task_id>.<any(xlsx,json):form>")
    @has_access
    @permission_name("export")
    def give(self, task_id: int, form: str) -> Response:
        """A task as a package, as a sheet or as JSON; another department gets its own results only."""
        session = db.session()
        seen = select(InspectionTask).where(InspectionTask.id == task_id, tasks_to_see())
        task, agency = session.scalar(seen) or abort(404), foreign_agency()
        package = package_of(session, task, agency.id if agency else None)
        if form == "json":
            content, kind = to_json(package).encode(), JSON
        else:
            content, kind = exchange_report.build(package, datetime.now(UTC)), XLSX
        name = f"{package.head.task_no}.{form}"
        return send_file(BytesIO(content), kind, as_attachment=True, download_name=name)


class AgencyKeyView(BasePage):
    """接口密钥 of the departments' systems, and the description of the interface."""

    route_base = "/agency-keys"
    class_permission_name = "AgencyKey"
    title = _("Interface keys")

    @expose("/")
    @has_access
    @permission_name("read")
    def index(self) -> str:
        """The keys, standing ones first."""
        return self._page()

    @expose("/make", methods=["POST"])
    @has_access
    @permission_name("write")
    def make(self) -> Response | str:
        """Make a key and show its text, this once."""
        today = datetime.now(CLOCK).date()
        expires_on = _day(request.form.get("expires_on", ""))
        if expires_on is None or not today < expires_on <= today + LONGEST_VALIDITY:
            flash(_("A key is valid for a year at most."), "danger")
            return redirect(url_for(".index"))
        try:
            agency_id = request.form.get("agency", type=int) or 0
            text = make_key(agency_id, request.form.get("name", ""), expires_on, g.user, datetime.now(UTC))
        except DomainError as error:
            flash(sentence_for(error), "danger")
            return redirect(url_for(".index"))
        return self._page(text)

    @expose("/<int:pk>/revoke", methods=["POST"])
    @has_access
    @permission_name("write")
    def revoke(self, pk: int) -> Response:
        """End a key at once."""
        with domain_errors_flashed(_("The key was revoked.")):
            revoke_key(pk, g.user, datetime.now(UTC))
        return redirect(url_for(".index"))

    def _page(self, text: str = "") -> str:
        keys = db.session.scalars(select(AgencyKey).order_by(AgencyKey.revoked_at.is_not(None), AgencyKey.id))
        today = datetime.now(CLOCK).date()
        return self.render(
            "exchange/keys.html",
            keys=list(keys),
            text=text,
            today=today,
            proposed=today + LONGEST_VALIDITY - timedelta(days=1),
            agencies=list(db.session.scalars(select(Agency).order_by(Agency.code))),
            calls=list(_calls()),
        )


def _calls() -> Any:
    """(method, address, words) of every call of the interface, from its own description."""
    paths = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()["paths"]
    for address, methods in sorted(paths.items()):
        for method, call in methods.items():
            if method in ("get", "put", "post"):
                yield method.upper(), address, call.get("summary", "")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
