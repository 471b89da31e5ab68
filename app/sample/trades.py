"""What the enterprises of the sample city do: lines of business with exact numbers for every 6,000 rows.

The numbers follow what a city of 30,000 rows needs for a demo: a small pool (one scrap-car firm in 6,000) beside a
large one, and every commerce category of the checklist.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.sample import codes

BLOCK = 6000
"""Rows over which the numbers below are exact."""


@dataclass(frozen=True, slots=True)
class Trade:
    """A line of business: industry class, companies, households and cooperatives per block, words of their names.

    `also` gives further categories to the first so-and-so many companies; each takes its own companies.
    """

    industry: str
    companies: int
    households: int
    cooperatives: int
    company_words: tuple[str, ...]
    household_words: tuple[str, ...]
    scope: str
    category: str = ""
    also: tuple[tuple[str, int], ...] = ()


def _trade(
    head: str, companies: str, households: str, scope: str, category: str = "", **also: int
) -> Trade:
    industry, *numbers = head.split()
    extra = tuple((_ALSO[name], number) for name, number in also.items())
    counts = [int(number) for number in numbers]
    return Trade(industry, *counts, tuple(companies.split()), tuple(households.split()), scope, category, extra)


_ALSO = {
    "cards": codes.PREPAID_CARDS,
    "franchises": codes.FRANCHISING,
    "foreign": codes.FOREIGN_INVESTMENT,
    "labour": codes.LABOUR_EXPORT,
}

ALSO_SCOPE = {
    codes.PREPAID_CARDS: "；发行和兑付本企业单用途商业预付卡",
    codes.FRANCHISING: "；以特许经营方式从事连锁经营",
    codes.FOREIGN_INVESTMENT: "",
    codes.LABOUR_EXPORT: "；对外劳务合作",
}
"""What a further category adds to the scope of business."""

_MATCHING_TRADES = (
    _trade("5261 50 4 0", "汽车销售服务 汽车贸易 汽车销售", "新车销售店", "汽车新车销售；汽车零配件零售；机动车充电销售", codes.CARS),
    _trade("5265 26 6 0", "加油站 石油销售 油品销售", "加油站", "成品油零售（限分支机构凭许可证经营）；润滑油销售；日用百货销售", codes.FUEL),
    _trade("5262 6 3 0", "二手车交易市场 二手车经销 旧机动车经纪", "二手车经纪行", "二手车经销；二手车经纪；二手车鉴定评估", codes.USED_CARS),
    _trade("5182 8 0 0", "拍卖 拍卖行", "", "拍卖业务（许可类商品除外）；资产评估咨询", codes.AUCTIONS),
    _trade("5183 2 0 0", "艺术品拍卖 文物艺术品拍卖", "", "艺术品拍卖；工艺美术品及收藏品零售", codes.AUCTIONS),
    _trade("4210 1 0 0", "报废汽车回收拆解", "", "报废机动车回收；报废机动车拆解；废旧金属加工", codes.SCRAP_CARS),
    _trade("5191 10 14 0", "再生资源回收 物资回收 再生资源利用", "废旧物资回收站 废品收购站", "再生资源回收（除生产性废旧金属）；再生资源销售", codes.RECYCLING),
    _trade("8010 9 11 0", "家政服务 家庭服务", "家政服务部 家政服务中心", "家政服务；病人陪护服务；母婴生活护理；专业保洁", codes.HOME_SERVICE),
    _trade("8040 16 64 0", "美容美发 美容管理 美业管理", "美发店 美容院 理发店 造型工作室", "理发服务；生活美容服务；化妆品零售", codes.BEAUTY, cards=12, franchises=3),
    _trade("8030 4 8 0", "洗衣服务 洗染服务", "干洗店 洗衣店", "洗染服务；洗烫服务；皮具护理", codes.LAUNDRY, cards=2),
    _trade("8131 3 5 0", "电器维修服务", "家电维修部 电视机维修部", "家用电子产品修理；家电维修；家用电器安装服务", codes.REPAIR),
    _trade("8132 2 6 0", "家电服务 制冷设备维修", "家电维修部 空调维修部", "日用电器修理；家电维修；制冷设备安装", codes.REPAIR),
    _trade("5295 3 9 0", "旧货市场 二手商品流通", "旧货店 旧家电商行", "旧货零售；旧家用电器和旧电子产品收购、销售", codes.USED_APPLIANCES),
    _trade("5211 12 0 0", "百货 商业广场 购物中心", "", "百货零售；柜台租赁；餐饮管理", codes.LARGE_RETAIL, cards=10),
    _trade("5212 18 0 0", "超市连锁 生鲜超市 超市", "", "大型超市零售；食品销售；日用品销售", codes.LARGE_RETAIL, cards=10),
    _trade("6210 60 260 0", "餐饮管理 餐饮服务 酒店管理", "饭店 家常菜馆 烧烤店 火锅店 饺子馆", "餐饮服务；食品销售", codes.CATERING, cards=12, franchises=4),
    _trade("6220 24 200 0", "餐饮管理 快餐管理", "快餐店 面馆 麻辣烫店 熏肉大饼店", "餐饮服务；外卖递送服务", codes.CATERING, franchises=2),
    _trade("6232 6 14 0", "咖啡文化 餐饮管理", "咖啡馆 咖啡店", "餐饮服务（咖啡、饮料制售）；食品销售", codes.CATERING, cards=2),
    _trade("6291 4 140 0", "餐饮管理", "小吃店 早餐店 煎饼店 烤冷面店", "小吃服务；餐饮服务", codes.CATERING),
)

_OTHER_TRADES = (
    _trade("5213 30 330 0", "便利店管理 商贸", "便利店 食杂店 生活超市", "食品销售；日用百货零售；卷烟零售", franchises=3),
    _trade("5219 50 190 0", "商贸 经贸 百货经营", "综合商店 百货店 商行", "日用品零售；食品销售；文具用品零售"),
    _trade("5299 121 199 0", "商贸 经贸 贸易", "经销处 商店 经销部", "日用杂品零售；办公用品销售；农副产品销售"),
    _trade("5292 70 170 0", "电子商务 网络科技 供应链管理", "网店 电商经营部", "互联网销售；食品互联网销售；日用百货销售"),
    _trade("5232 30 220 0", "服饰 服装贸易", "服装店 童装店 女装店", "服装服饰零售；鞋帽零售；箱包销售"),
    _trade("5221 14 70 0", "粮油 米业", "粮油店 米行", "粮食销售；食用油零售；杂粮销售"),
    _trade("5223 10 150 0", "果品 果蔬配送", "水果店 蔬菜店 果蔬行", "新鲜水果零售；新鲜蔬菜零售"),
    _trade("5251 50 20 0", "大药房 药业连锁 医药", "药店", "药品零售；第二类医疗器械销售；保健食品销售"),
    _trade("5263 24 60 0", "汽车配件 汽车用品", "汽配商店 汽车用品店", "汽车零配件零售；轮胎销售；汽车装饰用品销售"),
    _trade("5281 20 110 0", "五金机电 五金", "五金商店 五金土产店", "五金产品零售；水暖管件销售；电动工具销售"),
    _trade("5271 8 6 0", "影音电器", "电器商行", "家用视听设备零售；音响设备销售"),
    _trade("5272 14 20 0", "家电 电器", "家电商场 小家电店", "日用家电零售；家用电器安装服务"),
    _trade("5274 10 50 0", "通信器材 数码科技", "手机店 通讯器材店", "通信设备零售；手机配件销售；通信业务代办"),
    _trade("5199 120 40 0", "物资经销 实业 工贸", "批发部 经销处", "金属材料批发；化工产品批发（不含危险化学品）；机电产品批发", foreign=5),
    _trade("5181 60 0 0", "进出口贸易 国际贸易", "", "货物进出口；技术进出口；贸易经纪", foreign=2),
    _trade("5165 50 30 0", "建材 建筑材料", "建材商店 板材经销处", "建筑材料批发；装饰材料销售；保温材料销售"),
    _trade("6110 8 0 0", "大酒店 酒店管理", "", "住宿服务；会议服务；停车场服务"),
    _trade("6129 10 60 0", "宾馆 旅馆管理", "旅店 宾馆 客栈", "住宿服务；洗浴服务"),
    _trade("8111 30 100 0", "汽车维修服务 汽车服务", "汽车修理部 汽车美容店 洗车行", "机动车修理和维护；洗车服务；汽车装饰", cards=4),
    _trade("8060 4 30 0", "影像文化 摄影", "照相馆 婚纱摄影店", "摄影扩印服务；婚庆礼仪服务"),
    _trade("7020 50 0 0", "物业服务 物业管理", "", "物业管理；停车场服务；园林绿化工程施工"),
    _trade("7010 44 0 0", "房地产开发 置业", "", "房地产开发经营；房屋销售"),
    _trade("7030 20 10 0", "房地产经纪 不动产经纪", "房产中介所", "房地产经纪；房地产信息咨询"),
    _trade("7249 150 0 0", "企业管理咨询 信息咨询 商务咨询", "", "信息咨询服务；企业管理咨询；市场营销策划", foreign=3),
    _trade("7259 90 30 0", "广告传媒 文化传媒 广告", "广告社 图文店", "广告设计、制作、代理、发布；图文制作"),
    _trade("7263 24 0 0", "劳务派遣 人力资源", "", "劳务派遣服务；人力资源外包服务", labour=3),
    _trade("7269 20 0 0", "人力资源管理 人才服务", "", "人力资源服务；职业中介活动"),
    _trade("6513 170 0 0", "软件科技 信息技术 数字科技", "", "软件开发；信息系统集成服务；计算机设备销售", foreign=4),
    _trade("6490 40 0 0", "网络科技 互联网信息", "", "互联网信息服务；网络技术服务；数据处理服务"),
    _trade("7519 200 0 0", "科技 科技开发 生物科技 环保科技", "", "技术开发、技术咨询、技术转让；仪器仪表销售"),
    _trade("4790 130 0 0", "建筑工程 建设工程 建筑安装", "", "房屋建筑工程施工；土石方工程施工；建筑劳务分包"),
    _trade("5011 90 20 0", "装饰工程 建筑装饰 装饰设计", "装饰部 装潢店", "室内外装饰装修工程；门窗安装；装饰材料销售"),
    _trade("5431 80 130 0", "物流 货物运输 运输", "货运部 配货站 搬运队", "普通货物道路运输；货运信息服务；装卸搬运"),
    _trade("3670 90 0 0", "汽车零部件 汽车部件制造 机械制造", "", "汽车零部件及配件制造；模具加工", foreign=4),
    _trade("3484 40 30 0", "机械加工 精密机械", "机械加工部 车床加工部", "机械零部件加工；金属结构件加工"),
    _trade("1311 14 10 0", "米业 粮食加工", "稻米加工厂", "稻谷加工；粮食收购；农副产品销售"),
    _trade("1411 10 20 0", "食品 烘焙食品", "面包房 糕点店", "糕点、面包制造；食品销售"),
    _trade("0111 16 30 60", "农业开发 生态农业", "家庭农场 种植园", "稻谷种植、销售；农业技术服务"),
    _trade("0113 10 20 70", "农业科技 农业发展", "家庭农场 种植户", "玉米种植、销售；粮食烘干"),
    _trade("0141 6 14 20", "蔬菜种植 设施农业", "蔬菜大棚 采摘园", "蔬菜种植、销售；采摘观光服务"),
    _trade("0313 20 30 30", "牧业 畜牧养殖", "养殖场 养猪场", "生猪饲养、销售；饲料销售"),
    _trade("0512 4 6 20", "农机服务 农业机械", "农机作业队", "农业机械作业服务；农机维修"),
    _trade("8391 36 0 0", "职业培训学校 教育咨询", "", "职业技能培训；教育信息咨询"),
    _trade("8930 14 14 0", "健身服务 体育文化", "健身房 台球厅 瑜伽馆", "健身休闲活动；体育用品零售", cards=8),
    _trade("9013 10 20 0", "网络服务 网咖", "网吧", "互联网上网服务；食品销售"),
    _trade("9051 30 0 0", "文化传播 文化艺术", "", "组织文化艺术交流活动；会议及展览服务"),
    _trade("8211 30 10 0", "保洁服务 清洗服务", "保洁部", "建筑物清洁服务；外墙清洗；专业保洁"),
)

TRADES = _MATCHING_TRADES + _OTHER_TRADES
