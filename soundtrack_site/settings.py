"""Django settings. All environment variables are read here, at the top, and nowhere else.

An invalid value ends the start with one line that names the variable. An empty variable counts as not set.
"""

import os
import re
import secrets
import sys
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from csp.constants import NONE, SELF
from environs import Env, EnvError

from soundtrack_site.sign_in_settings import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOG_FORMATS = ("plain", "json")
DATABASE_ENGINES = ("django.db.backends.sqlite3", "django.db.backends.postgresql")
MIN_SECRET_KEY_LENGTH = 32
REQUEST_LIMITS = {  # the times of those in a minute are held in memory, for each of 10,000 addresses
    "FILTERS_PER_MINUTE": 6000,
    "SUGGESTIONS_PER_MINUTE": 6000,
    "REQUESTS_AT_ONCE": 31,  # script/server starts 32 threads a worker: one is left for the other addresses
}
EMAIL_PATTERN = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)
HOST_PATTERN = re.compile(r"[\w-]+(\.[\w-]+)*|\[[0-9a-f:.]+\]", re.ASCII | re.IGNORECASE)
ADMIN_PATTERN = re.compile(r"[a-z0-9]([a-z0-9/_-]*[a-z0-9])?", re.ASCII)
# First parts of the site's own addresses, which the admin cannot have.
SITE_PATHS = {"series", "episodes", "people", "companies", "characters", "songs", "search", "sources", "sleeves",
              "healthz", "readyz", "media", "static"}  # fmt: skip
# fmt: off
VARIABLES = ("DATABASE_URL", "DATABASE_REPLICA_URL", "CACHE_URL", "MEDIA_ROOT", "SITE_URL", "ALLOWED_HOSTS",
             "CSRF_TRUSTED_ORIGINS", "SECRET_KEY", "SECURE", "HSTS_INCLUDE_SUBDOMAINS", "HSTS_PRELOAD", "DEBUG",
             "READ_ONLY", "LOG_LEVEL", "TIME_ZONE", "REPORT_EMAIL", "PAGE_STALENESS",
             "TMDB_API_KEY", "ADMIN_PATH", "TRUSTED_PROXIES", "FILTERS_PER_MINUTE", "SUGGESTIONS_PER_MINUTE",
             "REQUESTS_AT_ONCE", "SQLITE_SYNCHRONOUS", "LOG_FORMAT", "ACCESS_LOG", "METRICS_ADDRESS",
             "PROMETHEUS_MULTIPROC_DIR", "MFA_REQUIRED_GROUPS")
# fmt: on
for variable in VARIABLES:
    if not os.environ.get(variable, "set").strip():
        del os.environ[variable]
env = Env()


def fail(message):
    """End the start with one line."""
    sys.exit(f"settings: {message}")


