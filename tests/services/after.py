"""Builders for what comes after a visit: a disclosed finding with a problem, and the short ways on from it."""

from datetime import date, timedelta

from app.domain.vocabulary import Disposal, NoticeSubject, ResultCode
from app.extensions import db
from app.models import ItemFinding, Visit
from app.services import disclosing, recording, rectifying, reviewing
from app.services.notifying import NoticeTerms
from app.services.transferring import Case
from tests.builders import at, clean
from tests.evidence_builders import make_ready
from tests.remembering import remembered

CHECKED = date(2026, 4, 20)
REVIEWED = date(2026, 4, 27)
DISCLOSED = date(2026, 5, 6)
ORDERED = date(2026, 5, 8)

PROBLEM = {
    "results": frozenset({ResultCode.VIOLATION_OWN}),
    "disposals": frozenset({Disposal.RECTIFY}),
    "problem": "没有明示价格",
    "checked_on": CHECKED,
}


def finding():
    """The first finding, read anew."""
    db.session.expire_all()
    return db.session.query(ItemFinding).order_by(ItemFinding.id).first()


def last_visit():
    """The newest visit, read anew."""
    db.session.expire_all()
    return db.session.query(Visit).order_by(Visit.id.desc()).first()


def recorder(found):
    """The lead member of the finding's department."""
    own = [m for m in found.visit.team if m.inspector.agency_id == found.agency_id]
    return own[0].inspector.user


@remembered
def disclosed(world, **values):
    """A task whose first visit has a problem that was reviewed and disclosed; the finding."""
    world.open(ppm=200_000)
    return disclose_next(world, **values)


def disclose_next(world, visit=None, **values):
    visit = visit or db.session.query(Visit).order_by(Visit.id).first()
    given = PROBLEM | values
    for found in visit.findings:
        recording.record_finding(found.id, clean(found, **given), recorder(found), at(CHECKED, 8))
    make_ready(visit)
    recording.submit_visit(visit.id, visit.team[0].inspector.user)
    reviewing.review_visit(visit.id, world.approver, at(REVIEWED))
    disclosing.disclose_visit(visit.id, world.approver, at(DISCLOSED))
    return finding()


def terms(**values):
    """What a whole order says; keywords say what is different."""
    given = {
        "violated_on": CHECKED,
        "facts": "没有明示价格",
        "violated_rule": "《汽车销售管理办法》第十条",
        "legal_basis": "《行政处罚法》第二十八条",
        "requirement": "在经营场所明示价格",
        "consequence": "逾期不改正的，依法处理",
        "due_on": ORDERED + timedelta(days=20),
    }
    return rectifying.Terms(**(given | values))


def order(world, found=None, **values):
    """An order on the first finding."""
    return rectifying.order_rectification(
        (found or finding()).id, terms(**values), world.approver, at(ORDERED)
    )


def case(**values):
    """What a whole transfer says."""
    given = {
        "receiver": "市公安局",
        "facts": "涉嫌非法经营",
        "legal_basis": "《行政执法机关移送涉嫌犯罪案件的规定》",
        "documents": ("检查记录",),
    }
    return Case(**(given | values))


def notice(subject=NoticeSubject.OTHER_BREACH, **values):
    """What a whole notice says."""
    given = {"facts": "台账不符", "legal_basis": "《行政处罚法》", "evidence": "现场照片"} | values
    return NoticeTerms(subject=subject, **given)
