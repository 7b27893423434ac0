"""For which facts the sources of an import are cited already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Model

from catalog.models import Citation, Source
from catalog.models.citation import KIND_BY_MODEL

CitedFact = tuple[str, int, str]  # kind of the cited record, its primary key, the field (empty: the whole record)


@dataclass
class CitedFacts:
    """What the record of each source, by its position in an import, is cited for."""

    facts: dict[int, set[CitedFact]] = field(default_factory=dict)

    def is_cited(self, source: int, record: Model | None, name: str) -> bool:
        """True if the source is cited for a field of a record, or for the record as a whole."""
        if record is None or record.pk is None or source not in self.facts:
            return False
        kind = KIND_BY_MODEL[type(record)]
        return not self.facts[source].isdisjoint({(kind, record.pk, name), (kind, record.pk, "")})


def load_cited_facts(sources: dict[int, Source], records: Iterable[Model]) -> CitedFacts:
    """What each source is cited for among the records."""
    cited = CitedFacts({position: set() for position in sources})
    positions: dict[int, list[int]] = defaultdict(list)  # two sources of an import may have one record
    for position, source in sources.items():
        positions[source.pk].append(position)
    keys: dict[str, set[int]] = defaultdict(set)
    for record in records if sources else ():
        keys[KIND_BY_MODEL[type(record)]].add(record.pk)
    for kind, primary_keys in keys.items():
        citations = Citation.objects.filter(source__in=positions, claim="", **{f"{kind}__isnull": False})
        for source_key, pk, name in citations.order_by().values_list("source", kind, "field"):
            for position in positions[source_key] if pk in primary_keys else ():
                cited.facts[position].add((kind, pk, name))
    return cited
