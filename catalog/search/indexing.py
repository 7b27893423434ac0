"""Keep the index up to date: the change log calls ``update_index`` in the transaction of each change."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction

from catalog.models import Change, Character, Credit, Episode, Season, Song
from catalog.models.compiled_query import CompiledQuery, batches
from catalog.search.documents import INDEX_ROWS
from catalog.search.index import INDEXED_MODELS, Index

# The fields that decide what is indexed of a record, or of a record that it belongs to. Changes of other kinds or
# fields leave the index as it is.
INDEXED_FIELDS = {
    "series": {"title", "premise"},
    "season": {"number", "series_id"},
    "episode": {"title", "synopsis", "production_code", "number", "last_number", "overall_number", "season_id"},
    "person": {"name", "sort_name"},
    "character": {"name", "full_name", "series_id"},
    "company": {"name"},
    "alias": {"name", "person_id", "character_id", "company_id"},
    "alternativetitle": {"title", "series_id", "episode_id"},
    "credit": {"person_id", "character_id", "series_id", "season_id", "episode_id", "credited_as"},
    "featuredcharacter": {"character_id", "named_as"},
    "seriescompany": {"company_id"},
    "availability": {"platform_id"},
    "song": {"title", "artist_id", "note"},
    "artist": {"name"},
    "cue": {"song_id"},
    "source": {"title", "author", "publisher"},
}


def affected_records(changes: Iterable[Change], using: str) -> dict[str, set[int]]:
    """Return the primary keys, by kind, of the indexed records whose rows ``changes`` may make stale."""
    affected, renamed, recredited = defaultdict(set), defaultdict(set), defaultdict(set)
    for change in changes:
        fields = INDEXED_FIELDS.get(change.kind)
        is_update = change.action == Change.Action.CHANGED
        if fields is None or (is_update and fields.isdisjoint(change.fields)):
            continue
        if change.kind in INDEXED_MODELS:
            affected[change.kind].add(change.record_id)
        if is_update and change.kind in ("series", "season", "character", "artist"):
            renamed[change.kind].add(change.record_id)
        is_moved = change.action == Change.Action.DELETED or not {"season_id", "series_id"}.isdisjoint(change.fields)
        if change.kind in ("season", "episode") and not is_moved:
            continue  # a parent is not indexed by its seasons and episodes, only ranked by the credits on them
        for kind, pk in change.touches:
            affected[kind].add(pk)
            if change.kind in ("credit", "episode"):
                recredited[kind].add(pk)
            if change.kind in ("alias", "alternativetitle"):
                renamed[kind].add(pk)
    affected["series"] |= _series_of(recredited, using)
    for kind, parent, child_keys in NAMED_BY_PARENT:
        affected[kind].update(*child_keys(sorted(renamed[parent]), using=using))
    return {kind: keys for kind, keys in affected.items() if kind in INDEXED_MODELS and keys}


def _related_keys(model, column, value="pk"):
    """Query (value,) of the records of ``model`` that have certain keys in ``column``."""
    return CompiledQuery(
        lambda keys, *_: model._base_manager.filter(**{f"{column}__in": keys}).order_by().values_list(value)
    )


SEASONS_OF_EPISODES, SERIES_OF_SEASONS = _related_keys(Episode, "pk", "season"), _related_keys(Season, "pk", "series")
# (kind, parent, query): episodes and characters are indexed by the titles of their series and the number of their
# season, people by the names of the characters they played, songs by those of their artists.
NAMED_BY_PARENT = [
    ("episode", "series", _related_keys(Episode, "season__series")),
    ("character", "series", _related_keys(Character, "series")),
    ("episode", "season", _related_keys(Episode, "season")),
    ("person", "character", _related_keys(Credit, "character", "person")),
    ("song", "artist", _related_keys(Song, "artist")),
]


def _series_of(recredited, using):
    """Return the series of seasons and episodes whose credits changed: their rank counts all these credits."""
    seasons = recredited["season"].union(*SEASONS_OF_EPISODES(sorted(recredited["episode"]), using=using))
    return set().union(*SERIES_OF_SEASONS(sorted(seasons), using=using))


def update_index(changes: Iterable[Change], using: str) -> None:
    """Rewrite the rows that ``changes`` affect, in the current transaction."""
    for kind, keys in affected_records(changes, using).items():
        index = Index(kind, using)
        for batch in batches(sorted(keys)):
            index.update(batch, INDEX_ROWS[kind](batch, using))


def missing_kinds(using: str = "default") -> list[str]:
    """The kinds that have records but no index: after a migration, or after rows were written past the models."""
    kinds = []
    for kind, model in INDEXED_MODELS.items():
        records = model._base_manager.using(using)
        if records.exists() and not Index(kind, using).execute(f"SELECT 1 FROM {Index(kind, using).table} LIMIT 1"):
            kinds.append(kind)
    return kinds


def rebuild_index(
    using: str = "default",
    progress: Callable[[str, int, int], None] = lambda kind, done, total: None,
    kinds: Iterable[str] = tuple(INDEXED_MODELS),
) -> None:
    """Rebuild the index of ``kinds`` in one transaction. ``progress`` is called with (kind, records done, in all)."""
    with transaction.atomic(using=using):
        for kind in kinds:
            index, model = Index(kind, using), INDEXED_MODELS[kind]
            index.clear()
            record_ids = list(model._base_manager.using(using).order_by("pk").values_list("pk", flat=True))
            known_terms: set[str] = set()
            done = 0
            progress(kind, done, len(record_ids))
            for batch in batches(record_ids):
                index.write(list(INDEX_ROWS[kind](batch, using)), known_terms)
                done += len(batch)
                progress(kind, done, len(record_ids))
            index.analyze()


@contextmanager
def deferred_indexing(using: str = "default") -> Iterator[None]:
    """Rebuild the index once at the end instead of after each change, for bulk loading: a third of the work.

    It is one transaction, so nobody sees records without their index. It unsubscribes the index from the change log
    for the whole process: use it only where one thread writes.
    """
    with transaction.atomic(using=using):
        subscribers = Change.subscribers[:]
        Change.subscribers[:] = [subscriber for subscriber in subscribers if subscriber is not update_index]
        try:
            yield
        finally:
            Change.subscribers[:] = subscribers
        rebuild_index(using)


Change.subscribe(update_index)
