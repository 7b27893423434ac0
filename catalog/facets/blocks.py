"""The facets of a list as its page shows them: blocks of values, ranges, and how much is not recorded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from catalog.facets.choice import Choice
from catalog.facets.links import choice_parameters
from catalog.facets.values import ROLE, VALUES_PER_FACET, FacetValue, FacetValues
from catalog.facets.wording import RANGES, Range, lower_first

MAX_RECORDED_PART = 0.75  # a facet recorded for at most this part of the rows says so


@dataclass(frozen=True, slots=True)
class RangeFields:
    """The two fields of a range, with what else is selected as (parameter, value)."""

    column: str
    words: Range
    low: str
    high: str
    hidden_fields: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FacetBlock:
    """A facet as a list page shows it: selected values first, then the most frequent.

    ``words`` stand before and after a value: ``("directed by ", "")``. ``match_links`` are (words, address, whether it
    is in force) of any and all. ``recorded`` is how many rows have a value, if they are few. ``is_requested``: the
    visitor selected the role whose people it lists.
    """

    name: str
    label: str
    values: list[FacetValue]
    total: int
    selected_count: int
    all_url: str = ""
    words: tuple[str, str] = ("", "")
    match_links: Sequence[tuple[str, str, bool]] = ()
    recorded: int | None = None
    range: RangeFields | None = None
    is_requested: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it is shown unfolded: a value is selected, or there is a choice."""
        return self.selected_count > 0 or self.total > 1 or self.range is not None or self.is_requested


@dataclass(frozen=True, slots=True)
class MissingNote:
    """How many rows have nothing recorded of a selected facet or range, with the address of these rows if there is one.

    They are among the results (``is_among``) if the selection only leaves values out; else they are further rows.
    """

    value_name: str
    count: int
    url: str
    is_among: bool


def missing_notes(values: FacetValues) -> list[MissingNote]:
    """Return a note for each selected facet or range that is not recorded for all rows the other filters leave."""
    facets, notes = values.facets, _notes_of_ranges(values)
    for name, choice in facets.choices.items():
        if choice.missing or name == ROLE:
            continue
        if count := facets.not_recorded(name):
            phrase = values.phrase(name)
            value_name = phrase.value_name or lower_first(facets.facets[name].label)
            url = values.links.missing_url(name, alone=True)
            notes.append(MissingNote(value_name, count, url, not (choice.any or choice.all)))
    return notes


def _notes_of_ranges(values: FacetValues) -> list[MissingNote]:
    """Return a note for each selected range. Only a range beside a facet, such as years, has an address of its rows."""
    facets, notes = values.facets, []
    for column, words in RANGES.items():
        limits: dict[str, Any] = {f"{column}__gte": None, f"{column}__lte": None}
        if limits.keys().isdisjoint(facets.selection):
            continue
        recorded = facets.engine.total(**limits | {f"{column}__gte": "0"})
        if count := facets.engine.total(**limits) - recorded:
            choice = choice_parameters(column, Choice(missing=True))
            url = values.links.url(**limits, **choice) if column in facets.facets else ""
            notes.append(MissingNote(lower_first(words.label), count, url, False))
    return notes


