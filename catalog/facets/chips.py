"""The selected values of a list, each as a chip that removes it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from catalog.facets.choice import ALL, ANY, MISSING, NONE, Choice
from catalog.facets.facet import Facet
from catalog.facets.labels import NamesakeLabels
from catalog.facets.links import FacetLinks
from catalog.facets.wording import RANGES

NOT_IN_CATALOGUE, NO_NUMBER = "not in the catalogue", "not a number"


@dataclass(frozen=True, slots=True)
class FilterChip:
    """A selected value, a text or a range, with the address that removes it; ``name`` is its parameter.

    ``changes`` to the selection do the same. ``slug`` is that of a value. ``word`` joins it to the values before
    it: or, and, not. ``problem`` says why it matches nothing.
    """

    name: str
    facet: str
    label: str
    url: str
    changes: dict[str, Any]
    slug: str = ""
    word: str = ""
    problem: str = ""

    @property
    def text(self) -> str:
        """The label by itself: ``not Ti West``."""
        return f"not {self.label}" if self.word == "not" else self.label


def chips_of(facets, links: FacetLinks, labels: NamesakeLabels) -> list[FilterChip]:
    """Return the chips of a FacetSet. The notes of the selected values must have been read."""
    chips: list[FilterChip] = []
    for name, item in facets.filters.items():
        if isinstance(item, Facet):
            chips += _facet_chips(name, item.label, facets.choices.get(name, Choice()), links, labels)
        elif name in facets.selection:
            chips += _text_or_range_chip(name, item, facets.selection, links)
    return chips


def _facet_chips(
    name: str, facet: str, choice: Choice, links: FacetLinks, labels: NamesakeLabels
) -> Iterator[FilterChip]:
    """Yield the chips of a facet: values of which rows have any, nothing recorded, all values, values left out."""

    def chip(suffix, slug, word):
        selected = links.selection[name + suffix]
        changes: dict[str, Any] = {name + suffix: [value for value in selected if value != slug]}
        label, problem = "not recorded", ""
        if suffix != MISSING:
            label = labels.selected(name, slug)
            problem = "" if labels.is_in_catalogue(name, slug) else NOT_IN_CATALOGUE
        return FilterChip(name + suffix, facet, label, links.url(**changes), changes, slug, word, problem)

    for number, slug in enumerate(choice.any):
        yield chip(ANY, slug, "or" if number else "")
    if choice.missing:
        yield chip(MISSING, "1", "or" if choice.any else "")
    for number, slug in enumerate(choice.all):
        yield chip(ALL, slug, "and" if number or choice.any or choice.missing else "")
    for slug in choice.none:
        yield chip(NONE, slug, "not")


def _text_or_range_chip(name: str, item, selection, links: FacetLinks) -> Iterator[FilterChip]:
    """Yield the chip of a text, or of a range; the second limit of a range has none of its own."""
    column, is_limit, limit = name.partition("__")
    if not is_limit:
        changes: dict[str, Any] = {name: None}
        yield FilterChip(name, item.label, f"“{selection[name]}”", links.url(**changes), changes)
    elif limit == "gte" or f"{column}__gte" not in selection:
        limits = [selection.get(f"{column}__{end}", "") for end in ("gte", "lte")]
        changes = {f"{column}__gte": None, f"{column}__lte": None}
        problem = "" if all(text.isdecimal() for text in limits if text) else NO_NUMBER
        words = RANGES[column]
        yield FilterChip(name, words.label, words.format(*limits), links.url(**changes), changes, problem=problem)
