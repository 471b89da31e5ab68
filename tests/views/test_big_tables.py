"""No form, list or search of the product ever loads, or walks through, a table that grows with the city."""

import pytest
from sqlalchemy import UniqueConstraint

from app.views.base import RegisterView
from app.views.base.interface import BIG_TABLES

ROSTER = "enterprise"


def registers(application):
    return [view for view in application.appbuilder.baseviews if isinstance(view, RegisterView)]


def indexed(table):
    """Columns that some index begins with, and all columns that one index holds together."""
    first = {index.columns[0].name for index in table.indexes} | {table.primary_key.columns[0].name}
    unique = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    first |= {next(iter(each.columns)).name for each in unique} | {c.name for c in table.columns if c.unique}
    return first | {
        column.name for index in table.indexes for column in index.columns if len(index.columns) > 4
    }


def form_columns(view):
    kinds = {"add", "edit"} - set(view.exclude_route_methods)
    return {name for kind in kinds for name in getattr(view, f"{kind}_columns")}


@pytest.fixture
def views(application):
    with application.test_request_context():
        yield registers(application)


def test_relations_to_the_roster_are_searched_through_its_index(views):
    slow = []
    for view in views:
        for name in {*form_columns(view), *view.search_columns}:
            if view.datamodel.is_relation(name):
                target = view.datamodel.get_related_model(name).__tablename__
                if target == ROSTER and view.remote_of(name).find is None:
                    slow.append(f"{type(view).__name__}.{name}")
    assert slow == []


def test_no_relation_to_many_rows_stands_in_a_form(views):
    many = [
        f"{type(view).__name__}.{name}"
        for view in views
        for name in form_columns(view)
        if view.datamodel.is_relation(name)
        and (view.datamodel.is_relation_one_to_many(name) or view.datamodel.is_relation_many_to_many(name))
        and view.datamodel.get_related_model(name).__tablename__ in BIG_TABLES
    ]
    assert many == []


def test_the_roster_is_filtered_and_sorted_by_indexed_columns_only(views):
    unserved = []
    for view in views:
        table = view.datamodel.obj.__table__
        if table.name != ROSTER:
            continue
        served = indexed(table)
        unserved += [name for name in view.sortable_columns() if name not in served]
        for criterion in view.criteria:
            if criterion.kind == "text" or (criterion.filter_class is None and criterion.name not in served):
                unserved.append(criterion.name)
    assert unserved == []


def test_lists_of_big_tables_are_sorted_by_indexed_columns_only(views):
    unserved = []
    for view in views:
        table = view.datamodel.obj.__table__
        usual = [view.base_order[0]] if view.base_order else []
        if table.name in BIG_TABLES:
            served = indexed(table)
            unserved += [
                f"{type(view).__name__}.{name}"
                for name in {*view.sortable_columns(), *usual}
                if name not in served
            ]
    assert sorted(unserved) == []
