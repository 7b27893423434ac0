"""Plain widgets written without a template: of a form's 2,600 fields nearly all are one of these.

Character for character what Django's templates of the same names write; a test compares them.
"""

from functools import lru_cache

from django.utils.safestring import mark_safe
from markupsafe import escape

INPUTS = ("text", "number", "hidden", "url", "email", "checkbox")


# Most of what is written is written in each row: names of attributes, options, addresses.
_escaped = lru_cache(maxsize=4096)(lambda text: str(escape(text)))


def safe(value):
    """A value as it may stand in HTML. Only plain text is looked up: what is safe already equals the same unsafe."""
    return _escaped(value) if type(value) is str else str(escape(value))


def attributes(given):
    """Attributes of a tag, each with a space before it."""
    found = ""
    for name, value in given.items():
        if value is True:
            found += f" {safe(name)}"
        elif value is not False:
            found += f' {safe(name)}="{safe(value)}"'
    return found


def render_input(widget):
    """An ``input``."""
    value = "" if widget["value"] is None else f' value="{safe(widget["value"])}"'
    return f'<input type="{widget["type"]}" name="{safe(widget["name"])}"{value}{attributes(widget["attrs"])}>'


def render_select(widget):
    """A ``select``; None when its options are in groups."""
    if any(group for group, _, _ in widget["optgroups"]):
        return None
    options = "".join(
        f'\n  <option value="{safe(option["value"])}"{attributes(option["attrs"])}>{safe(option["label"])}</option>'
        for _, found, _ in widget["optgroups"]
        for option in found
    )
    return f'<select name="{safe(widget["name"])}"{attributes(widget["attrs"])}>{options}\n</select>'


def render_textarea(widget):
    """A ``textarea``."""
    text = safe(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{safe(widget["name"])}"{attributes(widget["attrs"])}>\n{text}</textarea>'


RENDERERS = {
    **{f"django/forms/widgets/{kind}.html": render_input for kind in INPUTS},
    "django/forms/widgets/select.html": render_select,
    "django/forms/widgets/textarea.html": render_textarea,
}


def render_widget(template_name, context):
    """The widget's HTML; None for one that needs its template."""
    writer = RENDERERS.get(template_name)
    found = writer(context["widget"]) if writer else None
    return None if found is None else mark_safe(found)
