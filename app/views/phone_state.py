"""A visit as the phone needs it: what every field says, whose value stands beside it, what is missing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session

from app.domain.entries import Entry, Standing
from app.domain.errors import DomainError
from app.domain.lifecycle import FINDING, VISIT
from app.domain.lifecycle import may as lawful
from app.messages import sentence_for
from app.models import Attachment, EvidenceHold, ItemFinding, Signature, Visit
from app.services import evidence
from app.services.approving import require_approved
from app.services.certificates import require_certificates
from app.services.drafts import Draft, drafts_of
from app.services.visits import OPEN_TASKS
from app.views.base.format import CLOCK, label_of, shown
from app.views.frame import full_name


def state_of(session: Session, visit: Visit, reader: User, now: datetime) -> dict[str, Any]:
    """Everything that the page of a visit shows, ready for JSON."""
    drafts = drafts_of(session, visit)
    files = evidence.files_of(session, visit)
    return {
        "visit": visit.id,
        "state": label_of(visit.state),
        "mayHandIn": lawful(VISIT, visit.state, "submit"),
        "cursor": max([draft.newest for draft in drafts.values()], default=0),
        "findings": {
            finding.id: _finding(session, drafts[finding.id], reader, now) for finding in visit.findings
        },
        "files": [_file(each) for each in files],
        "signatures": [
            _signature(each, evidence.recorded_digest(visit))
            for each in evidence.signatures_of(session, visit)
        ],
        "holds": [_hold(each) for each in evidence.holds_of(session, visit)],
        "unsigned": evidence.missing_signatures(session, visit, files),
        "lacking": lacking(session, visit),
    }


def lacking(session: Session, visit: Visit) -> str:
    """What the recorded form lacks before it may be handed in, as a sentence; "" for nothing."""
    try:
        evidence.require_complete(session, visit)
    except DomainError as error:
        return sentence_for(error)
    return ""


def own_agencies(visit: Visit, reader: User) -> set[int]:
    """The departments for which the reader stands in the team."""
    return {member.inspector.agency_id for member in visit.team if member.inspector.user_id == reader.id}


def _finding(session: Session, draft: Draft, reader: User, now: datetime) -> dict[str, Any]:
    finding = draft.finding
    is_own = finding.agency_id in own_agencies(finding.visit, reader)
    may_record = lawful(FINDING, finding.state, "record") and finding.visit.task.state in OPEN_TASKS
    fields = {name: {"v": value, "n": 0} for name, value in draft.values.items()}
    fields |= {name: _standing(standing, draft, reader) for name, standing in draft.fields.items()}
    return {
        "state": finding.state.value,
        "label": label_of(finding.state),
        "open": is_own and may_record,
        "version": finding.latest.version if finding.latest else 0,
        "clean": draft.is_clean,
        "newest": draft.newest,
        "returned": finding.return_reason,
        "obstacle": _obstacle(session, finding, now) if is_own and may_record else "",
        "fields": fields,
    }


def _obstacle(session: Session, finding: ItemFinding, now: datetime) -> str:
    """Why the item could not be completed today whatever is typed, as a sentence; "" for nothing."""
    today = now.astimezone(CLOCK).date()
    try:
        require_certificates(finding.visit, finding.agency_id, today)
        require_approved(session, finding.visit, today, finding, enters=True)
    except DomainError as error:
        return sentence_for(error)
    return ""


def _standing(standing: Standing, draft: Draft, reader: User) -> dict[str, Any]:
    said = _said(standing.newest, draft, reader)
    if standing.rivals:
        said["others"] = [_said(rival, draft, reader) for rival in standing.rivals]
    return said


def _said(entry: Entry, draft: Draft, reader: User) -> dict[str, Any]:
    row, latest = draft.rows.get(entry.number), draft.finding.latest
    if row is None and latest is not None:
        who, when = latest.recorded_by, latest.recorded_at
    else:
        who, when = row.author, row.typed_at  # type: ignore[union-attr]
    return {
        "v": entry.value,
        "n": entry.number,
        "by": full_name(who),
        "mine": who.id == reader.id,
        "at": shown(when),
    }


def _file(each: Attachment) -> dict[str, Any]:
    place = {"pk": each.visit_id, "file_id": each.id}
    return {
        "id": each.client_id,
        "kind": label_of(each.kind),
        "name": each.name,
        "size": each.size,
        "digest": each.digest,
        "by": full_name(each.author),
        "at": shown(each.taken_at),
        "placed": each.latitude is not None,
        "finding": each.finding_id,
        "point": each.point_id,
        "note": each.note or "",
        "dated": shown(each.dated_on) if each.dated_on else "",
        "url": url_for("PhoneView.file", **place),
        "small": url_for("PhoneView.small", **place) if each.small_digest else None,
    }


def _signature(each: Signature, digest: str) -> dict[str, Any]:
    return {
        "id": each.client_id,
        "role": each.role.value,
        "inspector": each.inspector_id,
        "name": each.name,
        "refusal": each.refusal,
        "witness": each.witness or "",
        "at": shown(each.signed_at),
        "holds": each.content == digest,
    }


def _hold(each: EvidenceHold) -> dict[str, Any]:
    return {
        "id": each.client_id,
        "what": each.what,
        "on": shown(each.held_on),
        "by": shown(each.decide_by),
        "outcome": each.decision.outcome if each.decision else "",
    }
