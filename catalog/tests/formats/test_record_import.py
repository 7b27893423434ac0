"""Import of tables as records, without requests and forms."""

from dataclasses import dataclass

import pytest
from django.db import OperationalError

from catalog.formats.namesakes import Namesakes
from catalog.formats.record_import import CellChange, Outcome, import_table
from catalog.formats.row_lookup import RowLookup
from catalog.formats.table_schema import TableSchema
from catalog.models import Character, Company, Country, Credit, Episode, Person, Season, Series, SeriesCompany, Song
from catalog.spreadsheet_files import Table
from catalog.spreadsheet_rows import Formula
from catalog.tests import factories as make
from catalog.tests.outages import LOCKED, WRITES, outage

pytestmark = pytest.mark.django_db


@dataclass
class Permissions:
    """Fixed permissions."""

    may_publish: bool = True
    adds: bool = True
    changes: bool = True

    def may_add(self):
        """Fixed."""
        return self.adds

    def may_change(self, record):
        """Fixed."""
        return self.changes


def run(model, *rows, dry_run=False, **permissions):
    """Import dicts."""
    table = Table(list(rows[0]), {number: list(row.values()) for number, row in enumerate(rows, 2)})
    return import_table(TableSchema(model), table, Permissions(**permissions), dry_run=dry_run)


def test_rows_add_change_and_leave_records():
    make.person("Ada", born="1815"), make.person("Bea", born="1900")
    rows = [
        {"slug": slug, "name": name, "born": "1815"} for slug, name in (("ada", "Ada"), ("bea", "Bea"), ("", "Cleo"))
    ]
    result = run(Person, *rows)
    assert result.is_valid
    assert [row.outcome for row in result.rows] == [Outcome.UNCHANGED, Outcome.UPDATE, Outcome.NEW]
    assert (result.new_count, result.update_count, result.unchanged_count) == (1, 1, 1)
    assert result.changed_rows == result.rows[1:]
    assert result.rows[1].changes == [CellChange("born", "1900", "1815")]
    assert result.rows[2].changes == [CellChange("name", "", "Cleo"), CellChange("born", "", "1815")]
    assert dict(Person.objects.values_list("slug", "born")) == {"ada": "1815", "bea": "1815", "cleo": "1815"}


def test_a_dry_run_has_the_same_result_and_writes_nothing():
    make.person("Ada", born="1815")
    rows = [{"slug": "ada", "name": "Ada", "born": ""}, {"slug": "", "name": "Bea", "born": ""}]
    dry_run = run(Person, *rows, dry_run=True)
    assert Person.objects.get().born == "1815"
    result = run(Person, *rows)
    assert [row.fingerprint() for row in result.rows] == [row.fingerprint() for row in dry_run.rows]
    assert Person.objects.get(slug="ada").born is None


def test_one_row_with_an_error_stops_the_import_of_all():
    result = run(Person, {"slug": "", "name": "Ada"}, {"slug": "", "name": ""})
    assert not result.is_valid
    assert [row.outcome for row in result.rows] == [Outcome.NEW, Outcome.INVALID]
    assert result.rows[1].errors == [("name", "Every person needs this, and this cell is empty.")]
    assert not Person.objects.exists()


def test_many_to_many_relations_are_set():
    series = make.series("Soundtrack")
    make.genre("Comedy"), make.genre("Western")
    result = run(Series, {"slug": "soundtrack", "genres": "western, comedy"})
    assert result.rows[0].changes == [CellChange("genres", "", "comedy, western")]
    assert series.genres.count() == 2


def test_a_guessed_sort_title_follows_the_languages(vocabulary):
    series = make.series("Die Brücke")
    for languages, sort_title in (("de", "Brücke, Die"), ("", "Die Brücke")):
        run(Series, {"slug": series.slug, "languages": languages})
        assert Series.objects.get().sort_title == sort_title


