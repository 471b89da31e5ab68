"""The sample's checklist, items of partner agencies for joint inspections (R74); all still to be verified."""

from __future__ import annotations

from functools import partial

from app.reference import codes
from app.sample.checklist import DOCUMENTS, KEY, ON_SITE, ONLINE, TEST, Basis, Law, SampleItem, lines

_METROLOGY_LAW = Law("中华人民共和国计量法")
_FUEL_METROLOGY_RULES = Law("加油站计量监督管理办法", "质检总局令2002年第35号")
_ADVERTISING_LAW = Law("中华人民共和国广告法")
_PUBLICITY_RULES = Law("企业信息公示暂行条例", "国务院令第654号")
_VEHICLE_RULES = Law("机动车登记规定", "公安部令第164号")
_SCRAP_RULES = Law("报废机动车回收管理办法", "国务院令第715号")
_METAL_RULES = Law("废旧金属收购业治安管理办法", "公安部令第16号")
_WASTE_LAW = Law("中华人民共和国固体废物污染环境防治法")
_AIR_LAW = Law("中华人民共和国大气污染防治法")
_INVOICE_RULES = Law("中华人民共和国发票管理办法", "国务院令第587号")
_CHEMICALS_RULES = Law("危险化学品安全管理条例", "国务院令第591号")
_SAFETY_LAW = Law("中华人民共和国安全生产法")

_market = partial(
    SampleItem,
    agency=codes.MARKET_REGULATION,
    minimum=5,
    maximum=20,
    methods=(ON_SITE,),
    partners=(codes.BUREAU,),
)
_police = partial(_market, agency=codes.POLICE, field="治安管理", expertise=codes.PUBLIC_ORDER)
_environment = partial(_market, agency=codes.ENVIRONMENT, field="生态环境监管", expertise=codes.POLLUTION)
_tax = partial(_market, agency=codes.TAXATION, field="税务检查", expertise=codes.TAX_INSPECTION)
_safety = partial(_market, agency=codes.EMERGENCY, field="安全生产监管", expertise=codes.WORK_SAFETY)

MARKET_ITEMS = (
    _market(
        code="MARKET-01",
        name="强制检定计量器具检查",
        content="加油机、电子秤等强制检定计量器具是否在检定有效期内使用",
        points=lines("""
            在用加油机、电子秤有检定合格标志|逐台查看
            检定证书在有效期内|核对证书
            铅封完好、未擅自改动|逐台查看
            出油量误差在允许范围内|用标准器实测
        """),
        bases=(Basis(_METROLOGY_LAW, "第九条"), Basis(_FUEL_METROLOGY_RULES)),
        field="计量监管",
        target="使用强制检定计量器具的经营者",
        categories=(codes.FUEL, codes.SCRAP_CARS, codes.RECYCLING, codes.LARGE_RETAIL),
        expertise=codes.METROLOGY,
        methods=(ON_SITE, TEST),
    ),
    _market(
        code="MARKET-02",
        name="广告内容检查",
        content="店内、网页和其他媒介的广告是否真实、合法，有无绝对化用语或虚假内容",
        points=lines("""
            价格、优惠和期限表述准确|查看门店与网页
            无绝对化用语|查看门店与网页
            引用数据有出处|要求提供证明
        """),
        bases=(Basis(_ADVERTISING_LAW),),
        field="广告监管",
        target="广告主",
        categories=(codes.CARS, codes.PREPAID_CARDS, codes.BEAUTY, codes.LARGE_RETAIL),
        expertise=codes.ADVERTISING,
        methods=(ON_SITE, ONLINE),
        remote=True,
    ),
    _market(
        code="MARKET-03",
        name="年度报告公示信息检查",
        content="年度报告是否按期公示，通信地址、存续状态、网站网店等信息是否真实",
        points=lines("""
            年度报告已按期公示|公示系统查询
            住所可以联系|实地或信函核实
            网站、网店信息与实际一致|网络查看
            股东出资等信息与财务资料相符|核对报表
        """),
        bases=(Basis(_PUBLICITY_RULES, "第十四条"),),
        field="信用监管",
        target="企业",
        categories=(
            codes.CARS,
            codes.USED_CARS,
            codes.AUCTIONS,
            codes.PREPAID_CARDS,
            codes.FOREIGN_INVESTMENT,
        ),
        expertise=codes.CREDIT_SUPERVISION,
        methods=(DOCUMENTS, ONLINE, ON_SITE),
        remote=True,
    ),
)

