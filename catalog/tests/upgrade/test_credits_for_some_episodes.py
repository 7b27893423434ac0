"""Notes that a credit is for some episodes become the field, and the field becomes the note again."""

from importlib import import_module

import pytest
from django.apps import apps

from catalog.models import Change, Citation, Credit
from catalog.tests import factories as make

NOTE = "for which episodes is not known"
migration = import_module("catalog.migrations.0012_credits_for_some_episodes")
pytestmark = pytest.mark.django_db


def state(credit):
    """The two values that the migration changes."""
    return Credit.objects.values_list("for_some_episodes", "note").get(pk=credit.pk)


@pytest.mark.parametrize("level", ["series", "season"])
@pytest.mark.parametrize(
    ("note", "after"),
    [
        (NOTE, (True, "")),
        (f"uncredited; {NOTE}", (True, "uncredited")),
        (f"{NOTE}; uncredited", (True, "uncredited")),
        (f"second unit; {NOTE}; uncredited", (True, "second unit; uncredited")),
        ("uncredited", (False, "uncredited")),
        (f"{NOTE}, says the press", (False, f"{NOTE}, says the press")),
        (f"additional, {NOTE}", (False, f"additional, {NOTE}")),
    ],
)
def test_a_note_or_a_part_of_one_becomes_the_field(level, note, after):
    credit = make.credit(getattr(make.episode(), level), "Ann Lee", note=note)
    version = Change.objects.version()
    migration.note_to_field(apps, None)
    assert state(credit) == after
    changes = Change.objects.filter(pk__gt=version)
    assert [change.fields for change in changes] == [["for_some_episodes", "note"]] * after[0]
    migration.note_to_field(apps, None)
    assert (state(credit), Change.objects.filter(pk__gt=version).count()) == (after, after[0])


def test_credits_of_an_episode_and_of_a_pilot_keep_the_note():
    episode = make.episode()
    credits = make.credit(episode, note=NOTE), make.credit(episode.series, note=NOTE, pilot_only=True)
    migration.note_to_field(apps, None)
    assert [state(credit) for credit in credits] == [(False, NOTE)] * 2


def test_the_log_says_what_the_recorder_would_say():
    credit = make.credit(make.season(), "Ann Lee", note=NOTE)
    migration.note_to_field(apps, None)
    of_migration = Change.objects.latest("pk")
    Credit.objects.filter(pk=credit.pk).update(for_some_episodes=False, note=NOTE)
    credit.for_some_episodes, credit.note = True, ""
    credit.save()
    columns = [field.name for field in Change._meta.fields if field.name not in ("id", "at")]
    of_recorder = Change.objects.latest("pk")
    assert [getattr(of_migration, name) for name in columns] == [getattr(of_recorder, name) for name in columns]


def test_back_to_notes_with_the_citations_of_the_fact():
    series, source = make.series(), make.source()
    credit = make.credit(series, note=NOTE)
    long = make.credit(series, note="x" * 180, for_some_episodes=True)
    citation = Citation.objects.create(source=source, credit=credit, field="note")
    migration.note_to_field(apps, None)
    assert Citation.objects.get(pk=citation.pk).field == "for_some_episodes"
    migration.field_to_note(apps, None)
    assert state(credit) == (False, NOTE)
    assert state(long) == (True, "x" * 180)
    assert Citation.objects.get(pk=citation.pk).field == "note"
