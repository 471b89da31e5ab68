"""The sentences that the scripts of the draw page speak; they travel in a JSON block of the page."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

# Curly brackets are filled in by the script.
STEPS: dict[str, Any] = {
    "files": _("{files} files fetched; every one has the SHA-256 that manifest.txt states."),
    "log": _("The log is an unbroken chain of {entries} entries; plan before seed before result."),
    "seed": _("The seed record answers the plan: {seeds} public events, about {bits} bits."),
    "roster": _("{rows} rows read: form, order, file hash and root {root} are those of the plan."),
    "draw": _("Every stratum drawn anew: {strata} strata, {drawn} firms, reserves, cutoffs and result record agree."),
    "sealed": _("The {drawn} drawn firms stand on the roster and fit the {strata} cutoffs. Not checked, because"
                " sealed: which stratum a firm is in, and the lists by stratum."),
    "match": _("The match of inspectors is proved cheapest by its prices: {pairs} eligible pairs weighed;"
              " {outside} targets are routes or replacements and not themselves on the drawn list."),
    "no_match": _("No match of inspectors is part of this bundle."),
}  # fmt: skip

DIFFERENCES: dict[str, Any] = {
    "hash_broken": _("This browser computes hashes wrongly; please use another one."),
    "broken": _("The check could not be finished: {found}"),
    "fetch": _("{file} could not be fetched."),
    "file": _("{file} is missing or does not belong here."),
    "hash": _("{file}: its hash should be {expected}, it is {found}."),
    "malformed": _("{file}, line {line}: not as the protocol writes it."),
    "line": _("{file}, line {line}: should be “{expected}”, is “{found}”."),
    "row": _("{file}, line {line}: wrong form, repeated, or not in ascending order."),
    "count": _("{file}: {expected} rows expected, {found} found."),
    "root": _("The root of the roster should be {expected}, it is {found}."),
    "pool": _("{place}: the plan says {expected} firms, the roster has {found}."),
    "quota": _("{place}: the number to be drawn does not follow from the ratio."),
    "stratum": _("Row {line}: the plan knows no {place}."),
    "seed": _("{seed}: “{found}” is no outcome of this source."),
    "entropy": _("The seed has only about {bits} bits; 60 are needed."),
    "log": _("log.jsonl, line {line}: the chain is broken or the entry is not this draw's."),
    "log_order": _("The log does not have plan, seed and result once each and in this order."),
    "log_time": _("The log has the plan after, or the seed before, the announced time of the seed."),
    "log_record": _("{file} is not the record that stands in the log."),
    "drawn_absent": _("{found} is said to be drawn and is not on the roster."),
    "beyond_cutoff": _("{found} is said to be drawn, but its ticket is behind every cutoff."),
    "cutoff": _("{place}: the cutoff is no drawn firm's ticket."),
    "match": _("{target}: {staff} was not eligible."),
    "match_record": _("assign.txt belongs to another plan, seed or key."),
    "match_stranger": _("{target} is to be visited and is not among the drawn firms."),
    "match_targets": _("The firms to be visited are not the firms drawn."),
    "match_team": _("{target}: size, lead or order of the team is wrong."),
    "match_cheaper": _("{target} and {staff}: there is a cheaper assignment."),
    "match_price": _("{name}: the published price does not fit the load."),
    "match_cost": _("The total cost should be {expected}, it is {found}."),
    "proof": _("The proof does not lead to the root in the plan record."),
}

FIRM: dict[str, Any] = {
    "drawn": _("drawn"),
    "not_drawn": _("not drawn"),
    "absent": _("not on the roster"),
    "on_roster": _("Stands on the roster"),
    "row_holds": _("row {line} of {rows}; Merkle proof of {steps} steps: holds"),
    "absent_holds": _("no: the two neighbouring rows of {rows} leave no place for it; the proof holds"),
    "neighbours": _("Neighbours"),
    "end": _("end of the roster"),
    "item": _("Item"),
    "stratum": _("Stratum"),
    "tier": _("tier {tier}"),
    "ticket": _("Ticket"),
    "ticket_note": _("computed from the public seed and this code; nobody can choose it"),
    "cutoff": _("Cutoff"),
    "nobody": _("nobody was to be drawn"),
    "smaller": _("the ticket does not pass it, therefore drawn"),
    "greater": _("the ticket is behind it, therefore not drawn"),
    "tier_smaller": _("the tier comes first, therefore drawn"),
    "tier_greater": _("firms of an earlier tier come first, therefore not drawn"),
    "rank": _("place {rank} in the order of drawing"),
    "swapped": _("{item}: {left} has ceased and its place went to the reserve {came}; logged with evidence"),
    "salt": _("Salt"),
    "row": _("Row of the roster"),
    "shell": _("Check it yourself"),
    "conclusion": _("Conclusion"),
    "locked": _(
        "This draw is sealed. With its check number the firm also sees its row, its stratum and the cutoff."
    ),
    "locked_drawn": _("on the published list of drawn firms"),
    "locked_not_drawn": _("not on the published list of drawn firms"),
    "asking": _("Fetching the proof …"),
    "failed": _("The proof does not hold: {reason}"),
    "unreachable": _("The answer could not be fetched. Please try again."),
}

PROOF: dict[str, Any] = {
    "running": _("Your browser is recomputing the whole draw …"),
    "progress": _("{rows} of {all} rows"),
    "agrees": _("✓ Your browser has just recomputed the whole draw; the result agrees."),
    "agrees_sealed": _("✓ Your browser has just recomputed everything that is public of this draw; it agrees."),
    "summary": _("{rows} roster rows, {seeds} seeds, {strata} strata and {tickets} tickets checked in {seconds}"
                 " seconds, without using any conclusion of this site."),
    "differs": _("✗ Your browser recomputed the draw and found a difference."),
    "unfinished": _("The check could not be finished."),
    "cancelled": _("The check was cancelled; nothing is proved."),
}  # fmt: skip


def verify_texts() -> dict[str, Any]:
    """All sentences in the reader's language, ready for JSON."""
    groups = {"steps": STEPS, "differences": DIFFERENCES, "firm": FIRM, "proof": PROOF}
    texts = {name: {key: str(text) for key, text in group.items()} for name, group in groups.items()}
    return texts | {"colon": gettext(": ")}
