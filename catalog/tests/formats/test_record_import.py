"""Import of tables as records, without requests and forms."""

from dataclasses import dataclass

import pytest

from catalog.formats.record_import import CellChange, Outcome, import_table
from catalog.formats.spreadsheet_files import Table
from catalog.formats.table_schema import TableSchema
from catalog.models import Person, Series, Song
from catalog.tests import factories as make

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
    assert result.rows[1].errors == [("name", "This field cannot be blank.")]
    assert not Person.objects.exists()


def test_many_to_many_relations_are_set():
    series = make.series("Soundtrack")
    make.genre("Comedy"), make.genre("Western")
    result = run(Series, {"slug": "soundtrack", "genres": "western, comedy"})
    assert result.rows[0].changes == [CellChange("genres", "", "comedy, western")]
    assert series.genres.count() == 2


@pytest.mark.parametrize(
    ("permissions", "message"),
    [
        ({"adds": False}, "You may not add people."),
        ({"may_publish": False}, "Only those who may publish can set this."),
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
