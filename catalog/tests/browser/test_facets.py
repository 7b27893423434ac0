"""The facets beside a list and on their own page: values narrowed while typing, place and focus kept after a choice."""

import pytest
from playwright.sync_api import expect

from catalog.tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.looks, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def large_crew(vocabulary):
    """An episode with 40 editors and a director, of whom one has a name of its own."""
    episode = make.episode()
    with make.deferred_indexing():
        for number in range(40):
            make.credit(episode, f"Editor Number{number:02}", "editor")
        make.credit(episode, "Zoë Quirk", "director")


def values(page):
    """Locator of the values of the facet *Crew*."""
    return page.locator("#values-crew [data-value]")


def test_the_field_narrows_the_values_beside_the_list_while_one_types(large_crew, page):
    page.goto("/episodes/")
    expect(values(page)).to_have_count(10)
    field = page.get_by_label("Find in crew")
    field.focus()
    page.keyboard.type("zoe")
    expect(values(page)).to_have_count(1)
    expect(values(page)).to_contain_text("Zoë Quirk Director")
    expect(page.locator("form:has([data-narrows]) [role=status]")).to_have_text("1 value")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/episodes/?crew=zoe-quirk#crew:zoe-quirk")
    page.get_by_label("Find in crew").fill("number3")
    expect(values(page)).to_have_count(10)
    page.get_by_label("Find in crew").fill("number")
    expect(page.get_by_role("link", name="Show all 40 values of Crew")).to_be_visible()
    page.get_by_label("Find in crew").fill("nobody")
    expect(page.locator("#values-crew")).to_have_text("No value matches")
    page.get_by_label("Find in crew").fill("")
    expect(values(page)).to_have_count(10)


def test_the_field_narrows_the_page_of_all_values_and_its_address(large_crew, page):
    page.goto("/episodes/facets/crew/")
    expect(values(page)).to_have_count(41)
    page.get_by_label("Find in Crew").fill("quirk")
    expect(values(page)).to_have_count(1)
    assert page.url.endswith("/episodes/facets/crew/?find=quirk")
    page.reload()
    expect(values(page)).to_have_count(1)
    page.get_by_label("Find in Crew").fill("")
    expect(values(page)).to_have_count(41)
    assert page.url.endswith("/episodes/facets/crew/")


def test_the_field_finds_without_scripts(large_crew, open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/episodes/")
    page.get_by_label("Find in crew").fill("quirk")
    page.keyboard.press("Enter")
    page.wait_for_url("**/episodes/facets/crew/?find=quirk")
    expect(values(page)).to_have_count(1)


def test_the_field_still_searches_when_the_site_does_not_answer(large_crew, open_page):
    page = open_page(expected="ERR_FAILED")
    page.route("**as=block", lambda route: route.abort())
    page.goto("/episodes/")
    page.get_by_label("Find in crew").fill("quirk")
    page.keyboard.press("Enter")
    page.wait_for_url("**/episodes/facets/crew/?find=quirk")


@pytest.mark.parametrize("width", [1400, 390])
def test_a_choice_deep_in_the_list_keeps_place_and_focus(soundtrack, open_page, width):
    page = open_page(width=width, height=800, java_script_enabled=False)
    page.goto("/episodes/")
    value = page.locator('[data-facet="crew"] [data-value="darren-grant"]')
    if width < 1000:
        page.locator(".filters > summary").click()
    value.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/episodes/?crew=darren-grant#crew:darren-grant")
    expect(value).to_be_focused()
    expect(value).to_be_in_viewport()
    expect(value).to_have_attribute("aria-current", "true")
    if width < 1000:
        page.get_by_role("link", name="Show 2 episodes").click()
        expect(page.get_by_role("status")).to_be_in_viewport()
    value.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/episodes/?#facet-crew")
    expect(page.locator("#facet-crew")).to_be_focused()
    expect(page.locator("#facet-crew")).to_be_in_viewport()
    page.goto("/episodes/facets/crew/")
    page.locator('[data-value="ti-west"]').click()
    page.wait_for_url("**/episodes/?crew=ti-west#crew:ti-west")
    expect(page.locator('[data-value="ti-west"][data-count="2"][aria-current]')).to_be_focused()


@pytest.fixture
def crews(vocabulary):
    """Episodes with a cinematographer, an editor and a writer each: 1 AKD, 2 ABD, 3 ABE, 4 ACE, 5 AKE."""
    season = make.season()
    people = {letter: make.person(f"{name} Somebody") for letter, name in zip("ABCDEK", NAMES, strict=True)}
    for shot, cut, wrote in ("AKD", "ABD", "ABE", "ACE", "AKE"):
        episode = make.episode(season)
        make.credit(episode, people[shot], "cinematographer")
        make.credit(episode, people[cut], "editor")
        make.credit(episode, people[wrote], "writer")


NAMES = ("Ann", "Bea", "Cid", "Dee", "Eve", "Kim")


@pytest.mark.parametrize("has_scripts", [True, False])
def test_shot_by_ann_edited_by_bea_or_cid_not_written_by_dee(crews, open_page, has_scripts):
    """Seven clicks from the front page, or as many keys: each leads to where the next one is."""
    page = open_page(java_script_enabled=has_scripts)
    page.goto("/")
    page.get_by_role("navigation").get_by_role("link", name="Episodes", exact=True).first.click()
    role = page.locator("[data-facet=role]")
    role.get_by_role("link", name="Cinematographer 5 episodes").click()
    page.locator("[data-facet=cinematographer]").get_by_role("link", name="Ann Somebody 5 episodes").click()
    role.get_by_role("link", name="Editor 5 episodes").click()
    for name in ("Bea Somebody 2 episodes", "Cid Somebody 1 episode"):
        page.locator("[data-facet=editor]").get_by_role("link", name=name, exact=True).click()
    writer = page.locator("[data-facet=writer] li", has_text="Dee Somebody").first
    leave_out = writer.get_by_role("link", name="leave them out")
    expect(leave_out).to_have_css("opacity", "0")
    writer.locator(".value").focus()
    expect(leave_out).to_have_css("opacity", "1")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("p.choice")).to_have_text(
        "Episodes shot by Ann Somebody, edited by Bea Somebody or Cid Somebody, not written by Dee Somebody"
    )
    expect(page.locator("main")).to_have_attribute("data-total", "2")
    expect(page.locator('[data-facet=writer] [data-value="dee-somebody"]')).to_be_focused()


def test_only_and_not_are_always_visible_on_a_touch_screen(soundtrack, open_page):
    page = open_page(width=390, height=844, has_touch=True, is_mobile=True)
    page.goto("/episodes/")
    page.locator(".filters > summary").click()
    link = page.locator('[data-facet=director] li:has([data-value="ti-west"]) .pick').last
    expect(link).to_have_css("opacity", "1")
    box = link.bounding_box()
    assert box["width"] >= 24
    assert box["height"] >= 24


def test_a_range_is_set_without_scripts(soundtrack, open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/episodes/?director=ti-west")
    page.get_by_label("Year from").fill("2020")
    page.keyboard.press("Enter")
    page.wait_for_url("**/episodes/?director=ti-west&year__gte=2020&year__lte=")
    expect(page.locator("p.choice")).to_have_text("Episodes directed by Ti West, from 2020")
    expect(page.get_by_label("Year from")).to_have_value("2020")
