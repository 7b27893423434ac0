"""Cite one source for several facts of several records; facts in words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, prefetch_related_objects

from catalog.history.diff import EMPTY_WORD, format_value
from catalog.models import Citation
from catalog.models.citation import KIND_BY_MODEL, citable_fields

WHOLE_RECORD = "-"  # in a form, where a field's name would be; Citation.field is empty then


@dataclass
class CitationCounts:
    """How many citations were added, how many existed, and how many facts are empty and cannot be cited."""

    added: int = 0
    existing: int = 0
    empty: int = 0


def value_in_words(record: Model, name: str, value: Any) -> str:
    """A value of a field in words, as the history has it; EMPTY_WORD for none. Of rows, their number."""
    column: Any = record._meta.get_field(name)
    if column.one_to_many:
        return str(len(value)) if value else EMPTY_WORD
    if column.many_to_many:
        return ", ".join(sorted(map(str, value))) or EMPTY_WORD
    return format_value(column, value, str(value))


def fact_in_words(record: Model, name: str) -> str:
    """A fact of a record in words, EMPTY_WORD if nothing is recorded."""
    column = record._meta.get_field(name)
    value = getattr(record, name)
    return value_in_words(record, name, value.all() if column.one_to_many or column.many_to_many else value)


def is_recorded(record: Model, name: str) -> bool:
    """True if a fact of a record is not empty, for a box: if it is ticked."""
    return getattr(record, name) is not False and fact_in_words(record, name) != EMPTY_WORD


def recorded_facts(records: Sequence[Model]) -> dict[str, tuple[str, list[str]]]:
    """{field: (label, values in words)} of the citable facts of records, all of one model; empty ones are left out.

    One query per relation, however many records there are.
    """
    model = type(records[0])
    labels = dict(citable_fields(model))
    prefetch_related_objects(records, *(name for name in labels if model._meta.get_field(name).is_relation))
    facts = {}
    for name, label in labels.items():
        values = [fact_in_words(record, name) for record in records if is_recorded(record, name)]
        if values:
            facts[name] = label, values
    return facts


def add_citations(records: Sequence[Model], facts: Collection[str], values: Mapping[str, Any]) -> CitationCounts:
    """Cite a source for every fact of every record, all of one model.

    ``facts`` are names of fields or WHOLE_RECORD; ``values`` are the other fields of Citation, with ``source`` and
    ``locator``. A citation of the same fact, source and locator is left as it is. A fact that is empty is not cited.
    """
    kind, counts = KIND_BY_MODEL[type(records[0])], CitationCounts()
    same_place = Citation.objects.filter(
        source=values["source"], locator=values["locator"], **{f"{kind}__in": records}
    ).order_by()
    existing = set(same_place.values_list(f"{kind}_id", "field"))
    for record in records:
        for fact in facts:
            field = "" if fact == WHOLE_RECORD else fact
            if (record.pk, field) in existing:
                counts.existing += 1
            elif field and not is_recorded(record, field):
                counts.empty += 1
            else:
                Citation.objects.create(field=field, **{kind: record}, **values)
                counts.added += 1
    return counts
