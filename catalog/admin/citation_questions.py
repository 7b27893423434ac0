"""A form that changes a cited fact asks what its sources say; the answers are saved with it.

The first submission shows the questions above the form, as conflicts are shown, and saves nothing.
"""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm

from catalog.editing.citation_questions import CitationReview, review_citations
from catalog.models.citation import KIND_BY_MODEL

CITATION_PERMISSION = "catalog.change_citation"


class CitationQuestionsFormMixin(ModelForm):
    """A form that is invalid while a question about the sources of its changed facts is open.

    ``asks_about_citations`` is False for users who may not change citations; the citations are not checked then.
    """

    asks_about_citations = False
    citation_review = CitationReview()

    def ask_about_citations(self) -> None:
        """Find the questions, and add an error to the fields of those that are not answered."""
        record, cleaned = self.instance, self.cleaned_data
        if not self.asks_about_citations or type(record) not in KIND_BY_MODEL or cleaned.get("DELETE"):
            return
        values = {name: cleaned[name] for name in self.changed_data if name in cleaned}
        self.citation_review = review_citations(record, values)
        for question in self.citation_review.questions:
            question.read_answer(self.data)
            if not question.answer:
                self.add_error(question.facts[0].name, "Sources are cited for this: say above what they say now.")


class CitationQuestionsMixin(admin.ModelAdmin):
    """Shows the questions of a form and of its rows, and saves the answers."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        """The form class, which asks users who may change citations."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.asks_about_citations = request.user.has_perm(CITATION_PERMISSION)
        return form

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        for saved_form in [form, *(row for formset in formsets for row in formset.forms)]:
            saved_form.citation_review.save()

    def render_change_form(self, request, context, *args, **kwargs):
        """The form with its questions and those of its rows."""
        formsets = [inline.formset for inline in context["inline_admin_formsets"]]
        forms = [context["adminform"].form, *(row for formset in formsets for row in formset.forms)]
        questions = [question for form in forms for question in form.citation_review.questions]
        return super().render_change_form(request, context | {"citation_questions": questions}, *args, **kwargs)
