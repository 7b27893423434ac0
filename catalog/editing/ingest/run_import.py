"""An import from sources in one call: find the series, plan, and write what is ticked by default."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from catalog.editing.ingest.compare import plan_import
from catalog.editing.ingest.match_series import match_sources
from catalog.editing.ingest.plan import ImportAnswers, ImportPlan, ImportSource
from catalog.editing.ingest.result import ImportResult
from catalog.editing.ingest.write import write_import
from catalog.history.write_rows import ChangeRefused
from catalog.models import Edit, Series, record_edit


class ImportRefused(ValueError):
    """The import is not possible as it was asked for. The message is a sentence or two."""


@dataclass(frozen=True)
class SeriesChoice:
    """Which series an import is about, as far as its sources do not say.

    ``slug`` is that of a series, ``title`` that of a new one whose sources do not state it. A new series is added only
    if ``may_add``.
    """

    slug: str = ""
    title: str = ""
    may_add: bool = False


def plan_sources(sources: Sequence[ImportSource], choice: SeriesChoice) -> ImportPlan:
    """The plan of an import with the ticks by default. Raises ImportRefused if it is not clear of which series."""
    series = _find_series(sources, choice)
    return plan_import(sources, series, ImportAnswers(title=choice.title), publishes=True, may_add_people=True)


def apply_imports(
    imports: Sequence[Sequence[ImportSource]], choice: SeriesChoice, reason: str
) -> list[tuple[ImportPlan, ImportResult]]:
    """Plan each import and write what is ticked by default, all in one edit, of which nothing stays if one fails.

    Raises ImportRefused. The files are stored.
    """
    reports = []
    try:
        with record_edit(None, reason, Edit.Kind.SOURCE):
            for sources in imports:
                stored = [replace(source, files=tuple(file.stored() for file in source.files)) for source in sources]
                plan = plan_sources(stored, choice)
                reports.append((plan, write_import(plan)))
    except ChangeRefused as error:
        raise ImportRefused(str(error)) from error
    return reports


def _find_series(sources: Sequence[ImportSource], choice: SeriesChoice) -> Series | None:
    """That of the slug, else the only one that matches; None for a new one, if one may be added."""
    if choice.slug:
        series = Series.objects.filter(slug=choice.slug).first()
        if series is None:
            raise ImportRefused(f"There is no series with the slug “{choice.slug}”.")
        return series
    claims = [source.claims for source in sources]
    titles = [title for title in (claim.values.get("title") for claim in claims) if title] or [choice.title]
    matches = match_sources(claims, choice.title)
    if len(matches) > 1:
        slugs = ", ".join(series.slug for series in matches)
        raise ImportRefused(f"Several series match ({slugs}): say which with --series.")
    if not matches and not titles[0]:
        raise ImportRefused(
            "No source states the title of the series: say it with --title, or the series with --series."
        )
    if not matches and not choice.may_add:
        raise ImportRefused(f"No series matches “{titles[0]}”: say which with --series, or add it with --new.")
    return next(iter(matches), None)
