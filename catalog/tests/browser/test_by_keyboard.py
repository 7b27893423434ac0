"""Using the admin by keyboard alone: an episode with five credits, the order of billing, the keys of a form."""

import time

import pytest
from django.urls import reverse

from catalog.models import Episode, Person
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url, change_url
from catalog.tests.browser.accessibility import LAPTOP

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEYS_PER_SECOND = 10  # typing speed of an editor
SYNOPSIS = "Nellie sings for a room that does not listen, and Sam finds the song he has been looking for all year."
CREDITS = """Director: Ti West
Writer: Lauren Yee & Matt Smith
Guest: Isabel May as Sarah
Editor: New Body"""
HAS_FOCUS = "selector => document.activeElement.matches(selector)"


@pytest.fixture
def page(open_admin_page):
    """A page of an editor who is signed in."""
    return open_admin_page(**LAPTOP)


class CountingKeyboard:
    """A keyboard that counts keys, each modifier and each Shift of a capital letter too, and loaded pages."""

    def __init__(self, page):
        self.page, self.keys, self.loads = page, 0, 0
        page.on("load", self._count_load)

    def _count_load(self, _):
        self.loads += 1

    def press(self, *keys):
        """Press keys one after the other; a key may have modifiers, as in ``Control+Enter``."""
        for key in keys:
            self.keys += len(key.split("+"))
            self.page.keyboard.press(key)

    def type(self, text):
        """Type a text; Shift is counted as on an English keyboard."""
        self.keys += len(text) + sum(char.isupper() or char in ':&"?!_+' for char in text)
        self.page.keyboard.type(text)

    def tab_to(self, selector):
        """Press Tab until the focus is on an element that matches; AssertionError after 15 times."""
        for _ in range(15):
            self.press("Tab")
            if self.page.evaluate(HAS_FOCUS, selector):
                return
        raise AssertionError(f"15 presses of Tab do not reach {selector}")

    def press_and_load(self, *keys):
        """Press keys and wait for the page that they open."""
        with self.page.expect_event("load"):
            self.press(*keys)


def test_an_episode_with_five_credits_takes_less_than_a_minute_and_at_most_three_pages(page, capsys):
    season = make.season(make.series("Soundtrack"))
    for slug in ("director", "writer", "guest", "editor"):
        make.role(slug)
    for name in ("Ti West", "Lauren Yee", "Matt Smith", "Isabel May", "Isabel May"):
        make.person(name)
    page.goto(reverse("admin:index"))
    keyboard, start = CountingKeyboard(page), time.monotonic()

    keyboard.press("Tab", "Enter")  # the skip link
    keyboard.tab_to('a[href$="/episode/add/"]')
    keyboard.press_and_load("Enter")
    page.locator(".field-season .select2-selection:focus").wait_for()  # before the next key
    keyboard.type("soundtr")
    page.locator(".select2-results__option--highlighted", has_text="Soundtrack, Season 1").wait_for()
    keyboard.press("Enter")
    keyboard.tab_to("#id_number")
    keyboard.type("3")
    keyboard.tab_to("#id_title")
    keyboard.type("Sam and Dante")
    keyboard.tab_to("#id_air_date")
    keyboard.type("2019-12-18")
    keyboard.tab_to("#id_synopsis")
    keyboard.type(SYNOPSIS)
    keyboard.tab_to("#id_typed_credits")
    keyboard.type(CREDITS)
    keyboard.press_and_load("Control+Enter")
    page.locator(".person-choice input:focus").wait_for()  # the question has the focus
    keyboard.press("Space")  # the first of two namesakes; “new” is preselected for the unknown editor
    keyboard.press_and_load("Control+Enter")

    seconds = time.monotonic() - start + keyboard.keys / KEYS_PER_SECOND
    with capsys.disabled():
        figures = f"{keyboard.keys} keys, {seconds:.0f} s at {KEYS_PER_SECOND} keys per second, {keyboard.loads} pages"
        print(f"\nAn episode with a synopsis and five credits: {figures}")  # noqa: T201
    assert page.url.endswith(admin_url(Episode))
    assert seconds < 60
    assert keyboard.loads <= 3
    episode = Episode.objects.get()
    assert (episode.season, episode.title, episode.synopsis) == (season, "Sam and Dante", SYNOPSIS)
    assert list(episode.credits.order_by("pk").values_list("role__slug", "person__name", "character__name")) == [
        ("director", "Ti West", None),
        ("writer", "Lauren Yee", None),
        ("writer", "Matt Smith", None),
        ("guest", "Isabel May", "Sarah"),
        ("editor", "New Body", None),
    ]
    assert Person.objects.get(name="New Body").published_at is None


