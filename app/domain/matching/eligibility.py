"""Who may inspect what: every refusal has a name, so it can be shown, counted and tested (R15-R18, R43).

Expertise is asked for in two ways (R16). What every member must hold is a question about the pair and
refuses it. What at least one member must hold is a question about the team: as for the lead, at most
size - 1 members may be without it. Where a visit asks for both, one and the same person must answer: the
key person may lead and holds every such expertise. Two separate constraints would overlap without nesting,
the quotas would stop being laminar, and neither the flow nor a price certificate would exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.domain.errors import DomainError
from app.domain.matching.refusal import Refusal
from app.domain.vocabulary import InspectorStatus, RecusalKind, StaffKind

AREA_LEVELS = (2, 4, 6, 9, 12)

STATUS_REFUSALS = {
    InspectorStatus.SUSPENDED: Refusal.SUSPENDED,
    InspectorStatus.ON_LEAVE: Refusal.ON_LEAVE,
    InspectorStatus.LEFT: Refusal.LEFT_SERVICE,
}
RECUSAL_REFUSALS = {
    RecusalKind.RELATION: Refusal.RECUSED_RELATION,
    RecusalKind.OWN_ENTERPRISE: Refusal.RECUSED_OWN_ENTERPRISE,
    RecusalKind.APPLIED: Refusal.RECUSED_GRANTED,
}


class ContradictoryRecusal(DomainError):
    """A recusal ends before it begins; params `target`, `starts`, `ends`."""

    code = "contradictory_recusal"


class ContradictoryPeriod(DomainError):
    """A visit ends before it begins; params `target`, `starts`, `ends`."""

    code = "contradictory_period"


@dataclass(frozen=True, slots=True)
class Certificate:
    """行政执法证 (R15); `area` is an administrative code, None when the certificate names no area."""

    number: str
    kind: str
    area: str | None
    valid_from: date
    valid_to: date
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class Recusal:
    """回避 in force (R18): registered, or applied for and granted; an undecided application is not one."""

    target: str
    kind: RecusalKind
    starts: date | None = None
    ends: date | None = None

    def __post_init__(self) -> None:
        if self.starts and self.ends and self.ends < self.starts:
            raise ContradictoryRecusal(target=self.target, starts=self.starts, ends=self.ends)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person on the roster; `recent` holds the targets whose last visit this person made."""

    staff_no: str
    group: str
    kind: StaffKind = StaffKind.INSPECTOR
    status: InspectorStatus = InspectorStatus.ACTIVE
    may_lead: bool = False
    cap: int = 0
    certificates: tuple[Certificate, ...] = ()
    expertise: frozenset[str] = frozenset()
    recusals: tuple[Recusal, ...] = ()
    recent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class VisitNeed:
    """What one group must bring to one visit, between two dates (the same one when the day is fixed).

    `area` is the administrative code of the place, empty when unknown. `covers` lists the enterprises of a
    bundled visit; without it the target itself is the enterprise.
    `kinds` lists the accepted kinds of certificate; empty accepts any.
    """

    target: str
    group: str
    size: int
    needs_lead: bool
    starts: date
    ends: date
    area: str
    held_by_all: frozenset[str] = frozenset()
    held_by_one: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    covers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.ends < self.starts:
            raise ContradictoryPeriod(target=self.target, starts=self.starts, ends=self.ends)

    @property
    def enterprises(self) -> tuple[str, ...]:
        """The enterprises that the team enters; recusal is asked for each of them."""
        return self.covers or (self.target,)

    @property
    def needs_key(self) -> bool:
        """True when at least one member must be a key person."""
        return self.needs_lead or bool(self.held_by_one)


@dataclass(frozen=True, slots=True)
class EligibilityRules:
    """Switches that the organ may set; the certificate itself and recusal cannot be switched off.

    `require_stated_area` refuses where certificate or place name no area, which otherwise restricts nobody.
    """

    exclude_last_inspector: bool = True
    strict_territory: bool = True
    require_stated_area: bool = False
    strict_kind: bool = True


