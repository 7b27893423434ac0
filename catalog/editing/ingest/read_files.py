"""Read files into the sources of an import. Files need not be stored for that."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import PurePath
from urllib.parse import unquote, urlsplit

from catalog.editing.ingest.plan import ImportSource
from catalog.models import SourceFile
from catalog.sources import wikipedia
from catalog.sources.readers import READERS
from catalog.sources.series_claims import SeriesClaims, SourceError, SourceFacts

# Of these kinds all files of an import are one source; of each other kind every file is a source of its own.
JOINED_KINDS = {"imdb", "tvmaze", "tmdb", "tvdb", "wikidata", "nfo"}
PAGE_PATH = "/wiki/"


def group_files(files: Iterable[SourceFile]) -> list[list[SourceFile]]:
    """The files that make one source each, in their order. Of equal files the first is taken."""
    groups: dict[tuple[str, str], list[SourceFile]] = {}
    unique: dict[tuple[str, str], SourceFile] = {}
    for file in files:
        unique.setdefault((file.kind, file.sha256), file)
    for file in unique.values():
        groups.setdefault((file.kind, "" if file.kind in JOINED_KINDS else file.sha256), []).append(file)
    return list(groups.values())


def read_source(files: Sequence[SourceFile]) -> ImportSource:
    """Read the files of one source, which is about one series. Raises SourceError, which names them."""
    try:
        claims = _read(files[0], _contents(files))
    except SourceError as error:
        raise SourceError(f"{_names(files)}: {error}") from error
    return _source(claims, files)


def read_every_series(file: SourceFile) -> list[ImportSource]:
    """Read a file that may state several series, such as a list of shows: a source for each. Raises SourceError."""
    reader = READERS.get(file.kind)
    if reader is None or reader.read_all is None:
        return [read_source([file])]
    try:
        sources = [_source(claims, [file]) for claims in reader.read_all(*_contents([file]))]
        if not sources:
            raise SourceError("The file states no series.")
        return sources
    except SourceError as error:
        raise SourceError(f"{_names([file])}: {error}") from error


def read_source_files(
    files: Iterable[SourceFile], read: Callable[[list[SourceFile]], ImportSource] = read_source
) -> list[ImportSource]:
    """Read the files of an import: one source for those of one kind that belong together. Raises SourceError.

    ``read`` reads the files of one source.
    """
    return settle_pages([read(group) for group in group_files(files)])


def settle_pages(sources: list[ImportSource]) -> list[ImportSource]:
    """Leave out what articles say of other pages that have to be read too, if these are among the sources."""
    pages = [_page_title(source.files[0]) for source in sources if source.kind == "wikipedia"]
    sentences = {wikipedia.missing_page(page).casefold() for page in pages}
    for source in sources:
        source.claims.unmapped = [text for text in source.claims.unmapped if text.casefold() not in sentences]
    return sources


def _names(files: Iterable[SourceFile]) -> str:
    return ", ".join(dict.fromkeys(f"“{file}”" for file in files))


def _contents(files: Sequence[SourceFile]) -> list[bytes]:
    contents = [file.content for file in files]
    if files[0].kind not in READERS:
        raise SourceError("There is no reader for this kind of file.")
    if not all(contents):
        raise SourceError("The file is empty, or was too large to be kept.")
    return contents


def _read(first: SourceFile, contents: list[bytes]) -> SeriesClaims:
    if first.kind == "wikipedia":  # a page does not state its own title
        return wikipedia.read_series(*contents, title=_page_title(first), url=first.url, revision=first.revision)
    return READERS[first.kind].read_series(*contents)


def _source(claims: SeriesClaims, files: Sequence[SourceFile]) -> ImportSource:
    claims.source = _complete(claims.source, files[0])
    return ImportSource(files[0].kind, claims, tuple(files))


def _complete(source: SourceFacts, file: SourceFile) -> SourceFacts:
    """What the file's own text does not state about its origin."""
    return replace(source, url=source.url or file.url, revision=source.revision or file.revision)


def _page_title(file: SourceFile) -> str:
    """The title of a saved page: of its address, else of its file."""
    path = urlsplit(file.url).path
    name = path.partition(PAGE_PATH)[2] if PAGE_PATH in path else PurePath(file.file_name).stem
    return unquote(name).replace("_", " ").strip()
