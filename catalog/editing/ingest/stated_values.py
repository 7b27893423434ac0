"""Compare stated values: keys that are equal for values that state the same."""

import re

from catalog.partial_date import PartialDate
from catalog.search.tokenizer import name_key
from catalog.sources.claims import FieldValue
from catalog.text import has_other_script

# “(Part 2)”, “, Part Two”, “: Pt. II” and “(2)” at the end of a title, also with the number of all parts behind it.
WORDS = ("one", "two", "three", "four", "five", "six")
NUMERALS = ("i", "ii", "iii", "iv", "v", "vi")
PART_NUMBERS = {word: str(number) for words in (WORDS, NUMERALS) for number, word in enumerate(words, 1)}
PART = re.compile(
    rf"(?<=\w)[\s,:;.!?–-]*(?:\(?\b(?:part|pt\.?)\s+(\d{{1,2}}|{'|'.join(PART_NUMBERS)})\b(?:\s+of\s+\w+)?\)?|\((\d{{1,2}})\))$",
    re.IGNORECASE,
)


def alike(text: str) -> str:
    """The form in which titles and names are compared: without case, marks and accents.

    Text in another script stays in that script: a title is not the same as its transliteration.
    """
    if not has_other_script(text):
        return name_key(text)
    return "".join(filter(str.isalnum, text.casefold())) or name_key(text)


def title_key(title: str) -> str:
    """The form in which titles of series and episodes are compared: “Becoming (2)” is “Becoming, Part Two”."""
    if match := PART.search(title):
        word = next(filter(None, match.groups())).casefold()
        return alike(f"{title[: match.start()]} {PART_NUMBERS.get(word, word)}")
    return alike(title)


def value_key(name: str, value: FieldValue) -> str:
    """The key of the value of a field; empty for none."""
    if value is None or value == "":
        return ""
    if isinstance(value, (int, PartialDate)):
        return str(value)
    return title_key(value) if name == "title" else alike(value)


def is_less_precise(date: object, other: object) -> bool:
    """True if ``date`` is the year or month of ``other``."""
    is_date = isinstance(date, PartialDate) and isinstance(other, PartialDate)
    return is_date and len(str(date)) < len(str(other)) and str(other).startswith(str(date))


def character_key(name: str) -> str:
    """The key of a character; empty for none."""
    return alike(name) if name else ""


def credit_key(person: str, character: str) -> str:
    """The key of a credit in a role: ``person`` is a primary key or a key of ``ImportPlan.people``."""
    return f"{person}/{character}"


def person_of(key: str) -> str:
    """The person of a ``credit_key``."""
    return key.rpartition("/")[0]


def character_of(key: str) -> str:
    """The character of a ``credit_key``."""
    return key.rpartition("/")[2]
