"""Preview a draft: the visitors' page of a record as if the record and all its parts were published now."""

from collections.abc import Sequence
from copy import copy
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import resolve
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.admin.tools.base import RecordToolsMixin
from catalog.editing.permissions import may_change
from catalog.editing.publishing import publishable_parts
from catalog.models import Episode, Person, Season, Series


def preview_querysets(record: Any) -> Sequence[QuerySet[Any]]:
    """Querysets of the records that are published for the preview: the record, its owners and its parts."""
    model: type[Model] = type(record)
    if model is Series:
        return publishable_parts(Series, [record.pk])
    if model is Season:
        return [Series.objects.filter(pk=record.series_id), *publishable_parts(Season, [record.pk])]
    if model is Episode:
        owners = {"episode": record, "season": record.season_id, "series": record.season.series_id}
        credited = [Person.objects.filter(**{f"credits__{name}": owner}) for name, owner in owners.items()]
        people = [pk for queryset in credited for pk in queryset.values_list("pk", flat=True)]
        return [
            Series.objects.filter(pk=owners["series"]),
            Season.objects.filter(pk=owners["season"]),
            Episode.objects.filter(pk=record.pk),
            Person.objects.filter(pk__in=people),
        ]
    return [model._default_manager.filter(pk=record.pk)]


def render_preview(request: HttpRequest, record: Any) -> HttpResponse:
    """Render the visitors' page of a record, which is published in a transaction that is rolled back.

    ``QuerySet.update`` bypasses the change log, so nothing that is cached by log version is affected.
    """
    page_request: Any = copy(request)
    page_request.path = page_request.path_info = record.get_absolute_url()
    page_request.GET, page_request.method, page_request.is_preview = QueryDict(), "GET", True
    page_request.resolver_match = match = resolve(page_request.path_info)
    page_request.may_edit_record = may_change(request.user, record)
    now = timezone.now()
    with transaction.atomic():
        for queryset in preview_querysets(record):
            unpublished = list(queryset.exclude(published_at__lte=now).values_list("pk", flat=True))
            queryset.model._default_manager.filter(pk__in=unpublished).update(published_at=now)
        response = match.func(page_request, *match.args, **match.kwargs)
        response = response.render() if hasattr(response, "render") else response
        transaction.set_rollback(True)
    for header in ("ETag", "Last-Modified"):
        response.headers.pop(header, None)
    response["Cache-Control"], response["X-Robots-Tag"] = "private, no-store", "noindex"
    return response


class PreviewMixin(RecordToolsMixin):
    """Adds ``<pk>/preview/`` to the ModelAdmin of records that can be published."""

    def tool_views(self):
        return {"preview": require_safe(self.preview)} | super().tool_views()

    def tool_links(self, request, record):
        """Add a link to the preview, unless visitors see the record already."""
        links = super().tool_links(request, record)
        is_visible = type(record)._default_manager.published().filter(pk=record.pk).exists()
        return links if is_visible else [("../preview/", "Preview on site"), *links]

    def preview(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The preview, for users who may view the record in the admin."""
        record = self.get_object(request, object_id)
        if record is None:
            raise Http404
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        return render_preview(request, record)
