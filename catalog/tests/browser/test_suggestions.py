"""Suggestions while typing: a combobox for keyboard, pointer and assistive tools; the field searches without it too."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.looks, pytest.mark.django_db(transaction=True)]


def search_field(page):
    """The search field in the masthead."""
    return page.get_by_role("combobox")


def test_arrow_keys_choose_enter_opens_and_escape_closes(soundtrack, page):
    page.goto("/series/")
    box, options = search_field(page), page.get_by_role("option")
    box.focus()
    page.keyboard.type("swanb")
    expect(options).to_have_count(1)
    expect(box).to_have_attribute("aria-expanded", "true")
    assert box.get_attribute("aria-activedescendant") is None, "no option is active until an arrow key is pressed"
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") is None, "after the last option the field is active again"
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
    search_field(page).focus()
    page.keyboard.type("castillo")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Tab")
    expect(page.get_by_role("option")).to_have_count(0)
    search_field(page).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=castillo")


def test_a_click_opens_the_suggestion_and_the_list_fits_a_narrow_screen(soundtrack, open_page):
    page = open_page(width=390, height=844)
    page.goto("/search/")
    search_field(page).fill("sam")
    expect(page.get_by_role("listbox")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("option", name="Samson “Sam” Hughes").click()
    page.wait_for_url("**/characters/sam-hughes/")


def test_the_field_searches_without_suggestions_and_without_scripts(soundtrack, open_page):
    page = open_page(expected="ERR_FAILED")
    page.route("**/search/suggest*", lambda route: route.abort())
    page.goto("/series/")
    search_field(page).fill("castillo")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=castillo")
    scriptless = open_page(java_script_enabled=False)
    scriptless.goto("/series/")
    scriptless.get_by_role("searchbox", name="Search series").fill("castillo")
    scriptless.keyboard.press("Enter")
    scriptless.wait_for_url("**/search/?q=castillo")
