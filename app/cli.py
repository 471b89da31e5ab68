"""The commands. Each prints one line of JSON, or one Chinese sentence on standard error and a code that is not 0."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, BinaryIO

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import or_, select

from app.console import initialise, now, say, sentences
from app.demo.command import demo_command
from app.documents import rejects_workbook, report_workbook
from app.domain.draw import verify as bundle_verifier
from app.domain.measures import Period
from app.domain.vocabulary import ImportKind
from app.extensions import db
from app.models import InspectionTask
from app.reports.statistics import REPORTS
from app.services import audit, draw_log, drawing, freezing, matching
from app.services.bundle import write_bundle
from app.services.ceremony import current_draw
from app.services.roster_import import load_file

TASK_VIEW = "InspectionTask"
LONGEST_KEY = 10

draw = AppGroup("draw", help="抽取的各步骤：封存、种子、抽取、匹配、导出、验证。")
audit_group = AppGroup("audit", help="审计链与抽取日志。")


def register(app: Flask) -> None:
    """Add the commands to the flask command line."""
    for command in (
        init_command,
        import_command,
        report_command,
        serve_command,
        demo_command,
        draw,
        audit_group,
    ):
        app.cli.add_command(command)


@click.command("init", help="建立或升级数据库、代码表和角色；可重复执行。")
@with_appcontext
def init_command() -> None:
    with sentences():
        initialise()
        say({"ready": True})


@click.command("import", help="载入名录文件：enterprises、inspectors、items 或 listings。")
@click.argument("kind", type=click.Choice([kind.value for kind in ImportKind]))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--rejects", type=click.Path(path_type=Path), help="未载入的行写入此工作簿。")
@click.option("--dry-run", is_flag=True, help="只检查，不写入。")
@click.option("--source", default="", help="数据来源代码；缺省为市法人库。")
@click.option("--whole/--partial", "is_whole", default=None, help="文件是否为该来源的全部；缺省按比例判断。")
@click.option("--as", "username", help="经办人。")
@with_appcontext
def import_command(
    kind: str,
    file: Path,
    rejects: Path | None,
    dry_run: bool,
    source: str,
    is_whole: bool | None,
    username: str | None,
) -> None:
    with sentences(exit_code=2):
        actor = user_with(username, "import", "ImportBatch") if username else None
        outcome = load_file(
            ImportKind.of(kind), file, actor, now(), dry_run=dry_run, source=source, is_whole=is_whole
        )
        if rejects is not None:
            rejects.write_bytes(rejects_workbook(outcome))
        say(outcome.report())


@click.command("report", help="统计报表工作簿；--list 列出全部。")
@click.argument("name", required=False)
@click.option("--list", "listing", is_flag=True)
@click.option("--year", type=int)
@click.option("--month", type=click.IntRange(1, 12))
@click.option("--out", type=click.Path(path_type=Path))
@with_appcontext
def report_command(
    name: str | None, listing: bool, year: int | None, month: int | None, out: Path | None
) -> None:
    if listing:
        for key, spec in REPORTS.items():
            click.echo(f"{key}\t{spec.title}")
        return
    if name not in REPORTS or year is None or out is None:
        click.echo("请给出报表名、--year 和 --out；--list 列出全部报表。", err=True)
        sys.exit(2)
    with sentences():
        out.write_bytes(report_workbook(name, Period(year, month=month), now()))
        say({"report": name, "file": str(out)})


@click.command("serve", help="在本机启动网站。")
@click.option("--host", default="127.0.0.1")
@click.option("--port", default=8080, type=int)
@with_appcontext
def serve_command(host: str, port: int) -> None:
    from waitress import serve

    click.echo(f"http://{host}:{port}/")
    serve(current_app._get_current_object(), host=host, port=port, threads=8)  # type: ignore[attr-defined]


@draw.command("list", help="任务及其状态。")
@with_appcontext
def draw_list() -> None:
    with sentences():
        for task in db.session.scalars(select(InspectionTask).order_by(InspectionTask.id)):
            say({"task": task.id, "number": task.number, "name": task.name, "state": task.state.value})


def step(power: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """What every step of a draw shares: the task, who does it, who witnesses it, and their rights."""

    def wrap(function: Callable[..., None]) -> Callable[..., None]:
        @click.argument("task")
        @click.option("--as", "username", required=True, help="经办人。")
        @click.option("--witness", help="见证人（第二人）。")
        @with_appcontext
        @wraps(function)
        def command(task: str, username: str, witness: str | None, **options: Any) -> None:
            with sentences():
                actor = user_with(username, power)
                second = user_with(witness, "witness") if witness else None
                function(task_named(task).id, actor, second, **options)

        return command

    return wrap


@draw.command("freeze", help="封存名单并公示抽取方案。")
@step("freeze")
@click.option("--seed", "seeds", multiple=True, metavar="SOURCE:EVENT", help="种子来源，可多次给出。")
@click.option("--seed-after", type=click.DateTime(["%Y-%m-%dT%H:%M:%SZ"]), help="此刻（UTC）后才可录入种子。")
@click.option("--alg", "algorithm", type=click.Choice(["sha256", "sm3"]), default="sha256")
def draw_freeze(
    task_id: int,
    actor: User,
    witness: User | None,
    seeds: tuple[str, ...],
    seed_after: datetime | None,
    algorithm: str,
) -> None:
    chosen = [_pair(text) for text in seeds] or list(freezing.DEFAULT_SEEDS)
    opens = seed_after.replace(tzinfo=UTC) if seed_after else None
    plan_hash = freezing.freeze_roster_of(
        task_id, actor, witness, now(), seeds=chosen, seed_after=opens, algorithm=algorithm
    )
    say({"task": task_id, "plan": plan_hash, "seeds": [f"{source}:{event}" for source, event in chosen]})


@draw.command("seed", help="录入公开种子，SOURCE:EVENT=VALUE 每个事件一项。")
@step("seed")
@click.argument("values", nargs=-1, required=True, metavar="SOURCE:EVENT=VALUE...")
@click.option("--evidence", help="出处：公告号、链接或照片编号。")
def draw_seed(
    task_id: int, actor: User, witness: User | None, values: tuple[str, ...], evidence: str | None
) -> None:
    answers = {_pair(text.partition("=")[0]): text.partition("=")[2] for text in values}
    seed_hash = drawing.enter_seed(task_id, answers, actor, witness, now(), evidence)
    say({"task": task_id, "seed": seed_hash})


@draw.command("run", help="抽取检查对象。")
@step("draw")
def draw_run(task_id: int, actor: User, witness: User | None) -> None:
    drawn = drawing.run_draw(task_id, actor, witness, now())
    say({"task": task_id, "drawn": {"|".join(place): count for place, count in drawn.items()}})


@draw.command("match", help="匹配执法检查人员。")
@step("match")
@click.option("--remedy", is_flag=True, help="人员不足时，采用系统算出的最省补救办法。")
def draw_match(task_id: int, actor: User, witness: User | None, remedy: bool) -> None:
    chosen = matching.propose_remedies(task_id) if remedy else None
    say({"task": task_id, "visits": matching.match_inspectors(task_id, actor, now(), chosen)})


@draw.command("disclose", help="公示抽取和匹配结果。")
@step("disclose")
def draw_disclose(task_id: int, actor: User, witness: User | None) -> None:
    say({"task": task_id, "index": matching.disclose_draw(task_id, actor, now())})


@draw.command("void", help="作废本次抽取，须写明理由。")
@step("void")
@click.option("--reason", required=True)
def draw_void(task_id: int, actor: User, witness: User | None, reason: str) -> None:
    drawing.void_draw(task_id, reason, actor, witness, now())
    say({"task": task_id, "void": True})


@draw.command("export", help="导出公开材料包。")
@click.argument("task")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--auditor", is_flag=True, help="审计员的完整材料包。")
@with_appcontext
def draw_export(task: str, out: Path, auditor: bool) -> None:
    with sentences():
        session = db.session()
        found = current_draw(session, task_named(task))
        with replacing(out) as file:
            write_bundle(session, found.id, file, auditor=auditor)
        say({"draw": found.number, "file": str(out), "bytes": out.stat().st_size})


@draw.command("verify", help="只凭材料包重算整个抽取。")
@click.argument("bundle", type=click.Path(path_type=Path))
def draw_verify(bundle: Path) -> None:
    sys.exit(bundle_verifier.main([str(bundle)]))


@audit_group.command("verify", help="核对审计链和抽取日志。")
@with_appcontext
def audit_verify() -> None:
    with sentences():
        session = db.session()
        events, audit_fault = audit.verify_trail(session)
        entries, log_fault = draw_log.verify_log(session)
    say({"audit": events, "audit_fault": audit_fault, "log": entries, "log_fault": log_fault})
    if audit_fault or log_fault:
        click.echo(
            f"链条在此断开：审计链 {audit_fault or '完整'}，抽取日志 {log_fault or '完整'}。", err=True
        )
        sys.exit(1)


def user_named(username: str) -> User:
    """The account of that name, or the end of the command."""
    found = current_app.appbuilder.sm.find_user(username=username)  # type: ignore[attr-defined]
    if found is None:
        click.echo(f"没有名为“{username}”的用户。", err=True)
        sys.exit(2)
    return found


def user_with(username: str, power: str, view: str = TASK_VIEW) -> User:
    """That user, who must be able to sign in and hold the power in the pages as well."""
    found = user_named(username)
    manager = current_app.appbuilder.sm  # type: ignore[attr-defined]
    if not found.is_active or not manager._has_view_access(found, f"can_{power}", view):
        click.echo(f"用户“{username}”没有这一步的权限。", err=True)
        sys.exit(2)
    return found


def task_named(text: str) -> InspectionTask:
    """The task with this key or number, or the end of the command."""
    key = int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_KEY else -1
    query = select(InspectionTask).where(or_(InspectionTask.id == key, InspectionTask.number == text))
    found = db.session.scalar(query)
    if found is None:
        click.echo(f"没有编号为“{text}”的任务。", err=True)
        sys.exit(2)
    return found


@contextmanager
def replacing(out: Path) -> Iterator[BinaryIO]:
    """A file that takes its place only when it is whole, so that a refusal leaves nothing half written."""
    part = out.with_name(f"{out.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _pair(text: str) -> tuple[str, str]:
    source, _, event = text.partition(":")
    return source, event
