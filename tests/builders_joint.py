"""Builders of a yearly plan that several departments make together."""

from datetime import date

from app.extensions import db
from app.models import Agency
from app.security import roles
from app.services import planning
from app.services.joint import lines, offers
from tests.builders import DAY, NOW, YEAR, World, make_enterprise, make_inspector, make_item, make_user
from tests.remembering import remembered

ENDS = date(YEAR, 5, 29)


def agency(code):
    return db.session.query(Agency).filter_by(code=code).one()


def make_district(code="D04", name="朝阳区商务局", region="220104"):
    """The commerce bureau of a district."""
    from app.domain.vocabulary import AgencyLevel

    found = Agency(code=code, name=name, short_name=name, level=AgencyLevel.DISTRICT, region_code=region)
    db.session.add(found)
    db.session.commit()
    return found


class JointWorld(World):
    """Two departments with an item each for the same kind of enterprise, and a draft plan."""

    @remembered
    def __init__(self, enterprises=10, inspectors=4):
        super().__init__(enterprises, inspectors)
        self.own = make_item("XC-51", partner_text="市场监督管理局、税务局、海关")
        self.partner = make_item("SJ-51", agency="A02", joint_applicable=True)
        self.publish_items()
        self.market = make_user("head-a02", roles.APPROVER, "A02")
        self.partners = [make_inspector(agency="A02") for _ in range(inspectors)]
        self.plan = planning.create_plan(YEAR, "年度计划", agency("A01").id, self.planner)

    def offer(self, version, ppm, actor, **values):
        given = {"name": f"抽查{version.item.code}", "starts_on": DAY, "ends_on": ENDS} | values
        wanted = offers.Wanted(items={version.id: ppm}, **given)
        return offers.offer_line(self.plan, version.item.agency_id, wanted, actor, NOW)

    def offered(self):
        """Both departments have offered a line."""
        return [
            self.offer(self.own, 500_000, self.planner),
            self.offer(self.partner, 300_000, self.market),
        ]

    @remembered
    def formed(self, **values):
        """A joint line that waits for its lead."""
        keys = values.pop("offers", None) or self.offered()
        given = {
            "name": "汽车销售联合抽查",
            "offers": keys,
            "lead_agency_id": agency("A01").id,
            "starts_on": DAY,
            "ends_on": ENDS,
        }
        return lines.form_joint(self.plan, lines.JointDraft(**(given | values)), self.planner, NOW)

    @remembered
    def asked(self, **values):
        """A joint line about which the departments are asked."""
        joint = self.formed(**values)
        lines.confirm_joint(joint, self.planner, NOW)
        return joint

    @remembered
    def accepted(self, **values):
        """A joint line that the other department accepts."""
        joint = self.asked(**values)
        lines.answer(joint, agency("A02").id, True, "", self.market, NOW)
        return joint

    @remembered
    def agreed(self, **values):
        """The key of the line of the plan that a joint line has become."""
        return lines.agree(self.accepted(**values), self.planner, NOW)

    def joint_task(self, **values):
        """A draft task of an agreed joint line."""
        from app.services import tasks

        line = self.agreed(**values)
        self.disclose(self.plan)
        return tasks.create_task(line, self.planner, NOW)


def more_enterprises(count, category):
    return [make_enterprise(category) for _ in range(count)]
