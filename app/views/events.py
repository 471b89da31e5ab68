"""The events of the audit trail in the words of the reader."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from markupsafe import Markup

from app.views.base import shown

SUBJECTS: dict[str, Any] = {
    "agency": _("department"),
    "approval": _("approval"),
    "archive": _("archived file"),
    "category": _("target category"),
    "category_membership": _("category of an enterprise"),
    "check_point": _("check point"),
    "complaint": _("complaint"),
    "disclosure": _("disclosure"),
    "document": _("document"),
    "draw": _("draw"),
    "enforcement_certificate": _("enforcement certificate"),
    "enterprise": _("enterprise"),
    "expertise": _("field of expertise"),
    "finding": _("finding"),
    "group_meeting": _("meeting of the leading group"),
    "holiday": _("holiday or working weekend"),
    "import_profile": _("recurring source"),
    "import_upload": _("roster file"),
    "inspection_item": _("inspection item"),
    "inspector": _("inspector"),
    "item": _("inspection item"),
    "item_version": _("item version"),
    "legal_basis": _("legal basis"),
    "listing": _("listing"),
    "notice": _("notice of the check"),
    "plan": _("annual plan"),
    "post": _("post"),
    "publicity_activity": _("publicity activity"),
    "recusal": _("recusal"),
    "region": _("region"),
    "roster": _("roster file"),
    "target_category": _("target category"),
    "task": _("inspection task"),
    "training_session": _("training session"),
    "visit": _("visit"),
}
ACTS: dict[str, Any] = {
    "added": _("added"),
    "applied": _("rules applied"),
    "approve": _("approved"),
    "approved": _("approved"),
    "archived": _("archived"),
    "changed": _("changed"),
    "chosen": _("template chosen"),
    "closed": _("closed"),
    "created": _("opened"),
    "decided": _("decided"),
    "deleted": _("deleted"),
    "delivered": _("delivered"),
    "disclose": _("disclosed"),
    "disclosed": _("disclosed"),
    "drawn": _("targets drawn"),
    "dropped": _("put aside"),
    "exported": _("exported"),
    "file": _("filed"),
    "filed": _("filed"),
    "frozen": _("roster frozen"),
    "held": _("taken into keeping"),
    "issued": _("issued"),
    "item_added": _("item added"),
    "loaded": _("loaded"),
    "matched": _("inspectors matched"),
    "part_submitted": _("part handed in"),
    "published": _("published"),
    "recorded": _("recorded"),
    "refused": _("refused"),
    "replaced": _("inspector replaced"),
    "return": _("sent back"),
    "returned": _("sent back"),
    "reviewed": _("reviewed"),
    "scanned": _("entry scanned"),
    "seeded": _("seed entered"),
    "signed": _("signed"),
    "submit": _("submitted"),
    "submitted": _("submitted"),
    "voided": _("voided"),
    "withdrawn": _("withdrawn"),
}


def tag_words(tag: str | None) -> Any:
    """What happened to what, with the tag itself in small letters."""
    if not tag:
        return shown(None)
    subject, *_between, act = tag.split(":")
    words = f"{SUBJECTS.get(subject, subject)} · {ACTS.get(act, act)}"
    return Markup('{} <span class="hash">{}</span>').format(words, tag)
