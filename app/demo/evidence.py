"""Evidence and signatures of the demonstration: drawn on the spot, clearly marked as samples."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime, timedelta

from flask_appbuilder.security.sqla.models import User
from PIL import Image, ImageDraw

from app.domain.evidence import required_evidence
from app.domain.measures import CHINA
from app.domain.vocabulary import EvidenceKind, SignerRole
from app.extensions import db
from app.models import ItemFinding, Visit
from app.services import evidence
from app.services.drafts import recorded_fields
from app.services.evidence import Piece, Place, Signed

SPACING = 20
HERE = Place(43.88, 125.32, 25.0)


def furnish(visit_id: int, actor: User, moment: datetime) -> None:
    """Give a recorded visit the evidence that its results need, and every signature."""
    visit = db.session.get_one(Visit, visit_id)
    for finding in visit.findings:
        _prove(visit, finding, actor, moment)
    form = {finding.id: recorded_fields(finding.latest) for finding in visit.findings if finding.latest}
    people = [(member.inspector_id, member.inspector.name) for member in visit.team]
    signers = [
        (SignerRole.REPRESENTATIVE, None, "现场负责人"),
        *((SignerRole.INSPECTOR, *one) for one in people),
    ]
    for role, inspector_id, name in signers:
        signed = Signed(
            client_id=_mark(visit_id, role, name, moment),
            role=role,
            signed_at=moment,
            form=form,
            name=name,
            inspector_id=inspector_id,
            strokes=[_stroke(name)],
            picture=drawn_name(name),
            place=HERE,
        )
        evidence.sign(visit_id, signed, actor, moment)


def drawn_name(name: str) -> bytes:
    """A scrawl that is the same for the same name, as PNG."""
    picture = Image.new("RGB", (320, 160), "white")
    ImageDraw.Draw(picture).line([(x, y) for x, y, _ in _stroke(name)], fill="black", width=3)
    return _png(picture)


def sample_picture(text: str) -> bytes:
    """A coloured sheet that stands for a photograph, as PNG."""
    tint = hashlib.sha256(text.encode()).digest()
    picture = Image.new("RGB", (640, 480), (tint[0] | 128, tint[1] | 128, tint[2] | 128))
    ImageDraw.Draw(picture).text((24, 24), f"SAMPLE {tint[:6].hex()}", fill="black", font_size=36)
    return _png(picture)


def _prove(visit: Visit, finding: ItemFinding, actor: User, moment: datetime) -> None:
    results = {row.code for row in finding.latest.results} if finding.latest else set()
    for kind, count in required_evidence(results).items():
        for number in range(count):
            sent = moment.astimezone(CHINA).date() - timedelta(days=SPACING * number)
            piece = Piece(
                client_id=_mark(finding.id, kind, str(number), moment),
                kind=kind,
                name=f"{kind.value}{number + 1}.png",
                content=sample_picture(f"{visit.number} {finding.id} {kind} {number}"),
                taken_at=moment,
                finding_id=finding.id,
                dated_on=sent if kind == EvidenceKind.LETTER else None,
                place=HERE,
            )
            evidence.attach(visit.id, piece, actor_of(visit, finding) or actor, moment)


def actor_of(visit: Visit, finding: ItemFinding) -> User | None:
    """The first member of the team from the department of the finding."""
    own = (member.inspector for member in visit.team if member.inspector.agency_id == finding.agency_id)
    return next((person.user for person in own if person.user), None)


def _stroke(name: str) -> list[list[float]]:
    bytes_ = hashlib.sha256(name.encode()).digest()
    return [[20 + place * 9, 30 + height * 100 / 255, place * 16] for place, height in enumerate(bytes_)]


def _mark(*parts: object) -> str:
    text = hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:32]))


def _png(picture: Image.Image) -> bytes:
    content = io.BytesIO()
    picture.save(content, "PNG", optimize=True)
    return content.getvalue()
