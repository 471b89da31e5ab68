"""Word templates come from users: they may name fields, repeat and choose, and nothing else runs."""

import io
import os
import zipfile
from pathlib import Path

import docx
import pytest

from app.domain.documents import FACTS, sample_of, values_of
from app.reports.documents.check import LARGEST, NoWordFile, TemplateTooLarge, require_template
from app.reports.documents.fill import fill
from app.reports.documents.layout import misfits
from app.reports.documents.layouts import LAYOUTS
from app.reports.documents.pdf import print_pages
from app.reports.documents.sandbox import PlaceholderUnknown, Sealed, TemplateBroken, TemplateForbidden
from app.reports.documents.word import write
from tests.builders_documents import filled, pdf_text, word_file, word_text

SAMPLE = {"机关": "长春市商务局", "检查事项": [{"名称": "甲"}, {"名称": "乙"}], "空": []}

ATTACKS = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ 机关.__class__ }}",
    "{{ 机关['__class__'] }}",
    "{{ 机关|attr('__class__') }}",
    "{{ 检查事项.append('x') }}",
    "{{ 机关.upper() }}",
    "{{ 机关.format(机关) }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ self.__init__ }}",
    "{{ '龘' * 1000000000 }}",
    "{% for 数 in range(1000000000) %}{% endfor %}",
    "{% set 机关 = 1 %}",
    "{% import 'os' as 系统 %}",
    "{% include '/etc/passwd' %}",
    "{% macro 宏() %}{% endmacro %}",
    "{{ loop.__class__ }}",
    "{{ 机关|replace('a', 'b') }}",
    "{{ [机关] }}",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_template_runs_code(attack):
    with pytest.raises((TemplateForbidden, PlaceholderUnknown, TemplateBroken)):
        fill(word_file(attack), SAMPLE, lambda _digest: None)


@pytest.mark.parametrize(
    "attack", ["{{ 机关.upper() }}", "{{ 机关.__class__ }}", "{{ 检查事项.append(机关) }}"]
)
def test_the_sandbox_refuses_even_what_the_list_would_let_through(attack):
    with pytest.raises(Exception, match=r"not safely callable|no attribute"):
        Sealed().from_string(attack).render(SAMPLE)


def test_loops_within_loops_are_bounded():
    deep = "".join(f"{{% for 项{n} in 检查事项 %}}" for n in range(5)) + "{% endfor %}" * 5
    with pytest.raises(TemplateForbidden):
        filled(deep, **SAMPLE)


def test_a_template_names_fields_repeats_and_chooses():
    text = filled(
        "{{ 机关 }}",
        "{% for 项 in 检查事项 %}{{ loop.index }}.{{ 项.名称 }}；{% endfor %}",
        "{% if 空 %}有{% else %}无{% endif %}",
        **SAMPLE,
    )
    assert text.split("\n") == ["长春市商务局", "1.甲；2.乙；", "无"]


def test_a_field_that_the_document_lacks_is_named():
    with pytest.raises(PlaceholderUnknown) as caught:
        filled("{{ 风险等级 }}", **SAMPLE)
    assert caught.value.params["name"] == "风险等级"
    with pytest.raises(PlaceholderUnknown):
        filled("{% for 项 in 检查事项 %}{{ 项.价格 }}{% endfor %}", **SAMPLE)


@pytest.mark.parametrize("broken", ["{{ 机关", "{% for 项 in 检查事项 %}", "{% if %}"])
def test_a_placeholder_that_cannot_be_read_is_refused(broken):
    with pytest.raises(TemplateBroken):
        filled(broken, **SAMPLE)


@pytest.mark.parametrize(
    "value", ["<w:p/>", "{{ 7*7 }}", "{% raw %}", "甲&乙<丙>", "a\x00b\x0b", "一\n二", "]]>", "{_{机关}_}"]
)
def test_what_the_records_say_is_printed_and_never_read(value):
    shown = filled("前{{ 机关 }}后", 机关=value)
    assert shown.startswith("前")
    assert shown.endswith("后")
    assert "49" not in shown
    assert shown.count("长春市商务局") == 0


def with_part(name, content):
    out = io.BytesIO(word_file("{{ 机关 }}"))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("word/vbaProject.bin", b"macro"),
        ("word/embeddings/oleObject1.bin", b"object"),
        ("word/extra.xml", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'),
        (
            "word/_rels/extra.xml.rels",
            b'<Relationship Type="x/image" Target="http://a/" TargetMode="External"/>',
        ),
        ("word/footnotes.xml", b"<x>{{ 7 }}</x>"),
    ],
)
def test_a_template_holds_nothing_foreign(name, content):
    with pytest.raises(TemplateForbidden):
        require_template(with_part(name, content), SAMPLE)


def test_properties_are_no_place_for_placeholders():
    with pytest.raises(TemplateForbidden):
        require_template(word_file("{{ 机关 }}", author="{{ 机关 }}"), SAMPLE)


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * (41 << 20))
    return out.getvalue()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7", word_file("x")[:900]])
def test_what_is_no_word_file_is_refused(content):
    with pytest.raises(NoWordFile):
        require_template(content, SAMPLE)


@pytest.mark.parametrize("content", [b"0" * (LARGEST + 1), bomb()], ids=["long", "bomb"])
def test_what_is_too_large_is_refused(content):
    with pytest.raises(TemplateTooLarge):
        require_template(content, SAMPLE)


