"""The full-text index: for each kind of record a table of (place, record, tokens), written with the records.

``place`` is a rank key: most credited first, then oldest first. The database reads matches in this order and stops at
the limit, so the first hundred of two million matches cost what one hundred cost; no relevance score is computed.
SQLite keeps an FTS5 index of the tokens by triggers, PostgreSQL a tsvector column. The term table has each token of
names and texts once, for prefix expansion. On PostgreSQL, which needs no expansion and has many writers, terms that no
record has any more stay until the index is rebuilt.
"""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import connections
from django.db.models import Model
from django.utils import timezone

from catalog.models import Character, Company, Episode, Person, Season, Series, Song, Source
from catalog.models.base import Published
from catalog.models.compiled_query import batches
from catalog.models.publication import source_condition
from catalog.search.conditions import DIALECTS, Tier, with_prefix_tokens
from catalog.search.tokenizer import NAME_MARK, TEXT_MARK, token_mark

INDEXED_MODELS: dict[str, type[Model]] = {
    "series": Series,
    "episode": Episode,
    "person": Person,
    "character": Character,
    "company": Company,
    "song": Song,
    "source": Source,
}
# For each kind (alias, model, key) of the records that visitors must be allowed to see: those that can be drafts have
# to be published. The key of the record itself is None.
VISIBILITY_JOINS: dict[str, list[tuple[str, type[Model], str | None]]] = {
    "series": [("t0", Series, None)],
    "episode": [("t0", Episode, None), ("t1", Season, "t0.season_id"), ("t2", Series, "t1.series_id")],
    "person": [("t0", Person, None)],
    "character": [("t0", Character, None), ("t1", Series, "t0.series_id")],
    "company": [("t0", Company, None)],
    "song": [("t0", Song, None)],
    "source": [("t0", Source, None)],
}
# Further conditions: a song must be heard in a published series or episode. A source has those of ``source_condition``.
VISIBILITY_CONDITIONS = {
    "song": """EXISTS (
        SELECT 1 FROM "catalog_cue" c LEFT JOIN "catalog_episode" e ON e.id = c.episode_id
        LEFT JOIN "catalog_season" n ON n.id = e.season_id
        JOIN "catalog_series" s ON s.id = COALESCE(c.series_id, n.series_id)
        WHERE c.song_id = t0.id AND s.published_at <= %s
        AND (e.id IS NULL OR (e.published_at <= %s AND n.published_at <= %s)))"""
}
LABEL_FIELDS = {"series": ["title"], "episode": ["title"], "song": ["title", "artist"], "source": ["title"]}
CREDIT_STEPS, RECORD_ID_BITS = 63, 48
RECORD_ID_MASK = (1 << RECORD_ID_BITS) - 1
TERM_TABLE_MARKS = ("", NAME_MARK, TEXT_MARK)
AFTER_MARKS, LAST_CHARACTER = "\x7f", "\U0010ffff"
MAX_NAMED_TOKENS = 64  # tokens that one prefix is expanded to
SCAN_FACTOR = 20  # rows scanned by rank for each record asked for, before the index is used
MAX_UNION_TERMS = 400  # SELECTs in one statement; SQLite allows 500


class IndexRow(NamedTuple):
    """A row of the index (columns place, record, tokens). The tokens are separated by spaces."""

    rank_key: int
    record_id: int
    tokens: str


class Visibility(NamedTuple):
    """The part of a statement that leaves only what visitors may see."""

    joins: str = ""
    conditions: tuple[str, ...] = ()
    parameters: tuple = ()


def table_name(kind: str) -> str:
    return f"catalog_search_{kind}"


def rank_key_of(pk: int, credits: int) -> int:
    """Return the sort key of a record: most credited first, in steps of about a fifth, then oldest first."""
    step = min(CREDIT_STEPS, int(4 * math.log2(1 + credits)))
    return (CREDIT_STEPS - step) << RECORD_ID_BITS | pk


def record_id_of(rank_key: int) -> int:
    """Return the record's primary key, which the rank key contains."""
    return rank_key & RECORD_ID_MASK


