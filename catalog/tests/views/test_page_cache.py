"""An unchanged page is answered with 304 or from the cache, a changed one never."""

import datetime as dt
import gzip
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from catalog.models import Change, Episode, Person
from catalog.tests import factories as make
from catalog.tests.outages import LOST, outage
from catalog.views import page_cache

pytestmark = pytest.mark.django_db
PAGES = ("/", "/episodes/", "/series/one/", "/series/one/s01e01/", "/people/ann/", "/people/")


class Visitor(Client):
    """A client that goes through CachedPageWSGI, as a browser does. ``rendered`` counts Django's responses."""

    rendered = 0

    def request(self, **request):
        """The response of CachedPageWSGI, or of Django."""
        environ, answers, started = self._base_environ(**request), [], []

        def application(environ, start_response):
            self.rendered += 1
            answers.append(super(Visitor, self).request(**request))
            start_response(f"{answers[0].status_code} {answers[0].reason_phrase}", list(answers[0].items()))
            return answers[0]

        body = page_cache.CachedPageWSGI(application)(environ, lambda *args: started.append(args))
        status, headers = started[0]
        return answers[0] if answers else HttpResponse(body, status=int(status.split()[0]), headers=dict(headers))


@pytest.fixture
def client(monkeypatch):
    """Replaces that of pytest-django. Connections stay open, as with Django's test client."""
    monkeypatch.setattr(page_cache, "close_old_connections", lambda: None)
    return Visitor()


@pytest.fixture
def catalogue():
    """A series with an episode that somebody directed."""
    make.credit(make.episode(make.season(make.series("One")), 1), make.person("Ann"), "director")


def etag_of(client, url):
    """The ETag of a page."""
    response = client.get(url)
    assert response.status_code == 200
    return response.headers["ETag"]


def status_for(client, url, tag):
    """The status of a request with this ETag."""
    return client.get(url, headers={"If-None-Match": tag}).status_code


@pytest.mark.parametrize("url", PAGES)
def test_an_unchanged_page_is_not_sent_again_and_a_changed_one_is(client, catalogue, url):
    tag = etag_of(client, url)
    response = client.get(url, headers={"If-None-Match": tag})
    assert (response.status_code, response.content, response.headers["ETag"]) == (304, b"", tag)
    assert "Cookie" in response.headers["Vary"]
    assert "no-cache" in response.headers["Cache-Control"]
    person = Person.objects.get()
    person.name = "Bea"
    person.save()
    assert status_for(client, url, tag) == 200
    assert status_for(client, url, etag_of(client, url)) == 304


@pytest.mark.parametrize("url", PAGES)
def test_a_page_is_rendered_once_for_all_visitors_and_again_after_an_edit(client, catalogue, url):
    first = client.get(url)
    second = Visitor().get(url)
    assert (second.status_code, second.content, second.headers) == (200, first.content, first.headers)
    curious = Visitor()
    assert (curious.head(url).status_code, curious.rendered) == (200, 1)
    person = Person.objects.get()
    person.name = "Bea"
    person.save()
    after = client.get(url)
    assert client.rendered == 2
    assert after.headers["ETag"] != first.headers["ETag"]
    assert ("Bea" in after.content.decode()) == ("Ann" in first.content.decode())


def test_a_page_is_cached_by_its_full_url_and_compression(client, catalogue, monkeypatch):
    page_cache.build_fingerprint()
    monkeypatch.setattr(page_cache, "zlib", SimpleNamespace(crc32=lambda *_: 7))  # as if all URLs had one checksum
    urls = (*PAGES, "/episodes/?director=ann", "/episodes/?director=ann&sort=title")
    pages = [client.get(url).content for url in urls]
    assert len(set(pages)) == len(urls) == client.rendered
    assert [client.get(url).content for url in urls] == pages
    assert client.rendered == len(urls)
    packed = client.get("/episodes/", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.content) == client.get("/episodes/").content
    assert client.get("/episodes/", headers={"Accept-Encoding": "gzipx"}).content == pages[urls.index("/episodes/")]
    assert client.get("/episodes/", secure=True).status_code == 200
    assert client.get("/episodes/", headers={"Host": "localhost"}).status_code == 200
    assert client.rendered == len(urls) + 3


