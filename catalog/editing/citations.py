"""Cite one source for several facts of several records."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from catalog.models import CITABLE_MODELS, Citation

# The names of Citation's foreign keys.
KIND_BY_MODEL: dict[type[Model], str] = {model: kind for kind, model in CITABLE_MODELS.items()}
WHOLE_RECORD = "-"  # in a form, where a field's name would be; Citation.field is empty then


@dataclass
class CitationCounts:
    """How many citations were added, and how many existed."""

    added: int = 0
    existing: int = 0


def add_citations(records: Sequence[Model], facts: Collection[str], values: Mapping[str, Any]) -> CitationCounts:
    """Cite a source for every fact of every record, all of one model.

    ``facts`` are names of fields or WHOLE_RECORD; ``values`` are the other fields of Citation, with ``source`` and
    ``locator``. A citation of the same fact, source and locator is left as it is.
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
            else:
                Citation.objects.create(field=field, **{kind: record}, **values)
                counts.added += 1
    return counts
