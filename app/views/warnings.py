"""监管风险预警 (art. 11, R88): what stands out, what it rests on, and what is done about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from flask import abort, g, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.models.sqla.filters import BaseFilter
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_appbuilder.security.sqla.models import Role, User
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Query
from werkzeug.wrappers import Response

from app.domain.lifecycle import PROPOSAL, WARNING
from app.domain.lifecycle import may as lawful
from app.domain.vocabulary import ProposalState, RiskDimension, VersionState, WarningState
from app.extensions import db
from app.models import InspectionItem, ItemVersion, RatioProposal, RiskRun, RiskWarning
from app.security import roles
from app.services import jobs
from app.services.risk import proposals, runs, warnings
from app.services.risk.evidence import Evidence, evidence_of, months_of
from app.services.risk.responses import OPEN
from app.views import entry_forms as typed
from app.views.base import TONES, LedgerView, RegisterInterface, domain_errors_flashed, label_of
from app.views.base.format import CLOCK
from app.views.computed import Computed, person
from app.views.item_fields import ppm_of
from app.views.labels import LABELS
from app.views.registry import Badge, Todo, badge, todos
from app.views.rows import foreign_agency, may

TONES.update(
    {
        "WarningState": {
            "found": "bad",
            "assessed": "run",
            "reported": "run",
            "handled": "run",
            "lifted": "ok",
        },
        "WarningLevel": {"raised": "warn", "severe": "bad"},
        "ProposalState": {"open": "run", "adopted": "ok"},
    }
)
WORDS = {
    "found": _("Found by the analysis"),
    "renewed": _("Seen again"),
    "assign": _("Owner named"),
    "assess": _("Assessed"),
    "report": _("Reported"),
    "handle": _("Handled"),
    "lift": _("Lifted"),
    "dismiss": _("False alarm, lifted"),
}
WORKED = {"assess": _("Assess …"), "handle": _("Record what is done …")}
DECIDED = {"report": _("Report upwards …"), "lift": _("Lift …"), "dismiss": _("False alarm …")}
MOST_TODOS = 8


class WarningsToSee(BaseFilter):
    """The bureau's people see every warning, another department those that it owns."""

    name = "warnings to see"
    arg_name = None

    def apply(self, query: Query[Any], value: Any) -> Query[Any]:
        """Narrow a query of warnings."""
        return query if foreign_agency() is None else query.filter(RiskWarning.owner_id == g.user.id)


