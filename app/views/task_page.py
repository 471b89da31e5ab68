"""What the page of a task shows: its life, its next step, its quotas with their formula, its promises."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from app.domain.draw.seed import total_entropy
from app.domain.lifecycle import TASK
from app.domain.lifecycle import may as lawful
from app.domain.quota import Bound
from app.domain.vocabulary import DrawForm, DrawState, ExclusionReason, TaskState, VisitState
from app.extensions import db
from app.models import (
    Draw,
    DrawnTarget,
    DrawQuota,
    InspectionTask,
    ItemFinding,
    LogEntry,
    Matching,
    Visit,
    VisitMember,
)
from app.views.base import label_of, shown
from app.views.items import ratio
from app.views.rows import may, may_conduct

VIEW = "InspectionTask"

BOUNDS: dict[str, Any] = {
    Bound.RATIO: _("by the ratio"),
    Bound.MINIMUM: _("raised to the minimum"),
    Bound.MAXIMUM: _("cut at the maximum"),
    Bound.POOL: _("limited by the pool"),
    Bound.AT_LEAST_ONE: _("at least one"),
    Bound.BATCH: _("share of this batch"),
}
SOURCES: dict[str, Any] = {
    "dice-d10": _("Ten-sided dice"),
    "cwl-kl8": _("Welfare lottery, Happy 8"),
    "cwl-ssq": _("Welfare lottery, Two-colour ball"),
    "cwl-3d": _("Welfare lottery, 3D"),
    "drand-quicknet": _("drand public randomness"),
}
STEP_WORDS: dict[str, Any] = {
    "frozen": _("Roster frozen, plan disclosed"),
    "seeded": _("Public seed entered"),
    "drawn": _("Targets drawn"),
    "matched": _("Inspectors matched"),
    "disclosed": _("Draw disclosed"),
    "voided": _("Draw voided"),
    "replaced": _("Ceased firm replaced by the next reserve"),
    "substituted": _("Inspector substituted"),
    "part_withdrawn": _("Department withdrew"),
}


@dataclass(frozen=True)
class NextStep:
    """The one primary button: its words, where it leads, whether by POST, and why it is still closed."""

    words: Any
    url: str
    posts: bool = False
    confirm: Any = ""
    why_not: str = ""


@dataclass(frozen=True)
class QuotaRow:
    """One quota with its formula in figures and the rule that decided."""

    item: str
    code: str
    stratum: str
    pool: int
    ratio: str
    quota: int
    reserve: int
    formula: str
    bound: Any


@dataclass(frozen=True)
class OnceDone:
    """N item tasks in M visits (一次完成)."""

    agencies: int
    item_tasks: int
    visits: int
    people: int
    by_state: list[tuple[VisitState, int]]

    @property
    def done(self) -> int:
        """Visits past the form: under review or further."""
        waiting = (VisitState.PLANNED, VisitState.RECORDED)
        return sum(count for state, count in self.by_state if state not in waiting)


class TaskPage:
    """Everything that the template asks about one task."""

    def __init__(self, task: InspectionTask, endpoint: str) -> None:
        self.task, self.endpoint = task, endpoint
        self.draws = list(task.draws)
        self.draw: Draw | None = next((draw for draw in self.draws if draw.state != DrawState.VOID), None)

    def steps(self) -> list[tuple[str, str]]:
        """The life of the task as a bar."""
        order = [state for state in TaskState if state != TaskState.READY]
        reached = order.index(self.task.state)
        return [
            (label_of(state), "now" if place == reached else "done" if place < reached else "")
            for place, state in enumerate(order)
        ]

    def next_step(self) -> NextStep | None:
        """The next lawful step, or None when the task has come to its end."""
        steps = {
            TaskState.DRAFT: lambda: self._form("freeze", _("Freeze the roster")),
            TaskState.FROZEN: lambda: self._form("seed", _("Enter the public seed"), self._too_early()),
            TaskState.SEEDED: lambda: self._form("draw", _("Draw the targets")),
            TaskState.DRAWN: lambda: self._post(
                "match", _("Match inspectors"), _("Match inspectors to every drawn target by the public key?")
            ),
            TaskState.MATCHED: lambda: self._post(
                "disclose", _("Disclose the draw"), _("Disclose targets and inspectors on the public site?")
            ),
            TaskState.DISCLOSED: self._visits_step,
            TaskState.INSPECTING: self._visits_step,
            TaskState.UNDER_REVIEW: self._results_step,
            TaskState.RESULTS_DISCLOSED: lambda: self._post(
                "archive", _("Archive"), _("Archive the task?"), power="write"
            ),
        }
        step = steps.get(self.task.state)
        return step() if step else None

    def may_void(self) -> bool:
        """Whether the reader may void the draw now."""
        return lawful(TASK, self.task.state, "void") and may("void", VIEW) and may_conduct(self.task)

    def quotas(self) -> list[QuotaRow]:
        """The quotas of the draw in progress, by item and stratum."""
        if self.draw is None:
            return []
        items = {item.code: item for item in self.task.items}
        return [self._quota_row(quota, items[quota.item_code]) for quota in self.draw.quotas]

    def excluded(self) -> list[tuple[str, int]]:
        """Why enterprises of the categories did not enter the roster, most frequent first."""
        counts = Counter(self.draw.excluded_counts) if self.draw else Counter()
        return [(label_of(ExclusionReason.of(reason)), count) for reason, count in counts.most_common()]

    def promises(self) -> list[tuple[Any, Any]]:
        """What was promised in public before the seed existed."""
        draw = self.draw
        if draw is None:
            return []
        events = [f"{source_name(seed.source)} {event_name(seed.event)}" for seed in draw.seeds]
        bits = total_entropy((seed.source, seed.event) for seed in draw.seeds)
        return [
            (_("Draw number"), draw.number),
            (_("Roster root"), draw.roster_root),
            (_("Plan hash"), draw.plan_hash),
            (_("Seed sources"), "\n".join(events)),
            (_("Entropy"), _("%(bits)s bits together", bits=f"{bits:.0f}")),
            (_("Seed from"), draw.seed_after),
            (_("Seeds entered"), shown([seed.value for seed in draw.seeds if seed.value])),
            (_("Seed hash"), draw.seed_hash),
            (_("Result hash"), draw.result_hash),
        ]

    def feed(self) -> list[dict[str, Any]]:
        """Who did what, newest first, with the entry of the public log."""
        logged = self._log_numbers()
        rows = [
            {
                "words": STEP_WORDS.get(step.step, step.step),
                "actor": step.actor,
                "witness": step.witness,
                "at": step.at,
                "note": step.note if step.step in ("voided", "seeded") else None,
                "entry": logged.get((draw.id, step.step)),
                "draw": draw,
            }
            for draw in self.draws
            for step in draw.steps
        ]
        return sorted(rows, key=lambda row: row["at"], reverse=True)

    def once_done(self) -> OnceDone | None:
        """How many item tasks became how many visits."""
        if self.draw is None:
            return None
        of_draw = Visit.draw_id == self.draw.id
        counts = db.session.execute(select(Visit.state, func.count()).where(of_draw).group_by(Visit.state))
        by_state = sorted(counts.all(), key=lambda row: list(VisitState).index(row[0]))
        visits = sum(count for _state, count in by_state)
        if not visits:
            return None
        findings = select(func.count()).select_from(ItemFinding).join(Visit).where(of_draw)
        people = select(func.count(VisitMember.inspector_id.distinct())).join(Visit).where(of_draw)
        return OnceDone(
            len({item.agency_id for item in self.task.items}),
            db.session.scalar(findings) or 0,
            visits,
            db.session.scalar(people) or 0,
            by_state,
        )

    def matching(self) -> Matching | None:
        """The match of the draw in progress."""
        return (
            db.session.scalar(select(Matching).where(Matching.draw_id == self.draw.id)) if self.draw else None
        )

    def drawn(self) -> list[DrawnTarget]:
        """The drawn targets of an open draw, by item and rank; a sealed one shows no stratum."""
        if self.draw is None:
            return []
        query = (
            select(DrawnTarget)
            .where(DrawnTarget.draw_id == self.draw.id, ~DrawnTarget.is_reserve)
            .order_by(DrawnTarget.item_code, DrawnTarget.stratum, DrawnTarget.rank)
            .limit(500)
        )
        return list(db.session.scalars(query))

    def strata(self) -> dict[str, str]:
        """The labels of the strata by code; none where they are sealed."""
        if self.draw is None or self.draw.form == DrawForm.SEALED:
            return {}
        return {quota.stratum: quota.stratum_label for quota in self.draw.quotas}

    def _quota_row(self, quota: DrawQuota, item: Any) -> QuotaRow:
        share = ratio(quota.ppm) if quota.ppm is not None else "—"
        formula = f"⌈{quota.pool}×{share}⌉＝{quota.quota}" if quota.ppm is not None else f"＝{quota.quota}"
        return QuotaRow(
            item.version.name,
            quota.item_code,
            quota.stratum_label,
            quota.pool,
            share,
            quota.quota,
            quota.reserve,
            formula,
            BOUNDS.get(quota.decided_by, quota.decided_by),
        )

    def _form(self, name: str, words: Any, why_not: str = "") -> NextStep:
        url = url_for(f"{self.endpoint}.{name}", pk=self.task.id)
        return NextStep(words, url, why_not=self._refused(name) or why_not)

    def _post(self, name: str, words: Any, confirm: Any, power: str = "") -> NextStep:
        url = url_for(f"{self.endpoint}.{name}", pk=self.task.id)
        return NextStep(words, url, True, confirm, self._refused(power or name))

    def _visits_step(self) -> NextStep:
        url = url_for("VisitView.list", task=self.task.id)
        allowed = may("read", "Visit")
        return NextStep(
            _("To the visits"), url, why_not="" if allowed else str(_("Inspectors are recording."))
        )

    def _results_step(self) -> NextStep:
        allowed = may("disclose", "ItemFinding")
        why_not = "" if allowed else str(_("Another role reviews and discloses the results."))
        return NextStep(_("Disclose results"), url_for("ResultDisclosureView.index"), why_not=why_not)

    def _refused(self, power: str) -> str:
        allowed = may(power, VIEW) and may_conduct(self.task)
        return "" if allowed else str(_("Another role takes this step."))

    def _too_early(self) -> str:
        if self.draw is None or datetime.now(UTC) >= self.draw.seed_after:
            return ""
        return str(_("possible from %(moment)s on", moment=shown(self.draw.seed_after)))

    def _log_numbers(self) -> dict[tuple[int, str], int]:
        steps = {"plan": "frozen", "seed": "seeded", "result": "drawn", "assign": "matched", "void": "voided"}
        keys = [draw.id for draw in self.draws]
        query = select(LogEntry.draw_id, LogEntry.kind, LogEntry.number).where(LogEntry.draw_id.in_(keys))
        return {
            (draw_id, steps[kind.value]): number
            for draw_id, kind, number in db.session.execute(query)
            if kind.value in steps
        }


def source_name(source: str) -> str:
    """A seed source in words."""
    return str(SOURCES.get(source, source))


def event_name(event: str) -> str:
    """An event of a seed source in words."""
    if event.startswith("ceremony"):
        count = event.partition("-")[2] or "20"
        return str(_("at the ceremony, %(count)s dice", count=count))
    return str(_("No. %(event)s", event=event))
