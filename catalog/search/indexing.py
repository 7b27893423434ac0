"""Keeps the index as the records are: in the transaction of each change, told by the change log."""

from collections import defaultdict
from contextlib import contextmanager

from django.db import transaction

from catalog.models import Change, Character, Credit, Episode, Season
from catalog.models.compiled_query import CompiledQuery
from catalog.search.documents import DOCUMENTS
from catalog.search.index import INDEXED_MODELS, QUERY_BATCH_SIZE, Index

# The fields by which a record, or what it belongs to, is found. Of kinds that are not here nothing is indexed.
INDEXED_FIELDS = {
    "series": {"title", "premise"},
    "season": {"number", "series_id"},
    "episode": {"title", "synopsis", "production_code", "number", "last_number", "overall_number", "season_id"},
    "person": {"name", "sort_name"},
    "character": {"name", "full_name", "series_id"},
    "company": {"name"},
    "alias": {"name", "person_id", "character_id"},
    "alternativetitle": {"title", "series_id", "episode_id"},
    "credit": {"person_id", "character_id", "series_id", "season_id", "episode_id", "credited_as"},
    "featuredcharacter": {"character_id", "named_as"},
    "seriescompany": {"company_id"},
    "availability": {"platform_id"},
}


def affected_records(changes, using):
    """The keys of the records, by kind, that are found otherwise after ``changes``."""
    found, renamed, credited = defaultdict(set), defaultdict(set), defaultdict(set)
    for change in changes:
        telling = INDEXED_FIELDS.get(change.kind)
        if telling is None or (change.action == Change.Action.CHANGED and telling.isdisjoint(change.fields)):
            continue
        if change.kind in INDEXED_MODELS:
            found[change.kind].add(change.record_id)
        whole = change.action == Change.Action.CHANGED
        if whole and change.kind in ("series", "season", "character"):
            renamed[change.kind].add(change.record_id)
        moved = change.action == Change.Action.DELETED or not {"season_id", "series_id"}.isdisjoint(change.fields)
        if change.kind in ("season", "episode") and not moved:
            continue  # what stands above them is not found by them, but for the credits that they bring along
        for kind, pk in change.touches:
            found[kind].add(pk)
            if change.kind in ("credit", "episode"):
                credited[kind].add(pk)
        if change.kind in ("alias", "alternativetitle"):
            for kind, pk in change.touches:
                renamed[kind].add(pk)
    _above(found, credited, using)
    _below(found, renamed, using)
    return {kind: keys for kind, keys in found.items() if kind in INDEXED_MODELS and keys}


def _keys(model, column, value="pk"):
    """A reading of what the records of ``model`` say in ``value`` that name certain keys in ``column``."""
    return CompiledQuery(
        lambda keys, *_: model._base_manager.filter(**{f"{column}__in": keys}).order_by().values_list(value)
    )


SEASONS_OF_EPISODES, SERIES_OF_SEASONS = _keys(Episode, "pk", "season"), _keys(Season, "pk", "series")


def _above(found, credited, using):
    """Series are ordered by the credits on their seasons and episodes."""
    seasons = credited["season"].union(*SEASONS_OF_EPISODES(sorted(credited["episode"]), using=using))
    found["series"].update(*SERIES_OF_SEASONS(sorted(seasons), using=using))


# What is found by something above it: episodes and characters by their series' titles, people by whom they played.
BELOW = [
    ("episode", "series", _keys(Episode, "season__series")),
    ("character", "series", _keys(Character, "series")),
    ("episode", "season", _keys(Episode, "season")),
    ("person", "character", _keys(Credit, "character", "person")),
]


def _below(found, renamed, using):
    """What is found by a name that changed above it."""
    for kind, above, read in BELOW:
        found[kind].update(*read(sorted(renamed[above]), using=using))


def update_index(changes, using):
    """Renew what ``changes`` touched, in the transaction that they are in."""
    for kind, keys in affected_records(changes, using).items():
        index, keys = Index(kind, using), sorted(keys)
        for start in range(0, len(keys), QUERY_BATCH_SIZE):
            some = keys[start : start + QUERY_BATCH_SIZE]
            index.update(some, DOCUMENTS[kind](some, using))


def is_index_missing(using="default"):
    """Whether there are records and no index: after a migration, or rows written past the models."""
    for kind, model in INDEXED_MODELS.items():
        records = model._base_manager.using(using)
        if records.exists() and not Index(kind, using).execute(f"SELECT 1 FROM {Index(kind, using).table} LIMIT 1"):
            return True
    return False


def rebuild_index(using="default", tell=lambda kind, done, total: None):
    """Make the whole index anew, in one transaction. ``tell`` hears how far it is."""
    with transaction.atomic(using=using):
        for kind, model in INDEXED_MODELS.items():
            index = Index(kind, using)
            index.clear()
            keys = list(model._base_manager.using(using).order_by("pk").values_list("pk", flat=True))
            known = set()
            tell(kind, 0, len(keys))
            for start in range(0, len(keys), QUERY_BATCH_SIZE):
                some = keys[start : start + QUERY_BATCH_SIZE]
                index.write(list(DOCUMENTS[kind](some, using)), known)
                tell(kind, start + len(some), len(keys))
            index.analyse()


@contextmanager
def deferred_indexing(using="default"):
    """For making many records from nothing, by one process: the index is made anew after them, a third of the work.

    In one transaction, so that nobody finds records without it.
    """
    with transaction.atomic(using=using):
        before, Change.subscribers[:] = (
            Change.subscribers[:],
            [one for one in Change.subscribers if one is not update_index],
        )
        try:
            yield
        finally:
            Change.subscribers[:] = before
        rebuild_index(using)


Change.subscribe(update_index)
