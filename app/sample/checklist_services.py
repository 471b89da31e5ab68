"""The sample's checklist, retail, services, foreign trade: prepaid cards, shops, residents' services."""

from __future__ import annotations

from functools import partial

from app.reference import codes
from app.sample.checklist import DOCUMENTS, KEY, ON_SITE, ONLINE, Basis, Law, SampleItem, lines

_CARD_RULES = Law("单用途商业预付卡管理办法（试行）", "商务部令2012年第9号")
_PROMOTION_RULES = Law(
    "零售商促销行为管理办法", "商务部、发展改革委、公安部、税务总局、工商总局令2006年第18号"
)
_SUPPLIER_RULES = Law(
    "零售商供应商公平交易管理办法", "商务部、发展改革委、公安部、税务总局、工商总局令2006年第17号"
)
_CATERING_RULES = Law("餐饮业经营管理办法（试行）", "商务部、发展改革委令2014年第4号")
_WASTE_LAW = Law("中华人民共和国反食品浪费法")
_HOME_RULES = Law("家庭服务业管理暂行办法", "商务部令2012年第11号")
_BEAUTY_RULES = Law("美容美发业管理暂行办法", "商务部令2004年第19号")
_LAUNDRY_RULES = Law("洗染业管理办法", "商务部、工商总局、环保总局令2007年第5号")
_REPAIR_RULES = Law("家电维修服务业管理办法", "商务部令2012年第7号")
_FRANCHISE_RULES = Law("商业特许经营管理条例", "国务院令第485号")
_INVESTMENT_LAW = Law("中华人民共和国外商投资法")
_REPORT_RULES = Law("外商投资信息报告办法", "商务部、市场监管总局令2019年第2号")
_LABOUR_RULES = Law("对外劳务合作管理条例", "国务院令第620号")

_cards = partial(
    SampleItem,
    field="单用途商业预付卡",
    agency=codes.BUREAU,
    target="零售、住宿餐饮、居民服务业发卡企业",
    categories=(codes.PREPAID_CARDS,),
    expertise=codes.CARDS_AND_RETAIL,
    minimum=5,
    maximum=30,
    methods=(ON_SITE,),
    partners=(codes.MARKET_REGULATION, codes.TAXATION),
)
_services = partial(
    SampleItem,
    agency=codes.BUREAU,
    expertise=codes.RESIDENT_SERVICES,
    minimum=5,
    maximum=20,
    methods=(ON_SITE,),
    partners=(codes.MARKET_REGULATION,),
)
_home = partial(
    _services, field="家庭服务业", target="家庭服务机构", categories=(codes.HOME_SERVICE,), maximum=50
)
_beauty = partial(_services, field="美容美发业", target="美容美发经营者", categories=(codes.BEAUTY,))
_laundry = partial(_services, field="洗染业", target="洗染店、水洗厂", categories=(codes.LAUNDRY,))
_repair = partial(_services, field="家电维修服务业", target="家电维修经营者", categories=(codes.REPAIR,))
_retail = partial(
    _services,
    field="零售商经营行为",
    target="单店营业面积 3000 平方米以上的零售商",
    categories=(codes.LARGE_RETAIL,),
    expertise=codes.CARDS_AND_RETAIL,
)

