"""立卷: one sealed file per visit with everything on record, new versions beside the old ones (R83, R84)."""

import hashlib
import io
import json
import zipfile
import zlib
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.vocabulary import ClockKind, DocumentKind, EvidenceKind, RetentionClass
from app.extensions import db
from app.models import ArchiveFile, AuditEvent, Draw, IssuedDocument, StoredChunk, Visit
from app.services import archiving, clocks, documents, evidence
from app.services.archiving import NotYetClosed
from app.services.archiving.records import records_of
from app.services.transaction import NotFound
from tests.builders import World
from tests.builders_documents import pdf_text, recorded_visit, stored, word_text
from tests.evidence_builders import picture, piece
from tests.remembering import remembered


@pytest.fixture
def closed(app):
    """A disclosed visit without a problem: it came to its end by its disclosure."""
    world, visit, now = recorded_visit(state="disclosed")
    issue_papers(world, visit.id, now)
    return world, db.session.get(Visit, visit.id), now


@remembered
def issue_papers(world, visit, now):
    record = db.session.get(Visit, visit)
    documents.issue(DocumentKind.APPROVAL, record.approvals[0].id, world.planner, now)
    documents.issue(DocumentKind.RECORD, visit, world.planner, now)
    documents.issue(DocumentKind.RESULT, visit, world.planner, now)


def filed(world, visit, now):
    return file_away(world, visit.id, now)


@remembered
def file_away(world, visit, now):
    return db.session.get(ArchiveFile, archiving.file_visit(visit, world.planner, now))


def opened(file):
    return zipfile.ZipFile(io.BytesIO(stored(file.digest)))


def read(file, name):
    return opened(file).read(name)


def test_R83_a_file_holds_documents_records_evidence_signatures_disclosure_proof_and_trail(closed):
    world, visit, now = closed
    file = filed(world, visit, now)
    names = opened(file).namelist()
    for start in ("文书/长商检审", "文书/长商检录", "文书/长商检告", "记录/finding_record", "签名/", "公示/"):
        assert any(name.startswith(start) for name in names), start
    for name in (
        "000 案卷封面.docx",
        "001 卷内目录.pdf",
        "002 卷内备考表.docx",
        "抽取/证明.json",
        "审计/events.jsonl",
    ):
        assert name in names
    assert {event["tag"] for event in map(json.loads, read(file, "审计/events.jsonl").splitlines())} >= {
        "finding:recorded",
        "visit:submitted",
        "document:issued",
    }


def test_R83_the_manifest_has_the_sha256_of_every_other_entry(closed):
    file = filed(*closed)
    archive = opened(file)
    told = dict(line.split("\t") for line in archive.read("manifest.txt").decode().splitlines())
    found = {
        name: hashlib.sha256(archive.read(name)).hexdigest()
        for name in archive.namelist()
        if name != "manifest.txt"
    }
    assert told == found
    assert archiving.check_file(db.session(), file.id).faults == ()


def test_R83_the_proof_of_the_draw_carries_hashes_and_the_tickets_of_the_enterprise(closed):
    world, visit, now = closed
    proof = json.loads(read(filed(world, visit, now), "抽取/证明.json"))
    draw = db.session.get(Draw, visit.draw_id)
    assert (proof["plan_hash"], proof["result_hash"]) == (draw.plan_hash, draw.result_hash)
    assert {ticket["identifier"] for ticket in proof["tickets"]} == {visit.enterprise.identifier}


def test_R83_the_index_lists_the_pieces_with_numbers_and_pages(closed):
    world, visit, now = closed
    file = filed(world, visit, now)
    text = word_text(read(file, "001 卷内目录.docx"))
    for words in (
        "长商检审〔2026〕1号",
        "长商检录〔2026〕1号",
        "行政检查结果告知书",
        "随机抽取过程记录",
        "检查结果公示",
    ):
        assert words in text
    assert visit.enterprise.name in pdf_text(read(file, "000 案卷封面.pdf"))
    assert file.content_digest in word_text(read(file, "002 卷内备考表.docx"))


def test_R83_a_clean_file_is_kept_for_ten_years_with_its_reason(closed):
    file = filed(*closed)
    assert file.retention == RetentionClass.TEN_YEARS
    assert file.retention_reason
    assert "10年" in word_text(read(file, "000 案卷封面.docx"))


