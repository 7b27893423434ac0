"""The table of readers, and which of them a file is for."""

from collections.abc import Callable
from dataclasses import dataclass

from catalog.sources import imdb, json_ld, nfo, series_table, tmdb, tvdb, tvmaze, wikidata, wikipedia
from catalog.sources.document import Document
from catalog.sources.json_values import as_record
from catalog.sources.series_claims import SeriesClaims, SourceError


@dataclass(frozen=True)
class Reader:
    """A format: its name for editors, how it is recognised and read.

    ``read_series`` takes one or more files of one series, ``read_all`` one file that may state many.
    """

    label: str
    recognises: Callable[[Document], bool]
    read_series: Callable[..., SeriesClaims]
    read_all: Callable[..., list[SeriesClaims]] | None = None


# By kind, as ``import_source`` names it. The first that recognises a file reads it.
READERS: dict[str, Reader] = {
    # First those that know packed files, last the table, which takes any text with columns.
    "imdb": Reader("IMDb data files", imdb.recognises, imdb.read_files),
    "xlsx": Reader("Table in XLSX", series_table.is_workbook, series_table.read_series),
    "tvmaze": Reader("TVmaze", tvmaze.recognises, tvmaze.read_series, tvmaze.read_all),
    "tmdb": Reader("TMDB", tmdb.recognises, tmdb.read_series, tmdb.read_all),
    "wikipedia": Reader("Wikipedia", wikipedia.recognises, wikipedia.read_series),
    "tvdb": Reader("TheTVDB", tvdb.recognises, tvdb.read_series, tvdb.read_all),
    "wikidata": Reader("Wikidata", wikidata.recognises, wikidata.read_series),
    "json_ld": Reader("Web page with JSON-LD", json_ld.recognises, json_ld.read_series),
    "nfo": Reader("NFO of Kodi or Jellyfin", nfo.recognises, nfo.read_series),
    "table": Reader("Table in CSV or JSON", series_table.recognises, series_table.read_series),
}


def detect_kind(data: bytes | str) -> str:
    """The key in ``READERS`` of the reader for a file. Raises SourceError if there is none."""
    document = Document(data)
    kind = next((kind for kind, reader in READERS.items() if reader.recognises(document)), None)
    if kind is None:
        if document.is_json and {"imdbID", "Response"} & as_record(document.json).keys():
            raise SourceError("OMDb's data are not read: their licence, CC BY-NC, forbids commercial use.")
        raise SourceError("The file is none of the formats that can be read.")
    return kind
