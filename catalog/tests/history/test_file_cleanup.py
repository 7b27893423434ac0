"""Picture files are kept as long as the picture can be restored, and deleted afterwards."""

import os
import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from catalog.history.file_cleanup import KEEP_DAYS, delete_unused_files
from catalog.history.undelete import find_deletion, undelete
from catalog.models import Change, Picture, record_edit
from catalog.tests.sample_images import encode_image, stored_files, two_colour_image, uploaded_file

pytestmark = pytest.mark.django_db
TEXTS = {"alt_text": "Two halves", "credit": "Somebody", "licence": "CC0"}


def make_old_picture(size):
    """A picture whose files are two days old."""
    picture = Picture.objects.create(file=uploaded_file(encode_image(two_colour_image(size, size))), **TEXTS)
    for name in picture.file_names():
        os.utime(stored_files()[name], (time.time() - 2 * 86400,) * 2)
    return picture


def test_files_are_deleted_once_no_picture_has_used_them_for_long():
    current, deleted = make_old_picture(80), make_old_picture(90)
    current_names, deleted_names = set(current.file_names()), set(deleted.file_names())
    deleted.delete()
    assert delete_unused_files() == []
    Change.objects.update(at=timezone.now() - timedelta(days=KEEP_DAYS + 1))
    assert set(delete_unused_files()) == deleted_names
    assert set(stored_files()) == current_names


def test_a_deleted_picture_is_restored_with_its_files():
    picture = make_old_picture(80)
    pk, names = picture.pk, picture.file_names()
    picture.delete()
    delete_unused_files()
    with record_edit():
        undelete(find_deletion("picture", pk))
    assert Picture.objects.get(pk=pk).file_names() == names
    assert set(stored_files()) == set(names)


def test_files_without_a_row_are_deleted_unless_they_are_new(capsys):
    picture = make_old_picture(80)
    Change.objects.all().delete()
    Picture.objects.filter(pk=picture.pk)._raw_delete("default")
    os.utime(stored_files()[picture.file.name])
    assert picture.file.name not in delete_unused_files()
    os.utime(stored_files()[picture.file.name], (0, 0))
    call_command("clear_pictures", days=0)
    assert "1 files removed." in capsys.readouterr().out
    assert stored_files() == {}


def test_what_killed_processes_left_is_deleted_after_a_day(settings, capsys):
    """A half-written file, whole files without a row, and the temporary file of an upload."""
    make_old_picture(80)
    names = set(stored_files())
    folder = stored_files()[min(names)].parent
    abandoned = [folder / ".abc-123.jpg.draft", folder / "abc-123.jpg", settings.FILE_UPLOAD_TEMP_DIR / "x.upload.png"]
    for path in abandoned:
        path.write_bytes(b"half")
    call_command("clear_pictures")
    assert all(path.exists() for path in abandoned)
    for path in abandoned:
        os.utime(path, (time.time() - 2 * 86400,) * 2)
    call_command("clear_pictures")
    assert capsys.readouterr().out == "0 files removed.\n3 files removed.\n"
    assert not any(path.exists() for path in abandoned)
    assert set(stored_files()) == names


def test_what_killed_processes_left_is_deleted_at_once_if_the_site_is_stopped(settings, capsys):
    """Files of a current and of a deleted picture, which can be restored, stay."""
    current, deleted = make_old_picture(80), make_old_picture(90)
    deleted.delete()
    names = set(stored_files())
    folder = stored_files()[current.file.name].parent
    abandoned = [folder / ".abc-123.jpg.draft", folder / "abc-123.jpg", settings.FILE_UPLOAD_TEMP_DIR / "x.upload.png"]
    for path in abandoned:
        path.write_bytes(b"half")
    call_command("clear_pictures", at_once=True)
    assert capsys.readouterr().out == "3 files removed.\n"
    assert not any(path.exists() for path in abandoned)
    assert set(stored_files()) == names
