"""The facets of the list of people."""

from anyascii import anyascii
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Substr

from catalog.facets.base import FacetSet
from catalog.facets.index.engine import IndexEngine
from catalog.facets.kinds import ColumnFacet, SlugFacet
from catalog.facets.sql_engine import SqlEngine
from catalog.facets.text_filter import TextFilter
from catalog.models import Credit, Department, Episode, Person, Role, Series


def initial_of(letter):
    """The letter of the index that a name stands under: É under E; what is no Latin letter under ``#``."""
    first = anyascii(letter)[:1].upper()
    return first if first.isascii() and first.isalpha() else "#"


class InitialFacet(ColumnFacet):
    """The first letter of the sort name, accents aside. Counting is by letter as written, then folded.

    Its keys are index letters; each stands for all letters as written that fold to it.
    """

    def __init__(self, **kwargs):
        super().__init__(Substr("sort_name", 1, 1), self.read_letter, self.write_letter, **kwargs)

    @staticmethod
    def read_letter(slug):
        """One letter, in either case; ``other`` for what is no Latin letter."""
        return "#" if slug == "other" else slug.upper() if len(slug) == 1 and slug.isalpha() else None

    @staticmethod
    def write_letter(letter):
        """The letter small in addresses."""
        return ("other", "#") if letter == "#" else (letter.lower(), letter)

    def resolve_slugs(self, slugs):
        """Index letters under which somebody stands."""
        there = {initial_of(letter) for letter in self._written()}
        asked = {slug: self.read_letter(slug) for slug in slugs}
        return {slug: (key, *self.write_letter(key)) for slug, key in asked.items() if key in there}

    def condition(self, keys):
        """Names beginning with a letter that folds to one of ``keys``."""
        return super().condition([letter for letter in self._written() if initial_of(letter) in keys])

    def counts(self, rows):
        """Counts of letters as written, added up by index letter."""
        folded = {}
        for letter, count in super().counts(rows).items():
            folded[initial_of(letter)] = folded.get(initial_of(letter), 0) + count
        return folded

    by_count = False

    def normalize(self, value):
        """The index letter."""
        return initial_of(value)

    def sort_key(self, entry):
        """The alphabet, ``#`` last."""
        return (entry[0] == "#", entry[0])

    def _written(self):
        return self._column(self.parent.queryset).values_list("facet_value", flat=True).distinct()


class CreditedFacet(SlugFacet):
    """A facet over what people are credited with: ``paths`` lead there from a credit that visitors may see."""

    def condition(self, keys):
        """People with such a credit."""
        query = Q()
        for path in self.paths:
            query |= Q(pk__in=Credit.objects.visible().order_by().filter(**{f"{path}__in": keys}).values("person"))
        return query

    def row_value_pairs(self, rows):
        """One queryset for each path."""
        theirs = Credit.objects.visible().order_by().filter(person__in=rows.values("pk"))
        return [theirs.values_list("person", path) for path in self.paths]


class WorkedWithFacet(SlugFacet):
    """People who share an episode with somebody, by credits that hold for it.

    There are as many pairs as collaborations, so values are not listed: a person's page links here.
    """

    lists_values = False

    def condition(self, keys):
        """Everybody but the person, on any episode that they worked on."""
        query = Q()
        for key in keys:
            theirs = Credit.objects.applying_to_episodes().filter(person=key).order_by()
            episodes = (
                Episode.objects.published()
                .order_by()
                .filter(
                    Q(pk__in=theirs.filter(episode__isnull=False).values("episode"))
                    | Q(season__in=theirs.filter(season__isnull=False).values("season"))
                    | Q(season__series__in=theirs.filter(series__isnull=False).values("series"))
                )
            )
            shared = (
                Credit.objects.applying_to_episodes()
                .order_by()
                .filter(
                    Q(episode__in=episodes.values("pk"))
                    | Q(season__in=episodes.values("season"))
                    | Q(series__in=episodes.values("season__series"))
                )
            )
            query |= Q(pk__in=shared.exclude(person=key).values("person"))
        return query


def most_credits():
    """By the number of credits that visitors may see, most first."""
    theirs = Credit.objects.visible().order_by().filter(person=OuterRef("pk")).values("person")
    total = Subquery(theirs.annotate(total=Count("pk")).values("total"))
    return Coalesce(total, 0).desc(), "sort_name", "pk"


class PersonFacets(FacetSet):
    """Narrows published people by what they did, where, and with whom."""

    engines = (IndexEngine, SqlEngine)
    q = TextFilter("name", "sort_name", "aliases__name", "credits__credited_as", label="Text")
    role = CreditedFacet(Role, "role", label="Role")
    department = CreditedFacet(Department, "role__department", label="Department")
    series = CreditedFacet(
        Series,
        "series",
        "season__series",
        "episode__season__series",
        name="title",
        visible=lambda: Series.objects.published(),
        label="Series",
    )
    initial = InitialFacet(label="Initial")

    record_type = ("person", "people")
    sorts = {
        "name": ("Surname", ("sort_name", "pk")),
        "-credits": ("Most credits", most_credits),
    }

    class Meta:
        model = Person
        fields = []


# ``with`` is a word of the language, so this facet cannot be written as an attribute of the class.
PersonFacets.base_filters["with"] = WorkedWithFacet(
    Person, visible=lambda: Person.objects.published(), field_name="with", label="Worked with"
)
