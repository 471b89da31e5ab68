"""核验随机抽取公示包（协议 ssj/1）：python3 verify.py 公示包.zip（或解压后的目录）

只用 Python 3.10 标准库，不联网，不依赖抽取系统；全部一致退出码 0，否则说明第一处不一致，退出码 1。
"""
# fmt: off
from __future__ import annotations

import hashlib
import io
import json
import re
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

HEX, NUM, ID, ITEM = "[0-9a-f]{64}", "(?:0|[1-9][0-9]{0,17})", "[0-9A-Z-]{1,22}", "[A-Za-z0-9_-]{1,32}"
STRATUM = r"(?!-(?:[\t\n|~]|\Z))[A-Za-z0-9_.-]{1,32}"
SAFE = re.compile(r"(?!\.)[A-Za-z0-9_.-]+(?:/(?!\.)[A-Za-z0-9_.-]+)?/?")
QUOTA = re.compile(rf"({ITEM})\|({STRATUM})\|({NUM})\|(-|{NUM})\|({NUM})\|({NUM})")
OUTCOME = re.compile(rf"drawn=({ITEM}\|{STRATUM}\|{NUM})\|(?:([0-9])\|({HEX})|-\|-)\|{HEX}")
PLAN = "alg (form )?draw (item )+roster_n roster_root roster_file (quota )+staff_file (seed )+seed_after "
SOURCES = {"cwl-kl8": (r"(?:[1-9][0-9]?\.){20}", 61.6), "cwl-ssq": (r"(?:[1-9][0-9]?\.){6}/[1-9][0-9]?\.", 24.1),
           "cwl-3d": (r"(?:[0-9]\.){3}", 9.9), "dice-d10": ("[0-9]+", 3.32), "drand-quicknet": (HEX, 256.0)}
BASE = {"plan.txt", "seed.txt", "result.txt", "log.jsonl", "README.txt", "verify.py", "manifest.txt"}
MATCH = {"staff.tsv": "staff_file", "eligible.tsv": "elig_file", "demand.tsv": "demand_file", "assign.tsv": "rows"}
MOST, RATIO, WEIGHT, AVAILABLE = 4 << 30, 200, 1 << 32, {"sha256", "sm3"} & hashlib.algorithms_available
Place = tuple[str, str]
Ways = Callable[[bytes], list[tuple[bytes, bytes, list[tuple[Place, int]]]]]


class Report(NamedTuple):
    """lines：已核对和不能核对的内容；failure：第一处不一致，全部一致时为 None。"""
    lines: list[str]
    failure: str | None


def need(fact: object, sentence: str) -> None:
    if not fact:
        raise ValueError(sentence)


def unpack(path: Path) -> tuple[dict[str, bytes], str]:
    if path.is_dir():
        return {f.relative_to(path).as_posix(): f.read_bytes() for f in path.rglob("*") if f.is_file()}, "已读取：目录"
    raw = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        entries, seal = archive.infolist(), archive.comment
        names = [entry.orig_filename for entry in entries]
        need(all(map(SAFE.fullmatch, names)) and len({*names}) == len(names), "压缩包内有不安全的路径或重名文件，拒绝展开")
        need(sum(e.file_size for e in entries) <= min(MOST, RATIO * (len(raw) + 4096)), "压缩包展开后过大，拒绝展开")
        files = {entry.filename: archive.read(entry) for entry in entries if not entry.is_dir()}
    digest = hashlib.sha256(raw[:-2 - len(seal)] + b"\0\0").hexdigest()
    need(seal == f"ssj/1 sha256={digest}".encode() if seal else raw[-22:-18] == b"PK\5\6", "压缩包与其封签不一致，有字节被改动")
    return files, "已核对：压缩包逐字节与封签一致" if seal else "注意：压缩包经过重新打包，只核对其中的文件"


