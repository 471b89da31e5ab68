"""What was posted with the form of a joint line: offers, invited items with their ratio, guests, the manner."""

from __future__ import annotations

from flask import request
from flask_babel import lazy_gettext as _

from app.domain import policy
from app.domain.vocabulary import Cooperation, Stratification
from app.services.joint import lines
from app.views import given
from app.views.entry_forms import keys
from app.views.item_fields import ppm_of

MOST_BATCHES = 12


def draft() -> lines.JointDraft:
    """The joint line as the page proposes it, with what was changed there."""
    guests = keys(request.form, "guest")
    stratification, batches = manner()
    return lines.JointDraft(
        name=given.text("name", 120),
        offers=keys(request.form, "offer"),
        lead_agency_id=given.key("lead"),
        starts_on=given.day("starts_on"),
        ends_on=given.day("ends_on"),
        cooperation=given.member(Cooperation, "cooperation"),
        items={key: _ppm(key) for key in keys(request.form, "invited")},
        guests=guests,
        team_sizes={key: _number(f"team-{key}", policy.MATCH.team_size) for key in guests},
        stratification=stratification,
        batches=batches,
    )


def _number(name: str, usual: int) -> int:
    """A small whole number, the usual one where none was given."""
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else usual


def _ppm(key: int) -> int:
    """The ratio of an item that is invited. Raises FieldMissing."""
    found = ppm_of(request.form.get(f"percent-{key}", ""))
    if found is None:
        raise given.FieldMissing(field=str(_("Ratio")))
    return found


def manner() -> tuple[Stratification, int]:
    """How a line is divided, and in how many batches it is drawn; twelve at most."""
    batches = min(max(_number("batches", 1), 1), MOST_BATCHES)
    return given.member(Stratification, "stratification"), batches
