"""Work at the desk with the hands on the keys: an episode with five credits, the billing, the keys of a form."""

import time

import pytest
from django.conf import settings
from django.urls import reverse

from catalog.models import Episode, Person
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url, change_url

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

A_SECOND = 10  # keys that an editor types
SYNOPSIS = "Nellie sings for a room that does not listen, and Sam finds the song he has been looking for all year."
CREDITS = """Director: Ti West
Writer: Lauren Yee & Matt Smith
Guest: Isabel May as Sarah
Editor: New Body"""
HERE = "selector => document.activeElement.matches(selector)"


@pytest.fixture
def page(client, editor, live_server, open_page):
    """A page of somebody who is signed in."""
    client.force_login(editor)
    name = settings.SESSION_COOKIE_NAME
    page = open_page(reduced_motion="reduce", width=1280, height=800)
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    return page


class Hands:
    """Presses keys and counts them: Shift for a capital letter or a sign is one as well; and pages that load."""

    def __init__(self, page):
        self.page, self.keys, self.loads = page, 0, 0
        page.on("load", self._loaded)

    def _loaded(self, _):
        self.loads += 1

    def press(self, *keys):
        """Keys one after the other, each with what is held with it."""
        for key in keys:
            self.keys += len(key.split("+"))
            self.page.keyboard.press(key)

    def type(self, text):
        """A text as it is typed on an English keyboard."""
        self.keys += len(text) + sum(char.isupper() or char in ':&"?!_+' for char in text)
        self.page.keyboard.type(text)

    def go_to(self, selector):
        """Tab until the focus is there."""
        for _ in range(15):
            self.press("Tab")
            if self.page.evaluate(HERE, selector):
                return
        raise AssertionError(f"{selector} is not reached by the Tab key")

    def new_page(self, *keys):
        """Press keys that lead to another page."""
        with self.page.expect_event("load"):
            self.press(*keys)


def test_an_episode_with_a_synopsis_and_five_credits_takes_less_than_a_minute_and_three_pages(page, capsys):
    season = make.season(make.series("Soundtrack"))
    for slug in ("director", "writer", "guest", "editor"):
        make.role(slug)
    for name in ("Ti West", "Lauren Yee", "Matt Smith", "Isabel May", "Isabel May"):
        make.person(name)
    page.goto(reverse("admin:index"))
    hands, began = Hands(page), time.monotonic()

    hands.press("Tab", "Enter")  # past what is on every page
    hands.go_to('a[href$="/episode/add/"]')
    hands.new_page("Enter")
    page.locator(".field-season .select2-selection:focus").wait_for()  # by the time that one types
    hands.type("soundtr")
    page.locator(".select2-results__option--highlighted", has_text="Soundtrack, Season 1").wait_for()
    hands.press("Enter")
    hands.go_to("#id_number")
    hands.type("3")
    hands.go_to("#id_title")
    hands.type("Sam and Dante")
    hands.go_to("#id_air_date")
    hands.type("2019-12-18")
    hands.go_to("#id_synopsis")
    hands.type(SYNOPSIS)
    hands.go_to("#id_typed_credits")
    hands.type(CREDITS)
    hands.new_page("Control+Enter")
    page.locator(".person-choice input:focus").wait_for()  # what is asked has the focus
    hands.press("Space")  # the first of two namesakes; that somebody unknown is new is said already
    hands.new_page("Control+Enter")

    waited = time.monotonic() - began
    seconds = waited + hands.keys / A_SECOND
    with capsys.disabled():
        told = f"{hands.keys} keys, {seconds:.0f} s at {A_SECOND} keys a second, {hands.loads} pages loaded"
        print(f"\nAn episode with a synopsis and five credits: {told}")  # noqa: T201
    assert page.url.endswith(admin_url(Episode))
    assert seconds < 60
    assert hands.loads <= 3
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
def billed(page):
    """The form of an episode with three writers in the order of their billing, and a director."""
    episode = make.episode()
    make.credit(episode, "Di Rector", "director")
    for place, name in enumerate(("Ann One", "Bob Two", "Cleo Three"), 1):
        make.credit(episode, name, "writer", billing=place)
    page.goto(change_url(episode))
    return episode