class RiskWarningView(Computed, LedgerView):
    """The warnings of the monthly analysis."""

    route_base = "/warnings"
    datamodel = RegisterInterface(RiskWarning, eager={"owner"})
    class_permission_name = "RiskWarning"
    title = _("Risk warnings")
    noun = _("risk warning")
    subtitle = _(
        "Every month's results are compared with the peers and with the own past; small numbers are never judged."
    )
    list_template = "warnings/list.html"
    show_template = "warnings/show.html"
    base_filters = [["id", WarningsToSee, None]]
    list_columns = ["number", "label", "dimension", "kind", "level", "state", "month", "owner", "answer_by"]
    show_columns = ["state"]
    search_columns = ["number", "label", "state", "level", "kind", "dimension", "owner"]
    order_columns = ["number", "month", "answer_by"]
    base_order = ("id", "desc")
    tag_columns = {"state", "level"}
    label_columns = {
        **LABELS,
        "label": _("What stands out"),
        "dimension": _("Compared by"),
        "kind": _("Comparison"),
        "level": _("Level of the warning"),
        "month": _("Month"),
        "owner": _("Owner"),
        "answer_by": _("To be assessed by"),
    }
    formatters_columns = {"owner": person, "month": lambda day: f"{day:%Y-%m}"}

    def name_of(self, item: RiskWarning) -> str:
        """What stands out."""
        return item.label

    def data_note(self) -> str:
        """Which month was analysed last, and when."""
        run = self.newest_run()
        return (
            _(
                "analysed last: %(month)s, on %(day)s",
                month=f"{run.month:%Y-%m}",
                day=run.at.astimezone(CLOCK).date(),
            )
            if run
            else ""
        )

    def newest_run(self) -> RiskRun | None:
        """The newest run of the analysis."""
        return runs.newest_run(db.session())

    def may_analyse(self) -> bool:
        """Whether the reader may have the month before analysed."""
        return may("write", "RiskWarning") and foreign_agency() is None

    def month_before(self) -> str:
        """The month that the button analyses."""
        return f"{runs.month_before(datetime.now(UTC)):%Y-%m}"

    def evidence(self, item: RiskWarning) -> Evidence:
        """The findings behind a warning."""
        return evidence_of(db.session(), item)

    def months(self, item: RiskWarning) -> str:
        """The days that a warning looks at."""
        first, last = months_of(item)
        return f"{first} – {last}"

    def life(self, item: RiskWarning) -> list[tuple[Any, str]]:
        """The life of a warning as a bar; reporting is passed over where nothing was reported."""
        past = {step.event for step in item.steps}
        order = list(WarningState)
        reached = order.index(item.state)
        skipped = {
            WarningState.REPORTED: "report",
            WarningState.HANDLED: "handle",
            WarningState.ASSESSED: "assess",
        }
        return [
            (
                label_of(state),
                "now"
                if place == reached
                else "done"
                if place < reached and skipped.get(state, "found") in past
                else "",
            )
            for place, state in enumerate(order)
        ]

    def steps_open(self, item: RiskWarning) -> list[tuple[str, Any, str]]:
        """The steps that the reader may take now: event, words, and where it is posted."""
        found = []
        for power, route, events in (("write", ".work", WORKED), ("approve", ".decide", DECIDED)):
            if may(power, "RiskWarning"):
                found += [
                    (event, words, url_for(route, pk=item.id))
                    for event, words in events.items()
                    if lawful(WARNING, item.state, event)
                ]
        return found

    def event_words(self, event: str) -> Any:
        """A step in words."""
        return WORDS.get(event, event)

    def is_late(self, item: RiskWarning) -> bool:
        """Whether nobody has assessed it in time."""
        return warnings.is_late(item, datetime.now(CLOCK).date())

    def may_follow(self, item: RiskWarning, power: str = "write", view: str = "RiskWarning") -> bool:
        """Whether something may follow from the warning by this reader."""
        return item.state in OPEN and may("write", "RiskWarning") and may(power, view)

    def may(self, view: str) -> bool:
        """Whether the reader may open records of another page."""
        return may("read", view)

    def may_assign(self, item: RiskWarning) -> bool:
        """Whether the reader names the owner."""
        return item.state != WarningState.LIFTED and may("assign", "RiskWarning")

    def owners(self) -> list[tuple[int, str]]:
        """Who can answer a warning: planners and chiefs."""
        fit = User.roles.any(Role.name.in_((roles.PLANNER, roles.APPROVER)))
        query = select(User).where(fit, User.active).order_by(User.last_name, User.first_name)
        return [(user.id, str(person(user))) for user in db.session.scalars(query)]

    def items(self, item: RiskWarning) -> list[tuple[int, str]]:
        """The items for which a ratio may be proposed, that of the warning alone where it has one."""
        query = (
            select(InspectionItem.id, InspectionItem.code, ItemVersion.name)
            .join(ItemVersion, ItemVersion.item_id == InspectionItem.id)
            .where(ItemVersion.state == VersionState.PUBLISHED)
            .order_by(InspectionItem.code)
        )
        own = own_item(item)
        return [(row[0], f"{row[1]} {row[2]}") for row in db.session.execute(query) if own in (None, row[0])]

    def next_year(self) -> int:
        """The year whose plan a proposal is for."""
        return datetime.now(CLOCK).year + 1

    def may_answer(self, proposal: RatioProposal) -> bool:
        """Whether the reader decides on a proposal: somebody else than who made it."""
        open_ = lawful(PROPOSAL, proposal.state, "adopt")
        return open_ and may("write", "RiskWarning") and proposal.proposed_by_id != g.user.id

    @expose("/analyse", methods=["POST"])
    @has_access
    @permission_name("write")
    def analyse(self) -> Response:
        """Analyse the month before in the background."""
        if not self.may_analyse():
            abort(404)
        origin, now = self.list_url(), datetime.now(UTC)
        running = jobs.under_way(db.session(), origin)
        key = running.id if running else runs.ask_for_analysis(runs.month_before(now), g.user, now, origin)
        return redirect(url_for("JobView.show", pk=key))

    @expose("/<int:pk>/work", methods=["POST"])
    @has_access
    @permission_name("write")
    def work(self, pk: int) -> Response:
        """研判 or 处置."""
        return self._step(pk, WORKED)

    @expose("/<int:pk>/decide", methods=["POST"])
    @has_access
    @permission_name("approve")
    def decide(self, pk: int) -> Response:
        """上报, 解除 or 误报."""
        return self._step(pk, DECIDED)

    @expose("/<int:pk>/assign", methods=["POST"])
    @has_access
    @permission_name("assign")
    def assign(self, pk: int) -> Response:
        """Name the owner (责任到人)."""
        owner = typed.whole(request.form, "owner")
        if owner not in dict(self.owners()):
            abort(404)
        return self._act(pk, lambda now: warnings.assign_owner(pk, owner, g.user, now))

    @expose("/<int:pk>/propose", methods=["POST"])
    @has_access
    @permission_name("write")
    def propose(self, pk: int) -> Response:
        """Propose another ratio for next year's plan."""
        form = request.form
        ppm, item = ppm_of(form.get("percent", "")) or 0, typed.whole(form, "item")
        if item not in dict(self.items(self._found(pk))):
            abort(404)
        year, reason = self.next_year(), typed.words(form, "reason", 2000)
        return self._act(pk, lambda now: proposals.propose_ratio(pk, item, year, ppm, reason, g.user, now))

    @expose("/<int:pk>/proposals/<int:proposal>", methods=["POST"])
    @has_access
    @permission_name("write")
    def answer(self, pk: int, proposal: int) -> Response:
        """采纳 or decline a proposal; an adopted ratio stands in the form of next year's plan lines."""
        found = db.session.get(RatioProposal, proposal)
        if found is None or found.warning_id != pk:
            abort(404)
        event = "adopt" if request.form.get("adopted") == "1" else "decline"
        words = typed.words(request.form, "decision")
        return self._act(pk, lambda now: proposals.decide_proposal(proposal, event, words, g.user, now))

    def _step(self, pk: int, events: dict[str, Any]) -> Response:
        event = request.form.get("event", "")
        if event not in events:
            abort(404)
        note = typed.words(request.form, "note", 2000)
        return self._act(pk, lambda now: warnings.take_step(pk, event, note, g.user, now))

    def _act(self, pk: int, act: Callable[[datetime], Any]) -> Response:
        self._found(pk)
        with domain_errors_flashed(_("Recorded.")):
            act(datetime.now(UTC))
        return redirect(url_for(".show", pk=pk))


