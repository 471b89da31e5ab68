"""The layering of docs/design.md as tests: contracts, sizes, one committer, one reader of the environment."""

import ast
import importlib
import pkgutil
import re
from pathlib import Path

from importlinter.cli import lint_imports

import app
from app.domain.errors import DomainError

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "app").rglob("*.py"))
LONGEST_FILE = 400
LONGEST_FUNCTION = 40


def relative(path):
    return str(path.relative_to(ROOT))


def test_import_contracts_hold():
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_no_file_outgrows_its_page():
    long = [relative(path) for path in SOURCES if len(path.read_text().splitlines()) > LONGEST_FILE]
    assert long == []


def test_no_function_outgrows_the_screen():
    long = [
        f"{relative(path)}:{node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno > LONGEST_FUNCTION
    ]
    assert long == []


def test_only_the_services_commit():
    single_rows = "app/views/base/register.py"  # the framework's own one-row forms
    allowed = {"app/services/transaction.py", single_rows}
    committing = {relative(path) for path in SOURCES if re.search(r"session\.commit\(", path.read_text())}
    assert {path for path in committing if not path.startswith("app/security/")} == allowed


def test_only_the_settings_read_the_environment():
    readers = [relative(path) for path in SOURCES if re.search(r"os\.environ|getenv\(", path.read_text())]
    assert readers == []


def test_services_never_ask_who_is_signed_in():
    asking = [
        relative(path)
        for path in (ROOT / "app/services").rglob("*.py")
        if re.search(r"flask import .*\b(g|request|session)\b", path.read_text())
    ]
    assert asking == []


def test_a_draw_is_never_random_by_random():
    users = [
        relative(path)
        for path in SOURCES
        if re.search(r"^\s*(import random|from random)", path.read_text(), re.M)
    ]
    assert users == []


def test_every_domain_error_has_its_own_code_and_sentence():
    from app.messages import SENTENCES

    load_everything()
    ours = (error for error in subclasses(DomainError) if error.__module__.startswith("app."))
    codes = {error.code for error in ours}
    assert codes - set(SENTENCES) == set()


def test_public_functions_of_domain_and_services_say_what_they_mean():
    silent = [
        f"{relative(path)}:{node.name}"
        for room in ("domain", "services")
        for path in (ROOT / "app" / room).rglob("*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def load_everything():
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def subclasses(base):
    for kind in base.__subclasses__():
        yield kind
        yield from subclasses(kind)
