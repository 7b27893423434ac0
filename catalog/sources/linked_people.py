"""People of an article by the pages that it links: two spellings with one page are one person."""

import re
from collections import defaultdict
from collections.abc import Mapping

from catalog.sources.person_names import SUFFIX
from catalog.sources.series_claims import PersonClaim

QUALIFIER = re.compile(r"\s+\([^()]*\)$")  # of “Mako (actor)”
SEVERAL_PEOPLE = re.compile(r"\s(?:and|&)\s|,\s(?!(?:Jr|Sr|II|III|IV)\b)")


def words_of(name: str) -> set[str]:
    """The words of a name, without one-letter initials."""
    return {word for word in re.findall(r"\w+", name.casefold()) if len(word) > 1}


class LinkedPeople:
    """``pages``: for each label of a link, the titles of the pages behind it."""

    def __init__(self, pages: Mapping[str, set[str]]) -> None:
        self._pages: dict[str, str] = {}
        self._labels: dict[str, set[str]] = defaultdict(set)
        for label, titles in pages.items():
            people = [title for title in titles if self._is_person_page(label, title)]
            renamed = [title for title in people if QUALIFIER.sub("", title) != label]
            if len(people) > len(renamed) == 1 and label in people:
                people = renamed  # “Anthony Stewart Head” leads to “Anthony Head” as well
            if len(people) == 1:
                self._pages[SUFFIX.sub(" ", label)] = people[0]
                self._labels[people[0]].add(label)

    @staticmethod
    def _is_person_page(label: str, title: str) -> bool:
        """False for a page about two people, and for a page of another name altogether."""
        name = QUALIFIER.sub("", title)
        return not SEVERAL_PEOPLE.search(name) and bool(words_of(label) & words_of(name))

    def claim(self, name: str) -> PersonClaim:
        """The person of this name, with other spellings and the page, if the article links one."""
        page = self._pages.get(name, "")
        if not page:
            return PersonClaim(name)
        spellings = {QUALIFIER.sub("", page), *self._labels[page]} - {name}
        alike = (spelling for spelling in spellings if len(words_of(spelling)) > 1 or len(words_of(name)) == 1)
        return PersonClaim(name, other_names=tuple(sorted(alike)), page=page)
