"""Let Jinja2's compiled templates escape values without building a ``Markup`` for each.

Gain: 0.2 of the 1.8 ms of /episodes/ with eleven episodes (11 %); on pages that query more it is less. Direct calls of
functions and a shared dict of globals gained 3 % each and were removed. No upstream ticket is known; can go when
``markupsafe.escape`` of a plain ``str`` costs no more than its C function.
"""

from jinja2 import Environment
from jinja2.compiler import CodeGenerator
from markupsafe import Markup, _escape_inner, escape


def escape_value(value):
    """Escape a value that a template outputs. The result is joined at once, so it need not be ``Markup``.

    Ten times as fast as ``escape`` for a ``str``, most of it through a private function of markupsafe.
    """
    kind = type(value)
    if kind is str:
        return _escape_inner(value)
    return value if kind is Markup else str(value) if kind is int else escape(value)


class FastCodeGenerator(CodeGenerator):
    """Compiles ``{{ value }}`` to a call of ``escape_value``."""

    def _output_child_pre(self, node, frame, finalize):
        self.write("environment.escape_value(")


class FastEnvironment(Environment):
    """An Environment whose templates are compiled by FastCodeGenerator. Needs ``autoescape=True``."""

    code_generator_class = FastCodeGenerator
    escape_value = staticmethod(escape_value)
