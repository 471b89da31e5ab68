"""The sample's checklist, trade in goods: cars, fuel, scrap cars, auctions, recycling, used appliances."""

from __future__ import annotations

from functools import partial

from app.reference import codes
from app.sample.checklist import DOCUMENTS, KEY, ON_SITE, ONLINE, Basis, Law, SampleItem, lines

_CAR_RULES = Law("汽车销售管理办法", "商务部令2017年第1号")
_USED_CAR_RULES = Law("二手车流通管理办法", "商务部、公安部、工商总局、税务总局令2005年第2号")
_SCRAP_RULES = Law("报废机动车回收管理办法", "国务院令第715号")
_SCRAP_DETAILS = Law("报废机动车回收管理办法实施细则", "商务部令2020年第2号")
_FUEL_RULES = Law("成品油流通管理办法", "商务部令2025年第4号")
_AUCTION_LAW = Law("中华人民共和国拍卖法")
_AUCTION_RULES = Law("拍卖管理办法", "商务部令2004年第24号")
_RECYCLING_RULES = Law(
    "再生资源回收管理办法", "商务部、发展改革委、公安部、建设部、工商总局、环保总局令2007年第8号"
)
_APPLIANCE_RULES = Law("旧电器电子产品流通管理办法", "商务部令2013年第1号")

_cars = partial(
    SampleItem,
    field="汽车销售",
    agency=codes.BUREAU,
    target="汽车供应商、经销商",
    categories=(codes.CARS,),
    expertise=codes.CAR_TRADE,
    minimum=5,
    maximum=20,
    methods=(ON_SITE,),
    partners=(codes.MARKET_REGULATION, codes.TAXATION),
)
_used_cars = partial(
    SampleItem,
    field="二手车流通",
    agency=codes.BUREAU,
    target="二手车交易市场经营者和二手车经营主体",
    categories=(codes.USED_CARS,),
    expertise=codes.CAR_TRADE,
    minimum=10,
    maximum=50,
    methods=(ON_SITE,),
    partners=(codes.MARKET_REGULATION, codes.POLICE, codes.TAXATION),
)
_scrap = partial(
    SampleItem,
    field="报废机动车回收",
    agency=codes.BUREAU,
    target="报废机动车回收拆解企业",
    categories=(codes.SCRAP_CARS,),
    expertise=codes.RESOURCES,
    minimum=30,
    maximum=None,
    category=KEY,
    methods=(ON_SITE,),
    partners=(codes.POLICE, codes.ENVIRONMENT, codes.MARKET_REGULATION),
)
_fuel = partial(
    SampleItem,
    field="成品油流通",
    agency=codes.BUREAU,
    target="成品油零售经营企业（加油站点）",
    categories=(codes.FUEL,),
    expertise=codes.OIL,
    minimum=5,
    maximum=None,
    category=KEY,
    methods=(ON_SITE,),
    partners=(codes.EMERGENCY, codes.MARKET_REGULATION, codes.TAXATION, codes.ENVIRONMENT),
)
_auctions = partial(
    SampleItem,
    field="拍卖",
    agency=codes.BUREAU,
    target="拍卖企业及其分公司",
    categories=(codes.AUCTIONS,),
    expertise=codes.AUCTION_TRADE,
    minimum=10,
    maximum=50,
    methods=(DOCUMENTS, ON_SITE),
    partners=(codes.MARKET_REGULATION,),
)

