"""A small register of its own tables, so that the base layer is tested apart from the product."""

from datetime import date
from enum import StrEnum

from flask import flash, redirect
from flask_appbuilder import expose
from flask_appbuilder.actions import action
from flask_appbuilder.models.sqla.filters import FilterNotStartsWith
from flask_appbuilder.security.decorators import has_access, permission_name
from sqlalchemy import Column, ForeignKey, String, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from app.domain.errors import DomainError
from app.views.base import BasePage, LedgerView, MasterView, RegisterInterface, RegisterView, Remote
from app.views.base.page import domain_errors_flashed

WORKER = "worker"
VISITOR = "visitor"


class Base(DeclarativeBase):
    """Apart from the product's metadata, which migrations are compared with."""


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"

    @property
    def label(self):
        return {"red": "红", "blue": "蓝"}[self.value]

    @property
    def english(self):
        return self.value.title()


marked = Table(
    "shop_marked",
    Base.metadata,
    Column("tool_id", ForeignKey("shop_tool.id"), primary_key=True),
    Column("mark_id", ForeignKey("shop_mark.id"), primary_key=True),
)


class Maker(Base):
    __tablename__ = "shop_maker"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)

    def __str__(self):
        return self.name


class Mark(Base):
    __tablename__ = "shop_mark"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))

    def __str__(self):
        return self.name


class Tool(Base):
    __tablename__ = "shop_tool"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), index=True)
    number: Mapped[str | None] = mapped_column(String(20), unique=True)
    colour: Mapped[str | None] = mapped_column(String(10))
    sharp: Mapped[bool] = mapped_column(default=False)
    made_on: Mapped[date | None]
    weight: Mapped[int | None]
    secret: Mapped[str | None] = mapped_column(String(40))
    maker_id: Mapped[int | None] = mapped_column(ForeignKey("shop_maker.id"))
    maker = relationship(Maker, backref="tools")
    marks = relationship(Mark, secondary=marked)

    def __str__(self):
        return self.name


class TooHeavy(DomainError):
    code = "too_heavy"


class ToolView(RegisterView):
    """Tools whose name begins with "hidden" are nobody's to see."""

    route_base = "/tools"
    datamodel = RegisterInterface(Tool)
    class_permission_name = "Tool"
    title = "工具"
    noun = "工具"
    may_delete = True
    list_columns = ["name", "number", "colour", "sharp", "made_on", "maker", "marks"]
    show_columns = list_columns
    order_columns = ["name", "number", "maker"]
    search_columns = ["name", "number", "colour", "sharp", "made_on", "weight", "maker", "marks"]
    prefix_columns = {"number"}
    tag_columns = {"colour"}
    vocabularies = {"colour": Colour}
    add_columns = ["name", "number", "colour", "sharp", "made_on", "weight", "maker", "marks"]
    edit_columns = add_columns
    base_filters = [["name", FilterNotStartsWith, "hidden"]]
    powers = {"polish": "write", "melt": "void"}

    def pre_add(self, item):
        if (item.weight or 0) > 100:
            raise TooHeavy(weight=item.weight)

    pre_update = pre_add

    @action("polish", "擦亮", "确定？")
    def polish(self, items):
        items = items if isinstance(items, list) else [items]
        for item in items:
            item.secret = "polished"
        self.datamodel.session.commit()
        flash(f"polished {len(items)}")
        return redirect(self.list_url())

    @action("melt", "熔化")
    def melt(self, items):
        raise AssertionError("nobody may")


class ToolLedger(LedgerView):
    route_base = "/ledger"
    datamodel = RegisterInterface(Tool)
    class_permission_name = "ToolLedger"
    title = "台账"
    list_columns = ["name"]


class MakerView(MasterView):
    route_base = "/makers"
    datamodel = RegisterInterface(Maker)
    class_permission_name = "Maker"
    title = "厂家"
    list_columns = ["name"]
    show_columns = ["name"]
    add_columns = ["name"]
    edit_columns = ["name"]
    related_views = [ToolView, ToolLedger]
    remote = {"tools": Remote(("name",))}


class BenchPage(BasePage):
    route_base = "/bench"
    class_permission_name = "Bench"
    title = "工作台"

    @expose("/")
    @has_access
    @permission_name("read")
    def index(self):
        return self.render("search.html", term="", hits=[], shortest=2)

    @expose("/fail", methods=["POST"])
    @has_access
    @permission_name("write")
    def fail(self):
        with domain_errors_flashed("done"):
            raise TooHeavy(weight=7)
        return self.go("index")

    @expose("/succeed", methods=["POST"])
    @has_access
    @permission_name("write")
    def succeed(self):
        with domain_errors_flashed("done"):
            pass
        return self.go("index")

    @expose("/crash")
    @has_access
    @permission_name("read")
    def crash(self):
        raise RuntimeError("a secret detail")


VIEWS = [ToolView, ToolLedger, MakerView, BenchPage]
GRANTED = {
    WORKER: {
        "Tool": ["read", "write"],
        "Maker": ["read", "write"],
        "Bench": ["read", "write"],
        "Account": ["read"],
        "Home": ["read"],
        "Search": ["read"],
    },
    VISITOR: {"Maker": ["read"], "Home": ["read"]},
}


def open_workshop(app):
    """Register the views and create the tables and roles, before the first request."""
    with app.app_context():
        for view in VIEWS:
            app.appbuilder.add_view_no_menu(view)
        session = app.appbuilder.session
        Base.metadata.create_all(session.get_bind())
        manager = app.appbuilder.sm
        for name, views in GRANTED.items():
            role = manager.add_role(name)
            role.permissions = [
                manager.add_permission_view_menu(f"can_{power}", view)
                for view, powers in views.items()
                for power in powers
            ]
        session.commit()
