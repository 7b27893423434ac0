"""Prepare the site for serving: tables, static files, initial data, groups and the first admin account."""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from catalog.models import Company, Person, Series, Source
from catalog.search.indexing import deferred_indexing, missing_kinds, rebuild_index

SAMPLER_SERIES = "buffy-the-vampire-slayer"  # one of its series
SETUP_LOCK_ID = 7_206_155_341  # an arbitrary number, for PostgreSQL's advisory lock
NO_PROXY_NAMED = (
    "SECURE is for a site behind a proxy, but TRUSTED_PROXIES names none: the limits count all visitors as one "
    "(docs/operations/running.md)."
)


def prepare_site(write_line: Callable[[str], object], sampler: bool = False) -> None:
    """Do whatever is missing before the site can be served, with one line of output for each thing done.

    With ``sampler``, load the fixture of that name into a catalogue that has no other series than Soundtrack.
    """
    check_permissions()
    check_connections()
    with setup_lock():
        if message := describe_upgrade():
            write_line(message)
        call_command("migrate", verbosity=0, interactive=False)
        if collect_static_if_stale():
            write_line("Collected the static files.")
        with transaction.atomic():
            if load_initial_data():
                write_line("The catalogue was empty: loaded the vocabulary and Soundtrack.")
            elif kinds := missing_kinds():
                rebuild_index(kinds=kinds)
                write_line(f"The search index was missing for {', '.join(kinds)}: rebuilt it.")
            if sampler:
                write_line(load_sampler())
            if create_groups():
                write_line("Created the groups Contributor, Editor and Administrator.")
            account_message = create_first_admin()
    if account_message:
        write_line(account_message)
    if settings.SECURE and not settings.TRUSTED_PROXIES:
        write_line(NO_PROXY_NAMED)


def check_permissions() -> None:
    """Raise CommandError with a message of one line if a file or folder that every start writes cannot be written."""
    paths = [Path(settings.STATIC_ROOT).parent]
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"])
        paths += [database.parent, *([database] if database.exists() else [])]
    for path in paths:
        if path.exists() and not os.access(path, os.W_OK):
            raise CommandError(f"No permission to write to {path}: run this as its owner, or give this account access.")


def describe_upgrade() -> str:
    """A message about the migrations that this start will apply to a database in use; empty if there are none."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan or not executor.loader.applied_migrations:
        return ""
    count = "1 migration" if len(plan) == 1 else f"{len(plan)} migrations"
    return (
        f"The database is of an earlier version: applying {count}. Make a backup before every upgrade, "
        "since there is no way back from a migration (docs/operations/maintenance.md)."
    )


def check_connections() -> None:
    """Raise CommandError with a message of one line if the configured database or cache does not answer."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        raise CommandError(f"DATABASE_URL: the database does not answer: {one_line(error)}") from error
    try:
        cache.get("start")
    except DatabaseError as error:
        raise CommandError(f"CACHE_URL: run manage.py createcachetable first: {one_line(error)}") from error
    except Exception as error:  # each cache backend raises exceptions of its own
        raise CommandError(f"CACHE_URL: the cache does not answer: {one_line(error)}") from error


def one_line(error: Exception) -> str:
    """Return the message of an exception without line breaks."""
    return " ".join(str(error).split())


@contextmanager
def setup_lock() -> Iterator[None]:
    """Let one process at a time prepare the site: on this machine by a file, on PostgreSQL among all machines."""
    lock_path = Path(settings.STATIC_ROOT).parent / "setup.lock"
    lock_path.parent.mkdir(parents=True, exist_ok=True)
    with lock_path.open("w") as file, connection.cursor() as cursor:
        fcntl.flock(file, fcntl.LOCK_EX)  # released when the file is closed, even if the process is killed
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_lock(%s)", [SETUP_LOCK_ID])
        yield
        if connection.vendor == "postgresql":  # after an error the connection, and with it the lock, ends anyway
            cursor.execute("SELECT pg_advisory_unlock(%s)", [SETUP_LOCK_ID])


def load_initial_data() -> bool:
    """Load the fixtures if the catalogue is empty; otherwise they could undo corrections. Return whether it was."""
    if any(model.objects.exists() for model in (Series, Person, Company, Source)):
        return False
    with deferred_indexing():
        call_command("loaddata", "vocabulary", "soundtrack", verbosity=0)
    return True


def load_sampler() -> str:
    """Load the sampler, and return a message. Its people could be namesakes of those of other series."""
    if Series.objects.filter(slug=SAMPLER_SERIES).exists():
        return "The sampler is loaded already."
    if Series.objects.exclude(slug="soundtrack").exists():
        return "The sampler was not loaded: it is for a catalogue without other series than Soundtrack."
    with deferred_indexing():
        call_command("loaddata", "sampler", verbosity=0)
    return f"Loaded the sampler: {Series.objects.exclude(slug='soundtrack').count()} more series."


def create_groups() -> bool:
    """Create the groups of accounts if there are none, and return whether it did. Existing groups stay as they are."""
    if Group.objects.exists():
        return False
    call_command("loaddata", "roles", verbosity=0)
    return True


def create_first_admin() -> str:
    """Create a superuser if there is none, and return a message about it, or "".

    A generated password is in this message and nowhere else.
    """
    users = get_user_model().objects
    name = os.environ.get("DJANGO_SUPERUSER_USERNAME") or "admin"
    if users.filter(is_superuser=True).exists():
        return ""
    if users.filter(username=name).exists():
        return (
            f"No admin account was created: the account {name} exists and is no superuser. "
            "Set another name with DJANGO_SUPERUSER_USERNAME."
        )
    configured_password = os.environ.get("DJANGO_SUPERUSER_PASSWORD")
    password = configured_password or secrets.token_urlsafe(12)
    users.create_superuser(name, os.environ.get("DJANGO_SUPERUSER_EMAIL") or "", password)
    return f"Admin account: {name}" + ("" if configured_password else f", password: {password} (shown once)")


def collect_static_if_stale() -> bool:
    """Collect static files if any of them, or the set of installed apps, changed since the last collection.

    There is no stamp while they are collected, so that a killed collection is noticed: half-written files, which
    collectstatic would take for unmodified ones, are deleted then with all others.
    """
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    folders = [Path(app.path) / "static" for app in apps.get_app_configs()]
    files = [path for folder in folders if folder.is_dir() for path in folder.rglob("*") if path.is_file()]
    state = "\n".join(sorted(f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}" for path in files))
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == state:
        return False
    was_killed = not stamp.is_file()
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False, clear=was_killed)
    stamp.write_text(state, encoding="utf-8")
    return True
