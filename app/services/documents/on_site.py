"""现场检查记录（一企一表）from the recorded findings (R46–R51)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.domain.documents import CheckedItem, Point, RecordFacts, SignatureLine, stored_picture
from app.domain.documents.wording import (
    BLANK_DAY,
    OPEN,
    TICKED,
    one_line,
    ticked,
    written_date,
    written_moment,
)
from app.domain.measures import CHINA
from app.domain.vocabulary import (
    CheckMethod,
    Disposal,
    DocumentKind,
    EvidenceKind,
    MediaKind,
    ResultCode,
    SignerRole,
    Term,
)
from app.models import Attachment, FindingRecord, ItemFinding, Signature, Visit
from app.services.documents.drafts import (
    Draft,
    about_visit,
    bases_of,
    builds,
    heading,
    lead_agency,
    ordered,
    source_of,
)
from app.services.evidence import files_of, recorded_digest, signatures_of
from app.services.transaction import fetch


@builds(DocumentKind.RECORD)
def record_of(session: Session, visit_id: int, now: datetime) -> Draft:
    """The form of a visit: filled in as far as it was recorded, with room for the pen elsewhere."""
    visit = fetch(session, Visit, visit_id)
    agency = lead_agency(visit)
    facts = RecordFacts(
        **heading(agency, now),
        **about_visit(session, visit),
        firm_kind=visit.enterprise.kind.label,
        head="",
        contact="",
        source=source_of(visit).label,
        when=written_date(visit.done_on),
        where=visit.enterprise.address or "",
        items=tuple(_item(ordinal, finding) for ordinal, finding in enumerate(ordered(visit.findings), 1)),
        review=_review(visit),
        **_collected(session, visit),
    )
    return Draft(visit, agency, facts)


def _collected(session: Session, visit: Visit) -> dict[str, Any]:
    """Evidence and signatures as far as they were given under the form as it is recorded now (R46, R47, R50)."""
    files, now_recorded = files_of(session, visit), recorded_digest(visit)
    given = [each for each in signatures_of(session, visit) if each.content == now_recorded]
    of_firm = [each for each in given if each.role == SignerRole.REPRESENTATIVE]
    refused = [each for each in of_firm if each.refusal]
    signed = [each for each in of_firm if not each.refusal]
    return {
        "present": one_line(each.name for each in of_firm),
        "shown": _shown(files),
        "evidence": tuple(_pieces(files)),
        "recordings": _recordings(files),
        "opinion": "",
        "refusal": one_line((each.refusal or "" for each in refused), "；"),
        "witness": one_line(each.witness or "" for each in refused),
        "firm_signatures": tuple(map(_signature, signed)),
        "signatures": tuple(_signature(each) for each in given if each.role == SignerRole.INSPECTOR),
    }


def _shown(files: Sequence[Attachment]) -> str:
    is_proved = any(each.kind == EvidenceKind.CERTIFICATE_SHOWN for each in files)
    box = TICKED if is_proved else OPEN
    return f"{box}已出示行政执法证件　{box}已告知陈述申辩、申请回避等权利"


def _pieces(files: Sequence[Attachment]) -> Iterator[str]:
    """How many of each kind of evidence."""
    counts = Counter(each.kind for each in files)
    yield from (f"{kind.label}{counts[kind]}件" for kind in EvidenceKind if counts[kind])


def _recordings(files: Sequence[Attachment]) -> str:
    films = sum(each.media == MediaKind.VIDEO for each in files)
    pictures = sum(each.media.is_picture for each in files)
    return f"照片{pictures}张、视频{films}段，编号和摘要见案卷清单" if files else ""


def _signature(each: Signature) -> SignatureLine:
    return SignatureLine(
        role=each.role.label,
        name=each.name,
        picture=stored_picture(each.picture) if each.picture else "",
        at=written_moment(each.signed_at),
    )


def _item(ordinal: int, finding: ItemFinding) -> CheckedItem:
    version, latest = finding.task_item.version, finding.latest
    return CheckedItem(
        ordinal=str(ordinal),
        code=finding.task_item.code,
        name=version.name,
        agency=finding.agency.short_name,
        basis=bases_of(finding),
        points=_points(finding, latest),
        methods=_choice(CheckMethod, latest.methods if latest else ()),
        results=_choice(ResultCode, latest.results if latest else ()),
        problem=(latest.problem or "无") if latest else "",
        disposals=_choice(Disposal, latest.disposals if latest else ()),
        checked_on=written_date(latest.checked_on if latest else None),
        closed="☑已完结" if finding.closed_on else "☑未完结" if latest else "☐已完结　☐未完结",
        closed_on=written_date(finding.closed_on) if finding.closed_on else "",
        recorded_by=_name(latest),
        recorded_on=written_date(latest.recorded_at.astimezone(CHINA).date()) if latest else BLANK_DAY,
    )


def _choice(vocabulary: type[Term], rows: Sequence[Any]) -> str:
    """What was chosen, ticked; on a blank form every choice with its box."""
    chosen = {row.code for row in rows}
    offered: list[Term] = [term for term in vocabulary if term in chosen] or list(vocabulary)
    return ticked(offered, chosen)


def _review(visit: Visit) -> str:
    """Who has reviewed every item for its disclosure, and when; "" before that."""
    done = [finding for finding in visit.findings if finding.reviewed_by is not None and finding.reviewed_at]
    if not done or len(done) < len(visit.findings):
        return ""
    return f"同意公示。审批人：{one_line(_reviewer(finding) for finding in done)}"


def _reviewer(finding: ItemFinding) -> str:
    on = written_date(finding.reviewed_at.astimezone(CHINA).date() if finding.reviewed_at else None)
    return f"{finding.reviewed_by.last_name}{finding.reviewed_by.first_name}　{on}"


def _points(finding: ItemFinding, latest: FindingRecord | None) -> tuple[Point, ...]:
    answers = {answer.point_id: answer for answer in latest.points} if latest else {}
    return tuple(
        Point(
            ordinal=str(point.ordinal),
            text=point.text,
            outcome=answers[point.id].outcome.label if point.id in answers else "",
            note=(answers[point.id].note or "") if point.id in answers else "",
        )
        for point in finding.task_item.version.points
    )


def _name(latest: FindingRecord | None) -> str:
    return f"{latest.recorded_by.last_name}{latest.recorded_by.first_name}" if latest else ""
