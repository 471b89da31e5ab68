"""README.txt of the public bundle: how a reader checks the draw without our programs (Chinese only).

This text is part of the published protocol files, like the records, and is therefore not translated.
"""

from __future__ import annotations

from app.domain.draw.record import Plan, Result
from app.domain.draw.ticket import shell_line

SAMPLE = "统一社会信用代码"


def readme_text(plan: Plan, result: Result, matched: bool) -> str:
    """Return README.txt with the draw's real hashes and keys filled in."""
    parts = [_heading(plan), _whole(), _records(plan, result), _own_case(plan, result)]
    parts += [
        _sealed() if plan.sealed else _recount(plan, result),
        *([_match()] if matched else []),
        _limits(),
    ]
    return "\n".join("\n".join(part) + "\n" for part in parts)


def _command(plan: Plan) -> str:
    return "sha256sum" if plan.alg == "sha256" else "openssl dgst -sm3 -r"


def _heading(plan: Plan) -> list[str]:
    form = "封存形式（分层涉及内部信用风险分类，不公开）" if plan.sealed else "公开形式（全部内容公开）"
    return [
        f"随机抽取公示包  抽取编号：{plan.draw}  协议：ssj/1  杂凑算法：{plan.alg}",
        f"形式：{form}",
        "",
        "本包可由任何人独立核验，不需要登录，也不需要本单位的任何程序。",
    ]


def _whole() -> list[str]:
    return [
        "一、一条命令核验全部内容（需要 Python 3.10 或更高版本，不需要安装其他软件）",
        "    python3 verify.py 本压缩包.zip",
        "  全部一致时退出码为 0；发现第一处不一致时说明位置，退出码为 1。",
        "  核对文件是否完整（任何 Linux 或 macOS 终端，在解压后的目录中）：",
        "    awk -F'\\t' '{print $2\"  \"$1}' manifest.txt | sha256sum -c",
    ]


def _records(plan: Plan, result: Result) -> list[str]:
    command = _command(plan)
    lines = [
        "二、逐步核验记录",
        f"  1. 方案在种子公布（{plan.seed_after}，协调世界时）之前已公示，其杂凑值 P 为：",
        f"       {result.plan}",
        f"     核对：{command} plan.txt",
        "  2. 种子来自以下公开事件，请向发布机构查证后与 seed.txt 对照：",
        *(f"       {seed.source}:{seed.event}" for seed in plan.seeds),
        f"     种子记录杂凑值 S 为：{result.seed}",
        f"     核对：{command} seed.txt",
        "  3. 抽取密钥 K 由 S 算出（取前 32 个字符）：",
    ]
    for purpose, key in result.keys:
        lines.append(f"       用途 {purpose}：K = {key}")
        lines.append(f"     核对：printf 'ssj/1/key\\n{purpose}\\n{result.seed}\\n' | {command} | cut -c1-32")
    return lines


def _own_case(plan: Plan, result: Result) -> list[str]:
    keys = dict(result.keys)
    lines = ["三、企业自查（一企一号，号小先查）", "  用本企业代码算出抽取号："]
    for item in plan.items:
        lines.append(f"    事项 {item.name}：{shell_line(plan.alg, keys[item.purpose], SAMPLE)}")
    return [
        *lines,
        "  抽取号与 result.txt 中本企业所在分层的截止号比较（drawn= 行第 4、5 栏为截止层级和截止号）：",
        "  层级较小，或层级相同而抽取号不大于截止号的，为抽中；其余为未抽中。",
        "  层级：名录单元格写作“分层~数字”时为该数字，没有写的为 0；本期已被检查的企业层级较大，排在后面。",
    ]


def _recount(plan: Plan, result: Result) -> list[str]:
    quota = plan.quotas[0]
    purpose = next(item.purpose for item in plan.items if item.name == quota.item)
    column = next(place for place, item in enumerate(plan.items, 2) if item.name == quota.item)
    count = quota.k + quota.reserve
    return [
        "四、重新抽取一遍（只用系统命令；以第一个分层为例，名录很大时较慢）",
        f"    awk -F'\\t' '{{split(${column},c,\"~\"); if (c[1]==\"{quota.stratum}\") print c[2]+0, $1}}' roster.tsv |",
        f'      while read -r t id; do echo "$t $(printf \'%s:%s\' {dict(result.keys)[purpose]} "$id" |',
        f"      {_command(plan)} | cut -c1-64) $id\"; done | LC_ALL=C sort | head -n {count} | cut -d' ' -f3",
        f"  前 {quota.k} 行应与 drawn/{quota.item}.{quota.stratum}.txt 相同，其后应与"
        f" reserve/{quota.item}.{quota.stratum}.txt 相同。",
    ]


def _sealed() -> list[str]:
    return [
        "四、封存形式说明",
        "  leaves.tsv 每行为企业代码和加盐承诺值；分层代码不含含义；drawn.txt 为抽中企业全集，按代码升序。",
        "  企业凭代码和校验号可领取本企业的名录行、盐和证明路径，自行证明是否应被抽中：",
        "    printf 'ssj/1/salt\\n%s\\n%s' 盐 名录行 的杂凑值应等于 leaves.tsv 中本企业一行的承诺值。",
        "  监督机关持有完整公示包（含 roster.tsv、salts.tsv 和分层名单），可以用同一个 verify.py 全部核验。",
    ]


def _match() -> list[str]:
    return [
        "五、执法检查人员匹配",
        "  staff.tsv 人员编号、上限、可否主检、所属组、资格摘要；eligible.tsv 合格的“对象—人员”组合；",
        "  demand.tsv 每个对象所需人数；assign.tsv 匹配结果（第二栏为主检）；prices.json 为最优性证书。",
        "  verify.py 用证书逐对检查不等式，证明没有任何其他分派的总费用更低，不需要求解器。",
    ]


def _limits() -> list[str]:
    return [
        "核验不能代替的事情：种子数值须向发布机构查证；企业是否如实列入名录，请用本企业代码在公示页面查询。",
    ]
