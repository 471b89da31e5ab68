"""Code lists of the sample city as facts: agencies, regions, enterprise types, target categories, expertise.

Codes 2201xx, 2203xx and 2200xx are those of GB/T 2260 and of the statistics office; the legacy ones are read
from credit codes in use and have no official name here (R11). Functional zones without a code carry our own.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.vocabulary import AgencyLevel, CheckMethod, Disposal, ResultCode


@dataclass(frozen=True, slots=True)
class Agency:
    """部门: `name` is the form used in every file of the sample, `full_name` the one for documents."""

    code: str
    name: str
    full_name: str
    level: AgencyLevel
    is_bureau: bool = False
    mark: str = ""
    """机关代字: the agency in a document number."""
    review_authority: str = "长春市人民政府"
    """复议机关 for what the agency decides (R72)."""


@dataclass(frozen=True, slots=True)
class Region:
    """区划: a legacy code still occurs in identifiers but is no territory of today."""

    code: str
    name: str
    level: str
    parent: str | None
    legacy: bool = False


@dataclass(frozen=True, slots=True)
class EntityType:
    """企业类型: a code of the registration system and its name (R95); 9500 is unconfirmed, 9999 also met."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class TargetCategory:
    """分类名录: a category and the rule that suggests it.

    A target belongs to it when its industry code begins with one of the prefixes, or its scope of business
    or its enterprise type holds one of the words. What a rule finds is a guess until somebody confirms it.
    """

    name: str
    industry_prefixes: tuple[str, ...] = ()
    scope_words: tuple[str, ...] = ()
    type_words: tuple[str, ...] = ()

    def suggests(self, industry: str, scope: str, entity_type: str) -> bool:
        """True when the rule suggests this category for a target with these three columns."""
        return (
            industry.startswith(self.industry_prefixes)
            or any(word in scope for word in self.scope_words)
            or any(word in entity_type for word in self.type_words)
        )


BUREAU = "商务局"
MARKET_REGULATION = "市场监督管理局"
POLICE = "公安局"
ENVIRONMENT = "生态环境局"
TAXATION = "税务局"
EMERGENCY = "应急管理局"

AGENCIES = (
    Agency("A01", BUREAU, "长春市商务局", AgencyLevel.CITY, is_bureau=True, mark="长商"),
    Agency("A02", MARKET_REGULATION, "长春市市场监督管理局", AgencyLevel.CITY, mark="长市监"),
    Agency("A03", POLICE, "长春市公安局", AgencyLevel.CITY, mark="长公"),
    Agency("A04", ENVIRONMENT, "长春市生态环境局", AgencyLevel.CITY, mark="长环"),
    Agency(
        "A05",
        TAXATION,
        "国家税务总局长春市税务局",
        AgencyLevel.CITY,
        mark="长税",
        review_authority="国家税务总局吉林省税务局",
    ),
    Agency("A06", EMERGENCY, "长春市应急管理局", AgencyLevel.CITY, mark="长应急"),
)

PROVINCE, CITY = "220000", "220100"

