"""The names of selected values, and what tells people and series of one name apart."""

from collections.abc import Iterable, Mapping
from typing import Any

from catalog.facets.base import MAX_UNKNOWN_LABEL
from catalog.facets.choice import Choice
from catalog.models.namesakes import NOTED_MODELS, namesake_notes


def selected_slugs(choice: Choice) -> list[str]:
    """Return all slugs of a choice, however they are selected."""
    return list(dict.fromkeys(choice.any + choice.all + choice.none))


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

    def read_selected(self) -> None:
        """Read the notes of all selected values."""
        self.read({name: selected_slugs(choice) for name, choice in self.facets.choices.items()})

    def _notes_of(self, name: str) -> dict[str, str]:
        return self._notes.get(getattr(self.facets.facets[name], "target", None), {})

    def label(self, name: str, slug: str, label: str) -> str:
        """The label of a value, whose note was read."""
        note = self._notes_of(name).get(slug)
        return f"{label} ({note})" if note else label

    def labelled(self, name: str, values: list) -> list:
        """The ``FacetValue``s of a facet, whose notes were read, with their labels."""
        notes = self._notes_of(name)
        return [
            value._replace(label=f"{value.label} ({note})") if (note := notes.get(value.slug)) else value
            for value in values
        ]

    def is_in_catalogue(self, name: str, slug: str) -> bool:
        """Whether a selected value exists."""
        return slug in self.facets.resolve(name, selected_slugs(self.facets.choices[name]))

    def in_sentence(self, name: str, slug: str) -> str:
        """The label of a selected value; an unknown one in quotation marks."""
        label = self.selected(name, slug)
        return label if self.is_in_catalogue(name, slug) else f"“{label}”"

    def selected(self, name: str, slug: str) -> str:
        """The label of a selected value, whose note was read; the slug of an unknown one."""
        resolved = self.facets.resolve(name, selected_slugs(self.facets.choices[name]))
        return self.label(name, slug, resolved[slug][2]) if slug in resolved else slug[:MAX_UNKNOWN_LABEL]