def row_of(page, name):
    """The row of a person's credit."""
    return page.locator("#credits-group tr.form-row:not(.empty-form)", has_text=name)


def billing(episode):
    """The writers as they are billed."""
    return list(episode.credits.filter(role__slug="writer").order_by("billing").values_list("person__name", "billing"))


def test_credits_move_in_the_billing_of_their_role_by_keys_and_by_the_grip(page, billed):
    said = page.locator("#credits-group [role=status]")
    row_of(page, "Cleo Three").get_by_label("Billing").focus()
    page.keyboard.press("Alt+ArrowUp")
    assert said.inner_text() == "Cleo Three: 2 of 3, Writer"
    assert row_of(page, "Cleo Three").get_by_label("Billing").evaluate("field => field === document.activeElement")
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    assert said.inner_text() == "There is no further row of this role"

    grip, target = (
        row_of(page, "Bob Two").locator(".admin-drag-handle"),
        row_of(page, "Ann One").locator(".admin-drag-handle"),
    )
    target.scroll_into_view_if_needed()
    for box, act in ((grip.bounding_box(), "down"), (target.bounding_box(), "up")):
        page.mouse.move(box["x"] + 8, box["y"] + 12, steps=4)
        getattr(page.mouse, act)()
    assert said.inner_text() == "Bob Two: 2 of 3, Writer"
    with page.expect_event("load"):
        page.keyboard.press("Control+s")
    assert billing(billed) == [("Cleo Three", 1), ("Bob Two", 2), ("Ann One", 3)]
    assert billed.credits.get(role__slug="director").billing is None
    assert page.url.endswith(change_url(billed)), "one goes on in the form"


def test_rows_that_were_moved_are_saved_as_they_were_sent_when_a_new_one_is_taken_out(page, billed):
    for _ in range(2):
        page.get_by_role("button", name="Add another Credit").click()
    row_of(page, "Cleo Three").get_by_label("Billing").focus()
    page.keyboard.press("Alt+ArrowUp")
    page.locator("#credits-group .inline-deletelink").first.click()
    page.locator("#credits-group .inline-deletelink").first.click()
    with page.expect_event("load"):
        page.keyboard.press("Control+s")
    assert billing(billed) == [("Ann One", 1), ("Cleo Three", 2), ("Bob Two", 3)]


def test_keys_are_listed_on_demand_and_one_leads_to_the_next_record(page, billed):
    following = make.episode(billed.season)
    page.locator("#id_title").focus()
    page.keyboard.type("?")
    listed = page.get_by_role("dialog", name="Keys")
    assert not listed.is_visible(), "in a text it is a sign"
    page.keyboard.press("Control+/")
    assert listed.is_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="All keys").click()
    assert listed.is_visible()
    page.keyboard.press("Escape")
    with page.expect_event("load"):
        page.keyboard.press("Control+Shift+Enter")
    assert page.url.endswith(change_url(following))
    assert Episode.objects.get(pk=billed.pk).title.startswith("?")


def test_close_in_the_keyboard_help_closes_it_and_saves_nothing(page, billed):
    title, loads = billed.title, []
    page.locator("#id_title").fill("Not to be saved")
    page.get_by_role("button", name="All keys").click()
    dialog = page.get_by_role("dialog", name="Keys")
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    dialog.get_by_role("button", name="Close").click()
    dialog.wait_for(state="hidden")
    page.wait_for_load_state("networkidle")
    assert loads == [], "the form was submitted"
    assert page.locator("#id_title").input_value() == "Not to be saved"
    assert Episode.objects.get(pk=billed.pk).title == title
