"""What holds for the look of the desk: axe finds nothing, nothing scrolls sideways, it follows the reader's scheme."""

import pytest
from django.conf import settings
from django.urls import reverse

from catalog.models import Change, Credit, Episode, Person, Series
from catalog.tests.browser.test_every_page_axe import AXE, COLOURS, EVERYTHING, JUDGE, SIDEWAYS

pytestmark = [pytest.mark.browser, pytest.mark.looks, pytest.mark.django_db(transaction=True)]

LAPTOP, WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 1400, "height": 900}, {"width": 390, "height": 844}
# Without preload, axe reads no style sheets again: it would write them into the page, which the policy forbids.
OPTIONS = {"light": EVERYTHING | {"preload": False}, "dark": COLOURS | {"preload": False}}
# All that is folded is opened, and in a form with rows each table gets another, so that what is hidden at first is
# judged as well.
UNFOLD = """() => {
    if (document.querySelector(".has_original"))
        for (const add of document.querySelectorAll(".add-row a")) add.click();
    for (const fold of document.querySelectorAll("#content details")) fold.open = true;
}"""
# Further rows of a table and lines of a list are as the first ones are, and axe takes a second for a hundred of them.
SHORTEN = """() => document.querySelectorAll("#content :is(tbody, ul)").forEach(
    body => [...body.querySelectorAll(":scope > :not(.empty-form, .add-row)")].slice(2, -1).forEach(
        one => one.remove()))"""
# What scrolls within the page: a list whose last columns are not seen.
HIDDEN_COLUMNS = """() => [...document.querySelectorAll(".results, .inline-group, .inline-related")].filter(
    box => box.scrollWidth > box.clientWidth + 1).map(box => `${box.className} ${box.scrollWidth - box.clientWidth}`)"""
OVERLAPS = """() => [...document.querySelectorAll(".tabular tr.form-row:not(.empty-form) > td")].filter(
    cell => cell.scrollWidth > cell.clientWidth + 1).map(cell => `${cell.parentNode.id} ${cell.className}`)"""


def desk(record, page):
    """The address of a page of the desk; ``record`` is one, or a model."""
    args = [] if isinstance(record, type) else [record.pk]
    return reverse(f"admin:catalog_{record._meta.model_name}_{page}", args=args)


@pytest.fixture
def signed_in(soundtrack, desk_session, open_page):
    """A function that opens a page for an editor. Colours do not fade, so that none is judged on its way."""

    def opened(**options):
        page = open_page(reduced_motion="reduce", **options)
        page.context.add_cookies([desk_session])
        return page

    return opened


@pytest.fixture
def desk_session(client, editor, live_server):
    """The cookie of an editor."""
    client.force_login(editor)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}


def pages(part):
    """A page of each kind: the forms with the most rows, the lists with the most columns. Two parts of one length."""
    series, episode, person = Series.objects.get(), Episode.objects.get(number=3), Person.objects.first()
    lists = [desk(model, "changelist") for model in (Episode, Series, Person, Credit)]
    forms = [desk(record, "change") for record in (series, episode, person)]
    empty = [desk(model, "add") for model in (Series, Episode, Person)]
    tools = [desk(series.seasons.get(), "paste"), desk(episode, "cite"), desk(episode, "crew")]
    two = ",".join(map(str, Person.objects.values_list("pk", flat=True)[:2]))
    tools += [f"{desk(Person, 'merge')}?ids={two}", desk(Change, "deleted")]
    rest = [desk(series, "delete"), desk(series, "history"), reverse("admin:password_change"), *tools]
    return forms if part == "records" else [reverse("admin:index"), *lists, *empty, *rest]


def judged(page):
    """What axe finds in both schemes, and what reaches over an edge: ``{what: complaints}``."""
    found = {"columns out of sight": page.evaluate(HIDDEN_COLUMNS) + page.evaluate(SIDEWAYS)}
    page.evaluate(SHORTEN)
    page.evaluate(UNFOLD)
    for size in (WIDE, NARROW, LAPTOP):
        page.set_viewport_size(size)
        found[size["width"]] = page.evaluate(SIDEWAYS) + page.evaluate(OVERLAPS)
    page.evaluate(AXE)  # past the policy, which lets a page run no such script
    for scheme, options in OPTIONS.items():
        page.emulate_media(color_scheme=scheme)
        found[scheme] = page.evaluate(JUDGE, options)
    return {what: complaints for what, complaints in found.items() if complaints}


