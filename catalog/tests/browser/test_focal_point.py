"""Uploading a picture and setting its focal point, which pages keep visible where they crop it."""

import pytest
from playwright.sync_api import expect

from catalog.models import Person, Picture
from catalog.tests import factories as make
from catalog.tests.browser.test_editor import sign_in
from catalog.tests.sample_images import encode_image, two_colour_image

pytestmark = [pytest.mark.browser, pytest.mark.looks, pytest.mark.django_db(transaction=True)]
FOCUS = "image => getComputedStyle(image).objectPosition"


def fill_form(page):
    """Fill the form of a new picture with a file of 400 × 200 pixels and its rights."""
    page.goto("/admin/catalog/picture/add/")
    file = {"name": "halves.png", "mimeType": "image/png", "buffer": encode_image(two_colour_image(400, 200), "PNG")}
    page.locator("#id_file").set_input_files(file)
    for name, text in {"alt_text": "Two halves", "credit": "Jane Example", "licence": "CC0"}.items():
        page.locator(f"#id_{name}").fill(text)


def test_a_click_sets_the_focal_point_and_every_crop_follows(editor, page, open_page):
    sign_in(page)
    fill_form(page)
    full, crops = page.locator(".admin-picture__full"), page.locator(".admin-picture__crop")
    full.wait_for()
    expect(full).to_have_js_property("naturalWidth", 400)
    assert crops.count() == 3
    box = full.bounding_box()
    full.click(position={"x": box["width"] * 0.8, "y": box["height"] * 0.3})
    assert [page.locator(f"#id_focal_{axis}").input_value() for axis in "xy"] == ["80", "30"]
    assert crops.evaluate_all(f"images => images.map({FOCUS})") == ["80% 30%"] * 3
    page.locator("#id_focal_y").fill("10")
    assert crops.first.evaluate(FOCUS) == "80% 10%"
    page.get_by_role("button", name="Save", exact=True).first.click()
    page.locator(".messagelist .success").wait_for()
    assert page.locator("#result_list img").evaluate("image => image.complete && image.naturalWidth") == 320

    make.person("Somebody", picture=Picture.objects.get())
    visitor = open_page()
    visitor.goto(Person.objects.get().get_absolute_url())
    image = visitor.get_by_role("img", name="Two halves")
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("image => image.currentSrc").endswith(".avif")
    assert image.evaluate(FOCUS) == "80% 10%"
    assert visitor.get_by_role("figure").inner_text().strip() == "Picture: Jane Example, CC0"


def test_without_scripts_the_two_numbers_are_typed(editor, open_page):
    page = open_page(java_script_enabled=False)
    sign_in(page)
    fill_form(page)
    page.locator("#id_focal_x").fill("20")
    page.get_by_role("button", name="Save and continue editing").first.click()
    assert page.locator(".admin-picture__crop.fx-2").count() == 3
    assert Picture.objects.get().focal_x == 20