@pytest.mark.parametrize("kind", LAYOUTS)
def test_every_layout_of_ours_passes_as_a_template(kind):
    template = write(LAYOUTS[kind])
    assert misfits(LAYOUTS[kind]) == []
    values = values_of(sample_of(FACTS[kind]))
    assert fill(template, values, lambda _digest: None) == require_template(template, values)


NEEDED = {
    "approval": "文号 被检查单位 统一社会信用代码 任务来源 检查类型 检查方式 频次 协助人员 检查时间 检查地点 检查方案"
    " 承办意见 承办人 承办日期 审批意见 审批人 审批日期 备案号 合并情况 非现场说明 紧急情况",
    "notice": "文号 机关 被检查单位 统一社会信用代码 任务编号 法律依据 检查时间 检查地点 检查方式 频次 联系人 联系电话"
    " 监督电话 备案号 日期",
    "record": "文号 对象类型 被检查单位 统一社会信用代码 住所 负责人 企业联系人 任务来源 任务编号 机关 检查时间 检查地点"
    " 现场负责人 亮证告知 频次 音像记录 被检查单位意见 拒签情况 见证人",
    "result": "文号 机关 被检查单位 统一社会信用代码 检查日期 公示渠道 公示日期 异议途径 复议期限 复议机关 诉讼期限"
    " 诉讼法院 联系人 联系电话 日期",
    "rectification": "文号 机关 被检查单位 统一社会信用代码 住所 违法事实 违反条款 改正依据 改正内容 改正期限 逾期后果 证据"
    " 复议期限 复议机关 诉讼期限 诉讼法院 日期",
    "agency_notice": "文号 机关 接收部门 被检查单位 统一社会信用代码 住所 线索 依据 商请事项 反馈期限 经办人 联系电话 日期",
    "transfer": "文号 机关 接收部门 被检查单位 统一社会信用代码 案由 线索 专案人员 批准情况 依据 移送时间 涉案物品 检验鉴定"
    " 反馈期限 接收回执 经办人 日期",
    "delivery": "文号 机关 被检查单位 送达文书 送达文书文号 送达地点 送达方式 送达日期 送达人 收件人 代收关系 拒收事由"
    " 见证人 备注 日期",
    "cover": "机关 题名 档号 被检查单位 保管期限 密级 起始日期 终止日期 件数 页数 保管期限依据",
    "index": "档号 题名",
    "file_note": "题名 档号 件数 页数 本卷情况 缺损情况 清单摘要 立卷人 检查人 立卷日期",
}
LISTED = {
    "approval": "检查事项.编码 检查事项.名称 检查事项.依据 人员.姓名 人员.执法证号",
    "notice": "检查事项.编码 检查事项.名称 检查事项.内容 检查事项.依据 人员.姓名 人员.执法证号",
    "record": "检查事项.名称 检查事项.检查方式 检查事项.检查结果 检查事项.发现问题 检查事项.处置情况 检查事项.是否完结"
    " 检查事项.完结日期 检查事项.检查日期 检查事项.录入人 检查事项.录入日期 人员.姓名 人员.执法证号",
    "result": "检查事项.名称 检查事项.部门 检查事项.检查结果 检查事项.问题 检查事项.要求 人员.姓名 人员.执法证号",
    "rectification": "人员.姓名 人员.执法证号",
    "agency_notice": "证据材料.序号 证据材料.名称 证据材料.数量 人员.姓名 人员.执法证号",
    "transfer": "证据材料.序号 证据材料.名称 证据材料.数量",
    "index": "目录.序号 目录.文号 目录.责任者 目录.题名 目录.日期 目录.页号 目录.备注",
}


@pytest.mark.parametrize("kind", LAYOUTS)
def test_R17_R41_R49_R72_every_layout_prints_the_fields_its_document_must_have(kind):
    values = values_of(sample_of(FACTS[kind]))
    marked = {name: f"〔{name}〕" for name in NEEDED[kind].split()}
    for path in LISTED.get(kind, "").split():
        name, part = path.split(".")
        values[name] = [row | {part: f"〔{path}〕"} for row in values[name]]
    text = word_text(fill(write(LAYOUTS[kind]), values | marked, lambda _digest: None))
    expected = [*marked.values(), *(f"〔{path}〕" for path in LISTED.get(kind, "").split())]
    assert set(marked) <= set(values)
    assert [mark for mark in expected if mark not in text] == []


GOLDEN = Path(__file__).parents[1] / "golden" / "documents"


@pytest.mark.parametrize("kind", LAYOUTS)
def test_every_document_reads_as_the_kept_one(kind):
    """`UPDATE_GOLDEN=1` writes the kept ones anew; read them before they are committed."""
    word = fill(write(LAYOUTS[kind]), values_of(sample_of(FACTS[kind])), lambda _digest: None)
    path, text = GOLDEN / f"{kind.value}.txt", word_text(word) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text)
    assert text == path.read_text()
    pdf, pages = print_pages(word)
    assert pages <= 2
    printed = pdf_text(pdf)
    parts = (part for line in text.split("\n") for part in line.replace("⏎", " | ").split(" | "))
    assert [part for part in parts if "".join(part.split()) not in printed] == []


ORDER = ["tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook"]


@pytest.mark.parametrize("kind", LAYOUTS)
def test_the_properties_of_a_table_stand_in_the_order_that_word_asks_for(kind):
    for table in docx.Document(io.BytesIO(write(LAYOUTS[kind]))).tables:
        names = [element.tag.rpartition("}")[2] for element in table._tbl.tblPr]
        assert names == [name for name in ORDER if name in names]
