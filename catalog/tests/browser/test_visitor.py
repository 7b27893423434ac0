"""A visitor filters the episodes by director, narrows the list, goes back, and shares the URL."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.looks, pytest.mark.django_db(transaction=True)]


def result_slugs(page):
    """Slugs of the results on the page."""
    return [result.get_attribute("data-slug") for result in page.locator("#results article").all()]


def facet_value(page, facet, slug):
    """Locator of a value of a facet."""
    return page.locator(f'[data-facet="{facet}"] [data-value="{slug}"]')


def test_filtering_by_clicks_can_be_shared_and_undone(soundtrack, page, open_page):
    page.goto("/episodes/")
    assert page.locator("main").get_attribute("data-total") == "10"
    facet_value(page, "director", "ti-west").click()
    facet_value(page, "director", "joe-swanberg").click()
    facet_value(page, "writer", "lauren-yee").click()
    assert result_slugs(page) == ["soundtrack/s01e05", "soundtrack/s01e07"]
    assert facet_value(page, "director", "ti-west").get_attribute("aria-current") == "true"
    assert facet_value(page, "director", "ti-west").get_attribute("data-count") == "1"

    second_page = open_page()
    second_page.goto(page.url)
    assert result_slugs(second_page) == result_slugs(page)

    page.go_back()
    assert page.locator("main").get_attribute("data-total") == "4"
    page.go_forward()
    page.get_by_role("link", name="Writer: Lauren Yee").click()
    assert page.locator("main").get_attribute("data-total") == "4"
    page.get_by_role("link", name="Clear all").click()
    assert page.locator("main").get_attribute("data-total") == "10"


def test_filters_work_without_scripts_and_on_a_narrow_screen(soundtrack, open_page):
    page = open_page(width=390, height=844, java_script_enabled=False)
    page.goto("/episodes/?director=ti-west")
    page.get_by_text("1 selected").first.click()
    facet_value(page, "writer", "lauren-yee").click()
    assert result_slugs(page) == ["soundtrack/s01e05"]


def test_the_skip_link_takes_the_keyboard_to_the_content(soundtrack, page):
    page.goto("/series/soundtrack/s01e03/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to content"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
