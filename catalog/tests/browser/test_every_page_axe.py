"""Every kind of page: axe reports nothing, nothing scrolls horizontally, the keyboard reaches every control.

axe checks each whole page on a wide screen in the light scheme; on a narrow screen and in the dark scheme without
elements that look like others. One test opens many pages, since tables and a browser for each took 1 s of 3 s per page.
"""

import asyncio

import pytest
from playwright.sync_api import expect

from catalog.models import Episode, Person, Picture
from catalog.tests import sample_images
from catalog.tests.browser.accessibility import (
    ALL_RULES,
    AXE,
    BEYOND_RIGHT_EDGE,
    COLOUR_RULES,
    NARROW,
    RUN_AXE,
    WIDE,
)
from catalog.views.server_errors import unsaved_page
from catalog.views.unsaved_form import UnsavedForm

pytestmark = [pytest.mark.browser, pytest.mark.looks, pytest.mark.django_db(transaction=True)]

# A page of each kind, and its states that look different.
PAGES = {
    "home": "/",
    "series-list": "/series/",
    "series": "/series/soundtrack/",
    "season": "/series/soundtrack/season-1/",
    "episode": "/series/soundtrack/s01e03/",
    "episode-with-a-still": "/series/soundtrack/s01e09/",
    "episode-list": "/episodes/",
    "episode-list-filtered": "/episodes/?director=ti-west&director=joe-swanberg&writer__not=lauren-yee&year__gte=2010"
    "&role=executive-producer&character=margot-weston&character__missing=1",
    "episode-list-empty": "/episodes/?director=ti-west&writer=korde-tuttle&cast=nobody-here",
    "facet-values": "/episodes/facets/crew/?director=ti-west",
    "person-list": "/people/",
    "person": "/people/joshua-safran/",
    "person-with-a-portrait": "/people/korde-tuttle/",
    "person-pair": "/people/joshua-safran/with/jesse-peretz/",
    "company-list": "/companies/",
    "company": "/companies/netflix/",
    "source": "/sources/soundtrack-article/",
    "search": "/search/?q=sam",
    "search-empty": "/search/?q=zzzz",
    "not-found": "/series/sound-track/",
    "broken": "/broken",
    "unsaved": "/unsaved",
}
ZOOMED, SMALLEST = {"width": 640, "height": 450}, {"width": 320, "height": 640}  # 1280 at 200 % is 640 wide
SHORTENED_RUNS = [(NARROW, "dark", ALL_RULES), (WIDE, "dark", COLOUR_RULES), (NARROW, "light", COLOUR_RULES)]
# Keeps the first two and the last of siblings of the same structure (tags and attributes, apart from URLs, names
# and dates): they have the same colours, whose contrast takes axe a second for 700 elements.
REMOVE_SIMILAR_SIBLINGS = """() => {
    const ignored = /^(href|id|src|srcset|alt|title|datetime|for|data-(?!fact|role|facet).*)$/;
    const structure = element => [element.tagName, ...[...element.attributes].map(({name, value}) =>
        ignored.test(name) ? name : `${name}=${value}`), "(", ...[...element.children].map(structure), ")"].join(" ");
    for (const parent of document.querySelectorAll("main, main *"))
        for (const siblings of Map.groupBy(parent.children, structure).values())
            for (const element of siblings.slice(2, -1)) element.remove();
}"""
# Records each focused element and whether a focus ring was visible on it. Returns the number of visible controls.
WATCH_FOCUS = """() => {
    window.controls = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), summary")].filter(
        element => element.tabIndex >= 0 && element.checkVisibility() && element.getClientRects().length);
    window.focused = new Map();
    document.addEventListener("focusin", ({target}) => {
        const style = getComputedStyle(target), box = target.getBoundingClientRect();
        const hasRing = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        const inView = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
        window.focused.set(target, hasRing && inView);
    });
    return window.controls.length;
}"""
UNREACHED = """() => window.controls.filter(element => !window.focused.get(element)).map(
    element => element.outerHTML.slice(0, 160))"""
# For each value of two facets: whether it is selected, and whether a tick is drawn that differs from its box.
TICKS = """() => [...document.querySelectorAll("[data-facet=director] .value, [data-facet=writer] .value")].map(
    element => {
        const box = getComputedStyle(element, "::before"), tick = getComputedStyle(element, "::after");
        const ticked = tick.content !== "none" && tick.borderBottomColor !== box.backgroundColor;
        return [element.ariaCurrent === "true", ticked];
    })"""


@pytest.fixture
def illustrated(soundtrack):
    """*Soundtrack* with a still of the ninth episode and a portrait of its writer."""
    for record, size in (
        (Episode.objects.get(number=9), (640, 360)),
        (Person.objects.get(slug="korde-tuttle"), (360, 480)),
    ):
        file = sample_images.uploaded_file(sample_images.encode_image(sample_images.two_colour_image(*size)))
        record.picture = Picture.objects.create(
            file=file,
            alt_text="Red on the left, blue on the right",
            caption="Drawn for a test",
            credit="Nobody",
            licence="CC0",
        )
        record.save()


