"""Forms and formsets of the admin: constraints of the database are reported beside the row that breaks them."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import UniqueConstraint
from django.utils.functional import cached_property

from catalog.admin.citation_questions import CitationQuestionsFormMixin
from catalog.admin.conflicts.conflict import UnresolvedFormMixin
from catalog.admin.widgets import PreloadedAutocomplete, preloaded_records
from catalog.editing.permissions import published_owner
from catalog.history.conflicts import constraint_field_names
from catalog.models.slug import Sluggable
from catalog.text import remove_invisible

MIN_YEAR, MAX_YEAR = 1900, 9998  # of a publication
MAX_NEW_ROWS = 200  # of one kind at once: a form with 1,000 of each kind takes a minute


class RecordForm(UnresolvedFormMixin, CitationQuestionsFormMixin):
    """A ModelForm that checks every constraint of the model, also those over fields that the form does not have.

    Django leaves these to the database: the episode is no field of a row of its credits, so a duplicate credit would
    end in an IntegrityError.
    """

    folded: dict[str, Any] = {}  # the inline's folded fields, with their default values
    drafts_only = False  # True if the user may add rows to drafts only

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, PreloadedAutocomplete):
                widget.preload(preloaded_records(self.instance, name))

    @property
    def has_folded_content(self):
        """True if a folded field has an error or a value other than its default; the row is then shown unfolded."""
        return any(self._content(name) not in (None, "", default) for name, default in self.folded.items())

    def _content(self, name):
        if not self.is_bound:
            return self.get_initial_for_field(self.fields[name], name)
        return self[name].errors or self[name].value()

    def _post_clean(self):
        """Validate model and constraints; an unchanged row is valid as it is."""
        if self.instance.pk and not self.has_changed():
            return
        super()._post_clean()  # type: ignore[misc]
        try:
            self.instance.validate_constraints(exclude=self._unchecked_fields())
        except ValidationError as error:
            reported = self.errors.get(NON_FIELD_ERRORS, ())
            for message in error.messages:
                if message not in reported:
                    self.add_error(None, message)
        if self.drafts_only and not self.errors:
            self._require_draft()
        self.ask_about_citations()

    def clean_published_at(self):
        """Keep an unchanged time with its microseconds, which the form does not show.

        Times at either end of the calendar do not exist in another time zone, and so cannot be stored.
        """
        if "published_at" not in self.changed_data:
            return self.instance.published_at
        published_at = self.cleaned_data["published_at"]
        if published_at and not MIN_YEAR <= published_at.year <= MAX_YEAR:
            raise ValidationError(f"Enter a year from {MIN_YEAR} to {MAX_YEAR}.")
        return published_at

    def _require_draft(self):
        if (owner := published_owner(self.instance)) is not None:
            self.add_error(None, f"{owner} is published: only those who may publish can add to it.")

    def _unchecked_fields(self):
        """Fields with errors, and the owner of a row if the owner is not saved yet."""
        instance = self.instance
        owners = [field for field in instance._meta.fields if field.is_relation and field.is_cached(instance)]
        unsaved = {field.name for field in owners if getattr(instance, field.attname) is None}
        return (set(self.errors) - {NON_FIELD_ERRORS}) | {name for name in unsaved if getattr(instance, name)}


class RecordFormSet(forms.BaseInlineFormSet):
    """Rows of one record; two rows that break a unique constraint together are an error."""

    drafts_only = False  # True if the user may not change published rows (seasons of a series)
    error_messages: dict[str, Any]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self.absolute_max = len(self.get_queryset()) + MAX_NEW_ROWS
            text = f"At most {MAX_NEW_ROWS} rows can be added at once: save them, then add more."
            self.error_messages["too_many_forms"] = text

    @cached_property
    def empty_form(self):
        """The template of a new row. Django builds it six times a page, which takes 9 ms for 200 credits."""
        return super().empty_form

    @property
    def options(self) -> Any:
        """The ``_meta`` of the rows' model."""
        return self.model._meta  # type: ignore[union-attr]

    def _construct_form(self, i, **kwargs):
        """Set the owner on each row, which spares a query each."""
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        setattr(form.instance, self.fk.name, self.instance)
        if self.drafts_only and getattr(form.instance, "published_at", None):
            for name in form.base_fields:
                form.fields[name].disabled = True
        return form

    def add_fields(self, form, index):
        """Add a label for screen readers to the "Delete?" box."""
        super().add_fields(form, index)
        if self.can_delete:
            form.fields["DELETE"].widget.attrs["aria-label"] = "Delete this row"

    def clean(self):
        """Report duplicate rows by the constraint's message. Equal slugs are no error: saving makes them unique."""
        rows = [form for form in self.forms if self._will_be_saved(form)]
        for form in rows:
            if isinstance(form.instance, Sluggable) and not form.instance.pk and not form.cleaned_data.get("slug"):
                form.instance.slug = ""
        has_duplicates = [self._report_duplicates(constraint, rows) for constraint in self.options.constraints]
        if not any(has_duplicates):
            super().clean()

    def _will_be_saved(self, form):
        if self.can_delete and self._should_delete_form(form):  # type: ignore[attr-defined]
            return False
        return form.is_valid() and (form.has_changed() or form.instance.pk is not None)

    def _report_duplicates(self, constraint, rows):
        """True if rows break a unique constraint. Its condition is met by all of them: they have the same owner."""
        if not isinstance(constraint, UniqueConstraint):
            return False
        names = [name for name in constraint_field_names(constraint) if name != self.fk.name]
        columns = [self.options.get_field(name).attname for name in names]
        keys, has_duplicates = set(), False
        for form in rows:
            key = tuple(getattr(form.instance, column) for column in columns)
            if constraint.fields and None in key:  # in the database NULL differs from NULL
                continue
            if key in keys:
                form.add_error(None, constraint.get_violation_error_message())
                has_duplicates = True
            keys.add(key)
        return has_duplicates


class ProseField(forms.CharField):
    """Text of several lines, with line feeds only: browsers submit CRLF."""

    widget = forms.Textarea

    def to_python(self, value):
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class AddressField(forms.URLField):
    """A URL, without the invisible characters that are copied with one."""

    def to_python(self, value):
        return super().to_python(remove_invisible(value or ""))


class WordListField(forms.CharField):
    """A list of words, edited as one word per line."""

    widget = forms.Textarea

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        lines = value if isinstance(value, list) else (value or "").splitlines()
        return [line.strip() for line in lines if line.strip()]
