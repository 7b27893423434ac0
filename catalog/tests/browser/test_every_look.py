"""What holds for the look of every page: axe finds nothing, nothing scrolls sideways, the keyboard reaches all.

axe judges each page on a wide screen in light and on a narrow one in dark; where CI is set, each screen in both.
"""

import os
from pathlib import Path

import axe_playwright_python
import pytest

from catalog.models import Episode, Person, Picture
from catalog.tests import pictures

pytestmark = [pytest.mark.browser, pytest.mark.looks, pytest.mark.django_db(transaction=True)]

# A page of each type, and the states in which it looks different.
PAGES = {
    "home": "/",
    "series-list": "/series/",
    "series": "/series/soundtrack/",
    "season": "/series/soundtrack/season-1/",
    "episode": "/series/soundtrack/s01e03/",
    "episode-with-a-still": "/series/soundtrack/s01e09/",
    "episode-list": "/episodes/",
    "episode-list-narrowed": "/episodes/?director=ti-west&director=joe-swanberg&writer=lauren-yee",
    "episode-list-empty": "/episodes/?director=ti-west&writer=korde-tuttle&cast=nobody-here",
    "facet-values": "/episodes/facets/crew/?director=ti-west",
    "person-list": "/people/",
    "person": "/people/joshua-safran/",
    "person-with-a-portrait": "/people/korde-tuttle/",
    "company-list": "/companies/",
    "company": "/companies/netflix/",
    "source": "/sources/soundtrack-article/",
    "search": "/search/?q=sam",
    "search-empty": "/search/?q=zzzz",
    "not-found": "/series/sound-track/",
    "broken": "/broken",
}
WIDE, NARROW = {"width": 1400, "height": 900}, {"width": 390, "height": 844}
ZOOMED, SMALLEST = {"width": 640, "height": 450}, {"width": 320, "height": 640}  # 1280 at 200 % is 640 wide
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
EVERYTHING = {"rules": {"target-size": {"enabled": True}}}
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}  # all that differs where the other scheme was judged
LOOKS = [(WIDE, "light", EVERYTHING), (NARROW, "dark", EVERYTHING)]
if os.environ.get("CI"):
    LOOKS += [(WIDE, "dark", COLOURS), (NARROW, "light", EVERYTHING)]
JUDGE = """async options => (await axe.run(document, {resultTypes: ["violations"], ...options})).violations.flatMap(
    broken => broken.nodes.map(node => `${broken.id}: ${node.html} ${node.failureSummary}`))"""
