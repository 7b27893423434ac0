"""A deleted record comes back with everything that went with it, under the keys that they had."""

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


def world():
    """A series with everything that can stand on one."""
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


def recovered(kind, pk):
    """Recover as the desk does."""
    with record_edit(kind=Edit.Kind.RESTORE):
        return undelete(find_deletion(kind, pk))


def reasons(kind, pk):
    """Why it is refused; nothing is changed then."""
    before = catalogue_state()
    with pytest.raises(ChangeRefused) as refusal, record_edit():
        undelete(find_deletion(kind, pk))
    assert catalogue_state() == before
    return refusal.value.reasons


@pytest.mark.parametrize("within_an_edit", [True, False], ids=["at the desk", "by a command"])
def test_a_series_comes_back_with_all_that_belonged_to_it(within_an_edit):
    series, other = world(), make.episode(title="Stays")
    before, key = catalogue_state(), series.pk
    if within_an_edit:
        with record_edit(kind=Edit.Kind.DELETE):
            series.delete()
    else:
        series.delete()
    other.title = "Something else meanwhile"
    other.save()
    assert not Series.objects.filter(pk=key).exists()
    assert not Credit.objects.exists()
    recovered("series", key)
    other.title = "Stays"
    other.save()
    assert catalogue_state() == before
    assert_indexes_current()


def test_what_was_deleted_before_by_itself_stays_gone():
    episode = make.episode()
    make.credit(episode, "Ann").delete()
    Change.objects.update(at="2020-01-01T00:00Z")
    kept = make.credit(episode, "Bob")
    key = episode.pk
    episode.delete()
    recovered("episode", key)
    assert list(Credit.objects.values_list("pk", flat=True)) == [kept.pk]


def test_links_that_were_cut_are_joined_again_but_not_over_new_ones():
    picture = make.picture()
    default_storage.save(picture.file.name, ContentFile(b"picture"))
    loose, linked, gone = (make.person(picture=picture) for _ in range(3))
    key = picture.pk
    with record_edit():
        picture.delete()
    linked.refresh_from_db()
    linked.picture = other = make.picture()
    linked.save()
    gone.delete()
    default_storage.save(picture.file.name, ContentFile(b"picture"))
    recovered("picture", key)
    assert dict(Person.objects.values_list("pk", "picture")) == {loose.pk: key, linked.pk: other.pk}


def test_a_picture_without_its_file_is_not_brought_back():
    picture = make.picture()
    key = picture.pk
    picture.delete()
    assert reasons("picture", key) == ["The picture's file was deleted: upload it again."]


def test_what_it_needs_must_be_there_and_its_place_free():
    episode = make.episode(make.season(make.series("Harbour")))
    key, season = episode.pk, episode.season
    make.credit(episode, "Ann")
    episode.delete()
    taken = make.episode(season, number=1)
    assert reasons("episode", key) == ["Another episode now has the same season, number."]
    with record_edit():
        taken.delete()
    Person.objects.all().delete()
    assert reasons("episode", key) == ["The person “Ann” no longer exists: restore it first."]
    season.series.delete()
    assert "The season “Harbour, Season 1” no longer exists: restore it first." in reasons("episode", key)
    recovered("person", deletion_key("person"))
    recovered("series", deletion_key("series"))
    recovered("episode", key)
    assert Credit.objects.get().person.name == "Ann"


def deletion_key(kind):
    """The key of the record of a kind that was deleted last."""
    return Change.objects.filter(kind=kind, action="deleted").first().record_id


def test_an_address_that_another_has_meanwhile_is_said():
    first = make.person("Ann Lee")
    key = first.pk
    first.delete()
    make.person("Ann Lee")
    assert reasons("person", key) == ["Another person now has the same slug."]


def test_what_is_there_or_was_never_known_was_not_deleted():
    person = make.person()
    assert find_deletion("person", person.pk) is None
    assert find_deletion("person", 10**6) is None
    Change.objects.create(action="deleted", kind="person", record_id=77, label="Old")
    assert reasons("person", 77) == ["The deleted values were not recorded."]


def test_an_episode_may_go_and_come_twice():
    episode = make.episode()
    before, key = catalogue_state(), episode.pk
    for _ in range(2):
        Episode.objects.get(pk=key).delete()
        recovered("episode", key)
    assert catalogue_state() == before
