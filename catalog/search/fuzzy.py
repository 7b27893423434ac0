"""What was meant by a text that nothing answers: the nearest names, or each word's nearest words."""

from dataclasses import dataclass
from itertools import chain

from rapidfuzz.distance import OSA

from catalog.search import name_cache
from catalog.search.conditions import ANYWHERE, NAMES
from catalog.search.index import Index, record_id_of
from catalog.search.tokenizer import (
    EPISODE_NUMBER_MARK,
    NAME_MARK,
    TEXT_MARK,
    ParsedQuery,
    fold_word,
    is_unspaced,
    parse_query,
    split_word,
    token_mark,
)

MOST_NAMES = 60  # near names that are looked up
MOST_NEAR = 12  # near words of a word
MOST_RECORDS = 80
MAX_SUGGESTED = 6  # names that are near
FAR = 3  # edits forgiven a long name, when nothing is nearer


@dataclass(frozen=True)
class Correction:
    """What was meant, by how many edits it differs, and the records near it: [(edits, kind, key)], nearest first."""

    edits: int
    query: ParsedQuery
    matches: tuple = ()

    @property
    def is_close(self):
        """Whether a whole name differs by one edit only: nearer than a text in the middle of another name."""
        return self.edits <= 1 and bool(self.matches)


def allowed_edits(text, shortest=4):
    """How many edits are forgiven: none of the shortest texts, one below six letters, then two."""
    return 0 if len(text) < shortest else 1 if len(text) < 6 else 2


def correct(wanted):
    """The nearer Reading of two, the whole text as a name or its words one by one; None when nothing is near.

    "soundtrak 3" is two edits from a series, and one from its third episode. Also None while the names of a large
    catalogue are being read.
    """
    held = name_cache.current()
    if not held or not wanted.words:
        return None
    whole = _whole(wanted, held)
    if whole is not None and (whole.edits <= 1 or not _numbered(wanted)):
        return whole
    single = _words(wanted, held)
    if single is not None and (whole is None or single.edits < whole.edits):
        return single
    return whole


def _readable(wanted):
    """The keys that the text may be meant for: a mistyped "the" before a title is left out as a right one is."""
    found = {wanted.key: 0}
    first, *others = map(fold_word, wanted.words)
    if others and first != "the" and OSA.distance(first, "the") <= 1:
        found["".join(others)] = 1
    if wanted.key.startswith("the"):
        found.setdefault(wanted.key[3:], 1)
    return found


def _near_names(wanted, held, most=None):
    """{kind: {whole name: edits}} of the names that are near."""
    found = {}
    for text, begun in _readable(wanted).items():
        for kind, lists in held.items():
            for each in lists:
                limit = (allowed_edits(text) if most is None else most) - begun
                for edits, other in each.keys.nearest(text, limit, MOST_NAMES):
                    near = found.setdefault(kind, {})
                    near[other] = min(edits + begun, near.get(other, FAR))
                if begun and each.keys.has(text):
                    found.setdefault(kind, {})[text] = begun
    return found


def _whole(wanted, held):
    """The text as a name; None when no record has one like it."""
    near = _near_names(wanted, held)
    if not near and len(wanted.key) >= 10:
        near = _near_names(wanted, held, FAR)
    found = []
    for kind, edits in near.items():
        index = Index(kind)
        some = sorted(edits, key=edits.get)[:MOST_NAMES]
        conditions = [
            (step, index.dialect.any_of(index.dialect.term(NAME_MARK + name) for name in some if edits[name] == step))
            for step in sorted(set(map(edits.get, some)))
        ]
        places, _ = index.first_matches(conditions, MOST_RECORDS)
        found += _by_name(kind, index.tokens_by_rank_key([place for _, place in places]), edits)
    if not found:
        return None
    found.sort()
    edits, _, place, kind = found[0]
    near = tuple((edits, kind, record_id_of(place)) for (edits, _), _, place, kind in found[:MAX_SUGGESTED])
    return Correction(edits[0], parse_query(Index(kind).label_of(record_id_of(place))), near)


def _by_name(kind, records, edits):
    """[((edits, whether by another name than the first), turn, place, kind)].

    The most credited record of each near name has the first turn.
    """
    turns, found = {}, []
    for place, tokens in records:
        held = [token[1:] for token in tokens.split() if token[0] == NAME_MARK]
        name = min((name for name in held if name in edits), key=edits.get)
        turns[name] = turns.get(name, -1) + 1
        found.append(((edits[name], name != held[0]), turns[name], place, kind))
    return found


def _numbered(wanted):
    """Whether it may name an episode by a code or number."""
    return bool(wanted.code) or wanted.number is not None


def _words(wanted, held):
    """The text with its words corrected, when a record has all of them; None when no record has."""
    numbered = _numbered(wanted)
    texts = wanted.beside if numbered else wanted.words
    choices = [_near_words(text, held, 3 if len(wanted.words) > 1 else 4) for text in texts]
    if not choices or not all(choices):
        return None
    found = []
    for kind in ("episode",) if numbered else tuple(held):
        index = Index(kind)
        write = index.dialect.term
        each = [
            index.dialect.any_of(
                # A corrected word is looked for in names only: prose has too many that are like it.
                write(mark + word)
                for word, edits in choice.items()
                for mark in (NAMES if edits and not numbered else ANYWHERE)
            )
            for choice in choices
        ]
        if numbered:
            each.append(write(f"{EPISODE_NUMBER_MARK}{wanted.code or wanted.number}"))
        places, _ = index.first_matches([(0, index.dialect.all_of(each))], MOST_RECORDS)
        for place, tokens in index.tokens_by_rank_key([place for _, place in places]):
            has = {token.removeprefix(TEXT_MARK) for token in tokens.split() if token_mark(token) in ANYWHERE}
            best = [min((choice[word], word) for word in choice if word in has) for choice in choices]
            found.append((sum(edits for edits, _ in best), place, [word for _, word in best]))
    edits, _, words = min(found, default=(0, 0, []))
    if not edits:
        return None
    number = wanted.code or ("" if wanted.number is None else str(wanted.number))
    return Correction(edits, parse_query(" ".join(filter(None, [*words, number]))))


def _near_words(text, held, shortest):
    """{word: edits} of the words near one that was typed, itself among them when there is such a one."""
    word, found = fold_word(text), {}
    for lists in held.values():
        for each in lists:
            if each.words.has(word):
                found[word] = 0
            for edits, other in each.words.nearest(word, allowed_edits(word, shortest), MOST_NEAR):
                found[other] = min(edits, found.get(other, FAR))
    return dict(sorted(found.items(), key=lambda each: each[1])[: 2 * MOST_NEAR])


def rank_keys_containing(kind, wanted, limit):
    """The places of records whose names hold all words somewhere inside; none for signs, or while names are read."""
    texts = []
    for word in wanted.words:
        texts += split_word(word) if any(map(is_unspaced, split_word(word))) else [fold_word(word)]
    if wanted.has_signs or not any(len(text) > 1 for text in texts):
        return []
    found = chain.from_iterable(each.keys.containing(texts, limit) for each in name_cache.current().get(kind, ()))
    index = Index(kind)
    condition = index.dialect.any_of(index.dialect.term(NAME_MARK + text) for text in found)
    return [place for _, place in index.first_matches([(0, condition)], limit)[0]] if condition else []
