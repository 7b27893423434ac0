"""The facets of the list of series."""

from django.db.models import F
from django.db.models.functions import Substr

from catalog.facets.base import FacetSet
from catalog.facets.credit_facets import CreditFacet, RoleFacet
from catalog.facets.index.engine import IndexEngine
from catalog.facets.kinds import CodeFacet, ColumnFacet, SlugFacet
from catalog.facets.text_filter import TextFilter
from catalog.facets.uncounted_engine import UncountedEngine
from catalog.facets.wording import Phrase
from catalog.models import Company, Country, Credit, Genre, Language, Series
from catalog.models.credit import CAST_DEPARTMENT

# The paths from a credit to its series: of a credit on the series, on a season, on an episode.
SERIES_PATHS = ("series", "season__series", "episode__season__series")
SERIES_CREDITS = {"credit_paths": SERIES_PATHS, "credits": lambda: Credit.objects.visible()}


class PeopleFacet(CreditFacet):
    """Published people by any credit in the series, on any level and of any kind."""

    def __init__(self, **kwargs):
        super().__init__(**SERIES_CREDITS, **kwargs)


def parse_status(slug):
    """Return the status if it is one, else None."""
    return slug if slug in Series.Status.values else None


def parse_decade(slug):
    """Return the first three digits of ``2010s``; None for anything else."""
    is_decade = len(slug) == 5 and slug[:4].isascii() and slug[:4].isdigit() and slug.endswith("0s")
    return slug[:3] if is_decade else None


class SeriesFacets(FacetSet):
    """The facets of published series."""

    engines = (IndexEngine, UncountedEngine)
    q = TextFilter("title", "premise", "titles__title", label="Text")
    genre = SlugFacet(Genre, "genres", label="Genre", phrase=Phrase("in the genre {}", lower=True))
    network = SlugFacet(
        Company,
        "company_parts__company",
        path_filter={"company_parts__part": "network", "company_parts__pilot_only": False},
        visible=lambda: Company.objects.published(),
        label="Network",
        phrase=Phrase("on {}"),
    )
    company = SlugFacet(
        Company,
        "company_parts__company",
        visible=lambda: Company.objects.published(),
        label="Company",
        phrase=Phrase("with the company {}"),
    )
    country = CodeFacet(
        Country,
        "countries",
        upper=True,
        label="Country",
        phrase=Phrase("whose country is {}", without="whose country is not {}"),
    )
    language = CodeFacet(Language, "languages", label="Language", phrase=Phrase("in {}"))
    status = ColumnFacet(
        F("status"),
        parse_status,
        lambda value: (value, Series.Status(value).label),
        label="Status",
        phrase=Phrase("with the status {}", lower=True),
    )
    decade = ColumnFacet(
        Substr("premiered", 1, 3),
        parse_decade,
        lambda digits: (f"{digits}0s", f"{digits}0s"),
        label="Decade",
        phrase=Phrase("{}"),
    )
    creator = PeopleFacet(roles=("creator",), label="Creator")
    cast = PeopleFacet(department=CAST_DEPARTMENT, label="Cast", phrase=Phrase("with {} in the cast"))
    crew = PeopleFacet(
        outside_department=CAST_DEPARTMENT,
        names_roles=True,
        qualified_by="role",
        label="Crew",
        phrase=Phrase("with {} in the crew"),
    )
    person = PeopleFacet(combines=("cast", "crew"), qualified_by="role", label="Person", phrase=Phrase("with {}"))
    role = RoleFacet(**SERIES_CREDITS, label="Role", phrase=Phrase("with a credit as {}", lower=True))

    people_facet = PeopleFacet

    record_type = ("series", "series")
    sorts = {
        "title": ("Title", ("sort_key", "pk")),
        "-premiered": ("Newest", (F("premiered").desc(nulls_last=True), "sort_key", "pk")),
        "premiered": ("Oldest", (F("premiered").asc(nulls_last=True), "sort_key", "pk")),
    }

    class Meta:
        model = Series
        fields: list[str] = []
