"""案件移送 and 抄告: what goes to other departments, case-handling bodies and the police."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import abort, flash, g, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.domain.errors import DomainError
from app.domain.transfers import POLICE_DOCUMENTS, next_acts
from app.domain.vocabulary import (
    InspectorStatus,
    LetterFate,
    NoticeOutcome,
    NoticeSubject,
    StaffKind,
    TransferAct,
    TransferKind,
)
from app.extensions import db
from app.messages import sentence_for
from app.models import Agency, AgencyNotice, CaseTransfer, Inspector, ItemFinding
from app.services import clocks, notifying, transferring
from app.services.notifying import NoticeTerms
from app.services.transferring import Case, documents_of
from app.views import given
from app.views.base import LedgerView, RegisterInterface, domain_errors_flashed
from app.views.base.format import CLOCK
from app.views.computed import Computed
from app.views.labels import LABELS
from app.views.rectifications import paper_response
from app.views.rows import FollowUpToSee, finding_to_follow, may

USUAL_DAYS = 30
DECIDING = (TransferAct.APPROVE, TransferAct.REFUSE)


class TransferView(Computed, LedgerView):
    """The cases handed over."""

    route_base = "/transfers"
    datamodel = RegisterInterface(CaseTransfer, eager={"finding", "agency", "steps"})
    class_permission_name = "CaseTransfer"
    title = _("Transfers")
    noun = _("transfer")
    subtitle = _("Cases that are not ours to decide; those to the police run by the hour.")
    show_template = "transfers/show.html"
    base_filters = [["id", FollowUpToSee, None]]
    list_columns = ["enterprise", "kind", "receiver", "agency", "opened_at", "state"]
    show_columns = ["state", "kind"]
    search_columns = ["kind", "state", "agency", "opened_at"]
    order_columns = ["opened_at"]
    base_order = ("id", "desc")
    tag_columns = {"state"}
    paper_kind = "transfer"
    label_columns = {**LABELS, "receiver": _("Receiver"), "opened_at": _("Opened at")}
    computed = {"enterprise": lambda row: row.finding.visit.enterprise.name}

    def name_of(self, item: CaseTransfer) -> str:
        """Enterprise and receiver."""
        return str(item)

    def next_acts(self, item: CaseTransfer) -> list[TransferAct]:
        """The steps that the reader may take now: the head decides, the others carry out."""
        acts = next_acts(item.kind, item.state)
        return [act for act in acts if may("approve" if act in DECIDING else "write", "CaseTransfer")]

    def reading(self, item: CaseTransfer) -> Any:
        """The deadline that runs on this transfer, if one does."""
        found = clocks.readings(db.session(), datetime.now(UTC), item.agency_id)
        own = (each for each in found if (each.running.record, each.running.key) == ("transfer", item.id))
        return next(own, None)

    def documents(self, item: CaseTransfer) -> list[str]:
        """The documents of the file."""
        return documents_of(item)

    def now(self) -> str:
        """This minute, as a field of day and time takes it."""
        return datetime.now(CLOCK).strftime("%Y-%m-%dT%H:%M")

    @expose("/open/<int:finding_id>", methods=["GET", "POST"])
    @has_access
    @permission_name("write")
    def open(self, finding_id: int) -> Response | str:
        """Hand a case over, or report a suspected crime to the head."""
        finding = finding_to_follow(finding_id) or abort(404)
        if request.method == "POST":
            try:
                pk = self._opened(finding)
            except DomainError as error:
                db.session.rollback()
                flash(sentence_for(error), "danger")
            else:
                flash(_("The transfer was put on record."), "success")
                return redirect(url_for(".show", pk=pk))
        return self._sheet(finding_to_follow(finding_id) or abort(404))

    @expose("/<int:pk>/step", methods=["POST"])
    @has_access
    @permission_name("write")
    def step(self, pk: int) -> Response:
        """One step that was carried out."""
        return self._step(pk, deciding=False)

    @expose("/<int:pk>/decide", methods=["POST"])
    @has_access
    @permission_name("approve")
    def decide(self, pk: int) -> Response:
        """The head's decision on a transfer to the police."""
        return self._step(pk, deciding=True)

    @expose("/<int:pk>/documents", methods=["POST"])
    @has_access
    @permission_name("write")
    def list_documents(self, pk: int) -> Response:
        """Complete the list of documents."""
        self._found(pk)
        with domain_errors_flashed(_("The list of documents was kept.")):
            transferring.list_documents(pk, given.text("documents").splitlines(), g.user)
        return redirect(url_for(".show", pk=pk))

    @expose("/<int:pk>/papers/<int:ordinal>")
    @has_access
    @permission_name("read")
    def paper(self, pk: int, ordinal: int) -> Response:
        """The paper of a step, as a download."""
        steps = [step for step in self._found(pk).steps if step.ordinal == ordinal and step.file_digest]
        if not steps:
            abort(404)
        return paper_response(steps[0].file_digest, steps[0].file_name)

    def _step(self, pk: int, *, deciding: bool) -> Response:
        self._found(pk)
        with domain_errors_flashed(_("The step was recorded.")):
            act = given.member(TransferAct, "act")
            if (act in DECIDING) is not deciding:
                abort(403)
            transferring.take_step(
                pk, act, given.moment("at"), given.text("note"), g.user, datetime.now(UTC), given.paper()
            )
        return redirect(url_for(".show", pk=pk))

    def _opened(self, finding: ItemFinding) -> int:
        kind, now = given.member(TransferKind, "kind"), datetime.now(UTC)
        case = Case(
            receiver=given.text("receiver", 100),
            facts=given.text("facts"),
            legal_basis=given.text("legal_basis", 300),
            documents=tuple(given.text("documents").splitlines()),
        )
        if kind == TransferKind.POLICE:
            officers = [
                int(key) for key in request.form.getlist("officer") if key.isdigit() and len(key) < 10
            ]
            return transferring.report_to_head(finding.id, case, officers, g.user, now)
        due = given.day("reply_due_on")
        return transferring.transfer_to_agency(finding.id, kind, case, due, g.user, now, given.paper())

    def _sheet(self, finding: ItemFinding) -> str:
        latest = finding.latest
        proposed = {
            "facts": latest.problem or "" if latest else "",
            "legal_basis": "；".join(str(basis) for basis in finding.task_item.version.bases)[:300],
            "documents": "\n".join(["现场检查记录", "证据材料", *POLICE_DOCUMENTS]),
            "reply_due_on": (datetime.now(CLOCK).date() + timedelta(days=USUAL_DAYS)).isoformat(),
            "kind": TransferKind.AGENCY.value,
        }
        officers = db.session.scalars(
            select(Inspector)
            .where(
                Inspector.agency_id == finding.agency_id,
                Inspector.kind == StaffKind.INSPECTOR,
                Inspector.status == InspectorStatus.ACTIVE,
            )
            .order_by(Inspector.staff_no)
        ).all()
        return self.render_template(
            "transfers/open.html",
            title=_("Hand a case over"),
            view=self,
            finding=finding,
            kinds=list(TransferKind),
            officers=officers,
            chosen=set(request.form.getlist("officer")),
            values=proposed | request.form.to_dict(),
        )


