"""The addresses of a filtered list: values added and removed, other sort keys, other pages."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote_plus

from django.utils.functional import cached_property

from catalog.facets.facet import SLUG_PATTERN

Selection = Mapping[str, list[str] | str]


def encode_parameter(name: str, value: Any) -> str:
    """Encode a query parameter, repeated for a list of values, "" without one: quicker than ``urlencode``."""
    values = value if isinstance(value, list) else [value] if value else []
    return "&".join([f"{name}={quote_plus(str(item))}" for item in values])


class FacetLinks:
    """Builds addresses relative to the list's own, from what is selected and the sort key in force.

    ``parameters`` are those of the filters, in order; ``sorts`` are those of a FacetSet.
    """

    def __init__(self, parameters: Iterable[str], selection: Selection, sorts: Mapping[str, tuple], sort: str) -> None:
        self.selection, self.sorts, self.sort = selection, sorts, sort
        self._default_sort = next(iter(sorts))
        self._parameters = (*parameters, "sort", "page", "find")

    @classmethod
    def of(cls, facets) -> "FacetLinks":
        """Build the links of a FacetSet."""
        return cls(facets.parameters, facets.selection, facets.sorts, facets.sort)

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

    def toggle_url(self, name: str, slug: str) -> str:
        """Return the address with ``slug`` added to the parameter ``name``, or removed if it is selected."""
        selected = self.selection.get(name, [])
        changes: dict[str, Any] = {
            name: [value for value in selected if value != slug] if slug in selected else [*selected, slug]
        }
        return self.url(**changes)

    def add_url(self, name: str) -> Callable[[str], str]:
        """Return a function from a slug to the address with it added, which is prepared once for all slugs."""
        position = self._parameters.index(name)
        before, after = (
            "&".join(self._encoded[parameter] for parameter in parameters if parameter in self._encoded)
            for parameters in (self._parameters[: position + 1], self._parameters[position + 1 :])
        )
        before, after = f"?{before}&{name}=" if before else f"?{name}=", f"&{after}" if after else ""
        return lambda slug: before + slug + after if SLUG_PATTERN.fullmatch(slug) else self.toggle_url(name, slug)

    def sort_links(self) -> list[tuple[str, str, bool]]:
        """Return (label, address, whether it is in force) for each sort key."""
        return [
            (label, self.url(sort=None if key == self._default_sort else key), key == self.sort)
            for key, (label, _) in self.sorts.items()
        ]
