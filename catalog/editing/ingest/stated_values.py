"""Compare stated values: keys that are equal for values that state the same."""

import re

from catalog.editing.ingest.plan import FactKind
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
FACT_PREFIXES = {
    FactKind.COMPANY: "company.",
    FactKind.EXTERNAL_ID: "id.",
    FactKind.TITLE: "title.",
    FactKind.REVIEW: "review.",
}


def fact_name(kind: FactKind, name: str) -> str:
    """What a fact is called among all of its record: “id.imdb”, “company.network”. ``name`` is as in ``Fact``."""
    return f"{FACT_PREFIXES.get(kind, '')}{alike(name) if kind is FactKind.REVIEW else name}"


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
