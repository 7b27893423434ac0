"""The addresses of a filtered list: values added, removed, alone or left out, other sort keys, other pages."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote_plus

from django.utils.functional import cached_property

from catalog.facets.choice import ALL, ANY, MISSING, NONE, Choice
from catalog.facets.facet import SLUG_PATTERN

Selection = Mapping[str, list[str] | str]


def encode_parameter(name: str, value: Any) -> str:
    """Encode a query parameter, repeated for a list of values, "" without one: quicker than ``urlencode``."""
    values = value if isinstance(value, list) else [value] if value else []
    return "&".join([f"{name}={quote_plus(str(item))}" for item in values])


def choice_parameters(name: str, choice: Choice) -> dict[str, Any]:
    """Return the parameters that select ``choice`` of the facet ``name``."""
    missing = ["1"] if choice.missing else []
    values = {ANY: list(choice.any), ALL: list(choice.all), NONE: list(choice.none), MISSING: missing}
    return {name + suffix: slugs for suffix, slugs in values.items()}


def without_slug(choice: Choice, slug: str) -> Choice:
    """Return ``choice`` without a value, however it was selected."""
    any_of, all_of, none_of = (
        tuple(value for value in values if value != slug) for values in (choice.any, choice.all, choice.none)
    )
    return replace(choice, any=any_of, all=all_of, none=none_of)


class FacetLinks:
    """Builds addresses relative to the list's own, from what is selected and the sort key in force.

    ``parameters`` are those of the filters, in the order of addresses; ``sorts`` are those of a FacetSet.
    """

    def __init__(
        self,
        parameters: Iterable[str],
        selection: Selection,
        choices: Mapping[str, Choice],
        sorts: Mapping[str, tuple],
        sort: str,
    ) -> None:
        self.selection, self.choices, self.sorts, self.sort = selection, choices, sorts, sort
        self._default_sort = next(iter(sorts))
        self._parameters = (*parameters, "sort", "page", "find")
        self._positions = {name: number for number, name in enumerate(self._parameters)}

    @classmethod
    def of(cls, facets) -> "FacetLinks":
        """Build the links of a FacetSet."""
        return cls(facets.parameters, facets.selection, facets.choices, facets.sorts, facets.sort)

    @cached_property
    def _encoded(self) -> dict[str, str]:
        """The parameters of the present list; the default sort key is left out."""
        encoded = {name: encode_parameter(name, value) for name, value in self.selection.items()}
        return encoded | ({} if self.sort == self._default_sort else {"sort": encode_parameter("sort", self.sort)})

    def url(self, path: str = "", **changes: Any) -> str:
        """Return the address with ``changes`` to its parameters (None: removed); the page number is dropped."""
        encoded = self._encoded | {name: encode_parameter(name, value) for name, value in changes.items()}
        query = "&".join(encoded[name] for name in self._parameters if encoded.get(name))
        return f"{path}?{query}" if query else path or "?"

    def page_url(self, number: int) -> str:
        """Return the address of another page of the same rows."""
        return self.url(page=None if number == 1 else number)

    def choice(self, name: str) -> Choice:
        """Return what is selected of a facet."""
        return self.choices.get(name, Choice())

    def choice_url(self, name: str, choice: Choice, **changes: Any) -> str:
        """Return the address with ``choice`` in place of what is selected of a facet."""
        return self.url(**choice_parameters(name, choice), **changes)

    def remove_url(self, name: str, slug: str) -> str:
        """Return the address without a selected value, however it was selected."""
        return self.choice_url(name, without_slug(self.choice(name), slug))

    def not_url(self, name: str, slug: str) -> str:
        """Return the address that leaves out the rows with this value."""
        choice = without_slug(self.choice(name), slug)
        return self.choice_url(name, replace(choice, none=(*choice.none, slug)))

    def missing_url(self, name: str, alone: bool = False) -> str:
        """Return the address that adds the rows with nothing recorded, or no longer does; ``alone``: only these."""
        choice = self.choice(name)
        return self.choice_url(name, Choice(missing=True) if alone else replace(choice, missing=not choice.missing))

    def add_parameter(self, name: str) -> str:
        """Return the parameter that takes a further value: all of them if there are such values, else any."""
        return name + (ALL if self.choice(name).all else ANY)

    def appending_url(self, parameter: str, removed: Collection[str] = (), **changes: Any) -> Callable[[str], str]:
        """Return a function from a slug to the address with it added to ``parameter``, prepared once for all slugs.

        ``removed`` are parameters that the address does not have.
        """
        encoded = [(self._positions[name], text) for name, text in self._encoded.items() if name not in removed]
        position = self._positions[parameter]
        before = "&".join([text for number, text in encoded if number <= position])
        after = "&".join([text for number, text in encoded if number > position])
        before, after = f"?{before}&{parameter}=" if before else f"?{parameter}=", f"&{after}" if after else ""
        return lambda slug: before + (slug if SLUG_PATTERN.fullmatch(slug) else quote_plus(slug)) + after

    def hidden_fields(self, removed: Collection[str] = ()) -> list[tuple[str, str]]:
        """Return the selection and the sort key as (parameter, value), for a form that sets the ``removed`` ones."""
        sort = {} if self.sort == self._default_sort else {"sort": self.sort}
        return [
            (name, value)
            for name, values in {**self.selection, **sort}.items()
            if name not in removed
            for value in ([values] if isinstance(values, str) else values)
        ]

    def match_links(self, name: str) -> list[tuple[str, str, bool]]:
        """Return (words, address, whether it is in force) of matching any or all of a facet's selected values."""
        choice = self.choice(name)
        slugs = tuple(dict.fromkeys(choice.any + choice.all))
        any_url = self.choice_url(name, replace(choice, any=slugs, all=()))
        all_url = self.choice_url(name, replace(choice, any=(), all=slugs, missing=False))
        return [("any of", any_url, not choice.all), ("all of", all_url, not choice.any)]

    def sort_links(self) -> list[tuple[str, str, bool]]:
        """Return (label, address, whether it is in force) for each sort key."""
        return [
            (label, self.url(sort=None if key == self._default_sort else key), key == self.sort)
            for key, (label, _) in self.sorts.items()
        ]
