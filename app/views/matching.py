"""匹配与人员负荷: who inspects what and why, what helps when nobody is left, replacing an inspector."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import DomainError
from app.domain.lifecycle import TASK
from app.domain.lifecycle import may as lawful
from app.domain.matching.explain import Shortage
from app.domain.matching.remedies import Remedies
from app.domain.matching.solve import CannotBeStaffed
from app.extensions import db
from app.messages import sentence_for
from app.models import InspectionTask, Matching
from app.services import load_review, match_review
from app.services.match_review import Impasse
from app.services.matching import match_inspectors, pair_keys, propose_remedies
from app.services.substituting import OPEN, substitute_inspector
from app.views.base import BasePage, domain_errors_flashed
from app.views.base.format import CLOCK
from app.views.draw_hall import found_task
from app.views.rows import foreign_agency, may
from app.views.substitution_form import VIEW, SubstitutionForm

MOST_VISITS = 200


class MatchingView(BasePage):
    """The load of a year, the match of a task, its shortages and its substitutions."""

    route_base = "/matching"
    class_permission_name = VIEW
    title = _("Load of inspectors and concentration of pairs")

    @expose("/")
    @has_access
    @permission_name("read")
    def index(self) -> str:
        """Load, people never drawn and pairs, year by year (R20)."""
        agency = foreign_agency()
        years = load_review.review_years(db.session(), agency)
        year = request.args.get("year", type=int) or next(iter(years), datetime.now(CLOCK).year)
        review = load_review.year_review(db.session(), year, agency) if year in years else None
        return self.render("matching/year.html", year=year, years=years, review=review)

    @expose("/<int:pk>")
    @has_access
    @permission_name("read")
    def show(self, pk: int) -> str:
        """The match of one task."""
        task = found_task(pk)
        matching = match_review.matching_of(db.session(), task)
        values = self._match_values(task, matching) if matching else {}
        return self.render("matching/task.html", title=_("Matching"), task=task, matching=matching, **values)

    @expose("/<int:pk>/match", methods=["GET", "POST"])
    @has_access
    @permission_name("match")
    def match(self, pk: int) -> Response | str:
        """Whether the task can be staffed; if not, why, and the remedies to choose from."""
        task = found_task(pk)
        if request.method == "POST":
            return self._matched(task)
        if not self.may_match(task):
            return self.go("show", pk=pk)
        with domain_errors_flashed():
            shortages = match_review.shortages_of(db.session(), task)
            return self._remedies_page(task, shortages, None)
        return self.go("show", pk=pk)

    @expose("/<int:pk>/substitute", methods=["GET", "POST"])
    @has_access
    @permission_name("assign")
    def substitute(self, pk: int) -> Response | str:
        """Replace an inspector by the same key, approved by a second person (R19)."""
        task = found_task(pk)
        teams = match_review.open_teams(db.session(), task)
        if not self.may_substitute(task) or not teams:
            flash(_("No team of this task can change any more."), "warning")
            return self.go("show", pk=pk)
        form = SubstitutionForm(teams, match_review.people(db.session()))
        impasse = None
        if form.validate_on_submit():
            approver = form.approved_by()
            if approver is not None:
                answer = self._substituted(task, form, approver)
                if isinstance(answer, Response):
                    return answer
                impasse = answer
        task = found_task(pk)
        words = _("Replace an inspector")
        return self.render("matching/substitute.html", title=words, task=task, form=form, impasse=impasse)

    def may(self, power: str) -> bool:
        """Whether the reader holds this power over matches."""
        return may(power, VIEW)

    def may_match(self, task: InspectionTask) -> bool:
        """Whether the task waits for its match and the reader may make it."""
        return self.may("match") and lawful(TASK, task.state, "match")

    def may_substitute(self, task: InspectionTask) -> bool:
        """Whether teams may still change and the reader may ask for it."""
        return self.may("assign") and task.state in OPEN

    def sees_counts(self) -> bool:
        """Substitutions counted per inspector are for the auditor and who makes the match (R19)."""
        return self.may("match") or may("read", "AuditEvent")

    def sees_reasons(self) -> bool:
        """The reason of a substitution may be personal: not for everybody who may read the page."""
        return self.may("assign") or may("read", "AuditEvent")

    def sees_names(self) -> bool:
        """Names for who may read the roster of inspectors; staff numbers for everybody else."""
        return may("read", "Inspector")

    def arithmetic(self, shortage: Shortage, impasse: Impasse) -> Any:
        """The minimum cut of a shortage as one sentence of figures."""
        return arithmetic(shortage, impasse)

    def reasons(self, shortage: Shortage) -> Any:
        """Why the others may not, most frequent reason first."""
        return match_review.own_reasons(shortage.refusals)

    def _match_values(self, task: InspectionTask, matching: Matching) -> dict[str, Any]:
        session = db.session()
        found, known = match_review.round_of(session, matching), match_review.people(session)
        substitutions = match_review.substitutions_of(session, [matching])
        return {
            "key": pair_keys(matching.draw)(matching.purpose),
            "round": found,
            "known": known,
            "visits": match_review.visits_of(session, matching, MOST_VISITS),
            "loads": match_review.loads([found], known),
            "idle": match_review.idle(session, [found], known),
            "refusals": match_review.refusals_of(matching),
            "remedies": match_review.remedies_of(matching),
            "enterprises": match_review.enterprises_of(session, task, matching.draw),
            "substitutions": substitutions,
            "replaced": match_review.replaced(substitutions, known),
        }

    def _matched(self, task: InspectionTask) -> Response | str:
        try:
            chosen = (
                chosen_remedies(propose_remedies(task.id)) if request.form.get("remedies") else Remedies()
            )
            count = match_inspectors(task.id, g.user, datetime.now(UTC), chosen)
        except CannotBeStaffed as error:
            return self._remedies_page(found_task(task.id), error.params["shortages"], chosen)
        except DomainError as error:
            flash(sentence_for(error), "danger")
        else:
            flash(_("Inspectors were matched to %(count)s visits.", count=count), "success")
        return self.go("show", pk=task.id)

    def _remedies_page(
        self, task: InspectionTask, shortages: tuple[Shortage, ...], chosen: Remedies | None
    ) -> str:
        """The shortages with the proposal; `chosen` is what did not suffice, None before any choice."""
        proposal = propose_remedies(task.id) if shortages else Remedies()
        impasse = match_review.impasse(db.session(), found_task(task.id), shortages, proposal)
        taken = proposal if chosen in (None, Remedies()) else chosen
        words = _("Can it be staffed?")
        return self.render(
            "matching/remedies.html", title=words, task=task, impasse=impasse, chosen=chosen, taken=taken
        )

    def _substituted(
        self, task: InspectionTask, form: SubstitutionForm, approver: Any
    ) -> Response | Impasse | None:
        key = task.id
        try:
            changes = substitute_inspector(
                key,
                form.inspector.data,
                form.reason.data,
                g.user,
                approver,
                datetime.now(UTC),
                target=form.enterprise.data or None,
            )
        except CannotBeStaffed as error:
            flash(sentence_for(error), "danger")
            return match_review.impasse(db.session(), found_task(key), error.params["shortages"])
        except DomainError as error:
            flash(sentence_for(error), "danger")
            return None
        flash(_("The inspector was replaced; %(count)s teams changed.", count=len(changes)), "success")
        return redirect(url_for(".show", pk=key, _anchor="substitutions"))


def chosen_remedies(proposal: Remedies) -> Remedies:
    """What the clerk ticked, as far as it was proposed."""
    form = request.form
    waived = [
        (target, group) for target, _bar, group in (text.partition("|") for text in form.getlist("waive"))
    ]
    return match_review.chosen_remedies(proposal, form.getlist("raise"), waived, form.getlist("postpone"))


def arithmetic(shortage: Shortage, impasse: Impasse) -> Any:
    """So many visits ask for so many person-visits, so many can reach them at most, so many are missing."""
    count = len(shortage.targets)
    bundled = any(len(impasse.enterprises.get(target, ())) > 1 for target in shortage.targets)
    values = {
        "wanted": _("%(count)s routes", count=count) if bundled else _("%(count)s enterprises", count=count),
        "required": shortage.required,
        "available": shortage.available,
        "shortfall": shortage.shortfall,
        "parts": " ＋ ".join(str(part) for part in _parts(shortage, impasse)),
    }
    if not values["parts"]:
        return _(
            "%(wanted)s need %(required)s person-visits; nobody can be sent; %(shortfall)s missing", **values
        )
    return _(
        "%(wanted)s need %(required)s person-visits; at most %(available)s can be sent: %(parts)s;"
        " %(shortfall)s missing",
        **values,
    )


def _parts(shortage: Shortage, impasse: Impasse) -> list[Any]:
    caps = {"people": len(shortage.exhausted), "visits": sum(cap for _, cap in shortage.exhausted)}
    only_leads = bool(shortage.keyless_places) and all(
        name in impasse.leads for name, _ in shortage.exhausted
    )
    parts = []
    if shortage.exhausted and only_leads:
        parts.append(_("%(people)s leads who are full: %(visits)s", **caps))
    elif shortage.exhausted:
        parts.append(_("%(people)s inspectors who are full: %(visits)s", **caps))
    if shortage.keyless_places:
        parts.append(_("places that need no lead: %(places)s", places=shortage.keyless_places))
    if shortage.single_places:
        parts.append(_("people who count once in a team: %(places)s", places=shortage.single_places))
    return parts
