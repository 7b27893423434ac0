"""Stored arrays answer as SQL does after a start, and only those of this code, this database and undamaged ones."""

import datetime as dt

import pytest
from django.utils import timezone

from catalog.facets.episode import EpisodeFacets
from catalog.facets.index import registry, stored_arrays
from catalog.models import Change, Episode, Role, Season
from catalog.tests import factories as make
from catalog.tests.facets.test_index import LISTS, SELECTIONS, assert_index_equals_sql, create_catalogue


@pytest.fixture
def stored(db, settings, tmp_path, monkeypatch):
    """The directory with the arrays of all lists of the catalogue of test_index, which cannot be read again."""
    settings.INDEX_ROOT = tmp_path
    create_catalogue()
    for facet_set in LISTS:
        registry.ListIndex(facet_set).read()
    monkeypatch.setattr(registry, "BUILDERS", dict.fromkeys(registry.BUILDERS))
    return tmp_path


def arrays(folder, kind="episode"):
    """Return the files of one list."""
    return sorted(folder.glob(f"{kind}-*.arrays"))


@pytest.mark.parametrize("facet_set", LISTS)
def test_a_start_finds_the_arrays(stored, facet_set):
    for query in ("", *SELECTIONS[facet_set][::4]):
        assert_index_equals_sql(facet_set, query)
    assert not registry._indexes[facet_set].value.segments[0][0].pks.flags.writeable


def test_later_changes_are_caught_up_with(stored, monkeypatch):
    monkeypatch.undo()
    Episode.objects.first().delete()
    make.credit(make.episode(Season.objects.last(), 8, air_date="2010"), "Dee", "director")
    for facet_set in LISTS:
        assert_index_equals_sql(facet_set)
        assert len(registry._indexes[facet_set].value.segments) == 2


def test_what_was_scheduled_since_is_there(stored, monkeypatch):
    monkeypatch.undo()
    arrays(stored)[0].unlink()
    Episode.objects.filter(number=2).update(published_at=timezone.now() + dt.timedelta(hours=1))
    registry.ListIndex(EpisodeFacets).read()
    later = timezone.now() + dt.timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert_index_equals_sql(EpisodeFacets)
    assert [len(segment) for segment, _ in registry._indexes[EpisodeFacets].value.segments] == [2, 2]


def test_another_process_uses_the_same_file(stored):
    value, version, _ = registry.ListIndex(EpisodeFacets).read()
    assert (len(value.segments[0][0]), version) == (4, Change.objects.version())


def test_damaged_files_are_made_anew(stored, monkeypatch, caplog):
    (file,) = arrays(stored)
    content, middle = file.read_bytes(), file.stat().st_size // 2
    changed = content[:middle] + bytes(byte ^ 1 for byte in content[middle : middle + 200]) + content[middle + 200 :]
    for damaged in (b"", bytes(999), content[:-200], content[:20] + b"x" + content[21:], changed):
        file.write_bytes(damaged)
        caplog.clear()
        assert stored_arrays.load("episode") is None
        assert "is damaged" in caplog.text
        assert not arrays(stored)
    monkeypatch.undo()
    assert_index_equals_sql(EpisodeFacets)


def change_the_log():
    Change.objects.filter(pk=Change.objects.version()).update(at=timezone.now() + dt.timedelta(microseconds=5))


def shorten_the_log():
    Change.objects.filter(pk=Change.objects.version()).delete()


@pytest.mark.parametrize("replace_database", [change_the_log, shorten_the_log])
def test_arrays_of_another_database_are_not_used(stored, replace_database):
    replace_database()
    assert stored_arrays.load("episode") is None
    assert arrays(stored)


def test_arrays_of_other_code_are_not_used_and_are_replaced(stored, monkeypatch):
    before = arrays(stored)
    monkeypatch.undo()
    monkeypatch.setattr(stored_arrays, "code_checksum", lambda: 7)
    assert stored_arrays.load("episode") is None
    registry.ListIndex(EpisodeFacets).read()
    (after,) = arrays(stored)
    assert [after] != before
    assert stored_arrays.load("episode")


def test_arrays_that_are_too_old_are_read_again(stored, monkeypatch):
    make.genre("Noir")
    assert stored_arrays.load("episode")
    monkeypatch.setattr(stored_arrays, "MAX_CHANGES", 0)
    assert stored_arrays.load("episode") is None


def test_a_change_of_everything_reads_the_list_again(stored, monkeypatch):
    assert_index_equals_sql(EpisodeFacets)
    director = Role.objects.get(slug="director")
    director.department = Role.objects.get(slug="cast").department
    director.save()
    monkeypatch.undo()
    assert_index_equals_sql(EpisodeFacets)
    registry.reset()
    assert_index_equals_sql(EpisodeFacets)


def test_without_a_writable_disk_the_list_is_held_by_the_process(stored, settings, tmp_path, monkeypatch, caplog):
    monkeypatch.undo()
    settings.INDEX_ROOT = tmp_path / "file" / "folder"
    (tmp_path / "file").write_text("")
    value, *_ = registry.ListIndex(EpisodeFacets).read()
    assert len(value.segments[0][0]) == 4
    assert "Could not store the arrays" in caplog.text
