"""The sampler: real series with cited facts, small and quick to load."""

import json
from collections import Counter

import pytest
from django.apps import apps
from django.conf import settings

from catalog.management import site_setup
from catalog.models import CITABLE_MODELS, Change, Episode, Person, Series
from catalog.tests import factories as make

FIXTURE = settings.BASE_DIR / "fixtures" / "sampler.json"
TEXTS = {"premise", "synopsis", "biography", "description"}  # which would be sentences of a source


@pytest.fixture(scope="module")
def rows():
    """The fields of the rows of the fixture, by model."""
    by_model = {}
    for row in json.loads(FIXTURE.read_text(encoding="utf-8")):
        by_model.setdefault(row["model"].removeprefix("catalog."), []).append(row["fields"])
    return by_model


def test_it_is_small_and_worth_filtering(rows):
    assert FIXTURE.stat().st_size < 3_000_000
    assert len(rows["series"]) >= 8
    assert len(rows["episode"]) >= 500
    roles = Counter(credit["role"][0] for credit in rows["credit"] if "episode" in credit)
    assert roles["director"] >= 500
    assert roles["writer"] >= 500


def test_it_has_no_sentences_of_sources(rows):
    assert not [fields for model in rows for fields in rows[model] if TEXTS & fields.keys()]


def test_every_source_states_its_licence_and_where_it_was_read(rows):
    for source in rows["source"]:
        assert source["licence"], source
        assert source["url"].startswith("https://"), source
        assert source["note"], source


def test_every_credit_title_and_id_is_cited(rows):
    """Values of series, seasons, episodes and people have citations of their own, by field."""
    cited = {kind: set() for kind in CITABLE_MODELS}
    for citation in rows["citation"]:
        kind = next(kind for kind in CITABLE_MODELS if kind in citation)
        cited[kind].add((json.dumps(citation[kind]), citation.get("field", "")))
    for episode in rows["episode"]:
        key = json.dumps([*episode["season"], episode["number"]])
        for name in {"title", "air_date", "overall_number", "production_code", "runtime"} & episode.keys():
            assert (key, name) in cited["episode"], (key, name)
    assert len({key for key, _ in cited["credit"]}) == len(rows["credit"])
    assert len({key for key, _ in cited["external_id"]}) == len(rows["externalid"])
    assert len({key for key, _ in cited["alternative_title"]}) == len(rows["alternativetitle"])


def test_somebody_who_worked_on_several_series_is_one_person(rows):
    assert [person["slug"] for person in rows["person"] if person["name"] == "Greg Daniels"] == ["greg-daniels"]
    subjects = [credit for credit in rows["credit"] if credit["person"] == ["greg-daniels"]]
    series = {(credit.get("episode") or credit.get("season") or credit["series"])[0] for credit in subjects}
    assert series == {"seinfeld", "the-simpsons", "the-office", "silicon-valley"}


def test_it_loads_into_a_new_catalogue_and_is_valid(client, vocabulary):
    version = Change.objects.version()
    assert site_setup.load_sampler() == "Loaded the sampler: 11 more series."
    assert site_setup.load_sampler() == "The sampler is loaded already."
    assert Change.objects.version() > version
    for model in apps.get_app_config("catalog").get_models():
        relations = {field.name for field in model._meta.fields if field.is_relation}
        for record in model._base_manager.all():
            record.clean_fields(exclude=relations)
    for record in (
        Series.objects.get(slug="seinfeld"),
        Person.objects.get(slug="greg-daniels"),
        Episode.objects.last(),
    ):
        assert client.get(record.get_absolute_url()).status_code == 200
    assert "/people/greg-daniels/" in client.get("/search/?q=greg+daniels").content.decode()


def test_it_is_not_loaded_into_a_catalogue_with_other_series(vocabulary):
    make.series("Another")
    assert "was not loaded" in site_setup.load_sampler()
    assert Series.objects.count() == 1
