"""A page that has not changed is answered 304 or sent as it was made before, and one that has never is."""

import datetime as dt
import gzip
from types import SimpleNamespace

import pytest
from django.db import DatabaseError
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from catalog.models import Change, Episode, Person
from catalog.tests import factories as make
from catalog.views import page_cache

pytestmark = pytest.mark.django_db
PAGES = ("/", "/episodes/", "/series/one/", "/series/one/s01e01/", "/people/ann/", "/people/")


class Visitor(Client):
    """A client that asks through all that the server calls, as a browser does. ``made`` counts what Django answered."""

    made = 0

    def request(self, **request):
        """What is known at the door, or what Django answers."""
        environ, answers, started = self._base_environ(**request), [], []

        def application(environ, start_response):
            self.made += 1
            answers.append(super(Visitor, self).request(**request))
            start_response(f"{answers[0].status_code} {answers[0].reason_phrase}", list(answers[0].items()))
            return answers[0]

        body = page_cache.CachedPageWSGI(application)(environ, lambda *said: started.append(said))
        status, headers = started[0]
        return answers[0] if answers else HttpResponse(body, status=int(status.split()[0]), headers=dict(headers))


@pytest.fixture
def client(monkeypatch):
    """Instead of pytest-django's. Connections stay open, as Django's own test client has it."""
    monkeypatch.setattr(page_cache, "close_old_connections", lambda: None)
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


@pytest.mark.parametrize("url", PAGES)
def test_a_page_is_made_once_for_all_visitors_and_anew_after_an_edit(client, catalogue, url):
    first = client.get(url)
    other = Visitor().get(url)
    assert (other.status_code, other.content, other.headers) == (200, first.content, first.headers)
    curious = Visitor()
    assert (curious.head(url).status_code, curious.made) == (200, 1)
    person = Person.objects.get()
    person.name = "Bea"
    person.save()
    after = client.get(url)
    assert client.made == 2
    assert after.headers["ETag"] != first.headers["ETag"]
    assert ("Bea" in after.content.decode()) == ("Ann" in first.content.decode())


def test_a_page_is_kept_by_its_whole_address_and_as_it_was_packed(client, catalogue, monkeypatch):
    page_cache.build_fingerprint()
    monkeypatch.setattr(page_cache, "zlib", SimpleNamespace(crc32=lambda *_: 7))  # as if all of them came to one number
    urls = (*PAGES, "/episodes/?director=ann", "/episodes/?director=ann&sort=title")
    pages = [client.get(url).content for url in urls]
    assert len(set(pages)) == len(urls) == client.made
    assert [client.get(url).content for url in urls] == pages
    assert client.made == len(urls)
    packed = client.get("/episodes/", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.content) == client.get("/episodes/").content
    assert client.get("/episodes/", headers={"Accept-Encoding": "gzipx"}).content == pages[urls.index("/episodes/")]
    assert client.get("/episodes/", secure=True).status_code == 200
    assert client.get("/episodes/", headers={"Host": "localhost"}).status_code == 200
    assert client.made == len(urls) + 3


def test_a_huge_page_is_not_kept(client, catalogue, monkeypatch):
    size = len(client.get("/episodes/").content)
    for largest, made in ((size + 9, 1), (size - 1, 2)):
        monkeypatch.setattr(page_cache, "MAX_CACHED_BYTES", largest)
        client.made = 0
        address = f"/episodes/?unknown={made}"
        assert client.get(address).content == client.get(address).content
        assert client.made == made


def test_what_is_not_found_or_refused_is_asked_of_django_each_time(client, catalogue):
    for _ in range(2):
        assert client.get("/people/nobody/").status_code == 404
        assert client.get("/episodes/", headers={"Host": "elsewhere.example"}).status_code == 400
        assert client.post("/people/").status_code == 405
        assert client.get("/healthz").status_code == 200
    assert client.made == 8


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
    for headers in ({"If-None-Match": tag}, {}):
        response = client.get("/episodes/", headers=headers)
        assert response.status_code == 200
        assert episode.slug in response.content.decode()
    assert Change.objects.version() == version


def test_two_moments_within_a_second_are_two(client, catalogue, monkeypatch):
    now = timezone.now().replace(microsecond=0) + dt.timedelta(hours=1)
    for name, part in (("Cid", 100_000), ("Dan", 400_000)):
        make.person(name, published_at=now + dt.timedelta(microseconds=part))
    monkeypatch.setattr(timezone, "now", lambda: now + dt.timedelta(microseconds=200_000))
    first = client.get("/people/")
    monkeypatch.setattr(timezone, "now", lambda: now + dt.timedelta(microseconds=500_000))
    second = client.get("/people/", headers={"If-None-Match": first.headers["ETag"]})
    assert ["Dan" in page.content.decode() for page in (first, second)] == [False, True]


def test_an_editor_is_sent_the_page_with_the_bar(client, catalogue, editor):
    tag = kept(client, "/series/one/")
    client.force_login(editor)
    for headers in ({"If-None-Match": tag}, {}):
        response = client.get("/series/one/", headers=headers)
        assert response.status_code == 200
        assert "ETag" not in response.headers
        assert "/admin/catalog/series/" in response.content.decode()
    assert "/admin/catalog/series/" not in Visitor().get("/series/one/").content.decode()


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

    monkeypatch.setattr(page_cache, "etag_for", fails)
    assert client.get("/robots.txt").status_code == 200
    assert client.get("/robots.txt", headers={"If-None-Match": 'W/"1"'}).status_code == 200


def test_pages_are_sent_compressed_to_those_who_take_it(client, catalogue):
    whole = client.get("/episodes/")
    packed = client.get("/episodes/", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == whole.content
    assert packed.headers["ETag"] == whole.headers["ETag"]
    assert "Accept-Encoding" in whole.headers["Vary"]
