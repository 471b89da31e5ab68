"""Serving the pages and doing the background work."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from app import worker


@click.command("serve", help="在本机启动网站，并带一个后台工作进程。")
@click.option("--host", default="127.0.0.1")
@click.option("--port", default=8080, type=int)
@click.option("--worker/--no-worker", "with_worker", default=True, help="后台工作另有 flask work 时不必带。")
@with_appcontext
def serve_command(host: str, port: int, with_worker: bool) -> None:
    from waitress import serve

    click.echo(f"http://{host}:{port}/")
    with worker.embedded(with_worker):
        serve(current_app._get_current_object(), host=host, port=port, threads=8)  # type: ignore[attr-defined]


@click.command("work", help="后台工作进程：导入、抽取、匹配、导出都由它执行。")
@click.option("--threads", type=click.IntRange(1, 32), help="同时做几项，默认取 JOBS_WORKERS。")
@click.option("--follow", is_flag=True, hidden=True, help="标准输入关闭时一同结束。")
@with_appcontext
def work_command(threads: int | None, follow: bool) -> None:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    worker.run(app, threads or app.config["JOBS_WORKERS"], follow=follow)
