"""Words of the figures on the dashboard."""

from __future__ import annotations

from app.domain.vocabulary.term import Term


class CountKind(Term):
    """次数分布: what is counted a head, for a spread that names nobody."""

    BURDEN = "burden", "企业受检次数", "Checks of an enterprise"
    LOAD = "load", "检查人员出动次数", "Visits of an inspector"