def ensure_directory(name, path):
    """Create the directory ``path`` if it does not exist; ``name`` is the variable to report if that fails."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(f"{name}: {path} is no directory and cannot be made one ({error.strerror})")
    return path


def load_or_create_secret_key():
    """The key in var/secret_key, generated at the first start; two processes that start at once use the same key."""
    path, draft = VAR / "secret_key", VAR / f"secret_key.{os.getpid()}"
    if not path.exists():
        ensure_directory("SECRET_KEY", VAR)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)  # atomic, and never replaces an existing file
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip() or fail(f"{path} is empty: remove it to have a new key made")


def parse_origin(name, text):
    """An origin (scheme, host and port) as SITE_URL and CSRF_TRUSTED_ORIGINS need it."""
    try:
        parts = urlsplit(text.strip().rstrip("/"))
        host = parts.netloc.removesuffix(f":{parts.port}").removeprefix("*." if name != "SITE_URL" else "")
    except ValueError:  # the port is no number
        parts, host = None, ""
    if not HOST_PATTERN.fullmatch(host) or parts.scheme not in ("http", "https") or any(parts[2:]):
        fail(f"{name} must be like https://example.org, not {text!r}")
    return parts.geturl()


try:
    DEBUG = env.bool("DEBUG", False)
    SECRET_KEY = env.str("SECRET_KEY", "") or load_or_create_secret_key()
    ALLOWED_HOSTS = [host.strip() for host in env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])]
    origins: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
    CSRF_TRUSTED_ORIGINS = [parse_origin("CSRF_TRUSTED_ORIGINS", text) for text in origins]
    SITE_URL = parse_origin("SITE_URL", env.str("SITE_URL", "http://127.0.0.1:8000"))
    SECURE = env.bool("SECURE", False)
    HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", False)
    HSTS_PRELOAD = env.bool("HSTS_PRELOAD", False)
    READ_ONLY = env.bool("READ_ONLY", False)
    TIME_ZONE = env.str("TIME_ZONE", "UTC")
    REPORT_EMAIL = env.str("REPORT_EMAIL", "").strip()
    PAGE_STALENESS = env.int("PAGE_STALENESS", 0)
    FILTERS_PER_MINUTE = env.int("FILTERS_PER_MINUTE", 120)  # docs/operations/configuration.md says why
    SUGGESTIONS_PER_MINUTE = env.int("SUGGESTIONS_PER_MINUTE", 600)
    REQUESTS_AT_ONCE = env.int("REQUESTS_AT_ONCE", 24)  # of one address; script/server has 32 threads
    TMDB_API_KEY = env.str("TMDB_API_KEY", "").strip()
    ADMIN_PATH = env.str("ADMIN_PATH", "admin").strip().strip("/")
    proxies: list[str] = env.list("TRUSTED_PROXIES", [])
    TRUSTED_PROXIES = [proxy.strip() for proxy in proxies]
    groups: list[str] = env.list("MFA_REQUIRED_GROUPS", [])
    MFA_REQUIRED_GROUPS = [group.strip() for group in groups]
    SQLITE_SYNCHRONOUS = env.str("SQLITE_SYNCHRONOUS", "FULL").upper()
    LOG_LEVEL = env.str("LOG_LEVEL", "INFO").upper()
    LOG_FORMAT = env.str("LOG_FORMAT", "plain").lower()
    ACCESS_LOG = env.bool("ACCESS_LOG", False)
    METRICS_ADDRESS = env.str("METRICS_ADDRESS", "").strip()
    MEDIA_ROOT = ensure_directory("MEDIA_ROOT", env.path("MEDIA_ROOT", VAR / "media").resolve())
    DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR / 'catalogue.sqlite3'}")}
    if "DATABASE_REPLICA_URL" in os.environ:
        DATABASES["replica"] = env.dj_db_url("DATABASE_REPLICA_URL") | {"TEST": {"MIRROR": "default"}}
    CACHES = {"default": env.dj_cache_url("CACHE_URL", "locmem://")}
except (EnvError, ValueError, OSError) as error:
    fail(" ".join(str(error).split()))

# Visitors' pages are cached in the memory of each worker: writing one to the files or table of CACHE_URL took longer
# than rendering it. Pages above 120 kB are not cached (catalog.views.page_cache), so this is 24 MB at most.
CACHES["pages"] = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "LOCATION": "pages",
    "TIMEOUT": 3600,
    "OPTIONS": {"MAX_ENTRIES": 200},
}

if len(SECRET_KEY) < MIN_SECRET_KEY_LENGTH:
    fail(f"SECRET_KEY must have at least {MIN_SECRET_KEY_LENGTH} characters; without one, a long one is generated")
if HSTS_PRELOAD and not HSTS_INCLUDE_SUBDOMAINS:
    fail("HSTS_PRELOAD needs HSTS_INCLUDE_SUBDOMAINS: browsers preload a domain only with all its subdomains")
if REPORT_EMAIL and not EMAIL_PATTERN.fullmatch(REPORT_EMAIL):
    fail(f"REPORT_EMAIL must be like corrections@example.org, not {REPORT_EMAIL!r}")
if TMDB_API_KEY and not re.fullmatch(r"[\w.-]{20,1000}", TMDB_API_KEY, re.ASCII):
    fail("TMDB_API_KEY is no key of TMDB: letters, digits, dots and dashes, without blanks")
if not 0 <= PAGE_STALENESS <= 3600:
    fail(f"PAGE_STALENESS must be a number of seconds from 0 to 3600, not {PAGE_STALENESS}")
for name, limit in REQUEST_LIMITS.items():
    if not 0 <= globals()[name] <= limit:
        fail(f"{name} must be a number from 0 (no limit) to {limit}, not {globals()[name]}")
if not ADMIN_PATTERN.fullmatch(ADMIN_PATH) or "//" in ADMIN_PATH:
    fail(f"ADMIN_PATH must be like backstage or staff/admin, in small letters and digits, not {ADMIN_PATH!r}")
if ADMIN_PATH.partition("/")[0] in SITE_PATHS:
    fail(f"ADMIN_PATH cannot be {ADMIN_PATH!r}: visitors' pages have that address")
for proxy in TRUSTED_PROXIES:
    try:
        ip_network(proxy)
    except ValueError as error:
        fail(f"TRUSTED_PROXIES takes addresses like 10.0.0.5 and networks like 10.0.0.0/8: {error}")
for group in MFA_REQUIRED_GROUPS:
    if not 0 < len(group) <= 150 or not group.isprintable():
        fail(f"MFA_REQUIRED_GROUPS takes names of groups like Administrator,Editor, not {group!r}")
try:
    ZoneInfo(TIME_ZONE)
except (LookupError, ValueError, OSError):
    fail(f"TIME_ZONE must be the name of a time zone, like Europe/Berlin, not {TIME_ZONE!r}")
if LOG_LEVEL not in LOG_LEVELS:
    fail(f"LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}, not {LOG_LEVEL!r}")
if LOG_FORMAT not in LOG_FORMATS:
    fail(f"LOG_FORMAT must be plain or json, not {LOG_FORMAT!r}")
if SQLITE_SYNCHRONOUS not in ("FULL", "NORMAL"):
    fail(f"SQLITE_SYNCHRONOUS must be FULL or NORMAL, not {SQLITE_SYNCHRONOUS!r}")
METRICS_HOST, _, port = METRICS_ADDRESS.rpartition(":")
if METRICS_ADDRESS:
    if (
        not HOST_PATTERN.fullmatch(METRICS_HOST)
        or not re.fullmatch(r"[1-9]\d{0,4}", port, re.ASCII)
        or int(port) > 65535
    ):
        fail(f"METRICS_ADDRESS must be like 127.0.0.1:9100 or [::1]:9100, not {METRICS_ADDRESS!r}")
    METRICS_HOST, METRICS_PORT = METRICS_HOST.strip("[]"), int(port)
    METRICS_FOLDER = ensure_directory(
        "PROMETHEUS_MULTIPROC_DIR", env.path("PROMETHEUS_MULTIPROC_DIR", VAR / "metrics").resolve()
    )
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(METRICS_FOLDER)  # prometheus_client reads it when it is imported
if VAR.is_relative_to(MEDIA_ROOT):
    fail(f"MEDIA_ROOT is served to everyone, so {MEDIA_ROOT}, which holds the site and its secrets, cannot be it")
for host in ALLOWED_HOSTS:
    if host != "*" and not HOST_PATTERN.fullmatch(host.removeprefix(".")):
        fail(f"ALLOWED_HOSTS takes names like example.org, without scheme or port, not {host!r}")
for alias, database in DATABASES.items():
    variable = "DATABASE_URL" if alias == "default" else "DATABASE_REPLICA_URL"
    if database.get("ENGINE") not in DATABASE_ENGINES:
        fail(f"{variable} must begin with sqlite: or postgresql:")
    if database["ENGINE"] == DATABASE_ENGINES[0]:
        database["ENGINE"] = "soundtrack_site.workarounds.sqlite3"
        # WAL lets visitors read while an editor saves; IMMEDIATE takes the write lock at the start of a
        # transaction, where waiting for it (timeout, seconds) works, instead of failing in its middle. The first 2 GB
        # of the file are mapped, which all workers share; each thread of each worker has a page cache of its own.
        # With synchronous=FULL each save waits until it is on the disk; with NORMAL a power cut may lose the last ones.
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # Prepared statements of a connection, of which each thread has one. With the usual 128 a worker takes 24 MB
            # more after 30,000 requests, which it answers in 8 % less time (bench.crawler --size S --addresses 20000).
            "cached_statements": 64,
            "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={SQLITE_SYNCHRONOUS}; "
            "PRAGMA foreign_keys=ON; PRAGMA cache_size=-16000; PRAGMA mmap_size=2147418112; PRAGMA temp_store=MEMORY;",
        }
        ensure_directory(variable, Path(database["NAME"]).parent)
    else:
        # JIT compilation of a query with many facets takes seconds, running it milliseconds: a test that reads 46 pages
        # took 199 s with it and 18 s without. On an SSD a random page costs hardly more than a sequential one; with
        # that setting PostgreSQL uses its indexes. ``?options=`` in DATABASE_URL overrides both.
        # A server that does not answer fails after seconds, not minutes, for which a request would hold its thread.
        database["OPTIONS"] = {
            "options": "-c jit=off -c random_page_cost=1.1",
            "connect_timeout": 5,  # seconds
            "tcp_user_timeout": 10_000,  # milliseconds
        } | database.get("OPTIONS", {})
        database["CONN_HEALTH_CHECKS"] = True
    database["CONN_MAX_AGE"] = 600  # seconds; opening SQLite again and reading its schema takes 0.5 ms

SITE_NAME = "Liner"
ADMIN_URL = f"/{ADMIN_PATH}/"

INSTALLED_APPS = [
    "catalog",
    "soundtrack_site.apps.CatalogAdminConfig",  # Django's admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_filters",
    "axes",
    "allauth.account",
    "allauth.mfa",
    "soundtrack_site.sign_in_log.apps.SignInLogConfig",
    "soundtrack_site.two_step.apps.TwoStepConfig",
    "csp",
]

MIDDLEWARE = [
    "soundtrack_site.middleware.ViewNameMiddleware",
    "soundtrack_site.workarounds.cpython_stack.StackRoomMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "soundtrack_site.middleware.ResourcePolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "catalog.views.page_cache.PageETagMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "soundtrack_site.middleware.ContentSecurityPolicyMiddleware",
    "soundtrack_site.middleware.LimitBodyMiddleware",
    "soundtrack_site.middleware.RejectNulMiddleware",
    "soundtrack_site.middleware.ReadOnlyModeMiddleware",
    "soundtrack_site.sign_in_gate.SignInGateMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "soundtrack_site.middleware.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "soundtrack_site.uploads.UploadErrorMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "soundtrack_site.middleware.UserIdMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "catalog.views.request_limits.LimitRequestsMiddleware",
]

ROOT_URLCONF = "soundtrack_site.urls"
WSGI_APPLICATION = "soundtrack_site.wsgi.application"
WSGI_WRAPPER = "catalog.views.page_cache.CachedPageWSGI"  # answers cached pages without calling Django

# Django's templates for the admin, Jinja2 for the visitors' pages. Both engines search templates/; visitors' views
# name their engine.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"environment": "catalog.jinja2_environment.environment", "auto_reload": DEBUG},
    },
]

FORM_RENDERER = "soundtrack_site.workarounds.widget_rendering.FormRenderer"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
APPEND_SLASH = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
INDEX_ROOT = VAR / "facet_index"  # arrays of long lists, so that a start need not read these again
IMPORT_ROOT = VAR / "imports"  # uploaded tables between their dry run and their import
MEDIA_URL = "/media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Names of uploads are chosen by Django; uploads are never executed, and never in a directory of static files.
FILE_UPLOAD_PERMISSIONS = 0o644
FILE_UPLOAD_TEMP_DIR = ensure_directory(
    "MEDIA_ROOT", VAR / "uploads"
)  # clear_pictures deletes what a killed process left
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "soundtrack_site.uploads.TolerantUploadHandler",
]
MAX_REQUEST_SIZE = 20 * 1024 * 1024  # bytes; a picture may have 15 MB
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a series with 200 credits has about 3,000 fields

password_rules = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{password_rules}.UserAttributeSimilarityValidator"},
    {"NAME": f"{password_rules}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{password_rules}.CommonPasswordValidator"},
    {"NAME": f"{password_rules}.NumericPasswordValidator"},
]

SILENCED_SYSTEM_CHECKS = [
    "axes.W002",  # no AxesMiddleware: CatalogAdminSite.login responds itself
    "security.W005",  # a choice of each site: HSTS_INCLUDE_SUBDOMAINS
    "security.W021",  # HSTS_PRELOAD likewise
]

# Nothing inline, nothing from another host. Visitors' pages need no script; the admin's scripts are static files.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
CSRF_FAILURE_VIEW = "catalog.views.errors.csrf_failure"  # Django's own page has inline styles
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
LOGIN_REDIRECT_URL = "admin:index"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if SECURE:
    SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS, SECURE_HSTS_PRELOAD = HSTS_INCLUDE_SUBDOMAINS, HSTS_PRELOAD
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "soundtrack_site.log_lines.LineFormatter",
            "format": "{asctime} {levelname} {name}{request_ids}: {message}",
            "style": "{",
        },
        "json": {"()": "soundtrack_site.log_lines.JsonLineFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "access": {"level": "INFO"},  # with ACCESS_LOG, whatever LOG_LEVEL is
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "fido2": {"level": "WARNING"},  # a line for each passkey; the log of sign-ins has them
        # Failures and locks are warnings; five more lines for each attempt are not needed.
        "axes": {"level": "WARNING" if LOG_LEVEL == "INFO" else LOG_LEVEL},
    },
}
