"""The message after an import was applied."""

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from catalog.admin.base import admin_link
from catalog.editing.ingest.result import ImportResult
from catalog.models import Edit, SourceImport

MAX_SENTENCES = 12


def result_message(source_import: SourceImport, result: ImportResult, edit: Edit) -> SafeString:
    """What was imported, with links to the edit, where it can be undone, and to the series."""
    sentences = result.sentences()
    text = format_html_join(" ", "{}", ((sentence,) for sentence in sentences[:MAX_SENTENCES]))
    hidden = len(sentences) - MAX_SENTENCES
    if hidden > 0:
        text = format_html("{} More notes: {}.", text, hidden)
    if edit.pk:
        edit_url = reverse("admin:catalog_edit_change", args=[edit.pk])
        text = format_html('{} <a href="{}">See what changed, or undo it</a>.', text, edit_url)
    if source_import.series:
        text = format_html("{} {}.", text, admin_link(source_import.series, f"Open {source_import.series}"))
    return text