@pytest.fixture
def episode(page):
    """An episode with three billed writers and a director, whose form is open."""
    episode = make.episode()
    make.credit(episode, "Di Rector", "director")
    for billing, name in enumerate(("Ann One", "Bob Two", "Cleo Three"), 1):
        make.credit(episode, name, "writer", billing=billing)
    page.goto(change_url(episode))
    return episode


def credit_row(page, name):
    """The row of a person's credit in the form."""
    return page.locator("#credits-group tr.form-row:not(.empty-form)", has_text=name)


def billed_writers(episode):
    """(name, billing) of the writers, by billing."""
    return list(episode.credits.filter(role__slug="writer").order_by("billing").values_list("person__name", "billing"))


def test_credits_are_reordered_within_their_role_by_keys_and_by_the_drag_handle(page, episode):
    status = page.locator("#credits-group [role=status]")
    credit_row(page, "Cleo Three").get_by_label("Billing").focus()
    page.keyboard.press("Alt+ArrowUp")
    assert status.inner_text() == "Cleo Three: 2 of 3, Writer"
    assert credit_row(page, "Cleo Three").get_by_label("Billing").evaluate("field => field === document.activeElement")
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    assert status.inner_text() == "There is no further row of this role"

    handle, target = (credit_row(page, name).locator(".admin-drag-handle") for name in ("Bob Two", "Ann One"))
    target.scroll_into_view_if_needed()
    for box, action in ((handle.bounding_box(), "down"), (target.bounding_box(), "up")):
        page.mouse.move(box["x"] + 8, box["y"] + 12, steps=4)
        getattr(page.mouse, action)()
    assert status.inner_text() == "Bob Two: 2 of 3, Writer"
    with page.expect_event("load"):
        page.keyboard.press("Control+s")
    assert billed_writers(episode) == [("Cleo Three", 1), ("Bob Two", 2), ("Ann One", 3)]
    assert episode.credits.get(role__slug="director").billing is None
    assert page.url.endswith(change_url(episode)), "Control+S stays in the form"


def test_reordered_rows_are_saved_when_new_rows_are_removed_again(page, episode):
    for _ in range(2):
        page.get_by_role("button", name="Add another Credit").click()
    credit_row(page, "Cleo Three").get_by_label("Billing").focus()
    page.keyboard.press("Alt+ArrowUp")
    page.locator("#credits-group .inline-deletelink").first.click()
    page.locator("#credits-group .inline-deletelink").first.click()
    with page.expect_event("load"):
        page.keyboard.press("Control+s")
    assert billed_writers(episode) == [("Ann One", 1), ("Cleo Three", 2), ("Bob Two", 3)]


def test_a_dialog_lists_the_keys_and_one_saves_and_opens_the_next_record(page, episode):
    next_episode = make.episode(episode.season)
    page.locator("#id_title").focus()
    page.keyboard.type("?")
    dialog = page.get_by_role("dialog", name="Keys")
    assert not dialog.is_visible(), "in a text field the key types a question mark"
    page.keyboard.press("Control+/")
    assert dialog.is_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="All keys").click()
    assert dialog.is_visible()
    page.keyboard.press("Escape")
    with page.expect_event("load"):
        page.keyboard.press("Control+Shift+Enter")
    assert page.url.endswith(change_url(next_episode))
    assert Episode.objects.get(pk=episode.pk).title.startswith("?")


def test_closing_the_keyboard_help_does_not_submit_the_form(page, episode):
    title, loads = episode.title, []
    page.locator("#id_title").fill("Not to be saved")
    page.get_by_role("button", name="All keys").click()
    dialog = page.get_by_role("dialog", name="Keys")
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    dialog.get_by_role("button", name="Close").click()
    dialog.wait_for(state="hidden")
    page.wait_for_load_state("networkidle")
    assert loads == [], "the form was submitted"
    assert page.locator("#id_title").input_value() == "Not to be saved"
    assert Episode.objects.get(pk=episode.pk).title == title
