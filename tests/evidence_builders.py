"""Builders of what is collected on the spot: pictures, strokes, signatures, and a form that is signed."""

import io
import uuid
from datetime import UTC, datetime

from PIL import Image

from app.demo.evidence import furnish
from app.domain.vocabulary import EvidenceKind, SignerRole
from app.extensions import db
from app.models import Visit
from app.services.drafts import recorded_fields
from app.services.entries import Typed
from app.services.evidence import Piece, Signed
from tests.builders import NOW

STROKES = [[[10 + n * 4, 20 + n * 2, n * 16] for n in range(20)]]


def mark():
    """A mark as a device makes it."""
    return str(uuid.uuid4())


def picture(form="JPEG", size=(64, 48), tint="teal", **options):
    content = io.BytesIO()
    Image.new("RGB", size, tint).save(content, form, **options)
    return content.getvalue()


def piece(**values):
    """A photograph of the scene."""
    given = {
        "client_id": mark(),
        "kind": EvidenceKind.SCENE,
        "name": "现场.jpg",
        "content": picture(),
        "taken_at": NOW,
    }
    return Piece(**(given | values))


def typed(finding, field, value, **values):
    """One entry of the form."""
    given = {"client_id": mark(), "finding_id": finding.id, "typed_at": NOW}
    return Typed(field=field, value=value, **(given | values))


def typed_clean(finding, **values):
    """Every entry of an item in which nothing was found."""
    points = [(f"point-{point.id}", "ok") for point in finding.task_item.version.points]
    rest = {"result": "1", "disposal": "1", "checked_on": finding.visit.planned_on.isoformat()} | values
    return [typed(finding, name, value) for name, value in [*points, *rest.items()]]


def signed(visit, role=SignerRole.REPRESENTATIVE, **values):
    """A signature under the form as it is recorded."""
    form = {each.id: recorded_fields(each.latest) for each in visit.findings if each.latest}
    given = {
        "client_id": mark(),
        "role": role,
        "signed_at": NOW,
        "form": form,
        "name": "王经理" if role == SignerRole.REPRESENTATIVE else "",
        "strokes": STROKES,
        "picture": picture("PNG"),
    }
    return Signed(**(given | values))


def make_ready(visit, now=None):
    """Evidence and signatures for a recorded visit, so that it may be handed in."""
    found = db.session.get(Visit, visit.id if isinstance(visit, Visit) else visit)
    furnish(found.id, found.team[0].inspector.user, now or datetime.now(UTC))
