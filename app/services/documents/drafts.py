"""What a document would say today: the parts that all share, and who builds which kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.domain import policy
from app.domain.documents import Head, Item, Person
from app.domain.documents.wording import formal_date, spelled, written_date
from app.domain.errors import DomainError
from app.domain.measures import CHINA
from app.domain.vocabulary import DocumentKind, SpecialOrigin, TaskSource
from app.models import Agency, ItemFinding, Visit
from app.services.frequency import acts_of, cap_of

FEWEST_INSPECTORS = 2
ROOM = "　　　　　　"
"""Room to write by hand what the agency has not entered."""


class DocumentNotReady(DomainError):
    """What the document states has not happened yet; params document, what."""

    code = "document_not_ready"


class NoSuchPaper(DomainError):
    """There is no such kind of document, or nobody builds it."""

    code = "no_such_paper"


class TooFewNamed(DomainError):
    """A document names at least two inspectors with valid certificates (R17); param visit."""

    code = "too_few_named"


@dataclass(frozen=True, slots=True)
class Draft:
    """A document before it has a number."""

    visit: Visit
    agency: Agency
    facts: Head


Builder = Callable[[Session, int, datetime], Draft]
VisitOf = Callable[[Session, int], int]


@dataclass(frozen=True, slots=True)
class Maker:
    """Who builds a kind of document, and how the visit is found from its subject."""

    build: Builder
    visit_of: VisitOf


BUILDERS: dict[DocumentKind, Maker] = {}


def builds(
    kind: DocumentKind, visit_of: VisitOf = lambda _session, subject: subject
) -> Callable[[Builder], Builder]:
    """Register the function below as the builder of this kind; its subject is a visit unless said otherwise."""

    def register(build: Builder) -> Builder:
        BUILDERS[kind] = Maker(build, visit_of)
        return build

    return register


def heading(agency: Agency, now: datetime) -> dict[str, Any]:
    """What stands on every document; the number comes when it is issued."""
    today = now.astimezone(CHINA).date()
    return {
        "number": "",
        "agency": agency.name,
        "issued_on": written_date(today),
        "formal_day": formal_date(today),
    }


def about_enterprise(visit: Visit) -> dict[str, Any]:
    """Name, code and address of the enterprise."""
    firm = visit.enterprise
    return {"enterprise": firm.name, "identifier": firm.identifier, "address": firm.address or ""}


def about_visit(session: Session, visit: Visit) -> dict[str, Any]:
    """Enterprise, task, team and frequency of a visit. Raises TooFewNamed."""
    return {
        **about_enterprise(visit),
        "visit_number": visit.number,
        "task_number": visit.task.number,
        "task_name": visit.task.name,
        "people": people_of(visit),
        "frequency": frequency_of(session, visit),
    }


def people_of(visit: Visit) -> tuple[Person, ...]:
    """The team with certificates valid on the day of the visit, lead first. Raises TooFewNamed (R17)."""
    on = visit.done_on or visit.planned_on
    people = tuple(
        Person(
            name=member.inspector.name,
            certificate=certificate_of(member.inspector, on),
            agency=member.inspector.agency.short_name,
            role="组长" if member.is_lead else "组员",
        )
        for member in visit.team
    )
    if sum(bool(person.certificate) for person in people) < FEWEST_INSPECTORS:
        raise TooFewNamed(visit=visit.number)
    return people


def certificate_of(inspector: Any, on: date) -> str:
    """The number of the certificate valid on that day, "" without one."""
    valid = (
        paper.number
        for paper in inspector.certificates
        if not paper.is_suspended and paper.valid_from <= on <= paper.valid_to
    )
    return next(valid, "")


def frequency_of(session: Session, visit: Visit) -> str:
    """本年度第 n 次／上限 m: as the head approved it, else as the records stand (R36)."""
    agency = lead_agency(visit)
    for approval in visit.approvals:
        if approval.agency_id == agency.id and approval.act_number is not None:
            return frequency_words(approval.act_number, approval.cap)
    on = visit.done_on or visit.planned_on
    acts = acts_of(session, [visit.enterprise_id], on.year, without=visit.id)
    number = acts[visit.enterprise_id, agency.id].number_with(on)
    return frequency_words(number, cap_of(session, agency.id, on.year).yearly)


def frequency_words(number: int, cap: int | None) -> str:
    """The frequency as approval form and notice state it."""
    return f"本年度第{number}次／上限{cap}次" if cap else f"本年度第{number}次"


def contact_of(agency: Agency) -> dict[str, Any]:
    """Whom to ask and where to complain."""
    return {
        "contact": agency.contact or ROOM,
        "phone": agency.phone or ROOM,
        "oversight_phone": agency.oversight_phone or ROOM,
    }


def remedies_of(agency: Agency) -> dict[str, Any]:
    """Reconsideration and litigation against what the agency decides (R72)."""
    return {
        "reconsideration_days": f"{spelled(policy.REMEDY.reconsideration_days)}日",
        "reconsideration_body": agency.review_authority or "本级人民政府",
        "litigation_months": f"{spelled(policy.REMEDY.litigation_months)}个月",
        "court": agency.court or "有管辖权的人民法院",
    }


def items_of(findings: Sequence[ItemFinding]) -> tuple[Item, ...]:
    """The items of a visit as told beforehand, all of them (R41)."""
    return tuple(
        Item(
            ordinal=str(ordinal),
            code=finding.task_item.code,
            name=finding.task_item.version.name,
            content=finding.task_item.version.content,
            basis=bases_of(finding),
            agency=finding.agency.short_name,
        )
        for ordinal, finding in enumerate(ordered(findings), 1)
    )


def ordered(findings: Sequence[ItemFinding]) -> list[ItemFinding]:
    """The findings by department and item."""
    return sorted(findings, key=lambda finding: (finding.agency_id, finding.id))


def bases_of(finding: ItemFinding) -> str:
    """The legal bases of an item."""
    return "、".join(str(basis) for basis in finding.task_item.version.bases)


def source_of(visit: Visit) -> TaskSource:
    """任务来源 of a visit (R34, R39)."""
    task = visit.task
    if task.trigger is not None:
        source: TaskSource = task.trigger.source
        return source
    if task.special is not None:
        is_own = task.special.origin == SpecialOrigin.OWN
        return TaskSource.OWN_SPECIAL if is_own else TaskSource.SUPERIOR
    return TaskSource.ANNUAL_PLAN


def lead_agency(visit: Visit) -> Agency:
    """The agency in whose name the papers of a visit go out."""
    agency: Agency = visit.task.lead_agency
    return agency
