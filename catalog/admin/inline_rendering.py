"""Rows of a form, quick to show: 200 credits are 2,600 fields, and what is the same in each is made once."""

import copy

from django.contrib.admin.helpers import InlineAdminFormSet
from django.contrib.admin.utils import flatten_fieldsets, quote
from django.forms.boundfield import BoundField
from django.urls import reverse
from django.utils.safestring import mark_safe

PREFIX, KEY = "\0row\0", "-key-"  # stand for what differs between rows; no stored text holds the first


class InlineRows(InlineAdminFormSet):
    """The rows of one kind. All need the same scripts and style sheets, so one row is asked for them, not each."""

    @classmethod
    def like(cls, inline):
        """The same as Django's ``inline``."""
        made = cls.__new__(cls)
        made.__dict__.update(inline.__dict__)
        return made

    @property
    def media(self):
        """What the inline needs and what one of its forms does."""
        return self.opts.media + self.formset.empty_form.media

    @property
    def names(self):
        """The fields of a row in which all can be changed; the owner has no column."""
        owner = self.formset.fk.name
        return [name for name in flatten_fieldsets(self.fieldsets) if name != owner]

    def addresses(self):
        """A function that gives the address of a record's own form."""
        name = f"admin:{self.opts.opts.app_label}_{self.opts.opts.model_name}_change"
        before, after = reverse(name, args=[KEY]).split(KEY)
        return lambda record: f"{before}{quote(record.pk)}{after}"


class CellRenderer:
    """Writes fields of rows: of those that hold the same in one column, one is written, and the rest are copies of it.

    Rows differ in nothing else: what they say in an answer to what was sent is not written here.
    """

    def __init__(self):
        self.written, self.anchors = {}, {}

    def __call__(self, form, name):
        if form.is_bound:
            return form[name]
        field = form.fields[name]
        value = field.prepare_value(form.get_initial_for_field(field, name))
        key = name, field.disabled, type(value), str(value)
        if key not in self.written:
            self.written[key] = str(_anywhere(form, name))
        return mark_safe(self.written[key].replace(PREFIX, form.prefix))

    def anchor(self, form, name):
        """What a label of the field stands for."""
        if name not in self.anchors:
            self.anchors[name] = _anywhere(form, name).id_for_label
        return self.anchors[name].replace(PREFIX, form.prefix)


def _anywhere(form, name):
    """A field of ``form`` as it would be in any row."""
    somewhere = _shallow(form)
    somewhere.prefix = PREFIX
    return BoundField(somewhere, form.fields[name], name)


class SharedFields(dict):
    """The fields of a form class. Each form gets its own, copied as far as forms change them: widgets and attributes.

    ``deepcopy``, as Django calls it for every form, looks at far more: 60 ms for 200 credits.
    """

    def __deepcopy__(self, memo):
        return {name: _copied(field) for name, field in self.items()}


def _copied(field):
    """A copy with a widget of its own. What consists of several is left to Django."""
    if hasattr(field, "fields") or hasattr(field.widget, "widgets"):
        return copy.deepcopy(field)
    made = _shallow(field)
    made.widget = _widget(field.widget)
    made.error_messages, made.validators = dict(field.error_messages), field.validators[:]
    return made


def _widget(widget):
    made = _shallow(widget)
    if hasattr(widget, "widget"):  # one around another has its attributes
        made.widget = _widget(widget.widget)
        made.attrs = made.widget.attrs
    else:
        made.attrs = dict(widget.attrs)
    return made


def _shallow(thing):
    made = type(thing).__new__(type(thing))
    made.__dict__.update(thing.__dict__)
    return made
