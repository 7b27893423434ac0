"""What an editor has posted, as fields of a form that posts it again: for a request that could not be saved.

It needs neither the database nor the session. The CSRF token is the posted one, valid or not: a token made here would
let another site's form through, once its victim presses “Try again”.
"""

from dataclasses import dataclass, field

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

MAX_CHARACTERS = 1_000_000  # as the autosave keeps


@dataclass(frozen=True)
class UnsavedForm:
    """The fields to be posted to ``action``; none if that cannot be offered."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[tuple[str, list[str]]] = field(default_factory=list)  # name of the field, names of the files

    @property
    def texts(self) -> list[str]:
        """The values of several words, to be copied."""
        return [value for _, value in self.fields if len(value.split()) > 1]


def unsaved_form(request: HttpRequest) -> UnsavedForm:
    """The form; without fields if it has a password, is too large, or could not be read."""
    form = UnsavedForm(request.get_full_path())
    try:
        posted, files = request.POST, request.FILES
    except (BadRequest, SuspiciousOperation, MultiPartParserError, OSError):
        return form
    pairs = [(name, value) for name, values in posted.lists() for value in values]
    has_secret = hasattr(request, "sensitive_post_parameters") or any("password" in name.lower() for name, _ in pairs)
    if has_secret or sum(len(name) + len(value) for name, value in pairs) > MAX_CHARACTERS:
        return form
    names = [(name, [upload.name or "" for upload in uploads]) for name, uploads in files.lists()]
    return UnsavedForm(form.action, pairs, names)
