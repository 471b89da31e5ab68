"""The commands: one JSON line or one Chinese sentence, the rights of the pages, codes that a script can read."""

import json
import re

import pytest
from python_calamine import CalamineWorkbook

import config
from app.domain.vocabulary import TaskState
from app.extensions import db
from app.models import ArchiveFile, AuditEvent, InspectionTask, Region, StoredChunk
from app.reports.statistics import REPORTS
from app.security import roles
from app.services import archiving
from tests.builders import DICE, Vocabularies, World, make_user
from tests.builders_documents import recorded_visit

CHINESE = re.compile(r"[\u4e00-\u9fff]")
COUNTS = ["read", "added", "changed", "unchanged", "rejected", "flagged"]
THROW = next(iter(DICE.values()))
ROSTERS = {
    "enterprises": "统一社会信用代码,企业名称,主体类别,属地,登记状态\n"
    "91220101MA0Y1CE879,长春市样例商贸有限公司,企业,南关区,存续\n",
    "inspectors": "工号,姓名,部门,可任组长,执法证号,有效期起,有效期止\n"
    "90001,样员,商务局,是,吉A900001,2025-01-01,2030-12-31\n",
    "items": "事项编码,抽查领域,事项名称,实施部门,检查对象,检查内容,最高比例,法律依据,检查要点\n"
    "XC-901,汽车流通,样例事项,商务局,经销商,明示价格,20%,《汽车销售管理办法》第十条,要点一\n",
    "listings": "统一社会信用代码,名单类型,列入日期\n91220101MA0Y1CE879,经营异常名录,2026-01-05\n",
}
BROKEN = {
    "missing": None,
    "empty": b"",
    "blank": b"\n\n",
    "binary": bytes(range(256)) * 8,
    "web page": "<html><body>没有权限</body></html>".encode(),
    "wrong columns": "甲,乙\n1,2\n".encode(),
    "torn workbook": b"PK\x03\x04" + bytes(60),
}


@pytest.fixture
def cli(app):
    Vocabularies()
    return app.test_cli_runner()


@pytest.fixture
def world(app):
    return World(enterprises=12, inspectors=6)


