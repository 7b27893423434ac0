"""Uploads of real pictures: what is stored of each, upright and without what the file says beside its pixels."""

import pytest
from PIL import Image, ImageChops, ImageStat

from catalog.models import Picture
from catalog.tests.admin.admin_forms import form_errors, submit_form, was_saved
from catalog.tests.hostile.real_images import REAL_IMAGES, UPRIGHT
from catalog.tests.sample_images import stored_files, uploaded_file
from catalog.tests.sources.real_files import FOLDER, needs_real_files

pytestmark = [pytest.mark.django_db, needs_real_files, pytest.mark.filterwarnings("ignore:Corrupt EXIF data")]
TEXTS = {"alt_text": "A picture", "credit": "Somebody", "licence": "CC0"}


def upload(client, name):
    """The response to an upload of a real picture."""
    content = (FOLDER / "images" / name).read_bytes()
    return submit_form(client, "/admin/catalog/picture/add/", file=uploaded_file(content, name), **TEXTS)


def test_each_real_picture_has_an_answer():
    assert {path.name for path in (FOLDER / "images").iterdir()} == REAL_IMAGES.keys()


@pytest.mark.parametrize("name", REAL_IMAGES)
def test_an_upload_of_a_real_picture(admin_client, name):
    answer, response = REAL_IMAGES[name], upload(admin_client, name)
    if isinstance(answer, str):
        assert form_errors(response)[0] == answer
        assert (stored_files(), Picture.objects.count()) == ({}, 0)
        return
    assert was_saved(response)
    picture = Picture.objects.get()
    assert (picture.width, picture.height, picture.file.name.rpartition(".")[2]) == answer
    assert stored_files().keys() == set(picture.file_names())
    for path in stored_files().values():
        with Image.open(path) as image:
            assert dict(image.getexif()) == {}, path
            assert {"exif", "icc_profile", "xmp", "comment"}.isdisjoint(image.info), path
            assert getattr(image, "n_frames", 1) == 1, path


@pytest.mark.parametrize("name", UPRIGHT)
def test_a_turned_picture_is_stored_upright(admin_client, name):
    assert was_saved(upload(admin_client, name))
    with Image.open(FOLDER / "images" / "hopper.webp") as upright, Picture.objects.get().file as file:
        difference = ImageChops.difference(upright.convert("RGB"), Image.open(file).convert("RGB"))
    assert max(ImageStat.Stat(difference).mean) < 15
