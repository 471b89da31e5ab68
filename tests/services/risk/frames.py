"""Findings by hand: say how many of a group had a problem in a month, and a frame comes out."""

import pandas as pd

MONTH = 2026 * 12 + 5
"""June 2026: the month that the tests look at."""


def group(month=MONTH, checked=100, problems=10, item=1, district="220102", **values):
    """`checked` findings of one item and district in one month, `problems` of them with a problem."""
    return [
        {
            "month": month,
            "checked_on": month,
            "item_id": item,
            "territory_code": district,
            "item_district": f"{item}/{district}",
            "problem": int(place < problems),
            "is_random": True,
        }
        | values
        for place in range(checked)
    ]


def usual(months=12, checked=100, problems=10, districts=("220102", "220103", "220104"), **values):
    """A quiet year before the month looked at, alike in every district."""
    return [
        row
        for back in range(1, months + 1)
        for district in districts
        for row in group(MONTH - back, checked, problems, district=district, **values)
    ]


def frame(*groups):
    rows = [row for rows in groups for row in rows]
    found = pd.DataFrame(rows)
    found["finding_id"] = found["visit_id"] = range(len(rows))
    return found
