"""How many firms a draw takes (抽查户数 = 抽查基数 × 抽查比例; R4, R24-R28): integers only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import DomainError

MILLION = 1_000_000


class Bound(StrEnum):
    """Which rule fixed the number; shown beside the formula on the draw record (R25)."""

    RATIO = "ratio"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    POOL = "pool"
    AT_LEAST_ONE = "at_least_one"
    BATCH = "batch"


class QuotaInvalid(DomainError):
    """A quota setting makes no sense; `field` names it."""

    code = "quota_invalid"


@dataclass(frozen=True, slots=True)
class Quota:
    """A quota decided: pool `n` (抽查基数), ratio `ppm` (parts per million), `k` firms and the bound."""

    n: int
    ppm: int | None
    k: int
    bound: Bound

    @property
    def plan_ppm(self) -> int | None:
        """The ratio as the plan record may state it: None where another bound set k."""
        return self.ppm if self.ppm is not None and self.k == by_ratio(self.n, self.ppm) else None


def by_ratio(n: int, ppm: int) -> int:
    """Return ceil(n * ppm / 10**6) (R26: rounding is upwards)."""
    return (n * ppm + MILLION - 1) // MILLION


def decide(n: int, ppm: int, minimum: int | None = None, maximum: int | None = None) -> Quota:
    """Decide k for a pool of `n` firms (R24-R26).

    Order: the ratio, then the minimum, then the maximum (R4: 一般事项 are capped), then at least one
    firm, and never above the pool. Raises `quota_invalid`.
    """
    _check(n, ppm, minimum, maximum)
    k, bound = by_ratio(n, ppm), Bound.RATIO
    if minimum is not None and k < minimum:
        k, bound = minimum, Bound.MINIMUM
    if maximum is not None and k > maximum:
        k, bound = maximum, Bound.MAXIMUM
    if k < 1 and n > 0:
        k, bound = 1, Bound.AT_LEAST_ONE
    if k > n:
        k, bound = n, Bound.POOL
    return Quota(n, ppm, k, bound)


def batch(annual_k: int, drawn: int, batches_left: int, pool: int) -> Quota:
    """Decide k for the next batch of a yearly quota (R26: the ratio is a whole-year total).

    `annual_k` is the year's number, `drawn` what earlier batches took, `batches_left` counts this
    batch, `pool` is the batch's roster. What is left is spread evenly, larger batches first, and the
    sum of all batches never exceeds `annual_k`; a batch may therefore take nobody. Raises
    `quota_invalid`.
    """
    for field, value in (("annual_k", annual_k), ("drawn", drawn), ("pool", pool)):
        if value < 0:
            raise QuotaInvalid(field=field, value=value)
    if batches_left < 1:
        raise QuotaInvalid(field="batches_left", value=batches_left)
    left = max(annual_k - drawn, 0)
    k = -(-left // batches_left)
    return Quota(pool, None, min(k, pool), Bound.POOL if k > pool else Bound.BATCH)


def _check(n: int, ppm: int, minimum: int | None, maximum: int | None) -> None:
    if n < 0:
        raise QuotaInvalid(field="n", value=n)
    if not 0 <= ppm <= MILLION:
        raise QuotaInvalid(field="ppm", value=ppm)
    for field, value in (("minimum", minimum), ("maximum", maximum)):
        if value is not None and value < 0:
            raise QuotaInvalid(field=field, value=value)
    if minimum is not None and maximum is not None and minimum > maximum:
        raise QuotaInvalid(field="minimum", value=minimum)
