"""Find the series of the catalogue that a source is about."""

from collections.abc import Iterable, Sequence

from catalog.editing.ingest.stated_people import contradict
from catalog.editing.ingest.stated_values import alike
from catalog.models import AlternativeTitle, ExternalId, Series
from catalog.search.names import ids_by_name_key
from catalog.search.tokenizer import name_key
from catalog.sources.series_claims import SeriesClaims


def match_series(claims: SeriesClaims) -> list[Series]:
    """The series with one of the stated identifiers, else those of this title with the same or an unknown premiere.

    More than one are a question for the editor. A series of which another identifier is recorded is none of them.
    """
    ids = {scheme: {value} for scheme, value in claims.external_ids}
    values = [value for _, value in claims.external_ids]
    rows = ExternalId.objects.filter(series__isnull=False, value__in=values).order_by("series").select_related("series")
    with_id = [row.series for row in rows if row.series is not None and (row.scheme, row.value) in claims.external_ids]
    if with_id:
        return list(dict.fromkeys(with_id))
    title = str(claims.values.get("title") or "")
    candidates = match_title(title)
    recorded_ids: dict[int, dict[str, set[str]]] = {}
    for row in ExternalId.objects.filter(series__in=candidates):
        if row.series_id is not None:
            recorded_ids.setdefault(row.series_id, {}).setdefault(row.scheme, set()).add(row.value)
    year = str(claims.values.get("premiered") or "")[:4]
    return [
        series
        for series in candidates
        if not contradict(ids, recorded_ids.get(series.pk, {}))
        and (not year or not series.premiered or series.premiered[:4] == year)
    ]


def states_title(claims: Iterable[SeriesClaims]) -> bool:
    """True if a source states the title of the series, which a table of episodes does not."""
    return any(claim.values.get("title") for claim in claims)


def match_sources(claims: Sequence[SeriesClaims], title: str) -> list[Series]:
    """The series that the sources match; those with an entered ``title`` if no source states one."""
    matches = [series for claim in claims for series in match_series(claim)]
    if title and not states_title(claims):
        matches += match_title(title)
    return list(dict.fromkeys(matches))


def match_title(title: str) -> list[Series]:
    """The series with this title, or this alternative title, in the order in which they were added."""
    keys = ids_by_name_key("series", [name_key(title)] if title else [])
    candidates = Series.objects.filter(pk__in=[pk for pks in keys.values() for pk in pks]).order_by("pk")
    other_titles = AlternativeTitle.objects.filter(series__in=candidates).values_list("series", "title")
    titles = {(series.pk, alike(series.title)) for series in candidates}
    titles |= {(pk, alike(other)) for pk, other in other_titles if pk is not None}
    return [series for series in candidates if (series.pk, alike(title)) in titles]