CAR_ITEMS = (
    _cars(
        code="CAR-01",
        name="价格和服务收费明示检查",
        content="营业场所是否标明汽车、配件价格和各项服务收费标准，有无标价以外加价或另收费用",
        points=lines("""
            展厅内在售车型均有价格标示|逐车型对照价签与报价单
            配件和维修服务收费标准上墙或可当场查询|查看公示栏或自助终端
            成交价不高于标价、未另列名目收费|抽查近三个月不少于 5 份合同与发票
            网上报价与店内标价口径一致|比对官方网店或平台页面
        """),
        bases=(Basis(_CAR_RULES, "第十条"),),
        methods=(ON_SITE, ONLINE),
        verified=True,
    ),
    _cars(
        code="CAR-02",
        name="质量保证和售后政策明示检查",
        content="是否明示质量保证、保修服务以及消费者需要知道的售后政策",
        points=lines("""
            保修期限、里程和范围在店内明示|查看公示内容
            三包责任和售后网点信息可供查询|查看公示栏或宣传册
            销售人员交车时作出说明并留有签收|抽查交车确认单
        """),
        bases=(Basis(_CAR_RULES, "第十一条"),),
        verified=True,
    ),
    _cars(
        code="CAR-03",
        name="未经授权销售的提示和责任检查",
        content="出售未经供应商授权的汽车时是否提醒并说明，是否冒用授权名义",
        points=lines("""
            授权品牌与授权书一致且在有效期内|核对授权合同
            非授权车型在订约前有书面提醒|抽查提醒告知书与签字
            店招和宣传未冒用他人授权|查看门头、展板和网页
        """),
        bases=(Basis(_CAR_RULES, "第十二条"),),
        verified=True,
    ),
    _cars(
        code="CAR-04",
        name="配件来源标明检查",
        content="原厂配件、质量相当配件、再制造件、回用件等是否如实标明",
        points=lines("""
            库存配件按类别分区并有标识|实地查看配件库
            结算单写明配件类别|抽查维修结算单不少于 5 份
            再制造件、回用件另有醒目标志|核对外包装与实物
        """),
        bases=(Basis(_CAR_RULES, "第十七条"),),
        verified=True,
    ),
    _cars(
        code="CAR-05",
        name="备案和信息报送检查",
        content="取得营业执照之日起 90 日内是否备案，信息变更 30 日内是否更新，是否按要求报送销售信息",
        points=lines("""
            全国汽车流通信息管理系统中有备案记录|系统查询
            备案名称、地址、品牌与执照和授权一致|系统与登记信息比对
            变更后 30 日内已更新|核对变更日期与更新日期
            销售信息按期报送|系统查看报送记录
        """),
        bases=(Basis(_CAR_RULES, "第二十七条"),),
        methods=(DOCUMENTS, ONLINE),
        remote=True,
        verified=True,
    ),
)

USED_CAR_ITEMS = (
    _used_cars(
        code="USED-01",
        name="二手车经营主体备案检查",
        content="二手车交易市场和经销、经纪、拍卖、鉴定评估主体是否备案",
        points=lines("""
            备案信息可在系统中查到|系统查询
            备案主体与实际经营主体一致|核对营业执照
            经营场所、设施与备案内容一致|实地或影像核对
        """),
        bases=(Basis(_USED_CAR_RULES),),
        methods=(DOCUMENTS,),
        remote=True,
    ),
    _used_cars(
        code="USED-02",
        name="交易流程和交易档案检查",
        content="是否按规定流程交易并建立、保存购销、买卖、拍卖档案",
        points=lines("""
            交易前核验卖方身份和车辆凭证|抽查档案不少于 5 宗
            合同文本完整、双方签章齐全|抽查合同
            车辆法定凭证复印件随档保存|查看档案目录
            档案保存期限符合要求|查看最早一份档案日期
        """),
        bases=(Basis(_USED_CAR_RULES, "第三十二条"),),
    ),
    _used_cars(
        code="USED-03",
        name="禁止交易车辆和发票检查",
        content="有无交易已报废、盗抢或手续不全车辆，是否开具二手车销售统一发票",
        points=lines("""
            在场车辆无已达报废标准的|抽查行驶证与登记证书
            在场车辆来源凭证齐全|核对登记证书与委托书
            已成交车辆均有统一发票|发票台账与合同逐笔对应
        """),
        bases=(Basis(_USED_CAR_RULES),),
    ),
)