CARD_ITEMS = (
    _cards(
        code="CARD-01",
        name="发卡备案检查",
        content="开展发卡业务之日起 30 日内是否备案，备案级别与企业类型是否相符",
        points=lines("""
            有备案回执且信息未过期|查看回执与系统记录
            营业执照与备案主体一致|核对证照
            规模发卡、集团、品牌企业的备案级别正确|查看财务数据与组织结构
        """),
        bases=(Basis(_CARD_RULES, "第七条（条号待核）"),),
        methods=(DOCUMENTS, ON_SITE),
        remote=True,
    ),
    _cards(
        code="CARD-02",
        name="实名登记制度检查",
        content="购买记名卡或一次购买不记名卡 1 万元（含）以上时，是否留存购卡人身份和联系信息",
        points=lines("""
            购卡登记制度成文|查看制度文本
            达到金额的购卡均有登记|抽查不少于 20 笔，只记抽查笔数和缺失笔数
            登记资料安全保管|查看存放方式和权限
        """),
        bases=(Basis(_CARD_RULES, "第十五条、第三十七条"),),
        verified=True,
    ),
    _cards(
        code="CARD-03",
        name="非现金购卡制度检查",
        content="单位一次购卡 5000 元（含）以上、个人 5 万元（含）以上是否以银行转账支付并逐笔登记",
        points=lines("""
            达到金额的购卡均为转账|抽查银行回单
            转出、转入账户名称和金额逐笔登记|核对登记簿
            未拆分付款规避限额|按购卡人和日期汇总比对
        """),
        bases=(Basis(_CARD_RULES, "第十七条、第三十七条"),),
        verified=True,
    ),
    _cards(
        code="CARD-04",
        name="限额发行检查",
        content="单张记名卡不超过 5000 元、单张不记名卡不超过 1000 元",
        points=lines("""
            在售卡面值在限额内|查看售卡系统面值设置
            充值后余额未超过限额|抽查余额较高的 20 张卡
            宣传内容未诱导超限购卡|查看门店和网络宣传
        """),
        bases=(Basis(_CARD_RULES, "第十八条、第三十七条"),),
        verified=True,
    ),
    _cards(
        code="CARD-05",
        name="预收资金管理和存管检查",
        content="预收资金是否只用于主营业务，规模、集团、品牌发卡企业的存管比例是否分别达到 20%、30%、40%",
        points=lines("""
            存管协议在有效期内|查看协议
            存管余额达到规定比例|银行对账单与预收余额比对
            预收资金未用于不动产、股权、证券投资或借贷|查看科目余额表
            按期报送业务报表|系统查看填报记录
        """),
        bases=(Basis(_CARD_RULES, "第二十三条至第二十六条（条号待核）"),),
        methods=(DOCUMENTS, ON_SITE),
        remote=True,
    ),
)

RETAIL_ITEMS = (
    _retail(
        code="RETAIL-01",
        name="促销活动备案检查",
        content="以新店开业、节庆、店庆等名义开展的促销活动结束后 15 日内是否备案",
        points=lines("""
            活动结束后 15 日内已备案|核对活动日期与备案日期
            备案的促销规则与现场明示一致|对照海报与备案材料
            大型活动有安全应急预案|查看预案文本
        """),
        bases=(Basis(_PROMOTION_RULES, "第五条、第二十条"),),
        methods=(DOCUMENTS,),
        remote=True,
        verified=True,
    ),
    _retail(
        code="RETAIL-02",
        name="零售商滥用优势地位行为检查",
        content="是否存在拒收定制商品、约定外承担损耗、无故下架、强迫返利或指定服务等行为",
        points=lines("""
            供货合同未约定由供应商承担合同外损耗|抽查合同不少于 5 份
            退货、下架有约定和记录|查看退货单与通知
            未以返利或指定服务作为交易条件|查看费用结算单
            收费项目均有合同约定|账目与合同比对
        """),
        bases=(Basis(_SUPPLIER_RULES, "第三条、第六条"),),
        target="年销售额 1000 万元以上的零售商",
        methods=(DOCUMENTS, ON_SITE),
        partners=(codes.MARKET_REGULATION, codes.TAXATION),
        verified=True,
    ),
)

