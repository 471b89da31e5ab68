"""Where the enterprises of the sample city are: territories, streets, registration authorities."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A territory, or the part of one that a functional zone (功能区) administers.

    `authority` is the region code that its registration authority writes into identifiers today,
    `old_authority` the one before `changed_in` (R11). Three weights say how many enterprises of each kind
    are here.
    """

    code: str
    name: str
    short: str
    zone: str
    old_authority: str
    authority: str
    changed_in: int
    companies: int
    households: int
    cooperatives: int
    streets: tuple[str, ...]


def _place(head: str, weights: tuple[int, int, int], streets: str, zone: str = "") -> Place:
    code, name, short, old, new, year = head.split()
    return Place(code, name, short, zone, old, new, int(year), *weights, tuple(streets.split()))


PLACES = (
    _place(
        "220102 南关区 南关区 220102 220102 1980",
        (134, 118, 4),
        "大经路 长春大街 自由大路 亚泰大街 解放大路 岳阳街 平治街 南岭大街 民康路",
    ),
    _place(
        "220103 宽城区 宽城区 220103 220103 1980",
        (89, 100, 2),
        "凯旋路 长江路 上海路 青岛路 柳影路 北亚泰大街 台北大街 兰家镇宽兴街 米沙子镇站前街",
    ),
    _place(
        "220104 朝阳区 朝阳区 220104 220104 1980",
        (168, 122, 2),
        "红旗街 同志街 工农大路 西安大路 延安大街 开运街 前进大街 湖西路 桂林路 永春镇朝永街",
    ),
    _place(
        "220105 二道区 二道区 220105 220105 1980",
        (80, 92, 4),
        "吉林大路 东盛大街 远达大街 荣光路 乐群街 英俊镇东兴街 泉眼镇泉兴街",
    ),
    _place(
        "220106 绿园区 绿园区 220106 220106 1980",
        (110, 100, 4),
        "普阳街 春城大街 皓月大路 景阳大路 正阳街 青年路 和平大街 合心镇合兴街",
    ),
    _place(
        "220112 双阳区 双阳区 220112 220112 1980",
        (22, 36, 32),
        "云山街道云兴街 平湖街道湖滨街 奢岭街道岭前街 鹿乡镇鹿鸣街 齐家镇齐安街 太平镇站前街",
    ),
    _place(
        "220113 九台区 九台区 220181 220113 2015",
        (36, 60, 78),
        "九台街道府前街 营城街道营兴街 卡伦湖街道湖畔路 龙嘉街道龙兴街 其塔木镇中心街 上河湾镇商贸街",
    ),
    _place(
        "220113 九台区 九台区 220107 220107 1980",
        (12, 14, 3),
        "空港经济区机场大路 空港经济区翔鹰街 空港经济区云程路",
        "长春新区",
    ),
    _place(
        "220122 农安县 农安县 220122 220122 1980",
        (39, 60, 110),
        "宝塔街 黄龙路 农安镇兴农路 伏龙泉镇中心街 哈拉海镇站前街 烧锅镇商贸街 靠山镇靠河街",
    ),
    _place(
        "220182 榆树市 榆树市 220182 220182 1980",
        (20, 48, 60),
        "向阳路 榆树大街 五棵树镇站前街 弓棚镇中心街 大坡镇商贸街 泗河镇河东街",
    ),
    _place(
        "220183 德惠市 德惠市 220183 220183 1980",
        (28, 50, 66),
        "惠发街 德惠路 米沙子路 布海镇中心街 达家沟镇站前街 郭家镇商贸街 岔路口镇兴岔街",
    ),
    _place(
        "220184 公主岭市 公主岭市 220381 220184 2021",
        (44, 60, 80),
        "公主大街 东三街 铁北路 范家屯镇站前街 怀德镇文化街 大岭镇汽配路 响水镇中心街",
    ),
    _place(
        "220171 长春经济技术开发区 经开区 220108 220108 1980",
        (80, 60, 1),
        "临河街 东方广场路 会展大街 世纪大街 仙台大街 浦东路 兴隆山镇兴业街",
        "长春经济技术开发区",
    ),
    _place(
        "220172 长春净月高新技术产业开发区 净月区 220109 220109 1980",
        (46, 44, 2),
        "净月大街 福祉大路 生态大街 彩宇大街 博硕路 新立城镇新城街 玉潭镇玉兴街",
        "长春净月高新技术产业开发区",
    ),
    _place(
        "220173 长春高新技术产业开发区 高新区 220107 220107 1980",
        (60, 44, 1),
        "硅谷大街 飞跃路 蔚山路 光谷大街 超越大街 北湖大路 锦湖大路",
        "长春高新技术产业开发区",
    ),
    _place(
        "220174 长春汽车经济技术开发区 汽开区 220101 220101 1980",
        (28, 30, 1),
        "东风大街 锦程大街 创业大街 富民大街 飞跃中路 丙九街",
        "长春汽车经济技术开发区",
    ),
    _place(
        "220103 宽城区 宽城区 220101 220101 1980",
        (6, 5, 1),
        "合隆镇隆兴大路 中韩示范区丙十街 中韩示范区甲三路",
        "中韩（长春）国际合作示范区",
    ),
    _place(
        "220105 二道区 二道区 220137 220137 1980",
        (4, 6, 6),
        "劝农山镇劝农街 四家乡四兴街 泉眼镇莲山路",
        "长春莲花山生态旅游度假区",
    ),
)

CITY_AUTHORITY, PROVINCE_AUTHORITY = "220101", "220000"
"""Registered centrally: most often before 2019, and then the code says nothing of the place."""
