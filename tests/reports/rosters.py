"""The places, people, items and enterprises of the small world."""

from datetime import date

from flask_appbuilder.security.sqla.models import User

from app.domain.vocabulary import (
    EntityStatus,
    IdentifierKind,
    MembershipSource,
    VersionState,
)
from app.models import (
    Agency,
    CategoryMembership,
    CheckPoint,
    EnforcementCertificate,
    Enterprise,
    Industry,
    InspectionItem,
    Inspector,
    ItemVersion,
    LegalBasis,
    Region,
    TargetCategory,
)

DISTRICTS = (("220102", "南关区"), ("220103", "宽城区"), ("220104", "朝阳区"), ("220122", "农安县"))


class Rosters:
    """Builder of the rosters; `session` and `counter` belong to the world."""

    def add(self, made):
        self.session.add(made)
        self.session.flush()
        return made

    def number(self):
        self.counter += 1
        return self.counter

    def people_and_places(self):
        self.add(Region(code="220100", name="长春市", level="地级市", is_ours=True))
        for code, name in DISTRICTS:
            level = "县" if name.endswith("县") else "市辖区"
            self.add(Region(code=code, name=name, level=level, parent_code="220100", is_ours=True))
        self.add(Region(code="220101", name="市辖区", level="登记用码", is_ours=True, is_legacy=True))
        self.add(Industry(code="52", name="零售业", level="大类", parent_code="F"))
        self.clerk = self.add(
            User(first_name="三", last_name="张", username="clerk", email="clerk@example.cn")
        )
        self.bureau = self.agency("A01", "长春市商务局", "商务局", is_bureau=True)
        self.market = self.agency("A02", "长春市市场监督管理局", "市场监督管理局")
        self.police = self.agency("A03", "长春市公安局", "公安局")
        self.staff = {
            agency.id: [self.inspector(agency, name) for name in names]
            for agency, names in ((self.bureau, ["王甲", "李乙", "赵丙"]), (self.market, ["周丁", "吴戊"]))
        }

    def agency(self, code, name, short, **more):
        return self.add(Agency(code=code, name=name, short_name=short, **more))

    def inspector(self, agency, name):
        number = self.number()
        person = self.add(Inspector(staff_no=f"S{number:04d}", name=name, agency_id=agency.id, may_lead=True))
        self.add(
            EnforcementCertificate(
                inspector_id=person.id,
                number=f"0701{number:06d}",
                valid_from=date(2024, 1, 1),
                valid_to=date(2028, 12, 31),
            )
        )
        return person

    def checklist(self):
        self.dealers = self.category("汽车销售")
        self.issuers = self.category("单用途商业预付卡")
        self.recyclers = self.category("再生资源回收")
        self.cars = self.item("SW-01", "汽车销售行为检查", self.bureau, self.dealers)
        self.cards = self.item("SW-02", "单用途卡发卡企业检查", self.bureau, self.issuers, joint=True)
        self.licences = self.item("SJ-01", "登记事项检查", self.market, self.issuers, joint=True)
        self.recycling = self.item("SW-03", "再生资源回收备案检查", self.bureau, self.recyclers)

    def category(self, name):
        return self.add(TargetCategory(code=f"C{self.number()}", name=name))

    def item(self, code, name, agency, category, *, joint=False):
        item = self.add(InspectionItem(code=code, field="流通", agency_id=agency.id))
        version = self.add(
            ItemVersion(
                item_id=item.id,
                number=1,
                name=name,
                target_text=category.name,
                content=f"{name}的内容",
                category_id=category.id,
                joint_applicable=joint,
                state=VersionState.PUBLISHED,
            )
        )
        self.add(LegalBasis(version_id=version.id, title="示例管理办法", article="第十条"))
        for ordinal, text in enumerate(("是否按规定备案", "是否明示价格和合同条款"), 1):
            self.add(CheckPoint(version_id=version.id, ordinal=ordinal, text=text))
        return version

    def enterprises(self):
        self.firms = [self.enterprise(number) for number in range(1, 41)]

    def enterprise(self, number):
        code, name = DISTRICTS[number % 3]
        firm = self.add(
            Enterprise(
                identifier=f"91220101MA{number:08d}",
                identifier_kind=IdentifierKind.UNIFIED,
                name=f"{name}示例商贸{number:02d}号有限公司",
                status=EntityStatus.EXISTING,
                territory_code=code if number != 40 else None,
                registration_authority="220101",
                industry_code="5261" if number % 2 else "5212",
                address=f"{name}样例路{number}号",
            )
        )
        for category in (self.dealers, self.issuers):
            self.add(
                CategoryMembership(
                    category_id=category.id, enterprise_id=firm.id, source=MembershipSource.FILE
                )
            )
        return firm