SIDEWAYS = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll("body *")].filter(part => part.getBoundingClientRect().right > innerWidth + 1
    ).map(part => part.outerHTML.slice(0, 120))"""
# Every focus is written down with what is seen of it; the controls are what a reader can see and use.
WATCH = """() => {
    window.controls = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), summary")].filter(
        part => part.tabIndex >= 0 && part.checkVisibility() && part.getClientRects().length);
    window.reached = new Map();
    document.addEventListener("focusin", ({target}) => {
        const style = getComputedStyle(target), box = target.getBoundingClientRect();
        const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
        window.reached.set(target, ring && seen);
    });
    return window.controls.length;
}"""
MISSED = "() => window.controls.filter(part => !window.reached.get(part)).map(part => part.outerHTML.slice(0, 160))"


@pytest.fixture
def illustrated(article):
    """The article with a still of the ninth episode and a portrait of its writer."""
    for record, size in (
        (Episode.objects.get(number=9), (640, 360)),
        (Person.objects.get(slug="korde-tuttle"), (360, 480)),
    ):
        file = pictures.upload(pictures.encoded(pictures.halves(*size)))
        said = {"alt_text": "Red on the left, blue on the right", "caption": "Drawn for a test", "licence": "CC0"}
        record.picture = Picture.objects.create(file=file, credit="Nobody", **said)
        record.save()


@pytest.fixture
def visit(illustrated, open_page, settings):
    """A function that opens a page of PAGES wide and light; the broken one is the static file that a 500 sends."""

    def visited(name, **options):
        page = open_page(expected="404 (Not Found)" if name == "not-found" else None, **options)
        if name == "broken":
            body = (settings.BASE_DIR / "templates" / "500.html").read_text(encoding="utf-8")
            page.route("**/broken", lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))
        page.goto(PAGES[name])
        return page

    return visited


def judged(page):
    """What axe finds in LOOKS, and what reaches over the edge: ``{(width, what): complaints}``."""
    page.evaluate(AXE)  # past the policy, which lets a page run no such script
    found = {}
    for size, scheme, rules in LOOKS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        found[size["width"], scheme] = page.evaluate(JUDGE, rules)
    for size in (SMALLEST, NARROW, ZOOMED, WIDE):
        page.set_viewport_size(size)
        found[size["width"], "sideways"] = page.evaluate(SIDEWAYS)
    return {key: complaints for key, complaints in found.items() if complaints}


def missed(page):
    """The controls that the Tab key does not reach, or where the focus is not seen."""
    controls = page.evaluate(WATCH)
    assert controls > 3
    keyboard = page.context.new_cdp_session(page)  # a step of its own for each half of a press takes twice as long
    for _ in range(controls + 1):
        keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Tab", "windowsVirtualKeyCode": 9})
    return page.evaluate(MISSED)


# The longest pages first, so that two processes end together.
@pytest.mark.parametrize("name", sorted(PAGES, key=lambda name: name not in ("series", "episode", "person", "source")))
def test_axe_finds_nothing_nothing_scrolls_sideways_and_the_keyboard_reaches_all(visit, name):
    page = visit(name)
    assert judged(page) == {}
    if name.startswith("episode-list"):  # with the filters folded away
        page.set_viewport_size(NARROW)
    assert missed(page) == []


def test_a_source_mark_names_its_source_on_focus_and_on_hover_even_on_the_smallest_screen(visit):
    page = visit("series")
    for size in (WIDE, SMALLEST):
        page.set_viewport_size(size)
        mark = page.locator(".billing .ref").nth(3)
        note = mark.locator("span")
        for show in (mark.hover, mark.focus):
            page.mouse.move(0, 0)
            page.locator(".skip").focus()
            assert note.bounding_box()["width"] <= 1
            page.keyboard.press("Tab")  # from now on a focus is one of the keyboard
            show()
            box = note.bounding_box()
            assert box["width"] > 40
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= size["width"]
            assert box["y"] >= 0
        assert page.evaluate(SIDEWAYS) == []
    mark.press("Enter")
    entry = page.locator(f"ol.sources {mark.get_attribute('href')}")
    assert mark.inner_text().startswith(entry.locator("span").first.inner_text())
    assert 0 <= entry.bounding_box()["y"] < SMALLEST["height"]


def test_what_is_chosen_is_ticked_where_the_reader_forces_colours(visit):
    page = visit("episode-list-narrowed", forced_colors="active")
    values = page.evaluate(
        """() => [...document.querySelectorAll("[data-facet=director] .value, [data-facet=writer] .value")].map(one => {
            const box = getComputedStyle(one, "::before"), tick = getComputedStyle(one, "::after");
            const ticked = tick.content !== "none" && tick.borderBottomColor !== box.backgroundColor;
            return [one.ariaCurrent === "true", ticked];
        })"""
    )
    assert {chosen for chosen, _ in values} == {True, False}
    assert all(chosen == ticked for chosen, ticked in values)


@pytest.mark.parametrize("name", ["series", "episode", "person", "episode-list-narrowed"])
def test_on_paper_the_facts_and_sources_stand_and_the_controls_are_gone(visit, name):
    page = visit(name, width=680)  # A4 between its margins
    page.emulate_media(media="print")
    for control in (".masthead nav", "form", ".filters", ".sort", ".pager", ".skip"):
        assert page.locator(f"{control}:visible").count() == 0, control
    assert page.locator("h1").is_visible()
    if name != "episode-list-narrowed":
        assert page.locator(".facts").is_visible()
        assert page.locator("ol.sources").is_visible()
    assert page.evaluate(SIDEWAYS) == []


def test_the_next_page_fades_in_unless_the_reader_asked_for_less_motion(article, open_page):
    watch = "addEventListener('pagereveal', event => { window.faded = Boolean(event.viewTransition) })"
    for wish, fades in (("no-preference", True), ("reduce", False)):
        page = open_page(reduced_motion=wish)
        page.add_init_script(watch)
        page.goto("/episodes/")
        page.locator("#results article h3 a").first.click()
        page.wait_for_url("**/series/soundtrack/**")
        page.wait_for_function("window.faded !== undefined")
        assert page.evaluate("window.faded") is fades
