"""For machines that watch this one: is the process alive, can it work, what does it do.

Answered to the addresses of MONITOR_ADDRESSES only; to any other the pages do not exist.
"""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, jsonify, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_flask_exporter import PrometheusMetrics

from app.extensions import db
from app.services import health

UNTRACKED = ["^/static/", "^/healthz$", "^/readyz$", "^/metrics$"]


def register(app: Flask) -> None:
    """Count every request by endpoint and add the three pages."""
    app.extensions["metrics"] = PrometheusMetrics(
        app, path=None, group_by="endpoint", excluded_paths=UNTRACKED, registry=CollectorRegistry()
    )
    pages = Blueprint("health", __name__)
    pages.before_request(refuse_strangers)
    for address, page in (("/healthz", alive), ("/readyz", ready), ("/metrics", metrics)):
        page.talisman_view_options = {"force_https": False}  # type: ignore[attr-defined]
        pages.add_url_rule(address, view_func=page)
    app.register_blueprint(pages)


def refuse_strangers() -> None:
    """To an address that is not allowed there is nothing here."""
    try:
        asking = ip_address(request.remote_addr or "")
    except ValueError:
        abort(404)
    if not any(asking in network for network in current_app.config["MONITOR_ADDRESSES"]):
        abort(404)


def alive() -> Response:
    """The process answers; nothing else is looked at."""
    return jsonify(alive=True)


def ready() -> tuple[Response, int]:
    """Database, schema and worker; 503 with the names of what is missing."""
    found = health.faults(db.session(), datetime.now(UTC))
    return jsonify(ready=not found, faults=found), 503 if found else 200


def metrics() -> Response:
    """Requests by endpoint and the background work, in the text format of Prometheus."""
    requests, _type = current_app.extensions["metrics"].generate_metrics()
    registry = CollectorRegistry()
    registry.register(_Work())  # type: ignore[arg-type]
    return Response(requests + generate_latest(registry).decode(), mimetype="text/plain")


class _Work:
    """The background work as figures."""

    def collect(self) -> list[Metric]:
        moment = datetime.now(UTC)
        figures = health.job_figures(db.session(), moment)
        counts = GaugeMetricFamily("inspection_jobs", "Background jobs", labels=["kind", "state"])
        for (kind, state), count in sorted(figures.counts.items()):
            counts.add_metric([kind.value, state.value], count)
        mean = _by_kind("inspection_job_seconds_mean", "Mean duration, last day", figures, _mean)
        longest = _by_kind("inspection_job_seconds_max", "Longest duration, last day", figures, max)
        waiting = GaugeMetricFamily(
            "inspection_job_oldest_waiting_seconds",
            "How long the oldest job waits",
            value=figures.waiting_seconds,
        )
        silence = health.worker_silence(moment)
        sign = GaugeMetricFamily(
            "inspection_worker_silence_seconds",
            "Since the last sign of life of a worker; -1 when there was none",
            value=-1 if silence is None else silence,
        )
        return [counts, mean, longest, waiting, sign]


def _by_kind(name: str, words: str, figures: health.JobFigures, of: Any) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=["kind"])
    for kind, seconds in sorted(figures.seconds.items()):
        family.add_metric([kind.value], of(seconds))
    return family


def _mean(seconds: list[float]) -> float:
    return sum(seconds) / len(seconds)
