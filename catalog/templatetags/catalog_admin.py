"""What the desk's own templates ask for."""

from django import template
from django.forms.renderers import get_default_renderer
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext

from catalog.admin.dashboard import Dashboard
from catalog.admin.inline_rendering import CellRenderer

register = template.Library()


@register.simple_tag(takes_context=True)
def dashboard(context):
    """What the desk's first page shows to the user who asks for it."""
    return Dashboard(context["request"])


@register.simple_tag
def inline_rows(inline):
    """The rows of a table of a form: with 200 credits they are nearly all of the page."""
    inline_admin, formset = inline.opts, inline.formset
    context = {
        "rows": inline,
        "inline": inline_admin,
        "formset": formset,
        "cell": CellRenderer(),
        "names": inline.names,
        "key": formset._pk_field.name,
        "owner": formset.fk.name,
        "address": inline.addresses() if inline_admin.has_registered_model else None,
        "labels": {field.name: capfirst(field.label) for field in formset.empty_form},
        "capfirst": capfirst,
        "change": gettext("Change"),
        "more": gettext("More"),
        "delete": gettext("Delete?"),
    }
    return mark_safe(get_default_renderer().render("catalog/admin/rows.html", context))
