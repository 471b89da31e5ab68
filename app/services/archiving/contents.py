"""What goes into the file of a visit: documents, evidence, signatures, records, disclosures, proof of the draw."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.draw.bundle import Content
from app.domain.measures import CHINA
from app.domain.vocabulary import DisclosureKind, DocumentKind, DrawForm
from app.models import (
    Attachment,
    AuditEvent,
    Disclosure,
    Draw,
    DrawnTarget,
    IssuedDocument,
    LogEntry,
    StoredFile,
    Visit,
)
from app.services.archiving.records import Records, records_of, row_of, title_of
from app.services.bundle import Kept
from app.services.documents import documents_of, state_of

OWN_PAPERS = (DocumentKind.COVER, DocumentKind.INDEX, DocumentKind.FILE_NOTE)
UNSAFE = re.compile(r"[^\w.〔〕（）()\-、]+")
SUFFIXES = {
    b"\xff\xd8\xff": ".jpg",
    b"\x89PNG": ".png",
    b"RIFF": ".webp",
    b"%PDF": ".pdf",
    b"PK\x03\x04": ".zip",
    b"{": ".json",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """One line of the index with the files behind it; `pages` is None for what is electronic only."""

    title: str
    number: str = ""
    author: str = ""
    day: str = ""
    pages: int | None = None
    note: str = ""


@dataclass(slots=True)
class Contents:
    """The files by name and the lines of the index in their order."""

    files: dict[str, Content] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)


def contents_of(session: Session, visit: Visit) -> Contents:
    """Everything on a visit but the papers of the file itself; the same records give the same bytes."""
    made, agency = Contents(), visit.task.lead_agency.name
    records = records_of(session, "visit", visit.id)
    if visit.draw is not None:
        made.files["抽取/证明.json"] = as_json(draw_proof(session, visit.draw, visit.enterprise_id))
        made.pieces.append(Piece("随机抽取过程记录", visit.draw.number, agency, _day(visit.draw.frozen_at)))
    _add_documents(session, visit, made)
    made.files["记录/enterprise.json"] = as_json(row_of(session, "enterprise", visit.enterprise_id))
    made.files["记录/inspection_task.json"] = as_json(row_of(session, "inspection_task", visit.task_id))
    _add_records(records, made, agency)
    _add_stored(session, records, made, agency)
    _add_disclosures(session, visit, made)
    return made


def draw_proof(session: Session, draw: Draw, enterprise_id: int) -> dict[str, Any]:
    """The records of a draw, their hashes, its log entries, and the tickets of one enterprise."""
    query = (
        select(DrawnTarget)
        .where(DrawnTarget.draw_id == draw.id, DrawnTarget.enterprise_id == enterprise_id)
        .order_by(DrawnTarget.id)
    )
    entries = session.scalars(select(LogEntry).where(LogEntry.draw_id == draw.id).order_by(LogEntry.number))
    return {
        "draw": draw.number,
        "plan_record": draw.plan_record,
        "plan_hash": draw.plan_hash,
        "seed_record": draw.seed_record,
        "seed_hash": draw.seed_hash,
        "result_record": draw.result_record,
        "result_hash": draw.result_hash,
        "roster_root": draw.roster_root,
        "files": {
            "roster.tsv": draw.roster_file,
            "leaves.tsv": draw.leaves_file,
            "staff.tsv": draw.staff_file,
        },
        "log": [{"number": entry.number, "kind": entry.kind, "hash": entry.entry_hash} for entry in entries],
        "tickets": [_ticket(target, draw) for target in session.scalars(query)],
    }


def audit_extract(session: Session, subjects: list[str]) -> bytes:
    """The audit events on these subjects, one JSON line each; those of the archive itself left out."""
    query = (
        select(AuditEvent)
        .where(AuditEvent.subject.in_(subjects), ~AuditEvent.tag.startswith("archive:"))
        .order_by(AuditEvent.number)
    )
    return b"".join(_event(event) for event in session.scalars(query))


def as_json(value: Any) -> bytes:
    """JSON that reads the same every time."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n").encode()


def safe_name(text: str) -> str:
    """A name as part of a path."""
    return UNSAFE.sub("_", text).strip("._")[:80] or "无名"


def _ticket(target: DrawnTarget, draw: Draw) -> dict[str, Any]:
    told = {"item": target.item_code, "is_reserve": target.is_reserve, "identifier": target.identifier}
    if draw.form == DrawForm.SEALED:  # either would tell the internal risk class (R29)
        return told
    return told | {"stratum": target.stratum, "rank": target.rank, "ticket": target.ticket}


