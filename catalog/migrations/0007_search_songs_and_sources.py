"""The search tables of songs and sources; ``manage.py setup`` and ``rebuild_search`` fill them."""

from importlib import import_module

from django.db import migrations

search = import_module("catalog.migrations.0002_search")  # released migrations are never edited
KINDS = ("song", "source")


def make(apps, schema_editor):
    text = search.SQLITE if schema_editor.connection.vendor == "sqlite" else search.POSTGRESQL
    for kind in KINDS:
        for statement in search.statements(text, kind):
            schema_editor.execute(statement, None)


def drop(apps, schema_editor):
    for kind in KINDS:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TABLE catalog_search_{kind}_words", None)
        schema_editor.execute(f"DROP TABLE catalog_search_{kind}", None)
        schema_editor.execute(f"DELETE FROM catalog_search_term WHERE kind = '{kind}'", None)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0006_sort_keys")]

    operations = [migrations.RunPython(make, drop)]
