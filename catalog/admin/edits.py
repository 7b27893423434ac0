"""The edit (user and summary) to which all changes of one admin request belong."""

from contextlib import AbstractContextManager
from typing import Any

from django.http import HttpRequest

from catalog.models import Edit, record_edit

EDIT_SUMMARY_FIELD = "_edit_summary"  # POST field of every form in the admin that changes records


def edit_summary(request: HttpRequest) -> str:
    """The submitted edit summary, "" if there is none."""
    return request.POST.get(EDIT_SUMMARY_FIELD, "").replace("\x00", "").strip()


def record_request_edit(
    request: HttpRequest, kind: Edit.Kind = Edit.Kind.FORM, default_summary: str = "", **options: Any
) -> AbstractContextManager[Edit]:
    """Record all changes inside as one edit by the request's user; ``options`` are passed to ``record_edit``.

    ``default_summary`` is used if the user gave none.
    """
    return record_edit(user=request.user, reason=edit_summary(request) or default_summary, kind=kind, **options)
