"""分类名录 named in files: known ones found, new ones created, other labels translated."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import TargetCategory
from app.services.roster_import.faults import RowRefused
from app.services.roster_import.record import LONGEST_NAME, names_in

_SYNONYMS = {
    "新车销售": ("汽车销售",),
    "成品油": ("成品油零售",),
    "二手车": ("二手车流通",),
    "报废汽车回收": ("报废机动车回收",),
    "家政服务": ("家庭服务",),
    "商业特许/连锁": ("商业特许经营",),
    "对外劳务/外贸": ("对外劳务合作",),
    "百货超市(预付卡潜在)": ("大型零售", "单用途商业预付卡"),
    "餐饮住宿(预付卡潜在)": ("餐饮", "单用途商业预付卡"),
}
"""Labels of other lists; one that is known to name two of our categories gives both."""


class Categories:
    """The target categories by name; a new name becomes a category with the next free code."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._ids = dict(session.execute(select(TargetCategory.name, TargetCategory.id)).all())
        self._texts: dict[str, tuple[int, ...]] = {}

    def ids(self, text: str) -> tuple[int, ...]:
        """The categories that a cell names. Raises RowRefused when a new name is too long."""
        found = self._texts.get(text)
        if found is None:
            names = [name for label in names_in(text) for name in _SYNONYMS.get(label, (label,))]
            found = self._texts[text] = tuple(dict.fromkeys(map(self._id, names)))
        return found

    def _id(self, name: str) -> int:
        found = self._ids.get(name)
        if found is None:
            if len(name) > LONGEST_NAME:
                raise RowRefused("row_category_too_long", limit=LONGEST_NAME, length=len(name))
            codes = self._session.scalars(select(TargetCategory.code))
            category = TargetCategory(code=next_code("C", codes), name=name)
            self._session.add(category)
            self._session.flush()
            found = self._ids[name] = category.id
        return found


def next_code(prefix: str, codes: Iterable[str]) -> str:
    """The first code after the highest of the form prefix and number."""
    pattern = re.compile(rf"{prefix}(\d+)")
    numbers = [int(found[1]) for code in codes if (found := pattern.fullmatch(code))]
    return f"{prefix}{max(numbers, default=0) + 1:02d}"
