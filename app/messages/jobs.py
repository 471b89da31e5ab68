"""Background work: why it ended, and the words of its phases."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

SENTENCES = {
    "job_broke": _("The work stopped because of a fault. It stands in the log under %(reference)s."),
    "job_lost": _(
        "The work was begun several times and its process ended each time. Nothing of it was kept."
    ),
    "job_not_repeatable": _("This step needs its second person again; take it from the page it came from."),
    "job_restored": _("It was under way when the backup was taken that this system was restored from."),
    "job_unknown": _("The worker does not know the work “%(kind)s”; it runs an older version."),
}

# The words that `Running.advance(…, phase)` may use; each package adds its own.
PHASES: dict[str, Any] = {
    "sieving": _("Sieving the roster"),
    "drawing": _("Drawing by lot"),
    "matching": _("Matching inspectors"),
    "reading": _("Reading"),
    "checking": _("Checking"),
    "writing": _("Writing"),
    "exporting": _("Writing the file"),
}
