"""Loading roster files."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from app.cli.arguments import user_with
from app.console import now, say, sentences
from app.documents import rejects_workbook
from app.domain.vocabulary import ImportKind
from app.services.roster_import import load_file


@click.command("import", help="载入名录文件：enterprises、inspectors、items 或 listings。")
@click.argument("kind", type=click.Choice([kind.value for kind in ImportKind]))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--rejects", type=click.Path(path_type=Path), help="未载入的行写入此工作簿。")
@click.option("--dry-run", is_flag=True, help="只检查，不写入。")
@click.option("--source", default="", help="数据来源的名称或代码；缺省为市法人库。")
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