@pytest.mark.parametrize(
    ("permissions", "message"),
    [
        ({"adds": False}, "You may not add people."),
        ({"may_publish": False}, "“2020-01-01”: Only those who may publish can set this."),
    ],
)
def test_permissions_are_checked_for_new_rows(permissions, message):
    result = run(Person, {"slug": "", "name": "Ada", "published_at": "2020-01-01"}, **permissions)
    assert [text for _, text in result.rows[0].errors] == [message]


def test_permissions_are_checked_for_changed_rows_only():
    make.person("Ada"), make.person("Bea")
    rows = [{"slug": "ada", "name": "Ada"}, {"slug": "bea", "name": "Beatrice"}]
    result = run(Person, *rows, changes=False)
    assert [row.errors for row in result.rows] == [[], [("", "This record is published, or you may not change it.")]]


def test_the_fingerprint_depends_on_the_record_and_the_change():
    make.person("Ada"), make.person("Bea")
    rows = [{"slug": slug, "born": born} for slug, born in (("ada", "1815"), ("bea", "1815"))]
    (ada, bea), (ada_again, _) = run(Person, *rows, dry_run=True).rows, run(Person, *rows, dry_run=True).rows
    (ada_other_year,) = run(Person, {"slug": "ada", "born": "1816"}, dry_run=True).rows
    assert ada.fingerprint() == ada_again.fingerprint()
    assert len({ada.fingerprint(), bea.fingerprint(), ada_other_year.fingerprint()}) == 3


def test_a_dry_run_reports_rows_that_conflict_with_each_other():
    make.artist("Ada")
    rows = [{"slug": "", "title": "Song", "artist": "Ada"}] * 2
    errors = [row.errors for row in run(Song, *rows, dry_run=True).rows]
    assert errors == [[], [("", "This recording is there already.")]]


def test_invisible_characters_in_cells_are_no_change():
    make.person("Ada", biography="Wrote.")
    rows = [{"slug": "ada\u200b", "name": "A\u00adda", "biography": "\ufeffWrote.\u00a0"}]
    rows += [{"slug": "", "name": "Be\u200ba", "biography": ""}]
    result = run(Person, *rows)
    assert [row.outcome for row in result.rows] == [Outcome.UNCHANGED, Outcome.NEW]
    assert Person.objects.get(slug="bea").name == "Bea"


ERROR_CELLS = [
    "#N/A",
    "#n/a",
    "#REF!",
    "#DIV/0!",
    "#VALUE!",
    "#NAME?",
    "#NUM!",
    "#NULL!",
    "#SPILL!",
    "Err:502",
    "#WERT!",
]


@pytest.mark.parametrize("cell", ERROR_CELLS)
def test_an_error_of_a_spreadsheet_is_an_error_in_every_kind_of_column(cell):
    message = f"“{cell}” is an error of the spreadsheet: replace it by a value, or empty the cell."
    ada, episode = make.person("Ada", biography="Known"), make.episode()
    for name in ("slug", "name", "born", "biography", "published_at"):
        (row,) = run(Person, {"slug": ada.slug} | {name: cell}).rows
        assert row.errors == [(name, message)], name
    key = {"person": "ada", "role": "director", "character": ""}
    owner = {"series": episode.series.slug, "season": "1", "episode": "1"}
    for name in (*key, *owner):
        (row,) = run(Credit, key | owner | {name: cell}).rows
        assert row.errors == [(name, message)], name
    (row,) = run(Series, {"slug": episode.series.slug, "genres": cell}).rows
    assert row.errors == [("genres", message)]
    assert Person.objects.get().biography == "Known"


def test_all_error_cells_of_a_row_are_reported():
    (row,) = run(Person, {"slug": "ada", "name": "#N/A", "born": Formula("=A2")}).rows
    assert row.errors == [
        ("name", "“#N/A” is an error of the spreadsheet: replace it by a value, or empty the cell."),
        ("born", "“=A2” is a formula: replace it by its value."),
    ]


