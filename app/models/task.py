"""The inspection task and its items."""

from __future__ import annotations

from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Boolean, Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import Stratification, TaskKind, TaskSource, TaskState
from app.extensions import db
from app.models.types import TermType, UtcDateTime


class InspectionTask(db.Model):
    """抽查任务: one batch of a plan line, from the frozen roster to the archive.

    A triggered check or a special inspection has no line and no draw, and is counted apart (R34, R39).
    """

    __tablename__ = "inspection_task"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[TaskKind] = mapped_column(TermType(TaskKind), default=TaskKind.RANDOM, index=True)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("plan_line.id"), index=True)
    external_plan_no: Mapped[str | None] = mapped_column(String(80))
    external_task_no: Mapped[str | None] = mapped_column(String(80), unique=True)
    special_id: Mapped[int | None] = mapped_column(ForeignKey("special_inspection.id"), index=True)
    batch: Mapped[int] = mapped_column(Integer, default=1)
    lead_agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    is_joint: Mapped[bool] = mapped_column(Boolean, default=False)
    stratification: Mapped[Stratification] = mapped_column(TermType(Stratification))
    state: Mapped[TaskState] = mapped_column(TermType(TaskState), default=TaskState.DRAFT, index=True)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    route_size: Mapped[int] = mapped_column(Integer, default=1)
    publish_list: Mapped[bool] = mapped_column(Boolean, default=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    line = relationship("PlanLine")
    special = relationship("SpecialInspection", back_populates="tasks")
    trigger: Mapped[TaskTrigger | None] = relationship(back_populates="task")
    lead_agency = relationship("Agency")
    created_by = relationship(User)
    items: Mapped[list[TaskItem]] = relationship(back_populates="task", order_by="TaskItem.id")
    draws = relationship("Draw", back_populates="task", order_by="Draw.id")
    visits = relationship("Visit", back_populates="task", order_by="Visit.id")
    parts = relationship("TaskPart", back_populates="task", order_by="TaskPart.id")

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class TaskItem(db.Model):
    """One item of a task, frozen as it stood when the task was made."""

    __tablename__ = "task_item"
    __table_args__ = (UniqueConstraint("task_id", "version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("inspection_task.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("target_category.id"))
    code: Mapped[str] = mapped_column(String(20))
    ppm: Mapped[int] = mapped_column(Integer)
    attention_ppm: Mapped[int | None] = mapped_column(Integer)
    minimum: Mapped[int | None] = mapped_column(Integer)
    maximum: Mapped[int | None] = mapped_column(Integer)

    task = relationship(InspectionTask, back_populates="items")
    version = relationship("ItemVersion")
    agency = relationship("Agency")
    category = relationship("TargetCategory")

    def __str__(self) -> str:
        return f"{self.version}"


class TaskTrigger(db.Model):
    """What set a triggered check off: source, reason, the paper that came in (R34)."""

    __tablename__ = "task_trigger"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("inspection_task.id"), unique=True)
    source: Mapped[TaskSource] = mapped_column(TermType(TaskSource))
    reason: Mapped[str] = mapped_column(Text)
    document_no: Mapped[str] = mapped_column(String(80), default="")
    document_name: Mapped[str | None] = mapped_column(String(120))
    document: Mapped[str | None] = mapped_column(ForeignKey("stored_file.digest"))
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaint.id"), index=True)
    received_on: Mapped[date] = mapped_column(Date)

    task = relationship(InspectionTask, back_populates="trigger")
    complaint = relationship("Complaint")

    def __str__(self) -> str:
        return f"{self.source.label} {self.document_no}"
