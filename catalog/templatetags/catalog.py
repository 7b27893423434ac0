"""What templates may call: the Jinja2 environment of the pages, with the filters that write dates and numbers."""

from django.templatetags.static import static
from jinja2 import Environment, StrictUndefined

from catalog.models.base import address
from catalog.views.parts.dates import long_date, short_date
from catalog.views.parts.words import plural


def plain(number):
    """A decimal without idle zeros: 38, 4.83."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def host(url):
    """The host of an address, as a link's text."""
    return url.split("://", 1)[-1].split("/", 1)[0].removeprefix("www.")


class Pages(Environment):
    """Templates share the environment's globals as they are: Jinja2 would lay a map over them for each, and compare
    its keys at every import of a macro, which took a page 0.2 ms.
    """

    def make_globals(self, d):
        """The globals of one template."""
        return super().make_globals(d) if d else self.globals


def environment(**options):
    """The environment of the ``jinja2`` back end. A name that is not there is an error, never a blank."""
    options |= {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True, "autoescape": True}
    env = Pages(**options)
    env.globals.update(static=static, url=address)
    env.filters.update(long_date=long_date, short_date=short_date, plural=plural, plain=plain, host=host)
    return env
