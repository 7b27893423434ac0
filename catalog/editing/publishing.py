"""Publish records, also together with the drafts that belong to them: parts, people and companies credited."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet

from catalog.models import Company, Episode, Person, Season, Series
from catalog.models.base import PublishedQuerySet, publication_now, with_label_relations

CREDIT_PATHS: dict[type[Model], tuple[str, ...]] = {
    Series: ("series", "season__series", "episode__season__series"),
    Season: ("season", "episode__season"),
    Episode: ("episode",),
}


def publishable_parts(model: type[Model], pks: Collection[int]) -> list[PublishedQuerySet[Any]]:
    """Querysets of the records with these primary keys and of all their parts, one per model, the records first."""
    manager: Any = model._default_manager
    parts: list[PublishedQuerySet[Any]] = [manager.filter(pk__in=pks)]
    if model is Series:
        is_involved = Q(pk__in=parts[0].values("company_parts__company")) | Q(
            pk__in=parts[0].values("availability__platform")
        )
        parts += [
            Season.objects.filter(series__in=pks),
            Episode.objects.filter(season__series__in=pks),
            Company.objects.filter(is_involved),
        ]
    if model is Season:
        parts.append(Episode.objects.filter(season__in=pks))
    if model in CREDIT_PATHS:
        is_credited = Q()
        for path in CREDIT_PATHS[model]:
            is_credited |= Q(pk__in=Person.objects.filter(**{f"credits__{path}__in": pks}).values("pk"))
        parts.append(Person.objects.filter(is_credited))
    return parts


def hidden_owners(record: Model) -> list[Series | Season]:
    """The unpublished series and season that hide a season or an episode from visitors, even if it is published."""
    owners: list[Series | Season] = []
    if isinstance(record, Episode):
        owners = [record.season.series, record.season]
    elif isinstance(record, Season):
        owners = [record.series]
    return [owner for owner in owners if not owner.is_published]


def publish(querysets: Iterable[QuerySet[Any]], at: datetime | None = None) -> dict[type[Model], int]:
    """Publish all records of the querysets, now or ``at`` a time, each with its own log entry. Counts by model."""
    published_at, counts = at or publication_now(), {}
    for queryset in querysets:
        records = list(with_label_relations(queryset).order_by("pk"))
        for record in records:
            record.published_at = published_at
            record.save(update_fields=["published_at"])
        if records:
            counts[queryset.model] = len(records)
    return counts