class FacetBlocks:
    """Builds the blocks of a list. ``all_url`` gives the path of the page with all values of a facet by its name."""

    def __init__(self, values: FacetValues, all_url: Callable[[str], str] | None) -> None:
        self.values, self.facets, self.links = values, values.facets, values.links
        self.all_url, self.total = all_url, values.facets.engine.total()
        self.totals: dict[str, int] = {}  # of values, by facet

    def build(self) -> list[FacetBlock]:
        """Return the facets that have values, or a range, in the order of the page."""
        values_by_facet: dict[str, list[FacetValue]] = {}
        for name in self._names():
            if self._has_block(name):
                values_by_facet[name] = self._values(name)
        labels = self.values.labels
        labels.read(
            {name: [value.slug for value in values if value.is_known] for name, values in values_by_facet.items()}
        )
        labels.read_selected()
        blocks = [block for name, values in values_by_facet.items() if (block := self._block(name, values))]
        return self._with_ranges(blocks)

    def _names(self) -> list[str]:
        """The facets in the order of the page: that of declaration, with all roles beside each other.

        The list of roles, and their facets, that of a selected role first, follow the last declared facet of a role.
        """
        declared = type(self.facets).base_filters
        names = [name for name in self.facets.facets if name in declared and name != ROLE]
        of_roles = [number for number, name in enumerate(names) if getattr(declared[name], "roles", ())]
        position = of_roles[-1] + 1 if of_roles else 0
        roles = [name for name in self.facets.facets if name not in declared]
        roles.sort(key=lambda name: not self.values.has_selected_role(name))
        roles[:0] = [name for name in declared if name == ROLE]
        return [*names[:position], *roles, *names[position:]]

    def _has_block(self, name: str) -> bool:
        """Whether a facet is shown; the facets before it have been counted.

        One ``within`` another is shown once a value of that one is selected, or where it has a single value. That of a
        role is shown once something is selected of it, or the role itself.
        """
        facet, choices = self.facets.facets[name], self.facets.choices
        if name not in type(self.facets).base_filters:
            return name in choices or self.values.has_selected_role(name)
        if not facet.within or name in choices or facet.within in choices:
            return facet.has_block
        return self.totals[facet.within] <= 1

    def _values(self, name: str) -> list[FacetValue]:
        """Return the values of a facet, without labels that tell namesakes apart.

        Roles that have a facet of their own are left out of the list of roles unless they are selected.
        """
        filters = type(self.facets).base_filters
        if name != ROLE or not hasattr(self.facets.facets[name], "credit_paths"):
            values, self.totals[name] = self.values.plain_values(name, VALUES_PER_FACET)
            return values
        declared = set(filters).union(*(getattr(item, "roles", ()) for item in filters.values()))
        values, self.totals[name] = self.values.plain_values(name, VALUES_PER_FACET + len(declared))
        return [value for value in values if value.selected or value.slug not in declared]

    def _block(self, name: str, values: list[FacetValue]) -> FacetBlock | None:
        """Return the block of a facet, None if it has no values."""
        facet, choice = self.facets.facets[name], self.links.choice(name)
        values = self.values.labels.labelled(name, values)
        left_out = self.values.left_out_values(name)
        selected_count = sum(value.selected for value in values) + len(left_out) + choice.missing
        if not values and not selected_count:
            return None
        not_recorded = self.facets.not_recorded(name)
        limit = max(VALUES_PER_FACET, sum(value.selected for value in values))
        has_more = len(values) > limit or self.totals[name] > limit
        recorded = self.total - not_recorded
        is_unfiltered = not {name, facet.qualified_by} & self.facets.choices.keys()
        return FacetBlock(
            name,
            facet.label,
            [*left_out, *values[:limit], *self.values.missing_values(name, not_recorded)],
            self.totals[name],
            selected_count,
            self.links.url(path=self.all_url(name)) if self.all_url and has_more else "",
            self.values.words(name),
            self.values.match_links(name),
            recorded if is_unfiltered and 0 < recorded <= MAX_RECORDED_PART * self.total else None,
            is_requested=self.values.has_selected_role(name),
        )

    def _with_ranges(self, blocks: list[FacetBlock]) -> list[FacetBlock]:
        """Add the fields of each range to the block of its facet, or as a block of their own at the end."""
        position = {block.name: number for number, block in enumerate(blocks)}
        for column, words in RANGES.items():
            if f"{column}__gte" not in self.facets.filters:
                continue
            fields = self._range_fields(column, words)
            count = bool(fields.low or fields.high)
            if column in position:
                block = blocks[position[column]]
                blocks[position[column]] = replace(block, range=fields, selected_count=block.selected_count + count)
            else:
                blocks.append(FacetBlock(column, words.label, [], 0, int(count), range=fields))
        return blocks

    def _range_fields(self, column: str, words: Range) -> RangeFields:
        selection, names = self.facets.selection, (f"{column}__gte", f"{column}__lte")
        low, high = (str(selection.get(name, "")) for name in names)
        return RangeFields(column, words, low, high, self.links.hidden_fields(names))