class NoticeView(Computed, LedgerView):
    """What other departments were told, and what they answered."""

    route_base = "/agency-notices"
    datamodel = RegisterInterface(AgencyNotice, eager={"finding", "agency", "receiver"})
    class_permission_name = "AgencyNotice"
    title = _("Notices to departments")
    noun = _("notice to another department")
    subtitle = _("The other department decides; its answer is recorded, the roster is not touched.")
    show_template = "notices/show.html"
    base_filters = [["id", FollowUpToSee, None]]
    list_columns = ["enterprise", "subject", "receiver", "agency", "sent_on", "outcome", "state"]
    show_columns = ["state", "subject"]
    search_columns = ["subject", "state", "receiver", "agency", "sent_on"]
    order_columns = ["sent_on"]
    base_order = ("id", "desc")
    tag_columns = {"state"}
    paper_kind = "notice"
    label_columns = {
        **LABELS,
        "subject": _("About"),
        "receiver": _("Receiver"),
        "sent_on": _("Sent on"),
        "outcome": _("Outcome"),
    }
    computed = {"enterprise": lambda row: row.finding.visit.enterprise.name}
    fates = [fate for fate in LetterFate if fate != LetterFate.UNDER_WAY]
    outcomes = list(NoticeOutcome)

    def name_of(self, item: AgencyNotice) -> str:
        """Enterprise and receiver."""
        return str(item)

    def may_write(self) -> bool:
        """Whether the reader may put anything on record here."""
        return may("write", "AgencyNotice")

    def today(self) -> str:
        """The day on the clock of the bureau."""
        return datetime.now(CLOCK).date().isoformat()

    def reading(self, item: AgencyNotice) -> Any:
        """The deadline of the answer, while it runs."""
        found = clocks.readings(db.session(), datetime.now(UTC), item.agency_id)
        own = (each for each in found if (each.running.record, each.running.key) == ("notice", item.id))
        return next(own, None)

    @expose("/send/<int:finding_id>", methods=["GET", "POST"])
    @has_access
    @permission_name("write")
    def send(self, finding_id: int) -> Response | str:
        """Tell another department."""
        finding = finding_to_follow(finding_id) or abort(404)
        if request.method == "POST":
            try:
                pk = self._sent(finding)
            except DomainError as error:
                db.session.rollback()
                flash(sentence_for(error), "danger")
            else:
                flash(_("The notice was put on record."), "success")
                return redirect(url_for(".show", pk=pk))
        return self._sheet(finding_to_follow(finding_id) or abort(404))

    @expose("/letters/<int:finding_id>", methods=["POST"])
    @has_access
    @permission_name("write")
    def post_letter(self, finding_id: int) -> Response:
        """A letter to the registered address."""
        finding = finding_to_follow(finding_id) or abort(404)
        with domain_errors_flashed(_("The letter was put on record.")):
            notifying.log_letter(
                finding.id,
                given.day("posted_on"),
                given.text("tracking_no", 40),
                given.text("address", 300),
                g.user,
                datetime.now(UTC),
            )
        return redirect(url_for(".send", finding_id=finding_id))

    @expose("/letters/<int:finding_id>/<int:letter_id>", methods=["POST"])
    @has_access
    @permission_name("write")
    def settle_letter(self, finding_id: int, letter_id: int) -> Response:
        """What became of a letter."""
        finding = finding_to_follow(finding_id) or abort(404)
        if letter_id not in {letter.id for letter in finding.letters}:
            abort(404)
        with domain_errors_flashed(_("What became of the letter was put on record.")):
            fate = given.member(LetterFate, "fate")
            notifying.settle_letter(letter_id, fate, given.day("on"), g.user, datetime.now(UTC))
        return redirect(url_for(".send", finding_id=finding_id))

    @expose("/<int:pk>/receipt", methods=["POST"])
    @has_access
    @permission_name("write")
    def receipt(self, pk: int) -> Response:
        """The other department has it."""
        self._found(pk)
        with domain_errors_flashed(_("The receipt was recorded.")):
            notifying.acknowledge_notice(pk, given.day("on"), g.user, datetime.now(UTC))
        return redirect(url_for(".show", pk=pk))

    @expose("/<int:pk>/answer", methods=["POST"])
    @has_access
    @permission_name("write")
    def answer(self, pk: int) -> Response:
        """What the other department decided."""
        self._found(pk)
        with domain_errors_flashed(_("The answer was recorded.")):
            outcome = given.member(NoticeOutcome, "outcome")
            notifying.answer_notice(
                pk, outcome, given.text("answer"), given.day("on"), g.user, datetime.now(UTC)
            )
        return redirect(url_for(".show", pk=pk))

    @expose("/<int:pk>/paper")
    @has_access
    @permission_name("read")
    def paper(self, pk: int) -> Response:
        """The evidence that went with the notice, as a download."""
        item = self._found(pk)
        if not item.file_digest:
            abort(404)
        return paper_response(item.file_digest, item.file_name)

    def _sent(self, finding: ItemFinding) -> int:
        terms = NoticeTerms(
            subject=given.member(NoticeSubject, "subject"),
            facts=given.text("facts"),
            legal_basis=given.text("legal_basis", 300),
            evidence=given.text("evidence"),
        )
        receiver = given.key("receiver")
        return notifying.notify_agency(finding.id, receiver, terms, g.user, datetime.now(UTC), given.paper())

    def _sheet(self, finding: ItemFinding) -> str:
        latest = finding.latest
        others = db.session.scalars(
            select(Agency).where(Agency.id != finding.agency_id).order_by(Agency.code)
        )
        regulator = next((agency for agency in others if "市场监督" in agency.name), None)
        proposed = {
            "facts": latest.problem or "" if latest else "",
            "legal_basis": "；".join(str(basis) for basis in finding.task_item.version.bases)[:300],
            "receiver": str(regulator.id) if regulator else "",
            "subject": "",
        }
        agencies = db.session.scalars(
            select(Agency).where(Agency.id != finding.agency_id).order_by(Agency.code)
        )
        return self.render_template(
            "notices/send.html",
            title=_("Notify another department"),
            view=self,
            finding=finding,
            agencies=[(agency.id, agency.name) for agency in agencies],
            subjects=list(NoticeSubject),
            values=proposed | request.form.to_dict(),
        )
