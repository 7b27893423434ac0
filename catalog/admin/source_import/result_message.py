"""The message after an import was applied."""

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from catalog.admin.base import admin_link
from catalog.editing.ingest.result import ImportResult
from catalog.models import Edit, SourceImport

MAX_SENTENCES = 12


def result_message(source_import: SourceImport, result: ImportResult, edit: Edit) -> SafeString:
    """What was imported, with links to the edit, where it can be undone, and to the series; then what was left."""
    parts: list[str] = [*result.written_sentences()]
    if edit.pk:
        edit_url = reverse("admin:catalog_edit_change", args=[edit.pk])
        parts.append(format_html('<a href="{}">See what changed, or undo it</a>.', edit_url))
    if source_import.series:
        parts.append(format_html("{}.", admin_link(source_import.series, f"Open {source_import.series}")))
    left = result.left_sentences()
    parts += left[:MAX_SENTENCES]
    if len(left) > MAX_SENTENCES:
        parts.append(f"More notes: {len(left) - MAX_SENTENCES}.")
    if result.unmapped:
        parts.append(f"Without a place in the catalogue: {len(result.unmapped)}, listed below.")
    return format_html_join(" ", "{}", ((part,) for part in parts))
