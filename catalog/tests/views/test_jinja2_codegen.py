"""The faster code generator renders the same as that of Jinja2."""

import pytest
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from markupsafe import Markup, escape

from catalog.jinja2_environment import environment
from soundtrack_site.workarounds.jinja2_codegen import escape_value

VALUES = ["<b>&\"'", Markup("<b>"), mark_safe("<i>"), 12, True, None, 4.5, ["<"]]


@given(st.text())
def test_text_is_escaped_as_by_markupsafe(text):
    assert escape_value(text) == str(escape(text))


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_other_values_are_escaped_as_by_markupsafe(value):
    assert escape_value(value) == str(escape(value))
    assert environment().from_string("{{ value }}").render(value=value) == str(escape(value))


def test_the_output_of_a_macro_is_escaped_once():
    page = "{% macro bold(x) %}<b>{{ x }}</b>{% endmacro %}{% macro box() %}[{{ caller() }}]{% endmacro %}"
    page += "{{ bold('<') }}{% call box() %}{{ bold(x='&') }}{% endcall %}{% for x in 'ab' %}{{ bold(x) }}{% endfor %}"
    assert environment().from_string(page).render() == "<b>&lt;</b>[<b>&amp;</b>]<b>a</b><b>b</b>"


def test_an_undefined_name_is_an_error_when_printed_and_when_called():
    for page in ("{{ nobody }}", "{{ nobody() }}", "{{ row.nobody }}"):
        with pytest.raises(UndefinedError):
            environment().from_string(page).render(row=object())
