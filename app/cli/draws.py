"""The steps of a draw."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup, with_appcontext
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.cli.arguments import replacing, task_named, user_with
from app.console import now, say, sentences
from app.domain.draw import verify as bundle_verifier
from app.extensions import db
from app.models import InspectionTask
from app.services import drawing, freezing, matching
from app.services.bundle import write_bundle
from app.services.ceremony import current_draw

draw = AppGroup("draw", help="抽取的各步骤：封存、种子、抽取、匹配、导出、验证。")


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


def _pair(text: str) -> tuple[str, str]:
    source, _, event = text.partition(":")
    return source, event
