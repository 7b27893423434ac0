"""Uploads for which the disk has no room: the other fields are read all the same, and come back to the editor."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse

from soundtrack_site.outages import outage_reason


class TolerantUploadHandler(TemporaryFileUploadHandler):
    """Stores large uploads as Django does. A file that the disk cannot take is skipped, and its error kept."""

    request: Any

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Create the temporary file."""
        with self._skipped_in_outage():
            super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Write a part of it."""
        with self._skipped_in_outage():
            return super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> Any:
        """The file, or None if its last part could not be written."""
        try:
            with self._skipped_in_outage():
                return super().file_complete(file_size)
        except SkipFile:
            return None

    @contextmanager
    def _skipped_in_outage(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if not outage_reason(error):
                raise
            self.request.upload_error = error
            self.request.skipped_uploads = [*skipped_uploads(self.request), (self.field_name, self.file_name)]
            raise SkipFile from error


def skipped_uploads(request: HttpRequest) -> list[tuple[str, str]]:
    """(name of the field, name of the file) of each upload that the disk could not take."""
    return getattr(request, "skipped_uploads", [])


class UploadErrorMiddleware:
    """Raises the error of a skipped upload before the view would miss the file. CsrfViewMiddleware reads the form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> None:
        """Raise it."""
        if error := getattr(request, "upload_error", None):
            raise error
