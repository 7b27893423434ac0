"""Highlight the words of a query in results, and find the name or text that matched if the result does not show it."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.models import Alias, AlternativeTitle, Credit, FeaturedCharacter
from catalog.search.tokenizer import fold_word, is_joiner, is_unspaced, is_word_character, split_word, tokenize

CONTEXT_CHARS = 60  # of a text, shown before a matching word; twice as many after it


@dataclass(frozen=True)
class MatchReason:
    """A name or text that matched but is not part of the result: ``also known as``, Josh Safran."""

    label: str
    text: str


def query_tokens(words: Iterable[str]) -> list[str]:
    """Return the tokens to highlight, longest first: each word as a whole and its parts."""
    tokens = {token for word in words for token in (fold_word(word), *split_word(word))}
    return sorted(filter(None, tokens), key=len, reverse=True)


def highlight(text: str, words: Iterable[str]) -> list[tuple[str, bool]]:
    """Split a text into [(piece, whether it matches one of the words)]."""
    pieces: list[tuple[str, bool]] = []
    tokens, start = query_tokens(words), 0
    while start < len(text):
        match_end = _match_end(text, start, tokens) if _begins_word(text, start) else start
        is_match = match_end > start
        end = max(match_end, start + 1)
        if pieces and not is_match and not pieces[-1][1]:
            pieces[-1] = pieces[-1][0] + text[start:end], False
        else:
            pieces.append((text[start:end], is_match))
        start = end
    return pieces


def _begins_word(text, start):
    """Whether a word begins here, or a part of a word that can be searched for by itself."""
    return is_word_character(text[start]) and (
        start == 0 or not is_word_character(text[start - 1]) or is_joiner(text[start - 1]) or is_unspaced(text[start])
    )


def _match_end(text, start, tokens):
    """Return where the longest token that begins at ``start`` ends; ``start`` if none does."""
    for token in tokens:
        if is_unspaced(token):
            if text.startswith(token, start):
                return start + len(token)
            continue
        folded, end = "", start
        while end < len(text) and len(folded) < len(token) and is_word_character(text[end]):
            end += 1
            folded = fold_word.__wrapped__(text[start:end])  # prefixes of words would only fill the cache
        if folded.startswith(token):
            return end
    return start


def matching_words(text: str, words: Iterable[str]) -> set[str]:
    """Return those of ``words`` that begin a word of the text."""
    tokens = tokenize(text)

    def begins_token(prefix):
        return any(token.startswith(prefix) for token in tokens)

    return {word for word in words if all(map(begins_token, split_word(word))) or begins_token(fold_word(word))}


def snippet(text: str, words: Iterable[str]) -> str:
    """Cut a long text to the part around the first of the words."""
    position = 0
    for piece, is_match in highlight(text, words):
        if is_match:
            break
        position += len(piece)
    start, end = max(0, position - CONTEXT_CHARS), min(len(text), position + 2 * CONTEXT_CHARS)
    start = text.rfind(" ", 0, start) + 1 if start else 0
    end = text.find(" ", end) if end < len(text) else end
    cut = text[start : end if end >= 0 else len(text)]
    return ("… " if start else "") + re.sub(r"\s+", " ", cut) + (" …" if 0 <= end < len(text) else "")


def match_reasons(kind: str, records: Sequence[Any], words: Collection[str]) -> dict[int, MatchReason]:
    """Return {primary key: MatchReason} of the records whose shown names lack some of ``words``.

    The reason is the name or text with most of the words that the shown names lack.
    """
    unexplained = {}
    for record in records:
        words_left = set(words) - matching_words(SHOWN_NAME_OF[kind](record), words)
        if words_left:
            unexplained[record.pk] = record, words_left
    if not unexplained:
        return {}
    best: dict[int, tuple[int, MatchReason]] = {}
    for pk, label, text in OTHER_TEXTS_OF[kind]({pk: record for pk, (record, _) in unexplained.items()}):
        _, words_left = unexplained[pk]
        total = len(matching_words(text, words_left))
        if total > best.get(pk, (0, None))[0]:
            shown_text = snippet(text, words_left) if len(text) > 2 * CONTEXT_CHARS else text
            best[pk] = total, MatchReason(label, shown_text)
    return {pk: reason for pk, (_, reason) in best.items()}


# Each function takes {primary key: record} and yields (primary key, label, text) for what results do not show.


def _series_texts(records):
    for title in AlternativeTitle.objects.filter(series__in=records):
        yield title.series_id, title.get_kind_display().lower(), title.title
    for pk, series in records.items():
        yield pk, "premise", series.premise


def _episode_texts(records):
    for title in AlternativeTitle.objects.filter(episode__in=records):
        yield title.episode_id, title.get_kind_display().lower(), title.title
    for pk, episode in records.items():
        yield pk, "synopsis", episode.synopsis
    series_ids = {episode.season.series_id for episode in records.values()}
    titles = list(AlternativeTitle.objects.filter(series__in=series_ids))
    for pk, episode in records.items():
        for title in titles:
            if title.series_id == episode.season.series_id:
                yield pk, f"{title.get_kind_display().lower()} of the series", title.title


def _person_texts(records):
    for pk, name in Alias.objects.filter(person__in=records).values_list("person", "name"):
        yield pk, "also known as", name
    credits = Credit.objects.visible().filter(person__in=records).order_by()
    for pk, name in credits.exclude(credited_as="").values_list("person", "credited_as").distinct():
        yield pk, "credited as", name
    played = credits.filter(character__isnull=False)
    for pk, name, full_name in played.values_list("person", "character__name", "character__full_name").distinct():
        yield pk, "plays", full_name or name
    aliases = played.filter(character__aliases__isnull=False)
    for pk, name in aliases.values_list("person", "character__aliases__name").distinct():
        yield pk, "plays", name


def _character_texts(records):
    for pk, character in records.items():
        yield pk, "called", character.name
    for pk, name in Alias.objects.filter(character__in=records).values_list("character", "name"):
        yield pk, "also known as", name
    features = FeaturedCharacter.objects.visible().filter(character__in=records)
    for pk, name in features.values_list("character", "named_as"):
        yield pk, "named", name


def _company_texts(records):
    for alias in Alias.objects.filter(company__in=records):
        yield alias.company_id, "formerly" if alias.until else "also known as", alias.name


SHOWN_NAME_OF: dict[str, Callable[[Any], str]] = {
    "series": lambda series: series.title,
    "episode": lambda episode: " ".join(
        [episode.name, episode.series.title, episode.code, episode.number_range, episode.production_code]
    ),
    "person": lambda person: person.name,
    "character": lambda character: f"{character} {character.series.title}",
    "company": lambda company: company.name,
    "song": lambda song: f"{song} {song.note}",
    "source": lambda source: f"{source} {source.author}",
}
OTHER_TEXTS_OF: dict[str, Callable[[dict[int, Any]], Iterator[tuple[int, str, str]]]] = {
    "series": _series_texts,
    "episode": _episode_texts,
    "person": _person_texts,
    "character": _character_texts,
    "company": _company_texts,
    "song": lambda records: iter(()),
    "source": lambda records: iter(()),
}
