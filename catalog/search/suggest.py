"""What is offered while somebody types, and what narrows the lists of the desk."""

from django.db.models.expressions import RawSQL

from catalog.models import Character, Company, Episode, Person, Series
from catalog.search import fuzzy
from catalog.search.conditions import match_any, open_prefixes, ranked_conditions
from catalog.search.index import INDEXED_MODELS, Index, expand_prefixes, record_id_of
from catalog.search.tokenizer import parse_query

MAX_SUGGESTIONS = 8
MAX_SUGGESTIONS_PER_KIND = 5
ROWS = {
    "series": Series.objects.only("title", "slug", "premiered"),
    "episode": Episode.objects.select_related("season__series").only(
        "title", "number", "season__number", "season__series__title", "season__series__slug"
    ),
    "person": Person.objects.only("name", "slug"),
    "character": Character.objects.select_related("series").only("name", "full_name", "slug", "series__title"),
    "company": Company.objects.only("name", "slug"),
}


def suggest(text, kinds=tuple(INDEXED_MODELS), limit=MAX_SUGGESTIONS):
    """[(kind, record)] that visitors may see and whose names ``text`` begins or stands in, best first.

    Where nothing does, the nearest names.
    """
    wanted = parse_query(text)
    if not wanted:
        return []
    found = _first(wanted, kinds)
    if not found and (reading := fuzzy.correct(wanted)) is not None:
        found = [(kind, pk) for _, kind, pk in reading.matches if kind in kinds] or _first(reading.query, kinds)
    return _records(found[:limit])


def _first(wanted, kinds):
    """[(kind, key)], best first; of one kind no more than OF_A_KIND, so that others are seen too."""
    found, most = [], MAX_SUGGESTIONS_PER_KIND if len(kinds) > 1 else MAX_SUGGESTIONS
    known = expand_prefixes({kind: open_prefixes(kind, wanted) for kind in kinds})
    for number, kind in enumerate(kinds):
        index = Index(kind)
        conditions = ranked_conditions(index.dialect.with_expansions(known[kind]), kind, wanted)[
            :-1
        ]  # not what stands beside the names
        found += [(tier, number, place) for tier, place in index.first_matches(conditions, most)[0][:most]]
    return [(kinds[number], record_id_of(place)) for _, number, place in sorted(found)]


def _records(found):
    """The records, read once a kind."""
    records = {}
    for kind in {kind for kind, _ in found}:
        records[kind] = ROWS[kind].in_bulk([pk for each, pk in found if each == kind])
    return [(kind, records[kind][pk]) for kind, pk in found if pk in records[kind]]


def filter_by_text(queryset, text):
    """``queryset`` narrowed to the records, drafts too, that a text names; as it is when the kind has no index."""
    kind, wanted = queryset.model._meta.model_name, parse_query(text)
    if kind not in INDEXED_MODELS or not wanted:
        return queryset
    index = Index(kind, queryset.db)
    statement, parameters = index.select(match_any(index.dialect, kind, wanted), None, drafts=True)
    return queryset.filter(pk__in=RawSQL(f"SELECT record FROM {index.table} WHERE place IN ({statement})", parameters))