def own_item(warning: RiskWarning) -> int | None:
    """The item that a warning is about, None where it is about something else."""
    if warning.dimension == RiskDimension.ITEM:
        return int(warning.value)
    if warning.dimension == RiskDimension.ITEM_IN_DISTRICT:
        return int(warning.value.partition("/")[0])
    if warning.dimension == RiskDimension.ENTERPRISE:
        return int(warning.value.partition("/")[2])
    return None


@badge("RiskWarningView")
def warnings_open(_user: Any) -> Badge:
    """Warnings that nobody has assessed, hot when one is late."""
    if not may("read", "RiskWarning"):
        return Badge(0)
    days = [row.answer_by for row in _seen().filter(RiskWarning.state == WarningState.FOUND)]
    today = datetime.now(CLOCK).date()
    return Badge(len(days), any(day is not None and day < today for day in days))


@todos
def warning_todos(user: Any) -> Iterator[Todo]:
    """Warnings to assess or to go on with, and proposals to decide on."""
    if not may("write", "RiskWarning"):
        return
    today = datetime.now(CLOCK).date()
    mine = (RiskWarning.owner_id == user.id) | RiskWarning.owner_id.is_(None)
    query = _seen().filter(mine, RiskWarning.state == WarningState.FOUND).order_by(RiskWarning.answer_by)
    for row in query.limit(MOST_TODOS):
        late = warnings.is_late(row, today)
        yield Todo(
            _("late") if late else _("to do"),
            _("Assess the risk warning: %(matter)s", matter=row.label),
            url_for("RiskWarningView.show", pk=row.id),
            "bad" if late else "warn",
            row.answer_by.isoformat() if row.answer_by else "",
            row.answer_by,
        )
    yield from _proposal_todos(user)


def _proposal_todos(user: Any) -> Iterator[Todo]:
    waiting = select(RatioProposal).where(
        RatioProposal.state == ProposalState.OPEN, RatioProposal.proposed_by_id != user.id
    )
    for row in db.session.scalars(waiting.limit(MOST_TODOS)) if foreign_agency() is None else ():
        text = _("Decide on the proposed ratio: %(item)s", item=row.item.code)
        yield Todo(_("to do"), text, url_for("RiskWarningView.show", pk=row.warning_id))


def _seen() -> Any:
    interface = RegisterInterface(RiskWarning, db.session)
    return WarningsToSee("id", interface).apply(db.session.query(RiskWarning), None)
