"""The services by kind, and the one function that fetches from any of them."""

from collections.abc import Callable
from dataclasses import dataclass

from catalog.fetching import tmdb, tvmaze, wikidata, wikipedia
from catalog.fetching.client import Client, FetchSettings
from catalog.fetching.fetched_text import FetchError, FetchResult
from catalog.fetching.references import clean_reference
from catalog.sources.series_claims import SourceError


@dataclass(frozen=True)
class Service:
    """A service: what editors may give, and how it is asked."""

    label: str
    reference_help: str
    fetch_series: Callable[[Client, str], FetchResult]


# By kind, which is also the key of the reader.
SERVICES: dict[str, Service] = {
    "tvmaze": Service(tvmaze.LABEL, "number, address, IMDb id or title", tvmaze.fetch_series),
    "wikipedia": Service(wikipedia.LABEL, "title or address of an English article", wikipedia.fetch_series),
    "wikidata": Service(wikidata.LABEL, "item such as Q1079, address, IMDb id or label", wikidata.fetch_series),
    "tmdb": Service(tmdb.LABEL, "number, address, IMDb id or title", tmdb.fetch_series),
}


def fetch(kind: str, reference: str, settings: FetchSettings) -> FetchResult:
    """Fetch the texts about the series that ``reference`` names. Raises FetchError with one sentence for editors."""
    service = SERVICES.get(kind)
    if service is None:
        raise FetchError(f"Nothing can be fetched of the kind {kind}: give one of {', '.join(SERVICES)}.")
    try:
        return service.fetch_series(Client(settings), clean_reference(reference))
    except SourceError as error:  # an answer of another shape than that of the service
        raise FetchError(f"{service.label}: {error}") from error