def test_R83_filing_again_gives_the_same_file(closed):
    world, visit, now = closed
    assert filed(world, visit, now).id == filed(world, visit, now + timedelta(days=1)).id


def test_R83_after_a_correction_a_new_version_stands_beside_the_earlier_one(closed):
    world, visit, now = closed
    first = filed(world, visit, now)
    before = stored(first.digest)
    lead = visit.team[0].inspector.user
    evidence.attach(visit.id, piece(kind=EvidenceKind.MATERIAL, content=picture(tint="red")), lead, now)
    second = filed(world, visit, now + timedelta(days=1))
    assert (second.version, second.number) == (2, first.number)
    assert stored(first.digest) == before
    assert "本版替代第1版" in word_text(read(second, "002 卷内备考表.docx"))
    assert [each.faults for each in archiving.check_all(db.session())] == [(), ()]


def test_R83_two_files_take_two_numbers(closed):
    world, visit, _now = closed
    _world, other, later = recorded_visit(world, state="disclosed")
    assert [filed(world, each, later).number for each in (visit, other)] == [
        "长商检档-2026-0001",
        "长商检档-2026-0002",
    ]


def test_R83_nothing_is_filed_before_it_has_ended(app):
    world, visit, now = recorded_visit(state="reviewed")
    with pytest.raises(NotYetClosed):
        archiving.file_visit(visit.id, world.planner, now)


def test_R83_ten_working_days_run_from_the_end(closed):
    _world, visit, now = closed
    assert visit in archiving.to_be_filed(db.session())
    due = archiving.due_on(db.session(), visit)
    assert due > visit.done_on + timedelta(days=11)
    (reading,) = clocks.readings(db.session(), now)
    assert (reading.running.kind, reading.deadline.due_on) == (ClockKind.ARCHIVE, due)
    filed(*closed)
    assert clocks.readings(db.session(), now) == []
    assert visit not in archiving.to_be_filed(db.session())


def test_R83_a_byte_changed_in_the_store_is_found(closed):
    file = filed(*closed)
    chunk = db.session.scalars(select(StoredChunk).where(StoredChunk.digest == file.digest)).first()
    content = bytearray(zlib.decompress(chunk.content))
    content[200] ^= 1
    chunk.content = zlib.compress(bytes(content))
    db.session.commit()
    faults = archiving.check_file(db.session(), file.id).faults
    assert "digest" in faults
    assert "seal" in faults


def test_R90_no_secret_goes_into_a_file(closed):
    _world, visit, _now = closed
    tables = records_of(db.session(), "visit", visit.id).tables
    assert not any("token" in row for rows in tables.values() for row in rows)


def test_R84_whatever_refers_to_a_visit_is_in_its_records(closed):
    _world, visit, _now = closed
    tables = records_of(db.session(), "visit", visit.id).tables
    for table in ("item_finding", "finding_record", "finding_result", "point_result", "visit_member"):
        assert tables[table]
    assert {row["visit_id"] for row in tables["signature"]} == {visit.id}


def test_R84_the_trace_of_an_enterprise_holds_all_that_is_on_record(closed):
    world, visit, now = closed
    filed(world, visit, now)
    made = archiving.trace_of(visit.enterprise_id, world.planner, now)
    with zipfile.ZipFile(io.BytesIO(stored(made.digest))) as archive:
        names = archive.namelist()
        page = archive.read("目录.html").decode()
    for start in ("记录/visit", "记录/drawn_target", "文书/", "公示/", "抽取/", "案卷/", "材料/"):
        assert any(name.startswith(start) for name in names), start
    for words in (visit.enterprise.name, visit.number, "长商检录〔2026〕1号"):
        assert words in page


def test_R84_R90_a_trace_that_was_taken_out_is_on_the_trail(closed):
    world, visit, now = closed
    made = archiving.trace_of(visit.enterprise_id, world.planner, now)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.tag == "archive:trace:exported")).one()
    assert json.loads(event.data)["digest"] == made.digest


def test_the_papers_of_a_file_count_with_the_documents(closed):
    filed(*closed)
    kinds = set(db.session.scalars(select(IssuedDocument.kind)))
    assert {DocumentKind.COVER, DocumentKind.INDEX, DocumentKind.FILE_NOTE} <= kinds


def test_what_is_unknown_has_no_trace(app):
    with pytest.raises(NotFound):
        archiving.trace_of(4711, World().planner, None)
