"""Inlines, and the mixin by which inlines and ModelAdmins choose related records by autocomplete."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.forms import SplitDateTimeWidget
from django.utils import timezone
from django.utils.text import capfirst

from catalog.admin.citation_questions import CITATION_PERMISSION
from catalog.admin.forms import AddressField, ProseField, RecordForm, RecordFormSet
from catalog.admin.inline_rendering import RowField, SharedFields
from catalog.admin.permissions import DraftPermissionsMixin
from catalog.admin.request_state import request_state
from catalog.admin.widgets import (
    KeyMultipleChoiceField,
    PreloadedChoiceField,
    PreloadedSelect,
    PreloadedSelectMultiple,
    RelatedWidget,
)
from catalog.editing.permissions import may_publish
from catalog.models import Character, Episode, Season, Series


def series_id_of(record):
    """The key of the series that a record belongs to, or None."""
    if isinstance(record, Series):
        return record.pk
    if isinstance(record, (Season, Character)):
        return record.series_id
    return record.season.series_id if isinstance(record, Episode) and record.season_id else None


class AutocompleteFieldsMixin(BaseModelAdmin):
    """All relations are chosen by autocomplete, so that no page lists all people."""

    form = RecordForm

    def get_autocomplete_fields(self, request):
        return [field.name for field in (*self.opts.fields, *self.opts.many_to_many) if field.remote_field]

    def _autocomplete(self, db_field, request, widget_class):
        widget = widget_class(db_field, self.admin_site)
        if db_field.remote_field.model is Character:
            widget.series_id = request_state(request).series_id
        model_admin = self.admin_site.get_model_admin(db_field.remote_field.model)
        return {"widget": widget, "queryset": model_admin.get_queryset(request)}

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs |= self._autocomplete(db_field, request, PreloadedSelect) | {"form_class": PreloadedChoiceField}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs |= self._autocomplete(db_field, request, PreloadedSelectMultiple)
        kwargs["form_class"] = KeyMultipleChoiceField
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """The form field: six lines for text, https for URLs without a scheme, labels for the parts of a time."""
        if isinstance(db_field, models.URLField):
            kwargs |= {"assume_scheme": "https", "form_class": AddressField}
        if isinstance(db_field, models.TextField):
            kwargs["form_class"] = ProseField
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = RelatedWidget.from_wrapper(field.widget)
        if isinstance(db_field, models.TextField):
            field.widget.attrs["rows"] = 6
        if field and isinstance(db_field, models.DateTimeField):
            field.help_text += f" Time zone: {timezone.get_current_timezone_name()}."
        if field and isinstance(field.widget, SplitDateTimeWidget):
            for part, widget in zip(("date", "time"), field.widget.widgets, strict=True):
                widget.attrs["aria-label"] = f"{capfirst(db_field.verbose_name)}: {part}"
        return field


class RecordInline(DraftPermissionsMixin, AutocompleteFieldsMixin, admin.TabularInline):  # type: ignore[misc]
    """Rows in the form of a record.

    ``related`` is passed to select_related; ``folded`` fields are shown on demand. With very
    many rows it is left out of the form: see ``long_inlines``.
    """

    template = "admin/catalog/edit_inline/tabular.html"
    extra = 0
    formset = RecordFormSet
    view_on_site = False
    show_change_link = True
    related: tuple[str, ...] = ()
    folded: tuple[str, ...] = ()

    @property
    def columns(self):
        """The number of columns: the unfolded fields, the link, "Delete?", and one for all folded fields."""
        return len(self.fields or ()) - len(self.folded) + bool(self.folded) + 2

    def get_formset(self, request, obj=None, **kwargs):
        """The formset class, set up for this request. Users who may only view see all fields unfolded."""
        state = request_state(request)
        state.series_id = series_id_of(obj)
        if not self.has_change_permission(request, obj):
            self.folded = ()
        formset: Any = super().get_formset(request, obj, **kwargs)
        form = formset.form
        form.base_fields, form.bound_field_class = SharedFields(form.base_fields), RowField
        form.open_conflicts, form.is_inline_row = state.open_conflicts, True
        form.asks_about_citations = request.user.has_perm(CITATION_PERMISSION)
        defaults = {field.name: field.get_default() for field in self.opts.fields}
        form.folded = {name: defaults[name] for name in self.folded}
        formset.drafts_only = not may_publish(request.user)
        return formset

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """The form field, with the column's label for screen readers."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name not in self.folded:
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs.setdefault("aria-label", capfirst(field.label))
        return field

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.related)


class FoldedInline(RecordInline):
    """An inline that is collapsed at first."""

    classes: tuple[str, ...] = ("collapse",)
