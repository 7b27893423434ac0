"""How a sentence words what is selected: each facet declares its ``phrase``, roles share a table of verbs."""

from collections.abc import Sequence
from dataclasses import dataclass

# The words before the name of a person in a role; without an entry it is "with Ann Lee as gaffer".
ROLE_VERBS = {
    "creator": "created by",
    "developer": "developed by",
    "based-on": "based on work by",
    "director": "directed by",
    "writer": "written by",
    "story": "with a story by",
    "teleplay": "with a teleplay by",
    "screenplay": "with a screenplay by",
    "producer": "produced by",
    "narrator": "narrated by",
    "voice": "voiced by",
    "presenter": "presented by",
    "composer": "with music by",
    "theme-music": "with theme music by",
    "cinematographer": "shot by",
    "editor": "edited by",
    "choreographer": "choreographed by",
    "production-designer": "with production design by",
    "costume-designer": "with costumes by",
    "makeup-artist": "with make-up by",
    "hair-stylist": "with hair by",
    "sound-designer": "with sound design by",
    "special-effects": "with special effects by",
    "stunts": "with stunts by",
    "translator": "translated by",
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """The words for the rows with, and without, selected values, which stand in place of ``{}``.

    ``without`` follows from ``having`` unless it is declared. ``value_name`` is the word for a value in "no
    director is recorded", the facet's label unless it is declared. ``lower`` is for labels that are common words.
    """

    having: str
    without: str = ""
    value_name: str = ""
    lower: bool = False

    def format(self, values: str) -> str:
        """The words for the rows with ``values``."""
        return self.having.replace("{}", values, 1)

    def format_negated(self, values: str) -> str:
        """The words for the rows without ``values``."""
        is_with = self.having.startswith("with ")
        without = "without " + self.having.removeprefix("with ") if is_with else f"not {self.having}"
        return (self.without or without).replace("{}", values, 1)

    @property
    def is_bare(self) -> bool:
        """Whether it is the value alone, such as a year, which ends the sentence."""
        return self.having == "{}"


@dataclass(frozen=True, slots=True)
class Range:
    """The words for a range of numbers: ``{}`` stand for the lowest and the highest; ``phrase`` is that of a facet."""

    label: str
    phrase: Phrase
    between: str
    at_least: str
    at_most: str
    unit: str = ""

    def format(self, low: str, high: str) -> str:
        """The range from ``low`` to ``high``, of which one may be empty."""
        if low and high:
            return self.between.format(low, high)
        return self.at_least.format(low) if low else self.at_most.format(high)


# By the column of ``BoundFilter``, which is the beginning of its parameters: year__gte.
RANGES = {
    "year": Range("Year", Phrase("{}"), "{} to {}", "from {}", "up to {}"),
    "runtime": Range(
        "Running time",
        Phrase("running {}"),
        "{} to {} minutes",
        "at least {} minutes",
        "at most {} minutes",
        unit="minutes",
    ),
}


def lower_first(text: str) -> str:
    """``text`` with a small first letter, unless it is an abbreviation: ``ADR editor``."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def join_words(words: Sequence[str], conjunction: str, limit: int = 0) -> str:
    """``A, B or C``; with a ``limit``: ``A, B, C or 3 more``."""
    parts = list(words)
    if limit and len(parts) > limit:
        parts[limit:] = [f"{len(parts) - limit} more"]
    return f" {conjunction} ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def role_phrase(roles: Sequence[tuple[str, str]]) -> Phrase:
    """The words for people in any of ``roles``, given as (slug, name): ``directed or written by {}``."""
    verbs = [ROLE_VERBS.get(slug, "") for slug, _ in roles]
    names = join_words([lower_first(name) for _, name in roles], "or")
    are_of_one_kind = len({verb.startswith("with ") for verb in verbs}) == 1
    if all(verb.endswith(" by") for verb in verbs) and are_of_one_kind:
        joined = join_words([verb.removesuffix(" by") for verb in verbs], "or")
        return Phrase(f"{joined} by {{}}", value_name=names)
    return Phrase(f"with {{}} as {names}", value_name=names)
