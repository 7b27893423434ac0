"""External ids that cannot be taken, as another record has them."""

from __future__ import annotations

from collections.abc import Iterator

from catalog.editing.ingest.plan import Cell, FactKind, ImportPlan, PlannedRecord, State
from catalog.models import ExternalId
from catalog.models.compiled_query import batches


def refuse_ids_of_others(plan: ImportPlan) -> None:
    """Note of each stated id that another record of the catalogue, or an earlier one of the plan, has it."""
    stated = list(_stated_ids(plan))
    owners: dict[tuple[str, str, str], tuple[int, str]] = {}  # (primary key, label) by (kind, scheme, value)
    for values in batches(dict.fromkeys(str(cell.value) for _, _, cell in stated)):
        rows = ExternalId.objects.filter(value__in=values)
        for row in rows.select_related("series", "season__series", "episode__season__series", "person"):
            owner = row.series or row.season or row.episode or row.person
            if owner is not None:
                owners[str(owner._meta.model_name), row.scheme, row.value] = owner.pk, str(owner)
    planned_owners: dict[tuple[str, str, str], PlannedRecord] = {}
    for planned, scheme, cell in stated:
        identifier = (str(planned.record._meta.model_name), scheme, str(cell.value))
        owner_key, label = owners.get(identifier, (planned.record.pk, ""))
        first = planned_owners.setdefault(identifier, planned)
        if owner_key != planned.record.pk or first is not planned:
            cell.state, cell.may_tick, cell.is_ticked = State.DIFFERS, False, False
            cell.note = f"{label or first.label} has this id."


def _stated_ids(plan: ImportPlan) -> Iterator[tuple[PlannedRecord, str, Cell]]:
    """(record, scheme, cell) of each stated id."""
    for planned in plan.records:
        for fact in planned.facts:
            if fact.kind is FactKind.EXTERNAL_ID:
                yield from ((planned, fact.name, cell) for cell in fact.cells)
