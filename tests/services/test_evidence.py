"""Files, signatures and things kept (R33, R46, R47, R50, R52, R62)."""

import hashlib
import io
from datetime import date, timedelta

import pytest
from PIL import Image
from sqlalchemy import select

from app.domain.entries import EntryMismatch
from app.domain.evidence import (
    EvidenceMissing,
    LettersOutOfOrder,
    RefusalWithoutReason,
    SignatureEmpty,
    SignatureMissing,
)
from app.domain.media import FileTooLarge, NotAPicture, ScriptInFile, TooManyFiles
from app.domain.policy import EvidencePolicy
from app.domain.vocabulary import (
    CheckMethod,
    ClockKind,
    Disposal,
    EvidenceKind,
    ResultCode,
    SignerRole,
    VisitState,
)
from app.extensions import db
from app.models import Attachment, EvidenceHold, Signature, Visit
from app.services import clocks, evidence, visits
from app.services.storage import fetch_bytes
from app.services.teams import NotOfThisVisit
from tests.builders import NOW, World, at, clean, make_inspector, make_item
from tests.evidence_builders import STROKES, mark, picture, piece, signed

MAY = at(date(2026, 5, 20))


@pytest.fixture
def world(app):
    return World(enterprises=4, inspectors=3)


@pytest.fixture
def visit(world):
    world.open(ppm=250_000)
    return db.session.query(Visit).one()


def lead(visit):
    return visit.team[0].inspector.user


def attach(visit, now=NOW, actor=None, **values):
    return evidence.attach(visit.id, piece(**values), actor or lead(visit), now)


def record(visit, now=MAY, **values):
    for finding in visit.findings:
        who = next(m.inspector.user for m in visit.team if m.inspector.agency_id == finding.agency_id)
        visits.record_finding(finding.id, clean(finding, **values), who, now)


def sign_as(visit, role=SignerRole.REPRESENTATIVE, **values):
    return evidence.sign(visit.id, signed(visit, role, **values), lead(visit), MAY)


def sign_all(visit):
    sign_as(visit)
    for member in visit.team:
        sign_as(visit, SignerRole.INSPECTOR, inspector_id=member.inspector_id)


def submit(visit):
    visits.submit_visit(visit.id, lead(visit))


def test_r50_a_file_is_kept_as_it_came_with_digest_time_place_and_author(visit):
    exif = Image.Exif()
    exif[0x0132] = "2026:04:01 10:00:00"
    content = picture(exif=exif, quality=95)
    number = attach(visit, content=content, place=evidence.Place(43.8, 125.3, 12.0))
    kept = db.session.get(Attachment, number)
    assert kept.digest == hashlib.sha256(content).hexdigest()
    assert fetch_bytes(db.session(), kept.digest) == content
    assert (kept.latitude, kept.longitude, kept.size) == (43.8, 125.3, len(content))
    assert (kept.author_id, kept.taken_at, kept.received_at) == (lead(visit).id, NOW, NOW)


def test_the_small_copy_is_upright_and_small(visit):
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = db.session.get(Attachment, attach(visit, content=picture(size=(2000, 1000), exif=exif)))
    small = Image.open(io.BytesIO(fetch_bytes(db.session(), kept.small_digest)))
    assert small.size == (160, 320)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
@pytest.mark.parametrize("mode", ["RGBA", "L", "P"])
def test_pictures_of_every_kind_have_a_small_copy(visit, form, mode):
    content = io.BytesIO()
    Image.new(mode, (40, 40)).save(content, form)
    assert db.session.get(Attachment, attach(visit, content=content.getvalue())).small_digest


def test_a_file_sent_twice_is_kept_once(visit):
    once = piece()
    numbers = {evidence.attach(visit.id, once, lead(visit), NOW) for _ in range(2)}
    assert len(numbers) == db.session.query(Attachment).count() == 1
    with pytest.raises(EntryMismatch):
        attach(visit, client_id=once.client_id, content=picture(tint="red"))


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"hello", NotAPicture),
        (picture()[:200], NotAPicture),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 60, NotAPicture),
        (b"<svg onload='x()'>", ScriptInFile),
        (picture() + b"<script>x</script>", ScriptInFile),
        (picture() + bytes(EvidencePolicy().largest_picture), FileTooLarge),
    ],
    ids=["text", "cut off", "no PNG", "SVG", "polyglot", "too large"],
)
def test_what_is_no_evidence_is_refused(visit, content, refusal):
    with pytest.raises(refusal):
        attach(visit, content=content)
    assert db.session.query(Attachment).count() == 0


def test_a_picture_that_unfolds_beyond_measure_is_refused(visit):
    with pytest.raises(NotAPicture):
        attach(visit, content=_bomb())


