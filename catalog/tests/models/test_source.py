"""Sources and citations: what can be cited, protection, labels."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from lxml import html

from catalog.models import CITABLE_MODELS, Citation, Source
from catalog.models.citation import citable_fields
from catalog.tests import factories as make
from catalog.tests.broken_records import create_citable


@pytest.mark.django_db
@pytest.mark.parametrize("kind", sorted(CITABLE_MODELS))
def test_citation_of_every_model_has_a_natural_key(kind):
    record = create_citable(kind)
    citation = Citation.objects.create(source=make.source(), locator="page 3", **{kind: record})
    citation.full_clean()
    assert (citation.target_kind, citation.target) == (kind, record)
    assert Citation.objects.get_by_natural_key(*citation.natural_key()) == citation
    record.delete()
    assert not Citation.objects.exists()
    assert Source.objects.exists()


def test_cited_source_is_protected(db):
    source = make.source()
    Citation.objects.create(source=source, series=make.series())
    with pytest.raises(ProtectedError):
        source.delete()


def test_source_with_references_is_protected(db):
    source = make.source()
    Source.objects.create(part_of=source, mark="1")
    with pytest.raises(ProtectedError):
        source.delete()


def test_form_rejects_a_field_that_the_record_does_not_have(db):
    citation = Citation(source=make.source(), series=make.series(), field="premise")
    citation.full_clean()
    citation.field = "no_such_field"
    with pytest.raises(ValidationError, match="no field of this name"):
        citation.full_clean()


def test_every_field_that_the_fixture_cites_can_be_cited(soundtrack):
    cited = Citation.objects.exclude(field="")
    assert cited.count() > 100
    for citation in cited:
        assert citation.field in dict(citable_fields(CITABLE_MODELS[citation.target_kind])), citation.natural_key()


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ({"title": "One", "publisher": "Two"}, "Two, One"),
        ({"publisher": "Two"}, "Two"),
        ({"title": "One"}, "One"),
    ],
)
def test_label_of_an_identified_source(db, fields, label):
    source = Source.objects.create(**fields)
    assert (str(source), source.is_identified) == (label, True)


def test_label_of_an_unidentified_reference_is_its_mark(db):
    source = Source.objects.create(part_of=make.source("One"), mark="7")
    assert (str(source), source.is_identified) == ("One, reference 7", False)
    assert source.get_absolute_url() == f"/sources/{source.slug}/"


def test_disputing_citation_is_not_shown_as_support(client, db):
    series = make.series(camera_setup="Single-camera")
    for source, claim in (("Yes", ""), ("No", "Multi-camera")):
        Citation.objects.create(source=make.source(source), series=series, field="camera_setup", claim=claim)
    page = html.fromstring(client.get(series.get_absolute_url()).content)
    fact = page.xpath("//dt[normalize-space()='Camera']/..")[0]
    marks = fact.xpath(".//dd//button[not(ancestor::*[@class='dispute'])]")
    assert [mark.text_content() for mark in marks] == ["Sources 1"]
    assert fact.xpath("string(.//*[@class='dispute']/p)") == "Multi-camera according to NoSources 2"
