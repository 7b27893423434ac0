"""The index: for each kind a table of (place, record, tokens) beside the records, in the same transactions.

``place`` orders a kind by how often its records are credited, and then by age; the index gives what it finds in that
order, so that the first hundred of two million matches cost what one hundred cost, and nothing is ever scored.
SQLite keeps an FTS5 index of the tokens by triggers, PostgreSQL a tsvector beside them. A table beside them
has each token of names and prose once (for good, until the index is made anew): it says how a word may go on.
"""

import math

from django.db import connections
from django.utils import timezone

from catalog.models import Character, Company, Episode, Person, Season, Series
from catalog.search.conditions import DIALECTS, EXACT, with_prefix_tokens
from catalog.search.tokenizer import NAME_MARK, TEXT_MARK, token_mark

INDEXED_MODELS = {"series": Series, "episode": Episode, "person": Person, "character": Character, "company": Company}
# What a record stands in: each of them has to be published for visitors to see it.
PUBLISHED_TOGETHER = {
    "series": [("t0", Series, None)],
    "episode": [("t0", Episode, None), ("t1", Season, "t0.season_id"), ("t2", Series, "t1.series_id")],
    "person": [("t0", Person, None)],
    "character": [("t0", Character, None), ("t1", Series, "t0.series_id")],
    "company": [("t0", Company, None)],
}
LABEL_FIELDS = {"series": "title", "episode": "title"}
CREDIT_STEPS, RECORD_ID_BITS = 63, 48
TERMED = ("", NAME_MARK, TEXT_MARK)
AFTER, LAST = "\x7f", "\U0010ffff"
QUERY_BATCH_SIZE = 500  # keys in one condition
MAX_NAMED_TOKENS = 64  # tokens
SCAN_FACTOR = 20  # times as many records as are asked for
MAX_UNION_TERMS = 400  # in one, of SQLite's 500


def table_name(kind):
    """The index's table of a kind."""
    return f"catalog_search_{kind}"


def rank_key_of(pk, credits):
    """Where a record stands: the most credited first, in steps of a fifth, and the older of two before the newer."""
    step = min(CREDIT_STEPS, int(4 * math.log2(1 + credits)))
    return (CREDIT_STEPS - step) << RECORD_ID_BITS | pk


def _seen(kind, key):
    """(joins, conditions, parameters) that keep to what visitors may see now. ``key`` is the record's."""
    joins, conditions, now = [], [], timezone.now()
    for alias, model, link in PUBLISHED_TOGETHER[kind]:
        joins.append(f'CROSS JOIN "{model._meta.db_table}" {alias}')
        conditions.append(f"{alias}.id = {link or key}")
        if model is not Character:
            conditions.append(f"{alias}.published_at <= %s")
    published = sum(model is not Character for _, model, _ in PUBLISHED_TOGETHER[kind])
    return " ".join(joins), conditions, [now] * published


def expand_prefixes(wanted, using="default"):
    """{kind: {beginning: the tokens that begin so}} for {kind: beginnings}, all in one query.

    None for a beginning with more than FEW tokens. An OR of whole tokens is read no further than it is asked for;
    SQLite reads all that begins with a text before it gives the first: 35 ms for "harbour" in two million episodes.
    PostgreSQL need not be told.
    """
    connection, statements, parameters = connections[using], [], []
    if connection.vendor != "sqlite":
        return dict.fromkeys(wanted, {})
    condition = "kind = %s AND term >= %s AND term < %s"
    inner = f"SELECT kind, term FROM catalog_search_term WHERE {condition} LIMIT {MAX_NAMED_TOKENS + 1}"
    asked = [(kind, token) for kind, tokens in wanted.items() for token in tokens]
    for number, (kind, token) in enumerate(asked):
        statements.append(f"SELECT {number}, s{number}.term FROM ({inner}) s{number}")
        parameters += [kind, token, token + LAST]
    found = {kind: {token: [] for token in tokens} for kind, tokens in wanted.items()}
    for start in range(0, len(statements), MAX_UNION_TERMS):
        some = slice(start, start + MAX_UNION_TERMS)
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(statements[some]), parameters[3 * start : 3 * some.stop])
            for number, term in cursor.fetchall():
                kind, token = asked[number]
                found[kind][token].append(term)
    return {
        kind: {token: terms if len(terms) <= MAX_NAMED_TOKENS else None for token, terms in tokens.items()}
        for kind, tokens in found.items()
    }