def _visibility(kind, record_id, using):
    """Return the Visibility of a kind at this moment. ``record_id`` is the SQL expression of the record's key."""
    joins, conditions, now = [], [], timezone.now()
    for alias, model, key in VISIBILITY_JOINS[kind]:
        joins.append(f'CROSS JOIN "{model._meta.db_table}" {alias}')
        conditions.append(f"{alias}.id = {key or record_id}")
        if issubclass(model, Published):
            conditions.append(f"{alias}.published_at <= %s")
    conditions += filter(None, [VISIBILITY_CONDITIONS.get(kind)])
    parameters = (now,) * sum(condition.count("%s") for condition in conditions)
    if kind == "source":
        condition, of_condition = source_condition(using, "t0.id")
        conditions, parameters = [*conditions, condition], parameters + of_condition
    return Visibility(" ".join(joins), tuple(conditions), parameters)


def expand_prefixes(
    prefixes_by_kind: dict[str, list[str]], using: str = "default"
) -> dict[str, dict[str, list[str] | None]]:
    """Return {kind: {prefix: indexed tokens that begin with it}}, in one query for all kinds.

    A prefix with more than MAX_NAMED_TOKENS tokens gets None. SQLite stops reading an OR of whole tokens at the limit,
    but reads all matches of a prefix before it returns the first: 35 ms for "harbour" in two million episodes.
    PostgreSQL needs no expansion and gets none.
    """
    connection, selects, parameters = connections[using], [], []
    if connection.vendor != "sqlite":
        return {kind: {} for kind in prefixes_by_kind}
    condition = "kind = %s AND term >= %s AND term < %s"
    inner = f"SELECT kind, term FROM catalog_search_term WHERE {condition} LIMIT {MAX_NAMED_TOKENS + 1}"
    pairs = [(kind, prefix) for kind, prefixes in prefixes_by_kind.items() for prefix in prefixes]
    for number, (kind, prefix) in enumerate(pairs):
        selects.append(f"SELECT {number}, s{number}.term FROM ({inner}) s{number}")
        parameters += [kind, prefix, prefix + LAST_CHARACTER]
    terms: dict[tuple[str, str], list[str]] = {pair: [] for pair in pairs}
    for start in range(0, len(selects), MAX_UNION_TERMS):
        stop = start + MAX_UNION_TERMS
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(selects[start:stop]), parameters[3 * start : 3 * stop])
            for number, term in cursor.fetchall():
                terms[pairs[number]].append(term)
    expansions: dict[str, dict[str, list[str] | None]] = {kind: {} for kind in prefixes_by_kind}
    for (kind, prefix), tokens in terms.items():
        expansions[kind][prefix] = tokens if len(tokens) <= MAX_NAMED_TOKENS else None
    return expansions


