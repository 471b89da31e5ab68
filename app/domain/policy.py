"""Regulatory parameters, each naming the article or rule that sets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

PPM = 1_000_000


@dataclass(frozen=True, slots=True)
class DrawPolicy:
    """Parameters of the draw (抽取检查对象)."""

    minimum_seed_bits: int = 60
    """Entropy that the seed sources must add up to (draw protocol 0.4)."""
    reserve_ppm: int = 500_000
    """Reserve firms per drawn firm, in ppm of k, at least one (draw protocol 2.6)."""
    ordinary_maximum_ppm: int = 200_000
    """Cap of the ratio of an ordinary item where the item names none (R4, R25)."""
    non_targeted_minimum_ppm: int = 30_000
    """Floor for a non-targeted draw where the line asks for it (R24)."""
    attention_factor: int = 3
    """Multiplier for targets with complaints or listings where a line names no own ratio (art. 5, R30)."""
    small_pool: int = 15
    """Up to so many firms a pool is small, and its firms take turns over several years (R27)."""
    rotation_years: int = 3
    """Years that a small pool looks back for its turns (R27)."""


@dataclass(frozen=True, slots=True)
class RosterPolicy:
    """Parameters of the rosters and their loads."""

    whole_list_ppm: int = 500_000
    """A file that carries at least this share of a source's rows is its whole list: what it lacks is gone (R13)."""


@dataclass(frozen=True, slots=True)
class RemedyPolicy:
    """How long an enterprise may object to what a paper says (救济期限, R72)."""

    reconsideration_days: int = 60
    """Days to apply for administrative reconsideration (行政复议法 art. 20)."""
    litigation_months: int = 6
    """Months to bring an action (行政诉讼法 art. 46)."""


@dataclass(frozen=True, slots=True)
class ArchivePolicy:
    """Parameters of the archive (R83)."""

    filing_working_days: int = 10
    """Working days from the end of a visit to its file (立卷)."""


@dataclass(frozen=True, slots=True)
class MatchPolicy:
    """Parameters of the match (匹配执法检查人员)."""

    team_size: int = 2
    """Inspectors per agency and visit; fewer than two is never lawful (R17)."""
    yearly_cap: int = 40
    """Visits a year per inspector where the roster names no cap."""
    exclude_last_inspector: bool = True
    """Nobody inspects the same enterprise twice running (draw protocol 2.9)."""


@dataclass(frozen=True, slots=True)
class VisitPolicy:
    """Parameters of visits and their disclosure."""

    yearly_visits_per_enterprise: int = 2
    """Annual frequency cap per enterprise and body where the body has published none (R36)."""
    disclosure_working_days: int = 20
    """Working days from completion to disclosure of a result (R54)."""
    disclosure_warning_day: int = 15
    """Working day from which the chief is warned (R54)."""


@dataclass(frozen=True, slots=True)
class EvidencePolicy:
    """Parameters of what is collected on the spot (现场取证)."""

    preservation_working_days: int = 7
    """Working days within which 先行登记保存 is decided upon (R52)."""
    letters: int = 2
    """Unanswered letters after which an enterprise counts as unreachable (R62)."""
    letters_apart_days: tuple[int, int] = (15, 30)
    """Fewest and most calendar days between the two letters (R62)."""
    limitation_years: int = 2
    """Years after which a breach is no longer punished (R67)."""
    grave_limitation_years: int = 5
    """The same where life, health or financial safety were harmed (R67)."""
    largest_picture: int = 20 * 1024 * 1024
    """Bytes of one picture or document."""
    largest_video: int = 60 * 1024 * 1024
    """Bytes of one video."""
    most_pixels: int = 120_000_000
    """Pixels of one picture; a small file that unfolds to more is no photograph."""
    most_files: int = 200
    """Files of one visit."""


@dataclass(frozen=True, slots=True)
class JobPolicy:
    """Parameters of the work in the background; none of them is set by law."""

    pulse_seconds: float = 1.0
    """How often progress and the sign of life of a running job are told."""
    lost_after_seconds: int = 120
    """Without a sign of life for so long, the worker of a job counts as dead."""
    resend_after_seconds: int = 60
    """A job that has waited so long beside an empty queue is sent again."""
    most_attempts: int = 3
    """How often a job is begun before it ends as failed: it may be what kills its worker."""
    background_rows: int = 50_000
    """From a roster of this size a step of a draw runs in the background."""
    background_targets: int = 1_000
    """From so many drawn targets the match runs in the background."""


@dataclass(frozen=True, slots=True)
class EntryPolicy:
    """Parameters of what stands before and around an entry."""

    urgent_formalities_hours: int = 24
    """Hours within which the formalities of an urgent check are completed (R35; the rule names no figure)."""
    abnormal_factor: int = 2
    """From so many times the cap on, the frequency is abnormal and watched (R36)."""
    special_per_year: int = 2
    """Special inspections of its own that a body may make in a year (R39; no published figure)."""
    reentry_days: int = 10
    """Days after the check in which a scan is made good that the network had prevented (R40)."""
    area_filing_days: int = 20
    """Days after a check outside its area in which a body files it (R43)."""