POLICE_ITEMS = (
    _police(
        code="POLICE-01",
        name="二手车和报废机动车来源核查",
        content="交易、回收的车辆有无涉嫌盗抢、拼装，营运车辆解体监督是否落实",
        points=lines("""
            车辆识别代号、发动机号未凿改|抽查在场车辆
            车辆状态与登记系统一致|系统查询
            监督解体记录齐全|查看记录与录像
        """),
        bases=(Basis(_VEHICLE_RULES), Basis(_SCRAP_RULES, "第十条")),
        target="二手车经营主体和报废机动车回收企业",
        categories=(codes.USED_CARS, codes.SCRAP_CARS),
    ),
    _police(
        code="POLICE-02",
        name="废旧金属收购登记检查",
        content="收购生产性废旧金属是否查验证明并如实登记，有无收购禁止物品",
        points=lines("""
            收购登记项目齐全|抽查登记簿，不抄录证件号
            登记保存期限符合要求|查看最早一页日期
            库存中无禁止收购的物品|实地查看
        """),
        bases=(Basis(_METAL_RULES),),
        target="再生资源回收经营者",
        categories=(codes.RECYCLING,),
    ),
)

ENVIRONMENT_ITEMS = (
    _environment(
        code="ENVIRON-01",
        name="拆解和回收场所污染防治检查",
        content="废油、废电池等危险废物的贮存、转移是否合规，场地防渗和废水收集是否有效",
        points=lines("""
            危险废物分类贮存并有标识|实地查看
            转移联单与台账一致|核对联单
            防渗和导流设施完好|实地查看
            废水不外排或达标排放|查看设施运行记录
        """),
        bases=(Basis(_WASTE_LAW),),
        target="报废机动车回收企业、再生资源回收企业",
        categories=(codes.SCRAP_CARS, codes.RECYCLING),
        category=KEY,
        maximum=None,
    ),
    _environment(
        code="ENVIRON-02",
        name="油气回收设施检查",
        content="加油站是否安装并正常使用油气回收装置",
        points=lines("""
            油气回收装置已安装|实地查看
            气液比、密闭性检测合格|查看检测报告或现场检测
            运行和维护记录齐全|查看记录
        """),
        bases=(Basis(_AIR_LAW, "第四十七条"),),
        target="加油站",
        categories=(codes.FUEL,),
        methods=(ON_SITE, TEST),
    ),
    _environment(
        code="ENVIRON-03",
        name="干洗溶剂和废气治理检查",
        content="干洗设备废气收集、废溶剂处置是否符合要求",
        points=lines("""
            干洗机密闭、冷凝回收正常|实地查看
            废溶剂贮存和转移有记录|查看台账与联单
            排气口位置符合要求|实地查看
        """),
        bases=(Basis(_AIR_LAW),),
        target="洗染店、水洗厂",
        categories=(codes.LAUNDRY,),
    ),
)

TAX_ITEMS = (
    _tax(
        code="TAX-01",
        name="发票开具和保管检查",
        content="是否如实开具发票，有无开具与实际业务不符的发票，售卡和消费环节开票是否合规",
        points=lines("""
            发票与合同、收款一致|抽查近三个月不少于 10 份
            售卡环节未重复开具增值税专用发票|查看开票记录
            存根和电子数据保存完整|查看保管情况
        """),
        bases=(Basis(_INVOICE_RULES),),
        target="汽车销售、二手车经营和发卡企业",
        categories=(codes.CARS, codes.USED_CARS, codes.PREPAID_CARDS),
        methods=(DOCUMENTS, ON_SITE),
        remote=True,
    ),
    _tax(
        code="TAX-02",
        name="成品油零售涉税数据检查",
        content="加油数据、进销存与申报销售额是否一致",
        points=lines("""
            加油机数据与申报销量相符|数据比对
            进项发票与购油台账对应|抽查发票
            各收款渠道收入全部入账|查看收款记录
        """),
        bases=(Basis(_INVOICE_RULES),),
        target="成品油零售经营企业",
        categories=(codes.FUEL,),
        methods=(DOCUMENTS, ONLINE),
        remote=True,
    ),
)

SAFETY_ITEMS = (
    _safety(
        code="SAFETY-01",
        name="加油站危险化学品经营安全检查",
        content="经营许可是否有效，安全管理制度、人员培训和应急预案是否落实",
        points=lines("""
            危险化学品经营许可证有效|查看证书
            主要负责人、安全员经考核合格|查看合格证明
            应急预案演练有记录|查看记录
            卸油、动火作业按规程进行|查看作业票
        """),
        bases=(Basis(_CHEMICALS_RULES),),
        target="加油站",
        categories=(codes.FUEL,),
        category=KEY,
        maximum=None,
    ),
    _safety(
        code="SAFETY-02",
        name="大型商场、超市安全生产检查",
        content="安全生产责任制、隐患排查和疏散通道是否落实",
        points=lines("""
            安全生产责任制成文并考核|查看文件
            隐患排查和整改有记录|查看台账
            疏散通道、安全出口畅通|实地查看
        """),
        bases=(Basis(_SAFETY_LAW),),
        target="大型零售企业",
        categories=(codes.LARGE_RETAIL,),
    ),
)

PARTNER_ITEMS = MARKET_ITEMS + POLICE_ITEMS + ENVIRONMENT_ITEMS + TAX_ITEMS + SAFETY_ITEMS