def run(cli, *arguments):
    """The command's exit code, its JSON lines and its sentence; a traceback fails the test."""
    result = cli.invoke(args=[str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    lines = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
    return result.exit_code, lines, result.stderr


def refused(cli, *arguments):
    """The sentence with which a command ends; nothing is printed beside it."""
    code, lines, sentence = run(cli, *arguments)
    assert code != 0
    assert lines == []
    assert CHINESE.search(sentence)
    assert "Traceback" not in sentence
    return code, sentence


def write(tmp_path, kind, text=None):
    path = tmp_path / f"{kind}.csv"
    path.write_text(text or ROSTERS[kind], encoding="utf-8")
    return path


def test_init_may_be_repeated(tmp_path):
    fresh = make_app_without_tables(tmp_path)
    counts = []
    for _ in range(2):
        code, lines, _ = run(fresh.test_cli_runner(), "init")
        assert (code, lines) == (0, [{"ready": True}])
        with fresh.app_context():
            counts.append((db.session.query(Region).count(), len(fresh.appbuilder.sm.get_all_roles())))
    assert counts[0] == counts[1]
    assert counts[0][0] > 0
    dispose(fresh)


def test_before_init_a_command_says_what_to_do(tmp_path):
    fresh = make_app_without_tables(tmp_path)
    for command in (("draw", "list"), ("audit", "verify"), ("import", "items", write(tmp_path, "items"))):
        assert "flask init" in refused(fresh.test_cli_runner(), *command)[1]
    dispose(fresh)


def make_app_without_tables(tmp_path):
    from app import create_app

    url = f"sqlite:///{tmp_path / 'fresh.db'}"
    return create_app(config.Testing({"DATABASE_URL": url, "VAR_DIR": str(tmp_path)}))


def dispose(application):
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("kind", list(ROSTERS))
def test_an_import_prints_its_counts(cli, tmp_path, kind):
    run(cli, "import", "enterprises", write(tmp_path, "enterprises"))
    code, lines, sentence = run(cli, "import", kind, write(tmp_path, kind))
    assert (code, sentence) == (0, "")
    assert [list(line)[: len(COUNTS)] for line in lines] == [COUNTS]
    counts = lines[0]
    assert (
        counts["read"] == counts["added"] + counts["changed"] + counts["unchanged"] + counts["rejected"] == 1
    )
    assert counts["rejected"] == 0


@pytest.mark.parametrize("kind", list(ROSTERS))
def test_a_dry_run_writes_nothing(cli, tmp_path, kind):
    run(cli, "import", "enterprises", write(tmp_path, "enterprises"))
    before = db.session.query(AuditEvent).count()
    code, lines, _ = run(cli, "import", kind, write(tmp_path, kind), "--dry-run")
    assert (code, lines[0]["read"]) == (0, 1)
    assert db.session.query(AuditEvent).count() == before


def test_rejects_go_into_a_workbook_with_line_and_reason(cli, tmp_path):
    text = (
        ROSTERS["enterprises"]
        + "912201011234567890,校验位错误,企业,南关区,存续\n,没有代码,企业,南关区,存续\n"
    )
    out = tmp_path / "rejects.xlsx"
    code, lines, _ = run(cli, "import", "enterprises", write(tmp_path, "enterprises", text), "--rejects", out)
    assert code == 0
    assert [lines[0][key] for key in ("read", "added", "rejected")] == [3, 2, 1]
    cells = [
        str(cell) for row in CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python() for cell in row
    ]
    assert "没有代码" in cells
    assert "校验位错误" not in cells
    assert any(cell.removesuffix(".0") == "4" for cell in cells)


@pytest.mark.parametrize("kind", list(ROSTERS))
@pytest.mark.parametrize("fault", list(BROKEN))
def test_an_unreadable_file_ends_with_code_2_and_a_sentence(cli, tmp_path, kind, fault):
    path = tmp_path / "roster.csv"
    if BROKEN[fault] is not None:
        path.write_bytes(BROKEN[fault])
    assert refused(cli, "import", kind, path)[0] == 2


def test_a_folder_that_is_missing_is_told(cli, tmp_path):
    out = tmp_path / "missing" / "rejects.xlsx"
    text = ROSTERS["enterprises"] + ",没有代码,企业,南关区,存续\n"
    code, sentence = refused(
        cli, "import", "enterprises", write(tmp_path, "enterprises", text), "--rejects", out
    )
    assert code == 2
    assert "rejects.xlsx" in sentence


def test_who_may_not_import_in_the_pages_may_not_import_here(world, cli, tmp_path):
    path = write(tmp_path, "enterprises")
    assert refused(cli, "import", "enterprises", path, "--as", "planner")[0] == 2
    assert refused(cli, "import", "enterprises", path, "--as", "nobody")[0] == 2
    assert run(cli, "import", "enterprises", path, "--as", "clerk")[0] == 0


def both(task):
    return [task, "--as", "planner", "--witness", "auditor"]


def test_a_draw_by_commands_from_the_draft_to_the_verified_bundle(world, cli, tmp_path):
    task, bundle = world.task(), tmp_path / "bundle.zip"
    said = [run(cli, "draw", "freeze", *both(task))[1][0]]
    wait_for_the_seed(task)
    said.append(
        run(cli, "draw", "seed", *both(task), f"dice-d10:ceremony={THROW}", "--evidence", "照片1")[1][0]
    )
    said.append(run(cli, "draw", "run", *both(task))[1][0])
    said.append(run(cli, "draw", "match", task, "--as", "planner")[1][0])
    said.append(run(cli, "draw", "disclose", task, "--as", "planner")[1][0])
    said.append(run(cli, "draw", "export", task, bundle)[1][0])
    assert [set(line) for line in said] == [
        {"task", "plan", "seeds"},
        {"task", "seed"},
        {"task", "drawn"},
        {"task", "visits"},
        {"task", "index"},
        {"draw", "file", "bytes"},
    ]
    assert said[3]["visits"] == 4
    assert state_of(task) == TaskState.DISCLOSED
    assert cli.invoke(args=["draw", "verify", str(bundle)]).exit_code == 0


def wait_for_the_seed(task):
    """Dice may be thrown one second after the plan is published."""
    from datetime import UTC, datetime

    from app.models import Draw

    db.session.expire_all()
    draw = db.session.query(Draw).filter_by(task_id=task).order_by(Draw.id.desc()).first()
    while datetime.now(UTC) < draw.seed_after:
        pass


def state_of(task):
    db.session.expire_all()
    return db.session.get(InspectionTask, task).state


def exported(world, cli, tmp_path):
    task, bundle = world.open(), tmp_path / "bundle.zip"
    run(cli, "draw", "export", task, bundle)
    return bundle


def test_a_changed_byte_ends_the_verification_with_1(world, cli, tmp_path):
    bundle = exported(world, cli, tmp_path)
    whole = bundle.read_bytes()
    for place in range(0, len(whole), len(whole) // 25):
        bundle.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        result = cli.invoke(args=["draw", "verify", str(bundle)])
        assert result.exit_code == 1, place
        assert CHINESE.search(result.output)
    bundle.write_bytes(whole)
    assert cli.invoke(args=["draw", "verify", str(bundle)]).exit_code == 0


def test_a_missing_bundle_is_not_verified(cli, tmp_path):
    result = cli.invoke(args=["draw", "verify", str(tmp_path / "none.zip")])
    assert result.exit_code == 1
    assert CHINESE.search(result.output)


def test_before_the_result_there_is_nothing_to_export(world, cli, tmp_path):
    task = world.task()
    out = tmp_path / "bundle.zip"
    refused(cli, "draw", "export", task, out)
    world.freeze(task)
    refused(cli, "draw", "export", task, out)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("step", ["freeze", "run", "void"])
@pytest.mark.parametrize("witness", [[], ["--witness", "planner"]], ids=["no witness", "oneself"])
def test_r31_a_step_needs_a_second_person(world, cli, step, witness):
    task = world.task()
    if step != "freeze":
        world.freeze(task)
        world.seed(task)
    before = state_of(task)
    more = ["--reason", "名单有误"] if step == "void" else []
    refused(cli, "draw", step, task, "--as", "planner", *witness, *more)
    assert state_of(task) == before


def test_r31_the_seed_needs_a_second_person(world, cli):
    task = world.task()
    world.freeze(task)
    refused(cli, "draw", "seed", task, f"dice-d10:ceremony={THROW}", "--as", "planner")
    assert state_of(task) == TaskState.FROZEN


@pytest.mark.parametrize("name", ["clerk", "approver", "auditor", "nobody"])
def test_who_may_not_freeze_in_the_pages_may_not_freeze_here(world, cli, name):
    task = world.task()
    assert refused(cli, "draw", "freeze", task, "--as", name, "--witness", "auditor")[0] == 2
    assert state_of(task) == TaskState.DRAFT


@pytest.mark.parametrize("name", ["clerk", "nobody"])
def test_who_may_not_witness_is_no_witness(world, cli, name):
    task = world.task()
    assert refused(cli, "draw", "freeze", task, "--as", "planner", "--witness", name)[0] == 2
    assert state_of(task) == TaskState.DRAFT


def test_a_closed_account_takes_no_step(world, cli):
    make_user("former", roles.PLANNER).active = False
    db.session.commit()
    task = world.task()
    assert refused(cli, "draw", "freeze", task, "--as", "former", "--witness", "auditor")[0] == 2


@pytest.mark.parametrize("name", ["4711", "长商抽查〔2026〕99号", "-", "٣", "9" * 40])
def test_an_unknown_task_is_told(world, cli, name):
    assert refused(cli, "draw", "run", "--as", "planner", "--witness", "auditor", "--", name)[0] == 2
    assert refused(cli, "draw", "export", "--", name, "bundle.zip")[0] == 2


def test_a_task_goes_by_its_number_too(world, cli):
    task = db.session.get(InspectionTask, world.task())
    assert run(cli, "draw", "freeze", *both(task.number))[0] == 0


def test_steps_out_of_order_are_refused(world, cli):
    task = world.task()
    for step in (
        ["run", *both(task)],
        ["match", task, "--as", "planner"],
        ["disclose", task, "--as", "planner"],
    ):
        assert refused(cli, "draw", *step)[0] == 1
    run(cli, "draw", "freeze", *both(task))
    assert refused(cli, "draw", "freeze", *both(task))[0] == 1


@pytest.mark.parametrize("seeds", [["cwl-3d:2026067"], ["lottery:1"], ["dice-d10:ceremony-3"], ["dice-d10"]])
def test_a_seed_source_that_is_weak_or_unknown_is_refused(world, cli, seeds):
    task = world.task()
    refused(cli, "draw", "freeze", *both(task), *(part for seed in seeds for part in ("--seed", seed)))
    assert state_of(task) == TaskState.DRAFT


@pytest.mark.parametrize(
    "values", [["dice-d10:ceremony=123"], [f"dice-d10:ceremony-30={THROW}"], ["dice-d10"], ["="]]
)
def test_a_seed_that_is_no_outcome_of_the_planned_event_is_refused(world, cli, values):
    task = world.task()
    world.freeze(task)
    refused(cli, "draw", "seed", *both(task), *values)
    assert state_of(task) == TaskState.FROZEN


def test_r31_a_voided_draw_starts_anew_on_record(world, cli):
    task = world.drawn()
    assert run(cli, "draw", "void", *both(task), "--reason", "名单有误")[1] == [{"task": task, "void": True}]
    assert state_of(task) == TaskState.DRAFT


def test_r20_a_task_that_cannot_be_staffed_says_so_and_offers_the_remedy(cli):
    world = World(enterprises=12, inspectors=3)
    for person in world.inspectors:
        person.yearly_cap = 2
    db.session.commit()
    task = world.drawn()
    refused(cli, "draw", "match", task, "--as", "planner")
    assert run(cli, "draw", "match", task, "--as", "planner", "--remedy")[0] == 0
    assert state_of(task) == TaskState.MATCHED


def test_tasks_are_listed_with_their_state(world, cli):
    task = world.drawn()
    code, lines, _ = run(cli, "draw", "list")
    assert code == 0
    assert [(line["task"], line["state"]) for line in lines] == [(task, "drawn")]


def test_reports_are_listed(cli):
    result = cli.invoke(args=["report", "--list"])
    assert result.exit_code == 0
    assert [line.split("\t")[0] for line in result.stdout.splitlines()] == list(REPORTS)


def test_a_report_is_a_workbook(world, cli, tmp_path):
    world.open()
    out = tmp_path / "tasks.xlsx"
    code, lines, _ = run(cli, "report", "tasks", "--year", "2026", "--out", out)
    assert (code, lines) == (0, [{"report": "tasks", "file": str(out)}])
    assert CalamineWorkbook.from_path(out).sheet_names


@pytest.mark.parametrize(
    "arguments",
    [[], ["nothing"], ["tasks"], ["tasks", "--year", "2026"], ["nothing", "--year", "2026", "--out", "x"]],
)
def test_a_report_needs_name_year_and_file(cli, arguments):
    assert refused(cli, "report", *arguments)[0] == 2


def test_the_chains_are_verified(world, cli):
    world.open()
    code, lines, _ = run(cli, "audit", "verify")
    assert code == 0
    assert lines[0]["audit"] > 0
    assert (lines[0]["log"], lines[0]["audit_fault"], lines[0]["log_fault"]) == (4, None, None)


def test_r31_a_broken_chain_ends_with_1(world, cli):
    world.open()
    db.session.query(AuditEvent).filter_by(number=3).update({"subject": "改动"})
    db.session.commit()
    code, lines, sentence = run(cli, "audit", "verify")
    assert code == 1
    assert lines[0]["audit_fault"] == "3"
    assert "断开" in sentence


def test_R83_the_archive_is_verified_and_a_damaged_file_ends_with_1(world, cli):
    _world, visit, now = recorded_visit(world, state="disclosed")
    key = archiving.file_visit(visit.id, world.planner, now)
    code, lines, _ = run(cli, "archive", "verify")
    assert (code, lines[0]) == (0, {"files": 1, "damaged": []})
    digest = db.session.get(ArchiveFile, key).digest
    db.session.query(StoredChunk).filter_by(digest=digest).delete()
    db.session.commit()
    code, lines, sentence = run(cli, "archive", "verify")
    assert code == 1
    assert lines[0]["damaged"] == ["长商检档-2026-0001-1"]
    assert "已损坏" in sentence
