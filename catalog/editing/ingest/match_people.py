"""Say who is meant by the people of an import: somebody of the catalogue, a new person, or a question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from catalog.editing.episode_plan import PERSON_FIELD_PREFIX
from catalog.editing.ingest.plan import PlannedPerson
from catalog.editing.ingest.similar_people import similar_people_by_name
from catalog.editing.ingest.stated_people import Marks, StatedPerson, contradict
from catalog.editing.person_matching import (
    MAX_SUGGESTED_PEOPLE,
    NEW,
    PersonAnswer,
    PersonQuestion,
    person_choices,
    person_labels,
)
from catalog.models import ExternalId, RememberedName, Series
from catalog.models.compiled_query import batches
from catalog.search.names import ids_by_name_key


@dataclass
class Candidates:
    """The people of the catalogue among whom those of an import may be."""

    by_id: dict[tuple[str, str], int] = field(default_factory=dict)  # (scheme, value)
    by_name: dict[str, list[int]] = field(default_factory=dict)  # by name key, the most credited first
    similar: dict[str, list[int]] = field(default_factory=dict)  # by name key, of names that nobody has
    ids: dict[int, Marks] = field(default_factory=lambda: defaultdict(dict))  # by person
    remembered: dict[str, int] = field(default_factory=dict)  # by key in ``ImportPlan.people``

    @classmethod
    def load(cls, people: Collection[StatedPerson], series: Series | None) -> Candidates:
        """Read everybody with an identifier or a name that is stated, or with a similar name."""
        candidates = cls()
        names = {key: name for person in people for key, name in person.names.items()}
        values = {value for person in people for values in person.marks.values() for value in values}
        for batch in batches(values):
            rows = ExternalId.objects.filter(person__isnull=False, value__in=batch).order_by()
            candidates.by_id |= {(scheme, value): pk for scheme, value, pk in rows.values_list(*ID_COLUMNS)}
        candidates.by_name = ids_by_name_key("person", names)
        unknown = {person.key: person.name for person in people if not candidates.with_name(person)}
        candidates.similar = similar_people_by_name(unknown)
        if series is not None and series.pk is not None:
            candidates.remembered = dict(RememberedName.objects.filter(series=series).values_list("key", "person"))
        lists = (*candidates.by_name.values(), *candidates.similar.values(), candidates.remembered.values())
        for people_batch in batches({pk for pks in lists for pk in pks}):
            rows = ExternalId.objects.filter(person__in=people_batch).order_by()
            for scheme, value, pk in rows.values_list(*ID_COLUMNS):
                candidates.ids[pk].setdefault(scheme, set()).add(value)
        return candidates

    def with_id(self, person: StatedPerson) -> list[int]:
        """Those with a stated identifier."""
        marks = [(scheme, value) for scheme, values in person.marks.items() for value in sorted(values)]
        return list(dict.fromkeys(self.by_id[mark] for mark in marks if mark in self.by_id))

    def with_name(self, person: StatedPerson) -> list[int]:
        """Those with the name or another spelling, but without those of whom another identifier is recorded."""
        pks = dict.fromkeys(pk for key in person.names for pk in self.by_name.get(key, ()))
        return [pk for pk in pks if not contradict(person.marks, self.ids[pk])]

    def with_similar_name(self, person: StatedPerson) -> list[int]:
        """Those with a similar name, likewise."""
        return [pk for pk in self.similar.get(person.key, ()) if not contradict(person.marks, self.ids[pk])]


ID_COLUMNS = ("scheme", "value", "person")


def match_people(
    people: Collection[StatedPerson], series: Series | None, credited: Collection[int], answers: Mapping[str, str]
) -> dict[str, PlannedPerson]:
    """Who is meant by each of ``people``, by key. ``credited`` are those with a credit on the series.

    ``answers`` has what an editor answered by key: a primary key, or NEW.
    """
    candidates = Candidates.load(people, series)
    planned, suggested = {}, {}
    for person in people:
        answer, choices = _settle(person, candidates, credited)
        planned[person.key] = PlannedPerson(person.key, person.name, answer, claims=person.claims())
        if choices is not None:
            suggested[person.key] = choices
    labels = person_labels({pk for choices in suggested.values() for pk in choices})
    for key, choices in suggested.items():
        _ask(planned[key], [pk for pk in choices if pk in labels], labels, answers.get(key, ""))
    return planned


def _settle(
    person: StatedPerson, candidates: Candidates, credited: Collection[int]
) -> tuple[PersonAnswer | None, list[int] | None]:
    """(who is meant, people to choose from); there is nobody to choose from where nobody has to be asked."""
    with_id = candidates.with_id(person)
    if with_id:
        return (with_id[0], None) if len(with_id) == 1 else (None, with_id)
    with_name = candidates.with_name(person)
    remembered = candidates.remembered.get(person.key)
    if remembered is not None and not contradict(person.marks, candidates.ids[remembered]):
        return remembered, None
    on_series = [pk for pk in with_name if pk in credited]
    if len(on_series) == 1 and not person.has_namesake:
        return on_series[0], None
    choices = (with_name or candidates.with_similar_name(person))[:MAX_SUGGESTED_PEOPLE]
    if choices or "&" in person.name:  # a couple is no single person
        return None, choices
    return NEW, None


def _ask(person: PlannedPerson, choices: Iterable[int], labels: Mapping[int, str], answer: str) -> None:
    """Add the question, and the answer if it is one of the choices."""
    options = person_choices(person.name, choices, labels)
    if answer in dict(options):
        person.answer = NEW if answer == NEW else int(answer)
    person.question = PersonQuestion(f"{PERSON_FIELD_PREFIX}{person.key}", person.name, options, answer)
