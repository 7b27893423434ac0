"""The people of an import: those that exist, and those that are added once something is credited to them."""

from collections.abc import Mapping

from catalog.editing.credits import Subject
from catalog.editing.fitted_text import fit_text
from catalog.editing.ingest.plan import ImportPlan, PlannedPerson, PlannedRecord
from catalog.editing.ingest.stated_people import MAX_KEY_LENGTH
from catalog.editing.ingest.write_context import WriteContext
from catalog.editing.ingest.write_values import ValueWriter
from catalog.editing.person_matching import NEW, save_new_person
from catalog.history.write_rows import ChangeRefused
from catalog.models import Person, RememberedName
from catalog.models.addition import add_records
from catalog.search.tokenizer import name_key


class PeopleWriter:
    """Finds and adds the people of a plan. ChangeRefused if somebody was deleted since it was made."""

    def __init__(self, context: WriteContext, values: ValueWriter, records: Mapping[str, PlannedRecord]) -> None:
        self.context, self._values, self._records = context, values, records
        self._people: dict[str, Person] = {}  # by the key of the plan
        planned = context.plan.people
        existing = Person.objects.in_bulk({person.answer for person in planned.values() if _is_key(person)})
        for key, person in planned.items():
            if isinstance(person.answer, int):
                if person.answer not in existing:
                    raise ChangeRefused([f"“{person.name}” was deleted in the meantime: compare again."])
                self._people[key] = existing[person.answer]

    def find(self, key: str) -> Person | None:
        """The person of a key in the plan, None if they are not settled or not added."""
        return self._people.get(key)

    def find_or_add(self, key: str, subject: Subject) -> Person | None:
        """The person credited on ``subject``; somebody new is added. None if it is not settled who is meant."""
        planned = self.context.plan.people.get(key)
        if key not in self._people and planned is not None and planned.answer == NEW:
            self._people[key] = self._add(planned, subject)
        return self._people.get(key)

    def _add(self, planned: PlannedPerson, subject: Subject) -> Person:
        record = self._records.get(f"person.{planned.key}")
        person = record.record if record is not None else None
        if record is None or not isinstance(person, Person) or person.pk is not None:
            person = Person(name=planned.name)
        else:
            self._values.set_values(record)
        person.name = fit_text(Person, "name", person.name or planned.name)
        self.context.result.added[Person] += 1
        return save_new_person(person, subject, self.context.plan.publishes)

    def remember_answers(self) -> None:
        """Remember who is meant by each name about which an editor was asked, and by each that namesakes share.

        The key of a namesake has the source's page or id, which the catalogue does not record elsewhere.
        """
        plan = self.context.plan
        if plan.series.pk is None or not self._records["series"].may_change:
            return
        answered = {
            key: self._people[key]
            for key, person in plan.people.items()
            if (person.question is not None or key != name_key(person.name))
            and key in self._people
            and len(key) <= MAX_KEY_LENGTH
        }
        remembered = {name.key: name for name in RememberedName.objects.filter(series=plan.series)}
        for key, person in answered.items():
            if key in remembered and remembered[key].person_id != person.pk:
                remembered[key].person = person
                remembered[key].save(update_fields=["person"])
        new = [key for key in answered if key not in remembered]
        add_records([RememberedName(series=plan.series, key=key, person=answered[key]) for key in new])
        if new:
            self.context.result.added[RememberedName] += len(new)


def _is_key(person: PlannedPerson) -> bool:
    return isinstance(person.answer, int)


def check_records_exist(plan: ImportPlan) -> None:
    """Raise ChangeRefused if a record of the plan was deleted in the meantime."""
    keys: dict[type[Person], dict[int, str]] = {}
    for planned in plan.records:
        if planned.record.pk is not None:
            keys.setdefault(type(planned.record), {})[planned.record.pk] = planned.label  # type: ignore[arg-type]
    for model, labels in keys.items():
        existing = model._base_manager.in_bulk(list(labels)).keys()
        if missing := [label for pk, label in labels.items() if pk not in existing]:
            raise ChangeRefused([f"“{missing[0]}” was deleted in the meantime: compare again."])
