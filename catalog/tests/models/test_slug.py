"""Slugs, and redirects from former slugs."""

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import FormerSlug, Person, Series
from catalog.models.slug import MAX_SLUG_LENGTH, slug_from
from catalog.tests import factories as make


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Raúl Castillo", "raul-castillo"),
        ("Раул Кастильо", "raul-kastilo"),
        ("中文 Series", "zhongwen-series"),
        ("Blood // Water", "blood-water"),
        ("Que Sera, Sera", "que-sera-sera"),
        ("Straße", "strasse"),
        ("!!!", ""),
        ("", ""),
    ],
)
def test_slug_is_transliterated(text, slug):
    assert slug_from(text) == slug


@given(st.text(max_size=400))
def test_slug_of_any_text_fits_a_url(text):
    slug = slug_from(text)
    assert len(slug) <= MAX_SLUG_LENGTH - 10
    assert slug.isascii()
    assert not slug or slug.replace("-", "").replace("_", "").isalnum()


def test_names_without_letters_get_the_model_name_as_slug(db):
    assert [make.person("!!!").slug, make.person("???").slug] == ["person", "person-2"]


def test_namesakes_get_numbers(db):
    assert [make.person("Ann Lee").slug for _ in range(3)] == ["ann-lee", "ann-lee-2", "ann-lee-3"]


def test_second_series_of_a_title_gets_its_year_and_a_third_one_a_number(db):
    slugs = [make.series("Soundtrack", premiered=date).slug for date in ("2019-12-18", "1998", "1998-05", None)]
    assert slugs == ["soundtrack", "soundtrack-1998", "soundtrack-2", "soundtrack-3"]


def test_slug_stays_when_the_name_changes(db):
    series = make.series("One Name")
    series.title = "Another Name"
    series.save()
    assert Series.objects.get().slug == "one-name"
    assert not FormerSlug.objects.exists()


def test_long_name_is_cut_at_a_word_and_leaves_room_for_a_number(db):
    person, namesake = make.person("word " * 30), make.person("word " * 30)
    assert person.slug.endswith("-word")
    assert namesake.slug == f"{person.slug}-2"
    assert len(namesake.slug) <= MAX_SLUG_LENGTH


def save_with(record, **fields):
    """Load the record, set its fields and save it, as the admin does."""
    record = type(record).objects.get(pk=record.pk)
    for name, value in fields.items():
        setattr(record, name, value)
    record.save()
    return record


def save_with_slug(record, slug):
    """Save the record with another slug."""
    return save_with(record, slug=slug)


def test_changed_slug_creates_a_redirect_and_no_chain(client, db):
    person = make.person("Ann Lee")
    for slug in ("ann-b-lee", "ann-c-lee", "ann-d-lee"):
        save_with_slug(person, slug)
    assert set(FormerSlug.objects.values_list("new_slug", flat=True)) == {"ann-d-lee"}
    for old_slug in ("ann-lee", "ann-b-lee", "ann-c-lee"):
        response = client.get(f"/people/{old_slug}/")
        assert (response.status_code, response.headers["Location"]) == (301, "/people/ann-d-lee/")
    assert client.get("/people/ann-d-lee/").status_code == 200


def test_slug_that_is_restored_is_no_redirect_any_more(client, db):
    person = make.person("Ann Lee")
    save_with_slug(person, "ann-b-lee")
    save_with_slug(person, "ann-lee")
    assert client.get("/people/ann-lee/").status_code == 200
    assert client.get("/people/ann-b-lee/").headers["Location"] == "/people/ann-lee/"
    assert FormerSlug.objects.count() == 1


def test_new_record_does_not_get_a_slug_that_redirects(client, db):
    save_with_slug(make.person("Ann Lee"), "ann-b-lee")
    assert make.person("Ann Lee").slug == "ann-lee-2"
    assert client.get("/people/ann-lee/").headers["Location"] == "/people/ann-b-lee/"


def test_former_slug_of_a_draft_is_not_found(client, db):
    person = save_with_slug(make.person("Ann Lee"), "ann-b-lee")
    Person.objects.filter(pk=person.pk).update(published_at=None)
    response = client.get("/people/ann-lee/", follow=True)
    assert response.status_code == 404


def test_a_draft_does_not_end_the_redirect_of_another_record(client, db):
    """Those who may not publish may change drafts."""
    save_with_slug(make.person("Ann Lee"), "ann-b-lee")
    draft = make.person("Bo Ray", published_at=None)
    for slug in ("ann-lee", "cy-ray"):
        draft = save_with_slug(draft, slug)
        assert client.get("/people/ann-lee/").headers["Location"] == "/people/ann-b-lee/"
    draft.published_at = timezone.now()
    draft.save()
    assert client.get("/people/bo-ray/").headers["Location"] == "/people/cy-ray/"
    assert client.get("/people/ann-lee/", follow=True).redirect_chain == [("/people/ann-b-lee/", 301)]


def test_a_draft_of_an_episode_or_season_does_not_end_a_redirect(client, db):
    episode = make.episode()
    season = episode.season
    former = episode.get_absolute_url()
    episode = save_with(episode, number=7)
    save_with(make.episode(season, number=9, published_at=None), number=1)
    assert client.get(former).headers["Location"] == episode.get_absolute_url()
    former = season.get_absolute_url()
    season = save_with(season, number=5)
    save_with(make.season(season.series, number=8, published_at=None), number=1)
    assert client.get(former).headers["Location"] == season.get_absolute_url()


def test_saving_some_fields_sets_a_missing_slug(db):
    person = make.person("Ann Lee")
    Person.objects.filter(pk=person.pk).update(slug="", sort_name="")
    person.refresh_from_db()
    person.save(update_fields=["name"])
    person.refresh_from_db()
    assert (person.slug, person.sort_name) == ("ann-lee", "Lee, Ann")
