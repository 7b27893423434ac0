"""What a page shows of a FacetSet: blocks of values with counts and links, chips, and the selection in words."""

from collections.abc import Callable

from catalog.facets.blocks import FacetBlock, FacetBlocks, MissingNote, missing_notes
from catalog.facets.chips import FilterChip, chips_of
from catalog.facets.sentence import describe_selection
from catalog.facets.values import FacetValues


class FacetDisplay(FacetValues):
    """The values, blocks, chips and words of a FacetSet for one request, with their links."""

    def blocks(self, all_url: Callable[[str], str] | None = None) -> list[FacetBlock]:
        """Return the facets that have values, or a range, as a list page shows them.

        ``all_url`` gives the path of the page with all values of a facet by its name.
        """
        return FacetBlocks(self, all_url).build()

    def notes(self) -> list[MissingNote]:
        """Return how many rows have nothing recorded of the selected facets."""
        return missing_notes(self)

    def chips(self) -> list[FilterChip]:
        """Return a chip for each selected value, for a text and for each range."""
        self.labels.read_selected()
        return chips_of(self.facets, self.links, self.labels)

    def sentence(self, heading: str) -> str:
        """Return the selection in one sentence about the rows that ``heading`` names."""
        self.labels.read_selected()
        facets = self.facets
        return describe_selection(heading, facets.filters, facets.selection, facets.choices, self.labels.in_sentence)
