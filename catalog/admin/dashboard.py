"""The first page of the admin: decisions, completeness, recent edits, the user's drafts, scheduled records."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from catalog.admin.base import admin_link
from catalog.admin.source_import.links import LABEL, import_url, may_import
from catalog.models import Change, Edit, Episode, Person, Series, Source
from catalog.models.base import with_label_relations
from catalog.models.publication import PUBLISHED_MODELS
from catalog.quality.rules import COMPLETENESS, DECISIONS, RULES, Rule, count_by_model, count_by_rule

DASHBOARD_ROWS = 8


def admin_page(model, name):
    """The URL of an admin page of ``model``."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}")


@dataclass(frozen=True)
class RuleCount:
    """A quality rule, the number of records it finds, and the number of all records, as they were ``counted_at``.

    The numbers are None while they are counted for the first time; ``counted_at`` is None if they are current.
    """

    rule: Rule
    count: int | None
    total: int | None
    counted_at: datetime | None

    @property
    def title(self):
        """What the rule finds: “People: similar names”."""
        return f"{capfirst(self.rule.model._meta.verbose_name_plural)}: {self.rule.label.lower()}"

    @property
    def url(self):
        """The list of the records that the rule finds."""
        return f"{admin_page(self.rule.model, 'changelist')}?quality={self.rule.name}"

    @property
    def complete_count(self):
        """The number of records that the rule does not find; None if it is not known yet."""
        return None if self.count is None or self.total is None else max(self.total - self.count, 0)

    @property
    def summary(self):
        """How many records are complete, for the line of the rule."""
        return "being counted" if self.complete_count is None else f"{self.complete_count} of {self.total}"

    @property
    def percent(self):
        """The share of ``complete_count``; 100.0 only if the rule finds nothing."""
        share = 100 * (self.complete_count or 0) / self.total if self.total else 100
        return f"{share:.1f}" if not 99.9 < share < 100 else "99.9"


class Dashboard:
    """What the page shows beside the lists, as far as the user may view it. Queries do not grow with the catalogue."""

    def __init__(self, request):
        self.request = request
        rules = [rule for rule in RULES if self._may("view", rule.model)]
        counts, totals = count_by_rule(rules), count_by_model(rules)
        self.rule_counts = []
        for rule in rules:
            count, total = counts[rule], totals[rule.model]
            self.rule_counts.append(RuleCount(rule, count.value, total.value, count.counted_at or total.counted_at))

    def _may(self, action, model):
        return getattr(admin.site.get_model_admin(model), f"has_{action}_permission")(self.request)

    def decisions(self):
        """Rules that found something an editor has to decide, most records first."""
        counts = [count for count in self.rule_counts if count.rule in DECISIONS and count.count]
        return sorted(counts, key=lambda count: -count.count)

    def is_counting_decisions(self):
        """Whether the records of some rule that needs decisions were never counted."""
        return any(count.rule in DECISIONS and count.count is None for count in self.rule_counts)

    def completeness(self):
        """Rules about missing data, of the models that have records."""
        return [count for count in self.rule_counts if count.rule in COMPLETENESS and count.total != 0]

    def counted_at(self):
        """When the oldest number that is out of date was counted; None if all are current."""
        return min((count.counted_at for count in self.rule_counts if count.counted_at), default=None)

    def add_links(self):
        """(label, URL) of the most used add forms, and of the import from sources."""
        models = [model for model in (Series, Episode, Person, Source) if self._may("add", model)]
        links = [(f"Add {model._meta.verbose_name}", admin_page(model, "add")) for model in models]
        return [*links, (LABEL, import_url())] if may_import(self.request.user) else links

    def edits(self):
        """The last edits, one line each, with the label of the main record and the number of changes."""
        if not self._may("view", Edit):
            return ()
        return admin.site.get_model_admin(Edit).get_queryset(self.request).order_by("-pk")[:DASHBOARD_ROWS]

    def edits_url(self):
        return admin_page(Edit, "changelist")

    def deleted_records_url(self):
        return admin_page(Change, "deleted")

    def _published_records(self, narrow):
        """The records that ``narrow`` selects from a queryset of each published model."""
        models = [model for model in PUBLISHED_MODELS.values() if self._may("view", model)]
        return [record for model in models for record in narrow(with_label_relations(model.objects.order_by()))]

    def drafts(self):
        """Drafts that the user has edited in the admin, the newest of each type first."""

        def own_drafts(records):
            content_type = ContentType.objects.get_for_model(records.model)
            entries = LogEntry.objects.filter(user=self.request.user, content_type=content_type).order_by()
            keys = entries.values(key=Cast("object_id", BigIntegerField()))
            return records.filter(published_at__isnull=True, pk__in=keys).order_by("-pk")[:DASHBOARD_ROWS]

        return [self._entry(record) for record in self._published_records(own_drafts)][:DASHBOARD_ROWS]

    def scheduled(self):
        """Records with a publication time in the future, the next first."""

        def scheduled(records):
            return records.filter(published_at__gt=timezone.now()).order_by("published_at", "pk")[:DASHBOARD_ROWS]

        records = sorted(self._published_records(scheduled), key=lambda record: record.published_at)
        return [self._entry(record) for record in records[:DASHBOARD_ROWS]]

    @staticmethod
    def _entry(record):
        return {"at": record.published_at, "type": record._meta.verbose_name, "link": admin_link(record)}