def test_a_text_that_only_mentions_an_error_is_a_text():
    for text in ("#N/A is not available", "#NoFilter", "Err", "#1"):
        (row,) = run(Person, {"slug": "", "name": text}).rows
        assert (row.errors, row.label) == ([], text)


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        (
            {"born": "2018-13"},
            ("born", "“2018-13”: Enter a date as 2018, 2018-03 or 2018-03-15, as much of it as is known."),
        ),
        (
            {"slug": "new one"},
            ("slug", "“new one”: Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."),
        ),
        ({"name": "N" * 161}, ("name", f"“{'N' * 60}…”: Ensure this value has at most 160 characters (it has 161).")),
        ({"name": ""}, ("name", "Every person needs this, and this cell is empty.")),
        ({"picture": "nothing"}, ("picture", "There is no picture “nothing”.")),
    ],
)
def test_an_error_names_the_column_and_the_value(cells, error):
    (row,) = run(Person, {"slug": "", "name": "Ada"} | cells).rows
    assert row.errors[0] == (error[0], row.errors[0][1])
    assert row.errors[0][1].replace('"', "”") == error[1]


def test_an_error_in_a_number_names_the_column_and_the_value():
    series = make.season().series.slug
    for cell in ("99999", "-1", "9" * 23):
        (row,) = run(Episode, {"series": series, "season": "1", "number": cell}).rows
        ((column, message),) = row.errors
        assert (column, message.partition(":")[0]) == ("number", f"“{cell}”")
    (row,) = run(Episode, {"series": series, "season": "1", "number": "1", "runtime": "long"}).rows
    assert row.errors == [("runtime", "“long” value must be an integer.")]


def test_a_series_is_named_by_its_title_where_only_one_has_it():
    series = make.series("Lost Kin")
    season = make.season(series)
    episode = make.episode(season)
    assert run(Season, {"series": "Lost Kin", "number": "1"}).rows[0].outcome is Outcome.UNCHANGED
    rows = run(Episode, {"series": "Lost Kin", "season": "1", "number": "1", "runtime": "40"}).rows
    assert (rows[0].record, rows[0].outcome) == (episode, Outcome.UPDATE)
    (row,) = run(Character, {"slug": "", "name": "Ann", "series": "Lost Kin"}).rows
    assert row.errors == []
    assert Character.objects.get().series == series
    (row,) = run(Character, {"slug": "", "name": "Ann", "series": "Lots Kin"}).rows
    assert row.errors == [("series", "There is no series “Lots Kin”.")]


def test_a_title_that_several_series_have_is_reported_with_their_slugs():
    make.series("Lost Kin", slug="lost-kin"), make.season(make.series("Lost Kin", slug="lost-kin-2004"))
    message = "Several series are called “Lost Kin”; give the slug: lost-kin or lost-kin-2004."
    for model, key in (
        (Season, {"number": "1"}),
        (Episode, {"season": "1", "number": "1"}),
        (Character, {"slug": "", "name": "Ann"}),
    ):
        assert run(model, {"series": "Lost Kin"} | key).rows[0].errors == [("series", message)]
    (row,) = run(Season, {"series": "lost-kin-2004", "number": "1"}).rows
    assert row.outcome is Outcome.UNCHANGED


def test_a_series_may_be_named_by_slug_and_by_title_in_different_batches(monkeypatch):
    monkeypatch.setattr("catalog.formats.row_lookup.batches", lambda keys: [[key] for key in keys])
    season = make.season(make.series("Lost Kin"))
    make.episode(season, number=1), make.episode(season, number=2)
    keys = [{"series": name, "season": "1"} for name in ("Lost Kin", "lost-kin")]
    rows = run(Episode, keys[0] | {"number": "1"}, keys[1] | {"number": "2"}).rows
    assert [row.outcome for row in rows] == [Outcome.UNCHANGED] * 2


def test_a_slug_comes_before_a_title():
    make.series("wire", slug="other")
    season = make.season(make.series("The Wire", slug="wire"))
    (row,) = run(Season, {"series": "wire", "number": "1", "title": "One"}).rows
    assert (row.record, row.outcome) == (season, Outcome.UPDATE)
    (row,) = run(Episode, {"series": "wire", "season": "1", "number": "1"}).rows
    assert (row.errors, Episode.objects.get().season) == ([], season)