RESIDENT_ITEMS = (
    _services(
        code="CATER-01",
        name="禁设最低消费和节俭提醒检查",
        content="是否设置最低消费，是否建立节俭消费提醒制度并在醒目位置张贴标识",
        points=lines("""
            菜单、包间告示和平台页面无最低消费|查看门店与平台页面
            收银记录无最低消费差额|抽查账单不少于 10 份
            醒目位置有节约标识|实地查看
            主动提示适量点餐和打包|现场观察
        """),
        bases=(Basis(_CATERING_RULES, "第十二条、第二十一条（条号待核）"), Basis(_WASTE_LAW, "第七条")),
        field="餐饮业经营",
        target="餐饮经营者",
        categories=(codes.CATERING,),
    ),
    _home(
        code="HOME-01",
        name="证照悬挂和收费公开检查",
        content="经营场所是否悬挂证照，是否公开服务项目、收费标准和投诉监督电话",
        points=lines("""
            营业执照悬挂在醒目位置|实地查看
            服务项目和收费标准公开|查看公示栏
            投诉渠道公开且可用|现场拨打或扫码验证
        """),
        bases=(Basis(_HOME_RULES, "第十条（条号待核）"),),
    ),
    _home(
        code="HOME-02",
        name="服务合同和服务员档案检查",
        content="是否与消费者订立书面合同，是否建立服务员工作档案和服务质量跟踪制度，有无扣押证件、拖欠工资",
        points=lines("""
            合同必备条款齐全|抽查合同不少于 5 份
            服务员工作档案齐备|抽查档案，不抄录证件号和健康信息
            投诉处理有记录|查看投诉台账
            未扣押证件原件、未收取高额管理费|询问服务员并查看协议
        """),
        bases=(Basis(_HOME_RULES),),
        methods=(ON_SITE, DOCUMENTS),
    ),
    _beauty(
        code="BEAUTY-01",
        name="证照和价目明示检查",
        content="是否在醒目位置明示营业执照、卫生许可证、服务项目和收费标准",
        points=lines("""
            营业执照、卫生许可证悬挂|实地查看
            服务项目和价格明示|查看价目表
            套餐、会员价的规则写明|查看价目表与合同
        """),
        bases=(Basis(_BEAUTY_RULES),),
    ),
    _beauty(
        code="BEAUTY-02",
        name="用品展示、服务告知和消费凭证检查",
        content="是否展示所用用品、器械，是否事先询问并如实告知，是否出具消费凭证",
        points=lines("""
            在用用品、器械有名称和来源|查看陈列与进货凭证
            服务前询问要求并告知注意事项|查看告知单或询问顾客
            提供消费凭证或服务单据|抽查单据
        """),
        bases=(Basis(_BEAUTY_RULES),),
    ),
    _laundry(
        code="LAUNDRY-01",
        name="洗染业备案检查",
        content="取得营业执照后 60 日内是否备案",
        points=lines("""
            已按期备案|核对执照日期与备案日期
            备案内容与实际经营一致|核对证照与场所
            连锁门店分别备案|查看门店清单
        """),
        bases=(Basis(_LAUNDRY_RULES, "第五条"),),
        methods=(DOCUMENTS,),
        remote=True,
        verified=True,
    ),
    _laundry(
        code="LAUNDRY-02",
        name="干洗设备和环保安全检查",
        content="新建、改建、扩建洗染店是否使用全封闭式干洗机，开启式设备是否改装，防火防爆措施是否到位",
        points=lines("""
            干洗机为全封闭式或已改装|查看设备铭牌
            溶剂存放有防火防爆措施|实地查看
            废溶剂、残渣交有资质单位处置|查看处置合同与联单
        """),
        bases=(Basis(_LAUNDRY_RULES, "第四条"),),
        partners=(codes.ENVIRONMENT, codes.EMERGENCY),
        verified=True,
    ),
    _repair(
        code="REPAIR-01",
        name="服务明示和授权检查",
        content="是否悬挂营业执照并明示项目、收费、质量规范、质保期限和投诉电话，特约维修是否取得授权并明示",
        points=lines("""
            营业执照悬挂|实地查看
            服务项目和配件收费标准明示|查看公示栏
            质保期限和投诉渠道明示|查看公示栏
            特约维修有授权书|核对授权书有效期
        """),
        bases=(Basis(_REPAIR_RULES, "第五条"),),
        verified=True,
    ),
    _repair(
        code="REPAIR-02",
        name="维修凭证和禁止行为检查",
        content="是否提供并如实填写维修凭证，有无虚列项目、虚报故障、替换正常部件、冒用商标",
        points=lines("""
            维修凭证写明项目、配件和质量责任|抽查凭证不少于 10 份
            更换的旧件交还或经消费者确认|查看签字
            未虚列项目或虚报故障|电话回访记录与凭证比对
            未冒用他人商标标识|查看门头、工服和网页
        """),
        bases=(Basis(_REPAIR_RULES),),
    ),
)

