"""更正: a member of the team corrects a disclosed finding; it is reviewed and disclosed anew."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask, abort, flash, g, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import DomainError
from app.domain.findings import has_problem
from app.domain.vocabulary import CheckMethod, Disposal, FindingState, PointOutcome
from app.extensions import db
from app.messages import sentence_for
from app.models import ItemFinding
from app.services.correcting import correct_finding
from app.views import given
from app.views.base import BasePage
from app.views.base.format import CLOCK
from app.views.rows import finding_to_follow
from app.views.visit_form import RESULT_GROUPS, entry_of, recorded, typed


class CorrectionView(BasePage):
    """The form for a correction, with what was disclosed beside it."""

    route_base = "/corrections"
    class_permission_name = "Visit"
    default_view = "correct"
    title = _("Correct a disclosed finding")

    @expose("/<int:finding_id>", methods=["GET", "POST"])
    @has_access
    @permission_name("record")
    def correct(self, finding_id: int) -> Response | str:
        """Enter the corrected finding with the reason."""
        finding = self._own(finding_id)
        sheet = recorded(finding, True, datetime.now(CLOCK).date())
        if request.method == "POST":
            try:
                entry = entry_of(finding, request.form)
                correct_finding(finding.id, entry, given.text("reason", 300), g.user, datetime.now(UTC))
            except DomainError as error:
                db.session.rollback()
                flash(sentence_for(error), "danger")
                finding = self._own(finding_id)
                sheet = typed(finding, request.form)
            else:
                flash(_("The correction waits for review; what is in public stays until then."), "success")
                return redirect(url_for("VisitView.show", pk=finding.visit_id))
        return self.render(
            "corrections/form.html",
            finding=finding,
            sheet=sheet,
            reason=given.text("reason", 300),
            today=datetime.now(CLOCK).date(),
            outcomes=list(PointOutcome),
            result_groups=RESULT_GROUPS,
            methods=list(CheckMethod),
            disposals=list(Disposal),
        )

    def _own(self, finding_id: int) -> ItemFinding:
        finding = finding_to_follow(finding_id)
        if finding is None or not may_correct(finding):
            abort(404)
        return finding


def furnish(app: Flask) -> None:
    """What the form of a visit needs to offer the steps that follow."""
    app.jinja_env.globals.update(may_correct=may_correct, found_problem=found_problem, may_follow=may_follow)


def found_problem(finding: ItemFinding) -> bool:
    """Whether the newest record says that a problem was found."""
    return finding.latest is not None and has_problem([row.code for row in finding.latest.results])


def may_follow(finding: ItemFinding) -> bool:
    """Whether the finding is the reader's business: of the own department, or of an own visit."""
    return finding_to_follow(finding.id) is not None


def may_correct(finding: ItemFinding) -> bool:
    """Whether the reader stands in the team for the finding, and it is disclosed or its correction came back."""
    own = {m.inspector.agency_id for m in finding.visit.team if m.inspector.user_id == g.user.id}
    latest = finding.latest
    came_back = (
        finding.state == FindingState.RETURNED and latest is not None and bool(latest.correction_reason)
    )
    return finding.agency_id in own and (finding.state == FindingState.DISCLOSED or came_back)
