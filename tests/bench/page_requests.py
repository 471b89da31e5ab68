"""What readers of the roster ask for, in groups; every request differs, so that no answer is met twice."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

from sqlalchemy import select

from app.domain.vocabulary import EntityKind, EntityStatus, RiskClass
from app.extensions import db
from app.models import Enterprise
from tests.bench.town import DISTRICTS

EACH = 20
COMMON_WORDS = (
    "科技",
    "商贸",
    "餐饮",
    "有限公司",
    "汽车",
    "服务",
    "长春",
    "超市",
    "信息技术",
    "农民专业合作社",
)
RARE_WORDS = ("龘龘", "沐沐", "岚垚", "不在名录")
LISTED = "/enterprises/list/"


@dataclass(frozen=True)
class Ask:
    """One request: its address, and what is posted where it is a change."""

    url: str
    posted: dict[str, str] = field(default_factory=dict)


Groups = dict[str, list[Ask]]


def ours(rows: int) -> Groups:
    """The requests to the pages of the product."""
    chosen = _chosen(rows)
    terms = [term for row in chosen[:EACH] for term in _terms(row)] + [*COMMON_WORDS, *RARE_WORDS]
    return {
        "list": [Ask(f"{LISTED}?{urlencode(asked)}") for asked in _lists(rows)],
        "search in the list": [Ask(f"{LISTED}?{urlencode(asked)}") for asked in _searches(chosen, terms)],
        "search from anywhere": [Ask(f"/search/?{urlencode({'q': term})}") for term in terms],
        "options while typing": [
            Ask(f"/listings/lookup/enterprise?{urlencode({'q': term})}") for term in terms
        ],
        "detail": [Ask(f"/enterprises/show/{row.id}") for row in chosen],
        "edit: the form": [Ask(f"/enterprises/edit/{row.id}") for row in chosen],
        "edit: stored": [Ask(f"/enterprises/edit/{row.id}", _form(row)) for row in chosen],
    }


def stock(rows: int) -> Groups:
    """The same asked of the framework's own view of the same table."""
    chosen = _chosen(rows)
    view, path = "StockEnterpriseView", "/stock/list/"
    pages = [0, 1, 2, rows // 50, rows // 25 - 1]
    sorts = [
        {f"_oc_{view}": name, f"_od_{view}": way, f"page_{view}": page}
        for name in ("name", "identifier")
        for way in ("asc", "desc")
        for page in (0, rows // 50)
    ]
    words = [row.name[5:9] for row in chosen[:8]] + [*COMMON_WORDS, *RARE_WORDS]
    contains = next(filter_number for filter_number in (_contains_number(),))
    return {
        "list": [
            Ask(f"{path}?{urlencode(asked)}")
            for asked in [*({f"page_{view}": page} for page in pages), *sorts]
        ],
        "search in the list": [Ask(f"{path}?{urlencode({f'_flt_{contains}_name': word})}") for word in words],
    }


def _contains_number() -> int:
    from flask_appbuilder.models.sqla.filters import FilterContains
    from flask_appbuilder.models.sqla.interface import SQLAInterface

    interface = SQLAInterface(Enterprise, db.session)
    return [type(each) for each in interface.get_filters(["name"])._search_filters["name"]].index(
        FilterContains
    )


def _chosen(rows: int) -> list[Enterprise]:
    keys = random.Random(20261126).sample(range(1, rows + 1), EACH)
    return list(db.session.scalars(select(Enterprise).where(Enterprise.id.in_(keys)).order_by(Enterprise.id)))


def _terms(row: Enterprise) -> list[str]:
    name = row.name
    return [row.identifier, row.identifier[:14], name, name[2:8], name[-8:-4], (row.address or "")[9:18]]


def _searches(chosen: list[Enterprise], terms: list[str]) -> Iterator[dict[str, str]]:
    for term in terms:
        yield {"words": term}
    for row in chosen:
        yield {"located": (row.address or "")[9:16]}
    for word in COMMON_WORDS:
        yield {"words": word, "status": "existing"}
        yield {"words": word, "risk_class": "D"}
        yield {"words": word, "_oc_EnterpriseView": "name", "_od_EnterpriseView": "asc"}
    for initials in ("ccsmh", "kjyx", "yxgs", "zxq", "qczl", "mhq"):
        yield {"words": initials}


def _lists(rows: int) -> Iterator[dict[str, str]]:
    view = "EnterpriseView"
    yield {}
    for place in range(1, EACH):
        key = rows * place // EACH
        yield {f"after_{view}": str(key), f"page_{view}": str(key // 25)}
        yield {f"before_{view}": str(key)}
    yield {f"last_{view}": "1"}
    for page in (1, 10, 200, 399):
        yield {f"page_{view}": str(page)}
    for column in ("name", "identifier"):
        for way in ("asc", "desc"):
            order = {f"_oc_{view}": column, f"_od_{view}": way}
            yield order
            yield order | {f"after_{view}": str(rows // 3)}
            yield order | {"status": "existing"}
            yield order | {"territory_code": DISTRICTS[1]}
            yield order | {"territory_code": "220182"}
    yield from _filters()


def _filters() -> Iterator[dict[str, str]]:
    for status in EntityStatus:
        yield {"status": status.value}
        yield {"status": status.value, "territory_code": DISTRICTS[0]}
        for risk in RiskClass:
            yield {"status": status.value, "risk_class": risk.value}
    for risk in RiskClass:
        yield {"risk_class": risk.value}
        yield {"risk_class": risk.value, "territory_code": DISTRICTS[2]}
        yield {"risk_class": risk.value, "in_jurisdiction": "0"}
    for kind in EntityKind:
        yield {"kind": kind.value}
        yield {"kind": kind.value, "status": "moved_out", "risk_class": "A", "in_jurisdiction": "0"}
    for district in (*DISTRICTS, "220182"):
        yield {"territory_code": district}
        yield {"territory_code": district, "industry_guessed": "1", "territory_guessed": "1"}
    yield {"in_jurisdiction": "0"}
    yield {"territory_guessed": "1", "in_jurisdiction": "0"}


def _form(row: Enterprise) -> dict[str, str]:
    """The edit form with another address, as a clerk would send it."""
    names = [
        "name",
        "identifier",
        "identifier_kind",
        "kind",
        "entity_type",
        "status",
        "established_on",
        "registration_authority",
        "territory_code",
        "functional_zone",
        "industry_code",
        "business_scope",
        "risk_class",
        "risk_class_on",
    ]
    values = {name: _said(getattr(row, name)) for name in names}
    return {name: value for name, value in values.items() if value} | {"address": f"{row.address}甲"}


def _said(value: object) -> str:
    return "" if value is None else str(getattr(value, "value", value))
