"""Rows of a form, and what they share with forms: every relation is chosen by autocomplete."""

from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.forms import SplitDateTimeWidget
from django.utils.text import capfirst

from catalog.admin.forms import (
    PreloadedChoiceField,
    PreloadedSelect,
    PreloadedSelectMultiple,
    ProseField,
    RecordForm,
    RecordFormSet,
    RelatedWidget,
)
from catalog.admin.inline_rendering import SharedFields
from catalog.admin.permissions import DraftPermissionsMixin
from catalog.editing.permissions import may_publish
from catalog.models import Character, Episode, Season, Series


def series_id_of(record):
    """The series that a record of the form belongs to, or None."""
    if isinstance(record, Series):
        return record.pk
    if isinstance(record, Season):
        return record.series_id
    return record.season.series_id if isinstance(record, Episode) and record.season_id else None


class AutocompleteFieldsMixin:
    """Every relation is chosen by autocomplete: no page builds a list of all people, however small the catalogue."""

    form = RecordForm

    def get_autocomplete_fields(self, request):
        """All relations of the model."""
        return [field.name for field in (*self.opts.fields, *self.opts.many_to_many) if field.remote_field]

    def _select(self, db_field, request, widget):
        select = widget(db_field, self.admin_site)
        if db_field.remote_field.model is Character:
            select.series_id = getattr(request, "series_at_desk", None)
        model_admin = self.admin_site.get_model_admin(db_field.remote_field.model)
        return {"widget": select, "queryset": model_admin.get_queryset(request)}

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """An autocomplete of one record."""
        kwargs |= self._select(db_field, request, PreloadedSelect) | {"form_class": PreloadedChoiceField}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """An autocomplete of several records."""
        kwargs |= self._select(db_field, request, PreloadedSelectMultiple)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Room for prose; an address without a scheme is taken for https; date and time of a moment have names."""
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        if isinstance(db_field, models.TextField):
            kwargs["form_class"] = ProseField
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = RelatedWidget.around(field.widget)
        if isinstance(db_field, models.TextField):
            field.widget.attrs["rows"] = 6
        if field and isinstance(field.widget, SplitDateTimeWidget):
            for part, widget in zip(("date", "time"), field.widget.widgets, strict=True):
                widget.attrs["aria-label"] = f"{capfirst(db_field.verbose_name)}: {part}"
        return field


class RecordInline(DraftPermissionsMixin, AutocompleteFieldsMixin, admin.TabularInline):
    """Rows of a form. ``related`` is read along with them; the fields in ``folded`` are seldom needed."""

    template = "admin/catalog/edit_inline/tabular.html"
    extra = 0
    formset = RecordFormSet
    view_on_site = False
    show_change_link = True
    related = ()
    folded = ()
    may_exceed_form = False

    @property
    def columns(self):
        """How many columns the table has: a link and a box besides the fields, and one for all that is folded."""
        return len(self.fields) - len(self.folded) + bool(self.folded) + 2

    def get_formset(self, request, obj=None, **kwargs):
        """Remembers the series, so that its characters are offered first, and what is folded.

        Who may only read has all in view.
        """
        request.series_at_desk = series_id_of(obj)
        if not self.has_change_permission(request, obj):
            self.folded = ()
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.base_fields = SharedFields(formset.form.base_fields)
        formset.drafts_only = not may_publish(request.user)
        outcome = getattr(request, "outcome", None)
        formset.form.open_conflicts, formset.form.is_row = outcome.open_conflicts if outcome else (), True
        formset.form.folded = {name: self.opts.get_field(name).get_default() for name in self.folded}
        return formset

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """A field of a table has its column for a label, which only the eye sees."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name not in self.folded:
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs.setdefault("aria-label", capfirst(field.label))
        return field

    def get_queryset(self, request):
        """The rows with what names them."""
        return super().get_queryset(request).select_related(*self.related)


class FoldedInline(RecordInline):
    """Rows that are seldom worked on: folded until asked for."""

    classes = ("collapse",)