def test_a_huge_page_is_not_cached(client, catalogue, monkeypatch):
    size = len(client.get("/episodes/").content)
    for max_bytes, rendered in ((size + 9, 1), (size - 1, 2)):
        monkeypatch.setattr(page_cache, "MAX_CACHED_BYTES", max_bytes)
        client.rendered = 0
        address = f"/episodes/?unknown={rendered}"
        assert client.get(address).content == client.get(address).content
        assert client.rendered == rendered


@pytest.mark.parametrize(("status", "renders"), [("200 OK", 1), ("404 Not Found", 4), ("error", 4)])
def test_a_page_that_many_request_at_once_is_rendered_once(monkeypatch, status, renders):
    rendered, everybody_waits = [], threading.Barrier(4, timeout=10)

    def etag_for(environ):
        environ[page_cache.ETAG_KEY] = 'W/"1"'
        return environ[page_cache.ETAG_KEY]

    def application(environ, start_response):
        rendered.append(status)
        time.sleep(0.1)  # for the other requests to arrive
        if status == "error":
            raise OSError
        start_response(status, [("ETag", 'W/"1"')])
        return [b"page"]

    monkeypatch.setattr(page_cache, "etag_for", etag_for)
    monkeypatch.setattr(page_cache, "close_old_connections", lambda: None)
    site = page_cache.CachedPageWSGI(application)
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": f"/{status}/"}

    def visit(_):
        everybody_waits.wait()
        try:
            return b"".join(site(dict(environ), lambda *args: None))
        except OSError:
            return b"error"

    with ThreadPoolExecutor(4) as pool:
        bodies = set(pool.map(visit, range(4)))
    assert bodies == {b"error" if status == "error" else b"page"}
    assert len(rendered) == renders
    assert site.renders == {}


def test_errors_and_other_paths_are_not_cached(client, catalogue):
    for _ in range(2):
        assert client.get("/people/nobody/").status_code == 404
        assert client.get("/episodes/", headers={"Host": "elsewhere.example"}).status_code == 400
        assert client.post("/people/").status_code == 405
        assert client.get("/healthz").status_code == 200
    assert client.rendered == 8


def test_an_etag_is_of_one_url(client, catalogue):
    tags = {etag_of(client, url) for url in (*PAGES, "/episodes/?director=ann", "/episodes/?director=ann&sort=title")}
    assert len(tags) == len(PAGES) + 2
    assert status_for(client, "/people/", etag_of(client, "/episodes/")) == 200


def test_a_scheduled_publication_changes_the_page_on_time(client, catalogue, monkeypatch):
    episode = make.episode(Episode.objects.get().season, 2, published_at=timezone.now() + dt.timedelta(hours=1))
    tag = etag_of(client, "/episodes/")
    assert status_for(client, "/episodes/", tag) == 304
    version, later = Change.objects.version(), timezone.now() + dt.timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    for headers in ({"If-None-Match": tag}, {}):
        response = client.get("/episodes/", headers=headers)
        assert response.status_code == 200
        assert episode.slug in response.content.decode()
    assert Change.objects.version() == version


def test_two_publications_within_a_second_give_different_etags(client, catalogue, monkeypatch):
    now = timezone.now().replace(microsecond=0) + dt.timedelta(hours=1)
    for name, part in (("Cid", 100_000), ("Dan", 400_000)):
        make.person(name, published_at=now + dt.timedelta(microseconds=part))
    monkeypatch.setattr(timezone, "now", lambda: now + dt.timedelta(microseconds=200_000))
    first = client.get("/people/")
    monkeypatch.setattr(timezone, "now", lambda: now + dt.timedelta(microseconds=500_000))
    second = client.get("/people/", headers={"If-None-Match": first.headers["ETag"]})
    assert ["Dan" in page.content.decode() for page in (first, second)] == [False, True]


def test_an_editor_gets_the_page_with_the_toolbar(client, catalogue, editor):
    tag = etag_of(client, "/series/one/")
    client.force_login(editor)
    for headers in ({"If-None-Match": tag}, {}):
        response = client.get("/series/one/", headers=headers)
        assert response.status_code == 200
        assert "ETag" not in response.headers
        assert "/admin/catalog/series/" in response.content.decode()
    assert "/admin/catalog/series/" not in Visitor().get("/series/one/").content.decode()


