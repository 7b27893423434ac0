"""The page of a source: every fact that cites it and that visitors may see."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.models import CITABLE_MODELS, Citation, FormerSlug, Series, Source
from catalog.models.publication import PUBLISHED_MODELS
from catalog.tests import factories as make
from catalog.tests import page_parsing
from catalog.tests.broken_records import create_citable
from catalog.views.source import record_with_page

pytestmark = pytest.mark.django_db


def sourced_facts(page):
    """The texts of the facts on a source's page."""
    return [page_parsing.text(item) for item in page.cssselect("li[data-fact=rest]")]


@pytest.mark.parametrize("kind", sorted(CITABLE_MODELS))
def test_a_fact_of_every_kind_links_to_the_page_that_shows_it(client, kind):
    record, source = create_citable(kind), make.source("Paper")
    Citation.objects.create(source=source, locator="page 3", **{kind: record})
    (item,) = page_parsing.get_page(client, "/sources/paper/").cssselect("li[data-fact=rest]")
    (link,) = item.cssselect("a")
    assert link.get("href") == record_with_page(record).get_absolute_url()
    assert client.get(link.get("href")).status_code == 200
    assert page_parsing.text(link).startswith(str(record))
    assert "page 3" in page_parsing.text(item)


def test_a_field_has_its_verbose_name_and_a_dispute_its_note(client):
    source, series = make.source("Paper"), make.series("Shown")
    Citation.objects.create(source=source, series=series, field="ended", claim="2020", note="A misprint, perhaps")
    Citation.objects.create(source=source, series=series, field="runtime_min")
    text = " ".join(sourced_facts(page_parsing.get_page(client, "/sources/paper/")))
    for words in ("Shown", "shortest running time", "last released", "disagrees", "2020", "A misprint, perhaps"):
        assert words in text


def test_facts_of_drafts_are_hidden(client):
    source = make.source("Paper")
    Citation.objects.create(source=source, series=make.series("Harbour"))
    draft = make.series("Secret Plan", published_at=None)
    hidden = make.person("Secret Name", published_at=None)
    episode = make.episode(make.season(make.series("Shown")))
    records = {
        "series": draft,
        "season": make.season(draft),
        "person": hidden,
        "character": make.character(draft, "Secret Part"),
        "series_company": make.series_company(draft),
        "event": make.event(draft, "Secret meeting"),
        "credit": make.credit(episode, hidden),
        "company": make.company("Secret Network", published_at=None),
        "episode": make.episode(make.season(make.series(), published_at=None), title="Secret Hour"),
    }
    for kind, record in records.items():
        Citation.objects.create(source=source, **{kind: record})
    response = client.get("/sources/paper/")
    assert b"Secret" not in response.content
    assert len(sourced_facts(page_parsing.parse_page(response))) == 1
    assert "1 fact cites this source" in page_parsing.text(page_parsing.parse_page(response).cssselect("main")[0])


def test_references_are_sorted_by_their_marks(client):
    article, series = make.source("Paper"), make.series()
    Citation.objects.create(source=article, series=series)
    for mark in ("10", "2", "1"):
        reference = Source.objects.create(part_of=article, mark=mark, slug=f"paper-{mark}")
        Citation.objects.create(source=reference, series=series)
    references = page_parsing.get_page(client, "/sources/paper/").cssselect("ol.sources > li")
    assert [page_parsing.text(item.cssselect("span")[0]) for item in references] == ["1", "2", "10"]
    page = page_parsing.get_page(client, "/sources/paper-2/")
    assert "Title and address not known" in page_parsing.text(page.cssselect("main")[0])


def test_a_fact_that_was_changed_since_is_not_checked(client):
    source, series = make.source("Paper"), make.series("Harbour", premiered="2019", ended="2020")
    director = make.credit(make.episode(), "Ann")
    Citation.objects.create(source=source, series=series, field="ended", unchecked=True)
    Citation.objects.create(source=source, series=series, field="premiered")
    Citation.objects.create(source=source, credit=director, unchecked=True)
    facts = sourced_facts(page_parsing.get_page(client, "/sources/paper/"))
    assert "Changed since and not checked: last released" in facts[0]
    assert facts[1].endswith("Changed since and not checked")
    mark = page_parsing.get_page(client, "/series/harbour/").cssselect("[data-fact=ended] .ref")[0]
    assert page_parsing.text(mark) == "Sources 1 not checked"
    popover = page_parsing.get_page(client, "/series/harbour/").cssselect(f"#{mark.get('popovertarget')}")[0]
    assert "not checked since this was changed" in page_parsing.text(popover)


def test_the_list_has_all_sources_by_name_with_the_number_of_visible_facts(client):
    paper, article = make.source("Paper", kind="news", published="2019-12"), make.source("Article", kind="review")
    plan = make.series("Plan", published_at=None)
    for series in (one := make.series("One"), make.series("Two"), plan):
        Citation.objects.create(source=paper, series=series)
    for mark in ("10", "2"):
        reference = Source.objects.create(part_of=paper, mark=mark, slug=f"paper-{mark}")
        Citation.objects.create(source=reference, series=one)
    Citation.objects.create(source=article, credit=make.credit(make.episode()))
    Citation.objects.create(source=make.source("Leak", kind="interview"), series=plan)
    page = page_parsing.get_page(client, "/sources/")
    assert page_parsing.result_slugs(page) == ["article", "paper", "paper-2", "paper-10"]
    rows = [page_parsing.text(row) for row in page.cssselect("article")]
    assert rows[0] == "Article Date not known Review; 1 fact cites it"
    assert rows[1] == "Paper December 2019 News report; 2 facts cite it"
    kinds = [page_parsing.text(link) for link in page.cssselect("main .sort a")]
    assert kinds == ["All (4)", "News report (1)", "Review (1)", "Other (2)"]
    page = page_parsing.get_page(client, "/sources/?kind=review")
    assert page_parsing.result_slugs(page) == ["article"]
    assert "No source is of this kind" in page_parsing.main_text(client, "/sources/?kind=nonsense")


