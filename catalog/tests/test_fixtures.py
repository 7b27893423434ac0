"""Fixtures: loading them repeatedly, dumping and loading, keys, citations, the vocabulary."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from lxml import etree

from catalog.models import Change, Citation, Department, Episode, FormerSlug, Role

FIXTURES = sorted(Path(settings.BASE_DIR, "fixtures").glob("*.json"))
LISTS = [
    "/",
    "/series/",
    "/episodes/",
    "/people/",
    "/companies/",
    "/songs/",
    "/sources/",
    "/episodes/?director=ti-west",
    "/people/?role=writer",
]


def records(fixture):
    """The records of a fixture file as JSON."""
    return json.loads(fixture.read_text(encoding="utf-8"))


def row_counts():
    """The number of rows by model, many-to-many tables included."""
    models = apps.get_app_config("catalog").get_models(include_auto_created=True)
    return {model._meta.label: model._base_manager.count() for model in models}


def load(*fixtures):
    """Load fixtures without output."""
    call_command("loaddata", *fixtures, verbosity=0)


def pages(client):
    """The content of every page of the site map and of the lists, by URL."""
    urls = list(LISTS)
    for kind in ("series", "seasons", "episodes", "people", "companies", "characters", "songs", "sources"):
        tree = etree.fromstring(client.get(f"/sitemap-{kind}.xml").content)
        urls += [loc.text.removeprefix("http://testserver") for loc in tree.iterfind(".//{*}loc")]
    return {url: client.get(url).content for url in urls}


def dump(path):
    """Dump all records of the catalogue to ``path``, and return them as JSON."""
    options = {
        "use_natural_foreign_keys": True,
        "use_natural_primary_keys": True,
        "exclude": ["catalog.change", "catalog.edit"],
    }
    call_command("dumpdata", "catalog", output=str(path), verbosity=0, **options)
    return records(path)


def test_loading_again_changes_and_logs_only_what_differs_from_the_fixture(soundtrack):
    expected, version = row_counts() | {"catalog.Change": 0}, Change.objects.version()
    with CaptureQueriesContext(connection) as queries:
        load("vocabulary", "soundtrack")
    assert len(queries) < 6 * sum(len(records(fixture)) for fixture in FIXTURES)
    assert row_counts() | {"catalog.Change": 0} == expected
    assert Change.objects.version() == version
    Episode.objects.filter(number=3).update(production_code="WRONG")
    load("vocabulary", "soundtrack")
    assert row_counts() | {"catalog.Change": 0} == expected
    change = Change.objects.get(pk__gt=version)
    assert (change.kind, change.action, change.fields) == ("episode", "changed", ["production_code"])
    assert Episode.objects.get(number=3).production_code == "1LBK03"
    assert expected["catalog.Episode"] == 10
    assert not FormerSlug.objects.exists()


def test_dump_loaded_into_an_empty_catalogue_gives_the_same_dump_and_pages(client, soundtrack, tmp_path):
    """The dumps compare all records; the pages compare what a dump does not show, such as sorting."""
    before = pages(client)
    assert len(before) > 140
    first_dump = dump(tmp_path / "catalogue.json")
    rows = row_counts()
    delete_all_rows()
    assert Episode.objects.count() == Citation.objects.count() == 0
    load(str(tmp_path / "catalogue.json"))
    assert row_counts() | {"catalog.Change": 0} == rows | {"catalog.Change": 0}
    assert dump(tmp_path / "again.json") == first_dump
    after = pages(client)
    assert [url for url in before if before[url] != after.get(url)] == []
    assert before.keys() == after.keys()


def delete_all_rows():
    """Delete all rows of the catalogue; foreign keys are checked at the end of the transaction."""
    with connection.cursor() as cursor:
        for model in apps.get_app_config("catalog").get_models(include_auto_created=True):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture.stem)
def test_fixture_references_records_by_natural_keys_and_has_no_other_times_than_publication(fixture):
    for record in records(fixture):
        assert record.keys() == {"model", "fields"}
        model = apps.get_model(record["model"])
        for name, value in record["fields"].items():
            field = model._meta.get_field(name)
            if field.is_relation and value is not None:
                keys = value if field.many_to_many else [value]
                assert all(isinstance(key, list) for key in keys), (record["model"], name, value)
            if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT", value):
                assert name == "published_at"
                assert parse_datetime(value).tzinfo is not None


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture.stem)
def test_fixture_has_one_record_per_line_and_none_twice(fixture):
    text, rows = fixture.read_text(encoding="utf-8"), records(fixture)
    assert len(text.splitlines()) == len(rows) + 2
    assert max(Counter(json.dumps(row, sort_keys=True) for row in rows).values()) == 1
    assert not re.search(r"/(work|root|home|tmp|Users)/|localhost|127\.0\.0\.1|\"pk\"", text)


def test_everything_in_the_fixture_is_published_and_has_a_slug(soundtrack):
    for record in records(next(fixture for fixture in FIXTURES if fixture.stem == "soundtrack")):
        model = apps.get_model(record["model"])
        if any(field.name == "published_at" for field in model._meta.fields):
            assert parse_datetime(record["fields"]["published_at"]) < timezone.now()
        if any(field.name == "slug" for field in model._meta.fields):
            assert record["fields"]["slug"]


def test_every_record_of_the_fixture_is_valid(soundtrack):
    """Loading does not check lengths, choices and cited fields."""
    for model in apps.get_app_config("catalog").get_models():
        relations = {field.name for field in model._meta.fields if field.is_relation}
        for record in model._base_manager.all():
            record.clean_fields(exclude=relations)
            record.clean()


def test_every_fact_of_the_fixture_is_cited(soundtrack):
    """People and companies are cited through their credits and parts, songs through their cues."""
    kinds = ["series", "season", "episode", "character", "alias", "series_company", "availability"]
    kinds += ["alternative_title", "external_id", "credit", "feature", "event", "review", "cue"]
    for kind in kinds:
        model = Citation._meta.get_field(kind).related_model
        assert list(model._base_manager.filter(citations__isnull=True)) == [], kind
    cited_fields = {
        "died": "person",
        "biography": "person",
        "premise": "series",
        "synopsis": "episode",
        "runtime_min": "series",
    }
    for field, kind in cited_fields.items():
        model = Citation._meta.get_field(kind).related_model
        empty = {None, ""}
        for record in model._base_manager.all():
            if getattr(record, field) not in empty:
                assert record.citations.filter(field=field).exists(), (record, field)


def test_each_name_of_a_role_is_unique(vocabulary):
    """Importers look up roles by name, slug and synonyms, ignoring case."""
    names = Counter()
    for role in Role.objects.all():
        names.update(
            {name.lower().strip() for name in [role.name, role.slug, role.slug.replace("-", " "), *role.synonyms]}
        )
    assert [name for name, count in names.items() if count > 1] == []


def test_vocabulary_has_the_roles_of_the_query_parameters(vocabulary):
    slugs = "creator executive-producer co-executive-producer producer showrunner director writer story teleplay"
    slugs += " cast guest composer cinematographer editor"
    assert set(slugs.split()) <= set(Role.objects.values_list("slug", flat=True))
    positions = list(Role.objects.values_list("position", flat=True))
    assert len(positions) == len(set(positions))
    departments = list(Department.objects.order_by("position").values_list("slug", flat=True))
    assert departments[:4] == ["creation", "directing", "writing", "producing"]
    for model, minimum in (("genre", 60), ("country", 200), ("language", 150)):
        assert apps.get_model("catalog", model)._base_manager.count() >= minimum
