"""A wrong setting stops the start with one sentence that names what to set."""

import pytest

import config
from config import Development, Production, settings

SECRETS = {"SECRET_KEY": "s" * 40, "AUDIT_KEY": "a" * 40}
WRONG = [
    ({"APP_ENV": "live"}, "APP_ENV"),
    ({"APP_ENV": "production"}, "SECRET_KEY"),
    ({"APP_ENV": "production", "SECRET_KEY": "short"}, "SECRET_KEY"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY"),
    ({"APP_ENV": "production", "SECRET_KEY": "s" * 40}, "AUDIT_KEY"),
    ({"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
    ({"DATABASE_URL": "mysql://h/d"}, "DATABASE_URL"),
    ({"DATABASE_URL": "postgresql://h"}, "DATABASE_URL"),
    ({"DATABASE_URL": "sqlite://"}, "DATABASE_URL"),
    ({"DATABASE_URL": "postgresql://h:port/d"}, "DATABASE_URL"),
    ({"JOBS_URL": "nonsense"}, "JOBS_URL"),
    ({"PUBLIC_URL": "ssj.example.cn"}, "PUBLIC_URL"),
    ({"PUBLIC_URL": "ftp://a"}, "PUBLIC_URL"),
    ({"PUBLIC_URL": "https://a?b=1"}, "PUBLIC_URL"),
    ({"PUBLIC_URL": "https://"}, "PUBLIC_URL"),
    ({"MONITOR_ADDRESSES": "everybody"}, "MONITOR_ADDRESSES"),
    ({"DATABASE_URL": "postgresql://h/d", "DATABASE_POOL": "many"}, "DATABASE_POOL"),
    ({"JOBS_WORKERS": "some"}, "JOBS_WORKERS"),
    ({"TRUSTED_PROXIES": "many"}, "TRUSTED_PROXIES"),
    ({"TRUSTED_PROXIES": "99"}, "TRUSTED_PROXIES"),
    ({"LOG_LEVEL": "loud"}, "LOG_LEVEL"),
    ({"SMTP_HOST": "mail.example.cn"}, "SMTP_FROM"),
    ({"SMTP_HOST": "mail.example.cn", "SMTP_FROM": "张三"}, "SMTP_FROM"),
    ({"SMTP_HOST": "m", "SMTP_FROM": "a@b.cn", "SMTP_SECURITY": "some"}, "SMTP_SECURITY"),
    ({"SMTP_PORT": "many"}, "SMTP_PORT"),
]


@pytest.mark.parametrize(("environ", "named"), WRONG)
def test_a_wrong_setting_stops_the_start_in_one_sentence(environ, named):
    with pytest.raises(SystemExit) as stopped:
        settings(environ=environ)
    sentence = str(stopped.value)
    assert named in sentence
    assert sentence.endswith("。")
    assert sentence.count("。") == 1
    assert "\n" not in sentence


def test_the_sentence_never_repeats_a_password():
    with pytest.raises(SystemExit) as stopped:
        settings(environ={"DATABASE_URL": "mysql://user:hunter2@h/d"})
    assert "hunter2" not in str(stopped.value)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (None, Development),
        ("development", Development),
        ("testing", config.Testing),
        ("production", Production),
    ],
)
def test_the_environment_is_chosen_by_name(name, kind):
    assert isinstance(settings(name, environ=SECRETS), kind)
    assert isinstance(settings(environ={**SECRETS, **({"APP_ENV": name} if name else {})}), kind)


def test_an_object_is_taken_as_it_is():
    chosen = object()
    assert settings(chosen) is chosen


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p@h:5433/d", "postgresql+psycopg://u:p@h:5433/d"),
        ("postgresql+psycopg2://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:////tmp/x.db", "sqlite:////tmp/x.db"),
    ],
)
def test_database_addresses_are_brought_to_one_form(given, expected):
    assert expected == config.Testing({"DATABASE_URL": given}).SQLALCHEMY_DATABASE_URI


def test_a_relative_file_does_not_depend_on_where_one_stands(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert str(tmp_path) not in config.Testing({"DATABASE_URL": "sqlite:///var/x.db"}).SQLALCHEMY_DATABASE_URI


def test_production_cookies_are_for_tls_only():
    assert Production(SECRETS).SESSION_COOKIE_SECURE
    assert Production(SECRETS).BEHIND_TLS


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({"VAR_DIR": "/data"}, "sqlite:////data/jobs.db"),
        ({"DATABASE_URL": "postgres://u:p@h/d"}, "postgresql://u:p@h/d"),
        ({"DATABASE_URL": "postgresql://h/d", "JOBS_URL": "redis://cache:6379/1"}, "redis://cache:6379/1"),
        ({"JOBS_URL": "postgresql://h/jobs"}, "postgresql://h/jobs"),
    ],
)
def test_the_queue_stands_beside_the_database_unless_told_otherwise(environ, url):
    assert url == settings(environ=environ).JOBS_URL


def test_the_public_address_stands_without_its_last_slash():
    assert Development({"PUBLIC_URL": "https://ssj.example.cn/"}).PUBLIC_URL == "https://ssj.example.cn"
    assert Development({}).PUBLIC_URL == ""