def _add_documents(session: Session, visit: Visit, made: Contents) -> None:
    order = list(DocumentKind)
    papers = [paper for paper in documents_of(session, visit.id) if paper.kind not in OWN_PAPERS]
    for paper in sorted(papers, key=lambda each: (order.index(each.kind), each.id)):
        name = f"文书/{safe_name(paper.number)} {safe_name(paper.kind.label)}"
        made.files[f"{name}.docx"] = Kept(session, paper.word_digest)
        if paper.pdf_digest:
            made.files[f"{name}.pdf"] = Kept(session, paper.pdf_digest)
        made.files[f"{name}.json"] = as_json(_told(paper))
        made.pieces.append(_piece_of(paper))


def _told(paper: IssuedDocument) -> dict[str, Any]:
    """What a document says, and what became of it."""
    return {
        "内容": paper.context,
        "状态": state_of(paper).label,
        "作废原因": paper.void.reason if paper.void else None,
    }


def _piece_of(paper: IssuedDocument) -> Piece:
    state = state_of(paper)
    note = "" if state == "standing" else state.label
    return Piece(
        paper.kind.label, paper.number, paper.agency.name, _day(paper.issued_at), paper.pages or 1, note
    )


def _add_records(records: Records, made: Contents, agency: str) -> None:
    for table, rows in records.tables.items():
        made.files[f"记录/{table}.json"] = as_json(rows)
    lines = [f"{table}.json\t{title_of(table)}" for table in sorted(records.tables)]
    made.files["记录/说明.txt"] = ("\n".join(lines) + "\n").encode()
    made.pieces.append(Piece("电子记录（检查结果各版本、审批、通知、后续处理）", author=agency, note="电子"))


def _add_stored(session: Session, records: Records, made: Contents, agency: str) -> None:
    listed: list[dict[str, Any]] = []
    query = select(StoredFile).where(StoredFile.digest.in_(sorted(records.digests)))
    for stored in session.scalars(query.order_by(StoredFile.digest)):
        table = records.digests[stored.digest]
        name = f"{FOLDERS.get(table, '材料')}/{stored.digest[:16]}{_suffix(session, stored)}"
        made.files[name] = Kept(session, stored.digest)
        listed.append({"file": name, "name": stored.name, "sha256": stored.digest, "size": stored.size})
    if listed:
        made.files["证据/清单.json"] = as_json(listed)
        counts = Counter(entry["file"].split("/")[0] for entry in listed)
        words = "、".join(f"{folder}{count}件" for folder, count in sorted(counts.items()))
        made.pieces.append(Piece(f"证据材料和签名（{words}）", author=agency, note="电子"))


FOLDERS = {"attachment": "证据", "signature": "签名", "delivery": "送达"}


def _suffix(session: Session, stored: StoredFile) -> str:
    attached = session.scalar(select(Attachment.media).where(Attachment.digest == stored.digest).limit(1))
    if attached is not None and attached.value == "video/mp4":
        return ".mp4"
    head = next(iter(Kept(session, stored.digest)), b"")[:8]
    return next((suffix for start, suffix in SUFFIXES.items() if head.startswith(start)), ".bin")


def _add_disclosures(session: Session, visit: Visit, made: Contents) -> None:
    for found in disclosures_of(session, [visit.id]):
        made.files[f"公示/{safe_name(found.index_no)}.json"] = as_json(disclosed(found))
        made.pieces.append(Piece("检查结果公示", found.index_no, found.agency.name, _day(found.published_at)))


def disclosures_of(session: Session, visit_ids: list[int]) -> Iterator[Disclosure]:
    """The published results of visits, oldest first."""
    query = select(Disclosure).where(
        Disclosure.kind == DisclosureKind.RESULT, Disclosure.subject_id.in_(visit_ids)
    )
    return iter(session.scalars(query.order_by(Disclosure.id)))


def disclosed(found: Disclosure) -> dict[str, Any]:
    """A disclosure as it was published, and whether it was withdrawn."""
    return {
        "index_no": found.index_no,
        "title": found.title,
        "agency": found.agency.name,
        "body": found.body,
        "body_hash": found.body_hash,
        "published_at": found.published_at.isoformat(),
        "withdrawn_at": found.withdrawn_at.isoformat() if found.withdrawn_at else None,
        "withdrawn_reason": found.withdrawn_reason,
    }


def _event(event: AuditEvent) -> bytes:
    values = {
        "number": event.number,
        "at": event.at.isoformat(),
        "actor": event.actor_name,
        "tag": event.tag,
        "subject": event.subject,
        "data": json.loads(event.data),
        "previous_hash": event.previous_hash,
        "event_hash": event.event_hash,
    }
    return (json.dumps(values, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _day(moment: Any) -> str:
    return moment.astimezone(CHINA).date().isoformat() if moment else ""


def hash_of(content: Content) -> str:
    """SHA-256 of a content in hex."""
    whole = hashlib.sha256()
    for block in [content] if isinstance(content, bytes) else content:
        whole.update(block)
    return whole.hexdigest()
