"""部门、岗位、区划、行业、节假日；抽取日志与审计日志."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from flask import flash, redirect
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.extensions import db
from app.models import Agency, AuditEvent, Holiday, Industry, LogEntry, Post, Region
from app.services import audit, draw_log
from app.services.calendar import working_calendar
from app.views.base import LedgerView, RegisterInterface, RegisterView, Remote, code, shown
from app.views.computed import hashed, person
from app.views.events import tag_words
from app.views.kept import Recorded
from app.views.labels import LABELS


class AgencyView(Recorded, RegisterView):
    """The departments that take part."""

    route_base = "/agencies"
    datamodel = RegisterInterface(Agency)
    class_permission_name = "Agency"
    title = _("Departments")
    noun = _("department")
    list_columns = ["code", "name", "short_name", "document_mark", "level", "region", "is_bureau"]
    show_columns = add_columns = edit_columns = [
        *list_columns,
        "contact",
        "phone",
        "email",
        "oversight_phone",
        "review_authority",
        "court",
    ]
    search_columns = ["code", "name", "level"]
    order_columns = ["code", "name"]
    base_order = ("code", "asc")
    label_columns = LABELS


class PostView(Recorded, RegisterView):
    """In which department an account serves."""

    route_base = "/posts"
    datamodel = RegisterInterface(Post)
    class_permission_name = "Post"
    title = _("Posts")
    noun = _("post")
    subtitle = _("Which findings a person sees and reviews follows from the department of the post.")
    may_delete = True
    list_columns = ["user", "agency"]
    show_columns = add_columns = edit_columns = list_columns
    search_columns = ["user", "agency"]
    formatters_columns = {"user": person}
    label_columns = LABELS
    remote = {"user": Remote(("username", "last_name"))}


class RegionView(Recorded, RegisterView):
    """Regions and functional zones; an old code says nothing about territory (R11)."""

    route_base = "/regions"
    datamodel = RegisterInterface(Region)
    class_permission_name = "Region"
    title = _("Regions")
    noun = _("region")
    list_columns = ["code", "name", "level", "parent_code", "is_ours", "is_legacy"]
    show_columns = add_columns = list_columns
    edit_columns = ["name", "level", "parent_code", "is_ours", "is_legacy"]
    search_columns = ["code", "name", "is_ours", "is_legacy"]
    prefix_columns = {"code"}
    order_columns = ["code", "name"]
    base_order = ("code", "asc")
    formatters_columns = {"code": code}
    label_columns = LABELS


class IndustryView(LedgerView):
    """The national classification of industries; read only."""

    route_base = "/industries"
    datamodel = RegisterInterface(Industry)
    class_permission_name = "Industry"
    title = _("Industries")
    noun = _("industry")
    subtitle = "GB/T 4754-2017"
    list_columns = ["code", "name", "level", "parent_code"]
    show_columns = list_columns
    search_columns = ["code", "name"]
    prefix_columns = {"code"}
    order_columns = ["code"]
    base_order = ("code", "asc")
    formatters_columns = {"code": code}
    label_columns = LABELS


class ByDay(RegisterInterface):
    """A table whose key is a day."""

    def key_from(self, given: Any) -> tuple[Any, ...] | None:
        """The day in an address, or None when it is none."""
        try:
            return (date.fromisoformat(str(given)),)
        except ValueError:
            return None


class HolidayView(Recorded, RegisterView):
    """Days on which the weekday rule does not hold."""

    route_base = "/holidays"
    datamodel = ByDay(Holiday)
    class_permission_name = "Holiday"
    title = _("Holidays")
    noun = _("holiday or working weekend")
    subtitle = _("Deadlines in working days are counted with this table; a year without a notice is refused.")
    may_delete = True
    list_columns = ["on", "name", "is_working"]
    show_columns = add_columns = list_columns
    edit_columns = ["name", "is_working"]
    search_columns = ["on", "is_working"]
    order_columns = ["on"]
    base_order = ("on", "desc")
    label_columns = LABELS

    def pre_add(self, item: Holiday) -> None:
        """A single day belongs to a year whose notice is in force (R56). Raises CalendarNotConfirmed."""
        working_calendar(self.datamodel.session).is_working(item.on)
        super().pre_add(item)


class LogEntryView(LedgerView):
    """The public draw log, chained by hash."""

    route_base = "/draw-log"
    datamodel = RegisterInterface(LogEntry)
    class_permission_name = "LogEntry"
    title = _("Draw log")
    noun = _("entry of the draw log")
    subtitle = _("Each entry holds the hash of the one before; a changed or missing entry breaks the chain.")
    list_template = "system/chain.html"
    show_template = "system/entry.html"
    list_columns = ["number", "kind", "draw", "record_hash", "utc"]
    show_columns = ["number", "kind", "draw", "utc", "record", "record_hash", "previous_hash", "entry_hash"]
    search_columns = ["number", "kind", "utc"]
    prefix_columns = {"utc"}
    order_columns = ["number"]
    base_order = ("number", "desc")
    tag_columns = {"kind"}
    formatters_columns = {
        "record": lambda text: Markup('<pre class="published">{}</pre>').format(text),
        **dict.fromkeys(("record_hash", "previous_hash", "entry_hash"), hashed),
    }
    label_columns = {**LABELS, "draw": _("Draw")}

    @expose("/verify")
    @has_access
    @permission_name("read")
    def verify(self) -> Response:
        """Go through the whole chain and say whether it holds."""
        count, fault = draw_log.verify_log(db.session())
        say_chain(count, fault)
        return redirect(self.list_url())


class AuditEventView(LedgerView):
    """The audit trail, chained by keyed hash."""

    route_base = "/audit"
    datamodel = RegisterInterface(AuditEvent)
    class_permission_name = "AuditEvent"
    title = _("Audit trail")
    noun = _("event")
    subtitle = _("Who did what and when; written in the transaction of the act itself, never changed.")
    list_template = "system/chain.html"
    list_columns = ["number", "at", "actor_name", "tag", "subject"]
    show_columns = ["number", "at", "actor_name", "tag", "subject", "data", "previous_hash", "event_hash"]
    search_columns = ["at", "actor_name", "tag", "subject"]
    prefix_columns = {"actor_name", "tag", "subject"}
    order_columns = ["number", "at"]
    base_order = ("number", "desc")
    formatters_columns = {
        "actor_name": lambda name: _("the system") if name == "system" else shown(name),
        "tag": tag_words,
        "data": lambda text: details(text),
        "previous_hash": hashed,
        "event_hash": hashed,
    }
    label_columns = LABELS

    def name_of(self, item: AuditEvent) -> str:
        """Number and subject of the event."""
        return f"{item.number} {item.subject}"

    @expose("/verify")
    @has_access
    @permission_name("read")
    def verify(self) -> Response:
        """Go through the whole chain and say whether it holds."""
        count, fault = audit.verify_trail(db.session())
        say_chain(count, fault)
        return redirect(self.list_url())


def say_chain(count: int, fault: str | None) -> None:
    """The outcome of a chain check as a message."""
    if fault is None:
        flash(_("The chain of %(count)s entries holds.", count=count), "success")
    else:
        flash(_("The chain breaks at entry %(number)s.", number=fault), "danger")


def details(text: str) -> Any:
    """The data of an event, one fact a line."""
    try:
        found = json.loads(text)
    except ValueError:
        return code(text)
    lines = (f"{name}: {value}" for name, value in found.items())
    return Markup('<span class="code">{}</span>').format("\n".join(lines)) if found else shown(None)
