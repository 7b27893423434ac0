"""Plain search: every word must be found in a record's own text. Grouped by kind, best names first."""

from dataclasses import dataclass

from django.db.models import Q

from catalog.models import Character, Company, Episode, Person, Series

LIMIT = 25  # records of a kind on the page; the lists narrow further by their parameter q
LONGEST = 200
MOST_WORDS = 8  # each is a subquery, and 100 of them took PostgreSQL minutes and 4 GB to plan


@dataclass(frozen=True)
class Group:
    """The records of one kind: its name, how many there are in all, the first of them."""

    kind: str
    label: str
    total: int
    records: list


def _holding(queryset, words, *paths):
    plain = getattr(queryset.model, "spelt_plainly", lambda word: Q())
    for word in words:
        hit = plain(word)
        for path in paths:
            hit |= Q(**{f"{path}__icontains": word})
        queryset = queryset.filter(pk__in=queryset.model._base_manager.filter(hit).order_by().values("pk"))
    return queryset


def clean(text):
    """What is searched for: single spaces, no NUL, at most LONGEST characters."""
    return " ".join(text.replace("\x00", " ").split())[:LONGEST].strip()


def _readings():
    """For each kind: its name, its label, the rows that visitors may see in their order, where words are looked for.

    The lists' parameter ``q`` looks in the same places, so that "All 40" leads to forty.
    """
    series = Series.objects.published()
    characters = Character.objects.filter(series__in=series).select_related("series")
    return [
        ("series", "Series", series.for_list().order_by("sort_title", "pk"), ("title", "premise", "titles__title")),
        (
            "episode",
            "Episodes",
            Episode.objects.published()
            .for_list()
            .order_by("season__series__sort_title", "season__series", "season__number", "number"),
            ("title", "synopsis", "production_code", "titles__title", "season__series__title"),
        ),
        (
            "person",
            "People",
            Person.objects.published().order_by("sort_name", "pk"),
            ("name", "sort_name", "aliases__name", "credits__credited_as"),
        ),
        ("character", "Characters", characters.order_by("name", "pk"), ("name", "full_name", "aliases__name")),
        ("company", "Companies", Company.objects.published().for_list(), ("name",)),
    ]


def search(text):
    """Groups of published records in which every word of ``text`` is found; none for an empty text.

    Words after MOST_WORDS are not looked at.
    """
    words = list(dict.fromkeys(clean(text).split()))[:MOST_WORDS]
    if not words:
        return []
    found = [(kind, label, _holding(rows, words, *paths)) for kind, label, rows, paths in _readings()]
    groups = [Group(kind, label, rows.count(), list(rows[:LIMIT])) for kind, label, rows in found]
    return [group for group in groups if group.total]
