"""The base layer of every page: what stock FAB lacks for large tables, threads and readers."""

from app.views.base.format import NOTHING, TONES, code, label_of, percent, shown, tag, tag_of, tone_of
from app.views.base.interface import BIG_TABLES, RegisterInterface
from app.views.base.page import BasePage, domain_errors_flashed
from app.views.base.refusal import refusal
from app.views.base.register import LedgerView, MasterView, RegisterView
from app.views.base.remote import Remote

__all__ = [
    "BIG_TABLES",
    "NOTHING",
    "TONES",
    "BasePage",
    "LedgerView",
    "MasterView",
    "RegisterInterface",
    "RegisterView",
    "Remote",
    "code",
    "domain_errors_flashed",
    "label_of",
    "percent",
    "refusal",
    "shown",
    "tag",
    "tag_of",
    "tone_of",
]
