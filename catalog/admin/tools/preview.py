"""What visitors would see if a record and all that belongs to it were published now: the very page, for staff."""

from copy import copy

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, QueryDict
from django.urls import resolve
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.admin.tools.publish_with_parts import publishable_parts
from catalog.models import Episode, Person, Season, Series


def preview_querysets(record):
    """Querysets of all that a preview of ``record`` shows as published: what it stands in, it, what belongs to it."""
    kind = type(record)
    if kind is Series:
        return publishable_parts(Series, [record.pk])
    if kind is Season:
        return [Series.objects.filter(pk=record.series_id), *publishable_parts(Season, [record.pk])]
    if kind is Episode:
        season, on = Season.objects.filter(pk=record.season_id), {"episode": record, "season": record.season_id}
        on["series"] = record.season.series_id
        people = [Person.objects.filter(**{f"credits__{name}": where}) for name, where in on.items()]
        keys = [pk for found in people for pk in found.values_list("pk", flat=True)]
        series = Series.objects.filter(pk=on["series"])
        return [series, season, Episode.objects.filter(pk=record.pk), Person.objects.filter(pk__in=keys)]
    return [kind.objects.filter(pk=record.pk)]


def render_preview(request, record):
    """The page of ``record`` as visitors would get it, with all of ``shown_with`` published for as long as it is made.

    It is made inside a transaction that is rolled back. The rows are changed past the change log, so that nothing
    that is kept by the log's version ever knows of it.
    """
    seen = copy(request)
    seen.path = seen.path_info = record.get_absolute_url()
    seen.GET, seen.method, seen.is_preview = QueryDict(), "GET", True
    seen.resolver_match = resolve(seen.path_info)
    moment = timezone.now()
    with transaction.atomic():
        for found in preview_querysets(record):
            keys = list(found.exclude(published_at__lte=moment).values_list("pk", flat=True))
            found.model.objects.filter(pk__in=keys).update(published_at=moment)
        match = seen.resolver_match
        response = match.func(seen, *match.args, **match.kwargs)
        response = response.render() if hasattr(response, "render") else response
        transaction.set_rollback(True)
    for name in ("ETag", "Last-Modified"):
        response.headers.pop(name, None)
    response["Cache-Control"], response["X-Robots-Tag"] = "private, no-store", "noindex"
    return response


class PreviewMixin:
    """Part of a desk of what is published: ``<pk>/preview/``."""

    def tool_views(self):
        """The page."""
        return {"preview": require_safe(self.preview)} | super().tool_views()

    def tool_links(self, request, record):
        """A link to it, from a record that visitors do not see yet."""
        tools = super().tool_links(request, record)
        seen = type(record)._default_manager.published().filter(pk=record.pk).exists()
        return tools if seen else [("../preview/", "Preview on site"), *tools]

    def preview(self, request, object_id):
        """The page of a record as visitors would see it; 404 without one, 403 for who may not read it at the desk."""
        record = self.get_object(request, object_id)
        if record is None:
            raise Http404
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        return render_preview(request, record)
