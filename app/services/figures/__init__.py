"""Figures kept ready (总览): computed once from the rows, kept, and computed anew when these have changed.

Every figure goes through app.domain.measures and app.services.statistics, as the reports do (R77-R80);
what is kept here is only their outcome, never a second way of counting.
"""

from app.services.figures.keeping import forget, keep_fresh, refresh
from app.services.figures.sheet import Sheet, sheet_of

__all__ = ["Sheet", "forget", "keep_fresh", "refresh", "sheet_of"]
