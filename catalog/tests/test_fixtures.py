"""The fixtures load any number of times, hold nothing of one machine, and lose nothing on the way out and in again."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
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
    "/episodes/?director=ti-west",
    "/people/?role=writer",
]


def records(fixture):
    """The records of a fixture, as they are written."""
    return json.loads(fixture.read_text(encoding="utf-8"))


def counts():
    """How many rows each table of the catalogue has, ties between records included."""
    models = apps.get_app_config("catalog").get_models(include_auto_created=True)
    return {model._meta.label: model._base_manager.count() for model in models}


def load(*fixtures):
    """``loaddata``, quietly."""
    call_command("loaddata", *fixtures, verbosity=0)


def pages(client):
    """Every page of the sitemap and the lists, byte by byte."""
    addresses = list(LISTS)
    for kind in ("series", "seasons", "episodes", "people", "companies", "sources"):
        tree = etree.fromstring(client.get(f"/sitemap-{kind}.xml").content)
        addresses += [place.text.removeprefix("http://testserver") for place in tree.iterfind(".//{*}loc")]
    return {address: client.get(address).content for address in addresses}


def dump(path):
    """All that ``dumpdata`` writes of the catalogue, into ``path``: every field of every record, in their order."""
    options = {
        "use_natural_foreign_keys": True,
        "use_natural_primary_keys": True,
        "exclude": ["catalog.change", "catalog.edit"],
    }
    call_command("dumpdata", "catalog", output=str(path), verbosity=0, **options)
    return records(path)


def test_loading_three_times_leaves_the_same_rows_and_logs_nothing_but_what_it_puts_back(soundtrack):
    once, version = counts() | {"catalog.Change": 0}, Change.objects.version()
    load("vocabulary", "soundtrack")
    assert counts() | {"catalog.Change": 0} == once
    assert Change.objects.version() == version
    Episode.objects.filter(number=3).update(production_code="WRONG")
    load("vocabulary", "soundtrack")
    assert counts() | {"catalog.Change": 0} == once
    change = Change.objects.get(pk__gt=version)
    assert (change.kind, change.action, change.fields) == ("episode", "changed", ["production_code"])
    assert Episode.objects.get(number=3).production_code == "1LBK03"
    assert once["catalog.Episode"] == 10
    assert not FormerSlug.objects.exists()


def test_a_dump_loaded_into_an_empty_catalogue_gives_the_same_dump_and_pages_byte_for_byte(
    client, soundtrack, tmp_path
):
    """The second dump tells of each record; pages tell what no dump does, as what stands in which order."""
    before = pages(client)
    assert len(before) > 140
    dumped = dump(tmp_path / "catalogue.json")
    rows = counts()
    empty()
    assert Episode.objects.count() == Citation.objects.count() == 0
    load(str(tmp_path / "catalogue.json"))
    assert counts() | {"catalog.Change": 0} == rows | {"catalog.Change": 0}
    assert dump(tmp_path / "again.json") == dumped
    after = pages(client)
    assert [address for address in before if before[address] != after.get(address)] == []
    assert before.keys() == after.keys()


def empty():
    """Delete all rows of the catalogue; foreign keys are looked at when the transaction ends. New rows get new keys."""
    with connection.cursor() as cursor:
        for model in apps.get_app_config("catalog").get_models(include_auto_created=True):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture.stem)
def test_a_fixture_names_records_by_natural_keys_and_dates_them_by_publication_only(fixture):
    for record in records(fixture):
        assert record.keys() == {"model", "fields"}
        model = apps.get_model(record["model"])
        for name, value in record["fields"].items():
            field = model._meta.get_field(name)
            if field.is_relation and value is not None:
                named = value if field.many_to_many else [value]
                assert all(isinstance(key, list) for key in named), (record["model"], name, value)
            if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT", value):
                assert name == "published_at"
                assert parse_datetime(value).tzinfo is not None


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture.stem)
def test_a_fixture_is_one_record_a_line_and_names_none_twice(fixture):
    text, read = fixture.read_text(encoding="utf-8"), records(fixture)
    assert len(text.splitlines()) == len(read) + 2
    assert max(Counter(json.dumps(record, sort_keys=True) for record in read).values()) == 1
    assert not re.search(r"/(work|root|home|tmp|Users)/|localhost|127\.0\.0\.1|\"pk\"", text)


def test_everything_in_the_fixture_is_published_and_no_slug_of_it_is_made_up_on_loading(soundtrack):
    for record in records(next(fixture for fixture in FIXTURES if fixture.stem == "soundtrack")):
        model = apps.get_model(record["model"])
        if any(field.name == "published_at" for field in model._meta.fields):
            assert parse_datetime(record["fields"]["published_at"]) < timezone.now()
        if any(field.name == "slug" for field in model._meta.fields):
            assert record["fields"]["slug"]


def test_every_record_of_the_fixture_passes_the_rules_of_its_form(soundtrack):
    """What the database cannot refuse, loading must not smuggle in: lengths, choices, fields that are cited."""
    for model in apps.get_app_config("catalog").get_models():
        relations = {field.name for field in model._meta.fields if field.is_relation}
        for record in model._base_manager.all():
            record.clean_fields(exclude=relations)
            record.clean()


def test_every_fact_of_the_fixture_is_cited(soundtrack):
    """People and companies are cited through what they did, songs through where they are heard."""
    cited = ["series", "season", "episode", "character", "alias", "series_company", "availability"]
    cited += ["alternative_title", "external_id", "credit", "feature", "event", "review", "cue"]
    for kind in cited:
        model = Citation._meta.get_field(kind).related_model
        assert list(model._base_manager.filter(citations__isnull=True)) == [], kind
    told = {
        "died": "person",
        "biography": "person",
        "premise": "series",
        "synopsis": "episode",
        "runtime_min": "series",
    }
    for field, kind in told.items():
        model = Citation._meta.get_field(kind).related_model
        empty = {None, ""}
        for record in model._base_manager.all():
            if getattr(record, field) not in empty:
                assert record.citations.filter(field=field).exists(), (record, field)


def test_each_word_for_a_role_means_one_role(vocabulary):
    """Importers look roles up by what sources call them, whatever the case."""
    meant = Counter()
    for role in Role.objects.all():
        meant.update(
            {word.lower().strip() for word in [role.name, role.slug, role.slug.replace("-", " "), *role.synonyms]}
        )
    assert [word for word, times in meant.items() if times > 1] == []


def test_the_vocabulary_has_the_roles_that_addresses_rely_on(vocabulary):
    promised = "creator executive-producer co-executive-producer producer showrunner director writer story teleplay"
    promised += " cast guest composer cinematographer editor"
    assert set(promised.split()) <= set(Role.objects.values_list("slug", flat=True))
    positions = list(Role.objects.values_list("position", flat=True))
    assert len(positions) == len(set(positions))
    departments = list(Department.objects.order_by("position").values_list("slug", flat=True))
    assert departments[:4] == ["creation", "directing", "writing", "producing"]
    for model, least in (("genre", 60), ("country", 200), ("language", 150)):
        assert apps.get_model("catalog", model)._base_manager.count() >= least
