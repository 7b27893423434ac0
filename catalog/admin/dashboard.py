"""The desk's first page: what needs a decision, what is missing, what happened last and what happens next."""

from dataclasses import dataclass

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from catalog.admin.base import admin_link
from catalog.models import Change, Company, Episode, Person, Season, Series, Source
from catalog.quality.rules import COMPLETENESS, DECISIONS, RULES, Rule, count_by_model, count_by_rule

DASHBOARD_ROWS = 8  # lines of a list
PUBLISHED_MODELS = {
    Series: (),
    Season: ("series",),
    Episode: ("season__series",),
    Person: (),
    Company: (),
}  # what names them


def admin_page(model, name):
    """The address of a page of the desk of ``model``."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}")


@dataclass(frozen=True)
class RuleCount:
    """A rule with how many of all records it finds."""

    rule: Rule
    count: int
    total: int

    @property
    def title(self):
        """What it finds: “People: similar names”."""
        return f"{capfirst(self.rule.model._meta.verbose_name_plural)}: {self.rule.label.lower()}"

    @property
    def address(self):
        """The list of the records that it finds."""
        return f"{admin_page(self.rule.model, 'changelist')}?quality={self.rule.name}"

    @property
    def complete_count(self):
        """How many records are as they should be."""
        return self.total - self.count

    @property
    def percent(self):
        """The others, for a bar: full only when nothing is missing."""
        share = 100 * self.complete_count / self.total if self.total else 100
        return f"{share:.1f}" if not 99.9 < share < 100 else "99.9"


class Dashboard:
    """All that the page shows besides the lists of the desk, as far as the user may see it.

    It asks the database as often for one record as for a million.
    """

    def __init__(self, request):
        self.request = request
        rules = [rule for rule in RULES if self._may("view", rule.model)]
        found, there = count_by_rule(rules), count_by_model(rules)
        self.lines = [RuleCount(rule, found[rule], there[rule.model]) for rule in rules]

    def _may(self, action, model):
        return getattr(admin.site.get_model_admin(model), f"has_{action}_permission")(self.request)

    def decisions(self):
        """Rules that find something on which an editor has to decide, most records first."""
        lines = [line for line in self.lines if line.rule in DECISIONS and line.count]
        return sorted(lines, key=lambda line: -line.count)

    def completeness(self):
        """Rules about what is missing, of the kinds of which there is anything."""
        return [line for line in self.lines if line.rule in COMPLETENESS and line.total]

    def additions(self):
        """What is added most: name and address of the form."""
        models = [model for model in (Series, Episode, Person, Source) if self._may("add", model)]
        return [(model._meta.verbose_name, admin_page(model, "add")) for model in models]

    def changes(self):
        """The last entries of the change log, as its own list words them, with who and why."""
        desk = admin.site.get_model_admin(Change)
        entries = (
            Change.objects.select_related("edit").order_by("-pk")[:DASHBOARD_ROWS] if self._may("view", Change) else []
        )
        return [
            {
                "at": entry.at,
                "action": entry.get_action_display(),
                "kind": desk.kind_name(entry),
                "record": desk.record(entry),
                "fields": ", ".join(name.removesuffix("_id").replace("_", " ") for name in entry.fields),
                "by": entry.edit.by if entry.edit else "",
                "reason": entry.edit.reason if entry.edit else "",
                "history": desk.history_url(entry),
            }
            for entry in entries
        ]

    def deleted(self):
        """The address of what was deleted and can be recovered."""
        return admin_page(Change, "deleted")

    def all_changes(self):
        """The address of the change log."""
        return admin_page(Change, "changelist")

    def _of_each_kind(self, narrow):
        """The first records of each kind that may be seen, of those that ``narrow`` leaves of them."""
        models = [model for model in PUBLISHED_MODELS if self._may("view", model)]
        readings = [model.objects.order_by().select_related(*(PUBLISHED_MODELS[model] or (None,))) for model in models]
        return [record for reading in readings for record in narrow(reading)]

    def drafts(self):
        """Drafts that the user has worked on at the desk, the newest of each kind first."""

        def own(records):
            kind = ContentType.objects.get_for_model(records.model)
            entries = LogEntry.objects.filter(user=self.request.user, content_type=kind).order_by()
            keys = entries.values(key=Cast("object_id", BigIntegerField()))
            return records.filter(published_at__isnull=True, pk__in=keys).order_by("-pk")[:DASHBOARD_ROWS]

        return [self._line(record) for record in self._of_each_kind(own)][:DASHBOARD_ROWS]

    def upcoming(self):
        """What visitors will see next, with the moment."""

        def coming(records):
            return records.filter(published_at__gt=timezone.now()).order_by("published_at", "pk")[:DASHBOARD_ROWS]

        records = sorted(self._of_each_kind(coming), key=lambda record: record.published_at)
        return [self._line(record) for record in records[:DASHBOARD_ROWS]]

    @staticmethod
    def _line(record):
        return {"at": record.published_at, "kind": record._meta.verbose_name, "record": admin_link(record)}
