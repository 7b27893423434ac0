"""Rules that hold for every page of the URLconf: a new URL without an example here fails."""

from collections import Counter, deque
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.urls import get_resolver, reverse
from lxml import etree

from catalog.models import Character, Person, Series, Song, Source
from catalog.tests import factories as make
from catalog.tests import page_parsing
from catalog.urls import urlpatterns

pytestmark = pytest.mark.django_db

LISTS = {
    "series-list": [],
    "episode-list": [],
    "person-list": [],
    "company-list": [],
    "song-list": [],
    "source-list": [],
    "search": [],
}
RECORDS = {
    "series-detail": ["soundtrack"],
    "season-detail": ["soundtrack", "1"],
    "episode-detail": ["soundtrack", "01", "03"],
    "person-detail": ["joshua-safran"],
    "person-pair": ["joshua-safran", "richard-kramer"],
    "company-detail": ["netflix"],
    "source-detail": ["soundtrack-article"],
    "character-detail": ["sam-hughes"],
    "song-detail": ["smile-nat-king-cole"],
}
OTHER_PAGES = {
    "home": [],
    "series-facet": ["cast"],
    "episode-facet": ["cast"],
    "person-facet": ["role"],
}
PAGES = LISTS | RECORDS | OTHER_PAGES
NOT_PAGES = {  # files for programs: tests/views/test_site_files.py and test_covers.py
    "sleeve",
    "sleeve-episode",
    "sleeve-site",
    "healthz",
    "readyz",
    "robots",
    "favicon",
    "opensearch",
    "speculation-rules",
    "sitemap",
    "sitemap-section",
    "suggest",  # tests/search/test_suggest.py
}


def example_url(name):
    """The example URL for a URL name."""
    return reverse(name, args=PAGES[name])


def test_every_url_of_the_urlconf_has_an_example_here():
    assert {pattern.name for pattern in urlpatterns} == PAGES.keys() | NOT_PAGES


_pages = {}  # loaded once: no test here changes a page


@pytest.fixture
def pages(soundtrack, client):
    """Every page of PAGES by its name, parsed."""
    if not _pages:
        _pages.update({name: page_parsing.get_page(client, example_url(name)) for name in PAGES})
    return _pages


def test_every_page_has_the_frame_of_the_contract(pages):
    for name, page in pages.items():
        assert page.get("lang") == "en", name
        assert len(page.cssselect("h1")) == 1, name
        assert page.cssselect("title")[0].text.strip(), name
        assert [link.get("href") for link in page.cssselect("link[rel=canonical]")] == [
            "http://testserver" + example_url(name)
        ], name
        for landmark in ("body > header", "body > header nav", "body > main", "body > footer"):
            assert len(page.cssselect(landmark)) == 1, f"{name}: {landmark}"
        first = page.cssselect("body a")[0]
        assert first.get("href") == "#main", f"{name}: the first link is the skip link"
        assert page.cssselect("main")[0].get("id") == "main"


def test_every_page_has_a_title_of_its_own(pages):
    titles = [page.cssselect("title")[0].text for page in pages.values()]
    assert len(set(titles)) == len(titles), sorted(titles)


def test_pages_and_selections_of_a_list_have_titles_of_their_own(soundtrack, client):
    for number in range(30):
        make.person(f"Extra {number:02}")
    addresses = ["/episodes/", "/episodes/?director=ti-west", "/episodes/?director=ti-west&writer=lauren-yee"]
    addresses += ["/people/", "/people/?page=2", "/people/?q=extra"]
    titles = {page_parsing.get_page(client, url).cssselect("title")[0].text for url in addresses}
    assert len(titles) == len(addresses), titles


def test_lists_have_their_total_and_records_their_kind_and_slug(pages):
    for name in LISTS:
        assert pages[name].cssselect("main")[0].get("data-total").isdigit(), name
    kinds = {name: pages[name].cssselect("main")[0] for name in RECORDS}
    assert {name: main.get("data-kind") for name, main in kinds.items()} == {
        name: name.removesuffix("-detail") for name in RECORDS
    }
    assert kinds["episode-detail"].get("data-slug") == "soundtrack/s01e03"
    assert all(main.get("data-slug") for main in kinds.values())


def test_headings_skip_no_level(pages):
    for name, page in pages.items():
        levels = [
            int(heading.tag[1]) for heading in page.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")
        ]
        for before, after in zip([0, *levels], levels, strict=False):
            assert after <= before + 1, f"{name}: h{after} after h{before}"


