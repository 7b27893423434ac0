"""An editor signs in and adds a credit, which appears on the site and in the counts, then removes it."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(page):
    """Sign in as the editor of the fixture."""
    page.goto("/admin/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill("editor-password")
    page.get_by_role("button", name="Log in").click()


def choose_option(page, row_id, field, text, option):
    """Open the autocomplete of a field in a row, type, and choose an option."""
    page.locator(f"#{row_id} .field-{field} .select2-selection").click()
    page.locator(".select2-dropdown .select2-search__field").fill(text)
    page.locator(".select2-results__option", has_text=option).first.click()


def open_episode_3(page):
    """Open the form of an episode by searching the list."""
    page.goto("/admin/catalog/episode/")
    page.locator("#searchbar").fill("Sam and Dante")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Track 3: Sam and Dante").click()


def add_director(page, text, name):
    """Add a director in a new row of the open episode, and save."""
    page.get_by_role("button", name="Add another Credit").click()
    row_id = page.locator("#credits-group .dynamic-credits").last.get_attribute("id")
    choose_option(page, row_id, "person", text, name)
    choose_option(page, row_id, "role", "director", "Director")
    page.get_by_role("button", name="Save", exact=True).first.click()


def facet_count(page, facet, slug):
    """The count of a facet's value on the list of episodes."""
    page.goto(f"/episodes/?{facet}={slug}")
    return page.locator(f'[data-facet="{facet}"] [data-value="{slug}"]').get_attribute("data-count")


def test_an_added_director_is_visible_and_counted_until_it_is_removed(soundtrack, editor, page, open_page):
    visitor = open_page()
    assert facet_count(visitor, "director", "joe-swanberg") == "2"

    sign_in(page)
    open_episode_3(page)
    add_director(page, "swanb", "Joe Swanberg")
    page.locator(".messagelist .success").wait_for()

    visitor.goto("/series/soundtrack/s01e03/")
    directors = visitor.locator('main [data-role="director"]')
    slugs = directors.evaluate_all("elements => elements.map(element => element.dataset.person)")
    assert slugs == ["joe-swanberg", "ti-west"]
    assert facet_count(visitor, "director", "joe-swanberg") == "3"
    assert visitor.locator('article[data-slug="soundtrack/s01e03"]').is_visible()

    open_episode_3(page)
    page.locator("#credits-group .has_original:has-text('Joe Swanberg') input[name$=DELETE]").check()
    page.get_by_role("button", name="Save", exact=True).first.click()
    page.locator(".messagelist .success").wait_for()
    assert facet_count(visitor, "director", "joe-swanberg") == "2"
    visitor.goto("/series/soundtrack/s01e03/")
    assert visitor.locator('main [data-person="joe-swanberg"]').count() == 0


def test_a_duplicate_credit_is_an_error_of_the_form_and_nothing_is_saved(soundtrack, editor, page):
    sign_in(page)
    open_episode_3(page)
    add_director(page, "ti west", "Ti West")
    page.locator(".errornote").first.wait_for()
    assert "This person has this role here already" in page.locator("#credits-group").inner_text()
    page.goto("/series/soundtrack/s01e03/")
    assert page.locator('main .credits [data-person="ti-west"]').count() == 1
