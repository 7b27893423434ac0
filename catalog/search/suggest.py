"""What is offered while somebody types, and what narrows the lists of the desk."""

from django.db.models.expressions import RawSQL

from catalog.models import Character, Company, Episode, Person, Series
from catalog.search import fuzzy
from catalog.search.conditions import any_way, beginnings, tiers
from catalog.search.index import KINDS, Index, going_on, record_of
from catalog.search.tokenizer import typed

OFFERED = 8
OF_A_KIND = 5
ROWS = {
    "series": Series.objects.only("title", "slug", "premiered"),
    "episode": Episode.objects.select_related("season__series").only(
        "title", "number", "season__number", "season__series__title", "season__series__slug"
    ),
    "person": Person.objects.only("name", "slug"),
    "character": Character.objects.select_related("series").only("name", "full_name", "slug", "series__title"),
    "company": Company.objects.only("name", "slug"),
}


def suggest(text, kinds=tuple(KINDS), limit=OFFERED):
    """[(kind, record)] that visitors may see and whose names ``text`` begins or stands in, best first.

    Where nothing does, the nearest names.
    """
    wanted = typed(text)
    if not wanted:
        return []
    found = _first(wanted, kinds)
    if not found and (reading := fuzzy.meant(wanted)) is not None:
        found = [(kind, pk) for _, kind, pk in reading.near if kind in kinds] or _first(reading.meant, kinds)
    return _records(found[:limit])


def _first(wanted, kinds):
    """[(kind, key)], best first; of one kind no more than OF_A_KIND, so that others are seen too."""
    found, most = [], OF_A_KIND if len(kinds) > 1 else OFFERED
    known = going_on({kind: beginnings(kind, wanted) for kind in kinds})
    for number, kind in enumerate(kinds):
        index = Index(kind)
        conditions = tiers(index.dialect.knowing(known[kind]), kind, wanted)[:-1]  # not what stands beside the names
        found += [(tier, number, place) for tier, place in index.first(conditions, most)[0][:most]]
    return [(kinds[number], record_of(place)) for _, number, place in sorted(found)]


def _records(found):
    """The records, read once a kind."""
    records = {}
    for kind in {kind for kind, _ in found}:
        records[kind] = ROWS[kind].in_bulk([pk for each, pk in found if each == kind])
    return [(kind, records[kind][pk]) for kind, pk in found if pk in records[kind]]


def matching(queryset, text):
    """``queryset`` narrowed to the records, drafts too, that a text names; as it is when the kind has no index."""
    kind, wanted = queryset.model._meta.model_name, typed(text)
    if kind not in KINDS or not wanted:
        return queryset
    index = Index(kind, queryset.db)
    statement, parameters = index.select(any_way(index.dialect, kind, wanted), None, drafts=True)
    return queryset.filter(pk__in=RawSQL(f"SELECT record FROM {index.table} WHERE place IN ({statement})", parameters))
