"""Settings; the only reader of the environment.

A wrong setting stops the start with one sentence that says what to set: `WrongSetting` is a
`SystemExit`, so every way of starting prints the sentence alone, without a traceback.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent
SHORTEST_SECRET = 32
MAIL_SECURITY = ("STARTTLS", "TLS", "NONE")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class WrongSetting(SystemExit):
    """A setting that cannot be used; the text is shown to the person who starts the program."""


class Base:
    """What every environment shares."""

    APP_NAME = "双随机、一公开监管平台"
    LANGUAGES = {"zh": {"flag": "cn", "name": "中文"}, "en": {"flag": "gb", "name": "English"}}
    BABEL_DEFAULT_LOCALE = "zh"
    BABEL_DEFAULT_TIMEZONE = "Asia/Shanghai"
    BABEL_TRANSLATION_DIRECTORIES = str(ROOT / "translations")

    SQLALCHEMY_TRACK_MODIFICATIONS = False
    MAX_CONTENT_LENGTH = 64 * 1024 * 1024
    MAX_ROSTER_LENGTH = 768 * 1024 * 1024  # a whole city as CSV is about 350 MB
    MAX_FORM_MEMORY_SIZE = 2 * 1024 * 1024
    JSON_AS_ASCII = False

    AUTH_TYPE = 1
    AUTH_ROLE_ADMIN = "Admin"
    AUTH_ROLE_PUBLIC = "Public"
    AUTH_USER_REGISTRATION = False
    FAB_BASE_TEMPLATE = "base.html"
    FAB_UPDATE_PERMS = False
    FAB_CREATE_DB = False
    FAB_ADD_SECURITY_API = False
    FAB_ADD_MENU_API = False
    FAB_ADD_OPENAPI_VIEWS = False
    FAB_API_SWAGGER_UI = False
    FAB_PASSWORD_COMPLEXITY_ENABLED = True

    API_TITLE = "双随机、一公开监管平台 数据交换接口"
    API_VERSION = "v1"
    OPENAPI_VERSION = "3.0.3"
    OPENAPI_URL_PREFIX = "/api/exchange"

    LOCK_AFTER_FAILURES = 5
    LOCK_MINUTES = 30
    SESSION_COOKIE_NAME = "session"
    SESSION_COOKIE_HTTPONLY = True
    SESSION_COOKIE_SAMESITE = "Lax"
    SESSION_COOKIE_SECURE = False
    SESSION_ABSOLUTE_HOURS = 8
    PERMANENT_SESSION_LIFETIME = timedelta(minutes=30)
    JWT_ACCESS_TOKEN_EXPIRES = timedelta(minutes=15)

    AUTH_RATE_LIMITED = True
    AUTH_RATE_LIMIT = "20 per minute"
    RATELIMIT_ENABLED = True
    RATELIMIT_HEADERS_ENABLED = False

    WTF_CSRF_TIME_LIMIT = None  # the token lives as long as its session
    BEHIND_TLS = False
    DEBUG = False
    TESTING = False
    SECRET_KEY: str | None = None
    AUDIT_KEY: str | None = None
    JOBS_INLINE = False
    FIGURES_AT_ONCE_SECONDS = 0.25  # figures that take no longer to compute are never shown old

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        given = os.environ if environ is None else environ
        self.VAR_DIR = given.get("VAR_DIR") or str(ROOT / "var")
        self.SECRET_KEY = _secret(given, self.SECRET_KEY)
        self.AUDIT_KEY = _audit_key(given, self.AUDIT_KEY)
        self.SQLALCHEMY_DATABASE_URI = _database_url(given.get("DATABASE_URL"), self.VAR_DIR)
        self.SQLALCHEMY_ENGINE_OPTIONS = _engine_options(self.SQLALCHEMY_DATABASE_URI, given)
        self.JOBS_URL = _jobs_url(given.get("JOBS_URL"), self.SQLALCHEMY_DATABASE_URI, self.VAR_DIR)
        self.JOBS_WORKERS = _whole_number(given, "JOBS_WORKERS", default=2, highest=32)
        self.PUBLIC_URL = _web_address(given, "PUBLIC_URL")
        self.TRUSTED_PROXIES = _whole_number(given, "TRUSTED_PROXIES", default=0, highest=5)
        self.LOG_LEVEL = _one_of(given, "LOG_LEVEL", LOG_LEVELS, default="INFO")
        self.MONITOR_ADDRESSES = _networks(given.get("MONITOR_ADDRESSES") or "127.0.0.0/8,::1")
        self.SMTP_HOST = given.get("SMTP_HOST") or ""
        self.SMTP_PORT = _whole_number(given, "SMTP_PORT", default=25, highest=65535)
        self.SMTP_SECURITY = _one_of(given, "SMTP_SECURITY", MAIL_SECURITY, default="STARTTLS")
        self.SMTP_USER = given.get("SMTP_USER") or ""
        self.SMTP_PASSWORD = given.get("SMTP_PASSWORD") or ""
        self.SMTP_FROM = _mail_address(given, "SMTP_FROM", needed=bool(self.SMTP_HOST))
        self.RATELIMIT_STORAGE_URI = given.get("RATELIMIT_STORAGE_URI") or "memory://"


class Development(Base):
    """One person's machine, plain HTTP on 127.0.0.1."""

    SECRET_KEY = "only-for-development-never-for-production-0"
    AUDIT_KEY = "only-for-development-never-for-production-1"


