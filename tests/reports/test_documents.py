"""The documents of one draw, one visit and one import, and the charts."""

import io
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass

import openpyxl
import pytest
from sqlalchemy import select

from app.domain.vocabulary import CheckMethod, DrawForm, ResultCode, VisitState
from app.models import Draw, Visit
from app.reports import chart, draw_list, enterprise_form, rejects
from app.services import statistics
from tests.reports.golden import assert_golden
from tests.reports.world import AS_OF, World


@pytest.fixture
def world(session):
    return World(session).build()


def load(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def texts(page):
    return [str(cell.value) for line in page.iter_rows() for cell in line if cell.value is not None]


def first_draw(session):
    return session.scalars(select(Draw).order_by(Draw.id)).first()


def disclosed_visit(session, items):
    visits = session.scalars(select(Visit).where(Visit.state == VisitState.DISCLOSED).order_by(Visit.id))
    return next(visit for visit in visits if len(visit.findings) == items)


def test_golden_draw_list(session, world):
    drawn = statistics.drawn_list(session, first_draw(session).id, with_reserves=True)
    assert_golden("draw_list.xlsx", draw_list.build(drawn, AS_OF))


def test_golden_enterprise_form_of_a_joint_visit(session, world):
    form = statistics.enterprise_form(session, disclosed_visit(session, 2).id)
    assert_golden("enterprise_form.xlsx", enterprise_form.build([form], AS_OF))


def test_r32_the_draw_list_has_rank_ticket_and_the_last_ticket_drawn(session, world):
    drawn = statistics.drawn_list(session, first_draw(session).id)
    assert [row.rank for row in drawn.rows] == list(range(1, 13))
    assert {row.cutoff for row in drawn.rows} == {drawn.rows[-1].ticket}
    assert all(row.ticket <= row.cutoff and row.team.count("、") == 1 for row in drawn.rows)
    assert not any(row.is_reserve for row in drawn.rows)


def test_r29_a_sealed_draw_shows_neither_stratum_nor_ticket(session, world):
    draw = first_draw(session)
    draw.form = DrawForm.SEALED
    session.flush()
    drawn = statistics.drawn_list(session, draw.id)
    assert {(row.stratum, row.ticket, row.cutoff) for row in drawn.rows} == {("", "", "")}
    assert [row.identifier for row in drawn.rows] == sorted(row.identifier for row in drawn.rows)
    words = texts(load(draw_list.build(drawn, AS_OF)).active)
    assert "签号" not in words
    assert "分层" not in words


def test_r17_r49_a_form_names_the_team_with_certificates_and_every_item(session, world):
    form = statistics.enterprise_form(session, disclosed_visit(session, 2).id)
    words = " ".join(texts(load(enterprise_form.build([form], AS_OF)).active))
    assert len(form.members) == 4
    assert all(member.name in words and member.certificate in words for member in form.members)
    assert all(item.name in words and item.basis in words for item in form.items)
    assert words.count("是否按规定备案") == len(form.items)
    for caption in (
        "被检查单位意见",
        "拒绝签字的原因及见证人",
        "检查人员签名",
        "组长审核意见",
        "结果公示审批意见",
    ):
        assert caption in words


def test_r15_a_certificate_that_is_not_valid_on_the_day_is_not_printed(session, world):
    visit = disclosed_visit(session, 1)
    paper = visit.members[0].inspector.certificates[0]
    paper.is_suspended = True
    session.flush()
    form = statistics.enterprise_form(session, visit.id)
    printed = {member.name: member.certificate for member in form.members}
    assert printed[visit.members[0].inspector.name] == ""
    assert printed[visit.members[1].inspector.name] != ""


def test_r48_r53_the_form_ticks_what_was_recorded_and_leaves_a_blank_one_blank(session, world):
    filled = statistics.enterprise_form(session, disclosed_visit(session, 1).id)
    planned = session.scalars(
        select(Visit).where(Visit.state == VisitState.PLANNED).order_by(Visit.id)
    ).first()
    blank = statistics.enterprise_form(session, planned.id)
    for form, ticks in ((filled, 3), (blank, 0)):
        words = " ".join(texts(load(enterprise_form.build([form], AS_OF)).active))
        assert words.count("☑") >= ticks
        assert (words.count("☑") == 0) == (ticks == 0)
        assert all(f"☐{term.label}" in words or f"☑{term.label}" in words for term in ResultCode)
        assert f"☐{CheckMethod.SAMPLING_TEST.label}" in words


def test_r73_a_department_can_print_its_own_part_of_a_joint_form(session, world):
    visit = disclosed_visit(session, 2)
    form = statistics.enterprise_form(session, visit.id, world.market.id)
    assert [item.agency for item in form.items] == ["市场监督管理局"]


def test_a_form_prints_on_a4_upright(session, world):
    form = statistics.enterprise_form(session, disclosed_visit(session, 1).id)
    page = load(enterprise_form.build([form], AS_OF)).active
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "portrait")
    assert page.sheet_properties.pageSetUpPr.fitToPage


@dataclass
class Rejected:
    line: int
    reason_text: str
    cells: list


HEADERS = ("统一社会信用代码", "企业名称", "属地")


def rejected(*rows):
    return load(rejects.build(HEADERS, [Rejected(*row) for row in rows])).active


def test_rejects_keep_every_cell_as_text_after_line_and_reason():
    page = rejected((3, "校验位不正确", ["012345678901234", "=1+1", "南关区"]), (17, "缺列", ["91"]))
    assert [cell.value for cell in page[1]] == ["行号", "原因", *HEADERS]
    assert [cell.value for cell in page[2]] == ["3", "校验位不正确", "012345678901234", "=1+1", "南关区"]
    assert [cell.value for cell in page[3]] == ["17", "缺列", "91", None, None]
    assert {cell.data_type for cell in page[2]} == {"s"}
    assert page["A2"].fill.fgColor.rgb == page["B2"].fill.fgColor.rgb != page["C2"].fill.fgColor.rgb


def test_rejects_of_a_corrected_rejects_workbook_do_not_pile_up_columns():
    content = rejects.build(("行号", "原因", *HEADERS), [Rejected(2, "重复", ["9", "旧", "a", "b", "c"])])
    assert [cell.value for cell in load(content).active[2]] == ["2", "重复", "a", "b", "c"]


def test_a_chart_has_no_script_no_link_and_says_its_figures():
    picture = chart.bars("各区县", ["南关区", "<b>&"], {"抽查户数": [3, 0], "已公示": [1, None]}, unit="户")
    root = ElementTree.fromstring(picture)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert not tags & {"script", "a", "image", "use", "foreignObject"}
    assert b"href" not in picture
    assert b"http://www.w3.org/2000/svg" in picture
    assert {"各区县（户）", "南关区", "<b>&", "抽查户数", "3"} <= {element.text for element in root.iter()}


def test_equal_figures_give_an_equal_picture():
    made = [chart.lines("趋势", ["1月", "2月"], {"今年": [0.1, 0.2]}, percent=True) for _ in range(2)]
    assert made[0] == made[1]
    assert "10.0%" in made[0].decode()
