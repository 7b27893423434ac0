"""The page of a source: every fact that cites it and that visitors may see."""

import pytest

from catalog.models import CITABLE_MODELS, Citation, Source
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


def test_facts_of_drafts_are_hidden_but_the_source_is_shown(client):
    source = make.source("Paper")
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
    assert sourced_facts(page_parsing.parse_page(response)) == []
    assert "this source" not in page_parsing.text(page_parsing.parse_page(response).cssselect("main")[0])


def test_references_are_sorted_by_their_marks(client):
    article = make.source("Paper")
    for mark in ("10", "2", "1"):
        Source.objects.create(part_of=article, mark=mark, slug=f"paper-{mark}")
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
    for mark in ("10", "2"):
        Source.objects.create(part_of=paper, mark=mark, slug=f"paper-{mark}")
    for series in (make.series("One"), make.series("Two"), make.series("Plan", published_at=None)):
        Citation.objects.create(source=paper, series=series)
    Citation.objects.create(source=article, credit=make.credit(make.episode(published_at=None)))
    page = page_parsing.get_page(client, "/sources/")
    assert page_parsing.result_slugs(page) == ["article", "paper", "paper-2", "paper-10"]
    rows = [page_parsing.text(row) for row in page.cssselect("article")]
    assert rows[0] == "Article Date not known Review; no fact cites it yet"
    assert rows[1] == "Paper December 2019 News report; 2 facts cite it"
    kinds = [page_parsing.text(link) for link in page.cssselect("main .sort a")]
    assert kinds == ["All (4)", "News report (1)", "Review (1)", "Other (2)"]
    page = page_parsing.get_page(client, "/sources/?kind=review")
    assert page_parsing.result_slugs(page) == ["article"]
    assert "No source is of this kind" in page_parsing.main_text(client, "/sources/?kind=nonsense")
