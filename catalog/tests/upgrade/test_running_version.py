"""Migrations leave the former version able to serve, which runs until its workers are replaced; or say why not."""

import pytest
from django.apps import apps
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

from catalog.tests.upgrade.running_version import REASON, breaking_operations

FIRST_NUMBERS = {"catalog": 16}  # the migrations before were written for a stopped server


def test_no_migration_breaks_the_version_that_is_running():
    loader = MigrationLoader(None)
    problems = []
    for app_label, name in sorted(loader.graph.nodes):
        migration = loader.graph.nodes[app_label, name]
        if not is_own(app_label) or int(name[:4]) < FIRST_NUMBERS.get(app_label, 2) or getattr(migration, REASON, ""):
            continue
        problems += breaking_operations(migration, loader.project_state((app_label, name), at_end=False))
    assert problems == [], f"docs/operations/maintenance.md has the rule; an exception says its reason in {REASON}"


def is_own(app_label):
    """Whether the app is one of this project."""
    return apps.get_app_config(app_label).name.startswith(("catalog", "soundtrack_site"))


def test_the_apps_of_this_project_are_judged_and_no_others():
    assert is_own("catalog")
    assert is_own("sign_in_log")
    assert not is_own("auth")
    assert not is_own("axes")


def text(**options):
    return models.CharField(max_length=50, **options)


BREAKING = [
    migrations.RemoveField("song", "title"),
    migrations.RenameField("song", "title", "name"),
    migrations.DeleteModel("song"),
    migrations.RenameModel("song", "track"),
    migrations.AlterModelTable("song", "tracks"),
    migrations.AddField("song", "key", text(default="C")),  # Django drops the default after filling the rows
    migrations.AddField("song", "key", text()),
    migrations.AlterField("song", "note", text()),
    migrations.AlterField("song", "title", models.TextField()),
    migrations.AlterField("song", "title", models.CharField(max_length=20)),
    migrations.AlterField("song", "title", text(unique=True)),
    migrations.AddConstraint("song", models.CheckConstraint(condition=~models.Q(title=""), name="song_has_title")),
    migrations.AlterUniqueTogether("song", {("title", "note")}),
    migrations.RunSQL("SELECT 1"),
    migrations.SeparateDatabaseAndState(),
]
ADDITIVE = [
    migrations.CreateModel("Album", [("id", models.BigAutoField(primary_key=True)), ("title", text())]),
    migrations.AddField("song", "key", text(null=True)),
    migrations.AddField("song", "key", text(db_default="C")),
    migrations.AddField("song", "covers", models.ManyToManyField("catalog.song")),
    migrations.AlterField("song", "note", text(db_default="")),
    migrations.AlterField("song", "title", models.CharField(max_length=90)),
    migrations.AlterField("song", "title", text(choices=[("a", "A")])),
    migrations.AddIndex("song", models.Index(fields=["title"], name="song_title")),
    migrations.RemoveIndex("song", "song_note"),
    migrations.RemoveConstraint("song", "song_note_is_unique"),
    migrations.RunPython(migrations.RunPython.noop),
]


@pytest.fixture
def state():
    """Models before a migration: a song with a title that is required and a note that is not."""
    fields = [("id", models.BigAutoField(primary_key=True)), ("title", text()), ("note", text(null=True))]
    indexes = [models.Index(fields=["note"], name="song_note")]
    constraints = [models.UniqueConstraint(fields=["note"], name="song_note_is_unique")]
    options = {"indexes": indexes, "constraints": constraints}
    state = ProjectState()
    state.add_model(ModelState("catalog", "Song", fields, options))
    return state


def migration_of(*operations):
    """A migration with these operations."""
    migration = migrations.Migration("0099_songs", "catalog")
    migration.operations = list(operations)
    return migration


@pytest.mark.parametrize("operation", BREAKING, ids=lambda operation: operation.describe())
def test_what_breaks_the_former_version_is_named(state, operation):
    (problem,) = breaking_operations(migration_of(operation), state)
    assert problem.startswith(f"catalog.0099_songs: {operation.describe()}: ")


@pytest.mark.parametrize("operation", ADDITIVE, ids=lambda operation: operation.describe())
def test_what_adds_something_is_allowed(state, operation):
    assert breaking_operations(migration_of(operation), state) == []


def test_a_model_may_be_changed_in_the_migration_that_creates_it(state):
    rule = models.CheckConstraint(condition=~models.Q(title=""), name="album_has_title")
    later = [migrations.AddField("album", "year", models.IntegerField()), migrations.AddConstraint("album", rule)]
    assert breaking_operations(migration_of(ADDITIVE[0], *later), state) == []
