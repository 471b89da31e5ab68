"""`flask demo` on a small city: the whole year, everything verified, safe to run twice."""

import json
import subprocess
import sys
import zipfile

import pytest
from python_calamine import CalamineWorkbook

import config
from app import create_app
from app.demo import people
from app.domain.archive import faults_of
from app.domain.draw import verify
from app.domain.vocabulary import JointState, MemberState, PartState
from app.extensions import db
from app.models import Enterprise, GroupTask, InspectionTask, JointLine, RiskRun, Visit

SIZE = 3000
pytestmark = pytest.mark.slow


def make_demo_app(folder):
    url = f"sqlite:///{folder / 'data' / 'app.db'}"
    return create_app(config.Testing({"DATABASE_URL": url, "VAR_DIR": str(folder / "data")}))


def run_demo(application, *arguments):
    return application.test_cli_runner().invoke(args=["demo", *map(str, arguments)])


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A demonstration that was run once; its application, its folder and what it said."""
    folder = tmp_path_factory.mktemp("demo")
    application = make_demo_app(folder)
    result = run_demo(application, "--out", folder / "out", "--size", SIZE)
    assert result.exit_code == 0, result.output
    yield application, folder / "out", result.stdout
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def summary(demo):
    return json.loads((demo[1] / "summary.json").read_text())


def test_the_summary_counts_every_row_of_every_file(summary):
    for counts in summary["loads"].values():
        assert counts["read"] == sum(counts[key] for key in ("added", "changed", "unchanged", "rejected"))
        assert counts["rejected"] == 0
    assert summary["loads"]["检查对象.csv"]["added"] == SIZE
    assert summary["loads"]["检查人员.csv"]["added"] == 60


def test_R87_R88_the_leaders_have_registers_and_every_month_was_analysed(demo):
    with demo[0].app_context():
        assert db.session.query(GroupTask).filter(GroupTask.done_on.is_(None)).count() == 1
        months = db.session.query(RiskRun.month).order_by(RiskRun.month)
        assert [month.month for (month,) in months] == list(range(3, 11))


def test_tasks_stand_in_every_part_of_the_year(summary):
    states = {task["state"] for task in summary["tasks"]}
    assert {"已归档", "结果审核", "检查中", "名单已封存"} <= states


def test_every_drawn_task_is_verified_from_its_bundle_alone(demo, summary):
    drawn = [task for task in summary["tasks"] if "bundle" in task]
    assert len(drawn) == len(summary["tasks"]) - 1
    for task in drawn:
        report = verify.verify(str(demo[1] / task["bundle"]))
        assert (report.failure, task["verified"]) == (None, True)
        assert 0 < task["visits"] <= task["drawn"]


def test_a_bundle_is_verified_by_the_file_inside_it(demo, summary, tmp_path):
    bundle = next(demo[1] / task["bundle"] for task in summary["tasks"] if "bundle" in task)
    with zipfile.ZipFile(bundle) as archive:
        (tmp_path / "verify.py").write_bytes(archive.read("verify.py"))
    alone = [sys.executable, "-I", str(tmp_path / "verify.py"), str(bundle)]
    done = subprocess.run(alone, capture_output=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout.decode()


def test_one_task_is_joint_and_each_enterprise_gets_one_visit(demo):
    application, _, _ = demo
    with application.app_context():
        joint = db.session.query(InspectionTask).filter_by(is_joint=True).one()
        found = db.session.query(Visit).filter_by(task_id=joint.id).all()
        assert len({visit.enterprise_id for visit in found}) == len(found) > 0
        for visit in found:
            asked = {finding.agency_id for finding in visit.findings}
            assert {member.inspector.agency_id for member in visit.team} == asked
            assert len(visit.team) == 2 * len(asked)
        assert any(len({finding.agency_id for finding in visit.findings}) > 1 for visit in found)


def test_R73_the_joint_line_was_agreed_and_its_visits_confirmed(demo):
    application, _, _ = demo
    with application.app_context():
        joint = db.session.query(JointLine).filter_by(state=JointState.AGREED).one()
        task = db.session.query(InspectionTask).filter_by(line_id=joint.line_id).one()
        assert [member.state for member in joint.members] == [MemberState.ACCEPTED] * 2
        assert [part.state for part in task.parts] == [PartState.CONFIRMED]
        shared = [visit for visit in task.visits if len({each.agency_id for each in visit.findings}) > 1]
        assert shared
        assert all(visit.confirmations for visit in shared)


def test_R73_next_years_plan_is_walked_by_its_departments(demo):
    """The bureau reads who answered, the department that was asked answers, the lead still waits for another."""
    application, _, _ = demo
    with application.app_context():
        joint = db.session.query(JointLine).filter_by(state=JointState.CONSULTING).one()
        key = next(each.agency_id for each in joint.members if each.agency.code == "A06")
        address = f"/joint-plans/show/{joint.id}"
    bureau, asked = _signed_in(application, "planner"), _signed_in(application, "review-a06")
    assert "可以联合：二手车流通" in bureau.get(f"/joint-plans/plan/{joint.plan_id}").text
    assert "三月有专项行动" in bureau.get(address).text
    assert "答复联合计划：成品油零售部门联合抽查" in asked.get("/").text
    asked.post(f"/joint-plans/{joint.id}/answer", data={"agency": key, "accepts": "1"})
    assert "答复联合计划" not in asked.get("/").text
    assert "待税务局答复" in bureau.get(address).text


def _signed_in(application, username):
    client = application.test_client()
    answer = client.post("/login/", data={"username": username, "password": people.PASSWORD})
    assert answer.status_code == 302
    return client


def test_every_workbook_opens_and_has_rows(demo):
    books = sorted(demo[1].glob("*.xlsx"))
    assert {"statistics-2026.xlsx", "plan-2026.xlsx", "tasks-2026.xlsx", "findings-2026.xlsx"} <= {
        book.name for book in books
    }
    for book in books:
        opened = CalamineWorkbook.from_path(book)
        rows = [opened.get_sheet_by_name(name).to_python() for name in opened.sheet_names]
        assert all(sheet for sheet in rows), book.name


def test_the_chains_hold(summary):
    assert summary["chains"]["whole"] is True
    assert summary["chains"]["log"] >= 4 * sum("bundle" in task for task in summary["tasks"])


def test_the_summary_is_told_with_the_sample_accounts(demo, summary):
    said = demo[2]
    assert f"{SIZE:,} 户" in said
    assert all(task["number"] in said for task in summary["tasks"])
    assert all(name in said for name in ("planner", "approver", "auditor", "http://127.0.0.1:8080/"))
    assert "验证失败" not in said


def test_it_may_be_run_twice(demo, summary):
    application, out, _ = demo
    again = run_demo(application, "--out", out, "--size", SIZE)
    assert again.exit_code == 0, again.output
    second = json.loads((out / "summary.json").read_text())
    assert second["loads"] == summary["loads"]
    assert [task["state"] for task in second["tasks"]] == [task["state"] for task in summary["tasks"]]
    with application.app_context():
        assert db.session.query(Enterprise).count() == SIZE


def test_it_never_replaces_a_roster_that_it_did_not_make(tmp_path):
    application = make_demo_app(tmp_path)
    code = "911101010000000000"
    with application.app_context():
        db.create_all()
        db.session.add(Enterprise(identifier=code, identifier_kind="unified", name="本局名录"))
        db.session.commit()
    result = run_demo(application, "--out", tmp_path / "out", "--size", 10)
    assert result.exit_code == 2
    assert "空库" in result.stderr
    with application.app_context():
        assert [row.identifier for row in db.session.query(Enterprise)] == [code]
        db.session.remove()
        db.engine.dispose()


def test_the_papers_and_files_of_a_few_visits_lie_ready(demo):
    folder = demo[1] / "papers"
    files = sorted(folder.glob("长商检档-*.zip"))
    assert len(files) == 2
    for path in files:
        with path.open("rb") as stream:
            assert list(faults_of(stream)) == []
    kinds = {path.name.split(" ")[0] for path in folder.glob("*.docx")}
    assert {"行政检查审批表", "行政检查通知书", "现场检查记录（一企一表）", "行政检查结果告知书"} <= kinds
