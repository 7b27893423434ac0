"""A backup is of one moment, whole, and there or not."""

import datetime as dt
import os
import stat
import threading

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from catalog.formats.backup import create, restore, tables
from catalog.formats.backup.archive import BackupError
from catalog.models import Change, Edit, Episode, Picture, Series, record_edit
from catalog.tests import factories as make
from catalog.tests.formats.backup.site_rows import (
    empty_site,
    zip_members,
)
from catalog.tests.sample_images import stored_files

pytestmark = pytest.mark.django_db


def test_a_picture_file_that_is_not_there_is_reported(small_site, capsys):
    name = next(name for name in stored_files() if name.endswith(".webp"))
    stored_files()[name].unlink()
    call_command("backup", small_site)
    assert f"so the backup lacks them: 1 ({name})." in capsys.readouterr().err
    empty_site()
    call_command("restore", small_site)
    assert f"Picture files that the backup lacks: 1 ({name})." in capsys.readouterr().err
    assert Picture.objects.count() == 1


def test_files_of_deleted_pictures_and_only_whole_ones_are_in_it(small_site):
    Picture.objects.get().delete()
    picture = next(iter(stored_files().values()))
    picture.with_name(".x.jpg.draft").write_bytes(b"half")
    create.create_backup(small_site)
    names = {name for name in zip_members(small_site) if name.startswith("pictures/")}
    assert names == {name for name in stored_files() if ".draft" not in name}


def test_a_failed_backup_leaves_the_former_one(small_site, monkeypatch):
    content = small_site.read_bytes()
    draft = small_site.with_name(".site.zip.x.draft")
    draft.touch()
    os.utime(draft, (0, 0))  # of a process that was killed long ago
    with monkeypatch.context() as patch:
        patch.setattr(create, "write_files", lambda *args: (_ for _ in ()).throw(OSError(28, "No space left")))
        with pytest.raises(BackupError, match=r"site\.zip was not written: No space left\.$"):
            create.create_backup(small_site)
    assert small_site.read_bytes() == content
    assert list(small_site.parent.glob("*.draft")) == []
    assert stat.S_IMODE(small_site.stat().st_mode) == 0o600  # it has the hashes of passwords
    with pytest.raises(BackupError, match="Not a directory"):
        create.create_backup(small_site / "folder" / "x.zip")


def test_a_database_of_an_earlier_version_is_not_backed_up(small_site, monkeypatch):
    monkeypatch.setattr(create, "migrations", lambda: (["catalog.0001_initial"], ["catalog.0002_search"]))
    with pytest.raises(BackupError, match="of an earlier version than the code"):
        create.create_backup(small_site)
    monkeypatch.setattr(restore, "migrations", create.migrations)
    with pytest.raises(BackupError, match=r"run manage\.py migrate first"):
        restore.restore_backup(small_site)


class Writer(threading.Thread):
    """Adds episodes to a series and writes their number into its title, both in one edit."""

    def __init__(self, series):
        super().__init__()
        self.series, self.stop, self.saves, self.versions = series, threading.Event(), 0, {}

    def run(self):
        """Write until ``stop`` is set."""
        season = self.series.seasons.get()
        try:
            while not self.stop.is_set():
                with record_edit(None, "One more"):
                    make.credit(make.episode(season, self.saves + 1), "Ann Lee", "director")
                    self.series.title = str(self.saves + 1)
                    self.series.save()
                    version = Change.objects.version()
                self.saves += 1
                self.versions[version] = self.saves
        finally:
            connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_backup_beside_a_writer_is_of_one_moment(tmp_path, monkeypatch):
    season = make.season(make.series("0", slug="growing"))
    make.role("director")
    writer, saves = Writer(season.series), []

    def table_lines(model):
        if model in (Series, Episode, Change):  # go on when the writer has saved twice more
            target = writer.saves + 2
            deadline = timezone.now() + dt.timedelta(seconds=60)
            while writer.saves < target and writer.is_alive() and timezone.now() < deadline:
                writer.join(0.01)
        saves.append(writer.saves)
        return tables.table_lines(model)

    monkeypatch.setattr(create, "table_lines", table_lines)
    writer.start()
    try:
        while not writer.saves and writer.is_alive():
            writer.join(0.01)
        saves.append(writer.saves)
        create.create_backup(tmp_path / "site.zip")
    finally:
        writer.stop.set()
        writer.join()
    assert saves[-1] >= saves[1] + 6  # it went on meanwhile
    call_command("flush", interactive=False, verbosity=0)
    restore.restore_backup(tmp_path / "site.zip")
    number = int(Series.objects.get().title)
    assert saves[0] <= number <= saves[1] + 1
    assert writer.versions[Change.objects.order_by("-pk")[1].pk] == number
    assert Episode.objects.count() == Edit.objects.count() == number
    assert sorted(Episode.objects.values_list("number", flat=True)) == list(range(1, number + 1))
    assert Episode.objects.filter(credits__person__name="Ann Lee").count() == number
