"""The form that collects the sources of an import: files, a pasted text, a series in another catalogue."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile

from catalog.admin.widgets import PreloadedChoiceField, PreloadedSelect
from catalog.editing.ingest.fetched_files import fetch_files
from catalog.editing.ingest.read_files import group_files, read_source
from catalog.fetching.fetched_text import FetchError
from catalog.fetching.services import SERVICES
from catalog.models import Series, SourceFile, SourceImport
from catalog.models.bounds import max_length
from catalog.models.source_file import MAX_KEPT_SIZE
from catalog.sources.readers import READERS, detect_kind
from catalog.sources.series_claims import SourceError

MAX_FILES = 60  # at once
MAX_TOTAL_SIZE = 3 * MAX_KEPT_SIZE  # of all files at once
MAX_SECONDS = 60  # to read what was sent
MAX_FILE_NAME_LENGTH = max_length(SourceFile, "file_name")
TOO_SLOW_MESSAGE = f"Reading took more than {MAX_SECONDS} seconds, so the rest was not read: send it in parts."


def kind_label(file: SourceFile) -> str:
    """The name of the format of a file."""
    return READERS[file.kind].label if file.kind in READERS else file.kind


class FilesInput(forms.FileInput):
    """A file field for several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several uploaded files, any of which may be empty."""

    widget = FilesInput

    def clean(self, data, initial=None):
        """The list of files."""
        files = data if isinstance(data, list | tuple) else [data]
        return [file for file in files if file]


def service_choices() -> list[tuple[str, str]]:
    """The services that this site may ask."""
    usable = {kind: service for kind, service in SERVICES.items() if kind != "tmdb" or settings.TMDB_API_KEY}
    return [("", "–"), *((kind, service.label) for kind, service in usable.items())]


class SourcesForm(forms.Form):
    """Files, a text, what to fetch, or all of it. ``read`` reads it; ``notes`` are about what was not fetched."""

    notes: Sequence[str] = ()
    stated_title = ""  # of the series, as the first source states it

    series = PreloadedChoiceField(
        Series.objects.all(),
        required=False,
        label="Series",
        widget=PreloadedSelect(SourceImport._meta.get_field("series"), admin.site),
        help_text="Leave it empty for a new series. A series with the same title or id is proposed.",
    )
    title = forms.CharField(
        required=False,
        max_length=max_length(Series, "title"),
        label="Title",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Of a new series, if no source states it, such as a table of episodes.",
    )
    documents = FilesField(
        required=False,
        label="Files",
        help_text=f"One or several of any kind, at most {MAX_KEPT_SIZE // 1_000_000} MB each.",
    )
    text = forms.CharField(
        required=False,
        strip=False,
        label="Or a text",
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "class": "vLargeTextField"}),
        help_text="The source text of a Wikipedia page, JSON, or a table from a spreadsheet.",
    )
    address = forms.URLField(
        required=False,
        max_length=max_length(SourceFile, "url"),
        assume_scheme="https",
        label="Address of the text",
        widget=forms.TextInput(attrs={"class": "vURLField", "inputmode": "url"}),
        help_text="Where the text or the file is from, for its citations.",
    )
    kind = forms.ChoiceField(
        required=False,
        label="Kind",
        choices=[("", "Recognised by the content"), *((kind, reader.label) for kind, reader in READERS.items())],
    )
    service = forms.ChoiceField(required=False, label="Or fetch from", choices=service_choices)
    reference = forms.CharField(
        required=False,
        max_length=1000,
        label="What to fetch",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="An id, a title or the address of a page: the number of a show, Q1079, tt0903747.",
    )

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_new = is_new

    def clean(self):
        """What to fetch is needed together with a service, and something to read, or another series of an import."""
        data: dict[str, Any] = super().clean() or {}
        if bool(data.get("service")) != bool(data.get("reference")):
            name = "reference" if data.get("service") else "service"
            self.add_error(name, "Choose a service, and say what to fetch from it.")
        elif self._is_empty(data) and not self.errors:
            self.add_error(None, "Add a file, paste a text, or say what to fetch.")
        elif len(data.get("documents", ())) > MAX_FILES:
            self.add_error("documents", f"At most {MAX_FILES} files at once.")
        elif sum(file.size or 0 for file in data.get("documents", ())) > MAX_TOTAL_SIZE:
            self.add_error("documents", f"At most {MAX_TOTAL_SIZE // 1_000_000} MB at once.")
        return data

    def _is_empty(self, data: dict[str, Any]) -> bool:
        """True if there is nothing to read, and no other series for an import."""
        has_sources = data.get("documents") or data.get("text", "").strip() or data.get("service")
        return not (has_sources or ("series" in self.data and not self.is_new))

    def read(self, existing: Iterable[SourceFile] = ()) -> list[SourceFile]:
        """Store the files that can be read, beside those of the import. What cannot be read becomes an error."""
        existing = list(existing)
        hashes = {file.sha256 for file in existing}
        files = {file.sha256: file for file in [*self._sent_files(), *self._fetched_files()]}
        added = [file for key, file in files.items() if key not in hashes]
        readable, deadline = [], time.monotonic() + MAX_SECONDS
        for group in group_files([*existing, *added]):
            new_files = [file for file in group if file in added]
            if time.monotonic() > deadline:
                self.add_error(None, TOO_SLOW_MESSAGE)
                break
            try:
                if new_files:
                    source = read_source(group)
                    self.stated_title = self.stated_title or str(source.claims.values.get("title", ""))
                    readable += new_files
            except SourceError as error:
                self.add_error(None, str(error))
        return [_store(file) for file in readable]

    def _sent_files(self) -> list[SourceFile]:
        """The uploaded files and the text, as far as their kinds are known."""
        sent = [SentText("documents", file.name or "", file) for file in self.cleaned_data["documents"]]
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        if text.strip():
            sent.append(SentText("text", "", text.encode()))
        files = []
        for part in sent:
            try:
                content = part.read()
                kind = self.cleaned_data["kind"] or detect_kind(content)
            except SourceError as error:
                self.add_error(part.field_name, f"“{part.name}”: {error}" if part.name else str(error))
            else:
                name = part.name[-MAX_FILE_NAME_LENGTH:]
                files.append(SourceFile.of(kind, content, file_name=name, url=self.cleaned_data["address"]))
        return files

    def _fetched_files(self) -> list[SourceFile]:
        if not self.cleaned_data["service"]:
            return []
        try:
            files, self.notes = fetch_files(self.cleaned_data["service"], self.cleaned_data["reference"])
        except FetchError as error:
            self.add_error("reference", str(error))
            return []
        return files


def _store(file: SourceFile) -> SourceFile:
    """The row of the file. The kind and address that were given now replace those of an equal file."""
    stored = file.stored()
    names = [name for name in ("kind", "url") if getattr(file, name) not in ("", getattr(stored, name))]
    for name in names:
        setattr(stored, name, getattr(file, name))
    if names:
        stored.save(update_fields=names)
    return stored


@dataclass
class SentText:
    """An uploaded file or a pasted text, and the field from which it came."""

    field_name: str
    name: str
    content: UploadedFile | bytes

    def read(self) -> bytes:
        """Its bytes. Raises SourceError if there are too many or none."""
        size = len(self.content) if isinstance(self.content, bytes) else self.content.size or 0
        if size > MAX_KEPT_SIZE:
            raise SourceError(f"The file is larger than {MAX_KEPT_SIZE // 1_000_000} MB.")
        if not size:
            raise SourceError("The file is empty.")
        return self.content if isinstance(self.content, bytes) else self.content.read()
