"""Publish a series or a season together with its seasons and episodes and with the people and companies credited."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Model, Q, QuerySet

from catalog.models import Company, Episode, Person, Season, Series
from catalog.models.base import publication_now, with_label_relations


def publishable_parts(model: type[Series] | type[Season], pks: Collection[int]) -> list[QuerySet[Any]]:
    """Querysets of the series or seasons with these primary keys and of all their parts, one per model."""
    if model is Series:
        credit_paths: tuple[str, ...] = ("series", "season__series", "episode__season__series")
        series = Series.objects.filter(pk__in=pks)
        companies = Company.objects.filter(
            Q(pk__in=series.values("company_parts__company")) | Q(pk__in=series.values("availability__platform"))
        )
        parts: list[QuerySet[Any]] = [
            series,
            Season.objects.filter(series__in=pks),
            Episode.objects.filter(season__series__in=pks),
            companies,
        ]
    else:
        credit_paths = ("season", "episode__season")
        parts = [Season.objects.filter(pk__in=pks), Episode.objects.filter(season__in=pks)]
    is_credited = Q()
    for path in credit_paths:
        is_credited |= Q(pk__in=Person.objects.filter(**{f"credits__{path}__in": pks}).values("pk"))
    return [*parts, Person.objects.filter(is_credited)]


def publish_drafts(querysets: Iterable[QuerySet[Any]]) -> dict[type[Model], int]:
    """Publish all drafts now, each with its own log entry; scheduled records stay so. Returns counts by model."""
    now, counts = publication_now(), {}
    for queryset in querysets:
        drafts = list(with_label_relations(queryset.filter(published_at=None)).order_by("pk"))
        for record in drafts:
            record.published_at = now
            record.save(update_fields=["published_at"])
        if drafts:
            counts[queryset.model] = len(drafts)
    return counts
