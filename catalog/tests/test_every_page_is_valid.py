"""Every page is valid HTML, as the Nu Html Checker judges it."""

import shutil
from types import SimpleNamespace

import pytest

from catalog.models import Episode, Person, Series
from catalog.tests import factories as make
from catalog.tests.html_checker import JAVA, checker_messages
from catalog.tests.test_every_page import PAGES, example_url
from catalog.views.server_errors import outage_page, unsaved_page
from catalog.views.unsaved_form import UnsavedForm

pytestmark = [pytest.mark.looks, pytest.mark.django_db, pytest.mark.skipif(JAVA is None, reason="no Java found")]

# States of a page that its bare address does not show.
STATES = {
    "episode-narrowed": "/episodes/?director=ti-west&director=joe-swanberg&writer=lauren-yee",
    "episode-empty": "/episodes/?director=ti-west&writer=korde-tuttle&q=no+such&cast=nobody-here",
    "episode-finale": "/series/soundtrack/s01e10/",
    "person-with-dates": "/people/jahmil-french/",
    "person-page-2": "/people/?page=2",
    "person-with-a-portrait": "/people/ti-west/",
    "episode-with-a-still": "/series/soundtrack/s01e09/",
    "facet-found": "/episodes/facets/crew/?find=sa&director=ti-west",
    "facet-nothing": "/episodes/facets/crew/?find=zzzz",
    "company-narrowed": "/companies/?q=x",
    "search-found": "/search/?q=sam",
    "search-nothing": "/search/?q=zzzz+%3Cb%3E%22%27",
}


# Pages of records with long lists, as they are with a few rows a page.
LONG_LISTS = {
    "series": "/series/soundtrack/",
    "season": "/series/soundtrack/season-1/",
    "episode": "/series/soundtrack/s01e01/",
    "source": "/sources/soundtrack-article/",
}
FEW_ROWS = {"series.MAX_COLUMNS": 3, "series.ROWS_PER_PAGE": 3, "episode.ROWS_PER_PAGE": 2, "source.FACTS_PER_PAGE": 9}

UNSAVED_FORM = UnsavedForm("/admin/?q=1&p=2", [("name", "Ann <Lee>"), ("notes", "")], [("file", ["a.png", "b.png"])])


def read_long_lists(client, monkeypatch):
    """The first two pages of LONG_LISTS."""
    with monkeypatch.context() as patch:
        for name, size in FEW_ROWS.items():
            patch.setattr(f"catalog.views.{name}", size)
        return {
            f"{name}-long-{number}": client.get(f"{url}?page={number}")
            for name, url in LONG_LISTS.items()
            for number in (1, 2)
        }


def test_every_page_is_valid_and_an_invalid_one_is_reported(
    soundtrack, client, admin_client, settings, tmp_path, monkeypatch
):
    for record in (Episode.objects.get(number=9), Person.objects.get(slug="ti-west"), *Series.objects.all()):
        record.picture = make.picture(caption="Seen from the side")
        record.save()
    for number in range(30):
        make.person(f"Extra {number:02} <&> “’")
    addresses = {name: example_url(name) for name in PAGES} | STATES
    read = {name: client.get(path) for name, path in addresses.items()} | read_long_lists(client, monkeypatch)
    assert {name: response.status_code for name, response in read.items() if response.status_code != 200} == {}
    read |= {f"staff-{name}": admin_client.get(example_url(name)) for name in PAGES if name.endswith("-detail")}
    read |= {"not-found": client.get("/series/no-such/"), "cannot-be-read": client.get("/episodes/%00/")}
    read |= {"outage": SimpleNamespace(content=outage_page()), "unsaved": unsaved_page(UNSAVED_FORM)}
    for name, response in read.items():
        (tmp_path / f"{name}.html").write_bytes(response.content)
    shutil.copy(settings.BASE_DIR / "templates" / "500.html", tmp_path)
    (tmp_path / "wrong.html").write_text("<!doctype html><html lang=en><title>x</title><p id=a><span id=a></p><ul><b>")
    messages = checker_messages(tmp_path)
    assert [message for message in messages if not message.startswith("wrong.html:")] == []
    # An invalid page shows that the checker works; in the same run, as each takes Java 3 s.
    assert any(message.startswith("wrong.html:1: Duplicate ID") for message in messages), messages
