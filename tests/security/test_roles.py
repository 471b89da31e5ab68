"""The allow-table is what the database holds, and nothing else."""

import pytest

from app.security.roles import (
    ADMINISTRATOR,
    APPROVER,
    AUDITOR,
    GRANTS,
    LEADING_GROUP,
    POWERS,
    may,
    sync_roles,
)

DRAWING = ("freeze", "seed", "draw", "match", "void")


def stored(manager, name):
    return {(right.permission.name, right.view_menu.name) for right in manager.find_role(name).permissions}


def granted(name):
    return {(f"can_{power}", view) for view, powers in GRANTS[name].items() for power in powers}


@pytest.mark.parametrize("name", GRANTS)
def test_a_role_holds_exactly_what_the_table_says(app, name):
    assert stored(app.appbuilder.sm, name) == granted(name)


def test_a_role_changed_by_hand_is_set_back(app):
    manager = app.appbuilder.sm
    role = manager.find_role(LEADING_GROUP)
    role.permissions = manager.find_role(ADMINISTRATOR).permissions[:1]
    manager.session.commit()
    sync_roles(manager)
    assert stored(manager, LEADING_GROUP) == granted(LEADING_GROUP)


def test_setting_up_twice_changes_nothing(app):
    manager = app.appbuilder.sm
    before = {name: stored(manager, name) for name in GRANTS}
    manager.bootstrap()
    assert {name: stored(manager, name) for name in GRANTS} == before


def test_the_roles_of_the_framework_hold_nothing(app):
    assert stored(app.appbuilder.sm, "Admin") == stored(app.appbuilder.sm, "Public") == set()


def test_every_granted_power_exists_on_a_page(application):
    offered = {
        (power, view.class_permission_name)
        for view in application.appbuilder.baseviews
        for power in view.base_permissions or ()
    }
    missing = {(name, right) for name in GRANTS for right in granted(name) if right not in offered}
    assert missing == set()


def test_every_power_on_a_page_is_a_word_of_the_table(application):
    words = {f"can_{power}" for power in POWERS}
    others = {
        (type(view).__name__, power)
        for view in application.appbuilder.baseviews
        if type(view).__module__.startswith("app.")
        for power in view.base_permissions or ()
        if power not in words
    }
    assert others == set()


@pytest.mark.parametrize("power", DRAWING)
def test_who_keeps_the_accounts_holds_no_power_over_a_draw(power):
    assert not any(power in powers for powers in GRANTS[ADMINISTRATOR].values())


@pytest.mark.parametrize("name", [LEADING_GROUP, AUDITOR])
def test_who_watches_changes_nothing(name):
    changing = POWERS - {"read", "export", "witness"}
    assert {view for view, powers in GRANTS[name].items() if powers & changing} <= {
        "Account",
        "Job",
        "SavedFilter",
    }


def test_what_is_not_granted_is_refused():
    assert may(ADMINISTRATOR, "write", "User")
    assert not may(APPROVER, "write", "User")
    assert not may("nobody", "read", "Home")
