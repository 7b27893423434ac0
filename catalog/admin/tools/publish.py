"""Publish records; ask first where drafts belong to them or a schedule would be overwritten."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import dateformat, timezone
from django.utils.html import format_html

from catalog.admin.edits import record_request_edit
from catalog.admin.history.confirmation import FINGERPRINT_FIELD
from catalog.admin.tools.base import RecordToolsMixin, tool_url
from catalog.editing.fingerprint import STALE_PREVIEW_MESSAGE, fingerprint
from catalog.editing.permissions import may_publish
from catalog.editing.publishing import hidden_owners, publish, publishable_parts
from catalog.models import Season
from catalog.models.base import Published, PublishedQuerySet, with_label_relations
from catalog.models.edit import Edit

MAX_LISTED_DRAFTS = 12  # per model
MAX_BULK_RECORDS = 50  # at once with their parts: a page of the list


@dataclass
class DraftList:
    """The drafts of one model: their number, the first names, how many more there are; and the scheduled records."""

    label: str
    count: int
    names: list[str]
    remaining: int
    scheduled: int


def list_drafts(queryset: PublishedQuerySet) -> DraftList:
    """Count and name the drafts of a queryset."""
    drafts, scheduled = queryset.drafts(), queryset.scheduled().count()
    count, options = drafts.count(), queryset.model._meta
    names = [str(record) for record in with_label_relations(drafts).order_by("pk")[:MAX_LISTED_DRAFTS]]
    label = str(options.verbose_name if count == 1 else options.verbose_name_plural)
    return DraftList(label, count, names, max(0, count - MAX_LISTED_DRAFTS), scheduled)


def count_records(counts: dict[type[Model], int]) -> str:
    """``1 series, 8 episodes``."""
    labels = (
        (count, model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural)
        for model, count in counts.items()
    )
    return ", ".join(f"{count} {label}" for count, label in labels)


def format_time(time: datetime) -> str:
    """A time of publication with its time zone: ``3 December 2026, 10:00 (UTC)``."""
    local = timezone.localtime(time)
    return f"{dateformat.format(local, 'j F Y, H:i')} ({timezone.get_current_timezone_name()})"


class PublishMixin(RecordToolsMixin):
    """Adds the changelist actions, the tool ``<pk>/publish/``, and a message after a form that publishes."""

    def tool_views(self):
        return {"publish": self.publish_view} | super().tool_views()

    def tool_links(self, request, record):
        """Add a link to publish a draft or a scheduled record."""
        links = super().tool_links(request, record)
        may_do_so = may_publish(request.user) and not record.is_published
        return [("../publish/", "Publish"), *links] if may_do_so else links

    @admin.action(description="Publish the selected %(verbose_name_plural)s now", permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: PublishedQuerySet) -> HttpResponse | None:
        """Publish; first list drafts that belong to the records, and those whose schedule would be overwritten."""
        unpublished = queryset.unpublished()
        pks = list(unpublished.values_list("pk", flat=True)[: MAX_BULK_RECORDS + 1])
        if len(pks) > MAX_BULK_RECORDS:  # too many to list what belongs to them
            self._publish(request, [unpublished.drafts()], "Published from the list")
            if scheduled := unpublished.scheduled().count():
                text = f"Unchanged, because scheduled: {count_records({self.model: scheduled})}."
                self.message_user(request, text, messages.WARNING)
            return None
        records, *parts = publishable_parts(self.model, pks)
        has_draft_parts = any(part.drafts().exists() for part in parts)
        has_questions = has_draft_parts or records.scheduled().exists()
        if has_questions or "publish_sent" in request.POST:
            return self._confirm_or_publish(request, pks, request.get_full_path(), action="publish")
        self._publish(request, [records], "Published")
        return None

    @admin.action(
        description="Publish the selected %(verbose_name_plural)s with all their parts", permissions=["publish"]
    )
    def publish_with_parts(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """List the drafts; publish them once that is confirmed. Scheduled parts stay scheduled."""
        pks = list(queryset.values_list("pk", flat=True)[: MAX_BULK_RECORDS + 1])
        if len(pks) > MAX_BULK_RECORDS:
            self.message_user(request, f"At most {MAX_BULK_RECORDS} at once: nothing was published.", messages.ERROR)
            return None
        return self._confirm_or_publish(request, pks, request.get_full_path(), action="publish_with_parts")

    def publish_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The same page for one record."""
        record = self.get_changeable(request, object_id)
        if not may_publish(request.user):
            raise PermissionDenied
        back_url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[record.pk])
        return self._confirm_or_publish(request, [record.pk], back_url, record=record)

    def save_related(self, request, form, formsets, change):
        """Save the rows, then name the drafts that belong to a record that the form has published or scheduled."""
        super().save_related(request, form, formsets, change)
        seasons = [row for formset in formsets if formset.model is Season for row in formset.forms]
        for saved in [form] if "published_at" in form.changed_data else seasons:
            record = saved.instance
            if "published_at" in saved.changed_data and record.pk and record.published_at:
                self._warn_about_drafts(request, record)

    def _warn_about_drafts(self, request: HttpRequest, record: Any) -> None:
        for owner in hidden_owners(record):
            text = f"Visitors see nothing of “{record}” until {owner} is published."
            self.message_user(request, text, messages.WARNING)
        parts = publishable_parts(type(record), [record.pk])[1:]
        drafts = {part.model: part.drafts().count() for part in parts}
        if text := count_records({model: count for model, count in drafts.items() if count}):
            state = "published" if record.is_published else f"scheduled for {format_time(record.published_at)}"
            message = '“{}” is {}. Drafts that belong to it are not: {}. <a href="{}">Choose what happens to them</a>'
            self.message_user(
                request, format_html(message, record, state, text, tool_url(record, "publish")), messages.WARNING
            )

    def _confirm_or_publish(self, request: HttpRequest, pks: list[int], back_url: str, **context: Any) -> HttpResponse:
        """The page that lists what would be published, or a redirect once one of its buttons was pressed.

        If the records or their drafts are no longer those that the page listed, it is shown again.
        """
        records, *parts = publishable_parts(self.model, pks)
        unpublished = records.unpublished()
        draft_parts = [part.drafts() for part in parts]
        selected: list[Published] = list(with_label_relations(records))
        times = {record.published_at for record in selected if record.published_at and not record.is_published}
        schedule = times.pop() if len(times) == 1 and all(record.published_at for record in selected) else None
        keys = [sorted(queryset.values_list("pk", flat=True)) for queryset in (unpublished, *draft_parts)]
        context["fingerprint"] = fingerprint(keys, schedule)
        if "publish_sent" in request.POST and request.POST.get(FINGERPRINT_FIELD) != context["fingerprint"]:
            context["error"] = STALE_PREVIEW_MESSAGE
        elif "publish_sent" in request.POST:
            names = ", ".join(map(str, selected))
            scope = request.POST.get("scope")
            if scope == "schedule" and schedule:
                summary = f"Scheduled all parts: {names}"
                self._publish(request, draft_parts, summary, schedule)
            elif scope == "selected":
                self._publish(request, [unpublished], f"Published: {names}")
            else:
                self._publish(request, [unpublished, *draft_parts], f"Published with all parts: {names}")
            return HttpResponseRedirect(back_url)
        return self._publish_page(
            request, selected, [list_drafts(part) for part in (records, *parts)], schedule, **context
        )

    def _publish_page(
        self,
        request: HttpRequest,
        selected: list[Any],
        draft_lists: list[DraftList],
        schedule: datetime | None,
        **context: Any,
    ) -> HttpResponse:
        subject = str(selected[0]) if len(selected) == 1 else f"{len(selected)} {self.opts.verbose_name_plural}"
        scheduled = [record for record in selected if record.published_at and not record.is_published]
        part_total = sum(drafts.count for drafts in draft_lists[1:])
        selected_total = draft_lists[0].count + len(scheduled)
        hidden = [owner for record in selected for owner in hidden_owners(record)]
        return self.render_tool(
            request,
            "publish",
            f"Publish {subject} and what belongs to {'it' if len(selected) == 1 else 'them'}",
            scheduled=[(record, format_time(record.published_at)) for record in scheduled],
            draft_lists=[drafts for drafts in draft_lists if drafts.count or drafts.scheduled],
            total=selected_total + part_total,
            part_total=part_total,
            selected_total=selected_total,
            subject=subject,
            schedule=format_time(schedule) if schedule else "",
            hidden_owners=list(dict.fromkeys(hidden)),
            selected=[record.pk for record in selected],
            **context,
        )

    def _publish(
        self, request: HttpRequest, querysets: list[QuerySet[Any]], summary: str, at: datetime | None = None
    ) -> None:
        with record_request_edit(request, Edit.Kind.BULK, default_summary=summary):
            counts = publish(querysets, at)
        if not counts:
            self.message_user(request, "There is no draft to publish.", messages.WARNING)
        elif at:
            self.message_user(request, f"Scheduled for {format_time(at)}: {count_records(counts)}.", messages.SUCCESS)
        else:
            self.message_user(request, f"Published: {count_records(counts)}.", messages.SUCCESS)
