"""A city to match in: sub-districts, specialties, leads, invalid certificates, recusals; drawn by the services."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from app.domain.vocabulary import (
    CertificateKind,
    EntityStatus,
    IdentifierKind,
    MembershipSource,
    RecusalKind,
    RecusalState,
)
from app.extensions import db
from app.models import (
    Agency,
    CategoryMembership,
    EnforcementCertificate,
    Enterprise,
    Inspector,
    Recusal,
    Region,
)
from app.models.inspector import inspector_expertise
from tests.bench.town import insert_rows, settle, town
from tests.builders import make_category, make_expertise, make_item

SPECIALTIES = ("特种设备", "财务审计", "食品安全")
STARTS, LATE, EXPIRED = date(2024, 1, 1), date(2030, 1, 1), date(2026, 4, 30)

Row = dict[str, object]


@dataclass(frozen=True)
class Size:
    """How large a match is; `cap` is the smallest with which it can still be staffed."""

    targets: int
    staff: int
    areas: int
    cap: int

    def specialty(self, target: int) -> int:
        """What the target asks for."""
        return target // self.areas % len(SPECIALTIES)

    def posts(self, person: int) -> tuple[int, int]:
        """The sub-district of an inspector and the next one; the list of staff runs through all in turn."""
        own = person * self.areas // self.staff
        return own, (own + 1) % self.areas


def area_code(place: int) -> str:
    """The administrative code of a sub-district."""
    return f"220104{1 + place:03d}"


def build(path: Path, size: Size) -> None:
    """A new database whose task is drawn and waits for its match; runs in a child."""
    with town(path) as app:
        people = settle(app)
        insert_rows(
            Region,
            (
                {"code": area_code(place), "name": f"街道{place}", "level": "街道"}
                for place in range(size.areas)
            ),
        )
        items = [
            make_item(f"XC-{n:02d}", category=name, expertise=[name]) for n, name in enumerate(SPECIALTIES, 1)
        ]
        people.publish_items()
        insert_rows(Enterprise, _enterprises(size))
        insert_rows(CategoryMembership, _memberships(size))
        _settle_staff(size)
        task = people.task(items, ppm=1_000_000)
        people.freeze(task)
        people.seed(task)
        people.draw(task)


def _enterprises(size: Size) -> Iterator[Row]:
    for place in range(size.targets):
        yield {
            "identifier": f"912201{place:011d}X",
            "identifier_kind": IdentifierKind.UNIFIED,
            "name": f"长春市样例{place}有限公司",
            "status": EntityStatus.EXISTING,
            "territory_code": area_code(place % size.areas),
        }


def _memberships(size: Size) -> Iterator[Row]:
    categories = [make_category(name).id for name in SPECIALTIES]
    for place, key in enumerate(db.session.scalars(select(Enterprise.id).order_by(Enterprise.identifier))):
        category = categories[size.specialty(place)]
        yield {"enterprise_id": key, "category_id": category, "source": MembershipSource.FILE}


def _settle_staff(size: Size) -> None:
    agency = db.session.scalar(select(Agency.id).where(Agency.code == "A01"))
    insert_rows(Inspector, (_inspector(size, agency, place) for place in range(size.staff)))
    keys = list(db.session.scalars(select(Inspector.id).order_by(Inspector.staff_no)))
    insert_rows(EnforcementCertificate, _certificates(size, keys))
    skills = [make_expertise(name).id for name in SPECIALTIES]
    insert_rows(inspector_expertise, _skills(size, keys, skills))
    insert_rows(Recusal, _recusals(size, keys))


def _inspector(size: Size, agency: int, place: int) -> Row:
    """Two in five may lead."""
    return {
        "staff_no": f"J{place:05d}",
        "name": f"样员{place}",
        "agency_id": agency,
        "may_lead": place % 5 < 2,
        "yearly_cap": size.cap,
    }


def _certificates(size: Size, keys: list[int]) -> Iterator[Row]:
    """Everybody may work in two sub-districts; those of one in twenty have expired by the visit."""
    for place, key in enumerate(keys):
        for number, area in enumerate(size.posts(place)):
            yield {
                "inspector_id": key,
                "number": f"吉A{place:06d}-{number}",
                "kind": CertificateKind.PROVINCIAL,
                "area_code": area_code(area),
                "valid_from": STARTS,
                "valid_to": EXPIRED if place % 20 == 7 else LATE,
            }


def _skills(size: Size, keys: list[int], skills: list[int]) -> Iterator[Row]:
    for place, key in enumerate(keys):
        for number, skill in enumerate(skills):
            if number != place % len(SPECIALTIES):
                yield {"inspector_id": key, "expertise_id": skill}


def _recusals(size: Size, keys: list[int]) -> Iterator[Row]:
    """One in two hundred pairs of the same sub-district."""
    posted = [
        [key for place, key in enumerate(keys) if area in size.posts(place)] for area in range(size.areas)
    ]
    enterprises = list(db.session.scalars(select(Enterprise.id).order_by(Enterprise.identifier)))
    for target, enterprise in enumerate(enterprises):
        for turn, person in enumerate(posted[target % size.areas]):
            if (target * 31 + turn * 17) % 200 == 0:
                yield {
                    "inspector_id": person,
                    "enterprise_id": enterprise,
                    "kind": RecusalKind.RELATION,
                    "state": RecusalState.GRANTED,
                }
