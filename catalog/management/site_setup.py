"""What a start does before serving: tables, static files, the first records, the first account."""

import fcntl
import os
import secrets
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from catalog.models import Company, Person, Series, Source
from catalog.search.indexing import deferred_indexing, is_index_missing, rebuild_index

SETUP_LOCK_ID = 7_206_155_341  # any number of our own: the advisory lock of PostgreSQL for two starts at once


def prepare_site(say):
    """Bring everything to where the site can be served. ``say`` prints a line; quiet when nothing was to do."""
    check_connections()
    with setup_lock():
        call_command("migrate", verbosity=0, interactive=False)
        if collect_static_if_stale():
            say("Static files collected.")
        with transaction.atomic():
            if load_initial_data():
                say("The catalogue was empty: vocabulary and Soundtrack loaded.")
            elif is_index_missing():
                rebuild_index()
                say("The search index was missing: made from the records.")
            if create_groups():
                say("Groups of accounts made: Contributor, Editor, Administrator.")
            news = create_first_admin()
    if news:
        say(news)


def check_connections():
    """CommandError, one line, when the database or the cache that the environment names does not answer."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        raise CommandError(f"DATABASE_URL: the database does not answer: {one_line(error)}") from error
    try:
        cache.get("start")
    except DatabaseError as error:
        raise CommandError(f"CACHE_URL: run manage.py createcachetable first: {one_line(error)}") from error
    except Exception as error:  # each kind of cache fails in its own way
        raise CommandError(f"CACHE_URL: the cache does not answer: {one_line(error)}") from error


def one_line(error):
    """What an exception says, without line breaks."""
    return " ".join(str(error).split())


@contextmanager
def setup_lock():
    """One start at a time: by a file on this machine, and on PostgreSQL by a lock for all machines."""
    here = Path(settings.STATIC_ROOT).parent / "setup.lock"
    here.parent.mkdir(parents=True, exist_ok=True)
    with here.open("w") as file, connection.cursor() as cursor:
        fcntl.flock(file, fcntl.LOCK_EX)  # let go when the file is closed, also by a process that is killed
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_lock(%s)", [SETUP_LOCK_ID])
        yield
        if connection.vendor == "postgresql":  # an error ends the process, and with it the connection and the lock
            cursor.execute("SELECT pg_advisory_unlock(%s)", [SETUP_LOCK_ID])


def load_initial_data():
    """Load the fixtures into an empty catalogue only, so that no editor's correction is ever undone."""
    if any(model.objects.exists() for model in (Series, Person, Company, Source)):
        return False
    with deferred_indexing():
        call_command("loaddata", "vocabulary", "soundtrack", verbosity=0)
    return True


def create_groups():
    """Make the groups that accounts are put into where there are none at all; what was made of them stays."""
    if Group.objects.exists():
        return False
    call_command("loaddata", "roles", verbosity=0)
    return True


def create_first_admin():
    """Make a superuser when there is none. What there is to say of it: a made-up password is said here only."""
    users = get_user_model().objects
    name = os.environ.get("DJANGO_SUPERUSER_USERNAME") or "admin"
    if users.filter(is_superuser=True).exists():
        return ""
    if users.filter(username=name).exists():
        return f"No admin account was made: {name} is somebody else; name another by DJANGO_SUPERUSER_USERNAME."
    given = os.environ.get("DJANGO_SUPERUSER_PASSWORD")
    password = given or secrets.token_urlsafe(12)
    users.create_superuser(name, os.environ.get("DJANGO_SUPERUSER_EMAIL") or "", password)
    return f"First admin account: {name}" + ("" if given else f", password: {password} (shown once)")


def collect_static_if_stale():
    """Collect static files when any is newer than the last collection, or another set of them is installed."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    roots = [Path(app.path) / "static" for app in apps.get_app_configs()]
    files = [path for root in roots if root.is_dir() for path in root.rglob("*") if path.is_file()]
    state = "\n".join(sorted(f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}" for path in files))
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == state:
        return False
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(state, encoding="utf-8")
    return True