class Testing(Base):
    """The test suite; forms need no token unless a test switches them on."""

    TESTING = True
    SECRET_KEY = "only-for-tests-" + "0" * SHORTEST_SECRET
    AUDIT_KEY = "only-for-tests-" + "1" * SHORTEST_SECRET
    WTF_CSRF_ENABLED = False
    RATELIMIT_ENABLED = False
    JOBS_INLINE = True
    FIGURES_AT_ONCE_SECONDS = 3600.0
    FAB_PASSWORD_HASH_METHOD = "pbkdf2:sha256:1000"


class Production(Base):
    """Behind a TLS proxy; nothing is assumed."""

    BEHIND_TLS = True
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    PREFERRED_URL_SCHEME = "https"


ENVIRONMENTS: dict[str, type[Base]] = {
    "development": Development,
    "testing": Testing,
    "production": Production,
}


def settings(config: object | str | None = None, environ: Mapping[str, str] | None = None) -> object:
    """The settings to start with: an object as it is, a name or APP_ENV as one of ENVIRONMENTS."""
    if config is not None and not isinstance(config, str):
        return config
    given = os.environ if environ is None else environ
    name = config or given.get("APP_ENV") or "development"
    if name not in ENVIRONMENTS:
        raise WrongSetting(f"环境变量 APP_ENV 只能是 {'、'.join(ENVIRONMENTS)} 之一，现在是“{name}”。")
    return ENVIRONMENTS[name](given)


def settings_at(url: str) -> object:
    """The present settings with another database, and a queue of its own."""
    return settings(environ={**os.environ, "DATABASE_URL": url, "JOBS_URL": ""})


def _secret(given: Mapping[str, str], fallback: str | None) -> str:
    secret = given.get("SECRET_KEY") or fallback
    if not secret:
        raise WrongSetting(
            f"生产环境必须设置环境变量 SECRET_KEY（不少于 {SHORTEST_SECRET} 个字符的随机串）。"
        )
    if len(secret) < SHORTEST_SECRET:
        raise WrongSetting(
            f"环境变量 SECRET_KEY 太短：不少于 {SHORTEST_SECRET} 个字符，现在是 {len(secret)} 个。"
        )
    return secret


def _audit_key(given: Mapping[str, str], fallback: str | None) -> str:
    key = given.get("AUDIT_KEY") or fallback
    if not key or len(key) < SHORTEST_SECRET:
        raise WrongSetting(
            f"生产环境必须设置环境变量 AUDIT_KEY（审计链密钥，不少于 {SHORTEST_SECRET} 个字符，设定后不得更换）。"
        )
    return key