SCRAP_ITEMS = (
    _scrap(
        code="SCRAP-01",
        name="资质认定条件保持情况检查",
        content="企业法人资格、存储和拆解场地、设备设施、拆解规范以及专业技术人员是否持续符合资质认定条件",
        points=lines("""
            营业执照与资质认定书主体一致|核对证照
            存储、拆解场地面积和硬化防渗符合标准|实地丈量、查看
            拆解设备在用且维护记录齐全|查看设备台账
            专业技术人员在岗|核对名册与社保或合同，不抄录证件号
            无停业满 12 个月的情形|查看经营记录
        """),
        bases=(Basis(_SCRAP_RULES, "第六条、第十六条"), Basis(_SCRAP_DETAILS, "监督管理章")),
        verified=True,
    ),
    _scrap(
        code="SCRAP-02",
        name="回收登记和拆解程序检查",
        content="回收车辆是否逐车登记，营运车辆和校车是否在公安机关监督下解体，是否在认定场地内拆解",
        points=lines("""
            逐车登记型号、号牌、发动机号和车辆识别代号|抽查台账不少于 10 台
            营运客货车、校车解体有监督记录|查看监督解体记录
            拆解只在资质认定场地进行|实地查看与监控回放
            拆解先后次序符合规范|现场观察
        """),
        bases=(Basis(_SCRAP_RULES, "第十条、第十一条"), Basis(_SCRAP_DETAILS, "第二十三条")),
        verified=True,
    ),
    _scrap(
        code="SCRAP-03",
        name="回收证明出具检查",
        content="是否如实出具报废机动车回收证明、收回证牌并及时办理注销登记",
        points=lines("""
            证明内容与车辆一致|抽查证明与台账
            机动车登记证书、号牌、行驶证已收回|查看交接记录
            向公安机关办理注销的时间合规|核对办理日期
            重开、作废证明均经系统更改|系统查询
        """),
        bases=(Basis(_SCRAP_RULES, "第九条、第二十二条"), Basis(_SCRAP_DETAILS, "第二十条至第二十二条")),
        methods=(ON_SITE, ONLINE),
        verified=True,
    ),
    _scrap(
        code="SCRAP-04",
        name="总成、零部件和固体废物处置检查",
        content="五大总成去向是否合规，回用件是否标明，流向是否如实记录并上传，监控录像和固体废物台账是否齐全",
        points=lines("""
            可再制造的总成只售予再制造企业，其余交冶炼|核对销售合同与磅单
            出售的零部件标明“报废机动车回用件”|查看实物标识
            流向记录上传信息系统|系统与台账比对
            电子监控覆盖全过程、录像保存一年以上|回放一年前录像
            固体废物管理台账完整|查看台账与转移联单
        """),
        bases=(
            Basis(_SCRAP_RULES, "第十二条、第十三条、第二十一条、第二十三条"),
            Basis(_SCRAP_DETAILS, "第二十四条、第二十五条"),
        ),
        verified=True,
    ),
)

FUEL_ITEMS = (
    _fuel(
        code="FUEL-01",
        name="零售经营资格检查",
        content="零售经营资格证书是否有效、证照是否一致，有无涂改、倒卖、出租、出借",
        points=lines("""
            证书在有效期内并悬挂|查看证书原件
            企业名称、地址与营业执照一致|核对证照
            实际经营者与证书主体一致|查看合同与收款主体
        """),
        bases=(Basis(_FUEL_RULES),),
    ),
    _fuel(
        code="FUEL-02",
        name="购销台账检查",
        content="是否建立成品油购销台账，油品来源是否清楚",
        points=lines("""
            进货逐批登记供应单位、品种和数量|抽查近三个月进货记录
            进销存数量相符|台账与库存计量比对
            供货单位资料留存|查看供应商资料
            台账数据按要求上报|系统查询
        """),
        bases=(Basis(_FUEL_RULES),),
        methods=(ON_SITE, ONLINE),
    ),
    _fuel(
        code="FUEL-03",
        name="加油站点建设情况检查",
        content="有无未经许可新建、迁建、扩建加油站点",
        points=lines("""
            站址与批准文件一致|核对坐标与规划确认文件
            油罐、加油机数量未擅自增加|实地清点
            改造项目有许可手续|查看批复
        """),
        bases=(Basis(_FUEL_RULES),),
    ),
)

