"""Rows of a form, quick to show: 200 credits are 1,800 fields, and what is the same in each is made once."""

import copy

from django.contrib.admin.helpers import InlineAdminFormSet


class Rows(InlineAdminFormSet):
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


class Fields(dict):
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
