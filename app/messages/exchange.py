"""Why an exchange package or a call of another system was refused."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

SENTENCES = {
    "exchange_changed": _(
        "Task %(task_no)s was taken over before and its targets or teams have changed: %(rows)s."
    ),
    "exchange_dates_reversed": _("%(second)s lies before %(first)s."),
    "exchange_format_unknown": _("This is no exchange package (%(format)s)."),
    "exchange_malformed": _("The exchange package cannot be read."),
    "exchange_not_json": _("The text is no JSON; it was probably not sent whole."),
    "exchange_not_whole": _("The package is not whole: it announces %(expected)s rows and holds %(found)s."),
    "exchange_ours": _("Task %(task_no)s is one of ours; it cannot be taken in from outside."),
    "exchange_refused": _("Nothing was taken over: %(rows)s."),
    "exchange_row_twice": _("%(identifier)s stands twice for item %(item)s."),
    "exchange_row_unreadable": _("Row %(row)s cannot be read."),
    "exchange_several_tasks": _("The sheet mixes %(count)s tasks; a package holds one."),
    "exchange_value_missing": _("Row %(row)s: “%(column)s” is blank."),
    "exchange_value_unreadable": _("Row %(row)s: “%(value)s” does not belong in “%(column)s”."),
    "key_name_missing": _("Say which system the key is for."),
    "key_revoked_before": _("The key was revoked before."),
    "request_differs": _("This idempotency key was used for another request."),
}