def test_ids_are_unique_and_references_to_them_exist(pages):
    for name, page in pages.items():
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), f"{name}: {sorted(ids)}"
        named = set(
            " ".join(page.xpath("//@for | //@aria-labelledby | //@aria-controls | //@aria-describedby")).split()
        )
        assert named <= set(ids), f"{name}: {named - set(ids)}"


def test_every_field_has_a_label_and_every_link_has_words(pages):
    for name, page in pages.items():
        labelled = set(page.xpath("//label/@for"))
        for field in page.xpath("//input[not(@type='hidden')] | //select | //textarea"):
            assert field.get("id") in labelled or field.get("aria-label"), f"{name}: {etree.tostring(field)}"
        for link in page.xpath("//a[not(@aria-hidden='true')] | //button"):
            assert page_parsing.text(link) or link.get("aria-label"), f"{name}: {etree.tostring(link)}"


def test_every_credit_on_a_record_has_person_and_role(pages):
    for name in ("series-detail", "episode-detail", "person-detail"):
        credits = pages[name].cssselect("[data-person]")
        assert credits, name
        assert all(credit.get("data-role") for credit in credits), name


class CrawlLimits:
    """Which URLs the crawl follows: with at most one parameter, and a few values of each parameter of a list.

    Combinations of filters are endless, and the pages of two values of a facet are rendered in the same way.
    """

    def __init__(self, values_per_parameter=3):
        self.values_per_parameter, self.counts = values_per_parameter, Counter()

    def admit(self, url):
        """Whether to follow a URL; counts it."""
        parts = urlsplit(url)
        if parts.netloc or parts.path.startswith(("/admin/", "/static/")) or parts.query.count("=") > 1:
            return False
        parameter = parts.path, parts.query.partition("=")[0]
        self.counts[parameter] += bool(parts.query)
        return self.counts[parameter] <= self.values_per_parameter


def test_a_crawl_from_the_front_page_finds_no_dead_link(soundtrack, client):
    urls, queue, dead = {"/"}, deque([("/", "")]), []
    ids_by_url, fragments, limits = {}, [], CrawlLimits()
    while queue:
        url, found_on = queue.popleft()
        response = client.get(url)
        if response.status_code == 301:
            dead.append(f"{url} on {found_on} redirects")
        elif response.status_code != 200:
            dead.append(f"{url} on {found_on} answers {response.status_code}")
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            continue
        page = page_parsing.parse_page(response)
        ids_by_url[url] = set(page.xpath("//@id"))
        for href in page.xpath("//a/@href | //form[@method='get']/@action"):
            target, fragment = urldefrag(urljoin(url, href))
            if fragment:
                fragments.append((target, fragment, url))
            if target not in urls and limits.admit(target):
                urls.add(target)
                queue.append((target, url))
    lost = [link for link in fragments if link[0] in ids_by_url and link[1] not in ids_by_url[link[0]]]
    assert not dead, dead
    assert not lost, lost
    kinds = (
        "/series/",
        "/episodes/",
        "/people/",
        "/companies/",
        "/sources/",
        "/characters/",
        "/songs/",
        "/search/",
        "/sitemap.xml",
    )
    for kind in kinds:
        assert any(url.startswith(kind) for url in urls), f"nothing links to {kind}"
    for record in [
        *(*Series.objects.published(), *Person.objects.published(), *Source.objects.all()),
        *(*Character.objects.published(), *Song.objects.published()),
    ]:
        assert record.get_absolute_url() in urls, f"nothing links to {record}"


def test_removing_all_selected_values_leads_back_to_the_whole_list(soundtrack, client):
    start = "/episodes/?director=ti-west&writer=lauren-yee&cast=paul-james"
    page = page_parsing.get_page(client, start)
    for facet in ("director", "writer", "cast"):
        (value,) = page.cssselect(f'[data-facet="{facet}"] [aria-current="true"]')
        page_without = page_parsing.get_page(client, urljoin(start, value.get("href")))
        assert not page_parsing.selected_values(page_without, facet)
    url = start
    for _ in range(3):
        page = page_parsing.get_page(client, url)
        url = urljoin(url, page.cssselect(".chip")[0].get("href"))
    assert page_parsing.result_total(page_parsing.get_page(client, url)) == 10


def test_every_path_under_the_site_is_known():
    """Admin, media and the catalogue, and nothing else."""
    assert {str(pattern.pattern) for pattern in get_resolver().url_patterns} == {"admin/", r"^media/(?P<path>.+)\Z", ""}
