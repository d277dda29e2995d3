"""All settings, read from the environment; an odd value is refused with what was found and what was expected.

Every variable is documented in ``docs/reference/ledger.md``. With none set, the program keeps everything in one folder,
``./hoptac-data``: an SQLite ledger, the kept sources and the secret key.
"""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import Any

import environ
import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

YES = ("1", "true", "yes", "on")
NO = ("", "0", "false", "no", "off")
SECRET_KEY_LEAST = 32  # characters
SQLITE_WAIT = 20  # seconds that a writer waits for another; measured: worst wait of four busy writers 4.4 s
HSTS_SECONDS = 180 * 24 * 3600


def refuse(name: str, found: str, expected: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name}: found {found!r}; expected {expected}. Change it or unset it.")


def read_switch(name: str) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value not in YES + NO:
        raise refuse(name, value, "1 or 0")
    return value in YES


def read_choice(name: str, choices: tuple[str, ...]) -> str:
    value = os.environ.get(name, "").strip() or choices[0]
    if value not in choices:
        raise refuse(name, value, "one of " + ", ".join(choices))
    return value


def read_data_folder() -> Path:
    value = os.environ.get("HOPTAC_DATA", "") or "hoptac-data"
    path = Path(value).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise refuse("HOPTAC_DATA", value, "a folder, or a path where one can be made")
    return path


def read_hosts() -> list[str]:
    hosts = [h.strip() for h in os.environ.get("HOPTAC_ALLOWED_HOSTS", "").split(",") if h.strip()]
    for host in hosts:
        if host == "*" and not DEBUG:
            raise refuse(
                "HOPTAC_ALLOWED_HOSTS", host, "host names parted by commas ('*' only with HOPTAC_DEBUG=1)"
            )
        if host != "*" and not re.fullmatch(r"\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:]+\]", host):
            raise refuse(
                "HOPTAC_ALLOWED_HOSTS", host, "host names parted by commas, without http:// or a port"
            )
    return hosts or ["localhost", "127.0.0.1", "[::1]"]


def read_secret_key(data: Path) -> str:
    """The signing key: from the environment, else from the data folder, else one for this process only.

    ``hoptac init`` writes the process's key to ``secret-key`` (mode 600), so that every later process has the same.
    """
    key = os.environ.get("HOPTAC_SECRET_KEY", "")
    kept = data / "secret-key"
    if not key and kept.is_file():
        key = kept.read_text(encoding="ascii").strip()
        if len(key) < SECRET_KEY_LEAST:
            raise refuse(str(kept), f"{len(key)} characters", f"at least {SECRET_KEY_LEAST} characters")
    if key and len(key) < SECRET_KEY_LEAST:
        raise refuse("HOPTAC_SECRET_KEY", f"{len(key)} characters", f"at least {SECRET_KEY_LEAST} characters")
    return key or secrets.token_urlsafe(48)


def read_database(name: str, url: str) -> dict[str, Any]:
    """One database by its URL: ``sqlite:///path/to/file`` or ``postgres://user:password@host:port/name``."""
    if not re.match(r"(sqlite|postgres|postgresql)://", url):
        raise refuse(name, url.split("@")[-1], "sqlite:///FILE or postgres://USER@HOST/NAME")
    database: dict[str, Any] = environ.Env.db_url_config(url)
    if not database.get("NAME"):
        raise refuse(name, url.split("@")[-1], "a URL that ends in the database's name")
    if database["ENGINE"].endswith("sqlite3"):
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": SQLITE_WAIT,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;"
            ),
        }
    else:
        database["CONN_HEALTH_CHECKS"] = True
        database["CONN_MAX_AGE"] = 60
    return database


def read_count(name: str, *, usual: int, least: int, most: int) -> int:
    value = os.environ.get(name, "").strip()
    if not value:
        return usual
    if not re.fullmatch(r"\d{1,9}", value) or not least <= int(value) <= most:
        raise refuse(name, value, f"a whole number from {least} to {most}")
    return int(value)


def read_address() -> str:
    """Where the program is reached, for links in letters: without a slash at the end."""
    value = os.environ.get("HOPTAC_ADDRESS", "").strip() or "http://localhost:8000"
    if not re.fullmatch(r"https?://[A-Za-z0-9.\-\[\]:]+(/[\w./-]*)?", value):
        raise refuse("HOPTAC_ADDRESS", value, "an address such as https://hoptac.example.vn")
    return value.rstrip("/")


