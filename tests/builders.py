"""Builders of a small lawful world: call what a test needs, override what it is about."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from app.domain.entry import Application
from app.domain.findings import Finding
from app.domain.vocabulary import (
    CheckMethod,
    DeliveryWay,
    Disposal,
    EntityStatus,
    IdentifierKind,
    MembershipSource,
    MergeDecision,
    PointOutcome,
    ResultCode,
    Stratification,
)
from app.extensions import db
from app.models import (
    Agency,
    CategoryMembership,
    CheckPoint,
    EnforcementCertificate,
    Enterprise,
    Expertise,
    InspectionItem,
    InspectionTask,
    Inspector,
    ItemVersion,
    LegalBasis,
    Post,
    TargetCategory,
    Visit,
)
from app.security import roles
from app.services import (
    applying,
    approving,
    drawing,
    entering,
    freezing,
    items,
    matching,
    notices,
    planning,
    tasks,
)
from app.services.setup import ensure_vocabularies
from tests.remembering import remembered

PASSWORD = "Sunny-Harbour-42"
YEAR = 2026
DAY = date(YEAR, 4, 1)
NOW = datetime(YEAR, 4, 1, 2, tzinfo=UTC)
APPLIED = Application(
    on_site_reason="须查验实物",
    scheme="按要点逐项查验",
    merge=MergeDecision.SEPARATE,
    merge_reason="事项期限不同",
)
CONTACT = notices.Contact("王样", "13800001234", "0431-12345")
DICE = {("dice-d10", "ceremony"): "31415926535897932384"}
_serial = count(1)


def at(day, hour=2):
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def make_user(username, role, agency="A01"):
    """An account with one role and a post in an agency."""
    manager = _manager()
    found = manager.find_user(username=username) or manager.add_user(
        username, username, "样", f"{username}@example.invalid", manager.find_role(role), password=PASSWORD
    )
    where = db.session.query(Agency).filter_by(code=agency).one()
    if db.session.query(Post).filter_by(user_id=found.id).first() is None:
        db.session.add(Post(user_id=found.id, agency_id=where.id))
    db.session.commit()
    return found


def make_category(name="汽车销售"):
    found = db.session.query(TargetCategory).filter_by(name=name).first()
    if found is None:
        found = TargetCategory(code=f"T{next(_serial):04d}", name=name)
        db.session.add(found)
        db.session.commit()
    return found


def make_item(code="XC-01", agency="A01", category="汽车销售", points=2, expertise=(), **values):
    """A draft version of an item with one legal basis and some check points."""
    where = db.session.query(Agency).filter_by(code=agency).one()
    item = InspectionItem(code=code, field="汽车流通", agency_id=where.id)
    version = ItemVersion(
        item=item,
        number=1,
        name=values.pop("name", f"事项{code}"),
        target_text="经销商",
        content="明示价格",
        category_id=make_category(category).id,
        maximum_ppm=values.pop("maximum_ppm", 1_000_000),
        expertise=[make_expertise(name) for name in expertise],
        **values,
    )
    version.bases.append(LegalBasis(title="汽车销售管理办法", article="第十条"))
    version.points = [CheckPoint(ordinal=n, text=f"要点{n}") for n in range(1, points + 1)]
    db.session.add(item)
    db.session.commit()
    return version


def make_expertise(name):
    found = db.session.query(Expertise).filter_by(name=name).first()
    if found is None:
        found = Expertise(code=f"X{next(_serial):04d}", name=name)
        db.session.add(found)
        db.session.commit()
    return found


def make_enterprise(category="汽车销售", source=MembershipSource.FILE, **values):
    """An enterprise of this city; `category` None leaves it without one."""
    number = next(_serial)
    values = {"identifier": f"9122010{number:010d}X", "name": f"长春市样例{number}有限公司"} | values
    values = {"status": EntityStatus.EXISTING, "territory_code": "220104"} | values
    enterprise = Enterprise(identifier_kind=IdentifierKind.UNIFIED, **values)
    if category:
        enterprise.memberships = [CategoryMembership(category_id=make_category(category).id, source=source)]
    db.session.add(enterprise)
    db.session.commit()
    return enterprise


def make_inspector(agency="A01", may_lead=True, valid_to=date(2030, 1, 1), expertise=(), user=True, **values):
    """An inspector with a certificate for the whole city, and an account of the same name."""
    number = next(_serial)
    staff_no = values.pop("staff_no", f"J{number:03d}")
    where = db.session.query(Agency).filter_by(code=agency).one()
    person = Inspector(
        staff_no=staff_no, name=f"样员{number}", agency_id=where.id, may_lead=may_lead, **values
    )
    if valid_to:
        person.certificates = [
            EnforcementCertificate(
                number=f"吉A{number:06d}", area_code="220100", valid_from=date(2024, 1, 1), valid_to=valid_to
            )
        ]
    person.expertise = [make_expertise(name) for name in expertise]
    if user:
        person.user_id = make_user(staff_no.lower(), roles.INSPECTOR, agency).id
    db.session.add(person)
    db.session.commit()
    return person


class Vocabularies:
    """What setting up enters: categories, bodies, regions, industries."""

    @remembered
    def __init__(self):
        ensure_vocabularies()


class World:
    """The people of a small bureau and the short way to a task in any state."""

    @remembered
    def __init__(self, enterprises=10, inspectors=6):
        ensure_vocabularies()
        self.clerk = make_user("clerk", roles.ROSTER_CLERK)
        self.planner = make_user("planner", roles.PLANNER)
        self.approver = make_user("approver", roles.APPROVER)
        self.witness = make_user("auditor", roles.AUDITOR)
        self.enterprises = [make_enterprise() for _ in range(enterprises)]
        self.inspectors = [make_inspector() for _ in range(inspectors)]

    def publish_items(self):
        items.publish_all_drafts(self.clerk, NOW - timedelta(days=60))

    def plan_line(self, versions, ppm=300_000, **values):
        """A line of a disclosed plan."""
        bureau = db.session.query(Agency).filter_by(is_bureau=True).one().id
        plan = planning.create_plan(YEAR, f"计划{next(_serial)}", bureau, self.planner)
        values = {
            "starts_on": DAY,
            "ends_on": date(YEAR, 5, 29),
            "stratification": Stratification.NONE,
        } | values
        shares = {version.id: ppm for version in versions}
        line = planning.add_line(plan, "抽查", shares, self.planner, lead_agency_id=bureau, **values)
        self.disclose(plan)
        return line

    def disclose(self, plan):
        planning.submit_plan(plan, self.planner)
        planning.approve_plan(plan, self.approver, NOW - timedelta(days=40))
        planning.file_plan(plan, "长司备〔2026〕1号", self.approver, NOW - timedelta(days=39))
        planning.disclose_plan(plan, self.planner, NOW - timedelta(days=38))

    def task(self, versions=None, **values):
        """A task in draft; `values` go to the plan line."""
        chosen = versions or [make_item(f"XC-{next(_serial):02d}")]
        self.publish_items()
        return tasks.create_task(self.plan_line(chosen, **values), self.planner, NOW)

    def freeze(self, task, **values):
        return freezing.freeze_roster_of(task, self.planner, self.witness, NOW, **values)

    def seed(self, task, values=None):
        return drawing.enter_seed(
            task, values or DICE, self.planner, self.witness, NOW + timedelta(hours=1), "照片"
        )

    def draw(self, task):
        return drawing.run_draw(task, self.planner, self.witness, NOW + timedelta(hours=1))

    def match(self, task):
        return matching.match_inspectors(task, self.planner, NOW + timedelta(hours=2))

    @remembered
    def drawn(self, **values):
        """A task that has been drawn."""
        task = self.task(**values)
        self.freeze(task)
        self.seed(task)
        self.draw(task)
        return task

    @remembered
    def disclosed(self, **values):
        """A task whose draw is disclosed; its visits wait for approval."""
        task = self.drawn(**values)
        self.match(task)
        matching.disclose_draw(task, self.planner, NOW + timedelta(hours=3))
        return task

    @remembered
    def open(self, **values):
        """A task whose visits may begin: disclosed, approved, filed, notified, scanned."""
        task = self.disclosed(**values)
        self.clear(task)
        return task

    def clear(self, task, moment=NOW + timedelta(hours=4)):
        """Everything that stands before the entries of a task."""
        self.approve(task, moment)
        self.prepare(task, moment)

    def approve(self, task, moment=NOW + timedelta(hours=4)):
        """Apply for every visit of a task and let the heads of its bodies approve."""
        assert applying.apply_for_task(task, APPLIED, self.planner, moment).refused == []
        bodies = sorted({item.agency.code for item in db.session.get(InspectionTask, task).items})
        for code in bodies:
            assert approving.approve_many(task, "同意", self.head(code), moment).refused == []

    def prepare(self, task, moment=NOW + timedelta(hours=4)):
        """File the visits of a task, issue and deliver the notices, scan the filings."""
        found = db.session.query(Visit).filter_by(task_id=task).order_by(Visit.id).all()
        numbers = {visit.number: f"长检备〔2026〕{visit.id}号" for visit in found}
        assert entering.file_visits(task, numbers, self.planner, moment).refused == []
        issued = notices.issue_notices(task, CONTACT, self.planner, moment)
        assert issued.refused == []
        for notice in issued.done:
            notices.deliver_notice(
                notice, notices.Delivery(DeliveryWay.DIRECT, moment, "前台"), self.planner, moment
            )
        for visit in [visit.id for visit in found]:
            entering.scan_entry(visit, "样机01", moment, self.planner, moment)

    def head(self, agency="A01"):
        """The head of a body; that of the bureau is the approver."""
        return (
            self.approver if agency == "A01" else make_user(f"head-{agency.lower()}", roles.APPROVER, agency)
        )


def clean(finding, **values):
    """A finding without a problem for every point of the item."""
    points = {point.id: (PointOutcome.NO_ISSUE, "") for point in finding.task_item.version.points}
    given = {
        "results": frozenset({ResultCode.NO_ISSUE}),
        "methods": frozenset({CheckMethod.ON_SITE}),
        "disposals": frozenset({Disposal.NONE_NEEDED}),
        "checked_on": finding.visit.planned_on,
        "points": points,
        "violation_on": values.get("checked_on", finding.visit.planned_on),
    }
    return Finding(**(given | values))


def _manager():
    from flask import current_app

    return current_app.appbuilder.sm
