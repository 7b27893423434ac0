"""Find people whose name is nearly one of many: the same words in another order, an initial, a typing error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db.models import Q

from catalog.editing.person_matching import MAX_SUGGESTED_PEOPLE
from catalog.models import Person
from catalog.models.sort_key import sort_key_of
from catalog.quality.similar_names import given_names_match, name_words
from catalog.search import name_cache
from catalog.search.names import ids_by_name_key
from catalog.search.tokenizer import name_key

SHORTEST_MISTYPED = 8  # letters of a name that may be another one mistyped; databases have few typing errors
MAX_EDITS = 1
MAX_ROTATED_WORDS = 4
RANGES_PER_QUERY = 100


def similar_people_by_name(names: Mapping[str, str]) -> dict[str, list[int]]:
    """Primary keys of people with a name similar to each of ``names``, by the key of the name.

    The number of queries does not depend on the number of similar people, and hardly on that of the names.
    """
    similar: dict[str, dict[int, None]] = {key: {} for key in names}
    segments = name_cache.current().get("person", [])
    near_keys = {key: list(_near_keys(name, segments)) for key, name in names.items()}
    people_by_key = ids_by_name_key("person", {near for keys in near_keys.values() for near in keys})
    for key, keys in near_keys.items():
        similar[key] |= dict.fromkeys(pk for near in keys for pk in people_by_key.get(near, ()))
    words_by_prefix: dict[str, list[tuple[str, Sequence[str]]]] = {}
    for key, name in names.items():
        words = name_words(name)
        if len(words) > 1:
            words_by_prefix.setdefault(f"{sort_key_of(words[-1])}  {words[0][0]}", []).append((key, words))
    for pk, name in _people_with_sort_keys(list(words_by_prefix)):
        words = name_words(name)
        prefix = f"{words[-1]}  {words[0][0]}" if words else ""
        for key, other_words in words_by_prefix.get(prefix, ()):
            if may_be_one_name(other_words, words):
                similar[key][pk] = None
    return {key: list(people)[:MAX_SUGGESTED_PEOPLE] for key, people in similar.items() if people}


def may_be_one_name(words: Sequence[str], other_words: Sequence[str]) -> bool:
    """True if two names of one family name differ by initials or by given names that one of them lacks.

    The first given names are equal or one is an initial, and so are the further ones as far as both have them.
    """
    given_names = zip(words[:-1], other_words[:-1], strict=False)
    return words[-1:] == other_words[-1:] and all(given_names_match(*pair) for pair in given_names)


def _near_keys(name: str, segments: Iterable[name_cache.NameSegment]) -> Iterator[str]:
    """Keys of names with the same words in another order, and of recorded names that differ by one letter."""
    words, own_key = name.split(), name_key(name)
    for start in range(1, len(words)) if len(words) <= MAX_ROTATED_WORDS else ():
        yield name_key(" ".join(words[start:] + words[:start]))
    if len(own_key) >= SHORTEST_MISTYPED and own_key.isascii():
        for segment in segments:
            yield from (near for _, near in segment.keys.nearest(own_key, MAX_EDITS, MAX_SUGGESTED_PEOPLE))


def _people_with_sort_keys(prefixes: Sequence[str]) -> Iterable[tuple[int, str]]:
    """(primary key, name) of people whose sort key begins with one of ``prefixes``."""
    for start in range(0, len(prefixes), RANGES_PER_QUERY):
        condition = Q(pk__in=[])
        for prefix in prefixes[start : start + RANGES_PER_QUERY]:
            condition |= Q(sort_key__gte=prefix, sort_key__lt=prefix[:-1] + chr(ord(prefix[-1]) + 1))
        yield from Person.objects.filter(condition).order_by("pk").values_list("pk", "name")
