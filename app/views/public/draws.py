"""The page of one draw: records, lists, the bundle, and the answer to one firm."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import segno
from flask import Blueprint, Response, abort, jsonify, request, send_file, stream_with_context, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.domain.draw.merkle import Inclusion
from app.domain.errors import DomainError
from app.domain.vocabulary import ExclusionReason, LogKind
from app.extensions import db
from app.messages import sentence_for
from app.services.bundle import bundle_name, public_file, public_names, write_bundle
from app.services.public_draw import (
    Case,
    PublicDraw,
    Stage,
    case_of,
    find_public,
    is_open_to_check,
    public_log,
)
from app.views.base.format import label_of
from app.views.public.notices import ROWS_SHOWN, Sheet, page_number
from app.views.public.site import page
from app.views.public.tables import ratio_text, table_of
from app.views.public.wording import verify_texts
from app.views.task_page import BOUNDS

TEXT_TYPES = {
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "py": "text/x-python",
    "txt": "text/plain",
}
ROWS_CHECKED_AT_ONCE = 200_000
LONGEST_QUESTION = 60
ITEMS = 3


def add_pages(site: Blueprint) -> None:
    """The addresses of this file."""
    site.add_url_rule("/draws/<number>", "draw", draw)
    site.add_url_rule("/draws/<number>/bundle.zip", "bundle", bundle)
    site.add_url_rule("/draws/<number>/files/<path:name>", "file", file)
    site.add_url_rule("/draws/<number>/firm", "firm", firm, methods=["POST"])


def draw(number: str) -> str:
    """Was it fair? The proof first, then one firm, then the lists."""
    found = find_public(db.session(), number) or abort(404)
    open_to_check = is_open_to_check(found)
    return page(
        "draw.html",
        found=found,
        draw=found.draw,
        stage=found.stage.value,
        table=table_of(found.outcome) if open_to_check and found.outcome else None,
        sheet=_targets(found) if open_to_check else None,
        records=_records(found),
        quotas=[_formula(found, quota) for quota in found.draw.quotas],
        excluded=_excluded(found),
        entries=public_log(db.session(), found),
        names=public_names(db.session(), found.draw) if open_to_check else [],
        qr=qr_of(url_for("public.draw", number=number, _external=True)),
        texts=verify_texts(),
        at_once=found.draw.roster_n <= ROWS_CHECKED_AT_ONCE,
    )


def bundle(number: str) -> Response:
    """The whole bundle as one zip."""
    found = _open(number)
    whole = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the response)
    write_bundle(db.session(), found.draw.id, whole)
    whole.seek(0)
    return send_file(whole, "application/zip", as_attachment=True, download_name=bundle_name(found.draw))


def file(number: str, name: str) -> Response:
    """One file of the bundle; only names that belong to it are answered."""
    found = _open(number)
    content, digest = public_file(db.session(), found.draw, name) or abort(404)
    answer = Response(mimetype=TEXT_TYPES.get(name.rpartition(".")[2], "text/tab-separated-values"))
    answer.set_etag(digest)
    # Kept copies are asked about each time: a log that has grown beside an old manifest would look forged.
    answer.cache_control.no_cache = True
    pieces = [content] if isinstance(content, bytes) else content
    if "gzip" in request.accept_encodings:
        answer.headers["Content-Encoding"] = "gzip"
        pieces = gzipped(pieces)
    answer.vary.add("Accept-Encoding")
    answer.response = stream_with_context(iter(pieces))
    return answer.make_conditional(request)


def firm(number: str) -> Response | tuple[Response, int]:
    """What one firm needs to check its own case; the browser judges it (see firm.js)."""
    found = _open(number)
    asked = {name: request.form.get(name, "").strip()[:LONGEST_QUESTION] for name in ("code", "check")}
    try:
        case = case_of(db.session(), found.draw, asked["code"], asked["check"] or None)
    except DomainError as error:
        return jsonify(sentence=sentence_for(error)), 400
    answer = jsonify(_told(case))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def gzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces as one gzip stream, compressed as they pass."""
    press = zlib.compressobj(6, zlib.DEFLATED, 31)
    for piece in pieces:
        if packed := press.compress(piece):
            yield packed
    yield press.flush()


