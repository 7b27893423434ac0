"""People whose names are so alike that they may be one person."""

import re
from collections import defaultdict
from functools import lru_cache

from catalog.models import Alias, Person
from catalog.text import fold

WORDS = re.compile(r"[a-z0-9]+")
APOSTROPHES = re.compile("['`’]")
# Letters that languages write differently when they transcribe the same name: Tarkovsky, Tarkowskij, Tarkovskiy.
SPELLINGS = (
    *(("tch", "ch"), ("tsch", "ch"), ("sch", "sh"), ("kh", "h"), ("ph", "f"), ("ck", "k"), ("ts", "c"), ("tz", "c")),
    *(("x", "ks"), ("w", "v"), ("y", "i"), ("j", "i")),
)
DOUBLED = re.compile(r"([a-z])\1+")


def phonetic_key(word):
    """A folded word as all transcriptions of it would be spelt: a rough key, never shown."""
    for found, written in SPELLINGS:
        word = word.replace(found, written)
    return DOUBLED.sub(r"\1", word)


def name_words(name):
    """The words of a name, as they are compared."""
    folded = name.casefold() if name.isascii() else fold(name)  # most names are: a fifth of the time
    return WORDS.findall(APOSTROPHES.sub("", folded))


@lru_cache(maxsize=32_768)  # after one more person, the names of 20,000 others are as they were
def comparison_keys(name):
    """What names that are alike have in common: the keys of a whole name; its family, and its given names if shortened.

    A family is those with one family name and the same initials. All empty when nothing can be compared.
    """
    words = name_words(name)
    spelling = [phonetic_key(word) for word in words]
    # Joined: names that are written without spaces, or with a hyphen.
    whole = {" ".join(sorted(spelling)), "".join(spelling)} - {""}
    if len(words) < 2:
        return tuple(whole), None, ()
    family = spelling[-1], "".join(word[0] for word in words[:-1])
    return tuple(whole), family, tuple(words[:-1])


def given_names_match(one, other):
    """Whether a given name can be the other: the same, or one of them its initial."""
    return one == other or (1 in (len(one), len(other)) and one[0] == other[0])


def similar(names):
    """The keys of people, of (key, name) pairs, who have a name like somebody else's."""
    first, found, shortened = {}, set(), defaultdict(set)
    for key, name in names:
        whole, family, given = comparison_keys(name)
        for word in whole:
            other = first.setdefault(word, key)
            if other != key:
                found |= {key, other}
        if any(len(word) == 1 for word in given):
            shortened[family].add((given, key))
    for key, name in names if shortened else ():
        _, family, given = comparison_keys(name)
        for short, other in shortened.get(family, ()):
            if key != other and all(map(given_names_match, given, short)):
                found |= {key, other}
    return found


def similar_people():
    """The primary keys, in order, of people with a name, their own or another, that is like somebody else's.

    Alike are names of the same words in any order (“Safran, Joshua”), in any script, spelling of it and accents, and
    names of which one has an initial where the other has the word (“J. Safran”).
    """
    names = list(Person.objects.order_by().values_list("pk", "name"))
    names += Alias.objects.filter(person__isnull=False).order_by().values_list("person", "name")
    return sorted(similar(names))