AUCTION_ITEMS = (
    _auctions(
        code="AUCTION-01",
        name="拍卖业务许可条件保持检查",
        content="注册资本、名称和组织机构、章程、固定办公场所、拍卖师和业务规则是否持续符合许可条件",
        points=lines("""
            注册资本不低于 100 万元|核对登记信息
            有固定办公场所|实地查看
            至少一名注册拍卖师在职|核对执业信息
            拍卖业务规则成文并执行|查看规则文本
        """),
        bases=(Basis(_AUCTION_LAW, "第十一条、第十二条"), Basis(_AUCTION_RULES, "第七条")),
        verified=True,
    ),
    _auctions(
        code="AUCTION-02",
        name="拍卖活动规范检查",
        content="是否在拍卖日 7 日前通过新闻媒介公告，是否由拍卖师主持，拍卖人是否参与竞买",
        points=lines("""
            公告日距拍卖日不少于 7 日|抽查近一年不少于 3 场公告
            公告刊登于报纸或其他新闻媒介|查看刊登凭证
            每场由拍卖师主持|查看拍卖笔录签字
            竞买人名单中无拍卖人及其工作人员|核对竞买登记
        """),
        bases=(Basis(_AUCTION_LAW, "第十四条、第二十二条、第四十五条、第四十七条"),),
        methods=(DOCUMENTS,),
        remote=True,
        verified=True,
    ),
    _auctions(
        code="AUCTION-03",
        name="账簿和拍卖笔录保管检查",
        content="业务经营活动的账簿、拍卖笔录和其他有关资料是否完整保管",
        points=lines("""
            每场拍卖笔录齐全|抽查档案
            账簿与成交记录相符|抽查成交确认书
            资料保存期限符合要求|查看最早一份档案日期
        """),
        bases=(Basis(_AUCTION_LAW, "第五十四条"),),
        methods=(DOCUMENTS,),
        remote=True,
    ),
)

RESOURCE_ITEMS = (
    SampleItem(
        code="RECYCLE-01",
        name="再生资源回收备案检查",
        content="取得营业执照之日起 30 日内是否备案，登记事项变更后是否办理变更备案",
        points=lines("""
            已在商务主管部门备案|系统或台账查询
            备案内容与营业执照一致|核对证照
            变更后按期办理变更备案|核对变更日期
            经营地址与备案地址一致|实地查看
        """),
        bases=(Basis(_RECYCLING_RULES, "第七条"),),
        field="再生资源回收",
        agency=codes.BUREAU,
        target="再生资源回收企业和个体工商户",
        categories=(codes.RECYCLING,),
        expertise=codes.RESOURCES,
        minimum=5,
        maximum=20,
        methods=(DOCUMENTS, ON_SITE),
        verified=True,
        partners=(codes.POLICE, codes.MARKET_REGULATION, codes.ENVIRONMENT),
    ),
    SampleItem(
        code="APPLIANCE-01",
        name="收购登记、旧货标识和包修检查",
        content="是否登记收购信息、建立产品档案，待售旧货是否标注并提供销售凭证和包修",
        points=lines("""
            收购逐件登记并建档|抽查档案，不抄录出售人证件号
            待售商品显著位置标注旧货|查看陈列商品
            销售凭证和包修承诺随货提供|抽查销售凭证
            未收购依法查封、来源不明或报废的产品|查看库存与收购记录
        """),
        bases=(Basis(_APPLIANCE_RULES, "第七条至第十五条"),),
        field="旧电器电子产品流通",
        agency=codes.BUREAU,
        target="旧电器电子产品经营者和旧货市场",
        categories=(codes.USED_APPLIANCES,),
        expertise=codes.RESOURCES,
        minimum=5,
        maximum=20,
        methods=(ON_SITE,),
        partners=(codes.MARKET_REGULATION, codes.POLICE),
    ),
)

GOODS_ITEMS = CAR_ITEMS + USED_CAR_ITEMS + SCRAP_ITEMS + FUEL_ITEMS + AUCTION_ITEMS + RESOURCE_ITEMS
