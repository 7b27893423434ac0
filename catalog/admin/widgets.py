"""Widgets and form fields for relations: autocompletes that need no query for each row of a form."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.admin.widgets import (
    AutocompleteMixin,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.widgets import ChoiceWidget
from django.templatetags.static import static
from django.utils.html import conditional_escape
from django.utils.http import urlencode
from django.utils.safestring import mark_safe

from catalog.text import join_lines

NEW_OPTION_PARAMETER, NEW_OPTION_PREFIX = "new", "new:"  # as in soundtrack_site.admin_site
NAME_PLACEHOLDER, WIDGET_PLACEHOLDER = "-the-name-", "-the-widget-"  # stand for what differs between rows
KEY_PATTERN = re.compile(r"[0-9]{1,18}", re.ASCII)  # primary keys are below 2^63


class PreloadedAutocomplete(AutocompleteMixin, ChoiceWidget):
    """An autocomplete whose selected records were read together with the row.

    Django's own widget runs a query for each field and row: 800 for an episode with 200 credits. ``preloaded`` are the
    records that were read. ``series_id`` is that of the form's series, whose characters are offered first.
    """

    preloaded: Sequence[Model] = ()
    series_id: int | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.shared = {}  # copies of this widget in other rows have the same dict: what is equal in all is built once

    def preload(self, records):
        """Set the records of this row. Their labels are read for all rows at once."""
        self.preloaded = records
        self.shared.setdefault("records", {}).update({record.pk: record for record in records})

    def _labels(self, records):
        labels = self.shared.setdefault("labels", {})
        if any(record.pk not in labels for record in records):
            model_admin: Any = self.admin_site.get_model_admin(self.field.remote_field.model)
            unlabelled = {**self.shared.get("records", {}), **{record.pk: record for record in records}}
            labels |= model_admin.option_labels([record for pk, record in unlabelled.items() if pk not in labels])
        return labels

    def get_url(self):
        if "url" not in self.shared:  # 6 of the 110 ms of a form with 200 credits
            series = f"?{urlencode({'series': self.series_id})}" if self.series_id else ""
            self.shared["url"] = super().get_url() + series
        return self.shared["url"]

    def selected_records(self, value):
        """The records of the keys in ``value``; invalid keys are ignored."""
        records = {str(record.pk): record for record in self.preloaded}
        keys = [str(key) for key in value if KEY_PATTERN.fullmatch(str(key))]
        missing = [key for key in keys if key not in records]
        if missing:
            records |= {str(record.pk): record for record in self.choices.queryset.filter(pk__in=missing)}
        return [records[key] for key in keys if key in records]

    @property
    def media(self):
        """Django's scripts, and after them the one that labels autocompletes for screen readers."""
        return super().media + forms.Media(js=["admin/js/autocomplete.js", "catalog/admin.js"])

    def optgroups(self, name, value, attrs=None):
        """The selected options; for one record first that of none, which HTML requires of required fields too."""
        options = []
        if not self.allow_multiple_selected:
            options.append(self.create_option(name, "", "---------", False, 0))
        records = self.selected_records(value)
        labels = self._labels(records)
        for record in records:
            options.append(self.create_option(name, record.pk, labels[record.pk], True, len(options)))
        return [(None, options, 0)]


class PreloadedSelect(PreloadedAutocomplete, AutocompleteSelect):
    """An autocomplete for one record."""


class NewRecordSelect(PreloadedSelect):
    """An autocomplete that offers to add a record of the typed name; the ModelAdmin has ``new_record``."""

    def get_url(self):
        return f"{super().get_url()}?{NEW_OPTION_PARAMETER}=1"

    def optgroups(self, name, value, attrs=None):
        """The selected record, or the one to be added if the form is shown again."""
        ((group, options, index),) = super().optgroups(name, value, attrs)
        for key in map(str, value):
            if key.startswith(NEW_OPTION_PREFIX):
                label = f"Add “{key.removeprefix(NEW_OPTION_PREFIX)}”"
                options.append(self.create_option(name, key, label, True, len(options)))
        return [(group, options, index)]


