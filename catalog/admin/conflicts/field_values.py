"""How a form field submits a value, and how a value is shown. A *raw* value is what the widget reads from POST data."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import CheckboxInput, MultiWidget, Select, SelectMultiple

MAX_SHOWN_LENGTH = 300  # characters
MAX_KEY_DIGITS = 18  # a number of so many digits fits into any column; Python refuses to read thousands of digits


def parse_key(text: str) -> int | None:
    """The primary key in an address or a form; None if no record can have it."""
    return int(text) if text.isdecimal() and len(text) <= MAX_KEY_DIGITS else None


def inner_widget(field):
    """The widget without the wrapper that holds the "add" and "change" links."""
    return getattr(field.widget, "widget", field.widget)


def submitted_value(field, data, files, name):
    """The raw value of the field ``name``."""
    return field.widget.value_from_datadict(data, files, name)


def form_initial(value):
    """A stored value as the form shows it: times without microseconds."""
    return value.replace(microsecond=0) if hasattr(value, "microsecond") else value


def has_changed(field, value, raw):
    """True if ``raw`` differs from the stored ``value``."""
    return field.has_changed(form_initial(value), raw)


def resolve_submitted(field, raw, stored_values):
    """The first of ``stored_values`` that ``raw`` does not differ from; ``raw`` itself if it differs from all."""
    return next((value for value in stored_values if not has_changed(field, value, raw)), raw)


def as_submitted(field, value):
    """The raw value that a browser would submit for the stored ``value``."""
    widget: Any = inner_widget(field)
    value = field.prepare_value(form_initial(value))
    if isinstance(widget, MultiWidget):
        parts = zip(widget.widgets, widget.decompress(value), strict=True)  # type: ignore[arg-type]
        return [part.format_value(part_value) or "" for part, part_value in parts]
    if isinstance(widget, CheckboxInput):
        return bool(value)
    if isinstance(widget, SelectMultiple):
        return list(map(str, value or ()))
    if isinstance(widget, Select):
        return "" if value is None else str(value)
    return widget.format_value(value) or ""


def set_submitted(data, field, name, raw):
    """Write ``raw`` into ``data`` (a mutable QueryDict) under ``name``, in the form that a browser would submit."""
    widget: Any = inner_widget(field)
    if isinstance(widget, MultiWidget):
        for suffix, part in zip(widget.widgets_names, raw, strict=True):  # type: ignore[attr-defined]
            data[name + suffix] = part
    elif isinstance(widget, CheckboxInput):
        data.pop(name, None)
        if raw:
            data[name] = "on"
    elif isinstance(widget, SelectMultiple):
        data.setlist(name, raw)
    else:
        data[name] = raw


def value_in_words(field, raw):
    """A raw value as text for the editor: labels instead of keys; "nothing" for an empty one."""
    if isinstance(field, forms.FileField):
        return getattr(raw, "name", "") or "nothing"
    try:
        value = field.clean(raw)
    except ValidationError:
        value = raw
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(field, forms.TypedChoiceField | forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        value = dict(field.choices).get(value, value)  # type: ignore[arg-type]
    if hasattr(value, "__iter__") and not isinstance(value, str):
        value = ", ".join(map(str, value))
    text = "" if value is None else str(value)
    return (text[:MAX_SHOWN_LENGTH] + "…" if len(text) > MAX_SHOWN_LENGTH else text) or "nothing"


def model_field(model, name):
    """The model field behind the form field ``name``, or None."""
    return next((field for field in (*model._meta.fields, *model._meta.many_to_many) if field.name == name), None)


def log_column(model, name):
    """The column or many-to-many table under which the change log has the form field ``name``, or None."""
    field = model_field(model, name)
    if field is None:
        return None
    return field.remote_field.through._meta.model_name if field.many_to_many else field.attname


def field_label(field, name):
    return str(field.label or name.replace("_", " ")).capitalize()


def changed_values(form, model, prefix, data, files, before):
    """(label, value in words) of each field submitted with another value than in ``before``, a dict by column or None.

    ``prefix`` is what the names of the form's fields begin with, its hyphen included.
    """
    for name, field in form.base_fields.items():
        column, raw = log_column(model, name), submitted_value(field, data, files, prefix + name)
        if column is not None and not field.disabled and has_changed(field, (before or {}).get(column), raw):
            yield field_label(field, name), value_in_words(field, raw)
