"""Episodes of a season do not cover the same number: the model's validation and the database, each alone."""

import importlib

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.db import IntegrityError, connection, transaction

from catalog.models import Episode, Series
from catalog.models.no_overlap import NoOverlap
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import change_url, submit_form
from catalog.tests.formats.test_record_import import run

pytestmark = pytest.mark.django_db
OVERLAPPING = [  # (existing, new): (first number, last number)
    ((1, 2), (2, None)),
    ((2, None), (1, 2)),
    ((1, 3), (2, None)),
    ((2, None), (1, 5)),
    ((4, 6), (3, 4)),
    ((4, 6), (6, 7)),
    ((4, 6), (5, 6)),
    ((0, 1), (1, None)),
]
APART = [((1, 2), (3, None)), ((3, None), (1, 2)), ((3, 4), (1, 2)), ((1, None), (2, None)), ((0, 1), (2, 3))]


def pair(existing, new):
    """A stored episode, and an unsaved one of the same season, with these numbers."""
    episode = make.episode(number=existing[0], last_number=existing[1])
    return episode, Episode(season=episode.season, number=new[0], last_number=new[1])


@pytest.mark.parametrize(("existing", "new"), OVERLAPPING)
def test_an_overlap_is_refused_by_form_and_database(existing, new):
    _, episode = pair(existing, new)
    with pytest.raises(ValidationError) as error:
        episode.full_clean()
    assert error.value.messages == ["Another episode of the season covers one of these numbers already."]
    with pytest.raises(IntegrityError, match="episode_numbers_do_not_overlap"), transaction.atomic():
        Episode.objects.bulk_create([episode])


@pytest.mark.parametrize(("existing", "new"), OVERLAPPING)
def test_the_database_refuses_a_change_that_overlaps(existing, new):
    stored, _ = pair(existing, new)
    episode = make.episode(stored.season, 20, last_number=21)
    with pytest.raises(IntegrityError, match="episode_numbers_do_not_overlap"), transaction.atomic():
        Episode.objects.filter(pk=episode.pk).update(number=new[0], last_number=new[1])
    other_season = make.episode(number=new[0], last_number=new[1])
    with pytest.raises(IntegrityError, match="episode_numbers_do_not_overlap"), transaction.atomic():
        Episode.objects.filter(pk=other_season.pk).update(season=stored.season)


@pytest.mark.parametrize(("existing", "new"), APART)
def test_numbers_apart_are_allowed(existing, new):
    stored, episode = pair(existing, new)
    episode.full_clean()
    episode.save()
    stored.title, episode.title = "Another", "Third"
    stored.full_clean()
    stored.save()
    make.episode(number=new[0], last_number=new[1])
    Episode.objects.filter(pk=episode.pk).update(last_number=None)


@pytest.fixture
def without_rules():
    """Drop the constraints that the migration adds, until the transaction is rolled back."""
    editor = connection.schema_editor()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            cursor.execute("DROP TRIGGER episode_numbers_do_not_overlap_insert")
            cursor.execute("DROP TRIGGER episode_numbers_do_not_overlap_update")
        else:
            for model in (Episode, Series):
                for constraint in model._meta.constraints:
                    cursor.execute(str(constraint.remove_sql(model, editor)))
        yield
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def test_the_upgrade_names_the_rows_that_break_a_new_rule(without_rules):
    migration = importlib.import_module("catalog.migrations.0005_episode_number_ranges")
    season = make.season(make.series("Lost Kin", premiered="2004-09"))
    double, series = make.episode(season, 1), season.series
    make.episode(season, 2)
    migration.refuse_invalid_rows(apps, connection.schema_editor())
    Episode.objects.filter(pk=double.pk).update(last_number=3, runtime=1500)
    Series.objects.filter(pk=series.pk).update(ended="2003", runtime_max=0)
    with pytest.raises(CommandError) as error:
        migration.refuse_invalid_rows(apps, connection.schema_editor())
    minutes = "has a running time of no or more than 1440 minutes"
    assert str(error.value).splitlines()[2:] == [
        f"- lost-kin s01e01 covers the number of another episode (/admin/catalog/episode/{double.pk}/change/)",
        f"- lost-kin s01e01 {minutes} (/admin/catalog/episode/{double.pk}/change/)",
        f"- lost-kin {minutes} (/admin/catalog/series/{series.pk}/change/)",
        f"- lost-kin ends before it begins (/admin/catalog/series/{series.pk}/change/)",
    ]


def test_an_overlap_by_another_editor_meanwhile_is_a_message(admin_client, monkeypatch):
    """The form found no overlap, the database does: nothing is saved."""
    monkeypatch.setattr(NoOverlap, "validate", lambda *args, **options: None)
    stored = make.episode(number=1, last_number=3)
    episode = make.episode(stored.season, 5, title="Five")
    response = submit_form(admin_client, change_url(episode), number=2, title="Two")
    assert response.status_code == 302
    assert "the database refused it" in admin_client.get(response.headers["Location"]).content.decode()
    episode.refresh_from_db()
    assert (episode.number, episode.title) == (5, "Five")
    row = {"series": stored.series.slug, "season": "1", "number": "3", "last_number": "", "title": "Three"}
    (result,) = run(Episode, row).rows
    assert result.errors == [("", "The database rejected this row: together with another record it breaks a rule.")]
