"""Build full-text conditions from a query, in the syntax of SQLite's FTS5 and of PostgreSQL's tsquery."""

from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum

from catalog.search.tokenizer import (
    EPISODE_NUMBER_MARK,
    NAME_MARK,
    PRODUCTION_CODE_MARK,
    TEXT_MARK,
    ParsedQuery,
    bigrams,
    fold_word,
    is_unspaced,
    split_word,
)


class Tier(IntEnum):
    """How well a record matches a query, best first. Records are ordered by tier, then by how often they are credited.

    A whole name is the query; a name begins with it; its words are in the names; its words are in names or other texts.
    """

    EXACT = 0
    PREFIX = 1
    WORDS = 2
    TEXT = 3


IN_NAMES, ANYWHERE = ("",), ("", TEXT_MARK)  # marks of the tokens that a word may match
PREFIX_INDEX_LENGTH = 4  # characters; for prefixes up to this length the database has an index of its own


class Dialect:
    """How a database writes a condition. Tokens are letters, digits and marks only, so nothing needs escaping.

    ``expansions`` maps a prefix to the indexed tokens that begin with it, or to None where these are too many to list.
    """

    def __init__(
        self,
        term: Callable[[str], str],
        native_prefix: Callable[[str], str],
        and_operator: str,
        or_operator: str,
        expansions: Mapping[str, list[str] | None] | None = None,
    ):
        self.term = term
        self._native_prefix, self._and_operator, self._or_operator = native_prefix, and_operator, or_operator
        self.expansions = {} if expansions is None else expansions

    def with_expansions(self, expansions: Mapping[str, list[str] | None]) -> "Dialect":
        """Return the same dialect with other expansions of prefixes."""
        return Dialect(self.term, self._native_prefix, self._and_operator, self._or_operator, expansions)

    def prefix(self, token: str) -> str:
        """Match records with a token that begins with this one."""
        tokens = self.expansions.get(token)
        return self._native_prefix(token) if tokens is None else self.any_of(map(self.term, tokens or [token]))

    def all_of(self, conditions: Iterable[str]) -> str:
        """Match records that meet all conditions; empty ones are left out."""
        return self._joined(self._and_operator, conditions)

    def any_of(self, conditions: Iterable[str]) -> str:
        """Match records that meet at least one condition; empty ones are left out."""
        return self._joined(self._or_operator, conditions)

    @staticmethod
    def _joined(operator, conditions):
        conditions = list(dict.fromkeys(filter(None, conditions)))
        return conditions[0] if len(conditions) == 1 else f"({operator.join(conditions)})" if conditions else ""


def _postgresql_prefix(token):
    return f"'^{token}'" if len(token) <= PREFIX_INDEX_LENGTH else f"'{token}':*"


DIALECTS = {
    "sqlite": Dialect('"{}"'.format, '"{}"*'.format, " AND ", " OR "),
    "postgresql": Dialect("'{}'".format, _postgresql_prefix, " & ", " | "),
}


def with_prefix_tokens(tokens: str) -> list[str]:
    """Add a token for each short prefix, for PostgreSQL: SQLite keeps a prefix index by itself."""
    token_list = tokens.split()
    lengths = range(1, PREFIX_INDEX_LENGTH + 1)
    return [*token_list, *{f"^{token[:length]}" for token in token_list for length in lengths}]


class PrefixRecorder(dict):
    """Stands in for ``expansions`` while a condition is built, and records the requested prefixes.

    Short prefixes are left out, since the database has an index of them, and production codes, since few begin alike.
    """

    def get(self, token, default=None):
        """Record the token and return ``default``."""
        if len(token) > PREFIX_INDEX_LENGTH and token[0] != PRODUCTION_CODE_MARK:
            self[token] = None
        return default


def open_prefixes(kind: str, query: ParsedQuery) -> list[str]:
    """Return the prefixes in a query's conditions that are worth expanding (``index.expand_prefixes``)."""
    recorder = PrefixRecorder()
    match_any(DIALECTS["sqlite"].with_expansions(recorder), kind, query)
    return list(recorder)


def _token_condition(dialect, token, marks, is_prefix):
    write = dialect.prefix if is_prefix else dialect.term
    return dialect.any_of(write(mark + token) for mark in marks)


def match_word(dialect: Dialect, word: str, marks: Iterable[str], is_prefix: bool = True) -> str:
    """Match records with a word, or with a word that begins with it; O'Brien as one token or as both of its parts."""
    parts, conditions = split_word(word), []
    if len(parts) > 1 and not any(map(is_unspaced, parts)):
        conditions.append(_token_condition(dialect, fold_word(word), marks, is_prefix))
    tokens = [token for part in parts for token in (bigrams(part) if is_unspaced(part) else (part,))]
    all_parts = dialect.all_of(_token_condition(dialect, token, marks, is_prefix) for token in tokens)
    return dialect.any_of([*conditions, all_parts])


def match_all_words(dialect: Dialect, words: Iterable[str], marks: Iterable[str], is_prefix: bool = True) -> str:
    """Match records with all words."""
    return dialect.all_of(match_word(dialect, word, marks, is_prefix) for word in words)


def _match_name(dialect, kind, query, is_prefix):
    """Match records with a whole name or a production code that equals the query or begins with it.

    A symbol in the query separates words: a%n does not match Ann.
    """
    write = dialect.prefix if is_prefix else dialect.term
    marks = (NAME_MARK, PRODUCTION_CODE_MARK) if kind == "episode" else (NAME_MARK,)
    condition = dialect.any_of(write(mark + query.key) for mark in marks)
    if is_prefix and query.has_symbols:
        return dialect.all_of([condition, match_all_words(dialect, query.words, IN_NAMES)])
    return condition


def _match_episode_number(dialect, kind, query):
    """Match episodes by their code or number and the words of the series' title."""
    if kind != "episode" or not query.episode_number:
        return ""
    number = dialect.term(EPISODE_NUMBER_MARK + query.episode_number)
    return dialect.all_of([number, match_all_words(dialect, query.series_words, ANYWHERE)])


def ranked_conditions(dialect: Dialect, kind: str, query: ParsedQuery) -> list[tuple[Tier, str]]:
    """Return (tier, condition) for each way in which records of a kind can match, best first."""
    name_begins = _match_name(dialect, kind, query, is_prefix=True)
    whole_words = match_all_words(dialect, query.words, IN_NAMES, is_prefix=False)
    conditions = [
        (Tier.EXACT, _match_name(dialect, kind, query, is_prefix=False)),
        (Tier.PREFIX, whole_words and dialect.all_of([name_begins, whole_words])),
        (Tier.PREFIX, name_begins),
        (Tier.WORDS, whole_words),
        (Tier.WORDS, _match_episode_number(dialect, kind, query)),
        (Tier.WORDS, match_all_words(dialect, query.words, IN_NAMES)),
        (Tier.TEXT, match_all_words(dialect, query.words, ANYWHERE)),
    ]
    return [(tier, condition) for tier, condition in conditions if condition]


def match_any(dialect: Dialect, kind: str, query: ParsedQuery) -> str:
    """Match the records that any of the ranked conditions matches."""
    words = match_all_words(dialect, query.words, ANYWHERE)
    name = _match_name(dialect, kind, query, is_prefix=True)
    return dialect.any_of([name, words, _match_episode_number(dialect, kind, query)])
