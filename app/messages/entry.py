"""Why a step before an entry was refused."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

SENTENCES = {
    "above_cap": _("This would be check no. %(number)s of the year; the cap of the department is %(cap)s."),
    "applied_already": _("Visit %(visit)s has been applied for already."),
    "assistance_incomplete": _("Name the local body and the number of its letter, once."),
    "check_period_invalid": _("The planned day must lie between %(first)s and %(last)s."),
    "contact_missing": _("Name a person to ask, a telephone number, and the telephone for supervision."),
    "delivery_incomplete": _(
        "A delivery needs its moment and the receiver; a refusal its reason and a witness."
    ),
    "device_missing": _("Name the device, or what has failed."),
    "entry_incomplete": _(
        "Day, people and purpose of an entry, number and basis of a cap may not be missing."
    ),
    "entry_not_approved": _(
        "%(item)s was approved for a check without entry; an entry needs its own approval."
    ),
    "filed_already": _("Visit %(visit)s is filed already under %(number)s."),
    "formalities_open": _("Complete the formalities of the urgent check %(visit)s first."),
    "full_coverage": _("A special inspection covers part of the enterprises: %(quota)s of %(pool)s is none."),
    "ground_missing": _("Say for every enterprise why it was chosen."),
    "merge_reason_missing": _("Say why the visit is kept separate from %(others)s."),
    "merge_undecided": _("Other visits to this enterprise are open (%(others)s): merge them or say why not."),
    "no_assistance": _(
        "No assistance has been recorded for visit %(visit)s, or the filing number is missing."
    ),
    "no_lead": _("Nobody in the team for %(enterprise)s may lead and holds the expertise asked for."),
    "no_outage": _("No scan of visit %(visit)s was prevented by a failure of the network."),
    "not_approved": _("%(item)s of visit %(visit)s had no approval of %(agency)s on %(day)s."),
    "no_trigger": _("Name the source, the reason, and the paper or complaint that set the check off."),
    "not_eligible": _("%(name)s may not take part: %(reason)s."),
    "not_filed": _("Visit %(visit)s has no filing number yet."),
    "not_mergeable": _("Visit %(visit)s cannot be merged: it is not open or the days do not meet."),
    "not_notified": _("The notice with this item of visit %(visit)s had not been delivered by %(day)s."),
    "not_scanned": _("The filing of visit %(visit)s had not been scanned by %(day)s."),
    "not_your_body": _("Only the head of %(agency)s approves its checks."),
    "off_site_not_possible": _("“%(item)s” cannot be checked without an entry."),
    "on_site_reason_missing": _("“%(item)s” can be checked without an entry; say why an entry is needed."),
    "out_of_area": _(
        "%(enterprise)s lies outside the area of %(agency)s; ask the local body for assistance first."
    ),
    "own_approval": _("Nobody approves what they applied for themselves."),
    "reentry_too_late": _("The scan of visit %(visit)s could be made good until %(due)s."),
    "scan_in_future": _("A scan cannot lie in the future."),
    "special_incomplete": _("Name organ, number and day; the day may not lie in the future."),
    "special_not_disclosed": _("%(special)s has not been disclosed or has ended."),
    "special_quota_exceeded": _(
        "The quota is %(quota)s enterprises; %(visited)s are chosen already, %(fresh)s more do not fit."
    ),
    "specials_exhausted": _(
        "The department has %(made)s special inspections this year; %(most)s are allowed."
    ),
    "team_too_small": _("Visit %(visit)s has %(count)s inspectors of the department; two are needed."),
    "unannounced_not_approved": _(
        "The notice of visit %(visit)s came after the entry; the approval allows no unannounced visit."
    ),
    "urgent_reason_missing": _("Say why the check is urgent and to whom it was reported."),
}
