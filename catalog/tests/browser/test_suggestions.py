"""Suggestions while typing: a combobox for the keyboard, the pointer and assistive tools, and nothing lost without."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.looks, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(open_page):
    """A page that does not fade: what cuts a fade short would be reported as an error."""
    return open_page(reduced_motion="reduce")


def field(page):
    """The search field in the masthead."""
    return page.get_by_role("combobox")


def test_arrows_choose_enter_goes_there_and_escape_closes(soundtrack, page):
    page.goto("/series/")
    box, options = field(page), page.get_by_role("option")
    box.focus()
    page.keyboard.type("swanb")
    expect(options).to_have_count(1)
    expect(box).to_have_attribute("aria-expanded", "true")
    assert box.get_attribute("aria-activedescendant") is None, "nothing is chosen until it is asked for"
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") is None, "behind the last is the field again"
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("swanb")
    page.keyboard.press("ArrowDown")
    expect(options).to_have_count(1)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/joe-swanberg/")


def test_enter_without_a_choice_searches_and_tab_leaves(soundtrack, page):
    page.goto("/series/")
    field(page).focus()
    page.keyboard.type("castillo")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Tab")
    expect(page.get_by_role("option")).to_have_count(0)
    field(page).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=castillo")


def test_a_click_goes_there_and_the_list_fits_a_narrow_screen(soundtrack, open_page):
    page = open_page(width=390, height=844, reduced_motion="reduce")
    page.goto("/search/")
    field(page).fill("sam")
    expect(page.get_by_role("listbox")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("option", name="Samson “Sam” Hughes").click()
    page.wait_for_url("**/episodes/?character=sam-hughes")


def test_when_the_site_does_not_answer_the_field_searches_on(soundtrack, open_page):
    page = open_page(expected="ERR_FAILED", reduced_motion="reduce")
    page.route("**/search/suggest*", lambda route: route.abort())
    page.goto("/series/")
    field(page).fill("castillo")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=castillo")
    plain = open_page(java_script_enabled=False, reduced_motion="reduce")
    plain.goto("/series/")
    plain.get_by_role("searchbox", name="Search series").fill("castillo")
    plain.keyboard.press("Enter")
    plain.wait_for_url("**/search/?q=castillo")


def test_the_field_of_a_facet_leads_to_the_narrowed_list(soundtrack, page):
    page.goto("/episodes/facets/crew/?director=ti-west")
    page.get_by_label("Find in Crew").fill("yee")
    expect(page.get_by_role("option")).to_have_text(["Lauren Yee 1 episode"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/episodes/?director=ti-west&crew=lauren-yee")