def refusals(candidate: Candidate, need: VisitNeed, rules: EligibilityRules) -> tuple[Refusal, ...]:
    """Every reason why `candidate` may not take part in `need`, in reporting order; empty when eligible."""
    found = {
        *standing_refusals(candidate, need, rules),
        *skill_refusals(candidate, need),
        *personal_refusals(candidate, need, rules),
    }
    return tuple(reason for reason in Refusal if reason in found)


def ineligibility(candidate: Candidate, need: VisitNeed, rules: EligibilityRules) -> Refusal | None:
    """The first reason of `refusals`, or None when `candidate` may inspect."""
    return next(iter(refusals(candidate, need, rules)), None)


def is_key(candidate: Candidate, need: VisitNeed) -> bool:
    """May this person alone answer for lead and expertise of the team (R16)?"""
    return (candidate.may_lead or not need.needs_lead) and need.held_by_one <= candidate.expertise


def standing_refusals(candidate: Candidate, need: VisitNeed, rules: EligibilityRules) -> Iterator[Refusal]:
    """Reasons from certificate, service and agency (R15, R43); no matter what the person can do."""
    yield from certificate_refusals(candidate, need, rules)
    if candidate.status in STATUS_REFUSALS:
        yield STATUS_REFUSALS[candidate.status]
    if candidate.kind != StaffKind.INSPECTOR:
        yield Refusal.NOT_AN_INSPECTOR
    if candidate.group != need.group:
        yield Refusal.WRONG_AGENCY


def skill_refusals(candidate: Candidate, need: VisitNeed) -> Iterator[Refusal]:
    """Reasons from expertise (业务专长, R16) that every member must hold."""
    if not need.held_by_all <= candidate.expertise:
        yield Refusal.LACKS_EXPERTISE


def certificate_refusals(
    candidate: Candidate, need: VisitNeed, rules: EligibilityRules
) -> tuple[Refusal, ...]:
    """What is wrong with the best certificate for the whole visit (R15); empty when one is in order."""
    if not candidate.certificates:
        return (Refusal.NO_CERTIFICATE,)
    defects = [tuple(_defects(certificate, need, rules)) for certificate in candidate.certificates]
    return min(defects, key=lambda found: (len(found), found))


def personal_refusals(candidate: Candidate, need: VisitNeed, rules: EligibilityRules) -> Iterator[Refusal]:
    """Reasons between this person and the enterprises of the visit: recusal, and the last inspector."""
    for recusal in candidate.recusals:
        if recusal.target in need.enterprises and _in_force(recusal, need):
            yield RECUSAL_REFUSALS[recusal.kind]
    if rules.exclude_last_inspector and not candidate.recent.isdisjoint(need.enterprises):
        yield Refusal.INSPECTED_LAST_TIME


def area_covers(area: str, territory: str) -> bool:
    """Does the administrative code `area` contain `territory`? 220100 contains 220102 (GB/T 2260)."""
    if not area.strip("0"):
        return bool(area)
    level = next(
        (level for level in AREA_LEVELS if level <= len(area) and not area[level:].strip("0")), len(area)
    )
    return territory.startswith(area[:level])


def _defects(certificate: Certificate, need: VisitNeed, rules: EligibilityRules) -> Iterator[Refusal]:
    if certificate.valid_to < need.ends:
        yield Refusal.CERTIFICATE_EXPIRED
    if certificate.valid_from > need.starts:
        yield Refusal.CERTIFICATE_NOT_YET_VALID
    if rules.strict_territory and not _area_accepted(certificate.area, need.area, rules):
        yield Refusal.WRONG_AREA
    if rules.strict_kind and need.kinds and certificate.kind not in need.kinds:
        yield Refusal.WRONG_TYPE
    if certificate.suspended:
        yield Refusal.SUSPENDED


def _area_accepted(area: str | None, territory: str, rules: EligibilityRules) -> bool:
    if area is None or not territory:
        return not rules.require_stated_area
    return area_covers(area, territory)


def _in_force(recusal: Recusal, need: VisitNeed) -> bool:
    begun = recusal.starts is None or recusal.starts <= need.ends
    return begun and (recusal.ends is None or recusal.ends >= need.starts)
