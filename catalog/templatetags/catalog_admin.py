"""Template tags of the admin's templates."""

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
    """The Dashboard for the user of the request."""
    return Dashboard(context["request"])


@register.simple_tag
def inline_rows(inline_formset):
    """The rows of an inline (an InlineRows), rendered by Jinja2 in a third of the time of Django's templates."""
    inline, formset = inline_formset.opts, inline_formset.formset
    context = {
        "rows": inline_formset,
        "inline": inline,
        "formset": formset,
        "cell": CellRenderer(),
        "names": inline_formset.names,
        "key": formset._pk_field.name,
        "owner": formset.fk.name,
        "record_url": inline_formset.url_builder() if inline.has_registered_model else None,
        "labels": {field.name: capfirst(field.label) for field in formset.empty_form},
        "capfirst": capfirst,
        "change": gettext("Change"),
        "more": gettext("More"),
        "delete": gettext("Delete?"),
    }
    return mark_safe(get_default_renderer().render("catalog/admin/rows.html", context))
