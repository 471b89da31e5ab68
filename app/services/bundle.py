"""公示包 of a draw: gathered from the database and the stored files, written as one zip or file by file."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.draw.bundle import MANIFEST, Bundle, Content, MatchFiles, manifest_text, write_zip
from app.domain.draw.log import LogEntry as LogLine
from app.domain.draw.record import parse_assign, parse_plan, parse_result, parse_seed
from app.domain.draw.roster import salt_of
from app.domain.draw.selection import Drawn, Lot
from app.domain.draw.selection import Place as PlaceName
from app.domain.errors import DomainError
from app.models import Draw, DrawnTarget, LogEntry, Matching
from app.services import draw_log
from app.services.storage import fetch_lines, fetch_pieces
from app.services.transaction import fetch


class DrawNotDone(DomainError):
    """The draw has no result yet, so there is nothing to bundle."""

    code = "draw_not_done"


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored file as content: every reading fetches it anew, piece by piece."""

    session: Session
    digest: str

    def __iter__(self) -> Iterator[bytes]:
        return fetch_pieces(self.session, self.digest)


@dataclass(frozen=True, slots=True)
class Salts:
    """salts.tsv of the auditor's bundle: identifier, TAB, salt, ascending; made while it is read."""

    session: Session
    roster_file: str
    secret: str

    def __iter__(self) -> Iterator[bytes]:
        secret = self.secret.encode()
        for line in fetch_lines(self.session, self.roster_file):
            identifier = line.partition(b"\t")[0].decode("ascii")
            yield f"{identifier}\t{salt_of(secret, identifier)}\n".encode("ascii")


def bundle_name(draw: Draw) -> str:
    """The file name under which the bundle is handed out."""
    return f"{draw.number}.zip"


def write_bundle(session: Session, draw_id: int, out: BinaryIO, *, auditor: bool = False) -> None:
    """Write the bundle of a computed draw into `out`; the same draw gives the same bytes.

    Open form: everything. Sealed form (R29): salted leaves and the union of the drawn; with `auditor`
    also the roster, the salts and the lists by stratum. Raises NotFound, DrawNotDone.
    """
    files = bundle_files(session, fetch(session, Draw, draw_id), auditor=auditor)
    # write_zip reads back what it wrote, which `out` may not allow.
    with tempfile.TemporaryFile() as whole:
        write_zip(files, whole)
        whole.seek(0)
        shutil.copyfileobj(whole, out, 1 << 20)


def bundle_files(session: Session, draw: Draw, *, auditor: bool = False) -> dict[str, Content]:
    """The bundle's files by name, the manifest excepted; large ones are read only when used.

    Raises DrawNotDone.
    """
    if draw.seed_record is None or draw.result_record is None:
        raise DrawNotDone(draw=draw.number)
    plan = parse_plan(draw.plan_record)
    full = auditor or not plan.sealed
    return Bundle(
        plan=plan,
        seed=parse_seed(draw.seed_record),
        result=parse_result(draw.result_record),
        drawn=drawn_lots(session, draw),
        log=log_of(session, draw),
        roster=Kept(session, draw.roster_file) if full else None,
        leaves=Kept(session, draw.leaves_file) if draw.leaves_file else None,
        salts=Salts(session, draw.roster_file, draw.salt_secret or "") if plan.sealed and auditor else None,
        match=_match_files(session, draw),
    ).files()


def public_names(session: Session, draw: Draw) -> list[str]:
    """Names of the files of the public bundle, ascending, the manifest included. Raises DrawNotDone."""
    return sorted([*bundle_files(session, draw), MANIFEST])


def public_file(session: Session, draw: Draw, name: str) -> tuple[Content, str] | None:
    """One file of the public bundle and its SHA-256, None when it has no such file. Raises DrawNotDone."""
    files = bundle_files(session, draw)
    if name == MANIFEST:
        text = manifest_text({each: digest_of(content) for each, content in files.items()}).encode()
        return text, digest_of(text)
    content = files.get(name)
    return None if content is None else (content, digest_of(content))


def digest_of(content: Content) -> str:
    """SHA-256 of a file of the bundle; a stored one bears it as its name."""
    if isinstance(content, Kept):
        return content.digest
    whole = hashlib.sha256()
    for piece in [content] if isinstance(content, bytes) else content:
        whole.update(piece)
    return whole.hexdigest()


def drawn_lots(session: Session, draw: Draw) -> dict[PlaceName, Drawn]:
    """The stored outcome: drawn and reserve of every quota line, in drawing order."""
    query = (
        select(
            DrawnTarget.item_code,
            DrawnTarget.stratum,
            DrawnTarget.is_reserve,
            DrawnTarget.tier,
            DrawnTarget.ticket,
            DrawnTarget.identifier,
        )
        .where(DrawnTarget.draw_id == draw.id)
        .order_by(DrawnTarget.rank)
    )
    lots: defaultdict[tuple[str, str, bool], list[Lot]] = defaultdict(list)
    for item, stratum, is_reserve, tier, ticket, identifier in session.execute(query):
        lots[item, stratum, is_reserve].append(Lot(tier, bytes.fromhex(ticket), identifier))
    places = [(quota.item_code, quota.stratum) for quota in draw.quotas]
    return {place: Drawn(tuple(lots[*place, False]), tuple(lots[*place, True])) for place in places}


def log_of(session: Session, draw: Draw) -> list[LogLine]:
    """The log from its first entry to this draw's last; only this draw's entries carry their records."""
    last = session.scalar(select(func.max(LogEntry.number)).where(LogEntry.draw_id == draw.id))
    return [
        entry if owner == draw.id else _without_record(entry)
        for owner, entry in draw_log.entries(session, last or 0)
    ]


def _without_record(entry: LogLine) -> LogLine:
    return LogLine(entry.n, entry.prev, entry.kind, entry.record_hash, entry.utc, entry.hash, entry.alg)


def _match_files(session: Session, draw: Draw) -> MatchFiles | None:
    match = session.scalar(select(Matching).where(Matching.draw_id == draw.id))
    if match is None:
        return None
    return MatchFiles(
        assign=parse_assign(match.record),
        staff=Kept(session, match.staff_file),
        eligible=Kept(session, match.eligible_file),
        demand=Kept(session, match.demand_file),
        teams=Kept(session, match.assign_file),
        prices=Kept(session, match.prices_file),
        frozen_staff=Kept(session, draw.staff_file or "") if match.staff_file != draw.staff_file else None,
    )
