"""What the template of a review shows."""

from typing import Any

from django.contrib import admin

from catalog.admin.source_import.review import MAX_TITLE_LENGTH, ONLY_OPEN, ImportReview
from catalog.admin.source_import.review_pages import find_page, record_tables
from catalog.editing.ingest.choices import ticks_of
from catalog.editing.ingest.plan_report import count_states
from catalog.editing.person_matching import NEW
from catalog.models import Series, SourceImport

MAX_UNMAPPED = 200


def is_undone(source_import: SourceImport) -> bool:
    """True if what was applied was undone, and that is not undone in turn."""
    return source_import.edit is not None and any(not undo.undoings.all() for undo in source_import.edit.undoings.all())


def _series_choices(candidates: list[Series]) -> list[tuple[str, str]]:
    """Primary keys and labels, which tell series of one title apart."""
    model_admin: Any = admin.site.get_model_admin(Series)
    labels = model_admin.option_labels(candidates)
    return [(str(series.pk), labels[series.pk]) for series in candidates]


def review_context(review: ImportReview, page_key: str, only_open: bool) -> dict[str, Any]:
    """The context of one page of a review. An unknown page is the first."""
    context: dict[str, Any] = {
        "sources": list(zip(review.labels, review.sources, strict=True)),
        "series_choices": [*_series_choices(review.candidates), (NEW, "A new series")],
        "series_answer": review.series_answer,
        "asks_series": len(review.candidates) > 1 or (review.candidates and not review.source_import.series_id),
        "only_open": only_open,
        "is_undone": is_undone(review.source_import),
        "needs_title": review.needs_title,
        "title_of_series": review.choices.typed_title,
        "max_title_length": MAX_TITLE_LENGTH,
        "open_view": ONLY_OPEN,
        "notes_disputes": review.choices.notes_disputes,
        "edit_summary": review.choices.summary,
    }
    plan = review.plan
    if plan is None:
        return context
    pages = review.pages(only_open)
    page = find_page(pages, page_key)
    position = pages.index(page)
    questions = plan.questions
    cells = [cell for record in page.records for fact in record.facts for cell in fact.cells]
    return context | {
        "plan": plan,
        "asks_series": context["asks_series"] and position == 0,
        "pages": pages,
        "page": page,
        "previous": pages[position - 1] if position else None,
        "next": pages[position + 1] if position + 1 < len(pages) else None,
        "is_first": position == 0,
        "tables": record_tables(page.records, review.labels),
        "counts": count_states(plan.records),
        "ticked_count": sum(cell.is_ticked and not cell.is_cited for cell in plan.cells()),
        "ticked_before": "\n".join(sorted(ticks_of(cell for cell in cells if not cell.is_cited))),
        "open_questions": [question for question in questions if not question.answer],
        "answered_questions": [question for question in questions if question.answer],
        "unmapped": [(review.labels[source], sentence) for source, sentence in plan.unmapped[:MAX_UNMAPPED]],
        "hidden_unmapped": max(0, len(plan.unmapped) - MAX_UNMAPPED),
        "fingerprint": plan.fingerprint,
    }