def _bomb():
    content = io.BytesIO()
    Image.new("1", (20_000, 9_000)).save(content, "PNG")
    return content.getvalue()


def test_a_visit_keeps_so_many_files_and_no_more(visit, monkeypatch):
    monkeypatch.setattr("app.domain.policy.EVIDENCE", EvidencePolicy(most_files=2))
    first = piece()
    number = evidence.attach(visit.id, first, lead(visit), NOW)
    attach(visit)
    with pytest.raises(TooManyFiles):
        attach(visit)
    assert evidence.attach(visit.id, first, lead(visit), NOW) == number


def test_only_the_team_adds_files_each_to_its_own_part(world):
    for _ in range(2):
        make_inspector(agency="A02")
    world.open(versions=[make_item("XC-92"), make_item("JL-92", agency="A02")], ppm=250_000)
    visit = db.session.query(Visit).one()
    own = {m.inspector.agency_id: m.inspector.user for m in visit.team}
    first, second = visit.findings
    assert attach(visit, actor=own[first.agency_id], finding_id=first.id)
    with pytest.raises(NotOfThisVisit):
        attach(visit, actor=own[second.agency_id], finding_id=first.id)
    with pytest.raises(NotOfThisVisit):
        attach(visit, actor=world.planner)
    foreign = second.task_item.version.points[0].id
    with pytest.raises(NotOfThisVisit):
        attach(visit, actor=own[first.agency_id], finding_id=first.id, point_id=foreign)


def test_the_same_photograph_in_another_visit_is_noticed(world):
    world.open(ppm=500_000)
    first, second = db.session.query(Visit).order_by(Visit.id)
    content = picture(tint="navy")
    number = attach(first, content=content)
    attach(second, content=content)
    again = db.session.get(Attachment, number)
    assert evidence.also_used_in(db.session(), again) == [second.number]


def test_r46_a_form_is_handed_in_when_everybody_has_signed_it(visit):
    record(visit)
    for sign_next in (
        lambda: sign_as(visit),
        lambda: sign_as(visit, SignerRole.INSPECTOR, inspector_id=visit.team[0].inspector_id),
        lambda: sign_as(visit, SignerRole.INSPECTOR, inspector_id=visit.team[1].inspector_id),
    ):
        with pytest.raises(SignatureMissing):
            submit(visit)
        sign_next()
    submit(visit)
    assert visit.state == VisitState.UNDER_REVIEW


def test_r46_a_signature_stands_under_the_text_that_was_signed(visit):
    record(visit)
    sign_all(visit)
    record(visit, results=frozenset({ResultCode.NOT_ENGAGED}), points={})
    with pytest.raises(SignatureMissing):
        submit(visit)
    record(visit)
    submit(visit)
    kept = db.session.query(Signature).first()
    assert hashlib.sha256(fetch_bytes(db.session(), kept.content)).hexdigest() == kept.content


def test_r47_a_refusal_is_noted_with_its_reason_and_a_witness(visit):
    record(visit)
    for member in visit.team:
        sign_as(visit, SignerRole.INSPECTOR, inspector_id=member.inspector_id)
    for reason in ("", "  "):
        with pytest.raises(RefusalWithoutReason):
            sign_as(visit, refusal=reason)
    with pytest.raises(SignatureMissing):
        submit(visit)
    sign_as(visit, refusal="对结果有异议", witness="社区干部李某", strokes=(), picture=b"", name="")
    submit(visit)
    kept = db.session.query(Signature).filter(Signature.refusal.is_not(None)).one()
    assert (kept.refusal, kept.witness) == ("对结果有异议", "社区干部李某")


def test_r47_an_inspector_cannot_refuse(visit):
    record(visit)
    with pytest.raises(RefusalWithoutReason):
        sign_as(visit, SignerRole.INSPECTOR, inspector_id=visit.team[0].inspector_id, refusal="不想签")


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"strokes": ()}, SignatureEmpty),
        ({"strokes": [[[1, 1, 0]]]}, SignatureEmpty),
        ({"name": " "}, SignatureEmpty),
        ({"picture": b"no picture"}, NotAPicture),
        ({"picture": picture("PNG") + bytes(500_000)}, FileTooLarge),
    ],
)
def test_a_signature_is_drawn(visit, values, refusal):
    record(visit)
    with pytest.raises(refusal):
        sign_as(visit, **values)


def test_a_signature_sent_twice_is_kept_once(visit):
    record(visit)
    once = signed(visit)
    assert len({evidence.sign(visit.id, once, lead(visit), MAY) for _ in range(2)}) == 1
    assert db.session.query(Signature).count() == 1