class Index:
    """The index of a kind in a database."""

    def __init__(self, kind, using="default"):
        self.kind, self.connection = kind, connections[using]
        self.table = table_name(kind)
        self.dialect = DIALECTS[self.connection.vendor]
        self.is_sqlite = self.connection.vendor == "sqlite"

    def execute(self, statement, parameters=()):
        """All rows of a statement."""
        with self.connection.cursor() as cursor:
            cursor.execute(statement, [self._adapted(value) for value in parameters])
            return cursor.fetchall() if cursor.description else []

    def _adapted(self, value):
        adapt = self.connection.ops.adapt_datetimefield_value
        return adapt(value) if hasattr(value, "tzinfo") else value

    def _source(self):
        """(tables, place, condition on tokens): CROSS JOIN keeps SQLite from starting at the records."""
        if self.is_sqlite:
            return f"{self.table}_words f", "f.rowid", f"f.{self.table}_words MATCH %s"
        return f"{self.table} f", "f.place", "f.words @@ %s::tsquery"

    def select(self, condition, limit=None, drafts=False, ordered=True, rare=False):
        """(statement, parameters) for the places of the first records that answer a condition; of all without limit."""
        tables, place, holds = self._source()
        seen = ("", [], []) if drafts else _seen(self.kind, f"({place} & {(1 << RECORD_ID_BITS) - 1})")
        if limit and ordered and not self.is_sqlite:
            return self._first_in_postgresql(condition, int(limit), seen, rare)
        joins, conditions, parameters = seen
        where = " AND ".join([holds, *conditions])
        statement = f"SELECT {place} AS place FROM {tables} {joins} WHERE {where}"
        if limit is not None:
            statement += f" ORDER BY {place} LIMIT {int(limit)}" if ordered else f" LIMIT {int(limit)}"
        return statement, [condition, *parameters]

    def _first_in_postgresql(self, condition, limit, seen, rare):
        """The same, where the planner would have to guess how common a condition is, and guesses badly.

        The most credited are looked through; when too few of them answer, the condition is rare, and all that do are
        looked up. A guess took "obro nos" 30 ms in 50,000 episodes, or "the" as long as there are episodes.
        """
        joins, conditions, given = seen
        # A subquery for one value is asked row by row, as far as the limit; joined, all rows would be read first.
        tables = joins.removeprefix("CROSS JOIN ")
        visible = f"(SELECT TRUE FROM {tables} WHERE {' AND '.join(conditions)})" if tables else "TRUE"
        most = f"SELECT place, words FROM {self.table} ORDER BY place LIMIT {SCAN_FACTOR * limit}"
        all_ = f"SELECT place FROM {self.table} WHERE words @@ %s::tsquery ORDER BY place OFFSET 0"
        tail = f"SELECT f.place FROM ({all_}) f WHERE {visible} LIMIT {limit}"
        if rare:
            return tail, [condition, *given]
        statement = (
            f"WITH head AS MATERIALIZED (SELECT f.place FROM ({most}) f WHERE f.words @@ %s::tsquery AND {visible} "
            f"LIMIT {limit}), many AS MATERIALIZED (SELECT COUNT(*) >= {limit} AS yes FROM head) "
            f"SELECT place FROM head WHERE (SELECT yes FROM many) UNION ALL SELECT place FROM "
            f"({tail}) tail WHERE NOT (SELECT yes FROM many)"
        )
        return statement, [condition, *given, condition, *given]

    def first_matches(self, conditions, limit, most=0):
        """[(tier, place)] of the first ``limit`` records of each (tier, condition), best first, each record once.

        With ``most``, also how many records answer the last condition, counted no further than that.
        """
        statements, parameters = [], []
        for number, (tier, condition) in enumerate(conditions):
            last = most and number == len(conditions) - 1
            inner, given = self.select(condition, most if last else limit, ordered=not last, rare=tier == EXACT)
            what = f"{tier}, COUNT(*)" if last else f"{tier}, s{number}.place"
            statements.append(f"SELECT {number}, {what} FROM ({inner}) s{number}")
            parameters += given
        rows = sorted(self.execute(" UNION ALL ".join(statements), parameters)) if statements else []
        total = rows.pop()[2] if most else None
        found = {}
        for _, tier, place in rows:
            found.setdefault(place, tier)
        return [(tier, place) for place, tier in found.items()], total

    def tokens_by_record(self, records):
        """The tokens of records, by key."""
        marks = ", ".join(["%s"] * len(records))
        return dict(self.execute(f"SELECT record, tokens FROM {self.table} WHERE record IN ({marks})", list(records)))

    def write(self, rows, known=None):
        """Put (place, record, tokens) in; whatever stood for those records was taken out before.

        ``known`` is a set of tokens that are there already, and is added to.
        """
        known = set() if known is None else known
        new = {token for _, _, tokens in rows for token in tokens.split() if token_mark(token) in TERMED} - known
        known |= new
        with self.connection.cursor() as cursor:
            if self.is_sqlite:
                cursor.executemany(f"INSERT INTO {self.table} (place, record, tokens) VALUES (%s, %s, %s)", rows)
            else:
                statement = f"INSERT INTO {self.table} VALUES (%s, %s, %s, array_to_tsvector(%s::text[]))"
                cursor.executemany(statement, [(*row, with_prefix_tokens(row[2])) for row in rows])
            cursor.executemany(
                "INSERT INTO catalog_search_term (kind, term) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                [(self.kind, term) for term in sorted(new)],
            )

    def update(self, records, rows):
        """Let ``rows`` stand for ``records``; those without a row go. What is the same is left alone."""
        records, rows = list(records), {row[1]: row for row in rows}
        for start in range(0, len(records), QUERY_BATCH_SIZE):
            some = records[start : start + QUERY_BATCH_SIZE]
            marks = ", ".join(["%s"] * len(some))
            held = self.execute(f"SELECT place, record, tokens FROM {self.table} WHERE record IN ({marks})", some)
            same = {row[1] for row in held if rows.get(row[1]) == tuple(row)}
            stale = [row[1] for row in held if row[1] not in same]
            if stale:
                marks = ", ".join(["%s"] * len(stale))
                self.execute(f"DELETE FROM {self.table} WHERE record IN ({marks})", stale)
            new = [rows[record] for record in some if record in rows and record not in same]
            if new:
                self.write(new)

    def clear(self):
        """Take everything out."""
        self.execute(f"DELETE FROM {self.table}")
        self.execute("DELETE FROM catalog_search_term WHERE kind = %s", [self.kind])
        if self.is_sqlite:  # whatever came there without a row: the words index has nothing of its own to keep
            self.execute(f"INSERT INTO {self.table}_words ({self.table}_words) VALUES ('rebuild')")

    def tokens_by_rank_key(self, places):
        """[(place, tokens)] in the order of the places."""
        if not places:
            return []
        marks = ", ".join(["%s"] * len(places))
        return self.execute(
            f"SELECT place, tokens FROM {self.table} WHERE place IN ({marks}) ORDER BY place", list(places)
        )

    def terms(self):
        """The tokens of whole names and of words of names, each once."""
        rows = self.execute(
            "SELECT term FROM catalog_search_term WHERE kind = %s AND term < %s", [self.kind, TEXT_MARK]
        )
        rows += self.execute("SELECT term FROM catalog_search_term WHERE kind = %s AND term > %s", [self.kind, AFTER])
        return [row[0] for row in rows]

    def analyse(self):
        """Let PostgreSQL know which tokens are common: it walks the places for those, and looks the others up."""
        if not self.is_sqlite:
            self.execute(f"ANALYZE {self.table}")

    def highest_record_id(self):
        """The highest key of a record: no more records are there than that."""
        return self.execute(f"SELECT MAX(record) FROM {self.table}")[0][0] or 0

    def label_of(self, record):
        """What a record is called."""
        model = INDEXED_MODELS[self.kind]
        return getattr(
            model._base_manager.using(self.connection.alias).get(pk=record), LABEL_FIELDS.get(self.kind, "name")
        )


def record_id_of(place):
    """The record's key that a place stands for."""
    return place & (1 << RECORD_ID_BITS) - 1
