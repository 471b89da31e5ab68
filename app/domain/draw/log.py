"""The append-only draw log (抽取日志), a hash chain: section 2.8 of `ssj/1`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.draw.grammar import HEX, UTC, check
from app.domain.draw.hashing import hex_digest
from app.domain.errors import DomainError

GENESIS = "0" * 64
KINDS = ("plan", "seed", "result", "assign", "substitute", "void")


class LogBroken(DomainError):
    """The chain does not hold at entry `n`; `field` says where."""

    code = "log_broken"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry E_n; `alg` is that of the draw it belongs to, `record` its text where published."""

    n: int
    prev: str
    kind: str
    record_hash: str
    utc: str
    hash: str
    alg: str = "sha256"
    record: str | None = None


def entry_hash(alg: str, n: int, prev: str, kind: str, record_hash: str, utc: str) -> str:
    """Return E_n, 64 hex characters; `utc` is `YYYY-MM-DDTHH:MM:SSZ`."""
    return hex_digest(alg, f"ssj/1/log\n{n}\n{prev}\n{kind}\n{record_hash}\n{utc}\n".encode())


def append(last: LogEntry | None, kind: str, record: str, utc: str, alg: str) -> LogEntry:
    """Make the entry that follows `last` (None: the first) for a record's text; raises `log_broken`."""
    n, prev = (last.n + 1, last.hash) if last else (1, GENESIS)
    if kind not in KINDS or not record.startswith(f"ssj/1/{kind}\n"):
        raise LogBroken(n=n, field="kind")
    check("log", "utc", utc, UTC)
    record_hash = hex_digest(alg, record.encode())
    return LogEntry(
        n, prev, kind, record_hash, utc, entry_hash(alg, n, prev, kind, record_hash, utc), alg, record
    )


def verify_chain(entries: Iterable[LogEntry], last: LogEntry | None = None) -> LogEntry | None:
    """Check every link after `last` and return the newest entry; raises `log_broken` (n, field)."""
    for entry in entries:
        _check_link(entry, last)
        last = entry
    return last


def _check_link(entry: LogEntry, last: LogEntry | None) -> None:
    n, prev = (last.n + 1, last.hash) if last else (1, GENESIS)
    expected = entry_hash(entry.alg, n, prev, entry.kind, entry.record_hash, entry.utc)
    faults = {
        "n": entry.n != n,
        "prev": entry.prev != prev,
        "kind": entry.kind not in KINDS,
        "record_hash": not HEX.fullmatch(entry.record_hash) or not _record_fits(entry),
        "utc": not UTC.fullmatch(entry.utc),
        "hash": entry.hash != expected,
    }
    for field, faulty in faults.items():
        if faulty:
            raise LogBroken(n=entry.n, field=field)


def _record_fits(entry: LogEntry) -> bool:
    return entry.record is None or hex_digest(entry.alg, entry.record.encode()) == entry.record_hash


def json_line(entry: LogEntry) -> str:
    """Write an entry as its canonical line of log.jsonl: sorted keys, no spaces, LF."""
    shown = {key: getattr(entry, key) for key in ("n", "prev", "kind", "record_hash", "utc", "hash")}
    if entry.record is not None:
        shown["record"] = entry.record
    return canonical_json(shown) + "\n"


def canonical_json(value: object) -> str:
    """Write JSON in the one form the protocol accepts: keys sorted by code point, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
