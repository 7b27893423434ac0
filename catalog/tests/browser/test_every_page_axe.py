"""What holds for the look of every page: axe finds nothing, nothing scrolls sideways, the keyboard reaches all.

axe judges each page on a wide screen in light and on a narrow one in dark; where CI is set, each screen in both. Many
pages are asked in one test: to fill the tables and to open a browser for each took 1 s of the 3 s that a page takes.
"""

import asyncio
import os
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from catalog.models import Episode, Person, Picture
from catalog.tests import sample_images

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
CONTRAST = "color-contrast"  # four fifths of what axe takes: a second for 700 elements
BUT_CONTRAST = {"rules": EVERYTHING["rules"] | {CONTRAST: {"enabled": False}}}
LOOKS = [(WIDE, "light", EVERYTHING), (NARROW, "dark", BUT_CONTRAST)]
if os.environ.get("CI"):
    LOOKS = [(WIDE, "light", EVERYTHING), (NARROW, "dark", EVERYTHING)]
    LOOKS += [(WIDE, "dark", COLOURS), (NARROW, "light", EVERYTHING)]
# What stands among several of the same tags, attributes and values (but addresses, names and dates) has their colours:
# two of them and the last stay.
THIN = """() => {
    const apart = /^(href|id|src|srcset|alt|title|datetime|for|data-(?!fact|role|facet).*)$/;
    const shape = one => [one.tagName, ...[...one.attributes].map(({name, value}) =>
        apart.test(name) ? name : `${name}=${value}`), "(", ...[...one.children].map(shape), ")"].join(" ");
    for (const parent of document.querySelectorAll("main, main *"))
        for (const alike of Map.groupBy(parent.children, shape).values())
            for (const one of alike.slice(2, -1)) one.remove();
}"""
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
def illustrated(soundtrack):
    """The article with a still of the ninth episode and a portrait of its writer."""
    for record, size in (
        (Episode.objects.get(number=9), (640, 360)),
        (Person.objects.get(slug="korde-tuttle"), (360, 480)),
    ):
        file = sample_images.uploaded_file(sample_images.encode_image(sample_images.two_colour_image(*size)))
        said = {"alt_text": "Red on the left, blue on the right", "caption": "Drawn for a test", "licence": "CC0"}
        record.picture = Picture.objects.create(file=file, credit="Nobody", **said)
        record.save()


@pytest.fixture
def visit(illustrated, open_page, settings):
    """A function that shows a page of PAGES wide and light; the broken one is the static file that a 500 sends.

    Pages after each other are shown in one browser; the one that is not found has its own, as it may complain.
    """
    opened = {}

    def visited(name, **options):
        expected = "404 (Not Found)" if name == "not-found" else None
        key = (expected, *options.items())
        if key not in opened:
            opened[key] = open_page(expected=expected, **options)
        page = opened[key]
        if name == "broken":
            body = (settings.BASE_DIR / "templates" / "500.html").read_text(encoding="utf-8")
            page.route("**/broken", lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))
        page.set_viewport_size(WIDE | {key: options[key] for key in WIDE.keys() & options})
        page.emulate_media(color_scheme="light", media="screen")
        page.goto(PAGES[name])
        return page

    return visited


def judged(page):
    """What axe finds in LOOKS, and what reaches over the edge: ``{(width, what): complaints}``."""
    page.evaluate(AXE)  # past the policy, which lets a page run no such script
    found = {}
    for size in (SMALLEST, NARROW, ZOOMED, WIDE):
        page.set_viewport_size(size)
        found[size["width"], "sideways"] = page.evaluate(SIDEWAYS)
    for size, scheme, rules in LOOKS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        found[size["width"], scheme] = page.evaluate(JUDGE, rules)
    if not os.environ.get("CI"):
        page.evaluate(THIN)
        found["narrow, dark", CONTRAST] = page.evaluate(JUDGE, {"runOnly": [CONTRAST]})
    return {key: complaints for key, complaints in found.items() if complaints}


def missed(page):
    """The controls that the Tab key does not reach, or where the focus is not seen."""
    controls = page.evaluate(WATCH)
    assert controls > 3
    keyboard = page.context.new_cdp_session(page)  # a step of its own for each half of a press takes twice as long
    press = "Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Tab", "windowsVirtualKeyCode": 9}

    async def pressed():
        """All at once, as keys that wait for their turn: else each has a picture drawn, at three times the cost."""
        await asyncio.gather(*(keyboard._impl_obj.send(*press, None) for _ in range(controls + 1)))

    keyboard._sync(pressed())
    return page.evaluate(MISSED)


# Two parts of about one length, so that two processes share them.
LONGEST = ("series", "episode", "source")


@pytest.mark.parametrize("part", ["longest", "others"])
def test_axe_finds_nothing_nothing_scrolls_sideways_and_the_keyboard_reaches_all(visit, part):
    found = {}
    for name in [name for name in PAGES if (name in LONGEST) == (part == "longest")]:
        page = visit(name)
        if name.startswith("episode-list"):  # with the filters folded away
            page.set_viewport_size(NARROW)
        if controls := missed(page):
            found[name, "by keyboard"] = controls
        page.evaluate("document.activeElement.blur()")
        if complaints := judged(page):
            found[name] = complaints
    assert found == {}, ", ".join(map(str, found))


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


def test_on_paper_the_facts_and_sources_stand_and_the_controls_are_gone(visit):
    for name in ("series", "episode", "person", "episode-list-narrowed"):
        page = visit(name, width=680)  # A4 between its margins
        page.emulate_media(media="print")
        for control in (".masthead nav", "form", ".filters", ".sort", ".pager", ".skip"):
            assert page.locator(f"{control}:visible").count() == 0, (name, control)
        assert page.locator("h1").is_visible(), name
        if name != "episode-list-narrowed":
            assert page.locator(".facts").is_visible(), name
            assert page.locator("ol.sources").is_visible(), name
        assert page.evaluate(SIDEWAYS) == [], name


def test_the_next_page_fades_in_unless_the_reader_asked_for_less_motion(soundtrack, open_page):
    # Waited for as an attribute: the policy lets no expression be read again and again, as wait_for_function does.
    watch = """addEventListener("pagereveal", event => {
        document.documentElement.dataset.faded = Boolean(event.viewTransition);
    })"""
    for wish, fades in (("no-preference", True), ("reduce", False)):
        page = open_page(reduced_motion=wish)
        page.add_init_script(watch)
        page.goto("/episodes/")
        page.locator("#results article h3 a").first.click()
        page.wait_for_url("**/series/soundtrack/**")
        expect(page.locator("html")).to_have_attribute("data-faded", str(fades).lower())
