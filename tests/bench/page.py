"""Pages at the size of a city: list, search, detail and edit on both databases, beside the stock view."""

from __future__ import annotations

import time
from contextvars import Context

from flask import Flask
from flask_appbuilder import ModelView
from flask_appbuilder.models.sqla.interface import SQLAInterface

from app.models import Enterprise
from app.security import roles
from tests.bench import child
from tests.bench.page_city import application, database
from tests.bench.page_requests import Ask, Groups, ours, stock
from tests.bench.table import Bench
from tests.builders import PASSWORD

ROWS = 1_600_000
ROUNDS = 3
GOAL_MS = 150.0
KINDS = ("sqlite", "postgresql")


def run(rows: int = ROWS) -> Bench:
    """Measure every group of requests on both databases and compare with the goal."""
    bench = Bench("page", f"Pages: {rows:,} enterprises; server time of a request, milliseconds")
    for kind in KINDS:
        with database(kind, rows) as url:
            found = child.run(measure, url, rows).value
        for group, times in found["ours"].items():
            beside = found["stock"].get(group)
            _row(bench, f"{kind}: {group}", times, beside)
            bench.goal(f"{kind}: {group}, p95 ms", percentile(times, 95), GOAL_MS)
    bench.note(
        f"Each request {ROUNDS} times, the quickest counts: what neighbours on the machine add falls away. "
        "stock_*: list and search of the framework's own ModelView of the same table, in the same run."
    )
    return bench


def measure(url: str, rows: int) -> dict[str, dict[str, list[float]]]:
    """The times of both views in milliseconds, by group; runs in a child."""
    with application(url) as app:
        _add_stock_view(app)
        client = app.test_client()
        client.post("/login/", data={"username": "clerk", "password": PASSWORD})
        return {
            "ours": _times(client, ours(rows)),
            "stock": _times(client, stock(rows)),
        }


def percentile(times: list[float], percent: int) -> float:
    """The time that so many of a hundred requests do not exceed."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def _row(bench: Bench, what: str, times: list[float], beside: list[float] | None) -> None:
    figures = {"requests": len(times), "p50": percentile(times, 50), "p95": percentile(times, 95)}
    figures["most"] = max(times)
    if beside:
        figures |= {
            "stock_p50": percentile(beside, 50),
            "stock_p95": percentile(beside, 95),
            "stock_most": max(beside),
        }
    bench.row(what, **figures)


def _times(client, groups: Groups) -> dict[str, list[float]]:
    return {group: [_quickest(client, ask) for ask in asked] for group, asked in groups.items()}


def _quickest(client, ask: Ask) -> float:
    return min(milliseconds(client, ask) for _ in range(ROUNDS))


def milliseconds(client, ask: Ask) -> float:
    start = time.perf_counter()
    answer = Context().run(_answered, client, ask)
    spent = (time.perf_counter() - start) * 1000
    wanted = 302 if ask.posted else 200
    if answer.status_code != wanted:
        raise SystemExit(f"{ask.url}: {answer.status_code}\n{answer.text[:2000]}")
    return spent


def _answered(client, ask: Ask):
    return client.post(ask.url, data=ask.posted) if ask.posted else client.get(ask.url)


def _add_stock_view(app: Flask) -> None:
    class StockEnterpriseView(ModelView):
        route_base = "/stock"
        datamodel = SQLAInterface(Enterprise)
        list_columns = ["name", "identifier", "territory_code", "industry_code", "status", "risk_class"]
        search_columns = ["name", "identifier", "territory_code", "address"]
        show_columns = edit_columns = [*list_columns, "address", "business_scope"]

    app.appbuilder.add_view_no_menu(StockEnterpriseView)
    manager = app.appbuilder.sm
    role = manager.find_role(roles.ROSTER_CLERK)
    for method in ("list", "show", "edit", "add", "delete"):
        manager.add_permission_role(
            role, manager.add_permission_view_menu(f"can_{method}", "StockEnterpriseView")
        )