@pytest.fixture
def visit(illustrated, open_page, settings):
    """A function that opens a page of ``PAGES``, wide and light; ``broken`` and ``unsaved`` show pages of errors.

    Browser pages are reused; ``not-found`` has one of its own, which may log an error.
    """
    browser_pages = {}
    form = UnsavedForm("/admin/", [("name", "Ann Lee")], [("file", ["cover.png"])])
    bodies = {
        "broken": (settings.BASE_DIR / "templates" / "500.html").read_text(encoding="utf-8"),
        "unsaved": unsaved_page(form).content.decode(),
    }

    def open_by_name(name, **options):
        expected = "404 (Not Found)" if name == "not-found" else None
        key = (expected, *options.items())
        if key not in browser_pages:
            browser_pages[key] = open_page(expected=expected, **options)
        page = browser_pages[key]
        if body := bodies.get(name):
            page.route(f"**/{name}", lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))
        page.set_viewport_size(WIDE | {key: options[key] for key in WIDE.keys() & options})
        page.emulate_media(color_scheme="light", media="screen")
        page.goto(PAGES[name])
        return page

    return open_by_name


def page_problems(page):
    """Problems by (width, check), without checks that passed: violations of axe's rules, and horizontal scrolling."""
    page.evaluate(AXE)  # not a script element, which the policy forbids
    problems = {}
    for size in (SMALLEST, NARROW, ZOOMED, WIDE):
        page.set_viewport_size(size)
        problems[size["width"], "horizontal scrolling"] = page.evaluate(BEYOND_RIGHT_EDGE)
    problems["whole", "light"] = page.evaluate(RUN_AXE, ALL_RULES)
    page.evaluate(REMOVE_SIMILAR_SIBLINGS)
    for size, scheme, rules in SHORTENED_RUNS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        problems[size["width"], scheme] = page.evaluate(RUN_AXE, rules)
    return {key: messages for key, messages in problems.items() if messages}


def unreached_controls(page):
    """Controls that the Tab key does not reach, or whose focus is not visible."""
    controls = page.evaluate(WATCH_FOCUS)
    assert controls > 3
    keyboard = page.context.new_cdp_session(page)  # Playwright sends key down and key up apart: twice the time
    press = "Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Tab", "windowsVirtualKeyCode": 9}

    async def press_all():
        """Queue all keys at once; else the browser paints after each, which takes three times as long."""
        await asyncio.gather(*(keyboard._impl_obj.send(*press, None) for _ in range(controls + 1)))

    keyboard._sync(press_all())
    return page.evaluate(UNREACHED)


# Two parts of about one length, so that two processes share them.
LONG_PAGES = ("series", "episode", "source")


@pytest.mark.parametrize("part", ["long", "others"])
def test_pages_pass_axe_do_not_scroll_sideways_and_are_reached_by_keyboard(visit, part):
    problems = {}
    for name in [name for name in PAGES if (name in LONG_PAGES) == (part == "long")]:
        page = visit(name)
        if name.startswith("episode-list"):  # whose filters are folded
            page.set_viewport_size(NARROW)
        if controls := unreached_controls(page):
            problems[name, "keyboard"] = controls
        page.evaluate("document.activeElement.blur()")
        if messages := page_problems(page):
            problems[name] = messages
    assert problems == {}, ", ".join(map(str, problems))


def test_a_citation_mark_opens_its_sources_within_the_smallest_screen_and_escape_closes_them(visit):
    page = visit("series")
    for size in (WIDE, SMALLEST):
        page.set_viewport_size(size)
        for mark in (page.locator(".billing .ref").nth(3), page.locator(".events .ref").nth(7)):
            mark.focus()
            page.keyboard.press("Enter")
            popover = page.locator(f"#{mark.get_attribute('popovertarget')}")
            box = popover.bounding_box()
            assert box["width"] > 40
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= size["width"]
            assert 0 <= box["y"] <= size["height"] - box["height"]
            assert page.evaluate(BEYOND_RIGHT_EDGE) == []
            page.keyboard.press("Tab")
            expect(popover.locator("a").first).to_be_focused()
            page.keyboard.press("Escape")
            expect(popover).to_be_hidden()


def test_a_disagreement_is_a_line_that_opens_in_place(visit):
    page = visit("series")
    dispute = page.locator(".billing .dispute").first
    closed = dispute.bounding_box()["height"]
    assert closed < 32
    dispute.locator("summary").click()
    expect(dispute.locator("p")).to_be_visible()
    assert dispute.bounding_box()["height"] > closed


def test_selected_values_are_ticked_in_forced_colours(visit):
    values = visit("episode-list-filtered", forced_colors="active").evaluate(TICKS)
    assert {selected for selected, _ in values} == {True, False}
    assert all(selected == ticked for selected, ticked in values)


def test_printed_pages_show_facts_and_sources_but_no_controls(visit):
    for name in ("series", "episode", "person", "episode-list-filtered"):
        page = visit(name, width=680)  # A4 between its margins
        page.emulate_media(media="print")
        for control in (".masthead nav", "form", ".filters", ".sort", ".pager", ".skip"):
            assert page.locator(f"{control}:visible").count() == 0, (name, control)
        assert page.locator("h1").is_visible(), name
        if name != "episode-list-filtered":
            assert page.locator(".facts").first.is_visible(), name
            assert page.locator("ol.sources").is_visible(), name
        assert page.evaluate(BEYOND_RIGHT_EDGE) == [], name


def test_the_next_page_fades_in_unless_the_reader_prefers_reduced_motion(soundtrack, open_page):
    # An attribute, since the policy forbids what wait_for_function does: evaluating an expression repeatedly.
    record_transition = """addEventListener("pagereveal", event => {
        document.documentElement.dataset.faded = Boolean(event.viewTransition);
    })"""
    for preference, fades in (("no-preference", True), ("reduce", False)):
        page = open_page(reduced_motion=preference)
        page.add_init_script(record_transition)
        page.goto("/episodes/")
        page.locator("#results article h3 a").first.click()
        page.wait_for_url("**/series/soundtrack/**")
        expect(page.locator("html")).to_have_attribute("data-faded", str(fades).lower())
