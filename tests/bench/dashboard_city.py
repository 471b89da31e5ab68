"""Two years of results in the city of the page bench: plans, tasks, draws, visits, findings, disclosures."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

from app.domain.vocabulary import (
    CheckMethod,
    Cooperation,
    DisclosureKind,
    Disposal,
    DrawForm,
    DrawState,
    FindingState,
    PlanState,
    ResultCode,
    RetentionClass,
    Scope,
    Stratification,
    TaskKind,
    TaskState,
    VisitState,
)
from app.extensions import db
from app.models import (
    Agency,
    ArchiveFile,
    Disclosure,
    Draw,
    DrawnTarget,
    Enterprise,
    FindingDisposal,
    FindingMethod,
    FindingRecord,
    FindingResult,
    InspectionPlan,
    InspectionTask,
    ItemFinding,
    PlanLine,
    PlanLineItem,
    StoredFile,
    TaskItem,
    Visit,
    VisitMember,
)
from app.security import roles
from tests.bench.page_city import bulk
from tests.builders import make_inspector, make_item, make_user

YEARS = (2025, 2026)
LINES = 50
INSPECTORS = 120
BLOCK = 20_000
OPEN_AFTER = date(2026, 10, 15)
MOMENT = datetime(2026, 1, 5, 2, tzinfo=UTC)


class Results:
    """Fills in `results` checked items over two years; the same ones every time."""

    def __init__(self, results: int) -> None:
        self.wanted = results
        self.random = random.Random(20261127)
        self.rows = defaultdict(list)
        self.keys = defaultdict(int)

    def __call__(self, enterprises: int) -> None:
        """Write everything; the page bench calls this when its city stands."""
        make_user("leader", roles.LEADING_GROUP)
        self.people = [make_inspector(user=False).id for _ in range(INSPECTORS)]
        self.agencies = {code: key for code, key in db.session.query(Agency.code, Agency.id)}
        self.versions = [
            make_item(f"B{place:03d}", agency="A02" if place % 10 == 9 else "A01") for place in range(LINES)
        ]
        self.items = [
            (each.id, each.item.code, each.item.agency_id, each.category_id) for each in self.versions
        ]
        self.codes = dict(
            db.session.query(Enterprise.id, Enterprise.identifier).filter(Enterprise.id <= enterprises)
        )
        self.enterprises = enterprises
        db.session.commit()
        self.add(StoredFile, digest="f" * 64, size=0, name="roster.tsv", stored_at=MOMENT)
        for year in YEARS:
            self.year(year)
        self.flush()

    def add(self, model, **values) -> int:
        """One row to write, with a key of its own where the table has one."""
        if "id" in model.__table__.columns:
            self.keys[model] += 1
            values = {"id": self.keys[model], **values}
        self.rows[model].append(values)
        return values.get("id", 0)

    def flush(self) -> None:
        """Write what has gathered, in the order in which tables refer to one another."""
        with db.engine.begin() as connection:
            for model in (
                StoredFile, InspectionPlan, PlanLine, PlanLineItem, InspectionTask, TaskItem, Draw, DrawnTarget,
                Visit, VisitMember, ItemFinding, FindingRecord, FindingResult, FindingDisposal, FindingMethod,
                Disclosure, ArchiveFile,
            ):  # fmt: skip
                for begin in range(0, len(self.rows[model]), BLOCK):
                    bulk(connection, model, self.rows[model][begin : begin + BLOCK])
        self.rows.clear()

    def year(self, year: int) -> None:
        """One plan of 50 lines, each drawn once, spread over the months."""
        bureau = self.agencies["A01"]
        plan = self.add(
            InspectionPlan,
            year=year,
            title=f"{year}年度抽查计划",
            agency_id=bureau,
            state=PlanState.DISCLOSED.value,
        )
        visits = self.wanted // len(YEARS) // LINES // 2
        for place in range(LINES):
            both = [self.items[place], self.items[(place + 1) % LINES]]
            starts = date(year, 1, 10) + timedelta(days=place * 300 // LINES)
            line = self.line(plan, place, both, visits, starts)
            self.task(year, line, place, both, visits, starts)
            self.flush()

    def line(self, plan, place, both, visits, starts) -> int:
        """A line with two items."""
        line = self.add(
            PlanLine, plan_id=plan, ordinal=place + 1, name=f"抽查{place + 1}", scope=Scope.TARGETED.value,
            cooperation=next(iter(Cooperation)).value, lead_agency_id=self.agencies["A01"],
            stratification=Stratification.NONE.value, accepts_guesses=False, batches=1,
            starts_on=starts, ends_on=starts + timedelta(days=40),
        )  # fmt: skip
        for version, *_ in both:
            self.add(
                PlanLineItem, line_id=line, version_id=version, ppm=50_000,
                base_count=visits * 20, target_count=visits,
            )  # fmt: skip
        return line

    def task(self, year, line, place, both, visits, starts) -> None:
        """A task, its draw, and its visits."""
        number = f"长商抽查〔{year}〕{place + 1}号"
        agencies = {agency for _, _, agency, _ in both}
        task = self.add(
            InspectionTask, number=number, name=f"抽查{place + 1}", kind=TaskKind.RANDOM.value, line_id=line, batch=1,
            lead_agency_id=self.agencies["A01"], is_joint=len(agencies) > 1, stratification=Stratification.NONE.value,
            state=(TaskState.ARCHIVED if starts < OPEN_AFTER else TaskState.INSPECTING).value,
            starts_on=starts, ends_on=starts + timedelta(days=40), route_size=1, publish_list=True, created_at=MOMENT,
        )  # fmt: skip
        entries = [
            (
                self.add(
                    TaskItem, task_id=task, version_id=v, agency_id=a, category_id=c, code=code, ppm=50_000
                ),
                code,
                a,
            )
            for v, code, a, c in both
        ]
        draw = self.add(
            Draw, task_id=task, number=f"D{year}{place:03d}", state=DrawState.DRAWN.value, form=DrawForm.OPEN.value,
            algorithm="sha256", roster_n=self.enterprises, roster_root="a" * 64, roster_outline="e", plan_record="p",
            roster_file="f" * 64, excluded_counts=[], seed_after=MOMENT, plan_hash=f"{year}{place:060x}",
            frozen_at=datetime(year, starts.month, starts.day, 2, tzinfo=UTC),
        )  # fmt: skip
        for rank, firm in enumerate(self.random.sample(range(1, self.enterprises + 1), visits), 1):
            self.visit(year, task, draw, entries, firm, rank, starts)

    def visit(self, year, task, draw, entries, firm, rank, starts) -> None:
        """A visit of two items, at one of the stages that its age allows."""
        for _, code, _ in entries:
            self.add(
                DrawnTarget, draw_id=draw, item_code=code, stratum="ALL", rank=rank, is_reserve=False, tier=0,
                ticket=f"{rank:064x}", identifier=self.codes[firm], enterprise_id=firm,
            )  # fmt: skip
        on = starts + timedelta(days=14 + rank % 24)
        stage = self.stage(on)
        number = f"V{draw:04d}-{rank:05d}"
        visit = self.add(
            Visit, number=number, task_id=task, draw_id=draw, enterprise_id=firm, state=stage.value, route=number,
            planned_on=on, done_on=None if stage == VisitState.PLANNED else on, disclose_by=on + timedelta(days=28),
        )  # fmt: skip
        for place, person in enumerate(self.random.sample(self.people, 2)):
            self.add(VisitMember, visit_id=visit, inspector_id=person, is_lead=place == 0)
        off_site = self.random.random() < 0.15
        for entry, _, agency in entries:
            self.finding(visit, entry, agency, stage, on, firm, off_site)
        if stage == VisitState.ARCHIVED:
            self.add(
                ArchiveFile, number=f"A{visit}", version=1, title="案卷", visit_id=visit, enterprise_id=firm,
                agency_id=self.agencies["A01"], retention=next(iter(RetentionClass)).value, retention_reason="-",
                first_on=on, last_on=on, pieces=1, pages=1, size=1, digest="f" * 64, filed_by_id=1, filed_at=MOMENT,
            )  # fmt: skip
        if stage in (VisitState.DISCLOSED, VisitState.ARCHIVED):
            for agency in sorted({agency for _, _, agency in entries}):
                self.publish(year, visit, agency, on)

    def stage(self, on: date) -> VisitState:
        """What is old is archived; of the last weeks some is still under way."""
        if on < OPEN_AFTER:
            return VisitState.ARCHIVED
        return self.random.choice(
            (VisitState.PLANNED, VisitState.UNDER_REVIEW, VisitState.REVIEWED, VisitState.DISCLOSED)
        )

    def finding(self, visit, entry, agency, stage, on, firm, off_site) -> None:
        """One item with its record; every seventh enterprise or so has a problem."""
        states = {VisitState.PLANNED: FindingState.UNCHECKED, VisitState.UNDER_REVIEW: FindingState.SUBMITTED}
        states[VisitState.REVIEWED] = FindingState.REVIEWED
        state = states.get(stage, FindingState.DISCLOSED)
        finding = self.add(
            ItemFinding, visit_id=visit, task_item_id=entry, agency_id=agency, state=state.value,
            disclose_by=None if stage == VisitState.PLANNED else on + timedelta(days=28),
            closed_on=on + timedelta(days=20) if state == FindingState.DISCLOSED else None,
        )  # fmt: skip
        if stage == VisitState.PLANNED:
            return
        is_bad = self.random.random() < 0.08 + firm % 13 / 100
        record = self.add(
            FindingRecord, finding_id=finding, version=1, checked_on=on, rests_on=0,
            problem="未明示价格" if is_bad else None, recorded_by_id=1, recorded_at=MOMENT,
        )  # fmt: skip
        self.add(
            FindingResult,
            record_id=record,
            code=(ResultCode.PENDING if is_bad else ResultCode.NO_ISSUE).value,
        )
        disposal = Disposal.RECTIFY if is_bad else Disposal.NONE_NEEDED
        self.add(FindingDisposal, record_id=record, code=disposal.value)
        method = CheckMethod.ONLINE_MONITORING if off_site else CheckMethod.ON_SITE
        self.add(FindingMethod, record_id=record, code=method.value)

    def publish(self, year, visit, agency, on) -> None:
        """The disclosure of a department's results, most of them in time."""
        day = on + timedelta(days=self.random.choice((10, 15, 20, 20, 30)))
        self.add(
            Disclosure, index_no=f"SW-{year}-{visit:06d}-{agency}", kind=DisclosureKind.RESULT.value, title="抽查结果",
            agency_id=agency, subject_id=visit, body="{}", body_hash="d" * 64, published_by_id=1,
            published_at=datetime(day.year, day.month, day.day, 6, tzinfo=UTC),
        )  # fmt: skip
