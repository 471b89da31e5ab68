"""`flask demo`: build the sample world, take it through a year, write what the bureau would hand out."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import func, inspect, select
from sqlalchemy.engine import make_url

from app.console import initialise, sentences
from app.demo import joint, leaders, outside, papers, people, year
from app.documents import draw_list_workbook, form_workbook, rejects_workbook, report_workbook
from app.domain.draw import verify
from app.domain.measures import Period
from app.domain.vocabulary import ImportKind, VisitState
from app.extensions import db
from app.models import CategoryMembership, Enterprise, InspectionTask, Inspector, Visit, VisitMember
from app.sample.world import ENTERPRISES_FILE, INSPECTORS_FILE, ITEMS_FILE, LISTINGS_FILE, write_world
from app.services import audit, categories, draw_log
from app.services.bundle import write_bundle
from app.services.ceremony import current_draw
from app.services.roster_import import load_file

SAMPLE_SIZE = 30_000
COUNTED = (("read", "读"), ("added", "新增"), ("changed", "变更"), ("rejected", "拒绝"), ("flagged", "提示"))


@click.command("demo", help="样例：虚构的一座城市走完一年的抽查；--roster 用给定的名录文件。")
@click.option("--out", type=click.Path(path_type=Path), default=Path("var/demo"))
@click.option("--roster", "rosters", type=click.Path(path_type=Path), multiple=True)
@click.option("--size", default=SAMPLE_SIZE, help="样例企业户数。")
@with_appcontext
def demo_command(out: Path, rosters: Sequence[Path], size: int) -> None:
    with sentences():
        start_afresh()
        initialise()
        out.mkdir(parents=True, exist_ok=True)
        loads = load_world(out, rosters, size)
        users = people.make_accounts()
        if db.session.scalar(select(CategoryMembership.id).limit(1)) is None:
            categories.apply_rules(users["clerk"])
        lines = year.GUESSED_LINES if rosters else year.LINES
        tasks = year.run_year(users, lines, accepts_guesses=bool(rosters))
        if not rosters:
            outside.check_outside(users)
            joint.talk_over_next_year(users)
        papers.issue_and_file(users, out / "papers")
        leaders.lead(users)
        figures = write_outputs(out, tasks)
        summary = {"loads": loads, "tasks": figures, "chains": chains()}
        (out / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n")
        tell(out, summary)


def start_afresh() -> None:
    """An embedded database that an earlier demonstration made goes; any other one must be empty."""
    url = make_url(current_app.config["SQLALCHEMY_DATABASE_URI"])
    mark = Path(f"{url.database}.sample") if url.get_backend_name() == "sqlite" else None
    if mark is not None and mark.exists():
        db.engine.dispose()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{url.database}{suffix}").unlink(missing_ok=True)
    elif holds_data():
        click.echo("所选数据库已有数据；样例只在空库上运行。", err=True)
        sys.exit(2)
    if mark is not None:
        mark.touch()


def holds_data() -> bool:
    """Whether a roster has been loaded into the database."""
    found = "enterprise" in inspect(db.engine).get_table_names()
    return found and db.session.scalar(select(Enterprise.id).limit(1)) is not None


def load_world(out: Path, rosters: Sequence[Path], size: int) -> dict[str, dict[str, int]]:
    """Write the sample files and load them; given rosters take the place of the invented enterprises."""
    folder = out / "rosters"
    folder.mkdir(exist_ok=True)
    write_world(folder, size)
    files = [(ImportKind.ENTERPRISES, path) for path in rosters] or [
        (ImportKind.ENTERPRISES, folder / ENTERPRISES_FILE)
    ]
    files += [
        (ImportKind.ITEMS, folder / ITEMS_FILE),
        (ImportKind.INSPECTORS, folder / INSPECTORS_FILE),
    ]
    if not rosters:
        files.append((ImportKind.LISTINGS, folder / LISTINGS_FILE))
    loads = {}
    for kind, path in files:
        outcome = load_file(kind, path, None, datetime.now(UTC))
        loads[path.name] = outcome.counts()
        if outcome.rejects:
            (folder / f"{path.name.split('.')[0]}-未载入.xlsx").write_bytes(rejects_workbook(outcome))
    return loads


def write_outputs(out: Path, task_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Bundle, list and forms of every drawn task, the statistical reports of the year; a line a task."""
    now = datetime.now(UTC)
    lines = []
    for key in task_ids:
        task = db.session.get_one(InspectionTask, key)
        line = {"task": key, "number": task.number, "name": task.name, "state": task.state.label}
        lines.append(line)
        if task in year.drawn_tasks(task_ids):
            line |= write_task(out, task, now)
    for name in ("statistics", "plan", "tasks", "findings"):
        (out / f"{name}-{year.YEAR}.xlsx").write_bytes(report_workbook(name, Period(year.YEAR), now))
    return lines


