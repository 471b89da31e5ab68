"""What is collected on the spot: files, signatures, things taken into keeping; and whether it is complete."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain import policy
from app.domain.deadlines import CalendarNotConfirmed
from app.domain.entries import EntryMismatch, fields_of, finding_of, form_digest, form_text
from app.domain.errors import DomainError
from app.domain.evidence import (
    Checked,
    Held,
    RefusalWithoutReason,
    SignatureEmpty,
    SignatureMissing,
    must_enterprise_sign,
    must_inspectors_sign,
    require_evidence,
)
from app.domain.measures import CHINA
from app.domain.media import FileTooLarge, NotAPicture, TooManyFiles, kind_of, require_evidence_file
from app.domain.vocabulary import EvidenceKind, MediaKind, SignerRole
from app.models import Attachment, EvidenceHold, HoldDecision, ItemFinding, Signature, Visit
from app.services import audit
from app.services.calendar import working_calendar
from app.services.drafts import recorded_fields
from app.services.pictures import small_copy
from app.services.storage import store
from app.services.teams import NotOfThisVisit, require_once_member
from app.services.transaction import lock, transaction

LARGEST_DRAWING = 400_000
FEWEST_POINTS = 6
Form = Mapping[int, Mapping[str, str]]


class HoldDecided(DomainError):
    """What was taken into keeping has been decided upon already."""

    code = "hold_decided"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the device was, as far as it may say: degrees and metres."""

    latitude: float | None = None
    longitude: float | None = None
    accuracy: float | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A file as the device sends it."""

    client_id: str
    kind: EvidenceKind
    name: str
    content: bytes
    taken_at: datetime
    finding_id: int | None = None
    point_id: int | None = None
    note: str = ""
    dated_on: date | None = None
    place: Place = field(default_factory=Place)


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature as the device sends it; `form` is what was on the screen while it was drawn."""

    client_id: str
    role: SignerRole
    signed_at: datetime
    form: Form
    name: str = ""
    inspector_id: int | None = None
    refusal: str | None = None
    witness: str = ""
    strokes: Sequence[Sequence[Sequence[float]]] = ()
    picture: bytes = b""
    place: Place = field(default_factory=Place)


def attach(visit_id: int, piece: Piece, actor: User, now: datetime) -> int:
    """Keep a file of a visit as it came, once (R50); gives back its number.

    Raises NotOfThisVisit, the refusals of app.domain.media, EntryMismatch.
    """
    media = require_evidence_file(piece.content)
    small = small_copy(piece.content, media) if media.is_picture else None
    with transaction() as session:
        visit = lock(session, Visit, visit_id)
        finding = _place_in_form(visit, piece, actor)
        earlier = session.scalar(select(Attachment).where(Attachment.client_id == piece.client_id))
        digest = store(session, [piece.content], piece.name or media.label)
        if earlier is not None:
            return _same(earlier, earlier.digest == digest and earlier.visit_id == visit.id)
        _require_room(session, visit)
        row = Attachment(
            client_id=piece.client_id,
            visit_id=visit.id,
            finding_id=finding.id if finding else None,
            point_id=piece.point_id if finding else None,
            kind=piece.kind,
            media=media,
            name=piece.name[:120] or media.label,
            note=piece.note.strip()[:200] or None,
            dated_on=piece.dated_on,
            size=len(piece.content),
            digest=digest,
            small_digest=store(session, [small], "small.jpg") if small else None,
            taken_at=piece.taken_at,
            received_at=now,
            author_id=actor.id,
            **_where(piece.place),
        )
        return _kept(session, row, actor, visit, "visit:file:added", {"sha256": digest, "name": row.name})


def sign(visit_id: int, signed: Signed, actor: User, now: datetime) -> int:
    """Keep a signature, or the note that it was refused, with the text it stands under (R46, R47).

    Raises NotOfThisVisit, SignatureEmpty, RefusalWithoutReason, EntryMismatch.
    """
    _require_drawn(signed)
    with transaction() as session:
        visit = lock(session, Visit, visit_id)
        require_once_member(visit, actor)
        name = _signer(visit, signed)
        earlier = session.scalar(select(Signature).where(Signature.client_id == signed.client_id))
        content = store(session, [form_text(_as_recorded(visit, signed.form)).encode()], "form.json")
        if earlier is not None:
            return _same(earlier, earlier.visit_id == visit.id and earlier.name == name)
        row = Signature(
            client_id=signed.client_id,
            visit_id=visit.id,
            role=signed.role,
            inspector_id=signed.inspector_id,
            name=name,
            refusal=signed.refusal.strip()[:200] if signed.refusal else None,
            witness=signed.witness.strip()[:60] or None,
            strokes=json.dumps(signed.strokes) if signed.strokes else None,
            picture=store(session, [signed.picture], "signature.png") if signed.picture else None,
            content=content,
            signed_at=signed.signed_at,
            received_at=now,
            author_id=actor.id,
            **_where(signed.place),
        )
        data = {"who": name, "refused": bool(signed.refusal), "form": content}
        return _kept(session, row, actor, visit, "visit:signed", data)


