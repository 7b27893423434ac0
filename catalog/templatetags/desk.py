"""What the desk's own templates ask for."""

from django import template
from django.contrib.admin.utils import quote
from django.forms.renderers import get_default_renderer
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext

from catalog.admin.start import StartPage

register = template.Library()


@register.simple_tag(takes_context=True)
def start_page(context):
    """What the desk's first page shows to the user who asks for it."""
    return StartPage(context["request"])


@register.simple_tag
def rows(inline):
    """The rows of a table of a form: with 200 credits they are nearly all of the page."""
    name = f"admin:{inline.opts.opts.app_label}_{inline.opts.opts.model_name}_change"
    context = {
        "rows": inline,
        "desk": inline.opts,
        "formset": inline.formset,
        "address": lambda record: reverse(name, args=[quote(record.pk)]),
        "labels": {field.name: capfirst(field.label) for field in inline.formset.empty_form},
        "capfirst": capfirst,
        "change": gettext("Change"),
        "more": gettext("More"),
        "delete": gettext("Delete?"),
    }
    return mark_safe(get_default_renderer().render("catalog/desk/rows.html", context))
