"""An editor's story: sign in, correct a credit, see it on the site and in the counts, take it back."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(page):
    """As the editor of the fixture."""
    page.goto("/admin/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill("editor-password")
    page.get_by_role("button", name="Log in").click()


def choose(page, row, field, text, option):
    """Pick from an autocomplete as one does: open it, type, take what is offered."""
    page.locator(f"#{row} .field-{field} .select2-selection").click()
    page.locator(".select2-dropdown .select2-search__field").fill(text)
    page.locator(".select2-results__option", has_text=option).first.click()


def open_episode_3(page):
    """By searching the list."""
    page.goto("/admin/catalog/episode/")
    page.locator("#searchbar").fill("Sam and Dante")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Track 3: Sam and Dante").click()


def add_director(page, text, name):
    """In a further row of the open episode, and save."""
    page.get_by_role("button", name="Add another Credit").click()
    row = page.locator("#credits-group .dynamic-credits").last.get_attribute("id")
    choose(page, row, "person", text, name)
    choose(page, row, "role", "director", "Director")
    page.get_by_role("button", name="Save", exact=True).first.click()


def count(page, facet, slug):
    """The number beside a value, as a visitor sees it."""
    page.goto(f"/episodes/?{facet}={slug}")
    return page.locator(f'[data-facet="{facet}"] [data-value="{slug}"]').get_attribute("data-count")


def test_a_second_director_is_added_seen_counted_and_removed_again(soundtrack, editor, page, open_page):
    visitor = open_page()
    assert count(visitor, "director", "joe-swanberg") == "2"

    sign_in(page)
    open_episode_3(page)
    add_director(page, "swanb", "Joe Swanberg")
    page.locator(".messagelist .success").wait_for()

    visitor.goto("/series/soundtrack/s01e03/")
    directors = visitor.locator('main [data-role="director"]')
    assert directors.evaluate_all("found => found.map(one => one.dataset.person)") == ["joe-swanberg", "ti-west"]
    assert count(visitor, "director", "joe-swanberg") == "3"
    assert visitor.locator('article[data-slug="soundtrack/s01e03"]').is_visible()

    open_episode_3(page)
    page.locator("#credits-group .has_original:has-text('Joe Swanberg') input[name$=DELETE]").check()
    page.get_by_role("button", name="Save", exact=True).first.click()
    page.locator(".messagelist .success").wait_for()
    assert count(visitor, "director", "joe-swanberg") == "2"
    visitor.goto("/series/soundtrack/s01e03/")
    assert visitor.locator('main [data-person="joe-swanberg"]').count() == 0


def test_a_mistake_is_told_in_the_form_and_nothing_is_saved(soundtrack, editor, page):
    sign_in(page)
    open_episode_3(page)
    add_director(page, "ti west", "Ti West")
    page.locator(".errornote").first.wait_for()
    assert "This person has this role here already" in page.locator("#credits-group").inner_text()
    page.goto("/series/soundtrack/s01e03/")
    assert page.locator('main .credits [data-person="ti-west"]').count() == 1