def pages_that_show(client, source):
    """The pages of a visitor that show a source: its own, its parent's, the list, the search, the site map."""
    pages = {
        "own": client.get(source.get_absolute_url()).status_code == 200,
        "list": source.slug in page_parsing.result_slugs(page_parsing.get_page(client, "/sources/")),
        "search": f'"{source.get_absolute_url()}"' in client.get("/search/?q=leaked+memo").content.decode(),
        "site map": source.get_absolute_url() in client.get("/sitemap-sources.xml").content.decode(),
        "parent": f'"{source.get_absolute_url()}"' in client.get("/sources/paper/").content.decode(),
    }
    return {name for name, is_there in pages.items() if is_there}


EVERYWHERE = {"own", "list", "search", "site map", "parent"}


@pytest.fixture
def memo():
    """A source that nothing cites, as a reference of one that is cited."""
    paper = make.source("Paper")
    Citation.objects.create(source=paper, series=make.series("Harbour"))
    return make.source("Leaked memo", part_of=paper, mark="7")


def test_a_source_that_nothing_cites_is_shown_nowhere(client, memo):
    assert pages_that_show(client, memo) == set()
    assert client.get("/sources/?kind=other").status_code == 200
    assert "Leaked" not in client.get("/search/?q=leaked").content.decode()


@pytest.mark.parametrize("kind", sorted(CITABLE_MODELS))
def test_a_source_is_shown_once_something_published_cites_it(client, memo, kind):
    record = create_citable(kind)
    Citation.objects.create(source=memo, **{kind: record})
    assert pages_that_show(client, memo) == EVERYWHERE
    hide_all_but_harbour()
    assert pages_that_show(client, memo) == set()


def hide_all_but_harbour():
    """Make a draft of everything but the series Harbour."""
    for model in PUBLISHED_MODELS.values():
        drafts = model.objects.exclude(slug="harbour") if model is Series else model.objects.all()
        drafts.update(published_at=None)


def test_a_scheduled_publication_shows_the_source_when_it_comes(client, memo, monkeypatch):
    tomorrow = timezone.now() + timedelta(days=1)
    Citation.objects.create(source=memo, series=make.series("Soon", published_at=tomorrow))
    assert pages_that_show(client, memo) == set()
    later = tomorrow + timedelta(minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert pages_that_show(client, memo) == EVERYWHERE


def test_a_citation_of_a_part_whose_person_is_a_draft_does_not_show_the_source(client, memo):
    credit = make.credit(make.episode(), make.person("Ann", published_at=None))
    Citation.objects.create(source=memo, credit=credit)
    assert pages_that_show(client, memo) == set()


def test_a_parent_that_nothing_cites_is_named_without_a_link(client):
    paper = make.source("Paper")
    memo = make.source("Memo", part_of=paper, mark="7")
    Citation.objects.create(source=memo, series=make.series())
    main = page_parsing.get_page(client, "/sources/memo/").cssselect("main")[0]
    assert "Given as reference 7 by Paper." in page_parsing.text(main)
    assert not main.cssselect('a[href="/sources/paper/"]')
    Citation.objects.create(source=paper, series=make.series())
    main = page_parsing.get_page(client, "/sources/memo/").cssselect("main")[0]
    assert main.cssselect('a[href="/sources/paper/"]')


def test_staff_see_the_page_of_a_source_that_visitors_do_not_see_yet(admin_client, memo):
    page = page_parsing.get_page(admin_client, memo.get_absolute_url())
    assert "Visitors do not see this source" in page_parsing.text(page.cssselect("main")[0])
    Citation.objects.create(source=memo, series=make.series())
    page = page_parsing.get_page(admin_client, memo.get_absolute_url())
    assert "Visitors do not see" not in page_parsing.text(page.cssselect("main")[0])


def test_the_former_address_of_a_hidden_source_leads_nowhere(client, memo):
    FormerSlug.objects.create(kind="source", old_slug="memo", new_slug=memo.slug)
    assert client.get("/sources/memo/").status_code == 404
    Citation.objects.create(source=memo, series=make.series())
    assert client.get("/sources/memo/").status_code == 301


def test_licence_and_revision_are_shown(client):
    paper = make.source("Paper", publisher="Wikipedia", licence="CC BY-SA 4.0.", revision="1234567")
    Citation.objects.create(source=paper, series=make.series())
    page = page_parsing.get_page(client, "/sources/paper/")
    assert page_parsing.text(page.cssselect("p.lead")[0]) == "Paper, Wikipedia. Revision 1234567."
    assert page_parsing.text(page.cssselect("main")[0]).count("Licence: CC BY-SA 4.0.") == 1
