"""Sort keys: the same order on every list, on both databases, and on every way into the database."""

from io import StringIO

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import call_command
from django.db import connection

from catalog.facets.episode import EpisodeFacets
from catalog.facets.index.engine import IndexEngine
from catalog.facets.person import PersonFacets
from catalog.facets.series import SeriesFacets
from catalog.facets.sql_engine import SqlEngine
from catalog.history.merge_records import merge_records
from catalog.history.write_rows import write_rows
from catalog.models import Change, Company, Episode, Language, Person, Series, Song
from catalog.models.change_recorder import logged_columns
from catalog.models.series import sort_title_key, sort_title_of
from catalog.models.sort_key import SORT_KEY_LENGTH, sort_key_field, sort_name_key, split_article, title_sort_key
from catalog.tests import factories as make
from catalog.tests import page_parsing
from catalog.tests.admin.admin_forms import admin_url, change_url, submit_form, was_saved

SORTED_MODELS = [model for model in apps.get_app_config("catalog").get_models() if sort_key_field(model)]


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("iCarly", "icarly"),
        ("black-ish", "black ish"),
        ("Élite", "elite"),
        ("The Office", "office"),
        ("“The Office” Special", "office special"),
        ("...And Justice for All", "and justice for all"),
        ("¡Ay, Carmela!", "ay carmela"),
        ("#blackAF", "blackaf"),
        ("L'Agence", "agence"),
        ("L’Été meurtrier", "ete meurtrier"),
        ("Les Revenants", "revenants"),
        ("La casa de papel", "casa de papel"),
        ("Das Boot", "boot"),
        ("Het Klokhuis", "klokhuis"),
        ("'t Schaep", "schaep"),
        ("Las Vegas", "las vegas"),
        ("Los Angeles", "los angeles"),
        ("La La Land", "la la land"),
        ("LA Weekly", "la weekly"),
        ("LA HAINE", "haine"),
        ("Die Hard", "die hard"),
        ("A-Team", "a team"),
        ("A to Z", "a to z"),
        ("A Place", "place"),
        ("The", "the"),
        ("The The", "the"),
        ("Don't Look", "dont look"),
        ("Ødegård & Straße", "odegard strasse"),
        ("Зима", "zima"),
        ("???", "???"),
        ("", ""),
    ],
)
def test_titles_are_folded_without_marks_and_articles(title, key):
    assert title_sort_key(title) == key


@pytest.mark.parametrize(
    ("title", "languages", "sort_title"),
    [
        ("Die Brücke", {"de"}, "Brücke, Die"),
        ("Die Hart", {"en"}, "Die Hart"),
        ("Die Hart", (), "Die Hart"),
        ("Os Normais", {"pt"}, "Normais, Os"),
        ("As Told by Ginger", {"en"}, "As Told by Ginger"),
        ("I Medici", {"it"}, "Medici, I"),
        ("I Love Lucy", {"en"}, "I Love Lucy"),
        ("L'Amica geniale", {"it"}, "Amica geniale, L'"),
        ("Un gars, une fille", {"fr", "en"}, "gars, une fille, Un"),
        ("Al-Rawabi School for Girls", {"ar"}, "Rawabi School for Girls, Al-"),
        ("Den som dræber", {"da"}, "som dræber, Den"),
        ("The Bridge", {"sv"}, "Bridge, The"),
        ("La Brea", {"en"}, "La Brea"),
        ("La Brea", {"es"}, "La Brea"),
        ("Az ember", {"hu"}, "ember, Az"),
    ],
)
def test_articles_follow_the_languages_of_a_series(title, languages, sort_title):
    assert sort_title_of(title, languages) == sort_title


def test_an_unknown_language_has_no_articles_but_english_ones():
    assert split_article("La casa", {"xx"}) == ("", "La casa")
    assert split_article("The Hour", {"xx"}) == ("The", "Hour")


@pytest.mark.parametrize(
    ("sort_title", "key"),
    [
        ("Office, The", "office"),
        ("Amica geniale, L’", "amica geniale"),
        ("The Office", "the office"),
        ("Lock, Stock", "lock stock"),
        ("The", "the"),
    ],
)
def test_an_article_at_the_end_does_not_count(sort_title, key):
    assert sort_title_key(sort_title) == key