def write_task(out: Path, task: InspectionTask, now: datetime) -> dict[str, Any]:
    """The bundle, verified from its file alone, and the workbooks of one task."""
    session = db.session()
    draw = current_draw(session, task)
    bundle = out / f"bundle-{draw.number}.zip"
    with bundle.open("wb") as file:
        write_bundle(session, draw.id, file)
    (out / f"draw-{draw.number}.xlsx").write_bytes(draw_list_workbook(draw.id, now))
    visits = session.scalars(select(Visit.id).where(Visit.draw_id == draw.id).order_by(Visit.id)).all()
    (out / f"forms-{draw.number}.xlsx").write_bytes(form_workbook(visits, now))
    report = verify.verify(str(bundle))
    return {
        "roster": draw.roster_n,
        "drawn": sum(quota.quota for quota in draw.quotas),
        "visits": len(visits),
        "bundle": bundle.name,
        "verified": report.failure is None,
    }


def chains() -> dict[str, Any]:
    """How long the two chains are, and whether they hold."""
    events, audit_fault = audit.verify_trail(db.session())
    entries, log_fault = draw_log.verify_log(db.session())
    return {"audit": events, "log": entries, "whole": audit_fault is None and log_fault is None}


def tell(out: Path, summary: dict[str, Any]) -> None:
    """The summary in words."""
    enterprises = db.session.scalar(select(func.count()).select_from(Enterprise))
    click.echo(f"检查对象名录库 {enterprises:,} 户。")
    for name, counts in summary["loads"].items():
        shown = "，".join(f"{label} {counts[key]:,}" for key, label in COUNTED)
        click.echo(f"  {name}：{shown}")
    for line in summary["tasks"]:
        drawn = ""
        if "visits" in line:
            checked = "可验证" if line["verified"] else "验证失败"
            drawn = f"，名单 {line['roster']} 户，事项任务 {line['drawn']} 件，上门 {line['visits']} 次，{checked}"
        click.echo(f"  {line['number']} {line['name']}：{line['state']}{drawn}")
    chain = summary["chains"]
    click.echo(
        f"审计链 {chain['audit']} 条、抽取日志 {chain['log']} 条，{'完整' if chain['whole'] else '断开'}。"
    )
    click.echo(f"材料写在 {out}/ 。网站 http://127.0.0.1:8080/ ，公开页面 http://127.0.0.1:8080/public/ 。")
    click.echo(f"样例账号（口令均为 {people.PASSWORD}）：")
    for account in people.ACCOUNTS:
        click.echo(f"  {account.username}\t{account.role}")
    click.echo(f"  执法检查人员的账号是各自的工号，例如 {busy_inspector()}（有待办的检查）。")


def busy_inspector() -> str:
    """Staff number of somebody who has a visit to make."""
    query = (
        select(Inspector.staff_no)
        .join(VisitMember, VisitMember.inspector_id == Inspector.id)
        .join(Visit, Visit.id == VisitMember.visit_id)
        .order_by(Visit.state != VisitState.PLANNED, Inspector.staff_no)
    )
    return db.session.scalar(query.limit(1)) or ""
