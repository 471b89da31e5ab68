"""抽取大厅: what the projector shows while a task is drawn in public; nothing that is not on record."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, g, jsonify, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.domain.vocabulary import DrawForm, DrawState
from app.extensions import db
from app.models import Draw, DrawnTarget, DrawQuota, Enterprise, InspectionTask
from app.services.public_draw import find_public, tell_check_number
from app.views.base import BasePage, RegisterInterface, domain_errors_flashed
from app.views.public.draws import qr_of
from app.views.rows import TasksToSee
from app.views.task_page import event_name, source_name

MOST_SHOWN = 24
LONGEST_CODE = 60
TASKS = RegisterInterface(InspectionTask)


class DrawHallView(BasePage):
    """One page for the projector and the small answer that it asks for every other second."""

    route_base = "/hall"
    class_permission_name = "InspectionTask"
    default_view = "show"
    title = _("Draw hall")

    @expose("/<int:pk>")
    @has_access
    @permission_name("read")
    def show(self, pk: int) -> str:
        """The roster's size and root, the rule, the seed, the firms as they are drawn."""
        task = found_task(pk)
        draw = draw_of(task)
        address = public_address(draw) if draw else ""
        return self.render(
            "hall/hall.html",
            task=task,
            draw=draw,
            seeds=seeds_of(draw) if draw else [],
            to_draw=sum(quota.quota for quota in draw.quotas) if draw else 0,
            address=address,
            qr=qr_of(address) if address else "",
            words=hall_words(),
        )

    @expose("/<int:pk>/state")
    @has_access
    @permission_name("read")
    def state(self, pk: int) -> Response:
        """What has been recorded by now."""
        return jsonify(state_of(draw_of(found_task(pk))))

    @expose("/<int:pk>/check-number", methods=["GET", "POST"])
    @has_access
    @permission_name("disclose")
    def check_number(self, pk: int) -> str:
        """Tell a firm of a sealed draw its own check number (R29); never on the projector's page."""
        task, number = found_task(pk), ""
        draw, typed = draw_of(task) or abort(404), request.form.get("code", "").strip()[:LONGEST_CODE]
        if request.method == "POST":
            with domain_errors_flashed():
                number = tell_check_number(draw.id, typed, g.user)
        words = {"title": gettext("Check number of a firm"), "task": task, "typed": typed, "number": number}
        return self.render("hall/check_number.html", draw=draw, **words)


def found_task(pk: int) -> InspectionTask:
    """The task when the reader may see it, else 404."""
    allowed = TASKS.get_filters(["id"]).add_filter_list([["id", TasksToSee, None]])
    found: InspectionTask | None = TASKS.get(pk, allowed)
    return found or abort(404)


def draw_of(task: InspectionTask) -> Draw | None:
    """The task's draw that is not void."""
    found: Draw | None = db.session.scalar(
        select(Draw).where(Draw.task_id == task.id, Draw.state != DrawState.VOID)
    )
    return found


def public_address(draw: Draw) -> str:
    """The public page of the draw, "" while it has none."""
    found = find_public(db.session(), draw.number)
    return url_for("public.draw", number=draw.number, _external=True) if found else ""


def state_of(draw: Draw | None) -> dict[str, Any]:
    """The recorded state as the page's script reads it."""
    if draw is None:
        return {"stage": "none"}
    return {
        "stage": draw.state.value,
        "draw": draw.number,
        "seeds": seeds_of(draw),
        "seed_hash": draw.seed_hash,
        "keys": [
            line[4:].split("|")[1]
            for line in (draw.result_record or "").splitlines()
            if line.startswith("key=")
        ],
        "groups": groups_of(draw) if draw.state == DrawState.DRAWN else [],
    }


def seeds_of(draw: Draw) -> list[dict[str, Any]]:
    """The public events of the plan, each with its value once it is recorded."""
    return [
        {"source": source_name(seed.source), "event": event_name(seed.event), "value": seed.value}
        for seed in draw.seeds
    ]


def groups_of(draw: Draw) -> list[dict[str, Any]]:
    """The drawn firms in drawing order by quota; of a sealed draw one ascending list (R29)."""
    if draw.form == DrawForm.SEALED:
        lots, count = _lots(draw, None)
        return [{"title": gettext("All firms drawn"), "count": count, "cutoff": None, "lots": lots}]
    return [_group(draw, quota) for quota in draw.quotas if quota.quota]


def _group(draw: Draw, quota: DrawQuota) -> dict[str, Any]:
    lots, count = _lots(draw, quota)
    last = db.session.scalar(_drawn(draw, quota, DrawnTarget.ticket).where(DrawnTarget.rank == quota.quota))
    return {
        "title": f"{quota.item_code} · {quota.stratum_label}",
        "count": count,
        "cutoff": last,
        "lots": lots,
    }


def _drawn(draw: Draw, quota: DrawQuota, *columns: Any) -> Any:
    return select(*columns).where(
        DrawnTarget.draw_id == draw.id,
        ~DrawnTarget.is_reserve,
        DrawnTarget.item_code == quota.item_code,
        DrawnTarget.stratum == quota.stratum,
    )


def _lots(draw: Draw, quota: DrawQuota | None) -> tuple[list[dict[str, Any]], int]:
    """The first firms to be shown, and how many there are."""
    columns = (Enterprise.name, DrawnTarget.identifier, DrawnTarget.ticket)
    if quota is None:
        query = select(*columns).where(DrawnTarget.draw_id == draw.id, ~DrawnTarget.is_reserve)
        query, order = query.distinct(), DrawnTarget.identifier
    else:
        query, order = _drawn(draw, quota, *columns), DrawnTarget.rank
    joined = query.join(Enterprise, Enterprise.id == DrawnTarget.enterprise_id).order_by(order)
    rows = db.session.execute(joined).all()
    shown = [{"name": name, "identifier": code, "ticket": ticket} for name, code, ticket in rows[:MOST_SHOWN]]
    return shown, len(rows)


def hall_words() -> dict[str, str]:
    """The sentences of the hall's script."""
    return {
        "waiting": gettext("waiting for the public event"),
        "planned": gettext("Roster frozen: waiting for the seed"),
        "seeded": gettext("Seed recorded: nobody can change it"),
        "drawn": gettext("Drawn: anyone can check it"),
        "cutoff": gettext("Cutoff"),
        "more": gettext("and {count} more on the public page"),
        "lost": gettext("No connection to the server; the last recorded state is shown."),
    }
