"""The small year with what followed and what came beside the draws: cases, transfers, triggered and special checks."""

from datetime import UTC, date, datetime, timedelta

from app.domain.limitation import counted_penalty
from app.domain.vocabulary import (
    CheckMethod,
    NoticeOutcome,
    NoticeState,
    NoticeSubject,
    PenaltyType,
    SpecialOrigin,
    SpecialState,
    Stratification,
    TaskKind,
    TaskSource,
    TaskState,
    TransferKind,
    TransferState,
)
from app.models import (
    AgencyNotice,
    CaseTransfer,
    DeclaredFigure,
    InspectionTask,
    ItemFinding,
    PenaltyCase,
    SpecialInspection,
    TaskItem,
    TaskTrigger,
    Visit,
)
from app.services.chain import ensure_heads
from tests.remembering import remembered
from tests.reports.world import AS_OF, YEAR, World

DECLARED = {
    "bodies_own": "2",
    "staff_passed": "17",
    "fines": "12.5",
    "training": "=培训两期",
    "publicity": "是",
}


class CaseWorld(World):
    """Builder of the year with its casework; `build` fills everything."""

    @remembered
    def build(self):
        super().build()
        ensure_heads(self.session)
        self.plan(YEAR - 1)
        self.line("上年汽车销售抽查", [self.cars], 300_000)
        for source in (TaskSource.COMPLAINT, TaskSource.COMPLAINT, TaskSource.TRANSFER):
            self.beside(TaskKind.TRIGGERED, source=source)
        for origin in (SpecialOrigin.SUPERIOR, SpecialOrigin.OWN):
            self.beside(TaskKind.SPECIAL, origin=origin)
        for number, finding in enumerate(self.session.query(ItemFinding).order_by(ItemFinding.id)):
            self.follow(number, finding)
        for name, value in DECLARED.items():
            self.declared(self.bureau, name, "1")
            self.declared(self.bureau, name, value)
        self.session.commit()
        return self

    def declared(self, agency, name, value, year=YEAR):
        self.add(
            DeclaredFigure(
                year=year,
                agency_id=agency.id,
                name=name,
                value=value,
                declared_by_id=self.clerk.id,
                declared_at=AS_OF,
            )
        )

    def beside(self, kind, source=None, origin=None):
        """A task without a draw, and a few visits of it at random days of the year, some before it."""
        special = self.special(origin) if origin else None
        task = self.add(
            InspectionTask(
                number=f"任务{self.number()}",
                name=kind.label,
                kind=kind,
                special_id=special.id if special else None,
                lead_agency_id=self.bureau.id,
                is_joint=False,
                stratification=Stratification.NONE,
                state=TaskState.INSPECTING,
                starts_on=date(YEAR, 1, 1),
                ends_on=date(YEAR, 12, 31),
                created_at=AS_OF,
            )
        )
        if source:
            self.add(TaskTrigger(task_id=task.id, source=source, reason="举报", received_on=date(YEAR, 1, 1)))
        entry = self.add(
            TaskItem(
                task_id=task.id,
                version_id=self.cars.id,
                agency_id=self.bureau.id,
                code=self.cars.item.code,
                ppm=0,
            )
        )
        for firm in self.random.sample(self.firms, 6):
            self.visit_beside(task, entry, firm)

    def visit_beside(self, task, entry, firm):
        number = f"V{self.number():04d}"
        day = date(YEAR - 1, 12, 1) + timedelta(days=self.random.randrange(400))
        visit = self.add(
            Visit(number=number, route=number, task_id=task.id, enterprise_id=firm.id, planned_on=day)
        )
        finding = self.add(ItemFinding(visit_id=visit.id, task_item_id=entry.id, agency_id=entry.agency_id))
        if self.random.random() < 0.8:
            visit.done_on = day
            self.record(finding, day, methods={self.random.choice(list(CheckMethod))})

    def special(self, origin):
        return self.add(
            SpecialInspection(
                number=f"专{self.number()}",
                title="专项检查",
                agency_id=self.bureau.id,
                year=YEAR,
                origin=origin,
                state=SpecialState.DRAFT,
                reason="线索集中",
                quota=6,
                pool=40,
                starts_on=date(YEAR, 1, 1),
                ends_on=date(YEAR, 12, 31),
                created_by_id=self.clerk.id,
                created_at=AS_OF,
            )
        )

    def follow(self, number, finding):
        day = date(YEAR - 1, 11, 1) + timedelta(days=self.random.randrange(450))
        if number % 2:
            self.case(number, finding, day)
        if number % 3 == 0:
            self.transfer(finding, day, self.random.choice(list(TransferKind)))
        if number % 4 == 0:
            self.notice(finding, day)

    def case(self, number, finding, day):
        kinds = frozenset(self.random.sample(list(PenaltyType), self.random.randint(1, 3)))
        decided = self.random.random() < 0.7
        self.add(
            PenaltyCase(
                finding_id=finding.id,
                agency_id=finding.agency_id,
                case_no=f"案{number}",
                violated_on=day,
                filed_on=day,
                reviewed_on=day + timedelta(days=10) if number % 5 else None,
                decided_on=day + timedelta(days=30) if decided else None,
                penalties=",".join(sorted(kind.value for kind in kinds)) if decided else None,
                counted_as=counted_penalty(kinds) if decided else None,
                opened_by_id=self.clerk.id,
            )
        )

    def transfer(self, finding, day, kind):
        self.add(
            CaseTransfer(
                finding_id=finding.id,
                agency_id=finding.agency_id,
                kind=kind,
                state=next(iter(TransferState)),
                receiver="某单位",
                facts="事实",
                legal_basis="依据",
                documents="材料",
                opened_at=datetime(day.year, day.month, day.day, self.random.randrange(24), tzinfo=UTC),
                opened_by_id=self.clerk.id,
            )
        )

    def notice(self, finding, day):
        outcome = self.random.choice([*NoticeOutcome, NoticeOutcome.LISTED, None])
        self.add(
            AgencyNotice(
                finding_id=finding.id,
                agency_id=finding.agency_id,
                receiver_id=self.market.id,
                subject=NoticeSubject.UNREACHABLE,
                state=NoticeState.SENT,
                facts="事实",
                legal_basis="依据",
                evidence="证据",
                sent_on=day,
                sent_by_id=self.clerk.id,
                answered_on=day + timedelta(days=5) if outcome else None,
                outcome=outcome,
            )
        )
