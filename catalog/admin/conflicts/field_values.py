"""What a field was sent, and what it would have been sent had a value stood in it."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms import CheckboxInput, MultiWidget, Select, SelectMultiple

MAX_SHOWN_LENGTH = 300  # characters of a value that is shown to choose by


def inner_widget(field):
    """The widget of a field without what the desk puts around it."""
    return getattr(field.widget, "widget", field.widget)


def submitted_value(field, data, files, name):
    """What was sent for ``field`` under ``name``."""
    return field.widget.value_from_datadict(data, files, name)


def form_initial(value):
    """A stored value as a form begins with it: moments without what is below a second, which no form shows."""
    return value.replace(microsecond=0) if hasattr(value, "microsecond") else value


def has_changed(field, value, raw):
    """Whether ``raw``, as it was sent, says something other than the stored ``value``."""
    return field.has_changed(form_initial(value), raw)


def as_submitted(field, value):
    """What would be sent for a field in which the stored ``value`` stands."""
    widget, value = inner_widget(field), field.prepare_value(form_initial(value))
    if isinstance(widget, MultiWidget):
        return [
            part.format_value(each) or "" for part, each in zip(widget.widgets, widget.decompress(value), strict=True)
        ]
    if isinstance(widget, CheckboxInput):
        return bool(value)
    if isinstance(widget, SelectMultiple):
        return [str(each) for each in value or ()]
    if isinstance(widget, Select):
        return "" if value is None else str(value)
    return widget.format_value(value) or ""


def set_submitted(data, field, name, raw):
    """Make ``data`` (a mutable QueryDict) hold ``raw`` for ``field`` under ``name``, as a browser would send it."""
    widget = inner_widget(field)
    if isinstance(widget, MultiWidget):
        for suffix, part in zip(widget.widgets_names, raw, strict=True):
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
    """What ``raw`` says, in words: names for keys, labels for choices; “nothing” when it says nothing."""
    if isinstance(field, forms.FileField):
        return getattr(raw, "name", "") or "nothing"
    try:
        value = field.clean(raw)
    except ValidationError:
        value = raw
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(field, forms.TypedChoiceField | forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        value = dict(field.choices).get(value, value)
    if hasattr(value, "__iter__") and not isinstance(value, str):
        value = ", ".join(map(str, value))
    text = "" if value is None else str(value)
    return (text[:MAX_SHOWN_LENGTH] + "…" if len(text) > MAX_SHOWN_LENGTH else text) or "nothing"


def relation_field(model, name):
    """The relation that a form's field ``name`` chooses from, or None."""
    field = _field(model, name)
    return field if field is not None and field.is_relation else None


def log_column(model, name):
    """What the log calls what a form's field holds: its column, or the table between; None for neither."""
    field = _field(model, name)
    if field is None:
        return None
    return field.remote_field.through._meta.model_name if field.many_to_many else field.attname


def _field(model, name):
    return next((field for field in (*model._meta.fields, *model._meta.many_to_many) if field.name == name), None)


def field_label(field, name):
    """What a field is called."""
    return str(field.label or name.replace("_", " ")).capitalize()


def changed_values(form, model, start, data, files, before):
    """(label, value in words) of what was sent for a form and differs from ``before``, by column (None: nothing)."""
    for name, field in form.base_fields.items():
        stored, raw = log_column(model, name), submitted_value(field, data, files, start + name)
        if stored is not None and not field.disabled and has_changed(field, (before or {}).get(stored), raw):
            yield field_label(field, name), value_in_words(field, raw)
