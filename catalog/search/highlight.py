"""Why a record was found: where in its names and texts the words stand, and which other name or text has them."""

import re
from dataclasses import dataclass

from catalog.models import Alias, AlternativeTitle, Credit, FeaturedCharacter
from catalog.search.tokenizer import fold_word, is_joiner, is_unspaced, is_word_character, split_word, tokenize

CONTEXT_CHARS = 60  # characters of a text shown on either side of a word


@dataclass(frozen=True)
class MatchReason:
    """What a record was found by, besides what the result shows of it anyway: ``also known as``, Josh Safran."""

    label: str
    text: str


def query_tokens(words):
    """What to look for in a text, the longest first: each word as one token and as its parts."""
    found = {fold_word(word) for word in words} | {part for word in words for part in split_word(word)}
    return sorted(filter(None, found), key=len, reverse=True)


def highlight(text, words):
    """The text in pieces: [(piece, whether it is what was looked for)]."""
    wanted, pieces, place = query_tokens(words), [], 0
    while place < len(text):
        end = _hit(text, place, wanted) if _begins(text, place) else place
        hit = end > place
        end = max(end, place + 1)
        if pieces and pieces[-1][1] == hit and not hit:
            pieces[-1] = pieces[-1][0] + text[place:end], hit
        else:
            pieces.append((text[place:end], hit))
        place = end
    return pieces


def _begins(text, place):
    """Whether a word, or a part that may be looked for by itself, begins here."""
    return is_word_character(text[place]) and (
        place == 0 or not is_word_character(text[place - 1]) or is_joiner(text[place - 1]) or is_unspaced(text[place])
    )


def _hit(text, start, wanted):
    """Where the longest of ``wanted`` that stands at ``start`` ends; ``start`` when none does."""
    for token in wanted:
        if is_unspaced(token):
            if text.startswith(token, start):
                return start + len(token)
            continue
        read, place = "", start
        while place < len(text) and len(read) < len(token) and is_word_character(text[place]):
            place += 1
            read = fold_word.__wrapped__(text[start:place])
        if read.startswith(token):
            return place
    return start


def matching_words(text, words):
    """Which of ``words`` begin a word of the text."""
    held = tokenize(text)
    return {
        word
        for word in words
        if all(any(token.startswith(part) for token in held) for part in split_word(word))
        or any(token.startswith(fold_word(word)) for token in held)
    }


def snippet(text, words):
    """The part of a long text around the first of the words."""
    place, before = 0, ""
    for piece, hit in highlight(text, words):
        if hit:
            break
        before += piece
    place = len(before)
    start, end = max(0, place - CONTEXT_CHARS), min(len(text), place + 2 * CONTEXT_CHARS)
    start = text.rfind(" ", 0, start) + 1 if start else 0
    end = text.find(" ", end) if end < len(text) else end
    cut = text[start : end if end >= 0 else len(text)]
    return ("… " if start else "") + re.sub(r"\s+", " ", cut) + (" …" if 0 <= end < len(text) else "")


def match_reasons(kind, records, words):
    """{key: Reason} of those records in whose shown names some of ``words`` do not stand."""
    missing = {}
    for record in records:
        lacking = set(words) - matching_words(SHOWN_NAME_OF[kind](record), words)
        if lacking:
            missing[record.pk] = record, lacking
    if not missing:
        return {}
    found = {}
    for pk, label, text in OTHER_TEXTS_OF[kind](missing):
        _, lacking = missing[pk]
        best, most = found.get(pk, (None, 0))
        held = len(matching_words(text, lacking))
        if held > most:
            shown = snippet(text, lacking) if len(text) > 2 * CONTEXT_CHARS else text
            found[pk] = MatchReason(label, shown), held
    return {pk: reason for pk, (reason, _) in found.items()}


def _of_series(missing):
    for title in AlternativeTitle.objects.filter(series__in=missing):
        yield title.series_id, title.get_kind_display().lower(), title.title
    for pk, (record, _) in missing.items():
        yield pk, "premise", record.premise


def _of_episodes(missing):
    for title in AlternativeTitle.objects.filter(episode__in=missing):
        yield title.episode_id, title.get_kind_display().lower(), title.title
    for pk, (record, _) in missing.items():
        yield pk, "synopsis", record.synopsis
    series = {record.season.series_id for record, _ in missing.values()}
    titles = list(AlternativeTitle.objects.filter(series__in=series))
    for pk, (record, _) in missing.items():
        for title in titles:
            if title.series_id == record.season.series_id:
                yield pk, f"{title.get_kind_display().lower()} of the series", title.title


def _of_people(missing):
    yield from (
        (pk, "also known as", name)
        for pk, name in Alias.objects.filter(person__in=missing).values_list("person", "name")
    )
    credits = Credit.objects.filter(person__in=missing).order_by()
    for pk, name in credits.exclude(credited_as="").values_list("person", "credited_as").distinct():
        yield pk, "credited as", name
    played = credits.filter(character__isnull=False)
    for pk, name, full in played.values_list("person", "character__name", "character__full_name").distinct():
        yield pk, "plays", full or name
    aliases = played.filter(character__aliases__isnull=False)
    for pk, name in aliases.values_list("person", "character__aliases__name").distinct():
        yield pk, "plays", name


def _of_characters(missing):
    for pk, (record, _) in missing.items():
        yield pk, "called", record.name
    for pk, name in Alias.objects.filter(character__in=missing).values_list("character", "name"):
        yield pk, "also known as", name
    for pk, name in FeaturedCharacter.objects.filter(character__in=missing).values_list("character", "named_as"):
        yield pk, "named", name


SHOWN_NAME_OF = {
    "series": lambda record: record.title,
    "episode": lambda record: " ".join(
        [record.name, record.series.title, record.code, str(record.number), record.production_code]
    ),
    "person": lambda record: record.name,
    "character": lambda record: f"{record} {record.series.title}",
    "company": lambda record: record.name,
}
OTHER_TEXTS_OF = {
    "series": _of_series,
    "episode": _of_episodes,
    "person": _of_people,
    "character": _of_characters,
    "company": lambda missing: (),
}
