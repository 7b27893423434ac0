"""What an editor has posted, as fields of a form that posts it again: for a request that could not be saved.

It needs neither the database nor the session. The CSRF token is the posted one, valid or not: a token made here would
let another site's form through, once its victim presses “Try again”.
"""

from dataclasses import dataclass, field

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse

from soundtrack_site.uploads import skipped_uploads

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
    """The form; without fields if it has secrets, is too large, or could not be read."""
    form = UnsavedForm(request.get_full_path())
    try:
        posted, files = request.POST, request.FILES
    except (BadRequest, SuspiciousOperation, MultiPartParserError, OSError):
        return form
    pairs = [(name, value) for name, values in posted.lists() for value in values]
    if has_secrets(request, pairs) or sum(len(name) + len(value) for name, value in pairs) > MAX_CHARACTERS:
        return form
    names: dict[str, list[str]] = {name: [upload.name or "" for upload in uploads] for name, uploads in files.lists()}
    for name, file_name in skipped_uploads(request):
        names.setdefault(name, []).append(file_name)
    return UnsavedForm(form.action, pairs, list(names.items()))


def has_secrets(request: HttpRequest, pairs: list[tuple[str, str]]) -> bool:
    """Whether passwords or codes of the two-step sign-in were posted, or its view says so itself."""
    is_sign_in = request.path.startswith((reverse("account_login"), reverse("mfa_index")))
    has_password = any("password" in name.lower() for name, _ in pairs)
    return is_sign_in or has_password or hasattr(request, "sensitive_post_parameters")
