"""The facets of the list of people."""

import numpy as np
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Substr

from catalog.facets.base import FacetSet
from catalog.facets.choice import ALL, ANY, NONE
from catalog.facets.episode import EpisodeFacets
from catalog.facets.index.conditions import OrdinalChoice
from catalog.facets.index.engine import IndexEngine
from catalog.facets.index.registry import current_snapshot
from catalog.facets.index.selection import Selection
from catalog.facets.kinds import ColumnFacet, SlugFacet
from catalog.facets.text_filter import TextFilter
from catalog.facets.uncounted_engine import UncountedEngine
from catalog.facets.wording import Phrase
from catalog.models import Credit, Department, Episode, Person, Role, Series
from catalog.models.time_limit import TimeLimitExceeded


def index_letter(letter):
    """Return the letter under which a sort key is indexed, ``#`` if it begins with none."""
    return letter.upper() if letter.isalpha() else "#"


class InitialFacet(ColumnFacet):
    """The index letter of the sort key. A value stands for all first letters that are indexed under it."""

    by_count = False

    def __init__(self, **kwargs):
        super().__init__(Substr("sort_key", 1, 1), self.parse_letter, self.format_letter, **kwargs)

    @staticmethod
    def parse_letter(slug):
        """Return a letter in upper case, or ``#`` for ``other``; None for anything else."""
        return "#" if slug == "other" else slug.upper() if len(slug) == 1 and slug.isalpha() else None

    @staticmethod
    def format_letter(letter):
        """Return the letter, in lower case for addresses."""
        return ("other", "#") if letter == "#" else (letter.lower(), letter)

    def resolve_slugs(self, slugs):
        """Return the index letters that some person has."""
        existing = {index_letter(letter) for letter in self._first_letters()}
        letters = {slug: self.parse_letter(slug) for slug in slugs}
        return {slug: (key, *self.format_letter(key)) for slug, key in letters.items() if key in existing}

    def condition(self, keys):
        """Return the condition for names whose first letter is indexed under one of ``keys``."""
        return super().condition([letter for letter in self._first_letters() if index_letter(letter) in keys])

    def counts(self, rows):
        """Add up the counts of first letters by index letter."""
        counts: dict[str, int] = {}
        for letter, count in super().counts(rows).items():
            key = index_letter(letter)
            counts[key] = counts.get(key, 0) + count
        return counts

    def normalize(self, value):
        """Return the index letter."""
        return index_letter(value)

    def sort_key(self, entry):
        """Sort by the alphabet, ``#`` last."""
        return (entry[0] == "#", entry[0])

    def _first_letters(self):
        return self._column(self.parent.queryset).values_list("facet_value", flat=True).distinct()


class CreditedFacet(SlugFacet):
    """A facet over what people are credited with: ``paths`` lead there from a visible credit."""

    def condition(self, keys):
        """Return the condition for people with such a credit."""
        query = Q()
        for path in self.paths:
            query |= Q(pk__in=Credit.objects.visible().order_by().filter(**{f"{path}__in": keys}).values("person"))
        return query

    def row_value_pairs(self, rows):
        """Return a queryset for each path."""
        credits = Credit.objects.visible().order_by().filter(person__in=rows.values("pk"))
        return [credits.values_list("person", path) for path in self.paths]


class WorkedWithFacet(SlugFacet):
    """People who share an episode with a person, by credits that apply to it.

    There are as many pairs as collaborations, so values are not listed: the page of a person links here. The index
    finds the rows in that of episodes.
    """

    lists_values = is_indexed = False
    suffixes = (ANY, ALL, NONE)  # nobody asks who worked with nobody

    def row_keys(self, keys):
        """Return the primary keys of ``condition(keys)`` from the index; ``TimeLimitExceeded`` while it is read."""
        snapshot = current_snapshot(EpisodeFacets)
        if snapshot is None:
            raise TimeLimitExceeded
        people, parts = [np.zeros(0, np.int64)], EpisodeFacets.base_filters["person"].combines
        for key in keys:
            ordinals = snapshot.vocabularies["person"].ordinals([key])
            episodes = Selection(snapshot, {"person": OrdinalChoice("person", ordinals.tolist())})
            on_episodes = episodes.keys_of_values(parts)
            people.append(on_episodes[on_episodes != key])
        return np.concatenate(people)

    def condition(self, keys):
        """Return the condition for people, other than the person, on any of the person's episodes."""
        query = Q()
        for key in keys:
            credits = Credit.objects.applying_to_episodes().filter(person=key).order_by()
            episodes = (
                Episode.objects.published()
                .order_by()
                .filter(
                    Q(pk__in=credits.filter(episode__isnull=False).values("episode"))
                    | Q(season__in=credits.filter(season__isnull=False).values("season"))
                    | Q(season__series__in=credits.filter(series__isnull=False).values("series"))
                )
            )
            shared_credits = (
                Credit.objects.applying_to_episodes()
                .order_by()
                .filter(
                    Q(episode__in=episodes.values("pk"))
                    | Q(season__in=episodes.values("season"))
                    | Q(series__in=episodes.values("season__series"))
                )
            )
            query |= Q(pk__in=shared_credits.exclude(person=key).values("person"))
        return query


def most_credits():
    """Return an ordering by the number of visible credits, most first."""
    credits = Credit.objects.visible().order_by().filter(person=OuterRef("pk")).values("person")
    total = Subquery(credits.annotate(total=Count("pk")).values("total"))
    return Coalesce(total, 0).desc(), "sort_key", "pk"


class PersonFacets(FacetSet):
    """The facets of published people: what they did, in which series, and with whom."""

    engines = (IndexEngine, UncountedEngine)
    q = TextFilter("name", "sort_name", "aliases__name", "credits__credited_as", label="Text")
    role = CreditedFacet(Role, "role", label="Role", phrase=Phrase("credited as {}", lower=True))
    department = CreditedFacet(
        Department, "role__department", label="Department", phrase=Phrase("credited in the department {}")
    )
    series = CreditedFacet(
        Series,
        "series",
        "season__series",
        "episode__season__series",
        label_field="title",
        visible=lambda: Series.objects.published(),
        label="Series",
        phrase=Phrase("who worked on {}", without="who did not work on {}"),
    )
    initial = InitialFacet(label="Initial", phrase=Phrase("under {}"))

    record_type = ("person", "people")
    sorts = {
        "name": ("Surname", ("sort_key", "pk")),
        "-credits": ("Most credits", most_credits),
    }

    class Meta:
        model = Person
        fields: list[str] = []


# ``with`` is a keyword of Python, so this facet cannot be an attribute of the class.
PersonFacets.base_filters["with"] = WorkedWithFacet(
    Person,
    visible=lambda: Person.objects.published(),
    field_name="with",
    label="Worked with",
    phrase=Phrase("who worked with {}", without="who did not work with {}", value_name="co-worker"),
)
