"""What tells people, or series, of one name apart: years, a known work, else the slug. Two queries for any number."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from catalog.models.credit import Credit
from catalog.models.person import Person
from catalog.models.series import Series
from catalog.text import fold

KNOWN_SERIES = Coalesce("series__title", "season__series__title", "episode__season__series__title")


# By model the columns with the name, the first and the last year.
NOTED_MODELS: dict[Any, tuple[str, str, str]] = {
    Person: ("name", "born", "died"),
    Series: ("title", "premiered", "ended"),
}


class _Namesake(NamedTuple):
    pk: int
    slug: str
    sort_key: str
    name: str
    start: str | None  # birth or première
    end: str | None


def namesake_notes(
    model: Any, keys: Collection[int | str], field: str = "pk", published: bool = False
) -> dict[int | str, str]:
    """{key: note} for those of ``keys``, values of ``field``, whose records share their name with another one.

    Only people and series have notes. ``published``: only what visitors may see counts, and is named.
    """
    columns = NOTED_MODELS.get(model)
    if columns is None or not keys:
        return {}
    records = model._default_manager.published() if published else model._default_manager.all()
    sort_keys = model._default_manager.filter(**{f"{field}__in": keys}).order_by().values("sort_key")
    rows = records.filter(sort_key__in=sort_keys).order_by().values_list("pk", "slug", "sort_key", *columns)
    groups: dict[str, list[_Namesake]] = {}
    for row in map(_Namesake._make, rows):
        groups.setdefault(fold(row.name), []).append(row)
    groups = {name: group for name, group in groups.items() if len(group) > 1}
    without_years = [row.pk for group in groups.values() for row in group if row.pk not in _years(group)]
    works = _known_works(without_years, published) if model is Person and without_years else {}
    requested = set(keys)
    return {
        key: note
        for group in groups.values()
        for row, note in _notes(group, works)
        if (key := row.pk if field == "pk" else row.slug) in requested
    }


def with_notes(labels: dict[int, str], notes: dict[int | str, str]) -> dict[int, str]:
    """Labels, with the note of a namesake in brackets."""
    return {pk: f"{label} ({notes[pk]})" if pk in notes else label for pk, label in labels.items()}


def _unique(texts: dict[int, str]) -> dict[int, str]:
    """The filled texts that only one record has."""
    totals = Counter(texts.values())
    return {pk: text for pk, text in texts.items() if text and totals[text] == 1}


def _years(group: Iterable[_Namesake]) -> dict[int, str]:
    """The years of the records that have years of their own: ``1950–2001``, ``2005–``."""
    return _unique(
        {row.pk: f"{(row.start or '?')[:4]}–{(row.end or '')[:4]}" if row.start or row.end else "" for row in group}
    )


def _notes(group: Collection[_Namesake], works: dict[int, str]) -> Iterable[tuple[_Namesake, str]]:
    years, own_works = _years(group), _unique({row.pk: works.get(row.pk, "") for row in group})
    for row in group:
        yield row, years.get(row.pk) or own_works.get(row.pk) or row.slug


def _known_works(people: Collection[int], published: bool) -> dict[int, str]:
    """The first recorded credit of each person: ``Director on Soundtrack``."""
    credits = Credit.objects.visible() if published else Credit.objects.all()
    first = credits.filter(person=OuterRef("pk")).order_by("pk").values("pk")[:1]
    keys = Person.objects.filter(pk__in=people).order_by().values(first=Subquery(first))
    rows = Credit.objects.filter(pk__in=keys).order_by().values_list("person", "role__name", KNOWN_SERIES)
    return {person: f"{role} on {series}" for person, role, series in rows}