CROSS_BORDER_ITEMS = (
    SampleItem(
        code="FRANCHISE-01",
        name="特许人条件和信息披露检查",
        content="特许人是否拥有两个经营一年以上的直营店，是否订立书面合同并提前 30 日书面披露信息",
        points=lines("""
            至少两个直营店且经营满一年|核对门店执照与租赁合同
            特许经营合同为书面且必备内容齐全|抽查合同不少于 3 份
            订约前 30 日已书面披露|核对披露回执与订约日期
            合同期限不少于三年或经被特许人同意|查看合同
            三月底前报告上年度订约情况|查看报告记录
        """),
        bases=(Basis(_FRANCHISE_RULES, "第七条、第十一条至第十三条、第十九条、第二十一条至第二十三条"),),
        field="商业特许经营",
        agency=codes.BUREAU,
        target="特许人",
        categories=(codes.FRANCHISING,),
        expertise=codes.CARDS_AND_RETAIL,
        minimum=10,
        maximum=30,
        methods=(DOCUMENTS, ONLINE),
        remote=True,
        verified=True,
        partners=(codes.MARKET_REGULATION,),
    ),
    SampleItem(
        code="INVEST-01",
        name="外商投资信息报告检查",
        content="是否按规定报告初始、变更、注销和年度信息，有无隐瞒、误导或虚假",
        points=lines("""
            初始和变更报告已提交|系统查询
            年度报告按期提交|系统查询
            报告的行业、实际控制人与登记一致|系统与登记信息比对
            责令补报的 20 个工作日内改正|核对日期
        """),
        bases=(
            Basis(_INVESTMENT_LAW, "第三十四条、第三十七条"),
            Basis(_REPORT_RULES, "第二十条、第二十一条、第二十五条"),
        ),
        field="外商投资信息报告",
        agency=codes.BUREAU,
        target="外商投资企业",
        categories=(codes.FOREIGN_INVESTMENT,),
        expertise=codes.FOREIGN_TRADE,
        minimum=5,
        maximum=20,
        methods=(DOCUMENTS, ONLINE),
        remote=True,
        verified=True,
        partners=(codes.MARKET_REGULATION,),
    ),
    SampleItem(
        code="LABOUR-01",
        name="经营资格、备用金和合同备案检查",
        content="经营资格条件是否保持，备用金是否不低于 300 万元，合同是否书面订立并在 10 个工作日内备案",
        points=lines("""
            经营资格证书有效|查看证书
            备用金不低于 300 万元、动用后已补足|查看银行证明
            与国外雇主订立书面劳务合作合同|抽查合同
            服务合同或劳动合同 10 个工作日内备案|核对备案日期
            未收取押金或要求担保|抽查收费凭证并询问
        """),
        bases=(
            Basis(
                _LABOUR_RULES, "第五条、第六条、第九条、第十二条、第十三条、第十六条、第二十一条、第二十六条"
            ),
        ),
        field="对外劳务合作",
        agency=codes.BUREAU,
        target="取得对外劳务合作经营资格的企业",
        categories=(codes.LABOUR_EXPORT,),
        expertise=codes.FOREIGN_TRADE,
        minimum=10,
        maximum=None,
        category=KEY,
        methods=(DOCUMENTS, ON_SITE),
        verified=True,
        partners=(codes.MARKET_REGULATION, codes.POLICE),
    ),
)

SERVICE_ITEMS = CARD_ITEMS + RETAIL_ITEMS + RESIDENT_ITEMS + CROSS_BORDER_ITEMS