def test_other_related_records_are_named_likewise():
    episode = make.episode()
    make.person("Ann Roe"), make.person("Bo Roe", slug="bo"), make.person("Bo Roe", slug="bo-2"), make.role("director")
    key = {"role": "Director", "series": episode.series.slug, "season": "1", "episode": "1", "character": ""}
    rows = run(Credit, {"person": "Ann Roe"} | key, {"person": "Bo Roe"} | key, dry_run=True).rows
    assert [row.errors for row in rows] == [
        [],
        [("person", "Several people are called “Bo Roe”; give the slug: bo or bo-2.")],
    ]
    make.genre("Comedy"), make.genre("Western")
    row = run(Series, {"slug": episode.series.slug, "genres": "Western, comedy, western"}).rows[0]
    assert row.changes == [CellChange("genres", "", "comedy, western")]
    row = run(Series, {"slug": episode.series.slug, "genres": "Western, Comedy"}).rows[0]
    assert row.outcome is Outcome.UNCHANGED


def test_related_records_are_named_in_any_case_and_as_the_search_folds_them():
    series, country = make.series("Élite Force"), Country.objects.create(code="FR", name="France")
    season, company = make.season(series), make.company("Studio Été")
    make.genre("Science fiction"), make.genre("Drama")
    for title in ("ÉLITE FORCE", "elite force", "Elite-Force", "ELITE-FORCE"):
        assert run(Season, {"series": title, "number": "1"}).rows[0].record == season
        row = run(Character, {"slug": "", "name": title, "series": title}, dry_run=True).rows[0]
        assert (row.errors, row.outcome) == ([], Outcome.NEW)
    row = run(Series, {"slug": series.slug, "genres": "SCIENCE FICTION, drama", "countries": "fr"}).rows[0]
    assert (row.errors, {genre.name for genre in series.genres.all()}) == ([], {"Drama", "Science fiction"})
    assert series.countries.get() == country
    row = run(SeriesCompany, {"series": "elite force", "company": "STUDIO ETE", "part": "network"}).rows[0]
    assert (row.errors, SeriesCompany.objects.get().company) == ([], company)
    company.aliases.create(name="Old Été")
    row = run(SeriesCompany, {"series": "elite force", "company": "old ete", "part": "production"}).rows[0]
    assert row.errors == []


def test_a_folded_name_that_several_have_is_reported_unless_one_is_written_so():
    make.person("Zoë Roe"), make.person("Zoe ROE")
    series = make.series()
    make.role("creator")
    key = {"series": series.slug, "season": "", "episode": "", "role": "creator", "character": ""}
    (row,) = run(Credit, {"person": "zoe roe"} | key, dry_run=True).rows
    assert row.errors == [("person", "Several people are called “zoe roe”; give the slug: zoe-roe or zoe-roe-2.")]
    (row,) = run(Credit, {"person": "Zoë Roe"} | key).rows
    assert (row.errors, Credit.objects.get().person.name) == ([], "Zoë Roe")


def test_a_new_record_is_a_namesake_in_any_case():
    make.person("Zoë Roe")
    rows = run(Person, {"slug": "", "name": "zoe roe"}, {"slug": "", "name": "ZOE ROE"}, dry_run=True).rows
    message = "A person called “Zoë Roe” is there already; to change it, give its slug: zoe-roe."
    assert [row.notice for row in rows] == [message, message]
    rows = run(Person, {"slug": "", "name": "Bo Lee"}, {"slug": "", "name": "BO LEE"}, dry_run=True).rows
    assert [row.notice for row in rows] == ["", "Row 2 adds a person called “BO LEE” too."]


def test_rows_that_name_a_series_by_slug_and_title_are_about_the_same_record():
    make.series("Lost Kin")
    rows = run(Season, {"series": "Lost Kin", "number": "1"}, {"series": "lost-kin", "number": "1"}).rows
    assert [row.errors for row in rows] == [[], [("", "Row 2 is about the same record.")]]


