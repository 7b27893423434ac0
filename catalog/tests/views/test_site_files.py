"""Site map, robots.txt, OpenSearch, favicon, health checks."""

import re
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from lxml import etree

from catalog.models import Character, Company, Episode, Person, Season, Series, Song, Source
from catalog.tests import factories as make
from catalog.tests import page_parsing
from catalog.views import sitemaps

SITE_FILES = [
    "/healthz",
    "/readyz",
    "/robots.txt",
    "/favicon.ico",
    "/opensearch.xml",
    "/sitemap.xml",
    "/sitemap-series.xml",
]
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def locations(client, address):
    """The URLs in a site map or its index, which must be well-formed XML."""
    response = client.get(address)
    assert response.status_code == 200, address
    assert response["Content-Type"].startswith("application/xml")
    return [entry.text for entry in etree.fromstring(response.content).iter(f"{SITEMAP}loc")]


def test_the_site_map_lists_every_page_of_every_published_record_and_each_exists(soundtrack, client):
    named = [entry for part in locations(client, "/sitemap.xml") for entry in locations(client, part)]
    published = [kind.objects.published() for kind in (Series, Season, Episode, Person, Company, Character, Song)]
    records = [record for kind in [*published, Source.objects.all()] for record in kind]
    assert sorted(named) == sorted("http://testserver" + record.get_absolute_url() for record in records)
    for address in named[::10]:
        assert client.get(urlsplit(address).path).status_code == 200, address


def test_the_site_map_leaves_out_drafts_and_their_parts(client, db):
    draft = make.series("Hidden", published_at=None)
    make.episode(make.season(draft))
    make.episode(make.season(make.series("Shown"), published_at=None))
    named = [entry for part in locations(client, "/sitemap.xml") for entry in locations(client, part)]
    assert named == ["http://testserver/series/shown/"]


def test_a_long_section_of_the_site_map_has_several_pages_in_the_index(client, db, monkeypatch):
    monkeypatch.setattr(sitemaps, "PART_SIZE", 2)
    people = [make.person(pk=pk) for pk in range(1, 6)]
    parts = [part for part in locations(client, "/sitemap.xml") if "people" in part]
    assert [part.partition("?")[2] for part in parts] == ["", "p=2", "p=3"]
    named = [entry for part in parts for entry in locations(client, part)]
    assert named == ["http://testserver" + person.get_absolute_url() for person in people]


def test_the_site_map_has_the_host_of_the_site_whatever_host_was_requested(client, db, settings):
    settings.SITE_URL = "https://liner.example"
    make.person()
    for address in ("/sitemap.xml", "/sitemap-people.xml"):
        entries = etree.fromstring(client.get(address, headers={"host": "localhost"}).content).iter(f"{SITEMAP}loc")
        assert all(entry.text.startswith("https://liner.example/") for entry in entries), address


def test_an_unknown_section_or_page_of_the_site_map_is_404(client, db):
    for number in ("0", "-1", "2", "x", "9" * 30, "9" * 5000, "%00", "%FF"):
        assert client.get(f"/sitemap-people.xml?p={number}").status_code == 404, number
    assert client.get("/sitemap-moon.xml").status_code == 404


def test_no_part_is_longer_than_the_protocol_allows():
    assert sitemaps.PART_SIZE <= 50_000


class Robots:
    """The rules of a robots.txt (RFC 9309): the longest that matches a path decides."""

    def __init__(self, text):
        self.rules = []
        for line in text.splitlines():
            name, _, value = line.partition(": ")
            if name in ("Allow", "Disallow") and value:
                pattern = re.escape(value).replace(r"\*", ".*").replace(r"\$", "$")
                self.rules.append((len(value), name == "Allow", re.compile(pattern)))

    def admits(self, address):
        """Whether the address may be read."""
        matching = [(length, allows) for length, allows, pattern in self.rules if pattern.match(address)]
        return max(matching)[1] if matching else True