def hold(visit_id: int, client_id: str, what: str, held_on: date, actor: User, now: datetime) -> int:
    """先行登记保存: note what was taken into keeping; seven working days run for the decision (R52)."""
    if not what.strip():
        raise SignatureEmpty()
    with transaction() as session:
        visit = lock(session, Visit, visit_id)
        require_once_member(visit, actor)
        earlier = session.scalar(select(EvidenceHold).where(EvidenceHold.client_id == client_id))
        if earlier is not None:
            return _same(earlier, earlier.visit_id == visit.id)
        row = EvidenceHold(
            client_id=client_id,
            visit_id=visit.id,
            what=what.strip()[:500],
            held_on=min(held_on, now.astimezone(CHINA).date()),
            decide_by=_decide_by(session, held_on),
            author_id=actor.id,
            received_at=now,
        )
        return _kept(session, row, actor, visit, "visit:evidence:held", {"what": row.what})


def decide_hold(hold_id: int, outcome: str, decided_on: date, actor: User, now: datetime) -> None:
    """Note what was decided about things taken into keeping (R52). Raises HoldDecided."""
    if not outcome.strip():
        raise SignatureEmpty()
    with transaction() as session:
        held = lock(session, EvidenceHold, hold_id)
        require_once_member(held.visit, actor)
        if held.decision is not None:
            raise HoldDecided()
        values = {"outcome": outcome.strip()[:300], "decided_on": decided_on}
        session.add(HoldDecision(hold_id=held.id, author_id=actor.id, received_at=now, **values))
        audit.record(session, actor, "visit:evidence:decided", held.visit.number, values)


def require_complete(session: Session, visit: Visit) -> None:
    """Raise for the first evidence or signature that the recorded form lacks (R33, R46, R47, R62)."""
    files = files_of(session, visit)
    for finding in visit.findings:
        if finding.latest:
            results = {row.code for row in finding.latest.results}
            require_evidence(finding.task_item.version.name, results, _held(files, finding))
    missing = missing_signatures(session, visit, files)
    if missing:
        raise SignatureMissing(name=missing[0])


def missing_signatures(session: Session, visit: Visit, files: Sequence[Attachment]) -> list[str]:
    """Who has still to sign the form as it is recorded now; a signed paper stands for all (R46, R47)."""
    records = [finding.latest for finding in visit.findings if finding.latest]
    checked = [
        Checked(frozenset(row.code for row in record.results), frozenset(row.code for row in record.methods))
        for record in records
    ]
    newest = max((record.recorded_at for record in records), default=None)
    papers = [each for each in files if each.kind == EvidenceKind.SIGNED_FORM]
    if newest is None or any(paper.received_at >= newest for paper in papers):
        return []
    given = [each for each in signatures_of(session, visit) if each.content == recorded_digest(visit)]
    names = []
    if must_enterprise_sign(checked) and not any(each.role == SignerRole.REPRESENTATIVE for each in given):
        names.append(SignerRole.REPRESENTATIVE.label)
    if must_inspectors_sign(checked):
        signed = {each.inspector_id for each in given}
        names += [member.inspector.name for member in visit.team if member.inspector_id not in signed]
    return names


def recorded_digest(visit: Visit) -> str:
    """SHA-256 of the text of the form as it is recorded now."""
    return form_digest(
        {finding.id: recorded_fields(finding.latest) for finding in visit.findings if finding.latest}
    )


def files_of(session: Session, visit: Visit) -> list[Attachment]:
    """The files of a visit in the order of their coming (R50)."""
    query = select(Attachment).where(Attachment.visit_id == visit.id).order_by(Attachment.id)
    return list(session.scalars(query))