REGIONS = (
    Region(PROVINCE, "吉林省", "省级", None),
    Region(CITY, "长春市", "地级市", PROVINCE),
    Region("220102", "南关区", "市辖区", CITY),
    Region("220103", "宽城区", "市辖区", CITY),
    Region("220104", "朝阳区", "市辖区", CITY),
    Region("220105", "二道区", "市辖区", CITY),
    Region("220106", "绿园区", "市辖区", CITY),
    Region("220112", "双阳区", "市辖区", CITY),
    Region("220113", "九台区", "市辖区", CITY),
    Region("220122", "农安县", "县", CITY),
    Region("220182", "榆树市", "县级市", CITY),
    Region("220183", "德惠市", "县级市", CITY),
    Region("220184", "公主岭市", "县级市", CITY),
    Region("220171", "长春经济技术开发区", "开发区", CITY),
    Region("220172", "长春净月高新技术产业开发区", "开发区", CITY),
    Region("220173", "长春高新技术产业开发区", "开发区", CITY),
    Region("220174", "长春汽车经济技术开发区", "开发区", CITY),
    Region("ZONE01", "长春新区", "功能区", CITY),
    Region("ZONE02", "中韩（长春）国际合作示范区", "功能区", CITY),
    Region("ZONE03", "长春莲花山生态旅游度假区", "功能区", CITY),
    Region("220101", "长春市市辖区", "登记用码", CITY, legacy=True),
    Region("220107", "登记机关码 220107（高新、长春新区一带）", "登记用码", CITY, legacy=True),
    Region("220108", "登记机关码 220108（经开一带）", "登记用码", CITY, legacy=True),
    Region("220109", "登记机关码 220109（净月一带）", "登记用码", CITY, legacy=True),
    Region("220115", "登记机关码 220115（含义未核实）", "登记用码", CITY, legacy=True),
    Region("220137", "登记机关码 220137（莲花山一带）", "登记用码", CITY, legacy=True),
    Region("220181", "九台市（2014 年改区前）", "旧区划", CITY, legacy=True),
    Region("220381", "公主岭市（2020 年由长春市代管前）", "旧区划", CITY, legacy=True),
)

_ENTITY_TYPES = """
1100 有限责任公司  1110 有限责任公司(国有独资)  1130 有限责任公司(自然人投资或控股)
1151 有限责任公司(自然人独资)  1152 有限责任公司(自然人投资或控股的法人独资)
1153 有限责任公司(非自然人投资或控股的法人独资)  1190 其他有限责任公司  1200 股份有限公司
1210 股份有限公司(上市)  1219 其他股份有限公司(上市)  1222 股份有限公司(非上市、自然人投资或控股)
1229 其他股份有限公司(非上市)  2100 有限责任公司分公司  2200 股份有限公司分公司
2212 股份有限公司分公司(上市、自然人投资或控股)  3100 全民所有制  3200 集体所有制  3300 股份制
3400 股份合作制  3500 联营  4300 内资非法人企业分支机构  4530 合伙企业  4531 普通合伙企业
4532 特殊普通合伙企业  4533 有限合伙企业  4540 个人独资企业  5110 有限责任公司(中外合资)
5120 有限责任公司(中外合作)  5130 有限责任公司(外商合资)  5140 有限责任公司(外国自然人独资)
5150 有限责任公司(外国法人独资)  5210 股份有限公司(中外合资、未上市)  5220 股份有限公司(中外合资、上市)
5310 非公司外商投资企业(中外合作)  5410 普通合伙企业(外商投资)  5420 特殊普通合伙企业(外商投资)
5430 有限合伙企业(外商投资)  6110 有限责任公司(台港澳与境内合资)  6120 有限责任公司(台港澳与境内合作)
6130 有限责任公司(台港澳合资)  6150 有限责任公司(台港澳法人独资)
6160 有限责任公司(台港澳非法人经济组织独资)  6170 有限责任公司(台港澳与外国投资者合资)
6210 股份有限公司(台港澳与境内合资、未上市)  6220 股份有限公司(台港澳与境内合资、上市)
6230 股份有限公司(台港澳合资、未上市)  6260 股份有限公司(台港澳与外国投资者合资、上市)
6310 非公司台、港、澳企业(台港澳与境内合作)  6320 非公司台、港、澳企业(台港澳合资)
7100 外国(地区)公司分支机构  7200 外国(地区)企业常驻代表机构  7300 外国(地区)企业在中国境内从事经营活动
9100 农民专业合作社  9500 个体工商户
"""

_WORDS = _ENTITY_TYPES.split()
ENTITY_TYPES = tuple(EntityType(code, name) for code, name in zip(_WORDS[::2], _WORDS[1::2], strict=True))

