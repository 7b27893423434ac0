"""The rows of a site, and backups of it that are changed."""

import json
import zipfile

from django.db import connection
from django.test import Client

from catalog.formats.backup import tables
from catalog.search.index import INDEXED_MODELS, Index
from catalog.tests.sample_images import stored_files

TEXTS = {"alt_text": "Two halves", "credit": "Somebody", "licence": "CC0"}


def stored_rows():
    """All rows that belong to a backup, by model."""
    return {
        label: list(model._base_manager.order_by("pk").values_list(*[field.attname for field in model._meta.fields]))
        for label, model in tables.backup_models().items()
    }


def plain(rows):
    """Rows that can be compared: PostgreSQL returns binary values as another type than SQLite."""
    return {
        label: [[bytes(value) if isinstance(value, memoryview) else value for value in row] for row in values]
        for label, values in rows.items()
    }


def empty_site():
    """Delete all rows and files, and let keys begin at 1 again, as after ``migrate``."""
    for model in tables.backup_models().values():
        if model not in tables.FILLED_BY_MIGRATE:
            tables.execute(f'DELETE FROM "{model._meta.db_table}"')
            if connection.vendor == "postgresql":
                tables.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), 1, false)", [model._meta.db_table])
    if connection.vendor == "sqlite":
        tables.execute("DELETE FROM sqlite_sequence")
    for kind in INDEXED_MODELS:
        Index(kind).clear()
    for path in stored_files().values():
        path.unlink()


def page_etag():
    """The ETag that a visitor's copy of the first page has now."""
    return Client().get("/")["ETag"]


def zip_members(path):
    """The content of a ZIP file by name."""
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def rewrite(path, members):
    """Write a ZIP file."""
    with zipfile.ZipFile(path, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)


def edit_manifest(path, **values):
    """Change values in the manifest of a backup."""
    members = zip_members(path)
    manifest = json.loads(members["manifest.json"])
    rewrite(path, members | {"manifest.json": json.dumps(manifest | values)})