def signatures_of(session: Session, visit: Visit) -> list[Signature]:
    """The signatures of a visit, oldest first."""
    query = select(Signature).where(Signature.visit_id == visit.id).order_by(Signature.id)
    return list(session.scalars(query))


def holds_of(session: Session, visit: Visit) -> list[EvidenceHold]:
    """What was taken into keeping at a visit (R52)."""
    query = select(EvidenceHold).where(EvidenceHold.visit_id == visit.id).order_by(EvidenceHold.id)
    return list(session.scalars(query))


def also_used_in(session: Session, attachment: Attachment) -> list[str]:
    """Numbers of other visits that carry the same file: one photograph proves one visit."""
    query = select(Visit.number).join(Attachment, Attachment.visit_id == Visit.id)
    same = query.where(Attachment.digest == attachment.digest, Visit.id != attachment.visit_id)
    return sorted(set(session.scalars(same)))


def _place_in_form(visit: Visit, piece: Piece, actor: User) -> ItemFinding | None:
    if piece.finding_id is None:
        require_once_member(visit, actor)
        return None
    finding = next((each for each in visit.findings if each.id == piece.finding_id), None)
    if finding is None:
        raise NotOfThisVisit(visit=visit.number, item="")
    require_once_member(visit, actor, finding)
    points = {point.id for point in finding.task_item.version.points}
    if piece.point_id is not None and piece.point_id not in points:
        raise NotOfThisVisit(visit=visit.number, item=str(finding))
    return finding


def _require_room(session: Session, visit: Visit) -> None:
    query = select(func.count()).select_from(Attachment).where(Attachment.visit_id == visit.id)
    if (session.scalar(query) or 0) >= policy.EVIDENCE.most_files:
        raise TooManyFiles(most=policy.EVIDENCE.most_files)


def _require_drawn(signed: Signed) -> None:
    if signed.refusal is not None:
        if signed.role != SignerRole.REPRESENTATIVE or not signed.refusal.strip():
            raise RefusalWithoutReason()
        return
    if sum(len(stroke) for stroke in signed.strokes) < FEWEST_POINTS:
        raise SignatureEmpty()
    if len(signed.picture) > LARGEST_DRAWING:
        raise FileTooLarge(megabytes=1)
    if kind_of(signed.picture) != MediaKind.PNG:
        raise NotAPicture()
    small_copy(signed.picture, MediaKind.PNG)


def _signer(visit: Visit, signed: Signed) -> str:
    if signed.role == SignerRole.INSPECTOR:
        people = [member.inspector for member in visit.members if member.inspector_id == signed.inspector_id]
        if not people:
            raise NotOfThisVisit(visit=visit.number, item="")
        return str(people[0].name)
    if not signed.name.strip() and signed.refusal is None:
        raise SignatureEmpty()
    return signed.name.strip()[:40] or "—"


def _as_recorded(visit: Visit, form: Form) -> dict[int, dict[str, str]]:
    """What was on the screen in the words of a record, so that the two can be compared."""
    said = {}
    for finding in visit.findings:
        fields = dict(form.get(finding.id, {}))
        if not fields:  # another department's item that is not filled in yet
            continue
        points = [point.id for point in finding.task_item.version.points]
        try:
            said[finding.id] = fields_of(finding_of(fields, points, visit.task.starts_on))
        except DomainError:
            said[finding.id] = fields
    return said


def _held(files: Sequence[Attachment], finding: ItemFinding) -> Held:
    own = [each for each in files if each.finding_id in (None, finding.id)]
    letters = [each.dated_on for each in own if each.kind == EvidenceKind.LETTER and each.dated_on]
    return Held(Counter(each.kind for each in own), tuple(letters))


def _decide_by(session: Session, held_on: date) -> date | None:
    try:
        days = policy.EVIDENCE.preservation_working_days
        return working_calendar(session).add_working_days(held_on, days)
    except CalendarNotConfirmed:
        return None


def _where(place: Place) -> dict[str, float | None]:
    return {"latitude": place.latitude, "longitude": place.longitude, "accuracy": place.accuracy}


def _same(earlier: Any, is_same: bool) -> int:
    if not is_same:
        raise EntryMismatch()
    return int(earlier.id)


def _kept(session: Session, row: Any, actor: User, visit: Visit, tag: str, data: dict[str, Any]) -> int:
    session.add(row)
    session.flush()
    audit.record(session, actor, tag, visit.number, data)
    return int(row.id)
