"""Publishing a series or a season with all that belongs to it: seasons, episodes, people and companies credited."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.utils import timezone

from catalog.admin.edits import record_request_edit
from catalog.models import Company, Episode, Person, Season, Series
from catalog.models.edit import Edit

MAX_LISTED_DRAFTS = 12  # names of a kind
MAX_BULK_SERIES = 20  # series or seasons at once


def publishable_parts(model, keys):
    """Querysets of all that would be published with some series or seasons, each kind for itself, they first."""
    if model is Series:
        seasons, episodes = Season.objects.filter(series__in=keys), Episode.objects.filter(season__series__in=keys)
        paths = ("series", "season__series", "episode__season__series")
        companies = Company.objects.filter(
            Q(pk__in=Series.objects.filter(pk__in=keys).values("company_parts__company"))
            | Q(pk__in=Series.objects.filter(pk__in=keys).values("availability__platform"))
        )
        kinds = [Series.objects.filter(pk__in=keys), seasons, episodes, companies]
    else:
        paths = ("season", "episode__season")
        kinds = [Season.objects.filter(pk__in=keys), Episode.objects.filter(season__in=keys)]
    condition = Q()
    for path in paths:
        condition |= Q(pk__in=Person.objects.filter(**{f"credits__{path}__in": keys}).values("pk"))
    return [*kinds, Person.objects.filter(condition)]


def with_label_relations(queryset):
    """The records with what their names need, in the order in which they were made."""
    needs = {Season: ("series",), Episode: ("season__series",)}.get(queryset.model)
    return (queryset.select_related(*needs) if needs else queryset).order_by("pk")


class PublishWithPartsMixin:
    """Part of the desks of series and seasons: the action of the list."""

    actions = ("publish", "publish_whole", "unpublish")

    @admin.action(
        description="Publish the selected %(verbose_name_plural)s with all that belongs to them",
        permissions=["publish"],
    )
    def publish_whole(self, request, queryset):
        """Show what are drafts, and how many; publish them when that is confirmed. What is scheduled stays so."""
        chosen = list(queryset[: MAX_BULK_SERIES + 1])
        if len(chosen) > MAX_BULK_SERIES:
            self.message_user(request, f"At most {MAX_BULK_SERIES} at once: nothing was published.", messages.ERROR)
            return None
        keys = [record.pk for record in chosen]
        kinds = publishable_parts(self.model, keys)
        if "whole_sent" in request.POST:
            self._publish_whole(request, chosen, kinds)
            return HttpResponseRedirect(request.get_full_path())
        parts = []
        for found in kinds:
            drafts = found.filter(published_at=None)
            scheduled = found.filter(published_at__gt=timezone.now()).count()
            names = list(map(str, with_label_relations(drafts)[: MAX_LISTED_DRAFTS + 1]))
            more = drafts.count() - MAX_LISTED_DRAFTS
            parts.append((found.model._meta, drafts.count(), scheduled, names[:MAX_LISTED_DRAFTS], max(0, more)))
        name = chosen[0] if len(chosen) == 1 else f"{len(chosen)} {self.opts.verbose_name_plural}"
        hidden = [season.series for season in chosen if isinstance(season, Season) and not season.series.is_published]
        return self.page(
            request,
            "publish_with_parts",
            f"Publish {name} and all of it",
            parts=parts,
            total=sum(part[1] for part in parts),
            hidden=list(dict.fromkeys(hidden)),
            action="publish_whole",
            selected=keys,
            selected_name=ACTION_CHECKBOX_NAME,
        )

    def _publish_whole(self, request, chosen, kinds):
        names = ", ".join(map(str, chosen))
        done, moment = [], timezone.now()
        with record_request_edit(request, Edit.Kind.BULK, default_summary=f"Published with all of it: {names}"):
            for found in kinds:
                records = list(with_label_relations(found.filter(published_at=None)))
                for record in records:
                    record.published_at = moment
                    record.save(update_fields=["published_at"])
                words = found.model._meta
                if records:
                    name = words.verbose_name if len(records) == 1 else words.verbose_name_plural
                    done.append(f"{len(records)} {name}")
            for record in chosen:
                self.log_change(request, record, "Published with all that belongs to it.")
        told = f"Published: {', '.join(done)}." if done else "Nothing of it was a draft."
        self.message_user(request, told, messages.SUCCESS if done else messages.WARNING)
