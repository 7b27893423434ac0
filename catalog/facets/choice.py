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


FIELDS = {ANY: "any", ALL: "all", NONE: "none", MISSING: "missing"}  # of a choice, by suffix


def split_parameter(parameter: str) -> tuple[str, str]:
    """Return the facet's name and the suffix of a parameter; the suffix of a plain or unknown one is empty."""
    name, separator, suffix = parameter.rpartition("__")
    return (name, separator + suffix) if separator + suffix in SUFFIXES else (parameter, ANY)


def choices_of(selection: Mapping[str, Any], facets: Mapping[str, Any]) -> dict[str, Choice]:
    """Return what ``selection``, by parameter, selects of each of ``facets``."""
    values_by_name: dict[str, dict[str, Any]] = {}
    for parameter, values in selection.items():
        name, suffix = split_parameter(parameter)
        if values and name in facets:
            field = FIELDS[suffix]
            values_by_name.setdefault(name, {})[field] = True if suffix == MISSING else tuple(values)
    return {name: Choice(**values) for name, values in values_by_name.items()}


def not_recorded_changes(name: str) -> dict[str, list[str] | None]:
    """Return the changes to a selection by which the rows without a value of a facet are selected instead."""
    return {name: None, name + ALL: None, name + NONE: None, name + MISSING: ["1"]}
