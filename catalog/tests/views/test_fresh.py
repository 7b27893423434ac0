"""A page that has not changed is answered 304, and one that has never is."""

import datetime as dt
import gzip

import pytest
from django.db import DatabaseError
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from catalog.models import Change, Episode, Person
from catalog.tests import factories as make
from catalog.views import fresh

pytestmark = pytest.mark.django_db
PAGES = ("/", "/episodes/", "/series/one/", "/series/one/s01e01/", "/people/ann/", "/people/")


class Visitor(Client):
    """A client that asks through all that the server calls, as a browser does."""

    def request(self, **request):
        """304 without Django, or what Django answers."""
        environ, started = self._base_environ(**request), []
        if fresh.Unchanged(lambda *_: None)(environ, lambda *said: started.append(said)) is None:
            return super().request(**request)
        status, headers = started[0]
        return HttpResponse(status=int(status.split()[0]), headers=dict(headers))


@pytest.fixture
def client(monkeypatch):
    """Instead of pytest-django's. Connections stay open, as Django's own test client has it."""
    monkeypatch.setattr(fresh, "close_old_connections", lambda: None)
    return Visitor()


@pytest.fixture
def catalogue():
    """A series with an episode that somebody directed."""
    make.credit(make.episode(make.season(make.series("One")), 1), make.person("Ann"), "director")


def kept(client, url):
    """The page and its tag."""
    response = client.get(url)
    assert response.status_code == 200
    return response.headers["ETag"]


def again(client, url, tag):
    """The status when the same visitor asks again."""
    return client.get(url, headers={"If-None-Match": tag}).status_code


@pytest.mark.parametrize("url", PAGES)
def test_an_unchanged_page_is_not_sent_again_and_a_changed_one_is(client, catalogue, url):
    tag = kept(client, url)
    response = client.get(url, headers={"If-None-Match": tag})
    assert (response.status_code, response.content, response.headers["ETag"]) == (304, b"", tag)
    assert "Cookie" in response.headers["Vary"]
    assert "no-cache" in response.headers["Cache-Control"]
    person = Person.objects.get()
    person.name = "Bea"
    person.save()
    assert again(client, url, tag) == 200
    assert again(client, url, kept(client, url)) == 304


def test_a_tag_is_of_one_address(client, catalogue):
    tags = {kept(client, url) for url in (*PAGES, "/episodes/?director=ann", "/episodes/?director=ann&sort=title")}
    assert len(tags) == len(PAGES) + 2
    assert again(client, "/people/", kept(client, "/episodes/")) == 200


def test_what_is_planned_changes_the_page_at_its_moment(client, catalogue, monkeypatch):
    episode = make.episode(Episode.objects.get().season, 2, published_at=timezone.now() + dt.timedelta(hours=1))
    tag = kept(client, "/episodes/")
    assert again(client, "/episodes/", tag) == 304
    version, later = Change.objects.version(), timezone.now() + dt.timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    response = client.get("/episodes/", headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert episode.slug in response.content.decode()
    assert Change.objects.version() == version


def test_an_editor_is_sent_the_page_with_the_bar(client, catalogue, editor):
    tag = kept(client, "/series/one/")
    client.force_login(editor)
    response = client.get("/series/one/", headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert "ETag" not in response.headers


@pytest.mark.parametrize("url", ["/people/nobody/", "/episodes/?page=99", "/healthz", "/readyz", "/admin/login/"])
def test_what_is_no_page_of_the_catalogue_has_no_tag(client, catalogue, url):
    assert "ETag" not in client.get(url).headers


def test_a_forged_tag_and_a_write_are_not_answered_304(client, catalogue):
    assert again(client, "/people/nobody/", "*") == 404
    assert again(client, "/people/", 'W/"0-0-0-0", "x", broken') == 200
    assert client.post("/people/", headers={"If-None-Match": kept(client, "/people/")}).status_code == 405


def test_without_a_database_what_needs_none_is_still_answered(client, monkeypatch):
    def fails(*_):
        raise DatabaseError

    monkeypatch.setattr(fresh, "tag_of", fails)
    assert client.get("/robots.txt").status_code == 200
    assert client.get("/robots.txt", headers={"If-None-Match": 'W/"1"'}).status_code == 200


def test_pages_are_sent_compressed_to_those_who_take_it(client, catalogue):
    whole = client.get("/episodes/")
    packed = client.get("/episodes/", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == whole.content
    assert packed.headers["ETag"] == whole.headers["ETag"]
    assert "Accept-Encoding" in whole.headers["Vary"]
