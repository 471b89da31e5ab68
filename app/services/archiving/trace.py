"""全过程留痕 (R84): everything on record on one enterprise as one zip, for whoever has to answer for a visit."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import IO, Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.draw.bundle import READ_BLOCK, Content, write_zip
from app.domain.measures import CHINA
from app.models import (
    ArchiveFile,
    Disclosure,
    Draw,
    DrawnTarget,
    Enterprise,
    IssuedDocument,
    StoredFile,
    Visit,
)
from app.services import audit, storage
from app.services.archiving.contents import (
    as_json,
    audit_extract,
    disclosed,
    disclosures_of,
    draw_proof,
    safe_name,
)
from app.services.archiving.records import Records, records_of, title_of
from app.services.bundle import Kept
from app.services.documents import state_of
from app.services.transaction import fetch, transaction

STYLE = (
    "body{font:14px/1.6 sans-serif;margin:2em auto;max-width:70em;padding:0 1em}"
    "table{border-collapse:collapse;width:100%;margin:.5em 0 1.5em}"
    "td,th{border:1px solid #999;padding:.3em .5em;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    "th{background:#eee}code{font-size:.9em}"
)


@dataclass(frozen=True, slots=True)
class Trace:
    """The stored trace of an enterprise."""

    digest: str
    name: str
    size: int


def trace_of(enterprise_id: int, actor: User, now: datetime) -> Trace:
    """Write the trace of an enterprise, keep it, and put the export on the trail (R84, R90). Raises NotFound."""
    with transaction() as session:
        firm = fetch(session, Enterprise, enterprise_id)
        name = f"全过程记录 {firm.identifier}.zip"
        with tempfile.TemporaryFile() as whole:
            write_trace(session, enterprise_id, now, whole)
            size = whole.seek(0, 2)
            digest = storage.store(session, _blocks(whole), name)
        audit.record(session, actor, "archive:trace:exported", firm.identifier, {"digest": digest})
        return Trace(digest, name, size)


def write_trace(session: Session, enterprise_id: int, now: datetime, out: IO[bytes]) -> str:
    """Everything on record on an enterprise into `out`; gives the digest of the zip. Raises NotFound."""
    firm = fetch(session, Enterprise, enterprise_id)
    found = _found(session, firm)
    records = found.records
    files: dict[str, Content] = {f"记录/{name}.json": as_json(rows) for name, rows in records.tables.items()}
    files |= _documents(session, found.papers)
    files |= _stored(session, records)
    files |= {f"案卷/{each.number}-{each.version}.zip": Kept(session, each.digest) for each in found.archives}
    files |= {f"公示/{safe_name(each.index_no)}.json": as_json(disclosed(each)) for each in found.published}
    for draw in found.draws:
        files[f"抽取/{safe_name(draw.number)}.json"] = as_json(draw_proof(session, draw, enterprise_id))
    files["审计/events.jsonl"] = audit_extract(session, found.subjects(firm))
    files["目录.html"] = overview(firm, found, now).encode()
    return write_zip(files, out)


@dataclass(frozen=True, slots=True)
class Found:
    """What is on record on an enterprise, by kind."""

    records: Records
    draws: list[Draw]
    visits: list[Visit]
    papers: list[IssuedDocument]
    published: list[Disclosure]
    archives: list[ArchiveFile]

    def subjects(self, firm: Enterprise) -> list[str]:
        """What the audit trail calls them."""
        numbers = [visit.number for visit in self.visits] + [paper.number for paper in self.papers]
        return [firm.identifier, str(firm), *numbers]

    def lists(self) -> dict[str, list[tuple[Any, ...]]]:
        """The lines of the overview, by heading."""
        return {
            "抽取": [(draw.number, draw.task.name, draw.state.label, draw.frozen_at) for draw in self.draws],
            "检查": [
                (each.number, each.task.name, each.state.label, each.done_on or each.planned_on)
                for each in self.visits
            ],
            "文书": [
                (each.number, each.kind.label, state_of(each).label, each.issued_at) for each in self.papers
            ],
            "公示": [
                (each.index_no, each.title, "已撤下" if each.withdrawn_at else "公示中", each.published_at)
                for each in self.published
            ],
            "案卷": [
                (each.number, each.title, f"第{each.version}版", each.filed_at) for each in self.archives
            ],
        }


def _found(session: Session, firm: Enterprise) -> Found:
    visits = _all(session, Visit, Visit.enterprise_id == firm.id)
    return Found(
        records=records_of(session, "enterprise", firm.id),
        draws=_draws(session, firm.id),
        visits=visits,
        papers=_all(session, IssuedDocument, IssuedDocument.enterprise_id == firm.id),
        published=list(disclosures_of(session, [visit.id for visit in visits])),
        archives=_all(session, ArchiveFile, ArchiveFile.enterprise_id == firm.id),
    )


def overview(firm: Enterprise, found: Found, now: datetime) -> str:
    """The page that opens the trace: what there is, by kind."""
    parts = [
        f"<h1>{escape(firm.name)}</h1><p><code>{escape(firm.identifier)}</code>　{escape(firm.address or '')}</p>"
    ]
    parts.append(f"<p>导出时间：{now.astimezone(CHINA):%Y-%m-%d %H:%M}。文件摘要见 manifest.txt。</p>")
    parts += [_section(title, rows) for title, rows in found.lists().items()]
    counts = [
        (f"记录/{name}.json", title_of(name), len(rows), "") for name, rows in found.records.tables.items()
    ]
    parts.append(_section("电子记录", counts))
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>全过程记录</title>'
        f"<style>{STYLE}</style></head><body>{''.join(parts)}</body></html>"
    )


def _section(title: str, rows: Iterable[tuple[Any, ...]]) -> str:
    lines = "".join(
        "<tr>" + "".join(f"<td>{escape(_shown(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<h2>{escape(title)}</h2>" + (f"<table>{lines}</table>" if lines else "<p>无</p>")


def _shown(cell: Any) -> str:
    if isinstance(cell, datetime):
        return f"{cell.astimezone(CHINA):%Y-%m-%d %H:%M}"
    return "" if cell is None else str(cell)


def _all(session: Session, model: Any, condition: Any) -> list[Any]:
    return list(session.scalars(select(model).where(condition).order_by(model.id)))


def _draws(session: Session, enterprise_id: int) -> list[Draw]:
    """The draws in which the enterprise was drawn or held in reserve, voided ones too."""
    keys = select(DrawnTarget.draw_id).where(DrawnTarget.enterprise_id == enterprise_id)
    return _all(session, Draw, Draw.id.in_(keys))


def _documents(session: Session, papers: list[IssuedDocument]) -> dict[str, Content]:
    files: dict[str, Content] = {}
    for paper in papers:
        name = f"文书/{safe_name(paper.number)} {safe_name(paper.kind.label)}"
        files[f"{name}.docx"] = Kept(session, paper.word_digest)
        if paper.pdf_digest:
            files[f"{name}.pdf"] = Kept(session, paper.pdf_digest)
    return files


def _stored(session: Session, records: Records) -> dict[str, Content]:
    query = select(StoredFile).where(StoredFile.digest.in_(sorted(records.digests)))
    return {
        f"材料/{each.digest[:16]} {safe_name(each.name)}": Kept(session, each.digest)
        for each in session.scalars(query)
    }


def _blocks(stream: IO[bytes]) -> Iterable[bytes]:
    stream.seek(0)
    while block := stream.read(READ_BLOCK):
        yield block
