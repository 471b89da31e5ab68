"""档案: the file of a visit as one sealed zip, its check, and everything on record on one enterprise (R83, R84)."""

from app.services.archiving.checking import Checked, check_all, check_file
from app.services.archiving.filing import NotYetClosed, due_on, ended_on, file_visit, to_be_filed
from app.services.archiving.trace import trace_of, write_trace

__all__ = [
    "Checked",
    "NotYetClosed",
    "check_all",
    "check_file",
    "due_on",
    "ended_on",
    "file_visit",
    "to_be_filed",
    "trace_of",
    "write_trace",
]
