"""R82: a period once reported is kept as it was; what changed since is shown beside it, with the reason."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from threading import Thread

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, select, update
from sqlalchemy.exc import DatabaseError

from app.domain.forms import LayoutBroken
from app.domain.forms.editions import cell_changes, row_changes, row_line
from app.domain.measures import Period
from app.domain.vocabulary import Disposal, ResultCode
from app.extensions import db
from app.models import Disclosure, ItemFinding, ReportedPeriod, ReportLayout
from app.reports.forms import FORMS, LayoutUnreadable, shipped_text
from app.services import audit, layouts, reporting, storage
from app.services.reporting import Asked
from tests.reports.casework import CaseWorld
from tests.reports.world import AS_OF, YEAR

WORK = Asked("work", Period(YEAR))
LATER = AS_OF + timedelta(days=3)


@pytest.fixture
def world(app, session):
    return CaseWorld(session).build()


def report(world, asked=WORK, reason="", now=AS_OF):
    return reporting.report_period(asked, reason, world.clerk, now)


def withdraw_a_result(actor):
    """One standing result is withdrawn by an act in the audit trail; gives the number of its visit."""
    row = db.session.scalars(
        select(Disclosure).where(Disclosure.withdrawn_at.is_(None)).order_by(Disclosure.id)
    ).first()
    finding = db.session.scalars(select(ItemFinding).where(ItemFinding.visit_id == row.subject_id)).first()
    row.withdrawn_at = LATER
    audit.record(db.session, actor, "disclosure:withdrawn", finding.visit.number, {})
    db.session.commit()
    return finding.visit.number


def test_r82_a_reported_period_keeps_figures_workbook_and_counted_rows(world):
    edition = db.session.get(ReportedPeriod, report(world))
    assert (edition.edition, edition.period, edition.reported_by_id) == (1, str(YEAR), world.clerk.id)
    book = openpyxl.load_workbook(BytesIO(storage.fetch_bytes(db.session, edition.file_digest)))
    assert book.worksheets[0]["A1"].value == f"{YEAR}年度抽查工作情况统计表"
    assert len(list(storage.fetch_lines(db.session, edition.rows_digest))) == 12 + 9 + 8 + 6
    rows = dict(edition.figures["抽查工作情况统计"]["rows"])
    assert rows["去重合计"][5] == 20
    assert audit.verify_trail(db.session)[1] is None


@pytest.mark.parametrize("change", [update(ReportedPeriod).values(title="x"), delete(ReportedPeriod)])
def test_r82_the_database_itself_refuses_to_change_an_edition(migrated_application, change, database):
    with migrated_application(database, "editions").app_context():
        world = CaseWorld(db.session).build()
        report(world)
        with pytest.raises(DatabaseError):
            db.session.execute(change)
        db.session.rollback()


def test_r82_nothing_differs_while_nothing_happened(world):
    found = reporting.compare_with_now(db.session, report(world), LATER)
    assert (found.cells, found.rows, found.events) == ([], [], [])


def test_r82_what_happens_while_a_report_is_drawn_up_stands_in_it(app, world):
    happened = []

    def meanwhile():
        with app.app_context():
            happened.append(withdraw_a_result(None))

    def before(_connection, _cursor, statement, *_):
        if statement.startswith("UPDATE chain_head") and not happened:
            happened.append("begun")
            other = Thread(target=meanwhile)
            other.start()
            other.join(20)

    event.listen(db.engine, "before_cursor_execute", before)
    try:
        key = report(world)
    finally:
        event.remove(db.engine, "before_cursor_execute", before)
    assert len(happened) == 2
    found = reporting.compare_with_now(db.session, key, LATER)
    assert (found.cells, found.rows) == ([], [])


def test_r82_the_cells_that_differ_are_named_with_the_visits_and_acts_behind_them(world):
    key = report(world)
    visit = withdraw_a_result(world.clerk)
    found = reporting.compare_with_now(db.session, key, LATER)
    columns = {
        change.column: (change.before, change.after) for change in found.cells if change.row == "去重合计"
    }
    before, after = columns["抽查结果公示·已公示"]
    assert after == before - 1
    assert "抽查户数" not in columns
    assert {row.visit for row in found.rows} == {visit}
    assert "−已公示" in found.rows[0].words
    assert [(event.tag, event.subject) for event in found.events] == [("disclosure:withdrawn", visit)]


def test_r82_a_new_edition_stands_beside_the_old_one_and_gives_its_reason(world):
    first = report(world)
    with pytest.raises(reporting.EditionUnchanged):
        report(world, reason="再报")
    visit = withdraw_a_result(world.clerk)
    with pytest.raises(reporting.EditionWithoutReason):
        report(world, reason=" ", now=LATER)
    second = report(world, reason="一项结果撤下", now=LATER)
    one, two = (db.session.get(ReportedPeriod, key) for key in (first, second))
    assert (one.edition, two.edition, two.reason) == (1, 2, "一项结果撤下")
    assert one.figures_digest != two.figures_digest
    found = reporting.compare_editions(db.session, first, second)
    assert {row.visit for row in found.rows} == {visit}
    assert found.cells == reporting.compare_with_now(db.session, first, LATER).cells


def test_r82_limits_make_reports_of_their_own(world):
    whole = report(world)
    own = report(world, Asked("work", Period(YEAR), world.market.id))
    here = report(world, Asked("agencies", Period(YEAR), None, "220102"))
    assert [db.session.get(ReportedPeriod, key).edition for key in (whole, own, here)] == [1, 1, 1]
    figures = db.session.get(ReportedPeriod, here).figures["分部门"]
    drawn = dict(figures["rows"])["去重合计"][figures["columns"].index("抽查·户数（户）")]
    assert 0 < drawn < 20


def test_r82_a_list_of_details_is_not_reported(world):
    with pytest.raises(reporting.ReportNotLockable):
        report(world, Asked("findings", Period(YEAR)))
    assert db.session.scalar(select(ReportedPeriod.id)) is None


def test_r82_the_whole_set_is_reported_at_once(world):
    edition = db.session.get(ReportedPeriod, report(world, Asked("forms", Period(YEAR))))
    assert list(edition.figures) == [FORMS[name].sheet for name in FORMS if name in SET]


SET = {
    "work",
    "checklist",
    "plan",
    "announcement",
    "penalties",
    "enforcement",
    "inspections",
    "summary",
    "building",
    "filing",
}


def test_a_correction_after_the_report_is_told_as_a_new_record(world):
    key = report(world)
    finding = db.session.scalars(select(ItemFinding).join(ItemFinding.visit).order_by(ItemFinding.id)).first()
    if not finding.records:
        world.record(finding, date(YEAR, 8, 1))
    else:
        newest = finding.records[-1]
        world.version(
            finding, newest.version + 1, newest.checked_on, {ResultCode.PENDING}, {Disposal.RECTIFY}, set()
        )
    db.session.commit()
    found = reporting.compare_with_now(db.session, key, LATER)
    assert [row.visit for row in found.rows] == [finding.visit.number]
    assert "检查记录版本" in found.rows[0].words


CHANGED = shipped_text("agencies").replace('标题: "部门"', '标题: "填报部门"')


def test_a_changed_caption_and_a_further_column_stand_in_the_next_report(world):
    more = CHANGED.replace("栏目:\n", '栏目:\n  - {标题: "频次", 取数: "抽查户次", 宽: 9}\n', 1)
    layouts.replace_layout("agencies", more.encode(), "市里的新表", world.clerk, AS_OF)
    prepared = reporting.prepare(db.session, Asked("agencies", Period(YEAR)), AS_OF)
    assert [column.caption for column in prepared.forms["agencies"].columns][:3] == [
        "频次",
        "序号",
        "填报部门",
    ]
    layouts.revert_layout("agencies", world.clerk, LATER)
    assert layouts.form_of(db.session, "agencies") == FORMS["agencies"]
    assert [row.version for row in layouts.layout_versions(db.session, "agencies")] == [2, 1]


def test_r82_two_sheets_of_one_name_are_both_kept(world):
    for name in ("districts", "items"):
        named = shipped_text(name).replace(f'工作表: "{FORMS[name].sheet}"', '工作表: "统计表"')
        layouts.replace_layout(name, named.encode(), "", world.clerk, AS_OF)
    key = report(world, Asked("statistics", Period(YEAR)))
    figures = db.session.get(ReportedPeriod, key).figures
    assert [sheet for sheet in figures if sheet.startswith("统计表")] == [
        "统计表",
        f"统计表（{FORMS['items'].caption}）",
    ]


def test_a_layout_with_mistakes_is_refused_and_nothing_is_kept(world):
    wrong = CHANGED.replace('取数: "抽查户数"', '取数: "罚款排名"')
    with pytest.raises(LayoutBroken) as caught:
        layouts.replace_layout("agencies", wrong.encode(), "", world.clerk, AS_OF)
    assert {fault.code for fault in caught.value.faults} >= {"layout_source_unknown"}
    assert db.session.scalar(select(ReportLayout.id)) is None


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00",
        "表名: [".encode(),
        "甲: &a [1]\n乙: *a".encode(),
        "表名: !!python/object/apply:os.system [x]".encode(),
        ("x" * 100_001).encode(),
    ],
)
def test_a_file_that_is_no_layout_is_refused(world, content):
    with pytest.raises(LayoutUnreadable):
        layouts.replace_layout("agencies", content, "", world.clerk, AS_OF)


def test_a_moved_column_is_no_difference_a_missing_one_is():
    before = {"表": {"columns": ["甲", "乙"], "rows": [["一", [1, 2]], ["一", [3, 4]]]}}
    moved = {"表": {"columns": ["乙", "甲"], "rows": [["一", [2, 1]], ["一", [4, 3.0]]]}}
    assert list(cell_changes(before, moved)) == []
    fewer = {"表": {"columns": ["甲"], "rows": [["一", [1]], ["一", [3]]]}}
    assert [(change.row, change.column, change.after) for change in cell_changes(before, fewer)] == [
        ("一", "乙", None),
        ("一（2）", "乙", None),
    ]


STEPS = st.tuples(*[st.integers(0, 1)] * 6)


@settings(deadline=None)
@given(st.dictionaries(st.integers(1, 50), STEPS), st.dictionaries(st.integers(1, 50), STEPS))
def test_every_counted_row_that_differs_is_found_and_no_other(one, other):
    lines = [[row_line(key, f"V{key}", key, steps) for key, steps in rows.items()] for rows in (one, other)]
    found = {int(change.target) for change in row_changes(*lines)}
    assert found == {key for key in {*one, *other} if one.get(key) != other.get(key)}


def test_the_period_of_a_key_is_the_period():
    for period in (Period(YEAR), Period(YEAR, half=2), Period(YEAR, quarter=3), Period(YEAR, month=11)):
        assert Period.of(period.key) == period
    days = Period.between(date(YEAR, 2, 28), date(YEAR, 6, 1))
    assert Period.of(days.key) == days
    assert days.year_before == Period.between(date(YEAR - 1, 2, 28), date(YEAR - 1, 6, 1))
    assert datetime(YEAR, 6, 1, 15, 59, tzinfo=UTC) < days.moments[1] <= datetime(YEAR, 6, 1, 16, tzinfo=UTC)
