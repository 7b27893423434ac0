"""Correct typing errors: find the nearest indexed names, or the nearest words, of a query without results."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from rapidfuzz.distance import OSA

from catalog.search import name_cache
from catalog.search.conditions import ANYWHERE, IN_NAMES
from catalog.search.index import Index, record_id_of
from catalog.search.tokenizer import (
    EPISODE_NUMBER_MARK,
    NAME_MARK,
    TEXT_MARK,
    ParsedQuery,
    fold_word,
    is_unspaced,
    name_key,
    parse_query,
    split_word,
    token_mark,
)

MAX_NEAR_NAMES = 60  # per kind
MAX_NEAR_WORDS = 12  # per word of the query and kind
MAX_RECORDS = 80  # looked up per kind
MAX_SUGGESTED = 6  # records listed with a correction
MAX_EDITS = 3  # allowed in a long name, if nothing is nearer
LONG_NAME_LENGTH = 10  # characters


class NearRecord(NamedTuple):
    """A record with a name near the query."""

    edits: int
    kind: str
    pk: int


@dataclass(frozen=True)
class Correction:
    """The query that was probably meant, how many edits it is away, and the records with near names, nearest first."""

    edits: int
    query: ParsedQuery
    matches: tuple[NearRecord, ...] = ()

    @property
    def is_close(self) -> bool:
        """Whether a whole name is at most one edit away: then it is preferred to matches inside other words."""
        return self.edits <= 1 and bool(self.matches)


def allowed_edits(text: str, shortest: int = 4) -> int:
    """Return how many edits to allow: none below ``shortest`` characters, one below six, then two."""
    return 0 if len(text) < shortest else 1 if len(text) < 6 else 2


def correct(query: ParsedQuery) -> Correction | None:
    """Correct the query as a whole name or word by word, whichever takes fewer edits; None if nothing is near.

    "soundtrak 3" is two edits away from a series, but one from its third episode. Also None while the names of a large
    catalogue are being loaded.
    """
    names = name_cache.current()
    if not names or not query.words:
        return None
    by_name = _correct_name(query, names)
    if by_name is not None and (by_name.edits <= 1 or not query.episode_number):
        return by_name
    by_words = _correct_words(query, names)
    if by_words is not None and (by_name is None or by_words.edits < by_name.edits):
        return by_words
    return by_name


def _candidate_keys(query):
    """Return {name key: edits} to look for: "the" at the start is left out, also if mistyped."""
    keys = {query.key: 0}
    first, *remaining = map(fold_word, query.words)
    if remaining and first != "the" and OSA.distance(first, "the") <= 1:
        keys["".join(remaining)] = 1
    if query.key.startswith("the"):
        keys.setdefault(query.key[3:], 1)
    return keys


def _near_names(query, names, max_edits=None):
    """Return {kind: {name key: edits}} of the near names; without ``max_edits`` the limit depends on the length."""
    near_names: dict[str, dict[str, int]] = {}
    for key, key_edits in _candidate_keys(query).items():
        limit = (allowed_edits(key) if max_edits is None else max_edits) - key_edits
        for kind, segments in names.items():
            for segment in segments:
                for edits, name in segment.keys.nearest(key, limit, MAX_NEAR_NAMES):
                    edits_by_name = near_names.setdefault(kind, {})
                    edits_by_name[name] = min(edits + key_edits, edits_by_name.get(name, MAX_EDITS))
                if key_edits and segment.keys.has(key):
                    near_names.setdefault(kind, {})[key] = key_edits
    return near_names


def _correct_name(query, names):
    """Correct the query as a whole name; None if no record has one like it."""
    near_names = _near_names(query, names)
    if not near_names and len(query.key) >= LONG_NAME_LENGTH:
        near_names = _near_names(query, names, MAX_EDITS)
    matches = []
    for kind, edits_by_name in near_names.items():
        index = Index(kind)
        keys = sorted(edits_by_name, key=edits_by_name.get)[:MAX_NEAR_NAMES]
        conditions = [
            (
                edits,
                index.dialect.any_of(
                    index.dialect.term(NAME_MARK + key) for key in keys if edits_by_name[key] == edits
                ),
            )
            for edits in sorted({edits_by_name[key] for key in keys})
        ]
        rank_keys = [rank_key for _, rank_key in index.first_matches(conditions, MAX_RECORDS)[0]]
        matches += _rank_by_edits(kind, index.tokens_by_rank_key(rank_keys), edits_by_name)
    if not matches:
        return None
    matches.sort()
    near_records = tuple(NearRecord(edits, kind, record_id_of(rank_key)) for (edits, _), _, rank_key, kind in matches)
    nearest = near_records[0]
    labels = Index(nearest.kind).labels_of(nearest.pk)
    label = min(labels, key=lambda label: OSA.distance(name_key(label), query.key))
    return Correction(nearest.edits, parse_query(label), near_records[:MAX_SUGGESTED])


def _rank_by_edits(kind, rows, edits_by_name):
    """Return sortable [((edits, whether by another than the first name), round, rank key, kind)].

    ``rows`` are (rank key, tokens), best rank first. The most credited record of each name is in round 0, the next one
    in round 1: so each near name is represented before one name has a second record.
    """
    rounds: dict[str, int] = {}
    matches = []
    for rank_key, tokens in rows:
        keys = [token[1:] for token in tokens.split() if token[0] == NAME_MARK]
        key = min((key for key in keys if key in edits_by_name), key=edits_by_name.get)
        rounds[key] = rounds.get(key, -1) + 1
        matches.append(((edits_by_name[key], key != keys[0]), rounds[key], rank_key, kind))
    return matches


def _correct_words(query, names):
    """Correct each word of the query; None if no record has all of the words."""
    words = query.series_words if query.episode_number else query.words
    choices = [_near_words(word, names, 3 if len(query.words) > 1 else 4) for word in words]
    if not choices or not all(choices):
        return None
    matches = []
    for kind in ("episode",) if query.episode_number else tuple(names):
        index = Index(kind)
        condition = _condition_of_choices(index.dialect, choices, query.episode_number)
        rank_keys = [rank_key for _, rank_key in index.first_matches([(0, condition)], MAX_RECORDS)[0]]
        for rank_key, tokens in index.tokens_by_rank_key(rank_keys):
            record_words = {token.removeprefix(TEXT_MARK) for token in tokens.split() if token_mark(token) in ANYWHERE}
            best = [min((edits, word) for word, edits in choice.items() if word in record_words) for choice in choices]
            matches.append((sum(edits for edits, _ in best), rank_key, [word for _, word in best]))
    edits, _, corrected = min(matches, default=(0, 0, []))
    if not edits:
        return None
    return Correction(edits, parse_query(" ".join(filter(None, [*corrected, query.episode_number]))))


def _condition_of_choices(dialect, choices, episode_number):
    """Match records with one word of each choice and, if given, the episode number."""
    conditions = [
        dialect.any_of(
            # A corrected word is looked for in names only: other texts have too many words like it.
            dialect.term(mark + word)
            for word, edits in choice.items()
            for mark in (IN_NAMES if edits and not episode_number else ANYWHERE)
        )
        for choice in choices
    ]
    if episode_number:
        conditions.append(dialect.term(EPISODE_NUMBER_MARK + episode_number))
    return dialect.all_of(conditions)


def _near_words(text, names, shortest):
    """Return {word: edits} of the words of names that are near; the word itself is one if a name has it."""
    word, edits_by_word = fold_word(text), {}
    for segment in chain.from_iterable(names.values()):
        if segment.words.has(word):
            edits_by_word[word] = 0
        for edits, near_word in segment.words.nearest(word, allowed_edits(word, shortest), MAX_NEAR_WORDS):
            edits_by_word[near_word] = min(edits, edits_by_word.get(near_word, MAX_EDITS))
    return dict(sorted(edits_by_word.items(), key=lambda item: item[1])[: 2 * MAX_NEAR_WORDS])


def rank_keys_containing(kind: str, query: ParsedQuery, limit: int) -> list[int]:
    """Return the rank keys of records with a name that contains all words, also inside other words.

    None for a query with symbols or with single characters only, and while the names are being loaded.
    """
    texts: list[str] = []
    for word in query.words:
        parts = split_word(word)
        texts += parts if any(map(is_unspaced, parts)) else [fold_word(word)]
    if query.has_symbols or not any(len(text) > 1 for text in texts):
        return []
    segments: Iterable[name_cache.NameSegment] = name_cache.current().get(kind, ())
    index = Index(kind)
    keys = chain.from_iterable(segment.keys.containing(texts, limit) for segment in segments)
    condition = index.dialect.any_of(index.dialect.term(NAME_MARK + key) for key in keys)
    return [rank_key for _, rank_key in index.first_matches([(0, condition)], limit)[0]] if condition else []
