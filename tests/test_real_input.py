"""The whole run on real enterprises: three files in, one task per commerce category out.

The files lie beside the project, never in it; without them these tests are skipped and say so.
"""

import csv
import gzip
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from app.demo import people, year
from app.demo.command import load_world, write_outputs
from app.domain.draw import verify
from app.domain.vocabulary import Stratification, TaskState
from app.extensions import db
from app.models import (
    CategoryMembership,
    Disclosure,
    Draw,
    DrawnTarget,
    Enterprise,
    InspectionTask,
    Matching,
    TargetCategory,
    Visit,
)
from app.services import audit, draw_log
from app.services.setup import ensure_vocabularies
from app.services.storage import fetch_lines
from tests.conftest import make_app

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
OURS = DATA / "enterprises_changchun_sample.csv.gz"
OTHERS = DATA / "enterprises_jilin_other_cities.csv.gz"
TAGS = DATA / "changchun_commerce_tags.csv"

pytestmark = [
    pytest.mark.real_input,
    pytest.mark.slow,
    pytest.mark.skipif(not TAGS.exists(), reason="the run on real enterprises needs ../shared/data"),
]

CATEGORIES = {
    "汽车销售": "新车销售",
    "成品油零售": "成品油零售",
    "拍卖": "拍卖",
    "二手车流通": "二手车流通",
    "报废机动车回收": "报废机动车回收",
    "再生资源回收": "再生资源回收",
    "家庭服务": "家政服务",
    "商业特许经营": "商业特许/连锁",
    "对外劳务合作": "对外劳务/外贸",
    "大型零售": "百货超市(预付卡潜在)",
    "餐饮": "餐饮住宿(预付卡潜在)",
}
"""Our target categories by the label that the tags give them."""
NAMED = {"汽车销售": 274, "成品油零售": 166, "拍卖": 54, "二手车流通": 43, "报废机动车回收": 4}
JOINT = "成品油零售"


