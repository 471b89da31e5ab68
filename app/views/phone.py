"""On the spot: the inspector's list, the form on the phone, and what the phone sends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from flask import abort, current_app, g, jsonify, redirect, request, send_file, send_from_directory, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from app.domain.entries import day_of
from app.domain.errors import DomainError
from app.domain.evidence import REQUIRED, touches_card_buyers
from app.domain.findings import BREACHES, NOT_INSPECTABLE
from app.domain.vocabulary import CheckMethod, Disposal, EvidenceKind, PointOutcome, VisitState
from app.extensions import db
from app.messages import sentence_for
from app.models import Attachment, EvidenceHold, InspectionTask, ItemFinding, StoredFile, Visit
from app.services import entries, evidence, visits
from app.services.storage import fetch_bytes
from app.services.visits import OPEN_TASKS
from app.views import phone_input
from app.views.base import BasePage, code, domain_errors_flashed, label_of, tag
from app.views.base.format import CLOCK
from app.views.frame import full_name
from app.views.phone_state import own_agencies, state_of
from app.views.phone_words import words
from app.views.rows import is_own, visits_to_see
from app.views.visit_form import RESULT_GROUPS
from app.views.visits import AFTERWARDS, OPEN_VISITS

CARRIED = 20
SMALL = "image/jpeg"


class MyVisitsView(BasePage):
    """What the signed-in inspector has to do; a start page for the phone."""

    route_base = "/phone"
    class_permission_name = "Visit"
    title = _("My visits")

    @expose("/")
    @has_access
    @permission_name("record")
    def index(self) -> str:
        """Open visits first, by their day."""
        query = (
            select(Visit)
            .join(InspectionTask)
            .where(is_own(g.user.id), Visit.state != VisitState.CANCELLED)
            .where(InspectionTask.state.in_([*OPEN_TASKS, *AFTERWARDS]))
            .options(selectinload(Visit.enterprise), selectinload(Visit.findings), selectinload(Visit.task))
            .order_by(Visit.planned_on, Visit.id)
            .limit(300)
        )
        found = list(db.session.scalars(query))
        todo = [visit for visit in found if visit.state in OPEN_VISITS]
        done = [visit for visit in found if visit.state not in OPEN_VISITS]
        today = datetime.now(CLOCK).date()
        page = {"todo": todo, "done": done, "today": today, "carried": CARRIED}
        return self.render("visits/mine.html", **page, page_data={"user": g.user.id, "words": words()})

    @expose("/session")
    @has_access
    @permission_name("record")
    def session(self) -> Response:
        """Who is signed in, and the token that goes with every step."""
        return jsonify(user=g.user.id, name=full_name(g.user), token=generate_csrf())

    @expose("/worker.js")
    @has_access
    @permission_name("record")
    def worker(self) -> Response:
        """The script that keeps the pages of this folder at hand without a network."""
        folder = f"{current_app.static_folder}/phone"
        answer = send_from_directory(folder, "worker.js", mimetype="text/javascript", max_age=0)
        answer.headers["Cache-Control"] = "no-cache"
        return answer


class PhoneView(BasePage):
    """One visit on the phone. Every step answers with the whole state of the form, or with the refusal."""

    route_base = "/phone/visits"
    class_permission_name = "Visit"
    default_view = "show"
    title = _("Check on the spot")

    @expose("/<int:pk>")
    @has_access
    @permission_name("record")
    def show(self, pk: int) -> str:
        """The form of a visit, one column, for thumbs."""
        visit = self._own(pk)
        own = own_agencies(visit, g.user)
        items = sorted(visit.findings, key=lambda finding: (finding.agency_id not in own, finding.id))
        return self.render(
            "phone/visit.html",
            visit=visit,
            items=items,
            own=own,
            result_groups=RESULT_GROUPS,
            needs=needs_of_results(),
            breaches=BREACHES,
            ends=NOT_INSPECTABLE,
            outcomes=list(PointOutcome),
            methods=list(CheckMethod),
            disposals=list(Disposal),
            kinds=list(EvidenceKind),
            acts=acts_words(visit),
            page_data=self._page_data(visit),
        )

    @expose("/<int:pk>/state")
    @has_access
    @permission_name("record")
    def state(self, pk: int) -> Response:
        """What the form says now, colleagues included."""
        return self._state(self._own(pk))

    @expose("/<int:pk>/entries", methods=["POST"])
    @has_access
    @permission_name("record")
    def keep(self, pk: int) -> Response | tuple[Response, int]:
        """Keep a batch of entries, whole or not at all."""
        typed = phone_input.entries_of(request)
        return self._answer(pk, lambda now: entries.keep_entries(pk, typed, g.user, now))

    @expose("/<int:pk>/findings/<int:finding_id>/complete", methods=["POST"])
    @has_access
    @permission_name("record")
    def complete(self, pk: int, finding_id: int) -> Response | tuple[Response, int]:
        """完成本项: what was typed becomes the next version of the finding."""
        if all(finding.id != finding_id for finding in self._ever_own(pk).findings):
            abort(404)
        seen = phone_input.completion_of(request)
        return self._answer(pk, lambda now: entries.complete_item(finding_id, seen, g.user, now))

    @expose("/<int:pk>/files", methods=["POST"])
    @has_access
    @permission_name("record")
    def attach(self, pk: int) -> Response | tuple[Response, int]:
        """Keep a file."""
        piece = phone_input.piece_of(request)
        return self._answer(pk, lambda now: evidence.attach(pk, piece, g.user, now))

    @expose("/<int:pk>/signatures", methods=["POST"])
    @has_access
    @permission_name("record")
    def sign(self, pk: int) -> Response | tuple[Response, int]:
        """Keep a signature or a refusal."""
        signed = phone_input.signed_of(request)
        return self._answer(pk, lambda now: evidence.sign(pk, signed, g.user, now))

    @expose("/<int:pk>/holds", methods=["POST"])
    @has_access
    @permission_name("record")
    def hold(self, pk: int) -> Response | tuple[Response, int]:
        """Note what was taken into keeping."""
        mark, what, held_on = phone_input.hold_of(request)
        return self._answer(pk, lambda now: evidence.hold(pk, mark, what, held_on, g.user, now))

    @expose("/<int:pk>/submit", methods=["POST"])
    @has_access
    @permission_name("record")
    def submit(self, pk: int) -> Response | tuple[Response, int]:
        """Hand the whole form in for review."""
        return self._answer(pk, lambda now: visits.submit_visit(pk, g.user))

    @expose("/<int:pk>/holds/<int:hold_id>/decide", methods=["POST"])
    @has_access
    @permission_name("record")
    def decide(self, pk: int, hold_id: int) -> Response:
        """Note what was decided about things taken into keeping."""
        held = db.session.get(EvidenceHold, hold_id)
        if held is None or held.visit_id != self._own(pk).id:
            abort(404)
        on = day_of(request.form.get("decided_on", "")) or self._today()
        with domain_errors_flashed(_("The decision was noted.")):
            evidence.decide_hold(hold_id, request.form.get("outcome", ""), on, g.user, datetime.now(UTC))
        return redirect(url_for("VisitView.show", pk=pk, _anchor="evidence"))

    @expose("/<int:pk>/files/<int:file_id>")
    @has_access
    @permission_name("read")
    def file(self, pk: int, file_id: int) -> Response:
        """The original, byte for byte, to be saved and never to be shown as a page."""
        kept = self._seen_file(pk, file_id)
        return self._sent(kept.digest, kept.media.value, kept.name, saved=True)

    @expose("/<int:pk>/files/<int:file_id>/small")
    @has_access
    @permission_name("read")
    def small(self, pk: int, file_id: int) -> Response:
        """The small copy of a picture."""
        kept = self._seen_file(pk, file_id)
        return self._sent(kept.small_digest or abort(404), SMALL, f"{kept.id}.jpg", saved=False)

    def certificate(self, inspector: Any) -> Any:
        """The certificate to be shown today (R46)."""
        today = self._today()
        valid = [
            paper.number
            for paper in inspector.certificates
            if not paper.is_suspended and paper.valid_from <= today <= paper.valid_to
        ]
        return code(valid[0]) if valid else tag(gettext("no valid certificate"), "bad")

    def counts_only(self, finding: ItemFinding) -> bool:
        """Whether an item looks into records of card buyers (R96)."""
        version = finding.task_item.version
        return touches_card_buyers(f"{version.name}{version.item.field}")

    def _answer(self, pk: int, step: Callable[[datetime], Any]) -> Response | tuple[Response, int]:
        visit = self._ever_own(pk)
        try:
            step(datetime.now(UTC))
        except DomainError as error:
            db.session.rollback()
            return jsonify(refused=sentence_for(error), mark=error.params.get("mark")), 422
        return self._state(visit)

    def _state(self, visit: Visit) -> Response:
        db.session.expire_all()
        return jsonify(state_of(db.session(), visit, g.user, datetime.now(UTC)))

    def _page_data(self, visit: Visit) -> dict[str, Any]:
        return {
            "user": g.user.id,
            "name": full_name(g.user),
            "visit": visit.id,
            "starts": visit.task.starts_on.isoformat(),
            "state": state_of(db.session(), visit, g.user, datetime.now(UTC)),
            "words": words(),
        }

    def _own(self, pk: int) -> Visit:
        found = db.session.scalar(select(Visit).where(Visit.id == pk, is_own(g.user.id)))
        return found or abort(404)

    def _ever_own(self, pk: int) -> Visit:
        """A visit in whose team the reader stands or stood: what was typed then still has to arrive."""
        found = db.session.get(Visit, pk)
        if found is None or g.user.id not in {member.inspector.user_id for member in found.members}:
            abort(404)
        return found

    def _seen_file(self, pk: int, file_id: int) -> Attachment:
        query = select(Attachment).join(Visit, Visit.id == Attachment.visit_id)
        query = query.where(Attachment.id == file_id, Visit.id == pk, visits_to_see())
        return db.session.scalar(query) or abort(404)

    def _sent(self, digest: str, media: str, name: str, *, saved: bool) -> Response:
        if db.session.get(StoredFile, digest) is None:
            abort(404)
        content = BytesIO(fetch_bytes(db.session(), digest))
        answer = send_file(content, media, as_attachment=saved, download_name=name)
        g.sealed = True
        if not saved:
            answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
        return answer

    def _today(self) -> date:
        return datetime.now(CLOCK).date()


def needs_of_results() -> dict[str, str]:
    """The evidence that a result needs, in words, by its code (R33, R62)."""
    between = "、"
    return {
        result.value: between.join(f"{label_of(kind)} × {count}" for kind, count in kinds.items())
        for result, kinds in REQUIRED.items()
    }


def acts_words(visit: Visit) -> list[str]:
    """本年度第 n 次／上限 m, as each body counted it when it approved the visit (R36)."""
    counted = [each for each in visit.approvals if each.act_number and each.cap]
    return [
        gettext(
            "%(body)s: act %(number)s of %(cap)s this year",
            body=each.agency.short_name,
            number=each.act_number,
            cap=each.cap,
        )
        for each in counted
    ]