def test_family_names_precede_longer_ones():
    names = ["Lee, Zoe", "Lee Evans, Ann", "Léon, Bo", "O'Brien, Al", "obrien, Zed", "(unknown)"]
    assert sorted({*names}, key=sort_name_key) == names


def test_models_that_are_listed_by_name_have_a_sort_key():
    texts = {"name", "title"}
    listed = {
        model
        for model in apps.get_app_config("catalog").get_models()
        if texts & {str(order).lstrip("-") for order in model._meta.ordering}
        or texts & {field.name for field in model._meta.fields}
    }
    assert {model.__name__ for model in listed - set(SORTED_MODELS)} == {"Season"}  # sorted by number


def test_people_and_series_are_in_the_same_order_everywhere(db):
    titles = ["Zoo", "iCarly", "Élite", "black-ish", "The Office", "“Quoted”"]
    for title in titles:
        make.series(title)
        make.company(title)
        make.person(title, sort_name=title)
    expected = ["black-ish", "Élite", "iCarly", "The Office", "“Quoted”", "Zoo"]
    assert list(Company.objects.values_list("name", flat=True)) == expected
    assert list(Series.objects.values_list("title", flat=True)) == expected
    people = ["black-ish", "Élite", "iCarly", "“Quoted”", "The Office", "Zoo"]
    assert list(Person.objects.values_list("name", flat=True)) == people


def test_the_collation_of_a_database_does_not_matter(db):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*), count(*) FILTER (WHERE collation_name = 'C') FROM information_schema.columns "
                "WHERE column_name = 'sort_key' AND table_name LIKE 'catalog_%'"
            )
            assert cursor.fetchone() == (len(SORTED_MODELS), len(SORTED_MODELS))


def check_keys():
    """Compare every stored key with what its record computes; the number of records."""
    total = 0
    for model in SORTED_MODELS:
        for record in model._base_manager.all():
            stored = model._base_manager.filter(pk=record.pk).values_list("sort_key", flat=True).get()
            assert stored == record.sort_key, record
            total += 1
    return total


def test_loaded_fixtures_have_their_keys(soundtrack):
    assert check_keys() > 200
    assert Song.objects.filter(sort_key="").count() == 0


@pytest.mark.parametrize("model", SORTED_MODELS, ids=lambda model: model.__name__)
def test_every_way_of_writing_fills_the_key(soundtrack, model):
    record = model._base_manager.first()
    field = sort_key_field(model).sources[0]
    stored = model._base_manager.filter(pk=record.pk)

    def blank():
        stored.update(sort_key="stale")

    blank()
    record.save()
    assert stored.get().sort_key == stored.values_list("sort_key", flat=True).get() != "stale"
    blank()
    data = serializers.serialize("json", [record], use_natural_foreign_keys=True)
    assert "sort_key" not in data
    for deserialized in serializers.deserialize("json", data):
        deserialized.save()
    assert stored.values_list("sort_key", flat=True).get() == record.sort_key
    row = {name: value for name, value in stored.values().get().items() if name != "sort_key"}
    write_rows({(model, record.pk): row | {field: "The Éclair"}})
    assert stored.values_list("sort_key", flat=True).get() == stored.get().sort_key
    assert "eclair" in stored.values_list("sort_key", flat=True).get()
    change = Change.objects.first()
    assert "sort_key" not in {*change.fields, *(change.before or {}), *(change.after or {})}
    partly = model._base_manager.only(field).get(pk=record.pk)
    setattr(partly, field, "The Fjord")
    partly.save()
    assert "fjord" in stored.values_list("sort_key", flat=True).get()
    setattr(partly, field, "The Grève")
    partly.save(update_fields=[field])
    assert "greve" in stored.values_list("sort_key", flat=True).get()


def test_a_restored_record_has_its_key(db):
    company = make.company("Élan")
    row = Company.objects.filter(pk=company.pk).values(*logged_columns(Company)).get()
    write_rows({(Company, company.pk): None})
    write_rows({(Company, company.pk): row})
    assert Company.objects.values_list("sort_key", flat=True).get() == "elan"