def read_mail(url: str) -> dict[str, Any]:
    """The way out for letters by its URL: ``consolemail://`` or ``smtp+tls://USER:PASSWORD@HOST:587``."""
    if not re.match(r"(consolemail|filemail|memorymail|dummymail|smtp|smtps|smtp\+tls|smtp\+ssl)://", url):
        raise refuse("HOPTAC_EMAIL_URL", url.split("@")[-1], "consolemail:// or smtp+tls://USER@HOST:587")
    mail: dict[str, Any] = environ.Env.email_url_config(url)
    return mail


DEBUG = read_switch("HOPTAC_DEBUG")
HTTPS = read_switch("HOPTAC_HTTPS")
HOPTAC_DATA = read_data_folder()
SECRET_KEY = read_secret_key(HOPTAC_DATA)
ALLOWED_HOSTS = read_hosts()
HOPTAC_FILING = read_choice("HOPTAC_FILING", ("automatic", "sure", "inbox"))
HOPTAC_STATIC = read_choice("HOPTAC_STATIC", ("finders", "collected"))

HOPTAC_SECOND_FACTOR = read_choice("HOPTAC_SECOND_FACTOR", ("optional", "required"))
HOPTAC_ADDRESS = read_address()
HOPTAC_UPLOAD_MB = read_count("HOPTAC_UPLOAD_MB", usual=20, least=1, most=500)
HOPTAC_UPLOAD_SECONDS = read_count("HOPTAC_UPLOAD_SECONDS", usual=120, least=5, most=3600)

DATABASES = {
    "default": read_database(
        "HOPTAC_DATABASE_URL",
        os.environ.get("HOPTAC_DATABASE_URL", "") or f"sqlite:///{HOPTAC_DATA / 'ledger.sqlite3'}",
    )
}
MAIL = read_mail(os.environ.get("HOPTAC_EMAIL_URL", "").strip() or "consolemail://")
EMAIL_BACKEND = MAIL["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = MAIL.get("EMAIL_HOST") or "localhost", MAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = (
    MAIL.get("EMAIL_HOST_USER") or "",
    MAIL.get("EMAIL_HOST_PASSWORD") or "",
)
EMAIL_USE_TLS, EMAIL_USE_SSL = bool(MAIL.get("EMAIL_USE_TLS")), bool(MAIL.get("EMAIL_USE_SSL"))
EMAIL_FILE_PATH = MAIL.get("EMAIL_FILE_PATH") or None
EMAIL_TIMEOUT = 30  # seconds to wait for the mail server
DEFAULT_FROM_EMAIL = os.environ.get("HOPTAC_EMAIL_FROM", "").strip() or "hoptac@localhost"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "ninja",
    "hoptac.ledger",
    "hoptac.watch",
    "hoptac.accounts",
    "hoptac.screens",
    "hoptac.exchange",
    "hoptac.review",
    "hoptac.newsroom",
    "hoptac.desk",
    "hoptac.portal",
    "hoptac.api",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hoptac.screens.language.language_middleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "hoptac.accounts.middleware.accounts_middleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "hoptac.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

FILE_UPLOAD_HANDLERS = [
    "hoptac.desk.papers.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:cooperations"
ACCOUNT_ADAPTER = "hoptac.screens.accounts.OfficersAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LANGUAGE_CODE = "vi"
LOCALE_PATHS = [Path(__file__).parent / "locale"]
FORMAT_MODULE_PATH = "hoptac.formats"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = HOPTAC_DATA / "static"
STATICFILES_DIRS = [Path(__file__).parent / "static"]
WHITENOISE_USE_FINDERS = HOPTAC_STATIC == "finders"
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if HOPTAC_STATIC == "finders"
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "hoptac.screens.errors.form_check_failed"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if HTTPS and not DEBUG:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = HSTS_SECONDS
    CSRF_TRUSTED_ORIGINS = [f"https://{'*' if h.startswith('.') else ''}{h}" for h in ALLOWED_HOSTS]

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=True),
            "foreign_pre_chain": [
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"hoptac": {"level": "INFO"}},
}
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
