"""What a city of 1.6 million enterprises needs of its schema, as the migrations make it on both databases."""

import pytest
from sqlalchemy import inspect

from app.extensions import db
from app.services.carrying.tables import is_carried

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
# Records that grow with the city or with every year: nobody may walk through a table to find their companions.
GROWING = {
    "draw",
    "enterprise",
    "finding_record",
    "inspection_task",
    "inspector",
    "item_finding",
    "visit",
    "visit_approval",
}
# Each stands for something that may exist once only; without it two clerks at one moment make it twice.
ONCE = {
    ("enterprise", ("identifier",)),
    ("inspector", ("staff_no",)),
    ("inspection_task", ("number",)),
    ("draw", ("number",)),
    ("disclosure", ("index_no",)),
    ("audit_event", ("event_hash",)),
    ("category_membership", ("category_id", "enterprise_id")),
}


@pytest.fixture(params=KINDS)
def schema(request, migrated_application):
    with migrated_application(request.param, "indexes").app_context():
        found = inspect(db.engine)
        yield found


def ways_in(schema, table):
    """The columns by which a table is entered through an index: the first ones of its keys and indexes."""
    yield schema.get_pk_constraint(table)["constrained_columns"]
    for index in schema.get_indexes(table):
        yield index["column_names"]
    for unique in schema.get_unique_constraints(table):
        yield unique["column_names"]


def test_a_reference_to_a_growing_table_is_found_through_an_index(schema):
    slow = {
        (table, key["constrained_columns"][0])
        for table in schema.get_table_names()
        if is_carried(table)
        for key in schema.get_foreign_keys(table)
        if key["referred_table"] in GROWING
        and key["constrained_columns"][0] not in {columns[0] for columns in ways_in(schema, table) if columns}
    }
    assert slow == set()


def test_what_exists_once_is_kept_single_by_the_database(schema):
    unique = {
        (table, tuple(columns))
        for table, _ in ONCE
        for columns in [
            schema.get_pk_constraint(table)["constrained_columns"],
            *(constraint["column_names"] for constraint in schema.get_unique_constraints(table)),
            *(index["column_names"] for index in schema.get_indexes(table) if index["unique"]),
        ]
    }
    assert ONCE - unique == set()
