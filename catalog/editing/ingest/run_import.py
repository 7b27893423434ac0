"""An import from sources in one call: find the series, plan, and write what is ticked by default."""

from collections.abc import Sequence
from dataclasses import replace

from catalog.editing.ingest.compare import plan_import
from catalog.editing.ingest.match_series import match_series
from catalog.editing.ingest.plan import ImportAnswers, ImportPlan, ImportSource
from catalog.editing.ingest.result import ImportResult
from catalog.editing.ingest.write import write_import
from catalog.history.write_rows import ChangeRefused
from catalog.models import Edit, Series, record_edit


class ImportRefused(ValueError):
    """The import is not possible as it was asked for. The message is a sentence or two."""


def plan_sources(sources: Sequence[ImportSource], slug: str, may_add: bool) -> ImportPlan:
    """The plan of an import with the ticks by default. Raises ImportRefused if it is not clear of which series."""
    series = _find_series(sources, slug, may_add)
    return plan_import(sources, series, ImportAnswers(), publishes=True, may_add_people=True)


def apply_imports(
    imports: Sequence[Sequence[ImportSource]], slug: str, may_add: bool, reason: str
) -> list[tuple[ImportPlan, ImportResult]]:
    """Plan each import and write what is ticked by default, all in one edit, of which nothing stays if one fails.

    Raises ImportRefused. The files are stored.
    """
    reports = []
    try:
        with record_edit(None, reason, Edit.Kind.SOURCE):
            for sources in imports:
                stored = [replace(source, files=tuple(file.stored() for file in source.files)) for source in sources]
                plan = plan_sources(stored, slug, may_add)
                reports.append((plan, write_import(plan)))
    except ChangeRefused as error:
        raise ImportRefused(str(error)) from error
    return reports


def _find_series(sources: Sequence[ImportSource], slug: str, may_add: bool) -> Series | None:
    """That of the slug, else the only one that matches; None for a new one, if one may be added."""
    if slug:
        series = Series.objects.filter(slug=slug).first()
        if series is None:
            raise ImportRefused(f"There is no series with the slug “{slug}”.")
        return series
    matches = {series.pk: series for source in sources for series in match_series(source.claims)}
    if len(matches) > 1:
        slugs = ", ".join(series.slug for series in matches.values())
        raise ImportRefused(f"Several series match ({slugs}): say which with --series.")
    if not matches and not may_add:
        titles = filter(None, (source.claims.values.get("title") for source in sources))
        raise ImportRefused(f"No series matches “{next(titles, '')}”: say which with --series, or add it with --new.")
    return next(iter(matches.values()), None)
