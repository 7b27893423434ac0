"""Upgrade a database of an earlier release to this one and print what it holds and serves afterwards, as JSON.

``python -m catalog.tests.upgrade.upgrade_process RELEASE`` on the database that DATABASE_URL names.
"""

import json
import sys
from pathlib import Path

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.management.color import no_style  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402
from django.test import Client  # noqa: E402

from catalog.models import Credit  # noqa: E402

SOME_EPISODES = "uncredited; for which episodes is not known"  # the second part was a note, and is a field
FOLDER = Path(__file__).parent
PAGES = (
    *("/", "/series/soap/", "/series/soap/s01e01/", "/people/ann-lee/", "/sources/a-paper/"),
    *("/episodes/?director=ann-lee", "/search/?q=soap"),
)


def migrate_to(migrations):
    """Apply ``migrations`` ([app label, name] pairs) and what they depend on; return the models of that state."""
    targets = [tuple(migration) for migration in migrations]
    return MigrationExecutor(connection).migrate(targets).apps


def insert_rows(models, rows):
    """Insert ``rows``, ``{"app.model": [{column: value}]}`` in an order in which no row precedes what it references."""
    with transaction.atomic():
        for label, values in rows.items():
            model = models.get_model(label)
            fields = {field.attname: field for field in model._meta.concrete_fields}
            model._base_manager.bulk_create(
                model(**{name: fields[name].to_python(value) for name, value in row.items()}) for row in values
            )
        if statements := connection.ops.sequence_reset_sql(no_style(), list(map(models.get_model, rows))):
            with connection.cursor() as cursor:
                cursor.execute("\n".join(statements))


def count_rows():
    models = apps.get_app_config("catalog").get_models()
    return {model._meta.label_lower: model._base_manager.count() for model in models}


def read_pages():
    """Ask for pages as a visitor and as the editor of the release's data."""
    editor = get_user_model().objects.get(username="editor")
    visitor, admin = Client(), Client()
    admin.force_login(editor, "soundtrack_site.sign_in.PasswordBackend")
    host = {"HTTP_HOST": "localhost"}
    history = admin.get("/admin/catalog/episode/1/history/", **host)
    return {
        "pages": {path: visitor.get(path, **host).status_code for path in PAGES},
        "form": admin.get("/admin/catalog/episode/1/change/", **host).status_code,
        "history": [history.status_code, "Pilot, first draft" in history.content.decode()],
        "password": editor.check_password("a password of release 0.1.0"),
    }


def main(release):
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    data = json.loads((FOLDER / f"{release}.json").read_text(encoding="utf-8"))
    models = migrate_to(data["migrations"])
    insert_rows(models, data["rows"])
    models.get_model("catalog.credit")._base_manager.filter(series=1).update(note=SOME_EPISODES)
    call_command("migrate", verbosity=0)
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)
    rows = count_rows()
    credits = list(Credit.objects.filter(series=1).values_list("for_some_episodes", "note"))
    call_command("rebuild_search", stdout=sys.stderr)
    sys.stdout.write(json.dumps({"rows": rows, "credits": credits} | read_pages()))


if __name__ == "__main__":
    main(sys.argv[1])
