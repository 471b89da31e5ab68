"""表样: what a layout may say, and what is answered to one that says something else."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.forms import ROW_KINDS, Kind, LayoutBroken, read_layout
from app.domain.measures import MEASURES, Unit

GROUP = ROW_KINDS["group"]
COLUMN = {"标题": "部门", "取数": "名称", "宽": 12}


def layout(*columns, **more):
    return {"表名": "分部门", "工作表": "分部门", "单位": "户", "栏目": list(columns) or [COLUMN]} | more


def faults(data, rows=GROUP):
    with pytest.raises(LayoutBroken) as caught:
        read_layout(data, rows)
    return [(fault.code, fault.params.get("at")) for fault in caught.value.faults]


def test_a_layout_names_captions_groups_widths_and_what_fills_a_column():
    form = read_layout(
        layout(COLUMN, {"标题": "已公示\n（户）", "组": "结果", "取数": "已公示", "单位": "户", "宽": 7.5}),
        GROUP,
    )
    label, disclosed = form.columns
    assert (label.path, label.measure, label.kind) == ("label", "", Kind.TEXT)
    assert (disclosed.measure, disclosed.kind, disclosed.summed) == ("disclosed", Kind.COUNT, True)
    assert (disclosed.caption, disclosed.group, disclosed.width) == ("已公示\n（户）", "结果", 7.5)


def test_a_measure_is_named_by_its_chinese_name_or_its_key():
    by_key = read_layout(layout({"标题": "甲", "取数": "problem_rate"}), GROUP)
    by_name = read_layout(layout({"标题": "甲", "取数": "问题发现率"}), GROUP)
    assert by_key.columns == by_name.columns


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"取数": "罚款总额"}, "layout_source_unknown"),
        ({"标题": ""}, "layout_text_missing"),
        ({"标题": "长" * 61}, "layout_text_missing"),
        ({"宽": "宽"}, "layout_width_wrong"),
        ({"宽": 2}, "layout_width_wrong"),
        ({"宽": True}, "layout_width_wrong"),
        ({"宽": float("nan")}, "layout_width_wrong"),
        ({"颜色": "红"}, "layout_key_unknown"),
        ({"合计": "求和"}, "layout_sum_wrong"),
        ({"合计": "平均"}, "layout_word_wrong"),
        ({"单位": "户"}, "layout_unit_wrong"),
    ],
)
def test_a_faulty_column_is_named_by_its_place(change, code):
    assert faults(layout(COLUMN, COLUMN | change)) == [(code, "第 2 栏")]


def test_r80_a_column_cannot_restate_visits_as_households():
    assert faults(layout({"标题": "户数", "取数": "检查户次", "单位": "户"})) == [
        ("layout_unit_wrong", "第 1 栏")
    ]


@pytest.mark.parametrize("name", [key for key, measure in MEASURES.items() if measure.unit == Unit.PERCENT])
def test_r80_no_rate_is_ever_added_up(name):
    assert faults(layout({"标题": "率", "取数": name, "合计": "求和"})) == [("layout_sum_wrong", "第 1 栏")]
    assert not read_layout(layout({"标题": "率", "取数": name}), GROUP).columns[0].summed


def test_every_fault_is_said_at_once():
    data = layout(
        {"标题": "", "取数": "无"}, {"标题": "乙", "取数": "名称", "宽": 999}, 栏次="或许", 页脚="x"
    )
    assert [code for code, _ in faults(data)] == [
        "layout_key_unknown",
        "layout_text_missing",
        "layout_source_unknown",
        "layout_width_wrong",
        "layout_word_wrong",
    ]


@pytest.mark.parametrize("data", [None, "表名", [], 5, {"栏目": "x"}, {"栏目": []}, {"栏目": [COLUMN] * 61}])
def test_what_is_no_layout_is_refused(data):
    assert faults(data)


def test_a_chart_compares_columns_of_the_form_only():
    form = read_layout(layout(COLUMN, {"标题": "甲", "取数": "抽查户数"}, 图表=["抽查户数"]), GROUP)
    assert form.chart == ("drawn",)
    assert faults(layout(COLUMN, 图表=["抽查户数"])) == [("layout_source_unknown", "图表")]


def test_measures_are_offered_only_where_rows_have_a_tally():
    assert ROW_KINDS["penalties"].find("抽查户数") is None
    assert ROW_KINDS["summary"].find("抽查户数") is MEASURES["drawn"]


def test_no_name_stands_for_two_figures():
    names = [measure.name for measure in MEASURES.values()]
    assert len(names) == len(set(names))
    for kind in ROW_KINDS.values():
        assert not kind.has_tally or not set(kind.fields) & {*names, *MEASURES}


def test_every_figure_of_every_row_kind_says_unit_meaning_and_rule():
    for kind in ROW_KINDS.values():
        for field in kind.fields.values():
            if field.kind in (Kind.COUNT, Kind.AMOUNT, Kind.PERCENT):
                assert field.unit, field.name
                assert field.counts, field.name
                assert field.rule.startswith("R"), field.name


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["标题", "取数", "宽", "栏目", "单位", "合计", "说明", "图表"]), inner, max_size=5
        )
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(JSON)
def test_whatever_is_uploaded_is_a_form_or_a_list_of_faults(data):
    with suppress(LayoutBroken):
        assert read_layout(data, GROUP).columns
