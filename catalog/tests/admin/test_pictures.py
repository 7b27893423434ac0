"""Uploads in the admin: pictures are saved with all files; a bad file is a form error and leaves no file."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from PIL import Image

from catalog.admin import picture as picture_admin
from catalog.models import Picture
from catalog.tests import factories as make
from catalog.tests import page_parsing
from catalog.tests.admin.admin_forms import admin_url, change_url, deletion_data, form_errors, submit_form, was_saved
from catalog.tests.hostile.pictures import png_claiming
from catalog.tests.sample_images import encode_image, stored_files, two_colour_image, uploaded_file

pytestmark = pytest.mark.django_db
TEXTS = {"alt_text": "Two halves", "credit": "Somebody", "licence": "CC0"}
ADD = "/admin/catalog/picture/add/"


def test_a_picture_is_saved_with_all_its_files_whatever_its_name(admin_client):
    assert was_saved(
        submit_form(
            admin_client, ADD, file=uploaded_file(encode_image(two_colour_image(400, 300)), f"{'a' * 120}.svg"), **TEXTS
        )
    )
    picture = Picture.objects.get()
    assert (picture.width, picture.height, picture.file.name[-4:]) == (400, 300, ".jpg")
    assert stored_files().keys() == set(picture.file_names())


BAD = {
    "no picture at all": (b"<!doctype html><script>alert(1)</script>", "Choose a picture as JPEG"),
    "a drawing": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "Choose a picture as JPEG"),
    "another format": (encode_image(format="GIF"), "Choose a picture as JPEG"),
    "script and picture at once": (b"GIF89a/*\x00\x00*/=1;alert(1)", "Choose a picture as JPEG"),
    "cut off": (encode_image(Image.effect_noise((96, 96), 90))[:2000], "damaged"),
    "a bomb": (png_claiming(50_000, 50_000), "million"),
    "too small": (encode_image(two_colour_image(40, 40)), "each side must have at least 64"),
    "empty": (b"", "empty"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_a_form_error_and_leaves_no_file(admin_client, case):
    content, message = BAD[case]
    response = submit_form(admin_client, ADD, file=uploaded_file(content), **TEXTS)
    assert message in form_errors(response)[0]
    assert (stored_files(), Picture.objects.count()) == ({}, 0)


def test_a_form_with_another_error_leaves_no_file(admin_client):
    response = submit_form(admin_client, ADD, file=uploaded_file(), **TEXTS | {"alt_text": ""})
    assert form_errors(response) == ["This field is required."]
    assert (stored_files(), Picture.objects.count()) == ({}, 0)


def test_a_file_is_required(admin_client):
    assert form_errors(submit_form(admin_client, ADD, **TEXTS)) == ["This field is required."]


def test_the_same_file_again_is_refused_and_leads_to_the_picture(admin_client):
    assert was_saved(submit_form(admin_client, ADD, file=uploaded_file(), **TEXTS))
    picture, before = Picture.objects.get(), stored_files()
    response = submit_form(admin_client, ADD, file=uploaded_file(), **TEXTS)
    assert form_errors(response) == ["This picture is in the catalogue already: Two halves."]
    assert change_url(picture) in response.content.decode()
    assert (stored_files(), Picture.objects.count()) == (before, 1)


@pytest.mark.django_db(transaction=True)
def test_a_save_that_is_rolled_back_leaves_no_file(admin_client, monkeypatch):
    def log(*args):
        assert stored_files()
        raise ZeroDivisionError

    monkeypatch.setattr(picture_admin.PictureAdmin, "log_addition", log)
    with pytest.raises(ZeroDivisionError):
        submit_form(admin_client, ADD, file=uploaded_file(), **TEXTS)
    assert (stored_files(), Picture.objects.count()) == ({}, 0)


def test_a_file_can_be_replaced_and_pictures_deleted(admin_client):
    submit_form(admin_client, ADD, file=uploaded_file(), **TEXTS)
    picture, before = Picture.objects.get(), set(stored_files())
    assert was_saved(
        submit_form(admin_client, change_url(picture), file=uploaded_file(encode_image(two_colour_image(80, 80))))
    )
    picture = Picture.objects.get()
    assert set(stored_files()) == before | set(picture.file_names())
    assert not before & set(picture.file_names())
    data = {"action": "delete_selected", "_selected_action": [picture.pk]} | deletion_data()
    assert admin_client.post(admin_url(Picture), data).status_code == 302
    assert not Picture.objects.exists()


def test_users_who_may_not_save_pictures_cause_no_processing(client, monkeypatch):
    monkeypatch.setattr(picture_admin, "process_upload", pytest.fail)
    reader = User.objects.create_user("reader", password="reader-password", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_picture"))
    client.force_login(reader)
    assert client.post(ADD, {"file": uploaded_file(), **TEXTS}).status_code == 403


def test_the_form_shows_the_crops_and_the_list_a_thumbnail(admin_client):
    submit_form(
        admin_client,
        ADD,
        file=uploaded_file(encode_image(two_colour_image(400, 300))),
        **TEXTS | {"focal_x": "80", "focal_y": "26"},
    )
    picture = Picture.objects.get()
    small = picture.rendition_url(320, "jpg")
    form = page_parsing.get_page(admin_client, change_url(picture))
    cuts = form.cssselect(".admin-picture__crop")
    assert len(cuts) == 3
    assert all({"fx-8", "fy-3"} < set(cut.get("class").split()) for cut in cuts)
    assert {image.get("src") for image in form.cssselect(".admin-picture img")} == {small}
    (thumbnail,) = page_parsing.get_page(admin_client, admin_url(Picture)).cssselect(
        "#result_list img.admin-picture__thumbnail"
    )
    assert [thumbnail.get(name) for name in ("src", "width", "height")] == [small, "320", "240"]


def test_a_form_without_a_picture_has_room_for_its_preview(admin_client):
    form = page_parsing.get_page(admin_client, ADD)
    assert form.cssselect(".admin-picture")
    assert not form.cssselect(".admin-picture img")
    assert form.cssselect("input[type=file]")[0].get("accept").split(",") == [
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/avif",
    ]


def test_the_script_of_the_focal_point_is_small_and_sets_no_inline_markup():
    script = Path(picture_admin.__file__).parents[1] / "static/catalog/admin-picture.js"
    text = script.read_text()
    assert len(text.encode()) <= 2048
    assert not [word for word in ("innerHTML", "setAttribute", "eval", "http:", "https:", "blob:") if word in text]


def test_a_picture_whose_files_are_lost_needs_no_new_file(admin_client):
    assert was_saved(submit_form(admin_client, change_url(make.picture()), alt_text="Other words"))