def test_merged_records_keep_the_key_of_their_target(db):
    first, second = make.company("Zed"), make.company("Élan")
    plan = merge_records(first, second)
    assert plan is not None
    assert Company.objects.values_list("name", "sort_key").get() == ("Zed", "zed")


def test_a_key_is_cut_at_the_length_of_its_column(db):
    episode = make.episode(title="漢" * 200)
    assert len(Episode.objects.get(pk=episode.pk).sort_key) == SORT_KEY_LENGTH


def test_dumped_and_loaded_rows_are_the_same(db):
    make.company("Élan")
    output = StringIO()
    call_command("dumpdata", "catalog.company", stdout=output)
    assert "sort_key" not in output.getvalue()


def test_a_sort_title_follows_a_rename(db):
    make.series("The Office")
    series = Series.objects.get()
    series.title = "A Place"
    series.save()
    assert Series.objects.values_list("sort_title", "sort_key").get() == ("Place, A", "place")
    series.sort_title = "Somewhere"
    series.save()
    series.title = "The Hour"
    series.save()
    assert Series.objects.values_list("sort_title", "sort_key").get() == ("Somewhere", "somewhere")


def test_a_sort_title_follows_the_languages(vocabulary):
    series = make.series("Die Brücke")
    series.languages.add(Language.objects.get(code="de"))
    series.follow_languages(set())
    assert Series.objects.values_list("sort_title", "sort_key").get() == ("Brücke, Die", "brucke")
    series.title = "Die Kaiserin"
    series.save()
    assert Series.objects.get().sort_title == "Kaiserin, Die"
    series.languages.clear()
    series.follow_languages({"de"})
    assert Series.objects.get().sort_title == "Die Kaiserin"


def test_the_form_changes_a_guessed_sort_title_with_the_languages(vocabulary, admin_client):
    series, german = make.series("Die Brücke"), Language.objects.get(code="de")
    assert was_saved(submit_form(admin_client, change_url(series), languages=str(german.pk)))
    assert Series.objects.get().sort_title == "Brücke, Die"


def test_lists_of_the_admin_sort_by_the_key(admin_client):
    for title in ("Zoo", "Élite", "iCarly", "The Office"):
        make.series(title)
        make.company(title)
    for model, column in ((Series, 1), (Company, 1)):
        for order in ("", f"?o={column}"):
            page = page_parsing.get_page(admin_client, f"{admin_url(model)}{order}")
            records = [page_parsing.text(link) for link in page.cssselect("#result_list tbody th a")]
            assert records == ["Élite", "iCarly", "The Office", "Zoo"], (model, order)


def result_slugs(client, url):
    """The slugs of a list's rows."""
    return page_parsing.result_slugs(page_parsing.get_page(client, url))


@pytest.mark.parametrize("engine", [IndexEngine, SqlEngine])
def test_lists_and_facets_have_the_order_of_the_keys_in_both_engines(monkeypatch, client, db, engine):
    monkeypatch.setattr(EpisodeFacets, "engines", (engine,))
    monkeypatch.setattr(SeriesFacets, "engines", (engine,))
    monkeypatch.setattr(PersonFacets, "engines", (engine,))
    directors = {"Zoo": "Ann Zill", "Élite": "Zoe Åkerman", "iCarly": "Bo ’t Hart", "The Office": "Al Day"}
    for title, person in directors.items():
        episode = make.episode(make.season(make.series(title)), title=title)
        make.credit(episode, person)
    assert result_slugs(client, "/series/") == ["elite", "icarly", "the-office", "zoo"]
    assert result_slugs(client, "/episodes/?sort=title")[0] == "elite/s01e01"
    assert result_slugs(client, "/people/") == ["zoe-akerman", "al-day", "bo-t-hart", "ann-zill"]
    page = page_parsing.get_page(client, "/episodes/")
    for facet, slugs in (
        ("series", ["elite", "icarly", "the-office", "zoo"]),
        ("director", ["zoe-akerman", "al-day", "bo-t-hart", "ann-zill"]),
    ):
        values = page.cssselect(f'[data-facet="{facet}"] [data-value]')
        assert [value.get("data-value") for value in values] == slugs
    initials = page_parsing.get_page(client, "/people/").cssselect('[data-facet="initial"] [data-value]')
    assert [value.get("data-value") for value in initials] == ["a", "d", "h", "z"]