def line_of(category, place):
    """A line a month, so that no firm is asked for twice in one."""
    starts, ends = date(year.YEAR, 1 + place, 5), date(year.YEAR, 1 + place, 28)
    stratification = Stratification.DISTRICT if category == "商业特许经营" else Stratification.NONE
    return year.Line(
        category, starts, ends, 50_000, stratification, partner="市场监督管理局" if category == JOINT else ""
    )


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The year on the real roster: the folder with what it wrote, and the tasks by category."""
    folder = tmp_path_factory.mktemp("real")
    application = make_app(f"sqlite:///{folder / 'real.db'}", VAR_DIR=str(folder))
    with application.app_context():
        ensure_vocabularies()
        loads = load_world(folder, [OURS, OTHERS, TAGS], 3000)
        lines = [line_of(category, place) for place, category in enumerate(CATEGORIES, 1)]
        tasks = year.run_year(people.make_accounts(), lines, accepts_guesses=True)
        figures = write_outputs(folder, tasks)
        (folder / "counts.json").write_text(json.dumps(loads))
        yield folder, dict(zip(CATEGORIES, tasks, strict=True)), figures
        db.session.remove()
        db.engine.dispose()


def draw_of(task):
    return db.session.query(Draw).filter_by(task_id=task).one()


def read_rows(path):
    raw = path.read_bytes()
    return list(
        csv.DictReader(
            (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig").splitlines()
        )
    )


def tagged():
    """How many firms of the tags belong to each label, a firm with two labels counting for both."""
    return Counter(label for row in read_rows(TAGS) for label in row["商务标签_按名称推断"].split(";"))


def test_every_row_is_loaded_or_rejected_with_a_reason(finished):
    loads = json.loads((finished[0] / "counts.json").read_text())
    rows = {OURS.name: 30_801, OTHERS.name: 37_564, TAGS.name: 1_729}
    for name, count in rows.items():
        counts = loads[name]
        assert counts["read"] == count
        assert (
            counts["read"] == counts["added"] + counts["changed"] + counts["unchanged"] + counts["rejected"]
        )
    assert loads[OURS.name]["rejected"] + loads[OTHERS.name]["rejected"] == 5
    assert loads[TAGS.name]["changed"] == 1_729


def test_firms_of_other_cities_are_kept_flagged_and_never_drawn(finished):
    loads = json.loads((finished[0] / "counts.json").read_text())
    kept = db.session.query(Enterprise).filter_by(in_jurisdiction=False).count()
    assert kept == loads[OTHERS.name]["added"] == loads[OTHERS.name]["flagged"] > 37_000
    drawn = db.session.query(DrawnTarget).join(Enterprise)
    assert drawn.count() > 0
    assert drawn.filter(Enterprise.in_jurisdiction.is_(False)).count() == 0


def test_what_the_files_guess_is_kept_as_a_guess(finished):
    assert {row.source.value for row in db.session.query(CategoryMembership)} == {"guess"}
    assert (
        db.session.query(Enterprise)
        .filter(Enterprise.territory_code.is_not(None), ~Enterprise.territory_guessed)
        .count()
        == 0
    )


@pytest.mark.parametrize("category", list(CATEGORIES))
def test_the_pool_of_a_category_is_what_the_tags_say(finished, category):
    draw, expected = draw_of(finished[1][category]), tagged()[CATEGORIES[category]]
    if category in NAMED:
        assert expected == NAMED[category]
    assert set(draw.excluded_counts) <= {"at_cap"}
    assert draw.roster_n + sum(draw.excluded_counts.values()) == expected
    pools = Counter()
    for quota in draw.quotas:
        pools[quota.item_code] += quota.pool
    assert set(pools.values()) == {draw.roster_n}


@pytest.mark.parametrize("category", list(NAMED))
def test_the_frozen_roster_holds_exactly_the_tagged_firms(finished, category):
    wanted = {
        row["统一社会信用代码"]
        for row in read_rows(TAGS)
        if CATEGORIES[category] in row["商务标签_按名称推断"].split(";")
    }
    lines = fetch_lines(db.session(), draw_of(finished[1][category]).roster_file)
    assert {line.split(b"\t")[0].decode() for line in lines} == wanted


@pytest.mark.parametrize("category", list(CATEGORIES))
def test_every_category_is_drawn_matched_disclosed_and_archived(finished, category):
    task = db.session.get(InspectionTask, finished[1][category])
    draw = draw_of(task.id)
    assert task.state == TaskState.ARCHIVED
    drawn = db.session.query(DrawnTarget).filter_by(draw_id=draw.id, is_reserve=False)
    assert drawn.count() == sum(quota.quota for quota in draw.quotas) > 0
    matching = db.session.query(Matching).filter_by(draw_id=draw.id).one()
    postponed = set(matching.remedies["postponed"])  # nobody's certificate reaches where they are
    assert len(postponed) <= 1
    enterprises = {row.enterprise_id for row in drawn if row.identifier not in postponed}
    seen = db.session.query(Visit).filter_by(task_id=task.id).all()
    assert {visit.enterprise_id for visit in seen} == enterprises
    assert all(len(visit.team) >= 2 for visit in seen)
    results = db.session.query(Disclosure).filter(
        Disclosure.kind == "result", Disclosure.subject_id.in_([visit.id for visit in seen])
    )
    agencies = sum(len({finding.agency_id for finding in visit.findings}) for visit in seen)
    assert results.count() == agencies


def test_the_joint_task_goes_once_to_each_firm_with_every_department(finished):
    task = db.session.get(InspectionTask, finished[1][JOINT])
    assert task.is_joint
    assert len({item.agency_id for item in task.items}) > 1
    assert max(len({finding.agency_id for finding in visit.findings}) for visit in task.visits) > 1


def test_every_bundle_is_verified_from_its_file_alone(finished):
    folder, _, figures = finished
    assert len(figures) == len(CATEGORIES)
    for line in figures:
        assert verify.verify(str(folder / line["bundle"])).failure is None


def test_the_workbooks_of_the_year_open(finished):
    for name in ("statistics", "plan", "tasks", "findings"):
        book = CalamineWorkbook.from_path(finished[0] / f"{name}-{year.YEAR}.xlsx")
        assert all(book.get_sheet_by_name(sheet).to_python() for sheet in book.sheet_names)


def test_both_chains_hold_after_the_whole_year(finished):
    assert audit.verify_trail(db.session())[1] is None
    assert draw_log.verify_log(db.session())[1] is None


def test_pawnshops_have_no_task_because_no_item_names_them(finished):
    """典当 moved to the financial regulators in 2018 (R6)."""
    assert tagged()["典当"] > 0
    assert db.session.query(TargetCategory).filter_by(name="典当").count() == 1
    assert "典当" not in finished[1]
