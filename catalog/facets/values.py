"""The values of a FacetSet for one request, with their counts and links, and the words for them."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from catalog.facets.choice import MISSING, NONE, SUFFIXES, Choice
from catalog.facets.labels import NamesakeLabels
from catalog.facets.links import FacetLinks
from catalog.facets.sentence import phrase_of, qualifies_people
from catalog.facets.wording import Phrase

VALUES_PER_FACET = 10  # shown on a list; the page of the facet shows all
MAX_ROLES = 2  # named beside a person
MAX_REPEATED_LENGTH = 500  # of an address that all links of a page repeat: a longer one is not repeated for only, not
MAX_ROLE_BLOCKS = 3  # of selected roles
ROLE = "role"  # the facet that says in which role people are


def facet_fragment(name: str) -> str:
    """Return the fragment of a facet's heading on a list."""
    return f"#facet-{name}"


class FacetValue(NamedTuple):
    """A value of a facet with its count under the present selection, and the address that toggles it.

    ``only_url`` selects this value alone in its facet, ``not_url`` leaves out the rows that have it.
    """

    slug: str
    label: str
    count: int  # type: ignore[assignment]  # hides tuple.count, which is not needed
    selected: bool = False
    is_known: bool = True
    url: str = ""
    roles: str = ""  # of a person
    is_left_out: bool = False
    only_url: str = ""
    not_url: str = ""


def roles_in_words(names: Sequence[str]) -> str:
    """Return the first roles of a person: ``Creator, Executive producer and 2 more``."""
    more = len(names) - MAX_ROLES
    return ", ".join(names[:MAX_ROLES]) + (f" and {more} more" if more > 0 else "")


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


class FacetValues:
    """The values of a FacetSet for one request, with their links."""

    def __init__(self, facets) -> None:
        self.facets, self.links, self.labels = facets, FacetLinks.of(facets), NamesakeLabels(facets)

    def values(self, name: str, limit: int) -> tuple[list[FacetValue], int]:
        """Return (selected values, then the first ``limit`` of all values, how many values there are)."""
        values, total = self.plain_values(name, limit)
        return self._labelled(name, values), total

    def plain_values(self, name: str, limit: int) -> tuple[list[FacetValue], int]:
        """``values`` without what tells namesakes apart."""
        selected, unselected, total = self.facets.values(name, limit)
        return self._facet_values(name, selected, unselected), total

    def _labelled(self, name: str, values: list[FacetValue]) -> list[FacetValue]:
        self.labels.read({name: [value.slug for value in values if value.is_known]})
        return self.labels.labelled(name, values)

    def all_values(self, name: str, find: str = "") -> LazyFacetValues:
        """Return all values of a facet whose labels contain ``find``, the selected ones first."""

        def create(selected, unselected):
            return self._labelled(name, self._facet_values(name, selected, unselected))

        selected, unselected = self.facets.all_values(name, find)
        return LazyFacetValues(selected, unselected, create)

    def _facet_values(self, name: str, selected, unselected) -> list[FacetValue]:
        """Return the values of entries (key, slug, label, count), with their links and the roles of people.

        The link of an added value leads to its place on the new page, that of a removed one to its facet.
        """
        links, choice, anchor = self.links, self.links.choice(name), f"#{name}:"
        roles = self._roles(name, [key for key, *_ in (*selected, *unselected) if key is not None])
        # The people of a role which is selected by itself stand in place of the role.
        removed_roles = [ROLE] if self.has_selected_role(name) else []
        add_url = links.appending_url(links.add_parameter(name), removed_roles)
        only_url = links.appending_url(name, [*removed_roles, *(name + suffix for suffix in SUFFIXES)])
        not_url = links.appending_url(name + NONE, removed_roles)
        is_alone = choice == Choice(any=choice.any) and len(choice.any) == 1
        has_more_links = len(links.url()) < MAX_REPEATED_LENGTH
        values = []
        for key, slug, label, count in selected:
            removed, is_known = links.remove_url(name, slug) + facet_fragment(name), key is not None
            value = FacetValue(slug, label, count, True, is_known, removed, roles.get(key, ""))
            if is_known and has_more_links:
                alone = "" if is_alone else f"{only_url(slug)}{anchor}{slug}"
                value = value._replace(only_url=alone, not_url=f"{links.not_url(name, slug)}{anchor}{slug}")
            values.append(value)
        return values + [
            FacetValue(
                slug,
                label,
                count,
                url=f"{add_url(slug)}{anchor}{slug}",
                roles=roles.get(key, ""),
                only_url=f"{only_url(slug)}{anchor}{slug}" if has_more_links else "",
                not_url=f"{not_url(slug)}{anchor}{slug}" if has_more_links else "",
            )
            for key, slug, label, count in unselected
        ]

    def left_out_values(self, name: str) -> list[FacetValue]:
        """Return the selected values of which rows must have none."""
        slugs = self.links.choice(name).none
        resolved = self.facets.resolve(name, slugs) if slugs else {}
        return [
            FacetValue(
                slug,
                self.labels.selected(name, slug),
                0,
                True,
                slug in resolved,
                self.links.remove_url(name, slug) + facet_fragment(name),
                is_left_out=True,
            )
            for slug in slugs
        ]

    def match_links(self, name: str) -> Sequence[tuple[str, str, bool]]:
        """Return the links to any and all of the selected values, if there are several that a row can have."""
        choice, facet = self.links.choice(name), self.facets.facets[name]
        is_offered = len({*choice.any, *choice.all}) > 1 and (choice.all or not facet.has_one_value)
        return self.links.match_links(name) if is_offered else ()

    def missing_values(self, name: str, count: int) -> list[FacetValue]:
        """Return the value that stands for rows with nothing recorded, if there are such rows or it is selected."""
        choice = self.links.choice(name)
        if not count and not choice.missing:
            return []
        url = self.links.missing_url(name, alone=bool(choice.all))
        anchor = facet_fragment(name) if choice.missing else f"#{name}:{MISSING}"
        return [FacetValue(MISSING, "Not recorded", count, choice.missing, True, url + anchor)]

    def has_selected_role(self, name: str) -> bool:
        """Whether the facet is that of a role which is selected by itself, not for people of another facet."""
        is_role = name not in type(self.facets).base_filters and name in self.links.choice(ROLE).any[:MAX_ROLE_BLOCKS]
        return is_role and not qualifies_people(ROLE, self.facets.filters, self.facets.choices)

    def _roles(self, name: str, keys: list) -> dict[Any, str]:
        if not keys or not self.facets.facets[name].names_roles:
            return {}
        return {key: roles_in_words(names) for key, names in self.facets.engine.roles_of(name, keys).items()}

    def words(self, name: str) -> tuple[str, str]:
        """Return the words before and after a value: ``("directed by ", "")``."""
        before, _, after = self.phrase(name).having.partition("{}")
        return before or "of ", after

    def phrase(self, name: str) -> Phrase:
        """The words for values of a facet, in the selected roles."""
        return phrase_of(name, self.facets.filters, self.facets.choices, self.labels.selected)