class PreloadedSelectMultiple(PreloadedAutocomplete, AutocompleteSelectMultiple):
    """An autocomplete for several records."""

    def build_attrs(self, base_attrs, extra_attrs=None):
        """Without Select2's cross that clears all: it would be a child of the list that is no list item."""
        return super().build_attrs(base_attrs, extra_attrs) | {"data-allow-clear": "false"}


class PreloadedChoiceField(forms.ModelChoiceField):
    """A ModelChoiceField that takes the record read together with the row, if that is the selected one."""

    def to_python(self, value):
        widget = getattr(self.widget, "widget", self.widget)
        preloaded = getattr(widget, "preloaded", ())
        if record := next((record for record in preloaded if str(record.pk) == str(value)), None):
            return record
        if isinstance(value, str) and value not in self.empty_values and not KEY_PATTERN.fullmatch(value):
            raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": value})
        return super().to_python(value)


class NewRecordChoiceField(PreloadedChoiceField):
    """A record, or an unsaved one of a name that no record has; the ModelAdmin saves it with the form's record."""

    def to_python(self, value):
        if not isinstance(value, str) or not value.startswith(NEW_OPTION_PREFIX):
            return super().to_python(value)
        records: Any = self.queryset
        name = join_lines(value.removeprefix(NEW_OPTION_PREFIX)).strip()
        record = records.filter(name=name).first() or records.model(name=name)
        if record.pk is None:
            records.model._meta.get_field("name").clean(name, record)
        return record


class KeyMultipleChoiceField(forms.ModelMultipleChoiceField):
    """A ModelMultipleChoiceField that refuses keys beyond 2^63, which neither database takes as a parameter."""

    def _check_values(self, value):
        for key in value:
            if not KEY_PATTERN.fullmatch(str(key)):
                raise ValidationError(self.error_messages["invalid_pk_value"], "invalid_pk_value", {"pk": key})
        return super()._check_values(value)  # type: ignore[misc]


class RelatedWidget(RelatedFieldWidgetWrapper):
    """An autocomplete with “add” and “change” links; a new character gets the series of the form."""

    template_name = "catalog/widgets/related.html"

    @classmethod
    def from_wrapper(cls, wrapper):
        """A copy of Django's ``wrapper`` without its "delete" and "view" links."""
        return cls(
            wrapper.widget,
            wrapper.rel,
            wrapper.admin_site,
            can_add_related=wrapper.can_add_related,
            can_change_related=wrapper.can_change_related,
        )

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        if getattr(self.widget, "series_id", None):
            context["url_params"] += f"&series={self.widget.series_id}"  # type: ignore[attr-defined]
        icons = {f"{icon}_icon": static(f"admin/img/icon-{icon}link.svg") for icon in ("add", "change")}
        return context | icons

    def render(self, name, value, attrs=None, renderer=None):
        """The widget between links that differ by the name only, and are rendered once for all rows.

        That saves 27 of the 140 ms of a form with 200 credits.
        """
        shared = getattr(self.widget, "shared", None)
        if shared is None:
            return super().render(name, value, attrs, renderer)
        if "frame" not in shared:
            context = self.get_context(NAME_PLACEHOLDER, None, {}) | {"rendered_widget": mark_safe(WIDGET_PLACEHOLDER)}
            shared["frame"] = self._render(self.template_name, context, renderer)  # type: ignore[attr-defined]
        before, after = shared["frame"].replace(NAME_PLACEHOLDER, conditional_escape(name)).split(WIDGET_PLACEHOLDER)
        return mark_safe(f"{before}{self.widget.render(name, value, attrs)}{after}")


def preloaded_records(record, name):
    """The records in the relation ``name`` of ``record`` that were read already, without a query."""
    field = record._meta.get_field(name)
    if field.many_to_many:
        return list(getattr(record, "_prefetched_objects_cache", {}).get(name, ()))
    related = field.get_cached_value(record, default=None)
    return [related] if related is not None and related.pk is not None else []