@pytest.mark.parametrize(
    ("model", "cells", "notice"),
    [
        (Person, {"name": "Ada", "born": "1815"}, "A person called “Ada” (1815-12-10) is there already; {give}: ada."),
        (Person, {"name": "Ada", "born": ""}, "A person called “Ada” (1815-12-10) is there already; {give}: ada."),
        (Person, {"name": "Ada"}, "A person called “Ada” (1815-12-10) is there already; {give}: ada."),
        (Person, {"name": "Bea", "born": "1900"}, "A person called “Bea” is there already; {give}: bea."),
        (
            Person,
            {"name": "Cleo"},
            "Several people called “Cleo” are there already; to change one, give its slug: cleo or cleo-2.",
        ),
        (Person, {"slug": "ada-l", "name": "Ada"}, "A person called “Ada” (1815-12-10) is there already; {give}: ada."),
        (
            Series,
            {"title": "Lost Kin", "premiered": "1999"},
            "A series called “Lost Kin” is there already; {give}: lost-kin.",
        ),
        (Company, {"name": "Studio"}, "A company called “Studio” is there already; {give}: studio."),
        (Person, {"name": "Ada", "born": "1816"}, ""),
        (Person, {"name": "Ada", "born": "1815-12-11"}, ""),
        (Person, {"name": "Adam", "born": "1815"}, ""),
    ],
)
def test_a_new_record_with_the_name_of_a_stored_one_says_so(model, cells, notice):
    make.person("Ada", born="1815-12-10"), make.person("Bea"), make.person("Cleo"), make.person("Cleo")
    make.series("Lost Kin"), make.company("Studio")
    (row,) = run(model, {"slug": ""} | cells, dry_run=True).rows
    assert (row.outcome, row.errors) == (Outcome.NEW, [])
    assert row.notice == notice.format(give="to change it, give its slug")
    assert row.outcome_label == ("Name is there already" if notice else "New")


def test_two_new_rows_of_one_name_are_reported():
    rows = run(Person, *[{"slug": "", "name": name} for name in ("Ada", "Bea", "Ada")]).rows
    assert [row.notice for row in rows] == ["", "", "Row 2 adds a person called “Ada” too."]


def test_a_namesake_added_after_the_dry_run_changes_the_fingerprint():
    cells = {"slug": "", "name": "Ada"}
    (before,) = run(Person, cells, dry_run=True).rows
    make.person("Ada")
    (after,) = run(Person, cells, dry_run=True).rows
    assert before.fingerprint() != after.fingerprint()


def test_a_changed_record_is_no_namesake_of_itself():
    make.person("Ada")
    (row,) = run(Person, {"slug": "ada", "name": "Ada", "born": "1815"}).rows
    assert (row.outcome_label, row.notice) == ("Changed", "")


def test_namesakes_are_read_in_three_queries_for_all_rows(django_assert_num_queries):
    schema = TableSchema(Person)
    for total in (1, 5):
        with django_assert_num_queries(5):  # records by slug, former slugs, namesakes by name, by alias, by folded name
            lookup = RowLookup(schema, [{"slug": f"new-{n}", "name": f"New {n}"} for n in range(total)])
            Namesakes(Person, lookup.new_names)


@pytest.mark.parametrize(
    ("model", "cells", "errors"),
    [
        (Episode, {"number": "1", "season": ""}, [("season", "Every episode needs this, and this cell is empty.")]),
        (Person, {"slug": "ada"}, [("name", "Every person needs this, and the file has no such column.")]),
    ],
)
def test_a_missing_value_is_reported_in_words_of_the_file(model, cells, errors):
    (row,) = run(model, cells).rows
    assert row.errors == errors


def test_an_outage_is_not_blamed_on_a_row():
    with pytest.raises(OperationalError), outage(LOCKED, WRITES):
        run(Person, {"slug": "", "name": "Ada"})
    assert not Person.objects.exists()
