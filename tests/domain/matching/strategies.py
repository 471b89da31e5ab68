"""Random tiny problems, small enough to try every assignment."""

from __future__ import annotations

from hypothesis import strategies as st

from app.domain.matching.instance import Demand, Instance, Staff


@st.composite
def tiny_instances(draw: st.DrawFn) -> Instance:
    """Up to 6 people in two agencies, up to 3 targets, some of them visited by both agencies."""
    flags = draw(st.lists(st.tuples(st.booleans(), st.integers(0, 3), st.booleans()), min_size=2, max_size=6))
    staff = [Staff(f"I{i}", cap, lead, "AB"[second]) for i, (lead, cap, second) in enumerate(flags)]
    demands = []
    for place in range(draw(st.integers(1, 3))):
        demands.append(Demand(f"T{place}", "A", draw(st.integers(2, 3)), draw(st.booleans())))
        if draw(st.booleans()):
            demands.append(Demand(f"T{place}", "B", draw(st.integers(1, 2)), draw(st.booleans())))
    possible = [(demand, person) for demand in demands for person in staff if person.group == demand.group]
    chances = draw(st.lists(st.integers(0, 5), min_size=len(possible), max_size=len(possible)))
    rows = [
        (demand.target, person.staff_no, person.may_lead)
        for (demand, person), chance in zip(possible, chances, strict=True)
        if chance
    ]
    return Instance.of(staff, demands, rows)
