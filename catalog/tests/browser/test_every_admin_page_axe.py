"""Every kind of admin page: axe reports nothing, nothing scrolls horizontally, the colour scheme is the reader's."""

import pytest
from django.urls import reverse

from catalog.models import Change, Credit, Episode, Person, Series, SourceImport
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url, change_url
from catalog.tests.browser.accessibility import LAPTOP, MAX_LAYOUT_SHIFT, NARROW, admin_problems, layout_shift

pytestmark = [pytest.mark.browser, pytest.mark.looks, pytest.mark.django_db(transaction=True)]
BACKGROUND = "getComputedStyle(document.body).backgroundColor"


def record_forms():
    """URLs of the forms with the most rows."""
    return [
        change_url(Series.objects.get()),
        change_url(Episode.objects.get(number=3)),
        change_url(Person.objects.first()),
    ]


def other_pages():
    """URLs of a page of each other kind, among them the lists with the most columns."""
    series, episode = Series.objects.get(), Episode.objects.get(number=3)
    pks = ",".join(map(str, Person.objects.values_list("pk", flat=True)[:2]))
    return [
        reverse("admin:index"),
        *(admin_url(model) for model in (Episode, Series, Person, Credit)),
        *(admin_url(model, "add") for model in (Series, Episode, Person, SourceImport)),
        change_url(make.source_import()),
        admin_url(Series, "delete", series.pk),
        admin_url(Series, "history", series.pk),
        reverse("admin:password_change"),
        admin_url(series.seasons.model, "paste", series.seasons.get().pk),
        admin_url(Episode, "cite", episode.pk),
        admin_url(Episode, "crew", episode.pk),
        f"{admin_url(Person, 'merge')}?ids={pks}",
        admin_url(Change, "deleted"),
    ]


# Two parts of about one length, so that two processes share them.
@pytest.mark.parametrize("urls", [record_forms, other_pages])
def test_pages_pass_axe_do_not_scroll_sideways_and_have_one_heading_and_a_link_to_the_site(
    soundtrack, open_admin_page, urls
):
    page = open_admin_page(**LAPTOP)
    for url in urls():
        assert layout_shift(page, url) <= MAX_LAYOUT_SHIFT, url
        assert admin_problems(page) == {}, url
        assert page.locator("h1").count() == 1
        assert page.get_by_role("link", name="View site").get_attribute("href") == "/"


def test_nothing_moves_while_a_page_loads_on_a_phone_and_no_list_of_buttons_is_above_the_first_field(
    soundtrack, open_admin_page
):
    page = open_admin_page(**NARROW)
    episode = Episode.objects.get(number=3)
    for url in (reverse("admin:index"), admin_url(Episode), admin_url(Episode, "add"), *record_forms()):
        assert layout_shift(page, url) <= MAX_LAYOUT_SHIFT, url
    page.goto(change_url(episode))
    first_field = page.locator("#episode_form .form-row").first.bounding_box()
    assert first_field["y"] < NARROW["height"] / 2


def test_the_title_and_the_links_to_tools_do_not_overlap(soundtrack, open_admin_page):
    page = open_admin_page(**LAPTOP)
    for record in (Episode.objects.get(number=3), Series.objects.get(), Series.objects.get().seasons.get()):
        page.goto(change_url(record))
        title, tools = page.locator("#content > h2").bounding_box(), page.locator(".object-tools").bounding_box()
        assert tools["y"] >= title["y"] + title["height"]


def test_questions_of_tools_and_the_keyboard_help_are_accessible(soundtrack, open_admin_page):
    page = open_admin_page(**LAPTOP)
    page.goto(change_url(Episode.objects.get(number=3)))
    page.get_by_label("One role per line").fill("Director: Ti West, New Body\nWriter: J. Safran")
    page.keyboard.press("Control+Enter")
    page.get_by_role("group", name="Who is “J. Safran”?").wait_for()
    page.wait_for_load_state()  # the keys work once their script has run
    page.keyboard.press("Control+/")
    assert page.get_by_role("dialog", name="Keys").is_visible()
    assert admin_problems(page) == {}
    season = Series.objects.get().seasons.get()
    page.goto(admin_url(type(season), "paste", season.pk))
    page.get_by_label("Copy the rows").fill(
        "No\tTitle\tDate\tDirector\n3\tOther\t5/6/2019\tTi West\n11\tNew\t\tNew Body"
    )
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Save these episodes").wait_for()
    assert admin_problems(page) == {}


def test_the_login_page_is_accessible(db, open_page):
    page = open_page(**LAPTOP)
    page.goto(reverse("admin:login"))
    assert admin_problems(page) == {}
    assert page.locator("h1").count() == 1
    page.get_by_role("link", name="View site").click()
    page.wait_for_url("**/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_admin_follows_the_readers_colour_scheme_until_its_theme_button_is_used(
    soundtrack, open_admin_page, scheme
):
    page = open_admin_page(scheme=scheme)
    page.goto("/")
    site_background = page.evaluate(BACKGROUND)
    page.goto(reverse("admin:index"))
    assert page.evaluate(BACKGROUND) == site_background
    button = page.get_by_role("button", name="Toggle theme")
    backgrounds = []
    for _ in range(2):
        button.click()
        backgrounds.append(page.evaluate(BACKGROUND))
    assert len(set(backgrounds)) == 2
    assert site_background in backgrounds
    button.click()
    assert page.evaluate(BACKGROUND) == site_background


def test_folded_fields_open_below_their_row_are_saved_and_stay_open_if_filled(soundtrack, open_admin_page):
    page, episode = open_admin_page(**LAPTOP), Episode.objects.get(number=3)
    page.goto(change_url(episode))
    row = page.locator("#credits-group tr.has_original").first
    field = row.get_by_label("Credited as")
    assert not field.is_visible()
    row.get_by_text("More").click()
    billing_box, field_box = row.get_by_role("spinbutton", name="Billing").bounding_box(), field.bounding_box()
    assert field_box["y"] >= billing_box["y"] + billing_box["height"]
    assert field_box["y"] + field_box["height"] <= row.bounding_box()["y"] + row.bounding_box()["height"]
    field.fill("T. West")
    page.get_by_role("button", name="Save and continue editing").first.click()
    page.get_by_label("They say the new value too").check()  # the credit is cited
    page.get_by_role("button", name="Save and continue editing").first.click()
    page.locator(".messagelist .success").wait_for()
    details = page.locator("#credits-group tr.has_original details[open]")
    assert details.count() == 1
    assert details.get_by_label("Credited as").input_value() == "T. West"


def test_an_autocomplete_is_named_after_its_field_and_has_the_focus_when_it_opens(soundtrack, open_admin_page):
    page = open_admin_page(**LAPTOP)
    page.goto(change_url(Episode.objects.get(number=3)))
    page.get_by_role("button", name="Add another Credit").click()
    combobox = page.locator("#credits-group .dynamic-credits").last.get_by_role("combobox", name="Person")
    combobox.click()
    page.keyboard.type("swanb")
    page.locator(".select2-results__option", has_text="Joe Swanberg").click()
    assert combobox.inner_text().lstrip("×\n ") == "Joe Swanberg"
