"""What templates may call: the Jinja2 environment of the pages, with the filters that write dates and numbers."""

from functools import cache

from django.templatetags import static
from jinja2 import StrictUndefined

from catalog.links import url_for
from catalog.views.presenters.dates import long_date, short_date
from catalog.views.presenters.humanize import plural
from soundtrack_site.workarounds.jinja2_codegen import FastEnvironment


def trim_zeros(number):
    """A decimal without idle zeros: 38, 4.83."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def url_host(url):
    """The host of an address, as a link's text."""
    return url.split("://", 1)[-1].split("/", 1)[0].removeprefix("www.")


@cache
def static_url(path):
    """The address of a static file: its name holds its hash, which a process reads once."""
    return static.static(path)


def environment(**options):
    """The environment of the ``jinja2`` back end. A name that is not there is an error, never a blank."""
    options |= {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True, "autoescape": True}
    env = FastEnvironment(**options)
    env.globals.update(static=static_url, url=url_for)
    env.filters.update(
        long_date=long_date, short_date=short_date, plural=plural, trim_zeros=trim_zeros, url_host=url_host
    )
    return env
