"""An office at work: everything that its people do through the pages, by the buttons they would press."""

import time
from datetime import UTC, datetime, timedelta

from app.extensions import db
from app.models import Agency, Draw, InspectionTask
from app.views.base.format import CLOCK
from tests.builders import PASSWORD, World, make_item
from tests.views.pages import enter

DICE = "31415926535897932384"
WITNESS = {"witness": "auditor", "witness_password": PASSWORD}
DICE_PLAN = {"source_1": "dice-d10", "event_1": "ceremony", "algorithm": "sha256"}


def today():
    return datetime.now(CLOCK).date()


class Office:
    """The people of the office at their desks."""

    def __init__(self, app):
        self.app, self.world, self.clients = app, World(), {}
        self.versions = [make_item("XC-01"), make_item("XC-02")]
        self.world.publish_items()

    def post(self, username, address, **data):
        client = self.clients.setdefault(username, None) or enter(self.app, username)
        self.clients[username] = client
        answer = client.post(address, data=data, follow_redirects=True)
        db.session.expire_all()
        return answer

    def plan(self, starts=None, percent=20):
        """A disclosed plan with one line of two items."""
        starts = starts or today()
        self.post("planner", "/plans/create", year=starts.year, title="年度计划", agency=self.bureau())
        line = {
            "name": "汽车抽查",
            "lead_agency": self.bureau(),
            "starts_on": starts,
            "ends_on": starts + timedelta(days=30),
            "stratification": "none",
            "scope": "targeted",
            "batches": 1,
            "version": [version.id for version in self.versions],
        }
        shares = {f"percent-{version.id}": str(percent) for version in self.versions}
        self.post("planner", "/plans/1/lines/add", **line, **shares)
        self.post("planner", "/plans/1/submit")
        self.post("approver", "/plans/1/approve")
        self.post("planner", "/plans/1/file", filing_no="长司备〔2026〕1号")
        return self.post("planner", "/plans/1/disclose")

    def frozen(self, **values):
        """A task whose roster is frozen; `values` go to the plan."""
        self.plan(**values)
        self.post("planner", "/tasks/create", line=1, publish_list=1)
        return self.post("planner", "/tasks/1/freeze", **DICE_PLAN, **WITNESS)

    def drawn(self, **values):
        """A task whose targets are drawn, as soon as the seed may be entered."""
        self.frozen(**values)
        while datetime.now(UTC) < db.session.query(Draw).one().seed_after:
            time.sleep(0.05)
        self.post("planner", "/tasks/1/seed", value_0=DICE, evidence="现场照片", **WITNESS)
        return self.post("planner", "/tasks/1/draw", **WITNESS)

    def disclosed(self, **values):
        """A task whose draw is disclosed; its visits wait for approval."""
        self.drawn(**values)
        self.post("planner", "/tasks/1/match")
        return self.post("planner", "/tasks/1/disclose")

    def opened(self):
        """A task whose visits may begin."""
        answer = self.disclosed()
        self.world.clear(1, datetime.now(UTC))
        return answer

    def task(self):
        return db.session.get(InspectionTask, 1)

    @staticmethod
    def bureau():
        return db.session.query(Agency).filter_by(is_bureau=True).one().id
