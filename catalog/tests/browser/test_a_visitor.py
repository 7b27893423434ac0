"""A visitor's story: filter by a director, narrow, go back, share the address."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.looks, pytest.mark.django_db(transaction=True)]


def slugs(page):
    """The results on the page."""
    return [row.get_attribute("data-slug") for row in page.locator("#results article").all()]


def value(page, facet, slug):
    """A value of a facet."""
    return page.locator(f'[data-facet="{facet}"] [data-value="{slug}"]')


def test_filtering_by_clicks_can_be_shared_and_undone(soundtrack, page, open_page):
    page.goto("/episodes/")
    assert page.locator("main").get_attribute("data-total") == "10"
    value(page, "director", "ti-west").click()
    value(page, "director", "joe-swanberg").click()
    value(page, "writer", "lauren-yee").click()
    assert slugs(page) == ["soundtrack/s01e05", "soundtrack/s01e07"]
    assert value(page, "director", "ti-west").get_attribute("aria-current") == "true"
    assert value(page, "director", "ti-west").get_attribute("data-count") == "1"

    shared = open_page()
    shared.goto(page.url)
    assert slugs(shared) == slugs(page)

    page.go_back()
    assert page.locator("main").get_attribute("data-total") == "4"
    page.go_forward()
    page.get_by_role("link", name="Writer: Lauren Yee").click()
    assert page.locator("main").get_attribute("data-total") == "4"
    page.get_by_role("link", name="Clear all").click()
    assert page.locator("main").get_attribute("data-total") == "10"


def test_without_scripts_and_on_a_narrow_screen_filters_work_too(soundtrack, open_page):
    page = open_page(width=390, height=844, java_script_enabled=False)
    page.goto("/episodes/?director=ti-west")
    page.get_by_text("1 selected").first.click()
    value(page, "writer", "lauren-yee").click()
    assert slugs(page) == ["soundtrack/s01e05"]


def test_the_keyboard_reaches_the_results_by_the_skip_link(soundtrack, page):
    page.goto("/series/soundtrack/s01e03/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to content"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
