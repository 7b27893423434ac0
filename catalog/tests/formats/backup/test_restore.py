"""A restored site is the same as before, on either database."""

import datetime as dt
import errno
import json
import os
import subprocess
import sys

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import OperationalError

from catalog.formats.backup import archive, create, restore, tables
from catalog.formats.backup.archive import BackupError
from catalog.models import Change, Edit, Person, Picture, Series, SourceFile, SourceImport, record_edit
from catalog.search.index import Index
from catalog.search.indexing import missing_kinds
from catalog.tests import factories as make
from catalog.tests.formats.backup.site_rows import (
    TEXTS,
    edit_manifest,
    empty_site,
    page_etag,
    plain,
    rewrite,
    stored_rows,
    zip_members,
)
from catalog.tests.sample_images import stored_files, uploaded_file
from soundtrack_site.sign_in_log.models import SignIn

pytestmark = pytest.mark.django_db


def test_all_of_a_site_is_restored(soundtrack, roles, editor, one_transaction, tmp_path, client):
    editor.groups.set(Group.objects.all())
    editor.user_permissions.add(Permission.objects.last())
    LogEntry.objects.create(user=editor, action_flag=CHANGE, object_repr="x", content_type=ContentType.objects.last())
    SignIn.objects.log("editor", "2001:db8::1", SignIn.Outcome.SUCCEEDED, SignIn.Method.PASSKEY)
    TOTP.activate(editor, secret := generate_totp_secret())
    client.force_login(editor)
    SourceFile.keep("tvmaze", b'{"name": "\x00\xff"}', retrieved=dt.date(2020, 2, 29))
    SourceImport.objects.create(choices={"a": [1, None, "ä\U0001f3b5"]})
    with record_edit(editor, "Tidied"):
        picture = Picture.objects.create(file=uploaded_file(), **TEXTS)
        Series.objects.update(picture=picture)
        deleted = make.person("Somebody deleted")
        deleted_key = deleted.pk
        deleted.delete()
    rows, files, etag = stored_rows(), {name: path.read_bytes() for name, path in stored_files().items()}, page_etag()
    call_command("backup", tmp_path / "site.zip")
    make.person("Added later")
    later_etag = page_etag()
    empty_site()
    call_command("restore", tmp_path / "site.zip")
    restored = stored_rows()
    *changes, entry = restored["catalog.Change"]
    assert plain(restored | {"catalog.Change": changes}) == plain(rows)
    assert min(len(rows[f"catalog.{name}"]) for name in ("Change", "Edit", "Credit", "SourceFile")) > 0
    assert Change.objects.get(pk=entry[0]).label.startswith("Restored from the backup of 20")
    assert {name: path.read_bytes() for name, path in stored_files().items()} == files
    assert len(files) > 3
    assert Session.objects.exists()  # it was there before; a backup has none
    assert missing_kinds() == []
    assert Index("person").execute("SELECT COUNT(*) FROM catalog_search_person")[0][0] == Person.objects.count()
    assert User.objects.get(username="editor").check_password("editor-password")
    assert get_adapter().decrypt(Authenticator.objects.get().data["secret"]) == secret
    assert SourceFile.objects.get().content == b'{"name": "\x00\xff"}'

    etags = {etag, later_etag}
    assert page_etag() not in etags
    assert make.person("Added again").pk > deleted_key  # whose history is not that of the new one
    assert page_etag() not in etags


def test_a_site_with_rows_is_refused(small_site):
    before = stored_rows()
    with pytest.raises(CommandError, match=r"^The site is not empty: there are rows of catalog\.Picture\. Name a new"):
        call_command("restore", small_site)
    assert stored_rows() == before


def test_rows_that_refer_to_nothing_are_refused(small_site):
    members = zip_members(small_site)
    manifest = json.loads(members["manifest.json"])
    name = "tables/catalog.Edit.jsonl"
    line = b'[1,"2026-01-01T00:00:00+00:00",77,"nell","form","","",null]\n'
    files = manifest["files"] | {name: archive.sha256(line).hexdigest()}
    rewrite(small_site, members | {name: line})
    edit_manifest(small_site, files=files, rows=manifest["rows"] | {"catalog.Edit": 1})
    empty_site()
    with pytest.raises(BackupError, match="do not fit into the database"), tables.transaction.atomic():
        restore.restore_backup(small_site)
    assert not Edit.objects.exists()


def test_an_interrupted_restore_leaves_no_row_and_can_be_repeated(small_site, monkeypatch):
    rows = stored_rows()
    empty_site()
    with monkeypatch.context() as patch:
        patch.setattr(restore, "rebuild_index", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            restore.restore_backup(small_site)
    assert not Series.objects.exists()
    restore.restore_backup(small_site)
    assert stored_rows()["catalog.Series"] == rows["catalog.Series"]


THERE_AND_BACK = """
import sys, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("restore", sys.argv[1])
call_command("backup", sys.argv[2])
"""


def test_through_a_database_of_sqlite_and_back(soundtrack, roles, editor, one_transaction, tmp_path):
    with record_edit(editor, "Tidied"):
        Series.objects.get().save()
        make.person("Zoë \U0001f3b5")
    SourceFile.keep("tvmaze", bytes(range(256)))
    rows = stored_rows()
    create.create_backup(tmp_path / "first.zip")
    environment = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/other.sqlite3",
        "MEDIA_ROOT": str(tmp_path / "other"),
        "DJANGO_SETTINGS_MODULE": "soundtrack_site.settings",
    }
    command = [sys.executable, "-c", THERE_AND_BACK, tmp_path / "first.zip", tmp_path / "second.zip"]
    subprocess.run(command, env=os.environ | environment, cwd=settings.BASE_DIR, check=True, capture_output=True)
    empty_site()
    restore.restore_backup(tmp_path / "second.zip")
    restored = stored_rows()
    assert [Change.objects.get(pk=row[0]).kind for row in restored["catalog.Change"][-2:]] == ["catalogue"] * 2
    assert plain(restored | {"catalog.Change": restored["catalog.Change"][:-2]}) == plain(rows)


def test_a_database_that_cannot_be_written_is_named_in_one_line(small_site, monkeypatch):
    def fail(*args):
        raise OperationalError("database or disk\nis full")

    monkeypatch.setattr(restore, "write_tables", fail)
    monkeypatch.setattr(create, "write_tables", fail)
    with pytest.raises(CommandError, match=r"^The database cannot be read: database or disk is full$"):
        call_command("backup", small_site)
    empty_site()
    with pytest.raises(CommandError, match=r"^The database cannot be written: .* is full\. No row was restored\.$"):
        call_command("restore", small_site)
    assert not Series.objects.exists()


def test_a_picture_that_cannot_be_written_is_named_in_one_line(small_site, monkeypatch):
    def fail(path, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    empty_site()
    monkeypatch.setattr(restore, "write_atomically", fail)
    with pytest.raises(CommandError, match=r"was not written: No space left on device\. No row was restored\.$"):
        call_command("restore", small_site)
    assert not Series.objects.exists()