@pytest.mark.parametrize("url", ["/people/nobody/", "/episodes/?page=99", "/healthz", "/readyz", "/admin/login/"])
def test_other_paths_have_no_etag(client, catalogue, url):
    assert "ETag" not in client.get(url).headers


def test_an_invalid_etag_and_a_post_are_not_answered_with_304(client, catalogue):
    assert status_for(client, "/people/nobody/", "*") == 404
    assert status_for(client, "/people/", 'W/"0-0-0-0", "x", broken') == 200
    assert client.post("/people/", headers={"If-None-Match": etag_of(client, "/people/")}).status_code == 405


def test_pages_without_queries_are_answered_without_a_database(client, monkeypatch):
    def fails(*_):
        raise DatabaseError

    monkeypatch.setattr(page_cache, "etag_for", fails)
    assert client.get("/robots.txt").status_code == 200
    assert client.get("/robots.txt", headers={"If-None-Match": 'W/"1"'}).status_code == 200


def test_pages_in_the_cache_are_answered_during_an_outage_and_made_anew_after_it(
    client, catalogue, caplog, monkeypatch
):
    monkeypatch.setattr(page_cache, "OUTAGE_RETRY_SECONDS", 0)
    client.raise_request_exception = False
    make.person("Bea")
    page = client.get("/people/ann/")
    client.rendered = 0
    with outage():
        during = client.get("/people/ann/")
        assert (during.status_code, during.content, during.headers) == (200, page.content, page.headers)
        assert status_for(client, "/people/ann/", page.headers["ETag"]) == 304
        assert client.rendered == 0
        refused = client.get("/people/bea/")
        assert (refused.status_code, "ETag" in refused.headers) == (503, False)
        assert client.get("/people/ann/?x=1").status_code == 503
    messages = [record.getMessage() for record in caplog.records if record.name == page_cache.__name__]
    assert messages == ["Cached pages are answered as they were, as the database cannot be reached"]
    Person.objects.filter(name="Bea").get().delete()
    assert client.get("/people/ann/").headers["ETag"] != page.headers["ETag"]
    assert client.get("/people/bea/").status_code == 404
    messages = [record.getMessage() for record in caplog.records if record.name == page_cache.__name__]
    assert messages[1:] == ["The database answers again: cached pages are current"]


def test_former_pages_are_answered_for_an_hour_at_most(client, catalogue, monkeypatch):
    client.raise_request_exception = False
    client.get("/people/ann/")
    now = time.monotonic()
    for minutes, status in ((59, 200), (61, 503)):
        monkeypatch.setattr(page_cache.time, "monotonic", lambda minutes=minutes: now + 60 * minutes)
        with outage():
            assert client.get("/people/ann/").status_code == status


def test_during_an_outage_one_request_asks_for_the_database_and_others_do_not_wait(client, catalogue, monkeypatch):
    client.get("/people/ann/")
    questions, clock = [], [time.monotonic()]
    monkeypatch.setattr(page_cache.time, "monotonic", lambda: clock[0])

    def ask(*_):
        questions.append(clock[0])
        if len(questions) == 2:  # another request comes while this one waits for the answer
            assert page_cache.visitor_version.current() == page_cache.visitor_version.value
        raise LOST

    monkeypatch.setattr(Change.objects, "version", ask)
    for seconds in (0, 0.5, 0.6):  # 0, 0.5 and 1.1 after the first failure
        clock[0] += seconds
        assert client.get("/people/ann/").status_code == 200
    assert len(questions) == 2


def test_the_end_of_an_outage_of_hours_is_logged(client, catalogue, monkeypatch, caplog):
    clock = [time.monotonic()]
    monkeypatch.setattr(page_cache.time, "monotonic", lambda: clock[0])
    page_cache.visitor_version.current()
    with outage():
        page_cache.visitor_version.current()
        clock[0] += 2 * page_cache.MAX_OUTAGE_SECONDS
        with pytest.raises(OperationalError):
            page_cache.visitor_version.current()
    page_cache.visitor_version.current()
    assert [record.message.partition(" as ")[0] for record in caplog.records] == [
        "Cached pages are answered",
        "The database answers again: cached pages are current",
    ]


