"""The arguments of ``import_source``: kinds, each with the files and references that follow it."""

from collections.abc import Iterator
from pathlib import Path

from catalog.editing.ingest.fetched_files import fetch_files
from catalog.fetching.fetched_text import FetchError
from catalog.fetching.services import SERVICES
from catalog.models import SourceFile
from catalog.models.bounds import max_length
from catalog.models.source_file import MAX_KEPT_SIZE
from catalog.sources.readers import READERS, detect_kind
from catalog.sources.series_claims import SourceError

AUTO = "auto"  # by the content of the file
FILE_ENDINGS = {
    *(".csv", ".gz", ".htm", ".html", ".json", ".mediawiki", ".nfo", ".tsv", ".txt", ".wiki", ".wikitext", ".xlsx"),
    ".xml",
}


class UsageError(ValueError):
    """The arguments cannot be meant like this."""


def split_arguments(arguments: list[str]) -> Iterator[tuple[str, str]]:
    """(kind, file or reference) of each argument: a kind holds for all that follow until the next one."""
    kind = previous = ""
    for argument in [*arguments, ""]:
        is_kind = argument in READERS or argument == AUTO
        if (is_kind or not argument) and previous == kind and kind:
            raise UsageError(f"After “{kind}” a file, an id, a title or an address has to follow.")
        if is_kind:
            kind = argument
        elif not kind:
            raise UsageError(f"Before “{argument}” its kind is missing: {AUTO}, {', '.join(READERS)}.")
        elif argument:
            yield kind, argument
        previous = argument


def load_files(kind: str, text: str) -> tuple[list[SourceFile], list[str]]:
    """(files, not stored; notes) of one argument: a file of this machine, or what is fetched.

    Raises UsageError, SourceError or FetchError.
    """
    path = Path(text)
    if _is_file(path):
        return [_read_file(kind, path)], []
    if path.suffix.lower() in FILE_ENDINGS and "://" not in text or text.startswith(("/", "./", "../", "~")):
        raise SourceError(f"There is no file “{text}”.")
    if kind not in SERVICES:
        services = ", ".join(SERVICES)
        raise UsageError(f"“{text}” is no file, and only {services} can be fetched: name one of them as the kind.")
    try:
        return fetch_files(kind, text)
    except FetchError as error:
        raise FetchError(f"“{text}”: {error}") from error


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # no path at all: too long, or with a null character
        return False


def _read_file(kind: str, path: Path) -> SourceFile:
    """The file. Raises SourceError, which names it."""
    try:
        if path.stat().st_size > MAX_KEPT_SIZE:
            size = f"{MAX_KEPT_SIZE // 1_000_000} MB"
            raise SourceError(f"The file is larger than {size}. (import_imdb reads whole files of IMDb.)")
        content = path.read_bytes()
        kind = detect_kind(content) if kind == AUTO else kind
    except SourceError as error:
        raise SourceError(f"“{path.name}”: {error}") from error
    except OSError as error:
        raise SourceError(f"“{path.name}” cannot be read: {error.strerror}.") from error
    return SourceFile.of(kind, content, file_name=path.name[: max_length(SourceFile, "file_name")])
