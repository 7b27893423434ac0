"""An editor brings in a series of 22 episodes from two sources: with few clicks, by keyboard, and accessibly."""

import time

import pytest
from django.urls import reverse

from catalog.models import Citation, Credit, Edit, Episode, Series
from catalog.tests.admin.source_import.samples import DIRECTORS, OTHER_DIRECTOR, TITLE, WRITERS, article, database_json
from catalog.tests.browser.accessibility import LAPTOP, MAX_LAYOUT_SHIFT, NARROW, admin_problems, layout_shift

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MAX_CLICKS = 11
FILES = [
    {"name": "Lamplight Row.wikitext", "mimeType": "text/plain", "buffer": article().encode()},
    {"name": "lamplight-row.json", "mimeType": "application/json", "buffer": database_json().encode()},
]


class Clicks:
    """Counts what an editor clicks on a page."""

    def __init__(self, page):
        self.page, self.count, self.start = page, 0, time.monotonic()

    def on(self, locator):
        """Click on an element."""
        locator.click()
        self.count += 1

    def opening(self, locator):
        """Click on what opens another page."""
        with self.page.expect_navigation():
            self.on(locator)

    def seconds(self):
        """The seconds since the beginning."""
        return time.monotonic() - self.start


def begin_import(page):
    """The review of the two files."""
    page.goto(reverse("admin:catalog_sourceimport_add"))
    page.get_by_label("Files").set_input_files(files=FILES)
    with page.expect_navigation():
        page.get_by_role("button", name="Compare").click()
    return page


def box(page, record, source, words):
    """The box of a value that a source states about an episode."""
    section = page.locator("section.import-record", has=page.get_by_role("heading", name=record))
    return section.locator(f'td[data-label="{source}"]').get_by_label(words, exact=True)


def test_a_series_of_22_episodes_from_an_article_and_a_database(open_admin_page, vocabulary):
    page = open_admin_page()
    page.goto(reverse("admin:index"))
    clicks = Clicks(page)
    clicks.opening(page.get_by_role("link", name="Import from sources", exact=True))
    with page.expect_file_chooser() as chooser:
        clicks.on(page.get_by_label("Files"))
    chooser.value.set_files(FILES)
    clicks.count += 2  # the second file, and “Open” in the dialog of the system
    clicks.opening(page.get_by_role("button", name="Compare"))
    clicks.opening(page.get_by_role("button", name="Only what differs"))
    clicks.opening(page.get_by_role("button", name="Next: Season 1"))
    clicks.on(box(page, "s01e05", "Wikipedia", "Lamp 5"))
    clicks.on(box(page, "s01e07", "Wikipedia", "Tobias Renn"))
    clicks.on(box(page, "s01e20", "TVmaze", "2005-02-03"))
    clicks.opening(page.get_by_role("button", name="Apply what is ticked"))
    print(f"\n22 episodes from two sources: {clicks.count} clicks, {clicks.seconds():.1f} s by a script")  # noqa: T201  (a figure to be read)
    assert page.locator(".messagelist .success").count() == 1
    assert clicks.count <= MAX_CLICKS
    assert_is_the_series()
    seventh = Episode.objects.get(number=OTHER_DIRECTOR)
    page.goto(reverse("admin:catalog_episode_preview", args=[seventh.pk]))
    disagreement = page.locator("main").inner_text()
    assert "Sources disagree" in disagreement
    assert "Mira Castell" in disagreement


def assert_is_the_series():
    """Every fact that the sources agree on, the three that were selected, and the claims that differ from them."""
    series = Series.objects.get()
    assert (series.title, series.premiered, series.ended) == (TITLE, "2004-09-22", "2005-02-16")
    episodes = list(Episode.objects.order_by("number"))
    assert [(episode.number, episode.title) for episode in episodes] == [(n, f"Lamp {n}") for n in range(1, 23)]
    assert (episodes[0].air_date, episodes[19].air_date) == ("2004-09-22", "2005-02-03")
    assert {(episode.runtime, episode.production_code[:2]) for episode in episodes} == {(42, "1L")}
    for episode in episodes:
        credits = Credit.objects.filter(episode=episode).values_list("role__slug", "person__name")
        writers = [("writer", name) for name in WRITERS[episode.number % 3]]
        assert sorted(credits) == sorted([("director", DIRECTORS[episode.number % 3]), *writers])
    disputed = Citation.objects.exclude(claim="").values_list("source__publisher", "claim")
    assert sorted(disputed) == [
        ("TVmaze", "Mira Castell"),
        ("TVmaze", "The Other Lamp"),
        ("Wikipedia", "2 February 2005"),
    ]
    director = Credit.objects.get(episode__number=OTHER_DIRECTOR, role__slug="director")
    cited = Citation.objects.filter(credit__isnull=False, claim="").values_list("credit", "source__publisher")
    assert [publisher for credit, publisher in cited if credit == director.pk] == ["Wikipedia"]
    credits = Credit.objects.filter(episode__isnull=False)
    assert all({publisher for key, publisher in cited if key == credit.pk} for credit in credits)
    assert Edit.objects.get().kind == Edit.Kind.SOURCE


def test_a_script_ticks_at_once_and_one_value_of_a_fact_takes_the_place_of_another(open_admin_page, vocabulary):
    page = begin_import(open_admin_page(**LAPTOP))
    with page.expect_navigation():
        page.get_by_role("button", name="Next: Season 1").click()
    total = page.locator("[data-ticked-count]")
    before, url = int(total.inner_text()), page.url
    first, second = box(page, "s01e05", "Wikipedia", "Lamp 5"), box(page, "s01e05", "TVmaze", "The Other Lamp")
    first.focus()
    page.keyboard.press("Space")
    assert (first.is_checked(), int(total.inner_text())) == (True, before + 1)
    second.check()
    assert (first.is_checked(), second.is_checked(), int(total.inner_text())) == (False, True, before + 1)
    page.get_by_role("button", name="Tick all of Director, s01e07 Lamp 7").click()
    assert box(page, "s01e07", "TVmaze", "Mira Castell").is_checked()
    assert box(page, "s01e07", "Wikipedia", "Tobias Renn").is_checked()
    page.get_by_role("button", name="Tick all of Wikipedia for s01e05").click()
    assert (first.is_checked(), second.is_checked()) == (True, False)
    assert page.url == url
    with page.expect_navigation():
        page.get_by_role("button", name="Save the choices").last.click()
    assert box(page, "s01e07", "TVmaze", "Mira Castell").is_checked()
    assert int(page.locator("[data-ticked-count]").inner_text()) == int(total.inner_text())


@pytest.mark.looks
def test_the_pages_of_an_import_pass_axe_and_do_not_move(open_admin_page, vocabulary):
    page = begin_import(open_admin_page(**LAPTOP))
    review = page.url
    for url in (f"{review}?page=s01", review, f"{review}?view=open", review.replace("change", "sources")):
        assert layout_shift(page, url) <= MAX_LAYOUT_SHIFT, url
        assert admin_problems(page) == {}, url


@pytest.mark.looks
def test_on_a_phone_a_fact_is_a_block_and_nothing_scrolls_sideways(open_admin_page, vocabulary):
    page = begin_import(open_admin_page(**NARROW))
    review = page.url
    assert layout_shift(page, f"{review}?page=s01") <= MAX_LAYOUT_SHIFT
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    value = box(page, "s01e05", "TVmaze", "The Other Lamp")
    assert value.is_visible()
    value.check()
