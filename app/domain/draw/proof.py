"""What one firm is handed to check its own case (企业自查): row, proof, ticket, cutoff, shell line."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.draw.merkle import Exclusion, Inclusion, is_excluded, is_included
from app.domain.draw.record import Outcome, Plan, Result
from app.domain.draw.roster import parse_cells, salted_row
from app.domain.draw.ticket import shell_line, ticket
from app.domain.errors import DomainError


class ProofFailed(DomainError):
    """The proof does not lead to the plan's root, or the row does not fit the plan; `what` says which."""

    code = "proof_failed"


@dataclass(frozen=True, slots=True)
class Standing:
    """A firm under one item: its ticket beside its stratum's cutoff, and the line that computes it."""

    item: str
    stratum: str
    tier: int
    key: str
    ticket: str
    outcome: Outcome
    shell: str

    @property
    def is_drawn(self) -> bool:
        """Whether (tier, ticket) does not pass the cutoff."""
        cutoff = self.outcome.cutoff
        return cutoff is not None and (self.tier, self.ticket) <= cutoff


@dataclass(frozen=True, slots=True)
class FirmProof:
    """One firm's case. `row` is its roster row, or None when it is not on the roster.

    `salt` is set in the sealed form, where the leaf is the salted row; only the firm may see both.
    """

    identifier: str
    row: str | None
    inclusion: Inclusion | None
    exclusion: Exclusion | None
    salt: str | None
    standings: tuple[Standing, ...]


def prove_firm(
    plan: Plan, result: Result, row: str, inclusion: Inclusion, salt: str | None = None
) -> FirmProof:
    """Gather and check the case of a firm on the roster; raises `proof_failed`."""
    leaf = salted_row(plan.alg, salt or "", row) if plan.sealed else row
    if inclusion.row != leaf or not is_included(inclusion, plan.roster_n, plan.roster_root, plan.alg):
        raise ProofFailed(what="inclusion")
    identifier = row.partition("\t")[0]
    return FirmProof(identifier, row, inclusion, None, salt, standings(plan, result, row))


def prove_missing(plan: Plan, identifier: str, exclusion: Exclusion) -> FirmProof:
    """Gather and check the case of a firm that is not on the roster; raises `proof_failed`."""
    if not is_excluded(identifier, exclusion, plan.roster_n, plan.roster_root, plan.alg):
        raise ProofFailed(what="exclusion")
    return FirmProof(identifier, None, None, exclusion, None, ())


def standings(plan: Plan, result: Result, row: str) -> tuple[Standing, ...]:
    """Say for every item the firm is subject to how its ticket compares; raises `proof_failed`."""
    identifier, _, cells = row.partition("\t")
    keys = dict(result.keys)
    outcomes = {(outcome.item, outcome.stratum): outcome for outcome in result.drawn}
    found = []
    for item, cell in zip(plan.items, parse_cells(cells), strict=True):
        if cell is None:
            continue
        if (item.name, cell.stratum) not in outcomes or item.purpose not in keys:
            raise ProofFailed(what="stratum")
        key = keys[item.purpose]
        lot, shell = ticket(plan.alg, key, identifier), shell_line(plan.alg, key, identifier)
        outcome = outcomes[item.name, cell.stratum]
        found.append(Standing(item.name, cell.stratum, cell.tier, key, lot, outcome, shell))
    return tuple(found)
