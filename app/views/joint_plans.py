"""联合计划 (art. 8, R73): offers of departments, what could be joined, the answers of everybody."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import abort, flash, g, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.domain.vocabulary import (
    Cooperation,
    JointState,
    MemberState,
    OfferState,
    PlanState,
    Stratification,
)
from app.extensions import db
from app.models import Agency, InspectionPlan, JointLine, JointMember, LineOffer
from app.services.items import published_versions
from app.services.joint import lines, offers
from app.services.joint.departments import department_of
from app.services.joint.meeting import Meeting, meetings
from app.services.joint.waiting import questions_for
from app.services.outbox import messages_about
from app.views import entry_forms as typed
from app.views import given, joint_input
from app.views.base import BasePage, domain_errors_flashed, label_of
from app.views.base.format import TONES
from app.views.items import ratio
from app.views.plan_lines import Choice, grouped, ratios_of
from app.views.rows import duty_agency, may

VIEW = "JointPlan"
TONES["MemberState"] = {"invited": "warn", "accepted": "ok", "declined": "bad"}
TONES["JointState"] = {"formed": "warn", "consulting": "run", "agreed": "ok"}
TONES["OfferState"] = {"open": "warn", "joined": "ok", "alone": "ok"}


class JointPlanView(BasePage):
    """The yearly plan as all departments make it."""

    route_base = "/joint-plans"
    class_permission_name = VIEW
    title = _("Joint planning")

    @expose("/")
    @has_access
    @permission_name("read")
    def index(self) -> str:
        """The plans with what waits in each."""
        plans = db.session.scalars(
            select(InspectionPlan).order_by(InspectionPlan.year.desc(), InspectionPlan.id.desc()).limit(50)
        ).all()
        return self.render("joint/index.html", rows=[_row(plan) for plan in plans], questions=questions())

    @expose("/plan/<int:pk>")
    @has_access
    @permission_name("read")
    def plan(self, pk: int) -> str:
        """Offers, joint lines and what could be joined in one plan."""
        plan = db.session.get(InspectionPlan, pk) or abort(404)
        is_open = plan.state == PlanState.DRAFT
        return self.render(
            "joint/plan.html",
            plan=plan,
            is_open=is_open,
            offers=offers.offers_of(db.session(), pk),
            joints=lines.joint_lines(db.session(), plan),
            meetings=meetings(db.session(), pk) if is_open and self.coordinates(plan) else [],
            cooperations=[each for each in Cooperation if each != Cooperation.SINGLE],
            guests=agencies(),
            stratifications=list(Stratification),
        )

    @expose("/show/<int:pk>")
    @has_access
    @permission_name("read")
    def show(self, pk: int) -> str:
        """One joint line: departments, answers, numbers, messages."""
        joint = db.session.get(JointLine, pk) or abort(404)
        return self.render(
            "joint/show.html",
            joint=joint,
            own=self.department(),
            shares=lines.standing_shares(joint),
            messages=messages_about(db.session(), f"joint:{joint.id}"),
        )

    @expose("/plan/<int:pk>/offer", methods=["GET", "POST"])
    @has_access
    @permission_name("write")
    def offer(self, pk: int) -> Response | str:
        """A department offers a line of its own items."""
        plan = db.session.get(InspectionPlan, pk) or abort(404)
        agency = self._offering()
        if request.method == "POST":
            items = ratios_of(request.form)
            if items is None:
                words = _("Tick at least one item and give each a ratio above 0 and up to 100 per cent.")
                flash(words, "danger")
            elif self._offered(plan, agency, items):
                return self.go("plan", pk=pk)
        own = [each for each in published_versions(db.session()) if each.item.agency_id == agency.id]
        choices: list[tuple[str, list[Choice]]] = grouped(own)
        return self.render(
            "joint/offer.html",
            plan=plan,
            agency=agency,
            agencies=self.may_offer_for(plan),
            groups=choices,
            stratifications=list(Stratification),
        )

    @expose("/plan/<int:pk>/form", methods=["POST"])
    @has_access
    @permission_name("write")
    def form(self, pk: int) -> Response:
        """Propose a joint line of offers that meet."""
        with domain_errors_flashed(_("The joint line was proposed; its lead confirms it.")):
            key = lines.form_joint(pk, joint_input.draft(), g.user, datetime.now(UTC))
            return redirect(url_for(".show", pk=key))
        return self.go("plan", pk=pk)

    @expose("/offers/<int:pk>/alone", methods=["POST"])
    @has_access
    @permission_name("write")
    def alone(self, pk: int) -> Response:
        """Make an offer a line of its own."""
        offer = db.session.get(LineOffer, pk) or abort(404)
        with domain_errors_flashed(_("The offer is a line of the plan now.")):
            offers.list_alone(pk, g.user)
        return self.go("plan", pk=offer.plan_id)

    @expose("/offers/<int:pk>/aside", methods=["POST"])
    @has_access
    @permission_name("write")
    def aside(self, pk: int) -> Response:
        """Put an offer aside, with the reason."""
        offer = db.session.get(LineOffer, pk) or abort(404)
        with domain_errors_flashed(_("The offer was put aside.")):
            offers.put_aside(pk, given.text("reason", 300), g.user)
        return self.go("plan", pk=offer.plan_id)

    @expose("/offers/<int:pk>/again", methods=["POST"])
    @has_access
    @permission_name("write")
    def again(self, pk: int) -> Response:
        """Take an offer up again that was put aside."""
        offer = db.session.get(LineOffer, pk) or abort(404)
        with domain_errors_flashed(_("The offer is open again.")):
            offers.take_up_again(pk, g.user)
        return self.go("plan", pk=offer.plan_id)

    @expose("/<int:pk>/confirm", methods=["POST"])
    @has_access
    @permission_name("write")
    def confirm(self, pk: int) -> Response:
        """The lead confirms; the departments are asked."""
        with domain_errors_flashed(_("Confirmed; the departments have been asked.")):
            by = given.day("answer_by") if request.form.get("answer_by") else None
            lines.confirm_joint(pk, g.user, datetime.now(UTC), answer_by=by)
        return self.go("show", pk=pk)

    @expose("/<int:pk>/answer", methods=["POST"])
    @has_access
    @permission_name("approve")
    def answer(self, pk: int) -> Response:
        """A department accepts or declines."""
        with domain_errors_flashed(_("The answer is on record.")):
            lines.answer(
                pk,
                given.key("agency"),
                request.form.get("accepts") == "1",
                given.text("reason", 300),
                g.user,
                datetime.now(UTC),
                document_no=given.text("document_no", 80),
            )
        return self.go("show", pk=pk)

    @expose("/<int:pk>/ask-again", methods=["POST"])
    @has_access
    @permission_name("write")
    def ask_again(self, pk: int) -> Response:
        """The lead asks a department once more."""
        with domain_errors_flashed(_("The department was asked again.")):
            key, reason = given.key("agency"), given.text("reason", 300)
            lines.ask_again(pk, key, reason, g.user, datetime.now(UTC))
        return self.go("show", pk=pk)

    @expose("/<int:pk>/without", methods=["POST"])
    @has_access
    @permission_name("write")
    def without(self, pk: int) -> Response:
        """The lead goes on without a department."""
        with domain_errors_flashed(_("The line goes on without the department.")):
            key, reason = given.key("agency"), given.text("reason", 300)
            lines.go_on_without(pk, key, reason, g.user, datetime.now(UTC))
        return self.go("show", pk=pk)

    @expose("/<int:pk>/agree", methods=["POST"])
    @has_access
    @permission_name("write")
    def agree(self, pk: int) -> Response:
        """The lead settles the line."""
        with domain_errors_flashed(_("Agreed; it is a line of the plan now.")):
            lines.agree(pk, g.user, datetime.now(UTC))
        return self.go("show", pk=pk)

    @expose("/<int:pk>/apart", methods=["POST"])
    @has_access
    @permission_name("write")
    def apart(self, pk: int) -> Response:
        """The lead takes the line apart."""
        with domain_errors_flashed(_("Taken apart; every offer is a line of its own.")):
            lines.take_apart(pk, given.text("reason", 300), g.user, datetime.now(UTC))
        return self.go("show", pk=pk)

    def department(self) -> Agency:
        """The department of the reader."""
        return department_of(db.session(), g.user)

    def coordinates(self, plan: InspectionPlan) -> bool:
        """Whether the reader arranges the offers of a plan."""
        own = self.department()
        return may("write", VIEW) and (own.id == plan.agency_id or own.is_bureau)

    def may_put_aside(self, offer: LineOffer) -> bool:
        """Whether the reader may put an open offer aside: its department, or who arranges the plan."""
        mine = self.department().id == offer.agency_id
        return may("write", VIEW) and (mine or self.coordinates(offer.plan))

    def leads(self, joint: JointLine) -> bool:
        """Whether the reader decides for the lead."""
        return may("write", VIEW) and self.department().id == joint.lead_agency_id

    def may_answer(self, member: JointMember) -> bool:
        """Whether the reader answers for a department: its own, or another one's by its letter."""
        open_to = (MemberState.INVITED, MemberState.ACCEPTED)
        own = self.department()
        asked = member.joint.state == JointState.CONSULTING and member.state in open_to and not member.is_lead
        return asked and may("approve", VIEW) and (own.id == member.agency_id or own.is_bureau)

    def may_offer_for(self, plan: InspectionPlan) -> list[Agency]:
        """The departments for which the reader may offer a line."""
        return agencies() if self.coordinates(plan) else [self.department()]

    def waits(self, joint: JointLine) -> list[JointMember]:
        """The departments that keep the line from being settled."""
        return lines.waiting_for(joint)

    def steps_of(self, joint: JointLine) -> list[tuple[str, str]]:
        """The life of the joint line as a bar."""
        order = [state for state in JointState if state != JointState.DISSOLVED]
        if joint.state == JointState.DISSOLVED:
            return [(label_of(JointState.FORMED), "done"), (label_of(joint.state), "now")]
        reached = order.index(joint.state)
        return [
            (label_of(state), "now" if place == reached else "done" if place < reached else "")
            for place, state in enumerate(order)
        ]

    def ratio(self, ppm: int) -> str:
        """A ratio as a percentage."""
        return ratio(ppm)

    def formula(self, meeting: Meeting) -> str:
        """How the visits saved are computed, in figures."""
        separate, together = meeting.forecast.visits.rounded()
        alone = meeting.forecast.by_department()
        parts = " + ".join(f"{name} {count}" for name, count in alone.items())
        return str(
            _(
                "%(tasks)s item tasks: each alone %(separate)s visits (%(parts)s) − at once %(together)s visits"
                " = %(saved)s saved",
                tasks=meeting.forecast.item_tasks,
                separate=separate,
                parts=parts,
                together=together,
                saved=separate - together,
            )
        )

    def _offering(self) -> Agency:
        found = db.session.get(Agency, typed.whole(request.values, "agency"))
        return found or self.department()

    def _offered(self, plan: InspectionPlan, agency: Agency, items: dict[int, int]) -> bool:
        with domain_errors_flashed(_("The line was offered.")):
            wanted = offers.Wanted(
                given.text("name", 120),
                items,
                given.day("starts_on"),
                given.day("ends_on"),
                *joint_input.manner(),
            )
            offers.offer_line(plan.id, agency.id, wanted, g.user, datetime.now(UTC))
            return True
        return False


def agencies() -> list[Agency]:
    """All departments, the bureau first."""
    query = select(Agency).order_by(Agency.is_bureau.desc(), Agency.code)
    return list(db.session.scalars(query))


def questions() -> list[JointMember]:
    """What the reader's department is asked and has not answered; nothing before set-up."""
    own = duty_agency()
    return questions_for(db.session(), own.id) if own else []


def _row(plan: InspectionPlan) -> dict[str, Any]:
    found, joints = offers.offers_of(db.session(), plan.id), lines.joint_lines(db.session(), plan)
    return {
        "plan": plan,
        "offers": len(found),
        "open": sum(offer.state == OfferState.OPEN for offer in found),
        "joints": len(joints),
        "unsettled": sum(joint.state in (JointState.FORMED, JointState.CONSULTING) for joint in joints),
        "saved": sum(joint.saved for joint in joints if joint.state == JointState.AGREED),
    }
