"""The files of docs/examples can be loaded by the programs they are for, and say nothing this one does not know."""

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest
import yaml

from app.cli import COMMANDS
from config import ROOT, Production

EXAMPLES = ROOT / "docs" / "examples"
UNITS = sorted([*EXAMPLES.glob("*.service"), *EXAMPLES.glob("*.timer")])
OUTSIDE = {"FLASK_APP", "PROMETHEUS_MULTIPROC_DIR"}  # read by the libraries
NAMED = re.compile(r"""(?:given(?:\.get\(|\[)|given, )["']([A-Z_]+)["']""")


def settings_read():
    return set(NAMED.findall((ROOT / "config.py").read_text()))


def example_settings():
    lines = (EXAMPLES / "inspection.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def unit(path):
    parser = configparser.RawConfigParser(strict=False, delimiters="=", comment_prefixes="#")
    parser.optionxform = str
    parser.read(path)
    return parser


def flask_commands(text):
    return re.findall(r"\bflask (\w+)", text)


def test_every_setting_stands_in_the_operators_guide():
    guide = (ROOT / "docs" / "operator-guide.md").read_text()
    assert {name for name in settings_read() if f"| `{name}` |" not in guide} == set()


def test_the_example_settings_start_production():
    given = example_settings()
    assert set(given) - settings_read() <= OUTSIDE
    filled = {name: value.replace("CHANGE-ME", "x" * 32) for name, value in given.items()}
    assert Production(filled).JOBS_URL == "postgresql://inspection:" + "x" * 32 + "@127.0.0.1/inspection"


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_a_command_that_exists(path):
    found = unit(path)
    known = {command.name for command in COMMANDS}
    if path.suffix == ".timer":
        assert (path.with_suffix(".service")).exists()
        assert found["Timer"]["OnCalendar"]
        return
    assert set(flask_commands(path.read_text())) <= known
    assert found["Service"]["ExecStart"].startswith(("/opt/inspection/.venv/bin/", "/bin/sh -c "))
    assert found["Service"]["EnvironmentFile"] == "/etc/inspection/inspection.env"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze on this machine")
@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_systemd_takes_the_unit(path, tmp_path):
    # The program is not installed under /opt here; everything else of the unit is looked at.
    text = re.sub(r"/opt/inspection/\.venv/bin/\w+", "/bin/true", path.read_text())
    text = text.replace("WorkingDirectory=/opt/inspection", "WorkingDirectory=/")
    (tmp_path / path.name).write_text(text)
    for beside in UNITS:
        if beside.name != path.name:
            (tmp_path / beside.name).write_text("[Service]\nExecStart=/bin/true\n")
    said = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / path.name)], capture_output=True, text=True, check=False
    )
    assert [line for line in said.stderr.splitlines() if path.name in line] == []


def test_gunicorn_takes_its_settings(tmp_path):
    surroundings = {**os.environ, "APP_ENV": "testing", "VAR_DIR": str(tmp_path)}
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--check-config",
        "--config",
        str(EXAMPLES / "gunicorn.conf.py"),
    ]
    said = subprocess.run(
        [*command, "run:app"], cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr


def test_nginx_leads_to_gunicorn_and_hides_what_monitors_read():
    nginx = (EXAMPLES / "nginx.conf").read_text()
    bound = re.search(r'^bind = "(.+)"', (EXAMPLES / "gunicorn.conf.py").read_text(), re.M).group(1)
    assert f"server {bound};" in nginx
    assert re.search(r"location ~ \^/\(healthz\|readyz\|metrics\)\$ \{\s+return 404;", nginx)
    assert nginx.count("{") == nginx.count("}")
    assert {"X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host"} <= set(
        re.findall(r"proxy_set_header (\S+)", nginx)
    )


@pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx on this machine")
def test_nginx_takes_its_settings(tmp_path):
    text = re.sub(r"listen 443 ssl;|ssl_certificate.*;", "", (EXAMPLES / "nginx.conf").read_text())
    (tmp_path / "nginx.conf").write_text(f"events {{}}\nhttp {{\n{text}\n}}\n")
    command = ["nginx", "-t", "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_the_containers_are_those_that_the_handbook_names():
    found = yaml.safe_load((EXAMPLES / "compose.yaml").read_text())
    assert set(found["services"]) == {"database", "init", "web", "worker", "nginx"}
    known = {command.name for command in COMMANDS}
    for service in found["services"].values():
        words = shlex.split(service.get("command", ""))
        assert words[:1] in ([], ["flask"])
        assert set(words[1:2]) <= known
    mounted = [mount.split(":")[0] for mount in found["services"]["nginx"]["volumes"]]
    assert all((EXAMPLES / mount).exists() for mount in mounted if mount.endswith(".conf"))
    assert set(found["x-program"]["environment"]) - settings_read() <= OUTSIDE


def test_the_image_copies_what_is_there():
    copied = re.findall(r"^COPY (.+) \S+$", (EXAMPLES / "Dockerfile").read_text(), re.M)
    assert [name for line in copied for name in line.split() if not (ROOT / name).exists()] == []


def test_every_example_is_named_in_the_handbook():
    handbook = (ROOT / "docs" / "deployment.md").read_text()
    named = set(re.findall(r"\(examples/([^)]+)\)", handbook))
    assert {path.name for path in EXAMPLES.iterdir() if path.is_file()} == named
