"""The public bundle (公示包): every file of a draw as bytes, and the zip that carries them.

The same draw always gives the same bytes: entries are stored uncompressed in name order with one fixed
timestamp, and the archive's comment holds the SHA-256 of the archive, so that no byte is without a check.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.domain.draw.log import LogEntry, json_line
from app.domain.draw.readme import readme_text
from app.domain.draw.record import Assign, Plan, Result, SeedRecord
from app.domain.draw.selection import Drawn, Place, list_text, union_text
from app.domain.errors import DomainError

Content = bytes | Iterable[bytes]

MANIFEST = "manifest.txt"
TIMESTAMP = (1980, 1, 1, 0, 0, 0)
COMMENT = b"ssj/1 sha256="
READ_BLOCK = 1 << 20


class BundleIncomplete(DomainError):
    """A file the plan's form needs is missing; `missing` says which."""

    code = "bundle_incomplete"


@dataclass(frozen=True, slots=True)
class MatchFiles:
    """The published match: the assign record and its files' bytes (see domain/matching/files.py)."""

    assign: Assign
    staff: Content
    eligible: Content
    demand: Content
    teams: Content
    prices: Content
    frozen_staff: Content | None = None
    """The staff as the plan fixed it, where a chosen remedy raised caps since."""

    def files(self) -> dict[str, Content]:
        """Name to content."""
        frozen = {"staff_frozen.tsv": self.frozen_staff} if self.frozen_staff is not None else {}
        return frozen | {
            "assign.txt": self.assign.text().encode(), "staff.tsv": self.staff, "eligible.tsv": self.eligible,
            "demand.tsv": self.demand, "assign.tsv": self.teams, "prices.json": self.prices,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a bundle is made of.

    Open form: `roster`. Sealed form: `leaves` (salted rows); with `roster` and `salts`
    (`ID TAB salt`, ascending) too it is the auditor's full bundle. `log` runs from entry 1; entries of
    other draws carry no record.
    """

    plan: Plan
    seed: SeedRecord
    result: Result
    drawn: Mapping[Place, Drawn]
    log: Sequence[LogEntry]
    roster: Content | None = None
    leaves: Content | None = None
    salts: Content | None = None
    match: MatchFiles | None = None

    def files(self) -> dict[str, Content]:
        """Name to content in ascending order of names, the manifest excepted; raises `bundle_incomplete`."""
        files: dict[str, Content] = {
            "plan.txt": self.plan.text().encode(),
            "seed.txt": self.seed.text().encode(),
            "result.txt": self.result.text().encode(),
            "log.jsonl": "".join(map(json_line, self.log)).encode(),
            "README.txt": readme_text(self.plan, self.result, self.match is not None).encode(),
            "verify.py": verifier_source(),
        }
        files |= self._sealed() if self.plan.sealed else self._open()
        files |= self.match.files() if self.match else {}
        return dict(sorted(files.items()))

    def _open(self) -> dict[str, Content]:
        files: dict[str, Content] = {"roster.tsv": _present("roster.tsv", self.roster)}
        for quota in self.plan.quotas:
            drawn = self.drawn[quota.item, quota.stratum]
            files[f"drawn/{quota.item}.{quota.stratum}.txt"] = list_text(drawn.drawn).encode()
            files[f"reserve/{quota.item}.{quota.stratum}.txt"] = list_text(drawn.reserve).encode()
        return files

    def _sealed(self) -> dict[str, Content]:
        files: dict[str, Content] = {"leaves.tsv": _present("leaves.tsv", self.leaves)}
        files["drawn.txt"] = union_text(self.drawn.values()).encode()
        if self.roster is not None:
            files |= self._open() | {"salts.tsv": _present("salts.tsv", self.salts)}
        return files


def _present(name: str, content: Content | None) -> Content:
    if content is None:
        raise BundleIncomplete(missing=name)
    return content


def verifier_source() -> bytes:
    """Return verify.py as it stands in the product, to be shipped verbatim."""
    return (Path(__file__).parent / "verify.py").read_bytes()


def write_zip(files: Mapping[str, Content], out: IO[bytes]) -> str:
    """Write the bundle and its manifest into `out` (seekable, opened for reading and writing, empty).

    Returns the SHA-256 of the whole archive, 64 hex characters.
    """
    manifest = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(files.items()):
            manifest[name] = _write_entry(archive, name, content)
        _write_entry(archive, MANIFEST, manifest_text(manifest).encode())
    return _seal(out)


def manifest_text(hashes: Mapping[str, str]) -> str:
    """Return manifest.txt: name, TAB, SHA-256 of every other file, ascending by name."""
    return "".join(f"{name}\t{value}\n" for name, value in sorted(hashes.items()))


def _write_entry(archive: zipfile.ZipFile, name: str, content: Content) -> str:
    entry, whole = zipfile.ZipInfo(name, TIMESTAMP), hashlib.sha256()
    # Given here so that the archive is the same on Windows and Linux.
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    with archive.open(entry, "w") as target:
        for block in [content] if isinstance(content, bytes) else content:
            whole.update(block)
            target.write(block)
    return whole.hexdigest()


def _seal(out: IO[bytes]) -> str:
    """Put the hash of the archive written so far into its comment."""
    comment = COMMENT + _hash_file(out).encode()
    out.seek(-2, 2)
    out.write(len(comment).to_bytes(2, "little") + comment)
    return _hash_file(out)


def _hash_file(stream: IO[bytes]) -> str:
    stream.seek(0)
    whole = hashlib.sha256()
    while block := stream.read(READ_BLOCK):
        whole.update(block)
    return whole.hexdigest()