CARS, FUEL, USED_CARS, SCRAP_CARS = "汽车销售", "成品油零售", "二手车流通", "报废机动车回收"
AUCTIONS, RECYCLING, USED_APPLIANCES = "拍卖", "再生资源回收", "旧电器电子产品流通"
PREPAID_CARDS, LARGE_RETAIL, CATERING = "单用途商业预付卡", "大型零售", "餐饮"
HOME_SERVICE, BEAUTY, LAUNDRY, REPAIR = "家庭服务", "美容美发", "洗染", "家电维修"
FRANCHISING, FOREIGN_INVESTMENT, LABOUR_EXPORT = "商业特许经营", "外商投资企业", "对外劳务合作"

TARGET_CATEGORIES = (
    TargetCategory(CARS, ("5261",), ("汽车新车销售",)),
    TargetCategory(FUEL, ("5265",), ("成品油零售", "汽油零售", "柴油零售")),
    TargetCategory(USED_CARS, ("5262",), ("二手车",)),
    TargetCategory(SCRAP_CARS, (), ("报废机动车", "报废汽车")),
    TargetCategory(AUCTIONS, ("5182", "5183"), ("拍卖",)),
    TargetCategory(RECYCLING, ("5191",), ("再生资源回收", "废旧物资回收")),
    TargetCategory(USED_APPLIANCES, ("5295",), ("旧电器", "旧家用电器", "旧电子产品")),
    TargetCategory(PREPAID_CARDS, (), ("单用途商业预付卡",)),
    TargetCategory(LARGE_RETAIL, ("5211", "5212"), ("百货商场", "购物中心", "大型超市")),
    TargetCategory(CATERING, ("62",), ("餐饮服务", "小吃服务")),
    TargetCategory(HOME_SERVICE, ("8010",), ("家政服务", "家庭服务")),
    TargetCategory(BEAUTY, ("8040",), ("美容服务", "美发服务", "理发服务")),
    TargetCategory(LAUNDRY, ("8030",), ("洗染服务", "洗衣服务", "干洗服务")),
    TargetCategory(REPAIR, ("8131", "8132"), ("家用电器修理", "家电维修")),
    TargetCategory(FRANCHISING, (), ("特许经营",)),
    TargetCategory(FOREIGN_INVESTMENT, (), (), ("外商", "外国", "中外", "台港澳", "台、港、澳")),
    TargetCategory(LABOUR_EXPORT, (), ("对外劳务合作",)),
)

CAR_TRADE, OIL, CARDS_AND_RETAIL, AUCTION_TRADE = "汽车流通", "成品油流通", "预付卡与零售", "拍卖监管"
RESOURCES, RESIDENT_SERVICES, FOREIGN_TRADE = "再生资源与报废车", "居民服务", "外资外经"
METROLOGY, ADVERTISING, CREDIT_SUPERVISION = "计量监管", "广告监管", "信用监管"
PUBLIC_ORDER, POLLUTION, TAX_INSPECTION, WORK_SAFETY = "治安管理", "环境执法", "税务检查", "安全生产"

EXPERTISE = (
    CAR_TRADE,
    OIL,
    CARDS_AND_RETAIL,
    AUCTION_TRADE,
    RESOURCES,
    RESIDENT_SERVICES,
    FOREIGN_TRADE,
    METROLOGY,
    ADVERTISING,
    CREDIT_SUPERVISION,
    PUBLIC_ORDER,
    POLLUTION,
    TAX_INSPECTION,
    WORK_SAFETY,
)
"""业务专长 in the order in which a roster lists them."""

RESULT_CODES = tuple((result.value, result.label) for result in ResultCode)
"""检查结果代码 1-12 and A-G, codes 2 and D worded for commerce (R53)."""
DISPOSALS = tuple((disposal.value, disposal.label) for disposal in Disposal)
"""后续处置 1-6, several may apply (R65)."""
CHECK_METHODS = tuple((method.value, method.label) for method in CheckMethod)
"""检查方式, of which only the on-site one counts as an entry (R48)."""
