"""Writing the rows of an import that belong to records, and its companies."""

import pytest

from catalog.editing.ingest.plan import CompanyClaim, FactKind
from catalog.models import (
    AlternativeTitle,
    Citation,
    Company,
    Country,
    ExternalId,
    Review,
    SeriesCompany,
)
from catalog.sources.series_claims import OtherTitle, ReviewClaim
from catalog.tests import factories as make
from catalog.tests.editing.ingest.plans import (
    WIKIPEDIA,
    cell,
    fact,
    import_source,
    plan,
    planned,
    write,
)

pytestmark = pytest.mark.django_db


def test_companies_titles_reviews_and_links():
    make.company("Hulu")
    series = make.series("Harbour")
    country = Country.objects.create(code="SE", name="Sweden")
    network = fact(
        FactKind.COMPANY,
        "network",
        cell(CompanyClaim("SVT", external_ids=(("tvmaze", "78"), ("imdb", "no id"))), 0, key="svt"),
        cell(CompanyClaim("SVT"), 1, key="svt"),
        cell(CompanyClaim("Hulu", pk=Company.objects.get().pk), 0, key="hulu"),
        is_list=True,
    )
    records = planned(
        series,
        network,
        fact(FactKind.COMPANY, "production", cell(CompanyClaim("SVT"), 0, key="svt"), is_list=True),
        fact(FactKind.LINK, "countries", cell(country, key="SE"), is_list=True),
        fact(FactKind.TITLE, "translated", cell(OtherTitle("Hamnen", "translated", "sv", "x" * 300)), is_list=True),
        fact(FactKind.REVIEW, "Metacritic", cell(ReviewClaim("Metacritic", "71", count=12))),
    )
    result, _ = write(plan(series, records, sources=[import_source(), import_source(WIKIPEDIA, "wikipedia")]))
    parts = [(row.company.name, row.part, row.position) for row in SeriesCompany.objects.order_by("pk")]
    assert parts == [("SVT", "network", 0), ("Hulu", "network", 1), ("SVT", "production", 0)]
    svt = Company.objects.get(name="SVT")
    assert (svt.published_at, [row.value for row in svt.external_ids.all()]) == (None, ["78"])
    assert list(series.countries.all()) == [country]
    title = AlternativeTitle.objects.get()
    assert (title.title, title.kind, len(title.note)) == ("Hamnen", "translated", 200)
    assert (Review.objects.get().score, Review.objects.get().count) == (71, 12)
    assert Citation.objects.filter(series_company__company=svt, series_company__part="network").count() == 2
    assert Citation.objects.get(series=series).field == "countries"
    assert result.refused == []


def test_rows_that_break_a_rule_are_refused():
    series, other = make.series(), make.series()
    ExternalId.objects.create(series=other, scheme="tvmaze", value="1")
    facts = [
        fact(FactKind.EXTERNAL_ID, "tvmaze", cell("1")),
        fact(FactKind.EXTERNAL_ID, "imdb", cell("tt12")),
        fact(FactKind.REVIEW, "Metacritic", cell(ReviewClaim("Metacritic", "171"))),
        fact(FactKind.TITLE, "also", cell(OtherTitle("T" * 201)), is_list=True),
    ]
    result, edit = write(plan(series, planned(series, *facts)))
    assert edit is None
    assert [sentence.partition(" was not written: ")[2] for sentence in result.refused] == [
        "another series has TVmaze 1.",
        "Enter the IMDb id of this series, such as tt8269772 or nm0922247.",
        "The score lies between 0 and its scale.",
        "Ensure this value has at most 200 characters (it has 201).",
    ]