CRAWLED = ["/", "/series/soundtrack/s01e03/", "/people/ti-west/", "/episodes/", "/episodes/?director=ti-west"]
CRAWLED += ["/people/?page=2", "/sitemap.xml", "/sitemap-people.xml?p=2", "/static/catalog/site.css", "/media/a.png"]
DISALLOWED = ["/admin/", "/admin/login/?next=/admin/", "/search/", "/search/?q=love", "/people/?q=love"]
DISALLOWED += ["/episodes/?director=ti-west&writer=lauren-yee", "/episodes/?director=a&director=b"]
DISALLOWED += ["/episodes/?director__not=ti-west", "/episodes/?year__gte=2019"]
DISALLOWED += ["/episodes/?director=ti-west&page=2", "/episodes/facets/cast/", "/episodes/facets/cast/?find=a"]


def test_crawlers_read_pages_and_single_values_but_no_combination_of_filters(client, db):
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    robots = Robots(response.content.decode())
    assert [address for address in CRAWLED if not robots.admits(address)] == []
    assert [address for address in DISALLOWED if robots.admits(address)] == []
    assert response.content.decode().splitlines()[0] == "User-agent: *"
    assert "Sitemap: http://testserver/sitemap.xml" in response.content.decode().splitlines()


def test_browsers_can_add_the_site_as_a_search_engine(soundtrack, client):
    response = client.get("/opensearch.xml")
    assert response["Content-Type"] == "application/opensearchdescription+xml"
    description = etree.fromstring(response.content)
    assert response.content.startswith(b"<?xml"), "nothing may stand before the declaration"
    name = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert description.tag == f"{name}OpenSearchDescription"
    assert 0 < len(description.findtext(f"{name}ShortName")) <= 16
    assert 0 < len(description.findtext(f"{name}Description")) <= 1024
    template = description.find(f"{name}Url").get("template")
    assert template.startswith("http://testserver/")
    results = page_parsing.get_page(
        client, template.replace("{searchTerms}", "Ti%20West").removeprefix("http://testserver")
    )
    assert page_parsing.result_total(results) > 0


def test_the_icon_is_served_at_the_root(client, db):
    response = client.get("/favicon.ico")
    assert (response.status_code, response["Location"]) == (301, "/static/catalog/favicon.svg")


@pytest.mark.parametrize("address", SITE_FILES)
def test_site_files_accept_get_and_head_only(client, db, address):
    strict = Client(enforce_csrf_checks=True)
    for method in ("POST", "PUT", "PATCH", "DELETE", "PROPFIND"):
        assert strict.generic(method, address).status_code == 405, method
    assert client.head(address).status_code in (200, 301)


def test_the_site_is_alive_though_the_database_is_not(client, down):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.parametrize("host", ["10.0.0.5", "192.0.2.7:8000", "[2001:db8::1]", "balancer.internal"])
def test_health_checks_are_answered_whatever_the_allowed_hosts_are(client, db, host):
    for path in ("/healthz", "/readyz"):
        assert client.get(path, headers={"host": host}).status_code == 200
    assert client.get("/healthz/", headers={"host": host}).status_code == 400
    assert client.get("/robots.txt", headers={"host": host}).status_code == 400


def test_the_site_can_serve_when_the_database_answers_and_is_up_to_date(client, db):
    assert client.get("/readyz").status_code == 200


def test_a_server_whose_database_is_of_a_newer_version_stays_ready(client, db):
    MigrationRecorder(connection).record_applied("catalog", "9999_of_a_newer_version")
    assert client.get("/readyz").status_code == 200


def test_the_site_cannot_serve_when_the_database_does_not_answer(client, down):
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.content == b"the database does not answer\n", "and nothing about its host"


def test_the_site_cannot_serve_while_a_migration_is_missing(client, db):
    MigrationRecorder.Migration.objects.filter(app="catalog").order_by("pk").last().delete()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.content == b"1 migrations to apply\n"
