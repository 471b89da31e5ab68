"""A small year of supervision, written straight into the tables; every choice follows from the seed."""

import random
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from app.domain.vocabulary import (
    CheckMethod,
    DisclosureKind,
    Disposal,
    DrawState,
    FindingState,
    PlanState,
    PointOutcome,
    ResultCode,
    Scope,
    Stratification,
    TaskState,
    VisitState,
)
from app.models import (
    Disclosure,
    Draw,
    DrawnTarget,
    DrawQuota,
    FindingDisposal,
    FindingMethod,
    FindingRecord,
    FindingResult,
    InspectionPlan,
    InspectionTask,
    ItemFinding,
    PlanLine,
    PlanLineItem,
    PointResult,
    StoredFile,
    TaskItem,
    Visit,
    VisitMember,
)
from tests.remembering import remembered
from tests.reports.rosters import Rosters

YEAR = 2026
TODAY = date(2026, 9, 1)
AS_OF = datetime(2026, 9, 1, 1, 30, tzinfo=UTC)

OUTCOMES = (
    ({ResultCode.NO_ISSUE}, {Disposal.NONE_NEEDED}, 10),
    ({ResultCode.CORRECTED}, {Disposal.NONE_NEEDED}, 2),
    ({ResultCode.VIOLATION_OWN, ResultCode.PENDING}, {Disposal.RECTIFY}, 3),
    (
        {ResultCode.VIOLATION_OWN, ResultCode.VIOLATION_OTHER, ResultCode.PENDING},
        {Disposal.RECTIFY, Disposal.NOTIFIED},
        2,
    ),
    ({ResultCode.NOT_PUBLICISED}, {Disposal.RECTIFY}, 1),
    ({ResultCode.UNREACHABLE}, {Disposal.NOTIFIED}, 1),
    ({ResultCode.CLOSED}, {Disposal.REFERRED_DAILY}, 1),
    ({ResultCode.MOVED_OUT}, {Disposal.REFERRED_DAILY}, 1),
    ({ResultCode.LICENCE_REVOKED}, {Disposal.OTHER}, 1),
    ({ResultCode.NOT_ENGAGED}, {Disposal.NONE_NEEDED}, 1),
)