class Index:
    """The index of one kind of record in one database."""

    def __init__(self, kind: str, using: str = "default"):
        self.kind, self.connection = kind, connections[using]
        self.table = table_name(kind)
        self.dialect = DIALECTS[self.connection.vendor]
        self.is_sqlite = self.connection.vendor == "sqlite"

    def execute(self, statement: str, parameters: Sequence = ()) -> list[tuple]:
        """Run a statement and return all rows."""
        with self.connection.cursor() as cursor:
            cursor.execute(statement, [self._adapt(value) for value in parameters])
            return cursor.fetchall() if cursor.description else []

    def _adapt(self, value):
        adapt = self.connection.ops.adapt_datetimefield_value
        return adapt(value) if hasattr(value, "tzinfo") else value

    def select(
        self,
        condition: str,
        limit: int | None = None,
        drafts: bool = False,
        ordered: bool = True,
        rare: bool = False,
    ) -> tuple[str, list]:
        """Return (statement, parameters) that select the rank keys of the first matches; of all without ``limit``.

        ``drafts`` includes records that visitors may not see; ``rare`` tells PostgreSQL that few records match.
        """
        table, rank_key, tokens_match = f"{self.table} f", "f.place", "f.words @@ %s::tsquery"
        if self.is_sqlite:
            table, rank_key, tokens_match = f"{self.table}_words f", "f.rowid", f"f.{self.table}_words MATCH %s"
        visibility = (
            Visibility()
            if drafts
            else _visibility(self.kind, f"({rank_key} & {RECORD_ID_MASK})", self.connection.alias)
        )
        if limit and ordered and not self.is_sqlite:
            return self._select_first_in_postgresql(condition, int(limit), visibility, rare)
        # The CROSS JOINs of the visibility keep SQLite from starting at the records.
        where = " AND ".join([tokens_match, *visibility.conditions])
        statement = f"SELECT {rank_key} AS place FROM {table} {visibility.joins} WHERE {where}"
        if limit is not None:
            statement += f" ORDER BY {rank_key} LIMIT {int(limit)}" if ordered else f" LIMIT {int(limit)}"
        return statement, [condition, *visibility.parameters]

    def _select_first_in_postgresql(self, condition, limit, visibility, rare):
        """Select the first matches without relying on PostgreSQL's estimate of how common a condition is.

        The most credited records are scanned first. If too few of them match, the condition is rare and all its matches
        are looked up in the index. Left to the planner, "obro nos" took 30 ms in 50,000 episodes, and "the" was read
        through all episodes.
        """
        # A scalar subquery is evaluated row by row and stops at the limit; a join would read all rows first.
        tables = visibility.joins.removeprefix("CROSS JOIN ")
        visible = f"(SELECT TRUE FROM {tables} WHERE {' AND '.join(visibility.conditions)})" if tables else "TRUE"
        top_rows = f"SELECT place, words FROM {self.table} ORDER BY place LIMIT {SCAN_FACTOR * limit}"
        # Sorted outside: else the planner, at two million rows, reads them all in their order to find a rare word.
        unsorted = f"SELECT place FROM {self.table} WHERE words @@ %s::tsquery OFFSET 0"
        matches = f"SELECT place FROM ({unsorted}) unsorted ORDER BY place OFFSET 0"
        lookup = f"SELECT f.place FROM ({matches}) f WHERE {visible} LIMIT {limit}"
        if rare:
            return lookup, [condition, *visibility.parameters]
        statement = (
            f"WITH head AS MATERIALIZED (SELECT f.place FROM ({top_rows}) f WHERE f.words @@ %s::tsquery AND {visible} "
            f"LIMIT {limit}), many AS MATERIALIZED (SELECT COUNT(*) >= {limit} AS yes FROM head) "
            f"SELECT place FROM head WHERE (SELECT yes FROM many) UNION ALL SELECT place FROM "
            f"({lookup}) tail WHERE NOT (SELECT yes FROM many)"
        )
        return statement, [condition, *visibility.parameters, condition, *visibility.parameters]

    def first_matches(
        self, conditions: Sequence[tuple[int, str]], limit: int, count_to: int = 0
    ) -> tuple[list[tuple[int, int]], int]:
        """Return ([(tier, rank key)], total): the first ``limit`` records of each (tier, condition), without repeats.

        With ``count_to`` the last condition is not listed but counted, up to that number; else the total is 0.
        """
        selects, parameters = [], []
        for number, (tier, condition) in enumerate(conditions):
            if count_to and number == len(conditions) - 1:
                inner, values = self.select(condition, count_to, ordered=False)
                result = "COUNT(*)"
            else:
                inner, values = self.select(condition, limit, rare=tier == Tier.EXACT)
                result = f"s{number}.place"
            selects.append(f"SELECT {number}, {int(tier)}, {result} FROM ({inner}) s{number}")
            parameters += values
        rows = sorted(self.execute(" UNION ALL ".join(selects), parameters)) if selects else []
        total = rows.pop()[2] if count_to else 0
        tiers: dict[int, int] = {}
        for _, tier, rank_key in rows:
            tiers.setdefault(rank_key, tier)
        return [(tier, rank_key) for rank_key, tier in tiers.items()], total

    def tokens_by_record(self, record_ids: Sequence[int]) -> dict[int, str]:
        """Return the tokens of records by primary key."""
        markers = _parameter_markers(record_ids)
        return dict(self.execute(f"SELECT record, tokens FROM {self.table} WHERE record IN ({markers})", record_ids))

    def tokens_by_rank_key(self, rank_keys: Sequence[int]) -> list[tuple[int, str]]:
        """Return [(rank key, tokens)], best rank first."""
        if not rank_keys:
            return []
        condition = f"place IN ({_parameter_markers(rank_keys)})"
        return self.execute(f"SELECT place, tokens FROM {self.table} WHERE {condition} ORDER BY place", rank_keys)

    def write(self, rows: Sequence[IndexRow], known_terms: set[str] | None = None) -> None:
        """Insert the index rows of records that are not indexed yet.

        ``known_terms`` are terms already in the term table; new ones are added to the set.
        """
        known_terms = set() if known_terms is None else known_terms
        tokens = {token for row in rows for token in row.tokens.split() if token_mark(token) in TERM_TABLE_MARKS}
        new_terms = tokens - known_terms
        known_terms |= new_terms
        with self.connection.cursor() as cursor:
            if self.is_sqlite:
                cursor.executemany(f"INSERT INTO {self.table} (place, record, tokens) VALUES (%s, %s, %s)", rows)
            else:
                statement = f"INSERT INTO {self.table} VALUES (%s, %s, %s, array_to_tsvector(%s::text[]))"
                cursor.executemany(statement, [(*row, with_prefix_tokens(row.tokens)) for row in rows])
            cursor.executemany(
                "INSERT INTO catalog_search_term (kind, term) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                [(self.kind, term) for term in sorted(new_terms)],
            )

    def update(self, record_ids: Iterable[int], rows: Iterable[IndexRow]) -> None:
        """Replace what is indexed of ``record_ids`` by ``rows``. Records without a row are removed; equal rows stay."""
        new_rows = {row.record_id: row for row in rows}
        for batch in batches(record_ids):
            condition = f"record IN ({_parameter_markers(batch)})"
            indexed = self.execute(f"SELECT place, record, tokens FROM {self.table} WHERE {condition}", batch)
            unchanged = {row[1] for row in indexed if new_rows.get(row[1]) == tuple(row)}
            stale = [row[1] for row in indexed if row[1] not in unchanged]
            if stale:
                self.execute(f"DELETE FROM {self.table} WHERE record IN ({_parameter_markers(stale)})", stale)
            to_insert = [new_rows[pk] for pk in batch if pk in new_rows and pk not in unchanged]
            if to_insert:
                self.write(to_insert)
            former = {token for _, pk, tokens in indexed if pk not in unchanged for token in tokens.split()}
            self._delete_unused_terms(former.difference(*(row.tokens.split() for row in to_insert)))

    def _delete_unused_terms(self, terms: Iterable[str]) -> None:
        """Delete those of ``terms`` that no record has any more."""
        if not self.is_sqlite:
            return
        words = f"{self.table}_words"
        unused = f"""NOT EXISTS (SELECT 1 FROM {words} WHERE {words} MATCH '"' || term || '"')"""
        for batch in batches(sorted(terms)):
            statement = f"DELETE FROM catalog_search_term WHERE kind = %s AND term IN ({_parameter_markers(batch)})"
            self.execute(f"{statement} AND {unused}", [self.kind, *batch])

    def clear(self) -> None:
        """Delete all rows and terms of this kind."""
        self.execute(f"DELETE FROM {self.table}")
        self.execute("DELETE FROM catalog_search_term WHERE kind = %s", [self.kind])
        if self.is_sqlite:  # removes entries without a row, too: the FTS5 table holds no content of its own
            self.execute(f"INSERT INTO {self.table}_words ({self.table}_words) VALUES ('rebuild')")

    def name_terms(self) -> list[str]:
        """Return the tokens of names and of words in names, each once."""
        rows = self.execute(
            "SELECT term FROM catalog_search_term WHERE kind = %s AND term < %s", [self.kind, TEXT_MARK]
        )
        rows += self.execute(
            "SELECT term FROM catalog_search_term WHERE kind = %s AND term > %s", [self.kind, AFTER_MARKS]
        )
        return [row[0] for row in rows]

    def analyze(self) -> None:
        """Update PostgreSQL's statistics: it scans by rank for common tokens and uses the index for others."""
        if not self.is_sqlite:
            self.execute(f"ANALYZE {self.table}")

    def highest_record_id(self) -> int:
        """Return the highest primary key indexed: an upper bound of the number of records."""
        return self.execute(f"SELECT MAX(record) FROM {self.table}")[0][0] or 0

    def labels_of(self, record_id: int) -> list[str]:
        """Return the name or title of a record; of a song the title and the artist."""
        model = INDEXED_MODELS[self.kind]
        record = model._base_manager.using(self.connection.alias).get(pk=record_id)
        return [label for name in LABEL_FIELDS.get(self.kind, ["name"]) if (label := str(getattr(record, name) or ""))]


def _parameter_markers(values):
    return ", ".join(["%s"] * len(values))
