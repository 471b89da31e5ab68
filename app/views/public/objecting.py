"""The public form of an objection (R58), and its state by the number of the receipt."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, abort, make_response, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as Answer

from app.domain.errors import DomainError
from app.domain.vocabulary import DisclosureKind
from app.extensions import db
from app.messages import sentence_for
from app.models import Disclosure, Objection
from app.services import objecting
from app.services.objecting import Complaint
from app.services.papers import LARGEST, Paper, PaperRefused
from app.views.public.site import page


def add_pages(site: Blueprint) -> None:
    """The addresses of this file."""
    site.add_url_rule("/notices/<index_no>/objection", "object_form", object_form)
    site.add_url_rule("/notices/<index_no>/objection", "object", object_to, methods=["POST"])
    site.add_url_rule("/objections/", "receipts", receipts)
    site.add_url_rule("/objections/<receipt_no>", "receipt", receipt)


def object_form(index_no: str) -> Response:
    """The form for an objection to one result."""
    return _form(_standing(index_no))


def object_to(index_no: str) -> Answer:
    """Take an objection in; what was typed survives a refusal."""
    notice = _standing(index_no)
    values = request.form
    complaint = Complaint(values.get("applicant", ""), values.get("contact", ""), values.get("statement", ""))
    try:
        number = objecting.submit_objection(
            index_no, values.get("item", ""), complaint, datetime.now(UTC), _paper()
        )
    except DomainError as error:
        db.session.rollback()
        return _form(_standing(notice.index_no), sentence_for(error), 422)
    return redirect(url_for("public.receipt", receipt_no=number), 303)


def receipts() -> Response | Answer:
    """Look up a receipt."""
    number = request.args.get("number", "").strip()[:40]
    if number:
        return redirect(url_for("public.receipt", receipt_no=number), 303)
    return _unkept(page("receipt.html", objection=None))


def receipt(receipt_no: str) -> Response:
    """How an objection stands; nothing of who made it."""
    found = db.session.scalar(select(Objection).where(Objection.receipt_no == receipt_no))
    return _unkept(page("receipt.html", objection=found or abort(404)))


def _standing(index_no: str) -> Disclosure:
    found = db.session.scalar(select(Disclosure).where(Disclosure.index_no == index_no))
    if found is None or found.kind != DisclosureKind.RESULT or found.withdrawn_at or found.expired_at:
        abort(404)
    return found


def _form(notice: Disclosure, refusal: str = "", status: int = 200) -> Response:
    return _unkept(page("objection.html", notice=notice, refusal=refusal, values=request.form), status)


def _unkept(content: str, status: int = 200) -> Response:
    answer = make_response(content, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _paper() -> Paper | None:
    file = request.files.get("paper")
    if file is None or not file.filename:
        return None
    content = file.stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise PaperRefused(name=file.filename[-80:])
    return Paper(file.filename, content)
