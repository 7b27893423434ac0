"""The selection of a list in one English sentence: ``Episodes directed by Ti West, without Lauren Yee, 2019``."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from catalog.facets.choice import Choice
from catalog.facets.facet import Facet
from catalog.facets.wording import RANGES, Phrase, join_words, lower_first, role_phrase

MAX_NAMED_VALUES = 3  # of one facet
MAX_PARTS = 6

Labels = Callable[[str, str], str]  # from the facet's name and a slug


def phrase_of(name: str, filters: Mapping[str, Any], choices: Mapping[str, Choice], label: Labels) -> Phrase:
    """The phrase of a facet: its own, or that of the roles to which it is limited."""
    facet = filters[name]
    qualifier = getattr(facet, "qualified_by", "")
    if qualifier and (roles := choices.get(qualifier, Choice()).any):
        return role_phrase([(slug, label(qualifier, slug)) for slug in roles])
    if facet.phrase:
        return facet.phrase
    roles = getattr(facet, "roles", ())
    if len(roles) == 1:
        return role_phrase([(roles[0], facet.label)])
    return Phrase(f"with {lower_first(facet.label)} {{}}")


def qualifies_people(name: str, filters: Mapping[str, Any], choices: Mapping[str, Choice]) -> bool:
    """Whether the facet says in which role the selected people of other facets are."""
    return any(
        getattr(filters[selected_name], "qualified_by", "") == name
        for selected_name in choices
        if selected_name != name
    )


def missing_words(phrase: Phrase, label: str) -> str:
    """``with no director recorded``."""
    return f"with no {phrase.value_name or lower_first(label)} recorded"


class SentenceParts:
    """The parts of a sentence: those about values first, then those about values left out, years last."""

    def __init__(self) -> None:
        self.having: list[str] = []
        self.lacking: list[str] = []
        self.bare: list[str] = []

    def add_choice(self, phrase: Phrase, choice: Choice, label: str, label_of: Callable[[str], str]) -> None:
        """Add what is selected of a facet."""

        def join(slugs, conjunction):
            labels = [label_of(slug) for slug in slugs]
            labels = [lower_first(text) for text in labels] if phrase.lower else labels
            return join_words(labels, conjunction, MAX_NAMED_VALUES)

        if choice.all:
            self.add(phrase, join(choice.all, "and"))
        if choice.missing:
            alternatives = [phrase.format(join(choice.any, "or"))] if choice.any else []
            self.having.append(" or ".join([*alternatives, missing_words(phrase, label)]))
        elif choice.any:
            self.add(phrase, join(choice.any, "or"))
        if choice.none:
            self.lacking.append(phrase.format_negated(join(choice.none, "or")))

    def add(self, phrase: Phrase, values: str) -> None:
        """Add the words for rows with ``values``."""
        (self.bare if phrase.is_bare else self.having).append(phrase.format(values))

    def join(self, heading: str) -> str:
        """The sentence about the rows that ``heading`` names, cut after MAX_PARTS."""
        parts = [*self.having, *self.lacking, *self.bare]
        separator = " " if self.having or self.lacking else ", "
        if len(parts) > MAX_PARTS:
            parts[MAX_PARTS:] = [f"and {len(parts) - MAX_PARTS} more"]
        return separator.join(filter(None, [heading, ", ".join(parts)]))


def describe_selection(
    heading: str,
    filters: Mapping[str, Any],
    selection: Mapping[str, Any],
    choices: Mapping[str, Choice],
    label: Labels,
) -> str:
    """Return the sentence about the rows that ``heading`` names: Episodes.

    ``selection`` is by parameter and ``choices`` by facet, as those of a ``FacetSet``.
    """
    parts = SentenceParts()
    for name, item in filters.items():
        if name in choices:
            choice = choices[name]
            if qualifies_people(name, filters, choices):
                choice = replace(choice, any=(), missing=False)  # said of the people
            phrase = phrase_of(name, filters, choices, label)
            parts.add_choice(phrase, choice, item.label, partial(label, name))
        elif not isinstance(item, Facet) and name in selection:
            add_text_or_range(parts, name, selection)
    return parts.join(heading)


def add_text_or_range(parts: SentenceParts, name: str, selection: Mapping[str, Any]) -> None:
    """Add the words of a text, or of a range, which are those of both limits."""
    column, is_range, limit = name.partition("__")
    if not is_range:
        parts.having.append(f"matching “{selection[name]}”")
    elif limit == "gte" or f"{column}__gte" not in selection:
        words = RANGES[column].format(selection.get(f"{column}__gte", ""), selection.get(f"{column}__lte", ""))
        parts.add(RANGES[column].phrase, words)
