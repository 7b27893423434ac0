"""Pages are made one at a time for each address, and one at a time for all editors."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from catalog.views import page_cache
from soundtrack_site import turns

SESSION = {"HTTP_COOKIE": "sessionid=x"}


class Site:
    """TurnsWSGI around an application that answers paths with "slow" only once ``finish`` is set."""

    def __init__(self):
        self.finish, self.begun, self.threads, self.headers = threading.Event(), [], [], {}
        self.turns = turns.TurnsWSGI(self.application)

    def application(self, environ, start_response):
        self.begun.append(environ["PATH_INFO"])
        if "slow" in environ["PATH_INFO"]:
            assert self.finish.wait(20)
        if "broken" in environ["PATH_INFO"]:
            raise ZeroDivisionError
        start_response("429 Too Many Requests" if "refused" in environ["PATH_INFO"] else "200 OK", [])
        return [b"page"]

    def get(self, path, address="192.0.2.1", **environ):
        """The status of the answer."""
        started = []
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "REMOTE_ADDR": address, **environ}
        b"".join(self.turns(environ, lambda *args: started.extend(args)))
        self.headers = dict(started[1])
        return int(started[0].split()[0])

    def start(self, path, *arguments, waits=False, **environ):
        """Request a page in a thread; return once it has begun, or waits for its turn."""
        queue_length = self.queue_length()
        thread = threading.Thread(target=self.get, args=(path, *arguments), kwargs=environ)
        thread.start()
        self.threads.append(thread)
        end = time.monotonic() + 20
        while self.queue_length() == queue_length if waits else path not in self.begun:
            assert time.monotonic() < end
            time.sleep(0.001)

    def queue_length(self):
        """How many requests wait."""
        addresses = list(self.turns.addresses.values())
        queues = [turn for address in addresses for turn in (address.pages, address.admin)]
        return sum(len(turn.waiting) for turn in [self.turns.editors, *queues])

    def end(self):
        """Let all requests end."""
        self.finish.set()
        for thread in self.threads:
            thread.join(20)


@pytest.fixture
def site(settings, monkeypatch):
    """A site on which four requests of an address may be in progress. A turn lasts as long as its request."""
    settings.REQUESTS_AT_ONCE = 4
    monkeypatch.setattr(turns, "MAX_TURN_SECONDS", 60)
    site = Site()
    yield site
    site.end()
    assert site.turns.addresses == {}
    assert site.queue_length() == 0


def test_requests_of_an_address_begin_one_after_another_in_order(site):
    site.start("/slow")
    for path in ("/2", "/3", "/4"):
        site.start(path, waits=True)
    assert site.begun == ["/slow"]
    site.end()
    assert site.begun == ["/slow", "/2", "/3", "/4"]


def test_a_refused_request_keeps_its_turn_for_a_while_and_others_do_not_wait(site, monkeypatch):
    pauses = []
    monkeypatch.setattr(turns, "time", SimpleNamespace(monotonic=time.monotonic, sleep=pauses.append))
    assert [site.get("/"), site.get("/refused")] == [200, 429]
    assert pauses == [turns.REFUSED_SECONDS]
    site.start("/slow/refused")
    assert site.get("/", "192.0.2.2") == 200


@pytest.mark.parametrize(("rest", "waiting", "seconds"), [(3, ["next"], 0.9), (3, [], 0), (0, ["next"], 0)])
def test_between_a_turn_of_editors_and_one_that_waits_is_a_rest(monkeypatch, rest, waiting, seconds):
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(turns, "time", SimpleNamespace(monotonic=lambda: clock.now))
    turn = turns.Turn(rest)
    turn.begin("request")
    turn.waiting.extend(waiting)
    clock.now += 0.3
    turn.end("request")
    assert turn.seconds_left() == pytest.approx(seconds)


def test_only_editors_rest():
    site = turns.TurnsWSGI(None)
    assert (site.editors.rest, turns.Turn().rest) == (3, 0)


def test_addresses_do_not_wait_for_each_other(site):
    site.start("/slow")
    assert site.get("/", "192.0.2.2") == 200
    site.start("/other/slow", "2001:db8::1")
    assert site.get("/", "2001:db8:0:1::1") == 200
    site.start("/same-network", "2001:db8::2", waits=True)
    assert "/same-network" not in site.begun


def test_a_request_that_takes_long_loses_its_turn(site, monkeypatch):
    monkeypatch.setattr(turns, "MAX_TURN_SECONDS", 0.01)
    site.start("/slow")
    assert [site.get("/"), site.get("/")] == [200, 200]
    site.start("/second/slow")
    site.end()
    assert site.get("/") == 200


@pytest.mark.parametrize("path", ["/broken", "/admin/broken"])
def test_an_error_ends_the_turn(site, path):
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            site.get(path, **SESSION)
    assert site.get("/admin/", **SESSION) == 200


def test_an_address_may_have_so_many_requests_in_progress(site):
    site.start("/slow")
    for path in ("/2", "/3"):
        site.start(path, waits=True)
    site.start("/admin/slow", "192.0.2.2", **SESSION)
    site.start("/admin/4", waits=True, **SESSION)
    assert [site.get("/5"), site.get("/admin/", **SESSION)] == [429, 429]
    assert site.headers["Retry-After"] == "1"
    assert site.headers["X-Content-Type-Options"] == "nosniff"
    assert [site.get("/5", "192.0.2.3"), site.get("/static/site.css"), site.get("/healthz")] == [200, 200, 200]
    site.end()
    assert site.get("/5") == 200


def test_editors_take_turns_whatever_their_address_and_visitors_do_not_wait_for_them(site):
    site.start("/admin/slow", **SESSION)
    site.start("/admin/", "192.0.2.2", waits=True, **SESSION)
    assert "/admin/" not in site.begun
    assert [site.get("/"), site.get("/episodes/", "192.0.2.2", **SESSION)] == [200, 200]
    assert site.get("/admin/login/", "192.0.2.3", HTTP_COOKIE="csrftoken=x") == 200


def test_an_address_is_ahead_of_an_editor_once_with_however_many_requests(site):
    """Anybody can send a session cookie."""
    site.start("/admin/slow", **SESSION)
    for number in (1, 2):
        site.start(f"/admin/stranger/{number}", "192.0.2.66", waits=True, **SESSION)
    site.start("/admin/editor", "192.0.2.3", waits=True, **SESSION)
    site.end()
    assert site.begun == ["/admin/slow", "/admin/stranger/1", "/admin/editor", "/admin/stranger/2"]


def test_signing_in_has_no_turn_but_its_page_has(site):
    site.start("/slow")
    assert site.get("/admin/login/", REQUEST_METHOD="POST") == 200
    site.start("/admin/login/", waits=True)


def test_bodies_leave_threads_for_requests_without(site, settings):
    settings.REQUESTS_AT_ONCE = 24
    for number in range(turns.MAX_BODIES):
        address = f"192.0.2.{number * 2 // turns.MAX_BODIES}"
        body = {"CONTENT_LENGTH": "5000"} if number % 2 else {"HTTP_TRANSFER_ENCODING": "chunked"}
        site.start(f"/admin/login/slow/{number}", address, REQUEST_METHOD="POST", **body)
        if number == turns.MAX_BODIES // 2 - 1:
            assert site.get("/admin/login/", address, CONTENT_LENGTH="1") == 429
    assert site.get("/admin/login/", "192.0.2.9", CONTENT_LENGTH="1") == 429
    assert "192.0.2.9" not in site.turns.addresses
    assert [site.get("/", "192.0.2.9"), site.get("/", "192.0.2.9", CONTENT_LENGTH="0")] == [200, 200]
    site.end()
    assert site.get("/admin/login/", CONTENT_LENGTH="1") == 200


def test_zero_switches_turns_off(site, settings):
    settings.REQUESTS_AT_ONCE = 0
    site.start("/slow")
    site.start("/admin/slow", **SESSION)
    assert [site.get("/"), site.get("/admin/", **SESSION)] == [200, 200]


def test_a_connection_without_an_address_does_not_wait(site):
    site.start("/slow", "")
    assert site.get("/", "") == 200


def test_a_visitor_does_not_wait_for_a_page_that_somebody_else_waits_to_request(monkeypatch):
    is_busy, may_end, rendered = threading.Event(), threading.Event(), []

    def etag_for(environ):
        environ[page_cache.ETAG_KEY] = 'W/"1"'
        return environ[page_cache.ETAG_KEY]

    def application(environ, start_response):
        rendered.append(environ["PATH_INFO"])
        if environ["PATH_INFO"] == "/slow/":
            is_busy.set()
            assert may_end.wait(20)
        start_response("200 OK", [("ETag", 'W/"1"')])
        return [b"page"]

    monkeypatch.setattr(turns, "MAX_TURN_SECONDS", 60)
    monkeypatch.setattr(page_cache, "etag_for", etag_for)
    monkeypatch.setattr(page_cache, "close_old_connections", lambda: None)
    site = page_cache.CachedPageWSGI(application)

    def visit(path, address):
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "REMOTE_ADDR": address}
        return b"".join(site(environ, lambda *args: None))

    with ThreadPoolExecutor(2) as pool:
        crawler = [pool.submit(visit, "/slow/", "192.0.2.1")]
        assert is_busy.wait(20)
        crawler.append(pool.submit(visit, "/", "192.0.2.1"))
        while not site.take_turn.addresses["192.0.2.1"].pages.waiting:
            time.sleep(0.001)
        assert visit("/", "192.0.2.2") == b"page"
        may_end.set()
        assert [page.result(20) for page in crawler] == [b"page", b"page"]
    assert rendered == ["/slow/", "/"]  # the second was in the cache when the crawler had its turn
