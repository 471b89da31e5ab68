"""Builders for documents: a visit recorded, reviewed and disclosed, and readers of Word and PDF."""

import io
from datetime import timedelta

import docx
import pypdf

from app.domain.vocabulary import DeliveredPaper, DeliveryMethod
from app.extensions import db
from app.models import Delivery, IssuedDocument, Visit
from app.reports.documents.fill import fill
from app.reports.documents.word import settled
from app.services import storage, visits
from tests.builders import NOW, World, at, clean
from tests.evidence_builders import make_ready
from tests.remembering import remembered


def recorded_visit(world=None, state="recorded", **values):
    """A visit of an open task: recorded, or also handed in, reviewed and disclosed."""
    world = world or World()
    visit, moment = _recorded(world, state, **values)
    return world, visit, moment + timedelta(hours=3)


@remembered
def _recorded(world, state, **values):
    task = world.open(**values)
    visit = db.session.query(Visit).filter_by(task_id=task).order_by(Visit.id).first()
    lead = visit.team[0].inspector.user
    moment = at(visit.planned_on, 6)
    if state != "open":
        for finding in visit.findings:
            visits.record_finding(finding.id, clean(finding), lead, moment)
    if state != "open":
        make_ready(visit, moment)
    if state in ("reviewed", "disclosed"):
        visits.submit_visit(visit.id, lead)
        visits.review_visit(visit.id, world.approver, moment + timedelta(hours=1))
    if state == "disclosed":
        visits.disclose_visit(visit.id, world.approver, moment + timedelta(hours=2))
    return [visit, moment]


def served(document, **values):
    """The service of a document as it is put on record."""
    given = {"method": DeliveryMethod.DIRECT, "recipient": "赵六", "place": "长春市朝阳区"} | values
    db.session.add(
        Delivery(
            paper=DeliveredPaper.RESULT,
            subject_id=document.subject_id,
            visit_id=document.visit_id,
            agency_id=document.agency_id,
            served_on=document.issued_at.date(),
            served_by_id=document.issued_by_id,
            recorded_at=document.issued_at,
            **given,
        )
    )
    db.session.commit()


def document(key):
    return db.session.get(IssuedDocument, key)


def stored(digest):
    return storage.fetch_bytes(db.session(), digest)


def word_text(content):
    """Every word of a Word file in reading order, a line a paragraph or row."""
    return "\n".join(_lines(docx.Document(io.BytesIO(content))))


def _lines(file):
    for block in file.iter_inner_content():
        if isinstance(block, docx.table.Table):
            for row in block.rows:
                seen = dict.fromkeys(row._tr.tc_lst)
                cells = [docx.table._Cell(cell, block).text.replace("\n", "⏎") for cell in seen]
                yield " | ".join(cells)
        else:
            yield block.text


def pdf_text(content):
    """The words of a PDF without spaces and line ends."""
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def word_file(*paragraphs, **properties):
    """A small Word file with these paragraphs."""
    file = docx.Document()
    for text in paragraphs:
        file.add_paragraph(text)
    for name, value in properties.items():
        setattr(file.core_properties, name, value)
    out = io.BytesIO()
    file.save(out)
    return settled(out.getvalue())


def filled(*paragraphs, **values):
    """The words of a small template filled with values."""
    return word_text(fill(word_file(*paragraphs), values, lambda _digest: None))


__all__ = [
    "NOW",
    "document",
    "filled",
    "pdf_text",
    "recorded_visit",
    "served",
    "stored",
    "word_file",
    "word_text",
]
