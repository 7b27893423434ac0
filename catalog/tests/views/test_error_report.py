"""Record pages have a link that opens a mail to the address for reports, with the page and its facts filled in."""

from urllib.parse import parse_qs, urlsplit

import pytest

from catalog.tests import factories as make
from catalog.tests import page_parsing
from catalog.views.presenters.error_report import MAX_URL_LENGTH, report_url
from catalog.views.presenters.infobox_rows import InfoboxRow, InfoboxValue

ADDRESS = "fix+liner@tv.example.org"


def read_mail(url):
    """(address, subject, lines of the body) of a ``mailto:`` URL, decoded as a mail program does."""
    assert url.isascii()
    assert not set(url) & set(" \"'<>+"), url
    parts = urlsplit(url)
    fields = parse_qs(parts.query.replace("+", "%2B"), strict_parsing=True)
    assert set(fields) == {"subject", "body"}
    return parts.path.replace("%2B", "+"), fields["subject"][0], fields["body"][0].split("\r\n")


@pytest.fixture
def reports(settings):
    """Set the address for reports."""
    settings.REPORT_EMAIL = ADDRESS


@pytest.mark.parametrize("kind", ["series", "season", "episode", "person", "company", "source"])
def test_every_record_page_has_a_link_if_an_address_is_set(client, db, settings, kind):
    record = make.cited_source() if kind == "source" else getattr(make, kind)()
    url = record.get_absolute_url()
    assert not page_parsing.get_page(client, url).xpath("//a[starts-with(@href, 'mailto:')]")
    settings.REPORT_EMAIL = ADDRESS
    page = page_parsing.get_page(client, url)
    (link,) = page.xpath("//main//a[starts-with(@href, 'mailto:')]")
    assert link.text == "Report an error"
    address, subject, lines = read_mail(link.get("href"))
    assert address == ADDRESS
    assert subject == f"Error on {lines[0].removeprefix('Page: ')} – Liner"
    assert lines[1] == f"http://testserver{url}"


def test_pages_without_a_record_have_no_link(client, db, reports):
    for path in ("/", "/series/", "/episodes/", "/companies/", "/search/?q=x", "/moon/"):
        assert b"mailto:" not in client.get(path).content, path


def test_facts_with_values_are_filled_in_as_the_page_shows_them(client, db, reports):
    series = make.series("Salt & Pepper? 100% #1", premiered="2019-12-18", camera_setup="Single “camera”")
    (link,) = page_parsing.get_page(client, series.get_absolute_url()).xpath("//a[starts-with(@href, 'mailto:')]")
    _, subject, lines = read_mail(link.get("href"))
    assert subject == "Error on Salt & Pepper? 100% #1 (2019) – Liner"
    assert lines[4:] == ["- First released: 18 December 2019", "- Camera: Single “camera”"]


@pytest.mark.parametrize("title", ["Élite", "日本沈没", "a+b=c; d&body=x", '<b>’"</b>', "😀"])
def test_no_title_breaks_the_mail(reports, title):
    _, subject, lines = read_mail(report_url(title, "http://testserver/series/x/"))
    assert subject == f"Error on {title} – Liner"
    assert lines[0] == f"Page: {title}"


def test_a_line_end_in_a_title_adds_no_header(reports):
    _, subject, lines = read_mail(report_url("A\r\nBcc: x@example.org", "http://testserver/series/x/"))
    assert subject == "Error on A Bcc: x@example.org – Liner"
    assert lines[0] == "Page: A Bcc: x@example.org"


def test_many_facts_do_not_make_the_mail_too_long(reports):
    rows = [InfoboxRow("row", f"Fact {number}", [InfoboxValue("ü" * 40)]) for number in range(50)]
    url = report_url("Long", "http://testserver/series/long/", rows)
    _, _, lines = read_mail(url)
    assert len(url) <= MAX_URL_LENGTH
    assert lines[-1] == f"- Fact {len(lines) - 5}: {'ü' * 40}"
