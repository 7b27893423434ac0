"""What a page shows of a FacetSet: values with counts and links, in blocks, and chips for what is selected."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from catalog.facets.base import MAX_UNKNOWN_LABEL
from catalog.facets.choice import MISSING, split_parameter
from catalog.facets.facet import Facet
from catalog.facets.links import FacetLinks
from catalog.models.namesakes import NOTED_MODELS, namesake_notes

VALUES_PER_FACET = 10  # shown on a list; the page of the facet shows all
MAX_ROLES = 2  # named beside a person


def facet_fragment(name: str) -> str:
    """Return the fragment of a facet's heading on a list."""
    return f"#facet-{name}"


class FacetValue(NamedTuple):
    """A value of a facet with its count under the present selection, and the address that toggles it."""

    slug: str
    label: str
    count: int  # type: ignore[assignment]  # hides tuple.count, which is not needed
    selected: bool = False
    is_known: bool = True
    url: str = ""
    roles: str = ""  # of a person


@dataclass(frozen=True, slots=True)
class FacetBlock:
    """A facet as a list page shows it: selected values first, then the most frequent."""

    name: str
    label: str
    values: list[FacetValue]
    total: int
    selected_count: int
    all_url: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it is shown unfolded: a value is selected, or there is a choice."""
        return self.selected_count > 0 or self.total > 1


@dataclass(frozen=True, slots=True)
class FilterChip:
    """A selected value, with the address that removes it. The chip of a text has no ``slug``."""

    name: str
    facet: str
    label: str
    is_known: bool
    url: str
    slug: str = ""


def roles_in_words(names: Sequence[str]) -> str:
    """Return the first roles of a person: ``Creator, Executive producer and 2 more``."""
    more = len(names) - MAX_ROLES
    return ", ".join(names[:MAX_ROLES]) + (f" and {more} more" if more > 0 else "")


class NamesakeLabels:
    """Adds to the labels of people and series what tells them from their namesakes, a facet's values at once."""

    def __init__(self, facets) -> None:
        self.facets = facets
        self._notes: dict[Any, dict[str, str]] = {}  # by model and slug; "" for a name that only one record has

    def read(self, slugs_by_facet: Mapping[str, Iterable[str]]) -> None:
        """Read the notes of the values of several facets: two queries for people, one for series."""
        slugs_by_model: dict[Any, set[str]] = {}
        for name, slugs in slugs_by_facet.items():
            model = getattr(self.facets.facets[name], "target", None)
            if model in NOTED_MODELS:
                slugs_by_model.setdefault(model, set()).update(slugs)
        for model, slugs in slugs_by_model.items():
            notes = self._notes.setdefault(model, {})
            unread = slugs - notes.keys()
            notes |= dict.fromkeys(unread, "")
            notes |= {str(slug): note for slug, note in namesake_notes(model, unread, "slug", published=True).items()}

    def label(self, name: str, slug: str, label: str) -> str:
        """The label of a value, whose note was read."""
        note = self._notes.get(getattr(self.facets.facets[name], "target", None), {}).get(slug)
        return f"{label} ({note})" if note else label

    def values(self, name: str, values: Iterable[FacetValue]) -> list[FacetValue]:
        """The values of a facet with their labels, read if need be."""
        values = list(values)
        self.read({name: [value.slug for value in values if value.is_known]})
        return [value._replace(label=self.label(name, value.slug, value.label)) for value in values]


class LazyFacetValues:
    """Selected values, then all others, of which only the requested slice is created, by ``create``."""

    ordered = True

    def __init__(
        self, selected: list, unselected: Sequence, create: Callable[[Sequence, Sequence], list[FacetValue]]
    ) -> None:
        self.selected, self.unselected, self.create = selected, unselected, create

    def __len__(self) -> int:
        return len(self.selected) + len(self.unselected)

    def __getitem__(self, part: slice) -> list[FacetValue]:
        start, stop = part.start - len(self.selected), part.stop - len(self.selected)
        return self.create(self.selected[part], self.unselected[max(start, 0) : max(stop, 0)])


