"""What would go with a record, and what stands in the way: told as Django tells it, but read a kind at a time.

Django's own names each record by queries of its own: 1,200 for a series of 24 episodes, 1,500 for a role.
"""

from collections import defaultdict

from django.contrib.admin.utils import NestedObjects, quote
from django.db import router
from django.db.models import PROTECT, prefetch_related_objects
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.text import capfirst

MAX_LISTED_BLOCKERS = 100  # records in the way that are told; nobody reads on, and a role has 50,000 credits


class LimitedNestedObjects(NestedObjects):
    """All that would go. Of what only stands in the way no more is read than is told."""

    def related_objects(self, related_model, related_fields, objs):
        """The records that lead to those that go."""
        found = super().related_objects(related_model, related_fields, objs)
        kept = all(field.remote_field.on_delete is PROTECT for field in related_fields)
        return found[: MAX_LISTED_BLOCKERS + 1] if kept else found


class DeletionLabels:
    """Words and links for records, and what rights the user lacks to delete them."""

    def __init__(self, request, admin_site):
        self.request, self.site, self.lacking = request, admin_site, set()

    def __call__(self, record):
        options = record._meta
        kind = capfirst(options.verbose_name)
        if not self.site.is_registered(type(record)):
            return f"{kind}: {record}"
        if not self.site.get_model_admin(type(record)).has_delete_permission(self.request, record):
            self.lacking.add(options.verbose_name)
        try:
            name = f"{self.site.name}:{options.app_label}_{options.model_name}_change"
            address = reverse(name, args=[quote(record.pk)])
        except NoReverseMatch:
            return f"{kind}: {record}"
        return format_html('{}: <a href="{}">{}</a>', kind, address, record)

    def read_names(self, records):
        """What names the records, for all of a kind at once: what their lists read."""
        kinds = defaultdict(list)
        for record in records:
            kinds[type(record)].append(record)
        for model, found in kinds.items():
            if self.site.is_registered(model):
                prefetch_related_objects(found, *(self.site.get_model_admin(model).list_select_related or ()))


def deletion_preview(records, request, admin_site):
    """As Django's ``get_deleted_objects``: (what goes, how many, rights lacking, what is in the way)."""
    if not records:
        return [], {}, set(), []
    collector = LimitedNestedObjects(using=router.db_for_write(type(records[0])), origin=records)
    collector.collect(records)
    told = DeletionLabels(request, admin_site)
    told.read_names(record for found in collector.model_objs.values() for record in found)
    lines = collector.nested(told)
    protected = list(collector.protected)
    told.read_names(protected[:MAX_LISTED_BLOCKERS])
    in_the_way = [told(record) for record in protected[:MAX_LISTED_BLOCKERS]]
    if len(protected) > MAX_LISTED_BLOCKERS:
        in_the_way.append("and more")
    totals = {model._meta.verbose_name_plural: len(found) for model, found in collector.model_objs.items()}
    return lines, totals, told.lacking, in_the_way
