"""The rule for passwords holds in forms, in code and in commands alike."""

import pytest
from flask_appbuilder.exceptions import PasswordComplexityValidationError

from app.security.passwords import check_password, kinds
from app.security.roles import ADMINISTRATOR
from tests.conftest import PASSWORD

WEAK = ["", "1", "Ab1!", "abcdefghij", "abcdefgh12", "ABCDEFGH12", "123456789!"]
STRONG = ["Abcdefgh12", "abcdefgh1!", "ABCDEFG12!", "双随机一公开Ab1xyz", PASSWORD]


@pytest.mark.parametrize("password", WEAK)
def test_weak_passwords_are_refused(app, password):
    with app.test_request_context(), pytest.raises(PasswordComplexityValidationError):
        check_password(password)


@pytest.mark.parametrize("password", STRONG)
def test_strong_passwords_pass(app, password):
    check_password(password)


@pytest.mark.parametrize(
    ("password", "expected"), [("a", 1), ("aA", 2), ("aA1", 3), ("aA1!", 4), ("随", 0), (" ", 1)]
)
def test_four_kinds_are_counted(password, expected):
    assert kinds(password) == expected


def test_accounts_made_in_code_obey_the_rule(app, make_user):
    with pytest.raises(PasswordComplexityValidationError):
        make_user("li", password="1")
    with pytest.raises(PasswordComplexityValidationError):
        app.appbuilder.sm.reset_password(make_user("wang").id, "1")


def test_accounts_made_in_the_form_obey_the_rule(app, sign_in):
    admin = sign_in(ADMINISTRATOR)
    form = {"username": "li", "last_name": "李", "first_name": "四", "email": "li@example.cn", "active": "y"}
    refused = admin.post("/users/add", data={**form, "password": "1", "again": "1"})
    assert refused.status_code == 200
    assert app.appbuilder.sm.find_user("li") is None
    assert admin.post("/users/add", data={**form, "password": PASSWORD, "again": PASSWORD}).status_code == 302
    stored = app.appbuilder.sm.find_user("li").password
    assert PASSWORD not in stored
    assert stored.startswith("pbkdf2:")


def test_the_present_password_must_be_known_to_change_it(app, sign_in):
    client = sign_in(ADMINISTRATOR)
    form = {"present": "guess", "password": "Quiet-Mountain-7", "again": "Quiet-Mountain-7"}
    assert client.post("/account/password", data=form).status_code == 200


def test_the_administrator_opens_a_locked_account(app, sign_in, make_user):
    user = make_user("li")
    for _time in range(5):
        app.test_client().post("/login/", data={"username": "li", "password": "x"})
    assert app.appbuilder.sm.is_locked(user)
    assert sign_in(ADMINISTRATOR).post(f"/users/{user.id}/unlock").status_code == 302
    assert not app.appbuilder.sm.is_locked(user)


def test_the_roles_of_the_framework_cannot_be_given(app, sign_in):
    admin = sign_in(ADMINISTRATOR)
    offered = {option["text"] for option in admin.get("/users/lookup/roles").json["results"]}
    assert "Admin" not in offered
    assert "Public" not in offered
    form = {
        "last_name": "李",
        "first_name": "四",
        "email": "x@example.cn",
        "roles": app.appbuilder.sm.find_role("Admin").id,
    }
    user = app.appbuilder.sm.find_user("user")
    assert admin.post(f"/users/edit/{user.id}", data=form).status_code == 200
    assert [role.name for role in user.roles] == [ADMINISTRATOR]
