"""Widgets rendered without a template equal those of Django's templates."""

import pytest
from django import forms
from django.contrib.admin.widgets import AdminIntegerFieldWidget, AdminTextareaWidget
from django.forms.renderers import Jinja2

from soundtrack_site.workarounds.widget_rendering import RENDERERS, render_widget

HOSTILE = ["", None, 0, 1, True, False, "plain", "a\"b'c<d>&e", "Ö → é", "  two\nlines ", ["a", "<b>"]]
CHOICES = [("", "---------"), ("a", "A <b>"), ("<b>", "B & C"), (3, "three")]
WIDGETS = {
    "text": forms.TextInput({"class": "vTextField", "maxlength": 160}),
    "number": AdminIntegerFieldWidget({"min": 0, "required": True, "aria-label": "A \"quoted\" 'name'"}),
    "hidden": forms.HiddenInput(),
    "url": forms.URLInput({"disabled": True}),
    "email": forms.EmailInput({"data-nothing": None, "data-no": False}),
    "checkbox": forms.CheckboxInput({"id": "id_a"}),
    "select": forms.Select({"required": False}, CHOICES),
    "textarea": AdminTextareaWidget({"rows": 6}),
}


@pytest.mark.parametrize("kind", WIDGETS)
@pytest.mark.parametrize("value", HOSTILE, ids=repr)
def test_widgets_are_rendered_as_by_their_templates(kind, value):
    widget = WIDGETS[kind]
    context = widget.get_context('na"me-<0>', value, {"id": "id_x", "class": "more"})
    assert render_widget(widget.template_name, context) == Jinja2().render(widget.template_name, context)


def test_every_renderer_is_compared():
    assert {widget.template_name for widget in WIDGETS.values()} == set(RENDERERS)


def test_options_in_groups_are_left_to_the_template():
    widget = forms.Select(choices=[("Group", [("a", "A")])])
    assert render_widget(widget.template_name, widget.get_context("name", "a", {})) is None
