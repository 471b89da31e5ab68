"""The dashboard and the desk at the size of a city with two years of results, on both databases."""

from __future__ import annotations

import html
import os
import re
from contextvars import Context
from datetime import UTC, datetime

from flask import Flask

from app.extensions import db
from app.services import figures
from app.services.figures.keeping import DEADLINES
from tests.bench import child
from tests.bench.dashboard_city import YEARS, Results
from tests.bench.page import milliseconds, percentile
from tests.bench.page_city import application, database
from tests.bench.page_requests import Ask
from tests.bench.table import Bench
from tests.builders import PASSWORD

ROWS = 1_600_000
RESULTS = int(os.environ.get("BENCH_RESULTS", "200000"))
ROUNDS = 3
GOAL_MS = 300.0
KINDS = ("sqlite", "postgresql")
LINK = re.compile(r'href="(/dashboard/(?:rows|spread|planned|months)[^"]*)"|src="(/dashboard/months[^"]*)"')


def run(rows: int = ROWS) -> Bench:
    """Measure every request of the dashboard on both databases, and what one refresh costs."""
    results = RESULTS if rows >= ROWS else max(2000, RESULTS * rows // ROWS // 200 * 200)
    bench = Bench(
        "dashboard", f"Dashboard: {rows:,} enterprises, {results:,} results; server time, milliseconds"
    )
    for kind in KINDS:
        with database(kind, rows, f"dashboard-{results}", Results(results)) as url:
            found = child.run(measure, url).value
        for group, times in found["times"].items():
            bench.row(
                f"{kind}: {group}",
                requests=len(times),
                p50=percentile(times, 50),
                p95=percentile(times, 95),
                most=max(times),
            )
            bench.goal(f"{kind}: {group}, p95 ms", percentile(times, 95), GOAL_MS)
        for scope, (first, again) in found["refresh"].items():
            bench.row(f"{kind}: refresh of {scope}", first_cpu_s=first, again_cpu_s=again)
    bench.note(
        f"Each request {ROUNDS} times, the quickest counts; a sign-in lies before each group, so that the figures "
        "are kept ones. Refresh: CPU-seconds of this process, the first time and once more without a change."
    )
    return bench


def measure(url: str) -> dict[str, dict[str, object]]:
    """The times of every group of requests, and of the refreshes; runs in a child."""
    with application(url) as app:
        refreshes = {scope: _refreshed(scope) for scope in (*map(str, YEARS), DEADLINES)}
        client, planner = _entered(app, "leader"), _entered(app, "planner")
        for scope in refreshes:
            figures.refresh(scope, datetime.now(UTC))
        groups = _groups(client)
        times = {group: [_quickest(client, ask) for ask in asked] for group, asked in groups.items()}
        times["desk of the planner"] = [_quickest(planner, Ask("/"))]
        return {"times": times, "refresh": refreshes}


def _entered(app: Flask, name: str):
    client = app.test_client()
    milliseconds(client, Ask("/login/", {"username": name, "password": PASSWORD}))
    return client


def _refreshed(scope: str) -> tuple[float, float]:
    runs = [child.cpu_of(figures.refresh, scope, datetime.now(UTC))[1] for _ in range(2)]
    db.session.remove()
    return runs[0], runs[1]


def _groups(client) -> dict[str, list[Ask]]:
    """Every address that the overview of both years leads to, by kind, beside the overview and the desk."""
    pages = [f"/dashboard/?year={year}" for year in YEARS]
    departments = re.findall(r'<option value="(\d+)"', _text(client, pages[-1]))
    pages += [f"/dashboard/?year={YEARS[-1]}&department={key}" for key in departments[:4]]
    links: dict[str, set[str]] = {}
    for page in pages:
        for found in LINK.findall(_text(client, page)):
            address = html.unescape(found[0] or found[1])
            links.setdefault(address.split("/")[2].split("?")[0], set()).add(address)
    deep = [f"{address}&page=9" for address in sorted(links["rows"])[:20]]
    return {
        "overview": [Ask(page) for page in pages],
        "rows behind": [Ask(address) for address in [*sorted(links["rows"]), *deep]],
        "spreads": [Ask(address) for address in sorted(links["spread"])],
        "planned": [Ask(address) for address in sorted(links["planned"])],
        "lines": [Ask(address) for address in sorted(links["months"])],
        "deadlines": [Ask("/deadlines/"), Ask("/deadlines/?state=late"), Ask("/deadlines/?state=running")],
        "desk of the leading group": [Ask("/"), Ask("/reports/chart/districts.svg")],
    }


def _text(client, address: str) -> str:
    return Context().run(lambda: client.get(address).text)


def _quickest(client, ask: Ask) -> float:
    return min(milliseconds(client, ask) for _ in range(ROUNDS))