@pytest.mark.parametrize("part", ["records", "others"])
def test_axe_finds_nothing_nothing_scrolls_sideways_and_one_heading_and_a_way_to_the_site_stand(signed_in, part):
    page = signed_in(**LAPTOP)
    for address in pages(part):
        page.goto(address)
        assert judged(page) == {}, address
        assert page.locator("h1").count() == 1
        assert page.get_by_role("link", name="View site").get_attribute("href") == "/"


def test_questions_of_tools_and_the_keyboard_help_are_accessible(signed_in):
    page = signed_in(**LAPTOP)
    page.goto(desk(Episode.objects.get(number=3), "change"))
    page.get_by_label("One role per line").fill("Director: Ti West, New Body\nWriter: J. Safran")
    page.keyboard.press("Control+Enter")
    page.get_by_role("group", name="Who is “J. Safran”?").wait_for()
    page.wait_for_load_state()  # the keys work once their script has run
    page.keyboard.press("Control+/")
    assert page.get_by_role("dialog", name="Keys").is_visible()
    assert judged(page) == {}
    page.goto(desk(Series.objects.get().seasons.get(), "paste"))
    page.get_by_label("Copy the rows").fill(
        "No\tTitle\tDate\tDirector\n3\tOther\t5/6/2019\tTi West\n11\tNew\t\tNew Body"
    )
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Save these episodes").wait_for()
    assert judged(page) == {}


def test_the_same_holds_for_the_way_in(db, open_page):
    page = open_page(reduced_motion="reduce", **LAPTOP)
    page.goto(reverse("admin:login"))
    assert judged(page) == {}
    assert page.locator("h1").count() == 1
    page.get_by_role("link", name="View site").click()
    page.wait_for_url("**/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desk_follows_the_readers_scheme_until_its_own_button_says_otherwise(signed_in, scheme):
    page = signed_in(scheme=scheme)
    page.goto("/")
    site = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.goto(reverse("admin:index"))
    shown = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(shown) == site
    button = page.get_by_role("button", name="Toggle theme")
    seen = []
    for _ in range(2):
        button.click()
        seen.append(page.evaluate(shown))
    assert len(set(seen)) == 2
    assert site in seen
    button.click()
    assert page.evaluate(shown) == site


def test_what_is_folded_opens_below_its_row_is_saved_and_stands_open_from_then_on(signed_in):
    page, episode = signed_in(**LAPTOP), Episode.objects.get(number=3)
    page.goto(desk(episode, "change"))
    row = page.locator("#credits-group tr.has_original").first
    field = row.get_by_label("Credited as")
    assert not field.is_visible()
    row.get_by_text("More").click()
    above, below = row.get_by_role("spinbutton", name="Billing").bounding_box(), field.bounding_box()
    assert below["y"] >= above["y"] + above["height"]
    assert below["y"] + below["height"] <= row.bounding_box()["y"] + row.bounding_box()["height"]
    field.fill("T. West")
    page.get_by_role("button", name="Save and continue editing").first.click()
    page.locator(".messagelist .success").wait_for()
    opened = page.locator("#credits-group tr.has_original details[open]")
    assert opened.count() == 1
    assert opened.get_by_label("Credited as").input_value() == "T. West"


def test_an_autocomplete_has_the_name_of_its_field_and_the_focus_when_it_opens(signed_in):
    page = signed_in(**LAPTOP)
    page.goto(desk(Episode.objects.get(number=3), "change"))
    page.get_by_role("button", name="Add another Credit").click()
    page.locator("#credits-group .dynamic-credits").last.get_by_role("combobox", name="Person").click()
    page.keyboard.type("swanb")
    page.locator(".select2-results__option", has_text="Joe Swanberg").click()
    chosen = page.locator("#credits-group .dynamic-credits").last.get_by_role("combobox", name="Person")
    assert chosen.inner_text().lstrip("×\n ") == "Joe Swanberg"