def _database_url(text: str | None, var_dir: str) -> str:
    if not text:
        return f"sqlite:///{Path(var_dir).resolve() / 'app.db'}"
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise WrongSetting(_database_sentence()) from None
    if url.get_backend_name() == "sqlite":
        return _sqlite_url(url)
    if url.get_backend_name() in ("postgres", "postgresql") and url.database:
        return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    raise WrongSetting(_database_sentence())


def _sqlite_url(url: URL) -> str:
    if not url.database or url.database == ":memory:":
        raise WrongSetting(
            "环境变量 DATABASE_URL 的 SQLite 数据库必须是一个文件，例如 sqlite:///var/app.db。"
        )
    return f"sqlite:///{(ROOT / url.database).resolve()}"


def _jobs_url(text: str | None, database: str, var_dir: str) -> str:
    """Where the queue stands: beside the embedded database, inside PostgreSQL, or where it is told."""
    if not text:
        on_server = database.startswith("postgresql")
        return _plain_url(database) if on_server else f"sqlite:///{Path(var_dir).resolve() / 'jobs.db'}"
    if text.startswith(("redis://", "rediss://")):
        return text
    try:
        return _plain_url(_database_url(text, var_dir))
    except WrongSetting:
        raise WrongSetting(
            "环境变量 JOBS_URL 无法使用：应为 sqlite:///文件、postgresql://… 或 redis://… 的形式。"
        ) from None


def _plain_url(url: str) -> str:
    return url.replace("postgresql+psycopg:", "postgresql:", 1)


def _database_sentence() -> str:
    return "环境变量 DATABASE_URL 无法使用：应为 sqlite:///文件 或 postgresql://用户:口令@主机/库 的形式。"


def _engine_options(url: str, given: Mapping[str, str]) -> dict[str, Any]:
    """The pool of one process: so many connections kept, so many more at a rush, none older than the hour."""
    if url.startswith("sqlite"):
        return {}
    return {
        "pool_pre_ping": True,
        "pool_size": _whole_number(given, "DATABASE_POOL", default=10, highest=200),
        "max_overflow": _whole_number(given, "DATABASE_POOL_EXTRA", default=10, highest=200),
        "pool_recycle": 3600,
        "pool_timeout": 15,
    }


def _whole_number(given: Mapping[str, str], name: str, default: int, highest: int) -> int:
    text = given.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and int(text) <= highest):
        raise WrongSetting(f"环境变量 {name} 应为 0 至 {highest} 的整数，现在是“{text}”。")
    return int(text)


def _web_address(given: Mapping[str, str], name: str) -> str:
    text = given.get(name, "").rstrip("/")
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment):
        raise WrongSetting(
            f"环境变量 {name} 应为公众访问本系统的网址，例如 https://ssj.example.cn，现在是“{text}”。"
        )
    return text


def _mail_address(given: Mapping[str, str], name: str, *, needed: bool) -> str:
    text = (given.get(name) or "").strip()
    local, _, domain = text.partition("@")
    if needed and not (local and domain and text.isascii() and not set(text) & set(" ,;<>\r\n")):
        raise WrongSetting(
            f"设置了 SMTP_HOST 就必须设置发件地址 {name}，例如 ssj@example.cn，现在是“{text}”。"
        )
    return text


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())
    except ValueError:
        raise WrongSetting(
            f"环境变量 MONITOR_ADDRESSES 应为用逗号隔开的地址或网段，例如 127.0.0.1,10.0.0.0/8，现在是“{text}”。"
        ) from None


def _one_of(given: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    text = (given.get(name) or default).upper()
    if text not in allowed:
        raise WrongSetting(f"环境变量 {name} 只能是 {'、'.join(allowed)} 之一，现在是“{text}”。")
    return text
