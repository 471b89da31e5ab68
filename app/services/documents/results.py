"""行政检查结果告知书 (R61, R72)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.documents import ResultFacts, ResultLine
from app.domain.documents.wording import one_line, written_date
from app.domain.measures import CHINA
from app.domain.vocabulary import DisclosureKind, Disposal, DocumentKind, FindingState
from app.models import Disclosure, ItemFinding, Visit
from app.services.documents.drafts import (
    DocumentNotReady,
    Draft,
    about_visit,
    builds,
    contact_of,
    heading,
    lead_agency,
    ordered,
    remedies_of,
)
from app.services.transaction import fetch

REVIEWED = (FindingState.REVIEWED, FindingState.DISCLOSED)
OBJECTION = (
    "对检查结果有异议的，可以在收到本告知书后书面向本机关提出，说明理由并附有关证据，本机关将予以核实答复。"
)


@builds(DocumentKind.RESULT)
def results_of(session: Session, visit_id: int, now: datetime) -> Draft:
    """What the enterprise is told of its visit, once every item was reviewed. Raises DocumentNotReady."""
    visit = fetch(session, Visit, visit_id)
    if any(finding.state not in REVIEWED for finding in visit.findings):
        raise DocumentNotReady(document=DocumentKind.RESULT, what=FindingState.REVIEWED)
    agency = lead_agency(visit)
    facts = ResultFacts(
        **heading(agency, now),
        **about_visit(session, visit),
        **contact_of(agency),
        **remedies_of(agency),
        checked_on=written_date(visit.done_on),
        items=tuple(_line(ordinal, finding) for ordinal, finding in enumerate(ordered(visit.findings), 1)),
        channels=f"{agency.name}门户网站、国家企业信用信息公示系统",
        disclosed_on=_disclosed_on(session, visit),
        objection=OBJECTION,
    )
    return Draft(visit, agency, facts)


def _line(ordinal: int, finding: ItemFinding) -> ResultLine:
    latest = finding.latest
    assert latest is not None
    disposals = sorted(row.code for row in latest.disposals if row.code != Disposal.NONE_NEEDED)
    return ResultLine(
        ordinal=str(ordinal),
        name=finding.task_item.version.name,
        agency=finding.agency.short_name,
        results=one_line((row.code.label for row in sorted(latest.results, key=lambda row: row.code)), "；"),
        problem=latest.problem or "无",
        demand=one_line((code.label for code in disposals), "；") or "无",
    )


def _disclosed_on(session: Session, visit: Visit) -> str:
    published = session.scalar(
        select(Disclosure.published_at)
        .where(Disclosure.kind == DisclosureKind.RESULT, Disclosure.subject_id == visit.id)
        .order_by(Disclosure.published_at)
        .limit(1)
    )
    if published is not None:
        return written_date(published.astimezone(CHINA).date())
    return f"{written_date(visit.disclose_by)}前" if visit.disclose_by else "法定期限内"
