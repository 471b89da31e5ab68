"""Which departments a task brings along, and how many people of each (R17, R73)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.domain import policy
from app.domain.vocabulary import MemberState, PartState
from app.models import Agency, InspectionTask, JointMember


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """People a visit by code of the department, and departments that come along without an item.

    A guest with a region of its own, such as the commerce bureau of a district, comes along there only.
    """

    sizes: Mapping[str, int]
    guests: tuple[Agency, ...]

    def size_of(self, code: str) -> int:
        """People of a department in one team; two where the plan says nothing."""
        return self.sizes.get(code, policy.MATCH.team_size)

    def guests_of(self, area: str) -> Iterator[str]:
        """The guests that send people to an enterprise in that territory."""
        for agency in self.guests:
            if self.size_of(agency.code) and agency.region_code in (None, area):
                yield agency.code


def team_plan(task: InspectionTask) -> TeamPlan:
    """As the plan says, without the departments that have withdrawn since."""
    gone, own = withdrawn_departments(task), {item.agency_id for item in task.items}
    members = [member for member in _members(task) if member.agency_id not in gone]
    return TeamPlan(
        {member.agency.code: member.team_size for member in members},
        tuple(member.agency for member in members if member.agency_id not in own),
    )


def departments_of(task: InspectionTask) -> set[int]:
    """Every department whose staff is frozen with the task: those with items and those that come along."""
    return {item.agency_id for item in task.items} | {member.agency_id for member in _members(task)}


def withdrawn_departments(task: InspectionTask) -> set[int]:
    """The departments that have gone from the task."""
    return {part.agency_id for part in task.parts if part.state == PartState.WITHDRAWN}


def _members(task: InspectionTask) -> list[JointMember]:
    joint = task.line.joint if task.line else None
    accepted = [member for member in joint.members if member.state == MemberState.ACCEPTED] if joint else []
    return sorted(accepted, key=lambda member: member.agency.code)
