"""Fixtures loaded once and kept in tables beside the catalogue's, to be copied back in one statement each.

``loaddata`` takes 3 s, copying 0.03 s. What is kept survives a rollback and a flush: no model knows those tables.

The processes of one run copy a SQLite file with all of that (``make``), instead of taking 7 s each for their own.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction

from catalog.search.index import INDEXED_MODELS, Index, table_name
from catalog.search.indexing import deferred_indexing

_rights = {}  # of each group, by natural key: a flush makes permissions anew, with other keys
STEPS = ("vocabulary", "soundtrack")  # each is kept with all before it


def _models():
    return list(apps.get_app_config("catalog").get_models(include_auto_created=True))


def _tables():
    """{table: its columns}: of the models, whose generated columns nobody may write, and of the search."""
    found = {
        model._meta.db_table: [field.column for field in model._meta.local_concrete_fields if not field.generated]
        for model in _models()
    }
    found |= {table_name(kind): ["place", "record", "tokens"] for kind in INDEXED_MODELS}
    if connection.vendor == "postgresql":
        found |= {table_name(kind): ["place", "record", "tokens", "words"] for kind in INDEXED_MODELS}
    return found | {"catalog_search_term": ["kind", "term"]}


def _names(columns):
    return ", ".join(map(connection.ops.quote_name, columns))


def leave_untidied():
    """Keep PostgreSQL's autovacuum from all tables."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for name in connection.introspection.table_names():
                cursor.execute(f"ALTER TABLE {connection.ops.quote_name(name)} SET (autovacuum_enabled = false)")


def is_kept():
    """Whether the database holds what ``keep`` makes."""
    return f"kept_{STEPS[-1]}_{table_name('series')}" in connection.introspection.table_names()


def keep():
    """Load the fixtures, keep what that made after each, and leave the catalogue as empty as it was."""
    with transaction.atomic(), connection.cursor() as cursor:
        for step in STEPS:
            with deferred_indexing():
                call_command("loaddata", step, verbosity=0)
            for name, columns in _tables().items():
                cursor.execute(f"CREATE TABLE kept_{step}_{name} AS SELECT {_names(columns)} FROM {name}")
        for name in _tables():
            cursor.execute(f"DELETE FROM {name}")


def put_back(step):
    """Fill the empty catalogue with what was kept, keys included."""
    with transaction.atomic(), connection.cursor() as cursor:
        for kind in INDEXED_MODELS:
            Index(kind).clear()  # a flush leaves the search of what is gone
        for name, columns in _tables().items():
            names = _names(columns)
            cursor.execute(f"INSERT INTO {name} ({names}) SELECT {names} FROM kept_{step}_{name}")
        if statements := connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute("\n".join(statements))


def put_back_roles():
    """The groups of accounts: by ``loaddata`` the first time, later with the rights that they had, at a tenth."""
    if not _rights:
        call_command("loaddata", "roles", verbosity=0)
        for group in Group.objects.all():
            _rights[group.name] = {one.natural_key() for one in group.permissions.select_related("content_type")}
        return
    all_of_them = {one.natural_key(): one for one in Permission.objects.select_related("content_type")}
    for name, keys in _rights.items():
        Group.objects.create(name=name).permissions.set(all_of_them[key] for key in keys)


MAKE = "import sys, django; django.setup(); from catalog.tests import fixture_cache; fixture_cache.make(sys.argv[1])"


def begin(file):
    """Have ``file`` made by a process of its own, so that this one can go on."""
    own = {"DATABASE_URL": f"sqlite:///{file}.part", "DJANGO_SETTINGS_MODULE": "soundtrack_site.settings"}
    subprocess.Popen([sys.executable, "-c", MAKE, file], env=os.environ | own, cwd=settings.BASE_DIR)


def make(file):
    """Make a SQLite database with the tables of all migrations and what is kept; it has its name once it is whole."""
    done = "failed"
    try:
        call_command("migrate", verbosity=0)
        keep()
        connection.close()
        done = ""
    finally:
        Path(f"{file}.part").rename(file + done)


def awaited(file, patience=120):
    """Wait for a file that was begun. RuntimeError when it does not come; ``patience`` in seconds."""
    until = time.monotonic() + patience
    while not Path(file).exists():
        if Path(f"{file}failed").exists() or time.monotonic() > until:
            raise RuntimeError(f"{file} was not made: its process says above why")
        time.sleep(0.05)
    return file
