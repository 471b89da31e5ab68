"""The life of a visit under one name (art. 7): recorded, handed in, reviewed, disclosed, closed.

Each step stands in a module of its own; pages and commands take them from here.
"""

from app.domain.closing import StepsOpen
from app.services.closing import close_finding
from app.services.disclosing import disclose_findings, disclose_reviewed, disclose_visit
from app.services.disclosure import ReasonMissing
from app.services.recording import (
    OPEN_TASKS,
    NothingToSubmit,
    VisitNotOpen,
    VisitUnfinished,
    record_finding,
    submit_own_part,
    submit_visit,
)
from app.services.reviewing import OwnReview, return_finding, review_finding, review_visit
from app.services.teams import NotOfThisVisit

__all__ = [
    "OPEN_TASKS",
    "NotOfThisVisit",
    "NothingToSubmit",
    "OwnReview",
    "ReasonMissing",
    "StepsOpen",
    "VisitNotOpen",
    "VisitUnfinished",
    "close_finding",
    "disclose_findings",
    "disclose_reviewed",
    "disclose_visit",
    "record_finding",
    "return_finding",
    "review_finding",
    "review_visit",
    "submit_own_part",
    "submit_visit",
]
