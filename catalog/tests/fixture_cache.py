"""Stores the loaded fixtures in tables of the test database, from which a test restores them in one statement each.

``loaddata`` takes 3 s, restoring 0.03 s. The tables belong to no model, so they survive a rollback and a flush.

The processes of one test run copy a SQLite file with all of that (``build``), instead of taking 7 s each for their own.
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

STEPS = ("vocabulary", "soundtrack")  # fixtures; each is stored together with those before it
_group_permissions = {}  # natural keys by name of the group: a flush creates permissions again, with other keys


def _models():
    return list(apps.get_app_config("catalog").get_models(include_auto_created=True))


def _tables():
    """The columns by table: of the models, without generated columns, and of the search index."""
    tables = {
        model._meta.db_table: [field.column for field in model._meta.local_concrete_fields if not field.generated]
        for model in _models()
    }
    columns = ["place", "record", "tokens", *(["words"] if connection.vendor == "postgresql" else [])]
    tables |= {table_name(kind): columns for kind in INDEXED_MODELS}
    return tables | {"catalog_search_term": ["kind", "term"]}


def _quoted(columns):
    return ", ".join(map(connection.ops.quote_name, columns))


def disable_autovacuum():
    """Disable PostgreSQL's autovacuum for all tables."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for name in connection.introspection.table_names():
                cursor.execute(f"ALTER TABLE {connection.ops.quote_name(name)} SET (autovacuum_enabled = false)")


def is_stored():
    """True if the database has the tables that ``store`` creates."""
    return f"stored_{STEPS[-1]}_{table_name('series')}" in connection.introspection.table_names()


def store():
    """Load the fixtures, store the rows after each, and empty the catalogue again."""
    with transaction.atomic(), connection.cursor() as cursor:
        for step in STEPS:
            with deferred_indexing():
                call_command("loaddata", step, verbosity=0)
            for name, columns in _tables().items():
                cursor.execute(f"CREATE TABLE stored_{step}_{name} AS SELECT {_quoted(columns)} FROM {name}")
        for name in _tables():
            cursor.execute(f"DELETE FROM {name}")


def restore(step):
    """Fill the empty catalogue with the stored rows, with the same primary keys."""
    with transaction.atomic(), connection.cursor() as cursor:
        for kind in INDEXED_MODELS:
            Index(kind).clear()  # a flush does not empty the search index
        for name, columns in _tables().items():
            names = _quoted(columns)
            cursor.execute(f"INSERT INTO {name} ({names}) SELECT {names} FROM stored_{step}_{name}")
        if statements := connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute("\n".join(statements))


def restore_groups():
    """Create the groups of users: by ``loaddata`` the first time, then from memory in a tenth of the time."""
    permissions = Permission.objects.select_related("content_type")
    if not _group_permissions:
        call_command("loaddata", "roles", verbosity=0)
        for group in Group.objects.all():
            _group_permissions[group.name] = {
                permission.natural_key() for permission in permissions.filter(group=group)
            }
        return
    by_key = {permission.natural_key(): permission for permission in permissions}
    for name, keys in _group_permissions.items():
        Group.objects.create(name=name).permissions.set(by_key[key] for key in keys)


BUILD = "import sys, django; django.setup(); from catalog.tests import fixture_cache; fixture_cache.build(sys.argv[1])"


def start_building(file):
    """Build ``file`` in another process, without waiting for it."""
    environment = {"DATABASE_URL": f"sqlite:///{file}.part", "DJANGO_SETTINGS_MODULE": "soundtrack_site.settings"}
    subprocess.Popen([sys.executable, "-c", BUILD, file], env=os.environ | environment, cwd=settings.BASE_DIR)


def build(file):
    """Build a SQLite database with all migrations and the stored fixtures. It gets its name when it is complete."""
    suffix = "failed"
    try:
        call_command("migrate", verbosity=0)
        store()
        connection.close()
        suffix = ""
    finally:
        Path(f"{file}.part").rename(file + suffix)


def wait_for(file, timeout=120):
    """Wait until ``file`` is built; raises RuntimeError if that fails or takes more than ``timeout`` seconds."""
    until = time.monotonic() + timeout
    while not Path(file).exists():
        if Path(f"{file}failed").exists() or time.monotonic() > until:
            raise RuntimeError(f"{file} was not built; the output of its process, above, says why")
        time.sleep(0.05)
    return file
