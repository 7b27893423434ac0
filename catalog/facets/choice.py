"""What is selected of a facet, and the parameters of an address that say so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ANY, ALL, NONE, MISSING = "", "__all", "__not", "__missing"
SUFFIXES = (ANY, ALL, NONE, MISSING)  # of the parameters of a facet


@dataclass(frozen=True, slots=True)
class Choice:
    """The selected slugs of a facet, in the order given.

    A row matches if it has one of ``any``, or no value at all where ``missing`` is selected; if it has all of ``all``;
    and if it has none of ``none``.
    """

    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    missing: bool = False


def split_parameter(parameter: str) -> tuple[str, str]:
    """Return the facet's name and the suffix of a parameter; the suffix of a plain or unknown one is empty."""
    suffix = next((suffix for suffix in SUFFIXES[1:] if parameter.endswith(suffix)), ANY)
    return parameter.removesuffix(suffix), suffix


def choices_of(selection: Mapping[str, Any], facets: Mapping[str, Any]) -> dict[str, Choice]:
    """Return what ``selection``, by parameter, selects of each of ``facets``."""
    choices = {}
    for name in facets:
        any_of, all_of, none_of, missing = (tuple(selection.get(name + suffix) or ()) for suffix in SUFFIXES)
        if any_of or all_of or none_of or missing:
            choices[name] = Choice(any_of, all_of, none_of, bool(missing))
    return choices
