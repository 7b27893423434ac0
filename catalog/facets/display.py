"""What a page shows of the facets: values, the blocks that they stand in, chips."""

from dataclasses import dataclass
from typing import NamedTuple


class FacetValue(NamedTuple):
    """A value of a facet with its count under the present selection, and the address that toggles it."""

    slug: str
    label: str
    count: int
    selected: bool = False
    is_known: bool = True
    url: str = ""


@dataclass(frozen=True, slots=True)
class FacetBlock:
    """A facet as a list page shows it: chosen values first, then the most frequent."""

    name: str
    label: str
    values: list
    total: int
    selected_count: int
    all_url: str = ""

    @property
    def is_open(self):
        """Open where there is a choice to make or one was made."""
        return self.selected_count > 0 or self.total > 1


@dataclass(frozen=True, slots=True)
class FilterChip:
    """A chosen value, with the address that takes it away. A text has no ``slug``."""

    name: str
    facet: str
    label: str
    is_known: bool
    url: str
    slug: str = ""


def facet_value(entry, added):
    """A value that is not chosen; ``added`` gives the address with it chosen."""
    _, slug, label, count = entry
    return FacetValue(slug, label, count, False, True, added(slug))


class LazyFacetValues:
    """Chosen values, then all others, of which only those looked at are made."""

    ordered = True

    def __init__(self, first, rest, added):
        self.first, self.rest, self.added = first, rest, added

    def __len__(self):
        return len(self.first) + len(self.rest)

    def __getitem__(self, part):
        start, stop = part.start - len(self.first), part.stop - len(self.first)
        rest = self.rest[max(start, 0) : max(stop, 0)]
        return self.first[part] + [facet_value(entry, self.added) for entry in rest]
