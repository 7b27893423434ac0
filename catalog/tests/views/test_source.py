"""The page of a source: every fact that rests on it, as far as visitors may see it."""

import pytest

from catalog.models import CITABLE_MODELS, Citation, Source
from catalog.tests import factories as make
from catalog.tests import page_parsing
from catalog.tests.broken_records import create_citable
from catalog.views.source import record_with_page

pytestmark = pytest.mark.django_db


def rests(page):
    """The facts of a source's page, in words."""
    return [page_parsing.text(item) for item in page.cssselect("li[data-fact=rest]")]


@pytest.mark.parametrize("kind", sorted(CITABLE_MODELS))
def test_a_fact_of_every_kind_is_named_with_a_link_to_the_page_it_stands_on(client, kind):
    record, source = create_citable(kind), make.source("Paper")
    Citation.objects.create(source=source, locator="page 3", **{kind: record})
    (item,) = page_parsing.get_page(client, "/sources/paper/").cssselect("li[data-fact=rest]")
    (link,) = item.cssselect("a")
    assert link.get("href") == record_with_page(record).get_absolute_url()
    assert client.get(link.get("href")).status_code == 200
    assert page_parsing.text(link).startswith(str(record))
    assert "page 3" in page_parsing.text(item)


def test_a_field_is_named_in_words_and_another_claim_is_told_with_its_note(client):
    source, series = make.source("Paper"), make.series("Shown")
    Citation.objects.create(source=source, series=series, field="ended", claim="2020", note="A misprint, perhaps")
    Citation.objects.create(source=source, series=series, field="runtime_min")
    said = " ".join(rests(page_parsing.get_page(client, "/sources/paper/")))
    for words in ("Shown", "shortest running time", "last released", "disagrees", "2020", "A misprint, perhaps"):
        assert words in said


def test_what_rests_on_a_draft_is_not_told_but_the_source_is_open(client):
    source = make.source("Paper")
    draft = make.series("Secret Plan", published_at=None)
    hidden = make.person("Secret Name", published_at=None)
    shown = make.episode(make.season(make.series("Shown")))
    records = {
        "series": draft,
        "season": make.season(draft),
        "person": hidden,
        "character": make.character(draft, "Secret Part"),
        "series_company": make.series_company(draft),
        "event": make.event(draft, "Secret meeting"),
        "credit": make.credit(shown, hidden),
        "company": make.company("Secret House", published_at=None),
        "episode": make.episode(make.season(make.series(), published_at=None), title="Secret Hour"),
    }
    for kind, record in records.items():
        Citation.objects.create(source=source, **{kind: record})
    response = client.get("/sources/paper/")
    assert b"Secret" not in response.content
    assert rests(page_parsing.parse_page(response)) == []
    assert "0 facts rest on this source" in page_parsing.text(page_parsing.parse_page(response).cssselect("main")[0])


def test_references_stand_in_the_order_of_their_marks(client):
    article = make.source("Paper")
    for mark in ("10", "2", "1"):
        Source.objects.create(part_of=article, mark=mark, slug=f"paper-{mark}")
    listed = page_parsing.get_page(client, "/sources/paper/").cssselect("ol.sources > li")
    assert [page_parsing.text(item.cssselect("span")[0]) for item in listed] == ["1", "2", "10"]
    page = page_parsing.get_page(client, "/sources/paper-2/")
    assert "Title and address not known" in page_parsing.text(page.cssselect("main")[0])
