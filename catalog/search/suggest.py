"""Suggest records while a visitor types, and filter a queryset by text with the same index."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL

from catalog.models import Character, Company, Episode, Person, Series, Song, Source
from catalog.search import fuzzy
from catalog.search.conditions import IN_NAMES, match_all_words, match_any, open_prefixes, ranked_conditions
from catalog.search.index import INDEXED_MODELS, Index, expand_prefixes, record_id_of
from catalog.search.tokenizer import ParsedQuery, parse_query

MAX_SUGGESTIONS = 8
MAX_SUGGESTIONS_PER_KIND = 5
QUERYSETS: dict[str, Callable[[], QuerySet]] = {
    "series": lambda: Series.objects.only("title", "slug", "premiered"),
    "episode": lambda: Episode.objects.select_related("season__series").only(
        "title", "number", "last_number", "season__number", "season__series__title", "season__series__slug"
    ),
    "person": lambda: Person.objects.only("name", "slug"),
    "character": lambda: Character.objects.select_related("series").only("name", "full_name", "slug", "series__title"),
    "company": lambda: Company.objects.only("name", "slug"),
    "song": lambda: Song.objects.for_list(),
    "source": lambda: Source.objects.for_page(),
}
SUGGESTED_KINDS = tuple(kind for kind in INDEXED_MODELS if kind != "source")  # titles of sources crowd out names
NAME_FIELDS = ("name", "full_name", "title")  # whose words the index marks as names
AnyModel = TypeVar("AnyModel", bound=Model)


def suggest(text: str, kinds: Sequence[str] = SUGGESTED_KINDS, limit: int = MAX_SUGGESTIONS) -> list[tuple[str, Model]]:
    """Return [(kind, record)] of published records with a name or a word of it that begins with ``text``, best first.

    If there are none, typing errors are corrected.
    """
    query = parse_query(text)
    if not query:
        return []
    matches = _find_matches(query, kinds)
    if not matches and (correction := fuzzy.correct(query)) is not None:
        near_records = [(record.kind, record.pk) for record in correction.matches if record.kind in kinds]
        matches = near_records or _find_matches(correction.query, kinds)
    return _load_records(matches[:limit])


def _find_matches(query: ParsedQuery, kinds: Sequence[str]) -> list[tuple[str, int]]:
    """Return [(kind, primary key)], best first; few of each kind, to leave room for other kinds."""
    limit = MAX_SUGGESTIONS_PER_KIND if len(kinds) > 1 else MAX_SUGGESTIONS
    expansions = expand_prefixes({kind: open_prefixes(kind, query) for kind in kinds})
    matches = []
    for number, kind in enumerate(kinds):
        index = Index(kind)
        conditions = ranked_conditions(index.dialect.with_expansions(expansions[kind]), kind, query)
        first, _ = index.first_matches(conditions[:-1], limit)  # the last condition is for other texts than names
        matches += [(tier, number, rank_key) for tier, rank_key in first[:limit]]
    return [(kinds[number], record_id_of(rank_key)) for _, number, rank_key in sorted(matches)]


def _load_records(matches):
    """Return [(kind, record)] in the order of ``matches``; one query per kind."""
    records = {
        kind: QUERYSETS[kind]().in_bulk([pk for match_kind, pk in matches if match_kind == kind])
        for kind in {kind for kind, _ in matches}
    }
    return [(kind, records[kind][pk]) for kind, pk in matches if pk in records[kind]]


def filter_by_text(queryset: QuerySet[AnyModel], text: str) -> QuerySet[AnyModel]:
    """Filter a queryset to the records that a text matches, drafts included.

    It stays unfiltered if the text is empty or the kind is not indexed, and for sources: editors search them by their
    addresses too, which visitors do not search.
    """
    kind, query = queryset.model._meta.model_name or "", parse_query(text)
    if kind not in INDEXED_MODELS or kind == "source" or not query:
        return queryset
    index = Index(kind, queryset.db)
    return _in_index(queryset, index, match_any(index.dialect, kind, query))


def filter_by_names(model: type[Model], path: str, word: str) -> QuerySet:
    """Return the records with a word in the column that ``path`` leads to, drafts included.

    Names that the index contains are found by it: every name of the record counts, and the word may be the beginning of
    a longer one. Other columns contain the word anywhere.
    """
    name, _, further_path = path.partition("__")
    if further_path:
        related: Any = model._meta.get_field(name).related_model
        return model._default_manager.filter(**{f"{name}__in": filter_by_names(related, further_path, word)}).order_by()
    kind, records = model._meta.model_name or "", model._default_manager.order_by()
    if kind in INDEXED_MODELS and name in NAME_FIELDS:
        index = Index(kind)
        condition = match_all_words(index.dialect, parse_query(word).words, IN_NAMES)
        if condition:
            return _in_index(records, index, condition)
    return records.filter(**{f"{name}__icontains": word})


def _in_index(queryset, index, condition):
    """Filter a queryset to the records that meet a condition of the index."""
    statement, parameters = index.select(condition, drafts=True)
    return queryset.filter(pk__in=RawSQL(f"SELECT record FROM {index.table} WHERE place IN ({statement})", parameters))