class Check:
    def __init__(self, files: dict[str, bytes], said: list[str]) -> None:
        self.files, self.said, self.plan = files, said, self.record("plan.txt", PLAN)
        alg, self.items = self.plan["alg"][0], [item.split("|") for item in self.plan["item"]]
        need(alg in AVAILABLE, f"本机 Python 不支持杂凑算法 {alg}")
        self.hash = hashlib.sha256 if alg == "sha256" else partial(hashlib.new, alg)
        self.quotas = [found.groups() for found in map(QUOTA.fullmatch, self.plan["quota"]) if found]
        self.sealed, self.full = bool(self.plan["form"]), "roster.tsv" in files or not self.plan["form"]
        self.p, self.s = self.h(files["plan.txt"]), self.h(files["seed.txt"])
        self.keys = {unit: self.key(unit) for _, unit in self.items}
        self.head = ["ssj/1/result", f"plan={self.p}", f"seed={self.s}", *(f"key={u}|{k}" for u, k in self.keys.items())]
        for check in (self.names, self.log, self.seed, self.draw if self.full else None, self.leaves, self.match, self.manifest):
            check()

    def h(self, data: bytes) -> str:
        return self.hash(data).hexdigest()

    def key(self, purpose: str) -> str:
        return self.h(f"ssj/1/key\n{purpose}\n{self.s}\n".encode())[:32]

    def lines(self, name: str) -> list[str]:
        return self.files[name].decode().split("\n")[:-1]

    def record(self, name: str, order: str) -> dict[str, list[str]]:
        pairs, found = [line.partition("=") for line in self.lines(name)[1:]], defaultdict[str, list[str]](list)
        need(re.fullmatch(order, "".join(f"{key} " for key, *_ in pairs)), f"{name}：键或其次序不正确")
        for key, _, value in pairs:
            found[key].append(value)
        return found

    def same(self, name: str, expected: list[str]) -> None:
        for n, (found, wanted) in enumerate(zip([*self.lines(name), "（无）"], [*expected, "（无）"]), 1):
            need(found == wanted, f"{name} 第 {n} 行：应为 {wanted}，实为 {found}")

    def check_names(self) -> None:
        lists = {"roster.tsv", *(f"{kind}/{q[0]}.{q[1]}.txt" for kind in ("drawn", "reserve") for q in self.quotas)}
        names = BASE | (lists if self.full else set()) | ({"leaves.tsv", "drawn.txt"} if self.sealed else set())
        names |= {"salts.tsv"} if self.sealed and self.full else set()
        names |= {*MATCH, "assign.txt", "prices.json"} if "assign.txt" in self.files else set()
        need(names == {*self.files}, f"文件缺少或多余：{'、'.join(sorted(names ^ {*self.files}))}")

    def check_manifest(self) -> None:
        digests = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(self.files.items()) if name != "manifest.txt"}
        self.same("manifest.txt", [f"{name}\t{digest}" for name, digest in digests.items()])

    def check_log(self) -> None:
        previous, own = "0" * 64, []
        for n, line in enumerate(self.lines("log.jsonl"), 1):
            entry = json.loads(line)
            text = f"ssj/1/log\n{n}\n{previous}\n{entry['kind']}\n{entry['record_hash']}\n{entry['utc']}\n".encode()
            again = json.dumps(entry | {"n": n, "prev": previous}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            linked = line == again and entry["hash"] in [hashlib.new(alg, text).hexdigest() for alg in AVAILABLE]
            need(linked, f"log.jsonl 第 {n} 行：日志链断开或写法不规范")
            previous = entry["hash"]
            if "record" in entry:
                own.append((entry["kind"], entry["record"], entry["utc"]))
                fits = entry["record"].startswith(f"ssj/1/{entry['kind']}\n") and self.h(entry["record"].encode()) == entry["record_hash"]
                need(fits, f"log.jsonl 第 {n} 行：记录与登记的杂凑值不符")
        kinds, last = [kind for kind, *_ in own], {kind: record for kind, record, _ in own}
        need(kinds[:3] == ["plan", "seed", "result"] and not {*kinds[3:]} & {*kinds[:3]}, "日志：应先登记方案，再种子，再结果")
        need(own[0][2] < self.plan["seed_after"][0] <= own[1][2], "日志：方案须登记在种子公布之前，种子须登记在其后")
        for kind in ("plan", "seed", "result", "assign"):
            need(last.get(kind, "").encode() == self.files.get(f"{kind}.txt", b""), f"{kind}.txt：与日志中登记的记录不同")
        self.said.append("已核对：日志链连续，方案先于种子、种子先于结果登记" + "；注意：本次抽取已登记作废" * ("void" in last))

    def check_seed(self) -> None:
        lines, bits, events = self.lines("seed.txt"), 0.0, self.plan["seed"]
        need(lines[:2] == ["ssj/1/seed", f"plan={self.p}"] and len(lines) == 2 + len({*events}), "seed.txt：与方案不符")
        for event, line in zip(events, lines[2:]):
            form, entropy = SOURCES[event.partition(":")[0]]
            need(re.fullmatch(f"{event}={form}", line), f"seed.txt：{line} 不是 {event} 的结果")
            bits += entropy * (len(line) - len(event) - 1 if event.startswith("dice") else 1)
        need(bits >= 60, f"种子信息量约 {bits:.0f} 比特，不足 60")
        self.said.append(f"已核对：种子记录，信息量约 {bits:.0f} 比特；未核对：数值须向发布机构查证（{'、'.join(events)}）")

    def tree(self, level: list[bytes]) -> bytes:
        while len(level) > 1:
            level = [self.hash(b"\1" + a + b).digest() for a, b in zip(level[::2], level[1::2])] + level[len(level) & ~1:]
        return level[0] if level else self.hash(b"").digest()
