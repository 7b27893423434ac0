"""The list of companies, and the page of a company."""

import pytest

from catalog.facets.index import engine
from catalog.models import Availability, Citation, Series
from catalog.tests import factories as make
from catalog.tests import page_parsing
from catalog.tests.views.test_episode import fact, section

pytestmark = pytest.mark.django_db


def test_parts_in_drafts_are_neither_shown_nor_counted(client):
    company = make.company("Studio")
    series = make.series("Shown")
    make.series_company(series, company, "network")
    make.series_company(series, company, "production")
    draft = make.series("Secret Plan", published_at=None)
    make.series_company(draft, company)
    Availability.objects.create(series=draft, platform=company)
    make.event(draft, "Secret meeting").companies.add(company)
    response = client.get("/companies/studio/")
    assert b"Secret" not in response.content
    assert len(section(page_parsing.parse_page(response), "series").cssselect("li")) == 2
    (card,) = page_parsing.get_page(client, "/companies/").cssselect("main article")
    assert page_parsing.text(card) == "StudioShown: Network, Production company"


def test_a_line_names_the_newest_series_of_each_company_from_the_index_and_without_it(client, monkeypatch):
    studio, network = make.company("Studio"), make.company("Zed Network")
    for year, title in ((2001, "Old"), (2004, "New"), (2002, "Middle"), (2003, "Late"), (None, "Undated")):
        series = make.series(title, premiered=year and str(year))
        make.series_company(series, studio, "network")
        make.series_company(series, studio, "production")
    make.series_company(series, network)

    def lines():
        cards = page_parsing.get_page(client, "/companies/").cssselect("main article")
        return [page_parsing.text(card) for card in cards]

    late, middle, new = (f"{title}: Network, Production company" for title in ("Late", "Middle", "New"))
    expected = [f"Studio{new}; {late}; {middle}; more", "Zed NetworkUndated: Network"]
    assert lines() == expected
    edited = Series.objects.get(slug="old")  # read again into a small segment
    edited.premiered = "2009"
    edited.save()
    expected[0] = f"Studio{new.replace('New', 'Old')}; {new}; {late}; more"
    assert lines() == expected
    monkeypatch.setattr(engine, "current_snapshot", lambda facet_set: None)
    assert lines() == expected


def test_a_company_that_is_a_draft_is_not_named_at_its_series(client):
    series = make.series("Shown")
    make.series_company(series, make.company("Secret Network", published_at=None))
    make.series_company(series, make.company("Secret Studio", published_at=None), "production")
    Availability.objects.create(series=series, platform=make.company("Secret Stream", published_at=None))
    make.event(series).companies.add(make.company("Secret Bank", published_at=None))
    make.episode(make.season(series))
    for path in ("/series/shown/", "/series/", "/series/shown/s01e01/", "/companies/", "/search/?q=secret"):
        assert b"Secret" not in client.get(path).content, path


def test_missing_facts_of_a_company_have_placeholders(client):
    page = page_parsing.get_page(client, make.company("Studio").get_absolute_url())
    assert (fact(page, "country"), fact(page, "external_ids")) == ("Not known", "Not recorded")
    assert "No part in a series listed yet" in page_parsing.text(section(page, "series"))


def test_the_name_filter_applies_to_the_next_page(client):
    for number in range(26):
        make.company(f"North {number:02}")
    make.company("South")
    page = page_parsing.get_page(client, "/companies/?q=+NORTH%00&x=1")
    assert page_parsing.result_total(page) == 26
    assert len(page_parsing.result_slugs(page)) == 25
    following = page.cssselect("nav.pages a[rel=next]")[0].get("href")
    assert page_parsing.result_slugs(page_parsing.get_page(client, f"/companies/{following}")) == ["north-25"]
    page = page_parsing.get_page(client, "/companies/?q=west")
    assert page_parsing.result_total(page) == 0
    assert "No company matches" in page_parsing.text(page.cssselect("main")[0])


def test_former_and_other_names_are_shown_with_their_dates_and_sources(client):
    company = make.company("Sixty Films")
    assert fact(page_parsing.get_page(client, company.get_absolute_url()), "aliases") == "No other name recorded"
    former = company.aliases.create(name="Harbour Television", since="1985", until="1989-05")
    company.aliases.create(name="Sixty", note="on screen")
    Citation.objects.create(source=make.source("Trade Paper"), alias=former)
    page = page_parsing.get_page(client, company.get_absolute_url())
    names = [page_parsing.text(value) for value in page.cssselect("[data-fact=aliases] .fact")]
    assert names[0].startswith("Harbour Television (from 1985 until May 1989)")
    assert names[1] == "Sixty (on screen)"
    assert "Trade Paper" in page_parsing.text(page.cssselect(".sources")[0])
    assert "Harbour Television" in page_parsing.text(page_parsing.get_page(client, "/sources/trade-paper/"))


def test_the_list_is_narrowed_by_former_names_too(client):
    company = make.company("Sixty Films")
    company.aliases.create(name="Harbour Television", until="1989")
    company.aliases.create(name="Harbour Films", until="1992")
    make.company("Harbour Pictures")
    make.company("Other")
    page = page_parsing.get_page(client, "/companies/?q=harbour")
    assert page_parsing.result_slugs(page) == ["harbour-pictures", "sixty-films"]
    assert page_parsing.result_total(page) == 2
    assert "Harbour Television" in page_parsing.text(page.cssselect("article")[1])


def test_former_names_are_found_by_search_suggestions_and_the_admin(client, admin_client):
    company = make.company("Sixty Films")
    alias = company.aliases.create(name="Harbour Television", until="1989")
    make.company("Secret", published_at=None).aliases.create(name="Harbour Plan")
    hit = page_parsing.get_page(client, "/search/?q=harbour+telev").cssselect("main li[data-slug]")
    assert [item.get("data-slug") for item in hit] == ["sixty-films"]
    assert "formerly: Harbour Television" in page_parsing.text(hit[0])
    names = [item["name"] for item in client.get("/search/suggest?q=harbour").json()["suggestions"]]
    assert names == ["Sixty Films"]
    assert b"Sixty Films" in admin_client.get("/admin/catalog/company/?q=harbour+television").content
    alias.name = "Lantern Television"
    alias.save()
    assert client.get("/search/suggest?q=harbour").json()["suggestions"] == []
    assert client.get("/search/suggest?q=lantern").json()["suggestions"][0]["name"] == "Sixty Films"