def test_r46_a_signed_paper_stands_for_the_signatures_on_the_screen(visit):
    attach(visit, kind=EvidenceKind.SIGNED_FORM)
    record(visit)
    with pytest.raises(SignatureMissing):
        submit(visit)
    attach(visit, kind=EvidenceKind.SIGNED_FORM, now=MAY + timedelta(hours=1))
    submit(visit)


def test_r46_a_check_that_entered_nothing_needs_no_signature(visit):
    record(visit, methods=frozenset({CheckMethod.DOCUMENT_REVIEW}))
    submit(visit)


def test_r33_where_nobody_is_left_only_the_inspectors_sign(visit):
    record(visit, results=frozenset({ResultCode.CLOSED}), points={})
    attach(visit, kind=EvidenceKind.CLOSURE)
    for member in visit.team:
        sign_as(visit, SignerRole.INSPECTOR, inspector_id=member.inspector_id)
    submit(visit)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (ResultCode.DEREGISTERED, EvidenceKind.REGISTRY),
        (ResultCode.MOVED_OUT, EvidenceKind.RELOCATION),
        (ResultCode.CLOSED, EvidenceKind.CLOSURE),
    ],
)
def test_r33_an_end_without_its_evidence_is_not_handed_in(visit, code, kind):
    record(visit, results=frozenset({code}), points={})
    sign_all(visit)
    attach(visit)
    with pytest.raises(EvidenceMissing) as refusal:
        submit(visit)
    assert refusal.value.params["kind"] == kind
    attach(visit, kind=kind)
    submit(visit)


def test_r62_unreachable_needs_two_letters_and_changes_no_status(visit):
    before = visit.enterprise.status
    gone = {"results": frozenset({ResultCode.UNREACHABLE}), "problem": "无人", "points": {}}
    record(visit, **gone, disposals=frozenset({Disposal.NOTIFIED}))
    sign_all(visit)
    attach(visit)
    attach(visit, kind=EvidenceKind.LETTER, dated_on=date(2026, 4, 20))
    with pytest.raises(EvidenceMissing):
        submit(visit)
    attach(visit, kind=EvidenceKind.LETTER, dated_on=date(2026, 4, 30))
    with pytest.raises(LettersOutOfOrder):
        submit(visit)
    attach(visit, kind=EvidenceKind.LETTER, dated_on=date(2026, 5, 6))
    submit(visit)
    assert visit.enterprise.status == before


def test_evidence_for_one_item_does_not_serve_another(world):
    world.open(versions=[make_item("XC-93"), make_item("XC-94")], ppm=250_000)
    visit = db.session.query(Visit).one()
    record(visit, results=frozenset({ResultCode.CLOSED}), points={})
    sign_all(visit)
    attach(visit, kind=EvidenceKind.CLOSURE, finding_id=visit.findings[0].id)
    with pytest.raises(EvidenceMissing) as refusal:
        submit(visit)
    assert refusal.value.params["item"] == visit.findings[1].task_item.version.name
    attach(visit, kind=EvidenceKind.CLOSURE)
    submit(visit)


def test_r52_things_kept_are_decided_upon_within_seven_working_days(visit):
    who, held_on = lead(visit), date(2026, 4, 28)
    once = mark()
    first = evidence.hold(visit.id, once, "进货台账两册", held_on, who, MAY)
    assert evidence.hold(visit.id, once, "进货台账两册", held_on, who, MAY) == first
    held = db.session.scalars(select(EvidenceHold)).one()
    assert held.decide_by == date(2026, 5, 11)  # 1-5 May are days off, Saturday 9 May is worked
    evidence.decide_hold(held.id, "返还", date(2026, 5, 8), who, MAY)
    with pytest.raises(evidence.HoldDecided):
        evidence.decide_hold(held.id, "没收", date(2026, 5, 8), who, MAY)
    assert held.decision.outcome == "返还"


def test_strokes_are_kept_beside_the_picture(visit):
    record(visit)
    number = sign_as(visit)
    kept = db.session.get(Signature, number)
    assert kept.strokes.count("[") == 2 + len(STROKES[0])
    assert kept.picture


def test_r52_what_was_kept_stands_in_the_overview_until_it_is_decided(visit):
    who = lead(visit)
    held = evidence.hold(visit.id, mark(), "进货台账两册", date(2026, 4, 28), who, MAY)
    (reading,) = clocks.readings(db.session(), MAY)
    assert (reading.running.kind, reading.deadline.due_on) == (ClockKind.EVIDENCE_HOLD, date(2026, 5, 11))
    evidence.decide_hold(held, "退还", date(2026, 5, 6), who, MAY)
    assert clocks.readings(db.session(), MAY) == []
