"""What a deletion would remove and what prevents it, with one query for the labels of each record type.

Django's own preview runs queries for each record: 1,200 for a series with 24 episodes, 1,500 for a role.
"""

from collections import defaultdict
from typing import Any

from django.contrib.admin.utils import NestedObjects, quote
from django.db import router
from django.db.models import PROTECT, prefetch_related_objects
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.text import capfirst

MAX_LISTED_BLOCKERS = 100  # a role has 50,000 credits that prevent its deletion


class LimitedNestedObjects(NestedObjects):
    """Django's collector, reading at most MAX_LISTED_BLOCKERS + 1 protected records of a relation."""

    def related_objects(self, related_model, related_fields, objs):
        records = super().related_objects(related_model, related_fields, objs)
        is_protected = all(field.remote_field.on_delete is PROTECT for field in related_fields)
        return records[: MAX_LISTED_BLOCKERS + 1] if is_protected else records


class DeletionLabels:
    """Labels with links for records; ``missing_permissions`` are the types that the user may not delete."""

    def __init__(self, request, admin_site):
        self.request, self.site, self.missing_permissions = request, admin_site, set()

    def __call__(self, record):
        options = record._meta
        name = capfirst(options.verbose_name)
        if not self.site.is_registered(type(record)):
            return f"{name}: {record}"
        if not self.site.get_model_admin(type(record)).has_delete_permission(self.request, record):
            self.missing_permissions.add(options.verbose_name)
        try:
            url_name = f"{self.site.name}:{options.app_label}_{options.model_name}_change"
            url = reverse(url_name, args=[quote(record.pk)])
        except NoReverseMatch:
            return f"{name}: {record}"
        return format_html('{}: <a href="{}">{}</a>', name, url, record)

    def prefetch(self, records):
        """Read what the labels need, for all records of a type at once."""
        by_model = defaultdict(list)
        for record in records:
            by_model[type(record)].append(record)
        for model, instances in by_model.items():
            if self.site.is_registered(model):
                prefetch_related_objects(instances, *(self.site.get_model_admin(model).list_select_related or ()))


def deletion_preview(records, request, admin_site):
    """As Django's ``get_deleted_objects``: (nested labels, totals by type, missing permissions, blockers)."""
    if not records:
        return [], {}, set(), []
    collector = LimitedNestedObjects(using=router.db_for_write(type(records[0])), origin=records)
    collector.collect(records)
    # Rows of many-to-many tables are no records of their own to an editor.
    collector.edges = {
        record: [part for part in parts if not part._meta.auto_created] for record, parts in collector.edges.items()
    }
    labels = DeletionLabels(request, admin_site)
    labels.prefetch(record for instances in collector.model_objs.values() for record in instances)
    nested = collector.nested(labels)
    protected = list(collector.protected)
    labels.prefetch(protected[:MAX_LISTED_BLOCKERS])
    blockers = [labels(record) for record in protected[:MAX_LISTED_BLOCKERS]]
    if len(protected) > MAX_LISTED_BLOCKERS:
        blockers.append("and more")
    by_model: dict[Any, Any] = collector.model_objs
    totals = {
        model._meta.verbose_name_plural: len(instances)
        for model, instances in by_model.items()
        if not model._meta.auto_created
    }
    return nested, totals, labels.missing_permissions, blockers
