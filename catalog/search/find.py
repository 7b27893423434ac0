"""Plain search: every word must be found in a record's own text. Grouped by kind, best names first."""

from dataclasses import dataclass

from django.db.models import Q

from catalog.models import Character, Company, Episode, Person, Series

LIMIT = 25  # records of a kind on the page; the lists narrow further by their parameter q
LONGEST = 200


@dataclass(frozen=True)
class Group:
    """The records of one kind: its name, how many there are in all, the first of them."""

    kind: str
    label: str
    total: int
    records: list


def _holding(queryset, words, *paths):
    for word in words:
        hit = Q()
        for path in paths:
            hit |= Q(**{f"{path}__icontains": word})
        queryset = queryset.filter(pk__in=queryset.model._base_manager.filter(hit).order_by().values("pk"))
    return queryset


def clean(text):
    """What is searched for: single spaces, no NUL, at most LONGEST characters."""
    return " ".join(text.replace("\x00", " ").split())[:LONGEST].strip()


def search(text):
    """Groups of published records in which every word of ``text`` is found; none for an empty text."""
    words = clean(text).split()
    if not words:
        return []
    readings = [
        (
            "series",
            "Series",
            _holding(Series.objects.published().for_list(), words, "title", "titles__title").order_by(
                "sort_title", "pk"
            ),
        ),
        (
            "episode",
            "Episodes",
            _holding(
                Episode.objects.published().for_list(), words, "title", "synopsis", "production_code", "titles__title"
            ).order_by("season__series__sort_title", "season__number", "number"),
        ),
        (
            "person",
            "People",
            _holding(Person.objects.published(), words, "name", "aliases__name", "credits__credited_as").order_by(
                "sort_name", "pk"
            ),
        ),
        (
            "character",
            "Characters",
            _holding(
                Character.objects.filter(series__in=Series.objects.published()).select_related("series"),
                words,
                "name",
                "full_name",
                "aliases__name",
            ).order_by("name", "pk"),
        ),
        ("company", "Companies", _holding(Company.objects.published().for_list(), words, "name")),
    ]
    groups = [Group(kind, label, found.count(), list(found[:LIMIT])) for kind, label, found in readings]
    return [group for group in groups if group.total]