@dataclass(frozen=True, slots=True)
class RiskPolicy:
    """Parameters of risk analysis and warning (art. 11, R88)."""

    minimum_cell: int = 20
    """Findings below which a rate is shown with a caution and never tested (R88)."""
    base_months: int = 12
    """Months before the one looked at from which the expected rates are taken."""
    false_discovery_rate: float = 0.05
    """Share of false alarms among the alarms of a month that is accepted (Benjamini-Hochberg)."""
    least_ratio: float = 1.5
    """Observed over expected below which a difference is no warning, however certain."""
    raised_ratio: float = 2.0
    """From here on the warning is 较重."""
    severe_ratio: float = 3.0
    """From here on it is 严重."""
    drift_odds: float = 1.7
    """Odds ratio that the cumulative sum is tuned to find (CUSUM)."""
    drift_threshold: float = 9.0
    """Height of the cumulative sum that gives a warning, natural log units."""
    past_weight: int = 240
    """Findings of the own past that count at most, so that an old rate does not rule for ever."""
    pair_months: int = 2
    """Months over which a pair of inspectors is judged; a pair alone checks little in one month."""
    drift_months: int = 6
    """Months over which a slow rise is summed up."""
    repeat_visits: int = 2
    """Visits with a problem in the same item that make a repeated problem."""
    repeat_months: int = 24
    """Months over which repeated problems are counted."""
    analysis_day: int = 3
    """Day of the month from which the month before is analysed, when most results are in."""
    answer_working_days: Mapping[str, int] = field(
        default_factory=lambda: {"ordinary": 20, "raised": 10, "severe": 5}
    )
    """Working days until a warning has been assessed, by level."""


@dataclass(frozen=True, slots=True)
class FigurePolicy:
    """How fresh the figures of the dashboard are; none of it is set by law."""

    oldest_seconds: float = 60.0
    """Figures that are not exact are never older where a worker runs."""
    look_seconds: float = 10.0
    """How often the worker looks whether something must be computed anew."""
    request_seconds: float = 2.0
    """Figures that take longer are left to the worker..."""
    patience_seconds: float = 300.0
    """...unless they are as old as this: then there is no worker, and one request computes them."""
    first_seconds: float = 20.0
    """A page waits so long for figures that were never computed before, and that somebody else is computing."""
    claim_seconds: float = 300.0
    """A claim to compute that is older belongs to a process that died."""
    watched_minutes: float = 120.0
    """Figures of other years are kept fresh so long after somebody has read them."""


@dataclass(frozen=True, slots=True)
class PublicationPolicy:
    """How long what was disclosed stays in public."""

    months: Mapping[str, int] = field(
        default_factory=lambda: MappingProxyType({"QW": 3, "YB": 12, "YZ": 36, "": 60})
    )
    """Longest time by 失信程度: minor, ordinary, serious (R59); without a problem five years."""
    least_months: Mapping[str, int] = field(
        default_factory=lambda: MappingProxyType({"QW": 0, "YB": 3, "YZ": 12})
    )
    """Shortest time by 失信程度 before credit may be restored (R59)."""


@dataclass(frozen=True, slots=True)
class JointPolicy:
    """Parameters of joint inspection; 「规定时间」 of art. 8 names no figure, so the bureau sets it here."""

    answer_working_days: int = 5
    """Working days in which a department answers on a joint line of the plan (art. 8, R73)."""
    reply_working_days: int = 3
    """Working days in which a department answers on a joint task (art. 8, R73)."""
    pool_overlap_ppm: int = 500_000
    """Two categories count as one kind of enterprise from this share of the smaller one on (R74)."""
    on_site_share_ppm: int = 600_000
    """Share of on-site checks that are to be joint (R75, Daye 2025)."""
    mail_attempts: int = 5
    """How often a message is tried by mail before it counts as not delivered."""
    mail_pause_minutes: int = 5
    """Minutes before the second attempt, doubled before each further one."""


@dataclass(frozen=True, slots=True)
class ReportPolicy:
    """When a year is to be finished and reported; each is a month and a day."""

    plan_done_by: tuple[int, int] = (11, 10)
    """By then the checks of the annual plan are to be finished (R82)."""
    annual_report_by: tuple[int, int] = (1, 31)
    """By then the report on the year before is public (R79)."""


RISK_MULTIPLIER_PPM = {"A": 500_000, "B": 1_000_000, "C": 2_000_000, "D": 4_000_000}
"""Default weight of the plan line's ratio by risk class: A lower, C and D raised (R28); no national figures."""

DRAW = DrawPolicy()
ROSTER = RosterPolicy()
REMEDY = RemedyPolicy()
ARCHIVE = ArchivePolicy()
MATCH = MatchPolicy()
VISIT = VisitPolicy()
EVIDENCE = EvidencePolicy()
JOBS = JobPolicy()
ENTRY = EntryPolicy()
RISK = RiskPolicy()
FIGURES = FigurePolicy()
PUBLICATION = PublicationPolicy()
JOINT = JointPolicy()
REPORTS = ReportPolicy()
