"""What the desk's own templates ask for."""

from django import template

from catalog.admin.start import StartPage

register = template.Library()


@register.simple_tag(takes_context=True)
def start_page(context):
    """What the desk's first page shows to the user who asks for it."""
    return StartPage(context["request"])