class FacetDisplay:
    """The values, blocks and chips of a FacetSet for one request, with their links."""

    def __init__(self, facets) -> None:
        self.facets, self.links, self.labels = facets, FacetLinks.of(facets), NamesakeLabels(facets)

    def values(self, name: str, limit: int) -> tuple[list[FacetValue], int]:
        """Return (selected values, then the first ``limit`` of all values, how many values there are)."""
        values, total = self._values(name, limit)
        return self.labels.values(name, values), total

    def _values(self, name: str, limit: int) -> tuple[list[FacetValue], int]:
        selected, unselected, total = self.facets.values(name, limit)
        return self._facet_values(name, selected, unselected), total

    def all_values(self, name: str, find: str = "") -> LazyFacetValues:
        """Return all values of a facet whose labels contain ``find``, the selected ones first."""

        def create(selected, unselected):
            return self.labels.values(name, self._facet_values(name, selected, unselected))

        selected, unselected = self.facets.all_values(name, find)
        return LazyFacetValues(selected, unselected, create)

    def _facet_values(self, name: str, selected, unselected) -> list[FacetValue]:
        """Return the values of entries (key, slug, label, count), with their links and the roles of people.

        The link of an added value leads to its place on the new page, that of a removed one to its facet.
        """
        roles = self._roles(name, [key for key, *_ in (*selected, *unselected) if key is not None])
        add_url, toggle_url, facet_id = self.links.add_url(name), self.links.toggle_url, facet_fragment(name)
        return [
            FacetValue(slug, label, count, True, key is not None, toggle_url(name, slug) + facet_id, roles.get(key, ""))
            for key, slug, label, count in selected
        ] + [
            FacetValue(slug, label, count, False, True, f"{add_url(slug)}#{name}:{slug}", roles.get(key, ""))
            for key, slug, label, count in unselected
        ]

    def _roles(self, name: str, keys: list) -> dict[Any, str]:
        if not keys or not self.facets.facets[name].names_roles:
            return {}
        return {key: roles_in_words(names) for key, names in self.facets.engine.roles_of(name, keys).items()}

    def blocks(self, all_url: Callable[[str], str] | None = None) -> list[FacetBlock]:
        """Return the facets that have values, as a list page shows them.

        ``all_url`` gives the path of the page with all values of a facet by its name.
        """
        blocks = []
        values_by_facet: dict[str, tuple[list[FacetValue], int]] = {}
        for name in self.facets.facets:
            if self._has_block(name, values_by_facet):
                values_by_facet[name] = self._values(name, VALUES_PER_FACET)
        self.labels.read({name: [value.slug for value in values] for name, (values, _) in values_by_facet.items()})
        for name, (unlabelled, total) in values_by_facet.items():
            values = self.labels.values(name, unlabelled)
            selected_count = sum(value.selected for value in values)
            if values:
                limit = max(VALUES_PER_FACET, selected_count)
                more = self.links.url(path=all_url(name)) if all_url and total > limit else ""
                blocks.append(
                    FacetBlock(name, self.facets.facets[name].label, values[:limit], total, selected_count, more)
                )
        return blocks

    def _has_block(self, name: str, before: dict[str, tuple[list[FacetValue], int]]) -> bool:
        """Whether a facet is shown; ``before`` are the values of the facets before it, and how many there are.

        One ``within`` another is shown once a value of that one is selected, or where it has a single value. That of a
        role is shown once something is selected of it.
        """
        facet, choices = self.facets.facets[name], self.facets.choices
        if name not in type(self.facets).base_filters:
            return name in choices
        if not facet.within or name in choices or facet.within in choices:
            return facet.has_block
        return before[facet.within][1] <= 1

    def chips(self) -> list[FilterChip]:
        """Return a chip for each selected value, and for a text."""
        chips = []
        choices = self.facets.choices
        self.labels.read({name: (*choice.any, *choice.all, *choice.none) for name, choice in choices.items()})
        for parameter, selected in self.facets.selection.items():
            item = self.facets.filters[self.facets.parameters[parameter]]
            if not isinstance(item, Facet):
                removed: dict[str, Any] = {parameter: None}
                chips.append(FilterChip(parameter, item.label, f"“{selected}”", True, self.links.url(**removed)))
                continue
            name, suffix = split_parameter(parameter)
            resolved = self.facets.resolve(name, selected) if suffix != MISSING else {"1": (None, "1", "not recorded")}
            for slug in selected:
                is_known = slug in resolved
                label = self.labels.label(name, slug, resolved[slug][2]) if is_known else slug[:MAX_UNKNOWN_LABEL]
                url = self.links.toggle_url(parameter, slug)
                chips.append(FilterChip(parameter, item.label, label, is_known, url, slug))
        return chips
