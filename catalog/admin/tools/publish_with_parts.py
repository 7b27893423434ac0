"""Publish series or seasons together with all their parts: seasons, episodes, people and companies credited."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from catalog.admin.edits import record_request_edit
from catalog.admin.tools.base import RecordToolsMixin
from catalog.editing.publishing import publish_drafts, publishable_parts
from catalog.models import Season
from catalog.models.base import with_label_relations
from catalog.models.edit import Edit

MAX_LISTED_DRAFTS = 12  # per model
MAX_BULK_SERIES = 20  # series or seasons at once


@dataclass
class DraftList:
    """The drafts of one model: their number, the first names, how many more there are; and the scheduled records."""

    label: str
    count: int
    names: list[str]
    remaining: int
    scheduled: int


def list_drafts(queryset: QuerySet[Any]) -> DraftList:
    """Count and name the drafts of a queryset."""
    drafts = queryset.filter(published_at=None)
    scheduled = queryset.filter(published_at__gt=timezone.now()).count()
    count, options = drafts.count(), queryset.model._meta
    names = [str(record) for record in with_label_relations(drafts).order_by("pk")[:MAX_LISTED_DRAFTS]]
    label = str(options.verbose_name if count == 1 else options.verbose_name_plural)
    return DraftList(label, count, names, max(0, count - MAX_LISTED_DRAFTS), scheduled)


class PublishWithPartsMixin(RecordToolsMixin):
    """Adds the changelist action to the ModelAdmins of series and seasons."""

    actions = ("publish", "publish_with_parts", "unpublish")

    @admin.action(
        description="Publish the selected %(verbose_name_plural)s with all their parts", permissions=["publish"]
    )
    def publish_with_parts(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """List the drafts; publish them once that is confirmed. Scheduled records stay scheduled."""
        records = list(queryset[: MAX_BULK_SERIES + 1])
        if len(records) > MAX_BULK_SERIES:
            self.message_user(request, f"At most {MAX_BULK_SERIES} at once: nothing was published.", messages.ERROR)
            return None
        pks = [record.pk for record in records]
        parts = publishable_parts(self.model, pks)
        if "publish_sent" in request.POST:
            self._publish(request, records, parts)
            return HttpResponseRedirect(request.get_full_path())
        draft_lists = [list_drafts(part) for part in parts]
        total = sum(drafts.count for drafts in draft_lists)
        subject = records[0] if len(records) == 1 else f"{len(records)} {self.opts.verbose_name_plural}"
        hidden_series = [
            record.series for record in records if isinstance(record, Season) and not record.series.is_published
        ]
        return self.render_tool(
            request,
            "publish_with_parts",
            f"Publish {subject} and all its parts" if len(records) == 1 else f"Publish {subject} and all their parts",
            draft_lists=draft_lists,
            total=total,
            submit_label=f"Publish {total} record{'' if total == 1 else 's'}",
            hidden_series=list(dict.fromkeys(hidden_series)),
            action="publish_with_parts",
            selected=pks,
            selected_name=ACTION_CHECKBOX_NAME,
        )

    def _publish(self, request: HttpRequest, records: list[Any], parts: list[QuerySet[Any]]) -> None:
        names = ", ".join(map(str, records))
        with record_request_edit(request, Edit.Kind.BULK, default_summary=f"Published with all parts: {names}"):
            counts = publish_drafts(parts)
            for record in records:
                self.log_change(request, record, "Published with all its parts.")
        published = [
            f"{count} {model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural}"
            for model, count in counts.items()
        ]
        message = f"Published: {', '.join(published)}." if published else "There was no draft to publish."
        self.message_user(request, message, messages.SUCCESS if published else messages.WARNING)