class World(Rosters):
    """Builder of one plan year; `tables` are filled by `build`."""

    def __init__(self, session, seed=7):
        self.session = session
        self.seed = seed
        self.random = random.Random(seed)
        self.counter = 0

    @remembered
    def build(self):
        self.people_and_places()
        self.checklist()
        self.enterprises()
        self.plan()
        cars = self.line("汽车销售企业抽查", [self.cars], 200_000, batches=2)
        joint = self.line("单用途商业预付卡部门联合抽查", [self.cards, self.licences], 100_000)
        self.line("再生资源回收抽查", [self.recycling], 50_000)
        self.run(cars, 1, [12], datetime(2026, 3, 2, 2, tzinfo=UTC), done=1.0)
        self.run(cars, 2, [9], datetime(2026, 6, 8, 2, tzinfo=UTC), done=0.7)
        self.run(joint, 1, [8, 6], datetime(2026, 6, 30, 17, tzinfo=UTC), done=0.8, pool=12)
        self.withdraw_one()
        self.cancel_one()
        self.void_draw(cars)
        self.session.commit()
        return self

    def plan(self, year=YEAR, state=PlanState.DISCLOSED):
        self.plan_row = self.add(
            InspectionPlan(
                year=year,
                title=f"{year}年度抽查计划",
                agency_id=self.bureau.id,
                state=state,
                filing_no="长司备〔2026〕7号",
            )
        )
        return self.plan_row

    def line(self, name, versions, ppm, batches=1):
        line = self.add(
            PlanLine(
                plan_id=self.plan_row.id,
                ordinal=self.number(),
                name=name,
                scope=Scope.TARGETED,
                lead_agency_id=self.bureau.id,
                stratification=Stratification.NONE,
                batches=batches,
                starts_on=date(YEAR, 3, 1),
                ends_on=date(YEAR, 10, 31),
            )
        )
        for version in versions:
            self.add(
                PlanLineItem(
                    line_id=line.id,
                    version_id=version.id,
                    ppm=ppm,
                    base_count=105,
                    target_count=-(-105 * ppm // 1_000_000),
                )
            )
        return line

    def task(self, line, batch):
        versions = [entry.version for entry in line.items]
        task = self.add(
            InspectionTask(
                number=f"长商抽查〔{YEAR}〕{self.number()}号",
                name=f"{line.name}（第{batch}批）" if line.batches > 1 else line.name,
                line_id=line.id,
                batch=batch,
                lead_agency_id=self.bureau.id,
                is_joint=line.is_joint,
                stratification=line.stratification,
                state=TaskState.INSPECTING,
                starts_on=line.starts_on,
                ends_on=line.ends_on,
                created_at=AS_OF,
            )
        )
        for version in versions:
            self.add(
                TaskItem(
                    task_id=task.id,
                    version_id=version.id,
                    agency_id=version.item.agency_id,
                    category_id=version.category_id,
                    code=version.item.code,
                    ppm=100_000,
                )
            )
        self.session.refresh(task)
        return task

    def draw(self, task, frozen_at, state=DrawState.DRAWN):
        number = self.number()
        if self.session.get(StoredFile, "f" * 64) is None:
            self.add(StoredFile(digest="f" * 64, size=0, name="roster.tsv", stored_at=AS_OF))
        return self.add(
            Draw(
                task_id=task.id,
                number=f"D{number:03d}",
                state=state,
                roster_n=105,
                roster_root="a" * 64,
                roster_outline="e" * 64,
                roster_file="f" * 64,
                seed_after=frozen_at,
                plan_record="plan",
                plan_hash=f"{number:064x}",
                seed_hash="b" * 64,
                result_hash="c" * 64,
                frozen_at=frozen_at,
            )
        )

    def run(self, line, batch, sizes, frozen_at, done, pool=40):
        task = self.task(line, batch)
        draw = self.draw(task, frozen_at)
        drawn = {}
        for entry, size in zip(task.items, sizes, strict=True):
            self.add(
                DrawQuota(
                    draw_id=draw.id,
                    item_code=entry.code,
                    stratum="ALL",
                    stratum_label="全部",
                    pool=105,
                    quota=size,
                    reserve=2,
                    decided_by="ratio",
                )
            )
            for rank, firm in enumerate(self.random.sample(self.firms[:pool], size + 2), 1):
                self.target(draw, entry, firm, rank, is_reserve=rank > size)
                if rank <= size:
                    drawn.setdefault(firm.id, []).append(entry)
        for firm_id, entries in drawn.items():
            self.visit(task, draw, firm_id, entries, done)

    def target(self, draw, entry, firm, rank, is_reserve=False):
        return self.add(
            DrawnTarget(
                draw_id=draw.id,
                item_code=entry.code,
                stratum="ALL",
                rank=rank,
                is_reserve=is_reserve,
                ticket=f"{rank:02x}" + f"{self.random.getrandbits(248):062x}",
                identifier=firm.identifier,
                enterprise_id=firm.id,
            )
        )

    def visit(self, task, draw, firm_id, entries, done):
        number = f"V{self.number():04d}"
        visit = self.add(
            Visit(
                number=number,
                route=number,
                task_id=task.id,
                draw_id=draw.id,
                enterprise_id=firm_id,
                planned_on=draw.frozen_at.date() + timedelta(days=14),
            )
        )
        for agency_id in sorted({entry.agency_id for entry in entries}):
            for place, person in enumerate(self.random.sample(self.staff[agency_id], 2)):
                self.add(VisitMember(visit_id=visit.id, inspector_id=person.id, is_lead=place == 0))
        findings = [
            self.add(ItemFinding(visit_id=visit.id, task_item_id=entry.id, agency_id=entry.agency_id))
            for entry in entries
        ]
        if self.random.random() < done:
            self.check(visit, findings)

    def check(self, visit, findings):
        on = visit.planned_on
        visit.done_on, visit.disclose_by = on, on + timedelta(days=28)
        for finding in findings:
            self.record(finding, on)
        stage = self.random.choice(("recorded", "reviewed", "on time", "on time", "on time", "late"))
        visit.state = VisitState.UNDER_REVIEW
        if stage in ("on time", "late"):
            self.disclose(visit, findings, late=stage == "late")
        elif stage == "reviewed":
            visit.state = VisitState.REVIEWED
            for finding in findings:
                finding.state = FindingState.REVIEWED
        self.session.flush()

    def record(self, finding, on, outcome=None, methods=None):
        chosen = self.random.choices(OUTCOMES, [weight for *_, weight in OUTCOMES])[0]
        results, disposals = (outcome or chosen)[:2]
        earlier = 1 if outcome is None and self.random.random() < 0.2 else 0
        if earlier:
            self.version(finding, 1, on, {ResultCode.NO_ISSUE}, {Disposal.NONE_NEEDED}, {CheckMethod.ON_SITE})
        if methods is None:
            off_site = self.random.random() < 0.3
            methods = {CheckMethod.ONLINE_MONITORING} if off_site else {CheckMethod.ON_SITE}
        self.version(finding, earlier + 1, on, results, disposals, methods)
        finding.state = FindingState.SUBMITTED

    def version(self, finding, version, on, results, disposals, methods):
        is_problem = any(code.is_problem for code in results)
        record = self.add(
            FindingRecord(
                finding_id=finding.id,
                version=version,
                checked_on=on,
                problem="未在经营场所明示价格。" if is_problem else None,
                recorded_by_id=self.clerk.id,
                recorded_at=AS_OF,
            )
        )
        points = self.session.get(TaskItem, finding.task_item_id).version.points
        self.session.add_all(
            [
                *(FindingResult(record_id=record.id, code=code) for code in sorted(results)),
                *(FindingDisposal(record_id=record.id, code=code) for code in sorted(disposals)),
                *(FindingMethod(record_id=record.id, code=code) for code in sorted(methods)),
                *(
                    PointResult(record_id=record.id, point_id=point.id, outcome=PointOutcome.NO_ISSUE)
                    for point in points
                ),
            ]
        )
        return record

    def disclose(self, visit, findings, late=False):
        visit.state = VisitState.DISCLOSED
        day = visit.disclose_by + timedelta(days=1 if late else -3)
        for finding in findings:
            finding.state = FindingState.DISCLOSED
            if self.random.random() < 0.6:
                finding.closed_on = visit.done_on
        for agency_id in sorted({finding.agency_id for finding in findings}):
            self.publish(visit, agency_id, datetime(day.year, day.month, day.day, 6, tzinfo=UTC))

    def publish(self, visit, agency_id, at, withdrawn_at=None):
        return self.add(
            Disclosure(
                index_no=f"SW-{YEAR}-{self.number():05d}",
                kind=DisclosureKind.RESULT,
                title="抽查结果",
                agency_id=agency_id,
                subject_id=visit.id,
                body={},
                body_hash="d" * 64,
                published_at=at,
                published_by_id=self.clerk.id,
                withdrawn_at=withdrawn_at,
            )
        )

    def withdraw_one(self):
        self.session.scalars(select(Disclosure).order_by(Disclosure.id)).first().withdrawn_at = AS_OF

    def cancel_one(self):
        planned = select(Visit).where(Visit.state == VisitState.PLANNED).order_by(Visit.id)
        self.session.scalars(planned).first().state = VisitState.CANCELLED

    def void_draw(self, line):
        task = self.task(line, 2)
        draw = self.draw(task, datetime(2026, 4, 1, tzinfo=UTC), DrawState.VOID)
        for rank, firm in enumerate(self.firms[:5], 1):
            self.target(draw, task.items[0], firm, rank)
