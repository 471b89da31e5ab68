"""核验随机抽取公示包（协议 ssj/1）：python3 verify.py 公示包.zip（或目录）。一致退出码 0，否则 1。不联网，只用标准库。"""
# fmt: off
import hashlib
import json
import re
import sys
import zipfile
from collections import Counter, defaultdict, namedtuple
from functools import cache, partial
from pathlib import Path
from typing import Any
HEX, MOST, RATIO, WEIGHT, HASHES = "[0-9a-f]{64}", 4 << 30, 200, 1 << 32, {"sha256", "sm3"} & hashlib.algorithms_available
PLAN = "alg form draw item roster_n roster_root roster_file quota staff_file seed seed_after"
SOURCES = {"cwl-kl8": (r"(?:[1-9][0-9]?\.){20}", 61.6), "cwl-ssq": (r"(?:[1-9][0-9]?\.){6}/[1-9][0-9]?\.", 24.1),
           "cwl-3d": (r"(?:[0-9]\.){3}", 9.9), "dice-d10": ("[0-9]+", 3.32), "drand-quicknet": (HEX, 256.0)}
Report = namedtuple("Report", "lines failure")  # lines：核对了什么、不能核对什么；failure：第一处不一致，没有则为 None
dump = partial(json.dumps, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
def _ok(fact: object, sentence: str) -> None:
    if not fact:
        raise ValueError(sentence)
def _unpack(path: Path) -> tuple[dict[str, bytes], str]:
    if path.is_dir():
        return {f.relative_to(path).as_posix(): f.read_bytes() for f in path.rglob("*") if f.is_file()}, "已读取：目录"
    raw = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        entries, seal = archive.infolist(), archive.comment
        safe = {e.orig_filename for e in entries if re.fullmatch(r"((?!\.)[A-Za-z0-9_.-]+/?){1,2}", e.orig_filename)}
        _ok(len(safe) == len(entries), "压缩包内有不安全的路径或重名文件，拒绝展开")
        _ok(sum(e.file_size for e in entries) <= min(MOST, RATIO * (len(raw) + 4096)), "压缩包展开后过大，拒绝展开")
        files = {entry.filename: archive.read(entry) for entry in entries if not entry.is_dir()}
    sealed = f"ssj/1 sha256={hashlib.sha256(raw[:-2 - len(seal)] + bytes(2)).hexdigest()}".encode()
    _ok(raw.endswith(bytes([77, 0]) + sealed) if seal else raw[-22:-18] == b"PK\5\6", "压缩包与其封签不一致，有字节被改动")
    return files, "已核对：压缩包逐字节与封签一致" if seal else "注意：压缩包经过重新打包，只核对其中的文件"
class _Check:
    def __init__(self, files: dict[str, bytes], said: list[str]) -> None:
        self.files, self.said, self.read, self.missing = files, said, {"README.txt", "verify.py"}, set[bytes]()
        self.counts, lines = Counter[tuple[tuple[str, str], int]](), self.lines("plan.txt")
        self.plan = {key: [line[len(key) + 1:] for line in lines if line.startswith(f"{key}=")] for key in PLAN.split()}
        _ok(lines == ["ssj/1/plan", *(f"{k}={v}" for k in self.plan for v in self.plan[k])], "plan.txt：格式不正确")
        _ok(self.plan["alg"][0] in HASHES, f"本机 Python 不支持方案所用的杂凑算法 {self.plan['alg'][0]}")
        self.hash: Any = hashlib.sha256 if self.plan["alg"] == ["sha256"] else partial(hashlib.new, "sm3")
        self.quotas, use = [q.split("|") for q in self.plan["quota"]], dict(i.split("|") for i in self.plan["item"])
        self.h: Any = lambda data: self.hash(data).hexdigest()
        self.p, self.s = self.h(files["plan.txt"]), self.h(files["seed.txt"])
        self.key: Any = lambda purpose: self.h(f"ssj/1/key\n{purpose}\n{self.s}\n".encode())[:32]
        self.items = {item: self.key(purpose) for item, purpose in use.items()}
        keys = [f"key={purpose}|{self.key(purpose)}" for purpose in dict.fromkeys(use.values())]
        self.head = ["ssj/1/result", f"plan={self.p}", f"seed={self.s}", *keys]
        self.read.add("leaves.tsv" if self.plan["form"] else "roster.tsv")
    def lines(self, name: str) -> list[str]:
        self.read.add(name)
        return self.files[name].decode().split("\n")[:-1]
    def table(self, name: str, keys: int) -> list[list[str]]:
        rows = [line.split("\t") for line in self.lines(name)]
        _ok([row[:keys] for row in rows] == sorted(map(list, {(*row[:keys],) for row in rows})), f"{name}：未升序或有重复")
        return rows
    def same(self, name: str, expected: list[str]) -> None:
        for n, (found, wanted) in enumerate(zip([*self.lines(name), "（无）"], [*expected, "（无）"], strict=False), 1):
            _ok(found == wanted, f"{name} 第 {n} 行：应为 {wanted}，实为 {found}")
    def check_log(self) -> None:
        entries = list[dict[str, Any]]()
        for n, line in enumerate(self.lines("log.jsonl"), 1):
            entries.append(json.loads(line) | {"n": n, "prev": entries[-1]["hash"] if entries else "0" * 64})
            body = "\n".join(["ssj/1/log", *(str(entries[-1][k]) for k in ("n", "prev", "kind", "record_hash", "utc")), ""])
            hashes = [hashlib.new(alg, body.encode()).hexdigest() for alg in HASHES]
            _ok(entries[-1]["hash"] in hashes, f"log.jsonl 第 {n} 行：日志链断开")
        self.same("log.jsonl", list(map(dump, entries)))
        own = [(e["kind"], e["record"].encode(), e["record_hash"], e["utc"]) for e in entries if "record" in e]
        _ok(all(self.h(record) == digest for _, record, digest, _ in own), "日志：有记录与其杂凑值不符")
        fixed = [(kind, self.files[f"{kind}.txt"]) for kind in ("plan", "seed", "result")] == [e[:2] for e in own[:3]]
        _ok(fixed and own[0][3] < self.plan["seed_after"][0] <= own[1][3], "日志：方案、种子、结果未按时依次登记")
        later = {kind: record for kind, record, *_ in own[3:]}
        self.came = {line.split("|")[-1] for _, record, *_ in own for line in record.decode().split() if line[:7] == "target="}
        fits = later.get("assign", b"") == self.files.get("assign.txt", b"") and {*later} <= {"assign", "substitute", "void"}
        _ok(fits, "日志：结果之后登记的记录次序不对，或与 assign.txt 不同")
        self.said.append("已核对：日志链连续，方案先于种子、种子先于结果" + "；注意：本次抽取已作废" * ("void" in later))
    def check_seed(self) -> None:
        events = [(e, line[len(e) + 1:]) for e, line in zip(self.plan["seed"], self.lines("seed.txt")[2:], strict=True)]
        self.same("seed.txt", ["ssj/1/seed", f"plan={self.p}", *map("=".join, events)])
        for e, v in events:
            numbers = [] if e.startswith("cwl-3d") else [int(number) for number in v.partition("/")[0].split(".")[:-1]]
            _ok(re.fullmatch(SOURCES[e.partition(":")[0]][0], v) and numbers == sorted({*numbers}), f"seed.txt：{e} 有误")
        bits = sum(SOURCES[e.partition(":")[0]][1] * (len(v) if e.startswith("dice") else 1) for e, v in {*events})
        _ok(bits >= 60, f"种子信息量约 {bits:.0f} 比特，不足 60")
        self.said.append(f"已核对：种子信息量约 {bits:.0f} 比特；未核对：种子数值须向发布机构查证")
    def tree(self, row: list[bytes]) -> bytes:
        while len(row) > 1:
            row = [self.hash(b"\1" + a + b).digest() for a, b in zip(*[iter(row)] * 2, strict=False)] + row[len(row) & ~1:]
        return row[0] if row else bytes.fromhex(self.h(b""))
    def scan(self, name: str, cells: str, ways: Any) -> dict[Any, list[Any]]:
        fits, last, kept = re.compile(f"[0-9A-Z-]{{1,22}}{cells}".encode()).fullmatch, b"", defaultdict[Any, list[Any]](list)
        rows = self.files[name].split(b"\n")[:-1]
        for n, row in enumerate(rows, 1):
            identifier, _, tail = row.partition(b"\t")
            _ok(identifier > last and fits(row), f"{name} 第 {n} 行：格式不正确、重复或未按代码升序")
            self.missing.discard(last := identifier)
            for start, places in ways(tail):
                ticket = self.hash(start + identifier).digest()
                for most, place, tier in places:
                    self.counts[place, tier] += 1
                    if ticket <= most:
                        kept[place].append((tier, ticket.hex(), identifier.decode()))
        tops = [self.tree([self.hash(b"\0" + row).digest() for row in rows[n:n + 8192]]) for n in range(0, len(rows), 8192)]
        found = f"roster_n={len(rows)}\nroster_root={self.tree(tops).hex()}\nroster_file={self.h(self.files[name])}\n"
        _ok(found.encode() in self.files["plan.txt"] or (name == "roster.tsv" and self.plan["form"]), f"{name}：与方案不符")
        return kept
    def check_draw(self) -> None:
        most = {(q[0], q[1]): max((self.hash(f"{self.items[q[0]]}:{i}".encode()).digest() for kind in ("drawn", "reserve")
                                   for i in self.lines(f"{kind}/{q[0]}.{q[1]}.txt")), default=b"") for q in self.quotas}
        @cache
        def ways(tail: bytes) -> list[Any]:
            cells = zip(self.items.items(), tail.decode().split("\t"), strict=True)
            split = [(key, item, *cell.partition("~")) for (item, key), cell in cells if cell != "-"]
            found = [(key, (most.get((item, s), b""), (item, s), int(t or 0))) for key, item, s, _, t in split]
            return [(f"{key}:".encode(), [way for k, way in found if k == key]) for key in {k for k, _ in found}]
        kept = self.scan("roster.tsv", r"\t(?:-|(?!-[\t~]|-\Z)[A-Za-z0-9_.-]{1,32}(?:~[0-9])?)" * len(self.items), ways)
        self.same("result.txt", self.head + [self.redraw(kept[q[0], q[1]], *q) for q in self.quotas])
        _ok(not self.counts, "roster.tsv：有方案没有列出的分层")
        if self.plan["form"]:
            salted = zip(self.lines("roster.tsv"), self.table("salts.tsv", 1), strict=True)
            self.same("leaves.tsv", [f"{i}\t" + self.h(f"ssj/1/salt\n{salt}\n{row}".encode()) for row, (i, salt) in salted])
        self.said.append(f"已核对：名录逐行，{len(self.quotas)} 个分层全部重新抽取，户数、抽中、备选、截止号一致")
    def redraw(self, lots: list[Any], item: str, stratum: str, pool: str, ppm: str, size: str, spare: str) -> str:
        name, n, k, total = f"{item}.{stratum}", int(pool), int(size), int(size) + int(spare)
        tiers, lots = [self.counts.pop(((item, stratum), tier), 0) for tier in range(10)], sorted(lots)[:total]
        _ok(sum(tiers) == n >= k == (k if ppm == "-" else -(-n * int(ppm) // 10**6)), f"{name}：户数或应抽数与方案不符")
        ahead = [sum(tiers[:lot[0]]) == sum(other[0] < lot[0] for other in lots) for lot in lots[-1:]]
        _ok(len(lots) == min(total, n) and all(ahead), f"{name}：抽中或备选名单与重新抽取的结果不同")
        self.same(f"drawn/{name}.txt", [lot[2] for lot in lots[:k]])
        self.same(f"reserve/{name}.txt", [lot[2] for lot in lots[k:]])
        return "|".join(map(str, [f"drawn={item}", stratum, k, *(lots[k - 1][:2] if k else "--"), self.h(self.files[f"drawn/{name}.txt"])]))
    def check_leaves(self) -> None:
        drawn, lines, top = self.lines("drawn.txt"), self.lines("result.txt"), len(self.head)
        results, wanted = [line.split("|") for line in lines[top:]], [[f"drawn={q[0]}", q[1], q[4]] for q in self.quotas]
        _ok(lines[:top] == self.head and [result[:3] for result in results] == wanted, "result.txt：与方案或种子不符")
        tickets = {self.h(f"{key}:{i}".encode()): i for key in self.items.values() for i in drawn}
        self.missing.update(map(str.encode, drawn))
        within = {i for lot, i in tickets.items() if any(tier > "0" or lot <= cut for _, _, _, tier, cut, _ in results)}
        self.same("drawn.txt", sorted(within))
        self.scan("leaves.tsv", f"\t{HEX}", lambda tail: [])
        fits = all(r[2] == "0" or r[4] in tickets for r in results) and len(drawn) <= sum(int(r[2]) for r in results)
        _ok(fits and not self.missing, "drawn.txt：与名录、截止号或应抽数不符")
        self.said.append("已核对：名录叶、抽中企业与截止号；未核对（封存形式）：每户的分层，各分层户数、名单与备选")
    def check_match(self) -> None:
        lines, names = self.lines("assign.txt"), ("staff", "eligible", "demand", "assign")
        digests, purpose, key = [self.h(self.files[f"{name}.tsv"]) for name in names], *lines[3][4:].split("|")
        same = [line.partition("=")[2] for line in lines[4:7] + lines[8:]] == digests and purpose[:4] == "pair"
        frozen = "staff_frozen.tsv" if "staff_frozen.tsv" in self.files else "staff.tsv"
        both = list(zip(self.table(frozen, 1), self.table("staff.tsv", 1), strict=True))
        fits = all(a[:1] + a[2:] == b[:1] + b[2:] and int(a[1]) <= int(b[1]) for a, b in both)
        _ok(same and fits and self.plan["staff_file"][0] in ("-", self.h(self.files[frozen])), "匹配文件与匹配记录或方案不符")
        staff = {i: (int(cap), lead == "1", group) for _, (i, cap, lead, group, _) in both}
        demand = {(t, g): (int(size), lead == "1") for t, g, size, lead in self.table("demand.tsv", 2)}
        teams, prices = {t: team for t, *team in self.table("assign.tsv", 1)}, json.loads(self.lines("prices.json")[0])
        chosen, load, y = defaultdict[str, list[Any]](list), Counter(i for t in teams.values() for i in t), prices["y"]
        whole = {type(price) for part in prices.values() for price in part.values()} <= {int}
        _ok(whole and self.lines("prices.json") == [dump(prices)], "prices.json：价格不是整数或写法不规范")
        for t, i, *able in self.table("eligible.tsv", 2):
            (_, lead, g), mine = staff[i], i in teams[t]
            short = demand[t, g][1] and not (able == ["1"] if able else lead)
            c = int(self.h(f"{key}:{t}/{i}".encode())[:8], 16)
            slack = c + y[i] - prices["z"][f"{t}|{g}"] + (prices["u"][f"{t}|{g}"] if short else 0)
            _ok(slack <= 0 if mine else slack >= 0, f"{t} 与 {i}：不满足最优性不等式")
            chosen[t] += [(short or not demand[t, g][1], not lead, c, i, g, short)] * mine
        for (t, g), (size, needed) in demand.items():
            team, price = [lot[5] for lot in chosen[t] if lot[4] == g], prices["u"].get(f"{t}|{g}", 0)
            fits = len(team) == size > sum(team) and price >= 0 and (not price or (needed and sum(team) == size - 1))
            _ok(fits, f"{t} 的 {g} 组：人数、主检或价格不符")
        for i, cap, n in ((i, cap, load[i]) for i, (cap, *_) in staff.items()):
            _ok(n <= cap and (not n or WEIGHT * (n - 1) <= y[i]) and (n == cap or y[i] <= WEIGHT * n), f"{i}：次数或价格错")
        self.same("assign.tsv", ["\t".join([t, *r[:1], *sorted(r[1:])]) for t in teams for r in [[lot[3] for lot in sorted(chosen[t])]]])
        cost = sum(lot[2] for t in teams for lot in chosen[t]) + sum(WEIGHT * n * (n - 1) // 2 for n in load.values())
        head = ["ssj/1/assign", f"plan={self.p}", f"seed={self.s}", f"key={purpose}|{self.key(purpose)}"]
        self.same("assign.txt", [*head, *lines[4:7], f"cost={cost}", *lines[8:]])
        drawn = [*self.came, *(i for name in self.files if name.startswith("drawn") for i in self.lines(name))]
        near = {*drawn, *(f"{i[:18]}-R" for i in drawn)}  # 同组连查的路线以首户代码加 -R 户数为名
        _ok(all(t in near or t[:-2] in near for t in teams), "匹配了不在抽中名单内的对象")
        self.said.append(f"已核对：{len(teams)} 个对象或路线的人员匹配（{purpose}），均已抽中，总费用最低"
                         + "；注意：有人员的上限经登记提高" * (frozen != "staff.tsv"))
def verify(path: str | Path) -> Report:
    """核验一个公示包；任何问题都写在 failure 里，不抛出异常。"""
    said = list[str]()
    try:
        (files, note), last = _unpack(Path(path)), "manifest.txt"
        _ok(all(data[-1:] in (b"", b"\n") for data in files.values()), "有文件末尾缺少换行")
        run = _Check(files, said)
        steps = {"log": True, "seed": True, "leaves": run.plan["form"], "draw": "roster.tsv" in files, "match": "assign.txt" in files}
        any(getattr(run, f"check_{step}")() for step, due in steps.items() if due)
        run.same(last, [f"{name}\t{hashlib.sha256(files[name]).hexdigest()}" for name in sorted(files) if name != last])
        _ok(run.read == {*files}, f"文件缺少或多余：{'、'.join(sorted(run.read ^ {*files}))}")
    except Exception as error:
        return Report(said, str(error) if type(error) is ValueError else f"内容缺失或格式不正确：{error!r}")
    return Report([note, *said, f"已核对：{len(files)} 个文件逐字节与 manifest.txt 一致"], None)
def main(argv: list[str]) -> int:
    """打印核验结果；返回退出码。"""
    report = verify(argv[0]) if len(argv) == 1 else Report([], __doc__)
    print(*report.lines, f"不一致：{report.failure}" if report.failure else "全部一致", sep="\n")
    return 1 if report.failure else 0
sys.exit(main(sys.argv[1:])) if __name__ == "__main__" else None
