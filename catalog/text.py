"""Text normalisation for comparing and searching."""

from collections.abc import Iterable

from anyascii import anyascii

MAX_WORDS = 8  # of a search text: each word is a subquery; PostgreSQL needed minutes and 4 GB to plan 100 of them
NAME_SUFFIXES = {"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"}  # they belong to the family name before them


def fold(text: str) -> str:
    """``text`` transliterated to Latin letters without accents, in lower case."""
    return anyascii(text).casefold()


def first_words(words: Iterable[str]) -> list[str]:
    """The first MAX_WORDS distinct words."""
    return list(dict.fromkeys(words))[:MAX_WORDS]
