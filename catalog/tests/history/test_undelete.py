"""Restoring deleted records with everything that was deleted with them, under the same keys."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from catalog.history.undelete import find_deletion, undelete
from catalog.history.write_rows import ChangeRefused
from catalog.models import (
    Alias,
    AlternativeTitle,
    Change,
    Citation,
    Credit,
    Cue,
    Edit,
    Episode,
    ExternalId,
    FeaturedCharacter,
    Person,
    Review,
    Series,
    Song,
    record_edit,
)
from catalog.tests import factories as make
from catalog.tests.history import assert_indexes_current, catalogue_state

pytestmark = pytest.mark.django_db


def series_with_all_parts():
    """A series with parts of every kind."""
    series = make.series("Harbour", premiered="2019", picture=make.picture())
    series.genres.set([make.genre("Drama"), make.genre("Musical")])
    hero = make.character(series, "Nellie")
    Alias.objects.create(character=hero, name="Nel")
    event = make.event(series, date="2018-03")
    event.people.set([make.person("Ann"), make.person("Bob")])
    event.companies.set([make.company("Net")])
    Review.objects.create(series=series, aggregator="A", score="61.5")
    ExternalId.objects.create(series=series, scheme="imdb", value="1")
    AlternativeTitle.objects.create(series=series, title="Working", kind="working")
    make.series_company(series)
    for number in (1, 2):
        episode = make.episode(make.season(series, number=number))
        credit = make.credit(episode, Person.objects.get(name="Ann"), role_slug="cast", character=hero)
        Citation.objects.create(source=make.source(), credit=credit, field="character")
        FeaturedCharacter.objects.create(episode=episode, character=hero, named_as="N")
        cue = Cue.objects.create(episode=episode, song=Song.objects.create(title=f"Song {number}"))
        cue.performers.set([hero])
    return series


def restore(kind, pk):
    """Restore like the admin."""
    with record_edit(kind=Edit.Kind.RESTORE):
        return undelete(find_deletion(kind, pk))


def refusal_reasons(kind, pk):
    """The reasons why restoring is refused; nothing is changed then."""
    before = catalogue_state()
    with pytest.raises(ChangeRefused) as refusal, record_edit():
        undelete(find_deletion(kind, pk))
    assert catalogue_state() == before
    return refusal.value.reasons


@pytest.mark.parametrize("within_an_edit", [True, False], ids=["in the admin", "by a command"])
def test_a_series_is_restored_with_all_its_parts(within_an_edit):
    series, unrelated = series_with_all_parts(), make.episode(title="Stays")
    before, key = catalogue_state(), series.pk
    if within_an_edit:
        with record_edit(kind=Edit.Kind.DELETE):
            series.delete()
    else:
        series.delete()
    unrelated.title = "Another title"
    unrelated.save()
    assert not Series.objects.filter(pk=key).exists()
    assert not Credit.objects.exists()
    restore("series", key)
    unrelated.title = "Stays"
    unrelated.save()
    assert catalogue_state() == before
    assert_indexes_current()


def test_parts_that_were_deleted_earlier_are_not_restored():
    episode = make.episode()
    make.credit(episode, "Ann").delete()
    Change.objects.update(at="2020-01-01T00:00Z")
    deleted_with_it = make.credit(episode, "Bob")
    key = episode.pk
    episode.delete()
    restore("episode", key)
    assert list(Credit.objects.values_list("pk", flat=True)) == [deleted_with_it.pk]


def test_links_to_the_record_are_restored_unless_replaced():
    picture = make.picture()
    default_storage.save(picture.file.name, ContentFile(b"picture"))
    unlinked, relinked, deleted = (make.person(picture=picture) for _ in range(3))
    key = picture.pk
    with record_edit():
        picture.delete()
    relinked.refresh_from_db()
    relinked.picture = new_picture = make.picture()
    relinked.save()
    deleted.delete()
    default_storage.save(picture.file.name, ContentFile(b"picture"))
    restore("picture", key)
    assert dict(Person.objects.values_list("pk", "picture")) == {unlinked.pk: key, relinked.pk: new_picture.pk}


def test_a_picture_without_its_file_is_not_restored():
    picture = make.picture()
    key = picture.pk
    picture.delete()
    assert refusal_reasons("picture", key) == ["The picture's file was deleted: upload it again."]


def test_referenced_records_must_exist_and_the_number_must_be_free():
    episode = make.episode(make.season(make.series("Harbour")))
    key, season = episode.pk, episode.season
    make.credit(episode, "Ann")
    episode.delete()
    rival = make.episode(season, number=1)
    assert refusal_reasons("episode", key) == ["Another episode now has the same season, number."]
    with record_edit():
        rival.delete()
    Person.objects.all().delete()
    assert refusal_reasons("episode", key) == ["The person “Ann” no longer exists: restore it first."]
    season.series.delete()
    assert "The season “Harbour, Season 1” no longer exists: restore it first." in refusal_reasons("episode", key)
    restore("person", deletion_key("person"))
    restore("series", deletion_key("series"))
    restore("episode", key)
    assert Credit.objects.get().person.name == "Ann"


def deletion_key(kind):
    """The key of the last deleted record of a kind."""
    return Change.objects.filter(kind=kind, action="deleted").first().record_id


def test_a_slug_that_another_record_has_is_a_conflict():
    first = make.person("Ann Lee")
    key = first.pk
    first.delete()
    make.person("Ann Lee")
    assert refusal_reasons("person", key) == ["Another person now has the same slug."]


def test_existing_and_unknown_records_have_no_deletion():
    person = make.person()
    assert find_deletion("person", person.pk) is None
    assert find_deletion("person", 10**6) is None
    Change.objects.create(action="deleted", kind="person", record_id=77, label="Old")
    assert refusal_reasons("person", 77) == ["The deleted values were not recorded."]


def test_an_episode_is_deleted_and_restored_twice():
    episode = make.episode()
    before, key = catalogue_state(), episode.pk
    for _ in range(2):
        Episode.objects.get(pk=key).delete()
        restore("episode", key)
    assert catalogue_state() == before
