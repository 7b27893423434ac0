"""Checks of a page in the browser: axe, horizontal scrolling, columns that are cut off."""

from pathlib import Path

import axe_playwright_python

LAPTOP, WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 1400, "height": 900}, {"width": 390, "height": 844}
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
ALL_RULES = {"rules": {"target-size": {"enabled": True}}}
COLOUR_RULES = {"runOnly": ["color-contrast", "link-in-text-block"]}  # all that differs between the colour schemes
# Without preload, axe does not load style sheets a second time and inline them, which the policy forbids.
ADMIN_RULES = {"light": ALL_RULES | {"preload": False}, "dark": COLOUR_RULES | {"preload": False}}
RUN_AXE = """async options => (await axe.run(document, {resultTypes: ["violations"], ...options})).violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id}: ${node.html} ${node.failureSummary}`))"""
BEYOND_RIGHT_EDGE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll("body *")].filter(
        element => element.getBoundingClientRect().right > innerWidth + 1
    ).map(element => element.outerHTML.slice(0, 120))"""
# Opens everything that is folded and adds a row to each table of a record's form, so that it is checked as well.
UNFOLD = """() => {
    if (document.querySelector(".has_original"))
        for (const link of document.querySelectorAll(".add-row a")) link.click();
    for (const details of document.querySelectorAll("#content details")) details.open = true;
}"""
# Removes the middle rows of tables and lists: they are like the first ones, and axe takes a second for a hundred.
SHORTEN = """() => document.querySelectorAll("#content :is(tbody, ul)").forEach(
    body => [...body.querySelectorAll(":scope > :not(.empty-form, .add-row)")].slice(2, -1).forEach(
        row => row.remove()))"""
CUT_OFF_COLUMNS = """() => [...document.querySelectorAll(".results, .inline-group, .inline-related")].filter(
    box => box.scrollWidth > box.clientWidth + 1).map(box => `${box.className} ${box.scrollWidth - box.clientWidth}`)"""
MAX_LAYOUT_SHIFT = 0.02  # what moves while a page loads, as Chromium measures it
LAYOUT_SHIFT = """() => new Promise(resolve => {
    let total = 0;
    new PerformanceObserver(list => { for (const entry of list.getEntries()) total += entry.value; })
        .observe({type: "layout-shift", buffered: true});
    requestAnimationFrame(() => setTimeout(() => resolve(total), 100));
})"""
OVERFLOWING_CELLS = """() => [...document.querySelectorAll(".tabular tr.form-row:not(.empty-form) > td")].filter(
    cell => cell.scrollWidth > cell.clientWidth + 1).map(cell => `${cell.parentNode.id} ${cell.className}`)"""


def layout_shift(page, url):
    """Open a page and return what moves while it loads; the smaller of two loads, as a busy machine paints in parts."""
    shifts = []
    while len(shifts) < 2 and (not shifts or shifts[0] > MAX_LAYOUT_SHIFT):
        page.goto(url)
        shifts.append(page.evaluate(LAYOUT_SHIFT))
    return min(shifts)


def admin_problems(page):
    """Problems of an admin page by check, without those that passed: axe in both schemes, and layout at three widths.

    The page is changed: shortened, unfolded, and left in the dark scheme.
    """
    problems = {"columns cut off": page.evaluate(CUT_OFF_COLUMNS) + page.evaluate(BEYOND_RIGHT_EDGE)}
    page.evaluate(SHORTEN)
    page.evaluate(UNFOLD)
    for size in (WIDE, NARROW, LAPTOP):
        page.set_viewport_size(size)
        problems[size["width"]] = page.evaluate(BEYOND_RIGHT_EDGE) + page.evaluate(OVERFLOWING_CELLS)
    page.evaluate(AXE)  # not a script element, which the policy forbids
    for scheme, rules in ADMIN_RULES.items():
        page.emulate_media(color_scheme=scheme)
        problems[scheme] = page.evaluate(RUN_AXE, rules)
    return {check: messages for check, messages in problems.items() if messages}
