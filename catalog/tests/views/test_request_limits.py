"""Combinations of filters, searches and suggestions are limited for each address; single values and records are not."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.test import Client

from catalog.tests import factories as make
from catalog.tests import page_parsing
from catalog.tests.views.test_page_cache import Visitor
from catalog.urls import urlpatterns
from catalog.views import page_cache
from soundtrack_site import sliding_window

pytestmark = pytest.mark.django_db
COMBINATION = "/episodes/?director=ann&writer=bea"
LIMITED = [
    COMBINATION,
    "/episodes/?director=ann&director=bea",
    "/episodes/?director__all=ann&director__not=bea&page=2",
    "/episodes/?gaffer=ann&year=2019",
    "/episodes/?year__gte=2019&year__lte=2020",
    "/episodes/?composer__missing=1&writer=ann",
    "/series/?genre=drama&network=one",
    "/people/?role=director&with=ann",
    "/episodes/facets/director/?writer=ann&year=2019",
    "/episodes/?q=love",
    "/people/?q=ann&page=2",
    "/companies/?q=one",
    "/songs/?q=love",
    "/search/?q=love",
    "/search/?q=love&exact=1",
    "/people/ann/with/bea/",
    "/episodes/?one=1&two=2",  # unknown, but cached as a page of their own
]
FREE = [
    "/",
    "/series/",
    "/episodes/?page=2&sort=title",
    "/episodes/?director=ann",
    "/episodes/?director=ann&sort=title&page=2",
    "/episodes/?director__not=ann",
    "/episodes/?director=ann&writer=&q=",
    "/episodes/facets/director/",
    "/episodes/facets/director/?writer=ann&as=block",
    "/songs/?sort=artist&page=2",
    "/sources/?kind=article",
    "/search/",
    "/series/one/",
    "/series/one/?page=2&a=1&b=2&q=love",
    "/series/one/s01e01/?a=1&b=2",
    "/people/ann/?q=love",
    "/sleeves/people/ann.png",
    "/robots.txt",
    "/sitemap.xml",
    "/moon/?q=love",
    "/healthz",
    "/admin/login/?q=love&next=/",
]
TYPED = ["/search/suggest?q=lov", "/episodes/facets/director/?find=an&as=block", "/people/facets/role/?find=di&with=a"]


@pytest.fixture
def clock(monkeypatch):
    """The time of the windows, in seconds; set ``now``."""
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(sliding_window, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


@pytest.fixture
def site(settings, clock):
    """Two combinations and searches a minute, three suggestions; a new client is a new worker process."""
    settings.FILTERS_PER_MINUTE, settings.SUGGESTIONS_PER_MINUTE = 2, 3
    return Client()


def statuses(client, *urls, address="192.0.2.1", **headers):
    """The statuses of requests from an address, one after another."""
    return [client.get(url, headers=headers, REMOTE_ADDR=address).status_code for url in urls]


def is_refused(client, url, **options):
    """Whether the next request is refused."""
    return statuses(client, url, **options) == [429]


@pytest.mark.parametrize("url", LIMITED)
def test_combinations_and_searches_are_limited(site, url):
    assert 429 not in statuses(site, url, url)
    assert is_refused(site, url)
    assert is_refused(site, COMBINATION)
    assert 429 not in statuses(site, *TYPED)


@pytest.mark.parametrize("url", FREE)
def test_single_values_lists_and_records_are_not_limited(site, url):
    assert 429 not in statuses(site, *[url] * 4, COMBINATION, COMBINATION)
    assert is_refused(site, COMBINATION)
    assert not is_refused(site, url)


@pytest.mark.parametrize("url", TYPED)
def test_requests_at_each_key_press_have_a_higher_limit_of_their_own(site, url):
    assert 429 not in statuses(site, url, url, url)
    assert is_refused(site, url)
    assert not is_refused(site, COMBINATION)


def test_each_address_has_a_limit_of_its_own(site):
    statuses(site, COMBINATION, COMBINATION)
    assert is_refused(site, COMBINATION)
    assert not is_refused(site, COMBINATION, address="192.0.2.2")


def test_the_window_slides_and_retry_after_is_honest(site, clock):
    statuses(site, COMBINATION)
    clock.now += 20.5
    statuses(site, COMBINATION)
    refused = site.get(COMBINATION, REMOTE_ADDR="192.0.2.1")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "40")  # 39.5 seconds
    clock.now += 39
    assert site.get(COMBINATION, REMOTE_ADDR="192.0.2.1").headers["Retry-After"] == "1"
    clock.now += 1
    assert not is_refused(site, COMBINATION)
    assert site.get(COMBINATION, REMOTE_ADDR="192.0.2.1").headers["Retry-After"] == "20"  # after the second request


def test_refused_requests_do_not_make_the_wait_longer(site, clock):
    statuses(site, COMBINATION, COMBINATION)
    for _ in range(59):
        clock.now += 1
        assert is_refused(site, COMBINATION)
    clock.now += 1
    assert not is_refused(site, COMBINATION)


def test_each_worker_process_counts_for_itself(site):
    second = Client()
    assert statuses(site, COMBINATION, COMBINATION, COMBINATION)[-1] == 429
    assert statuses(second, COMBINATION, COMBINATION, COMBINATION) == [200, 200, 429]


def test_ipv6_clients_count_by_their_network(site):
    statuses(site, COMBINATION, address="2001:db8:0:1::1")
    statuses(site, COMBINATION, address="2001:db8:0:1:ffff::2")
    assert is_refused(site, COMBINATION, address="2001:db8:0:1::3")
    assert not is_refused(site, COMBINATION, address="2001:db8:0:2::1")


def test_a_forwarded_address_of_a_client_is_not_believed(site):
    for number in range(2):
        statuses(site, COMBINATION, **{"x-forwarded-for": f"203.0.113.{number}"})
    assert is_refused(site, COMBINATION, **{"x-forwarded-for": "203.0.113.9"})


def test_behind_a_trusted_proxy_the_address_that_it_appended_counts(site, settings):
    settings.TRUSTED_PROXIES = ["192.0.2.1"]
    for number in range(2):
        statuses(site, COMBINATION, **{"x-forwarded-for": f"203.0.113.{number}, 198.51.100.7"})
    assert is_refused(site, COMBINATION, **{"x-forwarded-for": "198.51.100.7"})
    assert not is_refused(site, COMBINATION, **{"x-forwarded-for": "198.51.100.8"})


@pytest.mark.parametrize("text", ["", "unknown", "198.51.100.7, ?", "999.1.1.1", "::1::", "x" * 5000])
def test_what_a_proxy_forwards_instead_of_an_address_counts_as_the_proxy(site, settings, text):
    settings.TRUSTED_PROXIES = ["192.0.2.1"]
    statuses(site, COMBINATION, COMBINATION, **{"x-forwarded-for": text})
    assert is_refused(site, COMBINATION)


def test_a_connection_without_an_address_is_not_limited(site):
    assert statuses(site, *[COMBINATION] * 4, address="") == [200] * 4


def test_signed_in_staff_are_never_limited_and_do_not_use_up_the_limit(site):
    site.force_login(User.objects.create_user("editor", is_staff=True))
    assert statuses(site, *[COMBINATION] * 4, *[TYPED[0]] * 4) == [200] * 8
    site.logout()
    assert not is_refused(site, COMBINATION)


@pytest.mark.parametrize("fields", [{"is_staff": False}, {"is_staff": True, "is_active": False}])
def test_accounts_that_are_not_staff_are_limited(site, fields):
    site.force_login(User.objects.create_user("reader", **fields))
    assert statuses(site, COMBINATION, COMBINATION, COMBINATION) == [200, 200, 429]


@pytest.mark.parametrize("session", ["", "moon", "x" * 32])
def test_a_session_that_does_not_exist_is_limited(site, settings, session):
    site.cookies[settings.SESSION_COOKIE_NAME] = session
    assert statuses(site, COMBINATION, COMBINATION, COMBINATION) == [200, 200, 429]


def test_pages_in_the_page_cache_are_not_limited(site, monkeypatch):
    monkeypatch.setattr(page_cache, "close_old_connections", lambda: None)
    visitor = Visitor()
    tag = visitor.get(COMBINATION, REMOTE_ADDR="192.0.2.1").headers["ETag"]
    statuses(visitor, "/search/?q=love")
    assert is_refused(visitor, "/search/?q=moon")
    assert statuses(visitor, COMBINATION, "/search/?q=love") == [200, 200]
    assert statuses(visitor, COMBINATION, **{"if-none-match": tag}) == [304]
    assert is_refused(visitor, "/search/?q=moon")
    assert not is_refused(visitor, "/search/?q=moon", address="192.0.2.2")  # a refusal is not cached


def test_head_counts_like_get_and_other_methods_do_not(site):
    for method in (site.post, site.put, site.delete, site.patch):
        assert [method(COMBINATION, REMOTE_ADDR="192.0.2.1").status_code for _ in range(3)] == [405] * 3
    assert site.options(COMBINATION, REMOTE_ADDR="192.0.2.1").status_code == 200
    answers = [site.head(COMBINATION, REMOTE_ADDR="192.0.2.1") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert (answers[2].content, answers[2].headers["Retry-After"]) == (b"", "60")
    assert is_refused(site, COMBINATION)


def test_the_refusal_says_what_happened_and_what_to_do(site, caplog):
    make.series("One")
    statuses(site, COMBINATION, COMBINATION)
    refused = site.get(COMBINATION, REMOTE_ADDR="192.0.2.1")
    page = page_parsing.parse_page(refused)
    assert [page_parsing.text(heading) for heading in page.cssselect("h1")] == ["Too many searches in a minute"]
    assert "Wait a minute, then load this page again." in page_parsing.text(page)
    assert refused.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in refused.headers["Content-Security-Policy"]
    assert page.cssselect("meta[name=robots]")[0].get("content") == "noindex"
    assert len(refused.content) < 6000
    assert caplog.text == ""


def test_zero_switches_each_limit_off(settings):
    settings.FILTERS_PER_MINUTE, settings.SUGGESTIONS_PER_MINUTE = 0, 1
    site = Client()
    assert statuses(site, *[COMBINATION] * 4, TYPED[0], TYPED[0]) == [200] * 5 + [429]
    settings.FILTERS_PER_MINUTE, settings.SUGGESTIONS_PER_MINUTE = 1, 0
    site = Client()
    assert statuses(site, *[TYPED[0]] * 4, COMBINATION, COMBINATION) == [200] * 5 + [429]


def test_memory_is_bounded_however_many_addresses_ask(clock, monkeypatch):
    monkeypatch.setattr(sliding_window, "MAX_CLIENTS", 100)
    window = sliding_window.SlidingWindow(2, 60)
    for number in range(1000):
        assert window.seconds_to_wait(f"client {number}") == 0
    assert list(window.times) == [f"client {number}" for number in range(900, 1000)]
    for _ in range(1000):
        window.seconds_to_wait("client 999")
    assert sum(map(len, window.times.values())) == 101


def test_clients_are_forgotten_after_a_minute(clock):
    window = sliding_window.SlidingWindow(2, 60)
    window.seconds_to_wait("first")
    window.seconds_to_wait("second")
    clock.now += 30
    window.seconds_to_wait("second")
    clock.now += 30
    window.seconds_to_wait("third")
    assert list(window.times) == ["second", "third"]
    assert window.seconds_to_wait("second") == 0
    assert window.seconds_to_wait("second") == 30


def test_every_page_with_a_list_has_a_name_by_which_it_is_limited():
    names = {pattern.name for pattern in urlpatterns if pattern.name.endswith(("-list", "-facet"))}
    assert names == {
        *("series-list", "episode-list", "person-list", "company-list", "song-list", "source-list"),
        *("series-facet", "episode-facet", "person-facet"),
    }
