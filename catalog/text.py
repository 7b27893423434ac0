"""How texts are compared: whatever the script, case and accents they are written in."""

from anyascii import anyascii

MAX_WORDS = 8  # of a text that is searched for: each is a subquery, and 100 took PostgreSQL minutes and 4 GB to plan
NAME_SUFFIXES = {"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"}  # they belong to the family name before them


def fold(text):
    """A text as it is searched: in small letters of the Latin alphabet, without accents."""
    return anyascii(text).casefold()


def first_words(words):
    """The first MAX_WORDS of ``words``, without repeats."""
    return list(dict.fromkeys(words))[:MAX_WORDS]
