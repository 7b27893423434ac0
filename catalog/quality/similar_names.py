"""Find people whose names are so similar that they may be one person."""

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from catalog.models import Alias, Person
from catalog.models.time_limit import check_time
from catalog.text import fold

WORDS = re.compile(r"[a-z0-9]+")
APOSTROPHES = re.compile("['`’]")
# Spellings that vary between transcriptions of one name: Tarkovsky, Tarkowskij, Tarkovskiy.
TRANSCRIPTIONS = (
    *(("tch", "ch"), ("tsch", "ch"), ("sch", "sh"), ("kh", "h"), ("ph", "f"), ("ck", "k"), ("ts", "c"), ("tz", "c")),
    *(("x", "ks"), ("w", "v"), ("y", "i"), ("j", "i")),
)
DOUBLE_LETTER = re.compile(r"([a-z])\1+")


def phonetic_key(word: str) -> str:
    """Return the form that all transcriptions of a folded word share."""
    for spelling, common in TRANSCRIPTIONS:
        word = word.replace(spelling, common)
    return DOUBLE_LETTER.sub(r"\1", word)


def name_words(name: str) -> list[str]:
    """Split a name into folded words."""
    folded = name.casefold() if name.isascii() else fold(name)  # most names are ASCII: a fifth of the time
    return WORDS.findall(APOSTROPHES.sub("", folded))


class ComparisonKeys(NamedTuple):
    """What a name is compared by; all empty if the name has no letters or digits.

    Names with a common ``full_name_keys`` are similar. Names with the same ``family`` (last name and initials) are
    similar if their given names match, too. A name of one word has no ``family``.
    """

    full_name_keys: tuple[str, ...]
    family: tuple[str, str] | None
    given_names: tuple[str, ...]


@lru_cache(maxsize=32_768)  # when one person is added, the names of 20,000 others need no new keys
def comparison_keys(name: str) -> ComparisonKeys:
    """Return the ComparisonKeys of a name."""
    words = name_words(name)
    phonetic = [phonetic_key(word) for word in words]
    # Joined for names that are sometimes written without a space or hyphen.
    full_name_keys = {" ".join(sorted(phonetic)), "".join(phonetic)} - {""}
    if len(words) < 2:
        return ComparisonKeys(tuple(full_name_keys), None, ())
    family = phonetic[-1], "".join(word[0] for word in words[:-1])
    return ComparisonKeys(tuple(full_name_keys), family, tuple(words[:-1]))


def given_names_match(first: str, second: str) -> bool:
    """Whether two given names are equal, or one is the initial of the other."""
    return first == second or (1 in (len(first), len(second)) and first[0] == second[0])


def similar(names: Sequence[tuple[int, str]]) -> set[int]:
    """Return the ids, of (id, name) pairs, whose name is similar to a name of another id.

    It takes 0.25 s for 20,000 names, and ends at the time limit of the caller.
    """
    first_ids: dict[str, int] = {}
    similar_ids: set[int] = set()
    abbreviated = defaultdict(set)  # {family: {(given names, id)}}
    for pk, name in names:
        check_time()
        keys = comparison_keys(name)
        for key in keys.full_name_keys:
            first_id = first_ids.setdefault(key, pk)
            if first_id != pk:
                similar_ids |= {pk, first_id}
        if any(len(word) == 1 for word in keys.given_names):
            abbreviated[keys.family].add((keys.given_names, pk))
    for pk, name in names if abbreviated else ():
        check_time()
        keys = comparison_keys(name)
        for initials, other_pk in abbreviated.get(keys.family, ()):
            if pk != other_pk and all(map(given_names_match, keys.given_names, initials)):
                similar_ids |= {pk, other_pk}
    return similar_ids


def people_with_similar_names() -> list[int]:
    """Return the sorted primary keys of people with a name or alias similar to that of another person.

    Similar are names of the same words in any order ("Safran, Joshua"), in any script, transcription and accents, and
    names of which one has an initial where the other has the word ("J. Safran").
    """
    names = list(Person.objects.order_by().values_list("pk", "name"))
    names += Alias.objects.filter(person__isnull=False).order_by().values_list("person", "name")
    return sorted(similar(names))
