"""What a start does before serving: tables, static files, the first records, the first account."""

import os
import secrets
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection, transaction

from catalog.models import Company, Person, Series, Source

LOCK = 7_206_155_341  # any number of our own: the advisory lock of PostgreSQL for two starts at once


def prepare(say):
    """Bring everything to where the site can be served. ``say`` prints a line; quiet when nothing was to do."""
    call_command("migrate", verbosity=0, interactive=False)
    if collect_static():
        say("Static files collected.")
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        if load_first_records():
            say("The catalogue was empty: vocabulary and Soundtrack loaded.")
        account = first_account()
    if account:
        name, password = account
        say(f"First admin account: {name}" + (f", password: {password} (shown once)" if password else ""))


def load_first_records():
    """Load the fixtures into an empty catalogue only, so that no editor's correction is ever undone."""
    if any(model.objects.exists() for model in (Series, Person, Company, Source)):
        return False
    call_command("loaddata", "vocabulary", "soundtrack", verbosity=0)
    return True


def first_account():
    """Make a superuser when there is none: (name, password made up here or "") or None."""
    users = get_user_model().objects
    if users.filter(is_superuser=True).exists():
        return None
    name = os.environ.get("DJANGO_SUPERUSER_USERNAME") or "admin"
    given = os.environ.get("DJANGO_SUPERUSER_PASSWORD")
    password = given or secrets.token_urlsafe(12)
    users.create_superuser(name, os.environ.get("DJANGO_SUPERUSER_EMAIL") or "", password)
    return name, "" if given else password


def collect_static():
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
