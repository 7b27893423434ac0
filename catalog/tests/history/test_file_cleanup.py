"""Files of pictures stay as long as the picture can be taken back, and no longer."""

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
SAID = {"alt_text": "Two halves", "credit": "Somebody", "licence": "CC0"}


def picture(size):
    """A picture whose files are two days old."""
    made = Picture.objects.create(file=uploaded_file(encode_image(two_colour_image(size, size))), **SAID)
    for name in made.file_names():
        os.utime(stored_files()[name], (time.time() - 2 * 86400,) * 2)
    return made


def test_what_a_picture_has_stays_and_what_nobody_has_had_for_long_goes():
    kept, gone = picture(80), picture(90)
    names, of_gone = set(kept.file_names()), set(gone.file_names())
    gone.delete()
    assert delete_unused_files() == []
    Change.objects.update(at=timezone.now() - timedelta(days=KEEP_DAYS + 1))
    assert set(delete_unused_files()) == of_gone
    assert set(stored_files()) == names


def test_a_deleted_picture_comes_back_with_its_files():
    gone = picture(80)
    pk, names = gone.pk, gone.file_names()
    gone.delete()
    delete_unused_files()
    with record_edit():
        undelete(find_deletion("picture", pk))
    assert Picture.objects.get(pk=pk).file_names() == names
    assert set(stored_files()) == set(names)


def test_an_upload_under_way_is_left_alone_and_what_a_kill_left_goes(capsys):
    made = picture(80)
    Change.objects.all().delete()
    Picture.objects.filter(pk=made.pk)._raw_delete("default")
    os.utime(stored_files()[made.file.name])
    assert made.file.name not in delete_unused_files()
    os.utime(stored_files()[made.file.name], (0, 0))
    call_command("clear_pictures", days=0)
    assert "1 files removed." in capsys.readouterr().out
    assert stored_files() == {}
