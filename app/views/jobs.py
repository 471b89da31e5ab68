"""后台工作: what the reader has asked for, how far it is, what came of it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import abort, g, redirect, send_file, url_for
from flask_appbuilder import expose
from flask_appbuilder.models.sqla.filters import FilterEqualFunction
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from app.domain.errors import DomainError
from app.domain.vocabulary import JobState
from app.extensions import db
from app.messages import sentence_for
from app.messages.jobs import PHASES
from app.models import Job
from app.services import jobs
from app.services.storage import fetch_pieces
from app.views.base import TONES, LedgerView, RegisterInterface, domain_errors_flashed
from app.views.computed import Computed, person
from app.views.labels import LABELS
from app.views.registry import badge

TONES["JobState"] = {"queued": "", "running": "run", "done": "ok", "failed": "bad", "cancelled": "warn"}

IN_MEMORY = 8 * 1024 * 1024

# Where a job that failed for this reason is taken further: error code → (page, the argument that is its key).
REMEDIES: dict[str, tuple[str, str]] = {"cannot_be_staffed": ("MatchingView.match", "task_id")}


@dataclass(frozen=True)
class Progress:
    """How far a job is, in the words of its page."""

    job: Job
    done: int
    total: int | None
    phase: Any
    rate: float

    @property
    def percent(self) -> int | None:
        """Whole percent, None while nobody knows how much there is."""
        if self.job.state is JobState.DONE:
            return 100
        return min(100, self.done * 100 // self.total) if self.total else None

    @property
    def remaining(self) -> str:
        """How long it will take, roughly; empty when nobody can say."""
        if self.job.state is not JobState.RUNNING or not self.total or self.rate <= 0:
            return ""
        return duration((self.total - self.done) / self.rate)

    @property
    def elapsed(self) -> str:
        """How long it has run."""
        if self.job.started_at is None:
            return ""
        until = self.job.finished_at or datetime.now(UTC)
        return duration((until - self.job.started_at).total_seconds())

    @property
    def stopping(self) -> bool:
        """Whether it has been asked to stop and has not yet."""
        return jobs.stop_asked(self.job)


class JobView(Computed, LedgerView):
    """The reader's own jobs."""

    route_base = "/jobs"
    datamodel = RegisterInterface(Job, eager={"owner"})
    class_permission_name = "Job"
    title = _("My background work")
    noun = _("background work")
    subtitle = _("Long work runs beside the pages; you may leave the page and come back.")
    show_template = "jobs/show.html"
    base_filters = [["owner_id", FilterEqualFunction, lambda: g.user.id]]
    list_columns = ["title", "kind", "state", "progress", "queued_at", "finished_at"]
    show_columns = ["title", "kind", "state"]
    search_columns = ["kind", "state", "queued_at"]
    order_columns = ["queued_at", "finished_at"]
    base_order = ("id", "desc")
    tag_columns = {"state"}
    label_columns = {
        **LABELS,
        "title": _("Work"),
        "kind": _("Kind of work"),
        "state": _("State"),
        "progress": _("Progress"),
        "owner": _("Asked for by"),
        "queued_at": _("Asked for at"),
        "finished_at": _("Ended at"),
    }
    formatters_columns = {"owner": person}
    computed = {"progress": lambda job: share_of(progress_of(job))}

    def progress(self, job: Job) -> Progress:
        """What the page of a job shows of its progress."""
        return progress_of(job)

    def failure(self, job: Job) -> str:
        """Why a job failed, as a sentence."""
        if not job.error_code:
            return ""
        return sentence_for(_Told(job.error_code, job.error_params or {}))

    def may_retry(self, job: Job) -> bool:
        """Whether the owner may begin it anew."""
        return jobs.may_retry(job)

    def onward(self, job: Job) -> str:
        """The page on which a failed job is taken further; empty where there is none."""
        page, argument = REMEDIES.get(job.error_code or "", ("", ""))
        return url_for(page, pk=job.arguments[argument]) if page else ""

    @expose("/<int:pk>/progress")
    @has_access
    @permission_name("read")
    def state(self, pk: int) -> str:
        """The part of the page that changes while the job runs."""
        job = self._found(pk)
        return self.render_template("jobs/state.html", view=self, item=job, progress=progress_of(job))

    @expose("/<int:pk>/cancel", methods=["POST"])
    @has_access
    @permission_name("write")
    def cancel(self, pk: int) -> Response:
        """Stop a job; what it has not committed is undone."""
        self._found(pk)
        with domain_errors_flashed(_("The work will stop.")):
            jobs.cancel(pk, datetime.now(UTC))
        return redirect(url_for(".show", pk=pk))

    @expose("/<int:pk>/retry", methods=["POST"])
    @has_access
    @permission_name("write")
    def retry(self, pk: int) -> Response:
        """Begin a failed or cancelled job anew."""
        self._found(pk)
        with domain_errors_flashed(_("The work begins anew.")):
            jobs.retry(pk, datetime.now(UTC))
        return redirect(url_for(".show", pk=pk))

    @expose("/<int:pk>/file")
    @has_access
    @permission_name("read")
    def file(self, pk: int) -> Response:
        """The file that the job made."""
        made = self._found(pk).result or {}
        if "file" not in made:
            abort(404)
        content = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (closed with the response)
        content.writelines(fetch_pieces(db.session(), made["file"]))
        content.seek(0)
        return send_file(content, made.get("media"), as_attachment=True, download_name=made.get("name"))


class AllJobsView(JobView):
    """Everybody's jobs, to look after the workers; nothing is started or stopped here."""

    route_base = "/all-jobs"
    class_permission_name = "JobLedger"
    title = _("Background work")
    subtitle = _("The work of everybody, as the workers do it.")
    show_template = "jobs/show.html"
    base_filters: list[Any] = []
    list_columns = ["title", "kind", "owner", "state", "progress", "queued_at", "finished_at"]
    search_columns = ["kind", "state", "owner", "queued_at"]
    exclude_route_methods = {"add", "edit", "delete", "cancel", "retry", "file"}


class _Told(DomainError):
    """An error as its job kept it."""

    def __init__(self, code: str, params: dict[str, Any]) -> None:
        super().__init__(**params)
        self.code = code


def progress_of(job: Job) -> Progress:
    """The progress of a job, its phase in words."""
    told = jobs.progress_of(job)
    phase = PHASES.get(told["phase"], told["phase"])
    return Progress(job, told["done"], told["total"], phase, told["rate"])


def share_of(progress: Progress) -> str:
    """The progress in a list."""
    return "" if progress.percent is None else f"{progress.percent} %"


def duration(seconds: float) -> str:
    """A length of time, roughly, as people say it."""
    whole = max(0, round(seconds))
    if whole < 60:
        return gettext("%(seconds)s s", seconds=whole)
    if whole < 3600:
        return gettext("%(minutes)s min %(seconds)s s", minutes=whole // 60, seconds=whole % 60)
    return gettext("%(hours)s h %(minutes)s min", hours=whole // 3600, minutes=whole % 3600 // 60)


@badge("JobView")
def jobs_under_way(user: Any) -> int:
    """How many of the reader's jobs have not ended."""
    under_way = Job.state.in_([JobState.QUEUED, JobState.RUNNING])
    query = select(func.count()).select_from(Job).where(Job.owner_id == user.id, under_way)
    return db.session.scalar(query) or 0