def qr_of(address: str) -> Markup:
    """The address as a QR code, inline SVG without any style attribute."""
    code = segno.make(address, error="m")
    return Markup(
        code.svg_inline(omitsize=True, svgclass="qr", lineclass=None, title=_("QR code of this page"))
    )


def _open(number: str) -> PublicDraw:
    """The draw when its bundle may be handed out; 410 when its result was withdrawn (R57)."""
    found = find_public(db.session(), number) or abort(404)
    if found.stage == Stage.WITHDRAWN:
        abort(410)
    return found if is_open_to_check(found) else abort(404)


def _targets(found: PublicDraw) -> Sheet:
    """The published targets, their items by name; ITEMS is the column of the codes."""
    rows = table_of(found.outcome).rows if found.outcome else []
    number, names = page_number(), _item_names(found)
    start = (number - 1) * ROWS_SHOWN
    shown = [
        (*row[:ITEMS], "、".join(names.get(code, code) for code in row[ITEMS].split("、")), *row[ITEMS + 1 :])
        for row in rows[start : start + ROWS_SHOWN]
    ]
    return Sheet(shown, number, ROWS_SHOWN, len(rows))


def _item_names(found: PublicDraw) -> dict[str, str]:
    return {item["code"]: item["name"] for item in found.notice.body.get("items", [])}


def _records(found: PublicDraw) -> list[tuple[str, str, str]]:
    """Name, hash and text of the records that may be seen at this stage."""
    made = found.draw
    records = [(label_of(LogKind.PLAN), made.plan_hash, made.plan_record)]
    if is_open_to_check(found):
        records += [
            (label_of(LogKind.SEED), made.seed_hash or "", made.seed_record or ""),
            (label_of(LogKind.RESULT), made.result_hash or "", made.result_record or ""),
        ]
        later = public_log(db.session(), found)[3:]
        records += [(label_of(entry.kind), entry.record_hash, entry.record) for entry in later]
    return records


def _formula(found: PublicDraw, quota: Any) -> dict[str, Any]:
    """One quota in words; of a sealed draw only what the plan record itself says (R29)."""
    sealed = found.draw.leaves_file is not None
    ppm = None if sealed else quota.ppm
    formula = (
        f"⌈{quota.pool:,} × {ratio_text(ppm)}⌉ = {quota.quota:,}" if ppm is not None else f"{quota.quota:,}"
    )
    return {
        "item": quota.item_code,
        "name": _item_names(found).get(quota.item_code, ""),
        "stratum": quota.stratum if sealed else quota.stratum_label,
        "pool": quota.pool,
        "quota": quota.quota,
        "reserve": quota.reserve,
        "formula": formula,
        "bound": _("in the sealed plan") if sealed else BOUNDS.get(quota.decided_by, quota.decided_by),
    }


def _excluded(found: PublicDraw) -> list[tuple[str, int]]:
    labels = {reason.value: label_of(reason) for reason in ExclusionReason}
    return [
        (labels.get(code, code), count)
        for code, count in sorted(found.notice.body.get("excluded", {}).items())
    ]


def _told(case: Case) -> dict[str, Any]:
    exclusion = case.exclusion
    return {
        "identifier": case.identifier,
        "row": case.proof.row if case.proof else None,
        "salt": case.proof.salt if case.proof else None,
        "inclusion": _proof(case.inclusion),
        "exclusion": {"left": _proof(exclusion.left), "right": _proof(exclusion.right)}
        if exclusion
        else None,
        "lots": [{"purpose": lot.purpose, "ticket": lot.ticket, "shell": lot.shell} for lot in case.lots],
        "ranks": case.ranks,
        "verdict": case.verdict.value,
        "swapped": [{"item": each.item, "left": each.left, "came": each.came} for each in case.swapped],
    }


def _proof(proof: Inclusion | None) -> dict[str, Any] | None:
    return {"row": proof.row, "index": proof.index, "path": list(proof.path)} if proof else None
