"""What is counted: the same steps in three units that are never derived from one another (R80)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import TypeVar

from app.domain.vocabulary import Disposal, ResultCode, Term

Z95 = 1.959963984540054


class Unit(Term):
    """计量单位: households, visits and item findings are three measures (R80)."""

    HOUSEHOLD = "household", "户", "Enterprises"
    VISIT = "visit", "户次", "Visits"
    FINDING = "finding", "件", "Item findings"
    TURN = "turn", "人次", "Inspector turns"
    PERSON = "person", "人", "Persons"
    TASK = "task", "个", "Tasks"
    ITEM = "item", "项", "Items"
    TIME = "time", "次", "Times"
    CASE = "case", "宗", "Decisions"
    YUAN = "yuan", "万元", "Ten thousand yuan"
    YEARLY = "yearly", "次/年", "Times a year"
    PERCENT = "percent", "%", "Per cent"


@dataclass(frozen=True, slots=True)
class Count:
    """How many of one unit were drawn and how far they have come; each step is part of `total`."""

    total: int = 0
    """Drawn; whoever was deregistered or moved away afterwards stays in (R33)."""
    checked: int = 0
    """At least one of its items has a record."""
    disclosed: int = 0
    """The results of all its items are disclosed and none is withdrawn."""
    closed: int = 0
    """Disclosed, and the follow-up of all its items has ended."""
    problem: int = 0
    """At least one of its items has a result code that says a problem was found."""

    @property
    def unchecked(self) -> int:
        """未检查."""
        return self.total - self.checked

    @property
    def undisclosed(self) -> int:
        """未公示."""
        return self.total - self.disclosed

    @property
    def awaiting(self) -> int:
        """已检查未公示 (R77)."""
        return self.checked - self.disclosed


@dataclass(frozen=True, slots=True)
class Conduct:
    """How the visits were made; all in 户次."""

    joint: int = 0
    """Visits of joint tasks."""
    off_site: int = 0
    """Checked visits of which no item was checked on site (R48)."""
    due: int = 0
    """Visits whose disclosure deadline has passed, or that are disclosed already (R54)."""
    on_time: int = 0
    """Of those due: disclosed on or before the deadline."""
    overdue: int = 0
    """Of those due: not disclosed yet."""
    on_site: int = 0
    """Checked visits of which at least one item was checked on site (R48)."""
    joint_on_site: int = 0
    """Of those on site: visits of joint tasks (R75)."""
    shared: int = 0
    """Visits in which items of at least two departments were checked at once (一次完成, art. 8)."""
    saved: int = 0
    """Visits that joining spared: in every shared visit one for each department but the host (R75)."""
    external: int = 0
    """Visits of tasks that the other platform has drawn (R76)."""
    withdrawn: int = 0
    """Drawn visits of a joint task from which a department has withdrawn with an item not checked (R73)."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Everything that is counted about one group of drawn targets."""

    households: Count = Count()
    visits: Count = Count()
    findings: Count = Count()
    conduct: Conduct = Conduct()
    results: Mapping[str, int] = field(default_factory=dict)
    """Households by key of RESULT_GROUPS; one household counts once per key."""
    disposals: Mapping[str, int] = field(default_factory=dict)
    """Households by value of Disposal; one household counts once per value."""

    @property
    def separate_visits(self) -> int:
        """分别检查所需户次: the checked visits and those that joining has spared (R75)."""
        return self.visits.checked + self.conduct.saved


C = TypeVar("C", Count, Conduct)


def added(tallies: Iterable[Tally]) -> Tally:
    """The tally of several groups of which no household lies in two; codes are not carried over (R80)."""
    parts = list(tallies)
    return Tally(
        _sum(Count, [part.households for part in parts]),
        _sum(Count, [part.visits for part in parts]),
        _sum(Count, [part.findings for part in parts]),
        _sum(Conduct, [part.conduct for part in parts]),
    )


def _sum(kind: type[C], parts: list[C]) -> C:
    return kind(*(sum(getattr(part, field.name) for part in parts) for field in fields(kind)))


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, both in the same unit."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """part ÷ whole; None when the whole is nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval of the rate, for small numbers (R88); None when the whole is nothing."""
        if not self.whole:
            return None
        rate, spread = self.part / self.whole, Z95 * Z95 / self.whole
        middle = (rate + spread / 2) / (1 + spread)
        reach = Z95 / (1 + spread) * math.sqrt(rate * (1 - rate) / self.whole + spread / (4 * self.whole))
        return max(0.0, middle - reach), min(1.0, middle + reach)


@dataclass(frozen=True, slots=True)
class CodeGroup:
    """One column of a form that counts households with any of these codes."""

    name: str
    codes: frozenset[Term]


def _group(name: str, *codes: Term) -> CodeGroup:
    return CodeGroup(name, frozenset(codes))


_OWN = (
    ResultCode.VIOLATION_OWN,
    ResultCode.NOT_PUBLICISED,
    ResultCode.FALSE_PUBLICITY,
    ResultCode.VIOLATION_DETAIL,
)
_FOREIGN = (ResultCode.VIOLATION_OTHER, ResultCode.VIOLATION_POLICE)

RESULT_GROUPS: Mapping[str, CodeGroup] = {
    "no_issue": _group("未发现问题", ResultCode.NO_ISSUE),
    "corrected": _group("发现问题已责令改正", ResultCode.CORRECTED),
    "not_engaged": _group("未发现开展本次抽查涉及的经营活动", ResultCode.NOT_ENGAGED),
    "closed": _group("已关闭停业或正在组织清算", ResultCode.CLOSED),
    "uncooperative": _group("不配合检查情节严重", ResultCode.UNCOOPERATIVE),
    "gone": _group(
        "迁移、注销等其他情况",
        ResultCode.DEREGISTERED,
        ResultCode.LICENCE_REVOKED,
        ResultCode.RESCINDED,
        ResultCode.MOVED_OUT,
    ),
    "pending": _group(
        "发现问题待后续处理",
        ResultCode.PENDING,
        *_OWN,
        ResultCode.UNREACHABLE,
        ResultCode.VIOLATION_FOOD_DRUG,
        ResultCode.VIOLATION_QUALITY,
        *_FOREIGN,
    ),
    "own": _group("违反商务管理相关规定", *_OWN),
    "not_publicised": _group("未按规定公示应当公示的信息", ResultCode.NOT_PUBLICISED),
    "false_publicity": _group("公示信息隐瞒真实情况、弄虚作假", ResultCode.FALSE_PUBLICITY),
    "unreachable": _group("通过登记的住所（经营场所）无法联系", ResultCode.UNREACHABLE),
    "own_other": _group("违反其他商务管理规定", ResultCode.VIOLATION_DETAIL),
    "food_drug": _group("违反食品药品管理相关规定", ResultCode.VIOLATION_FOOD_DRUG),
    "quality": _group("违反质量技术监督相关规定", ResultCode.VIOLATION_QUALITY),
    "foreign": _group("违反其他部门相关规定", *_FOREIGN),
}
"""检查结果 columns of the work form (F1); a parent column contains its children's codes (R53)."""

DISPOSAL_GROUPS: Mapping[str, CodeGroup] = {
    term.value: CodeGroup(term.label, frozenset({term})) for term in Disposal
}
"""后续处置 columns of the work form (R65)."""
