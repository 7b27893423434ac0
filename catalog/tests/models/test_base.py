"""Slugs and their redirects, publication."""

import datetime as dt

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
def test_a_slug_is_written_in_plain_letters(text, slug):
    assert slug_from(text) == slug


@given(st.text(max_size=400))
def test_whatever_a_name_is_its_slug_fits_an_address(text):
    slug = slug_from(text)
    assert len(slug) <= MAX_SLUG_LENGTH - 10
    assert slug.isascii()
    assert not slug or slug.replace("-", "").replace("_", "").isalnum()


def test_names_that_nothing_can_be_made_of_still_get_a_slug_each(db):
    assert [make.person("!!!").slug, make.person("???").slug] == ["person", "person-2"]


def test_people_of_one_name_get_numbers(db):
    assert [make.person("Ann Lee").slug for _ in range(3)] == ["ann-lee", "ann-lee-2", "ann-lee-3"]


def test_a_second_series_of_a_name_gets_its_year_and_a_third_of_that_year_a_number(db):
    slugs = [make.series("Soundtrack", premiered=date).slug for date in ("2019-12-18", "1998", "1998-05", None)]
    assert slugs == ["soundtrack", "soundtrack-1998", "soundtrack-2", "soundtrack-3"]


def test_a_slug_stays_when_the_name_changes(db):
    series = make.series("One Name")
    series.title = "Another Name"
    series.save()
    assert Series.objects.get().slug == "one-name"
    assert not FormerSlug.objects.exists()


def test_a_very_long_name_is_cut_at_a_word_and_leaves_room_for_a_number(db):
    person, other = make.person("word " * 30), make.person("word " * 30)
    assert person.slug.endswith("-word")
    assert other.slug == f"{person.slug}-2"
    assert len(other.slug) <= MAX_SLUG_LENGTH


def moved(record, slug):
    """The record with another slug, as the desk saves it."""
    record = type(record).objects.get(pk=record.pk)
    record.slug = slug
    record.save()
    return record


def test_a_changed_slug_leaves_a_redirect_and_chains_are_one_step_long(client, db):
    person = make.person("Ann Lee")
    for slug in ("ann-b-lee", "ann-c-lee", "ann-d-lee"):
        moved(person, slug)
    assert set(FormerSlug.objects.values_list("new_slug", flat=True)) == {"ann-d-lee"}
    for old in ("ann-lee", "ann-b-lee", "ann-c-lee"):
        response = client.get(f"/people/{old}/")
        assert (response.status_code, response.headers["Location"]) == (301, "/people/ann-d-lee/")
    assert client.get("/people/ann-d-lee/").status_code == 200


def test_a_slug_that_is_taken_back_leads_nowhere_else(client, db):
    person = make.person("Ann Lee")
    moved(person, "ann-b-lee")
    moved(person, "ann-lee")
    assert client.get("/people/ann-lee/").status_code == 200
    assert client.get("/people/ann-b-lee/").headers["Location"] == "/people/ann-lee/"
    assert FormerSlug.objects.count() == 1


def test_a_new_record_does_not_take_an_address_that_led_to_another(client, db):
    moved(make.person("Ann Lee"), "ann-b-lee")
    assert make.person("Ann Lee").slug == "ann-lee-2"
    assert client.get("/people/ann-lee/").headers["Location"] == "/people/ann-b-lee/"


def test_a_former_slug_of_a_draft_is_no_way_in(client, db):
    person = moved(make.person("Ann Lee"), "ann-b-lee")
    Person.objects.filter(pk=person.pk).update(published_at=None)
    response = client.get("/people/ann-lee/", follow=True)
    assert response.status_code == 404


def test_saving_some_fields_only_makes_the_slug_that_is_missing(db):
    person = make.person("Ann Lee")
    Person.objects.filter(pk=person.pk).update(slug="", sort_name="")
    person.refresh_from_db()
    person.save(update_fields=["name"])
    person.refresh_from_db()
    assert (person.slug, person.sort_name) == ("ann-lee", "Lee, Ann")


@pytest.mark.parametrize(("hours", "seen"), [(None, False), (-1, True), (1, False)])
def test_a_record_is_seen_once_its_moment_is_past(db, hours, seen):
    at = None if hours is None else timezone.now() + dt.timedelta(hours=hours)
    record = make.series(published_at=at)
    assert record.is_published is seen
    assert Series.objects.published().exists() is seen
    assert Series.objects.drafts().exists() is not seen