def test_another_thread_that_has_read_an_older_version_does_not_change_the_answer(monkeypatch):
    version = page_cache.VisitorVersion()
    monkeypatch.setattr(Change.objects, "version", lambda: 6)
    monkeypatch.setattr(page_cache.publication, "current", lambda number: 0)
    # Called after this thread has stored what it read; another one stores then.
    monkeypatch.setattr(version, "_log_outage", lambda *_: setattr(version, "value", (5, 0)))
    assert version.current() == (6, 0)


def test_a_version_that_cannot_be_read_is_asked_for_once(monkeypatch):
    environ = RequestFactory().get("/people/").META
    monkeypatch.setattr(page_cache, "close_old_connections", lambda: None)
    with outage():
        page_cache.CachedPageWSGI(lambda *_: [])(environ, None)
        assert page_cache.etag_for(environ) == ""


def test_a_fault_of_the_code_is_not_hidden_by_the_cache(client, catalogue):
    client.raise_request_exception = False
    client.get("/people/ann/")
    with outage(OperationalError("no such table")):
        assert client.get("/people/ann/").status_code == 500


def test_pages_are_compressed_for_clients_that_accept_it(client, catalogue):
    plain = client.get("/episodes/")
    packed = client.get("/episodes/", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert "Accept-Encoding" in plain.headers["Vary"]


@pytest.fixture
def rename(settings, catalogue, monkeypatch):
    """Return a function that renames the person; visitors may get pages that are 30 seconds old."""
    settings.PAGE_STALENESS = 30
    clock = SimpleNamespace(seconds=1000.0)
    monkeypatch.setattr(page_cache, "time", SimpleNamespace(monotonic=lambda: clock.seconds))

    def rename(name, seconds_later=0):
        clock.seconds += seconds_later
        person = Person.objects.get()
        person.name = name
        person.save()

    rename.clock = clock
    return rename


@pytest.mark.parametrize("url", ["/people/", "/people/ann/", "/series/one/s01e01/"])
def test_visitors_get_a_former_page_no_longer_than_the_setting_allows(client, rename, url):
    tag = etag_of(client, url)
    rename("Bea", seconds_later=10)
    assert b"Bea" not in Visitor().get(url).content
    assert status_for(Visitor(), url, tag) == 304
    rename.clock.seconds += 20
    assert b"Bea" in Visitor().get(url).content
    assert status_for(Visitor(), url, tag) == 200


def test_a_page_that_is_not_cached_is_never_made_of_former_values(client, rename):
    tag = etag_of(client, "/people/")
    rename("Bea")
    assert b"Bea" in client.get("/people/ann/").content
    assert etag_of(client, "/people/") == tag


def test_people_who_are_signed_in_get_the_present_page_at_once(client, rename, django_user_model):
    client.get("/people/ann/")
    rename("Bea")
    editor = Visitor()
    editor.force_login(django_user_model.objects.create_user("editor"))
    assert b"Bea" in editor.get("/people/ann/").content
    assert "ETag" not in editor.get("/people/ann/").headers
    assert b"Bea" not in client.get("/people/ann/").content


PATHS_OF_VISITORS = ["/", "/series/", "/series/shown/", "/series/moon/", "/search/?q=shown", "/sources/", "/series"]


def test_no_copy_of_a_page_for_a_user_is_stored(admin_client, client):
    make.series("Shown", slug="shown")
    visitor = Client()
    for path in PATHS_OF_VISITORS:
        assert admin_client.get(path).headers["Cache-Control"] == "private, no-store", path
        assert "ETag" not in admin_client.get(path).headers, path
        assert "private" not in visitor.get(path).headers.get("Cache-Control", ""), path


def test_files_are_the_same_for_users_and_visitors(admin_client, settings):
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT / "a.txt").write_text("a")
    for path in ("/media/a.txt", "/robots.txt"):
        assert admin_client.get(path).headers["Cache-Control"] == Client().get(path).headers["Cache-Control"], path
