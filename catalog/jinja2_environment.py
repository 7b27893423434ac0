"""The Jinja2 environment of the visitors' pages: the globals and filters that templates may use."""

from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags import static
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from catalog.links import url_for
from catalog.views.presenters.dates import long_date, short_date
from catalog.views.presenters.humanize import plural, round_down
from catalog.views.presenters.section_headings import section_headings
from soundtrack_site.workarounds.jinja2_codegen import FastEnvironment


def is_admin_linked(request: HttpRequest | None) -> bool:
    """Whether the footer links to the admin: for users who are signed in, and for all if its path is the usual one."""
    user = getattr(request, "user", None)  # a request that was refused early has none
    return settings.ADMIN_PATH == "admin" or bool(user and user.is_authenticated)


def trim_zeros(number: Decimal) -> str:
    """A decimal without trailing zeros: 38, 4.83."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def lang_dir(record: Any = None) -> Markup:
    """The attributes of an element with a title or name: its direction, and its language as far as that is known."""
    language = getattr(record, "title_language", "")
    return Markup(' lang="{}" dir="auto"').format(language) if language else Markup(' dir="auto"')


def url_host(url: str) -> str:
    """The host of a URL without ``www.``, as the text of a link."""
    return url.split("://", 1)[-1].split("/", 1)[0].removeprefix("www.")


@cache
def static_url(path: str) -> str:
    """The URL of a static file; cached, since Django looks up the hash in its name at each call."""
    return static.static(path)


def environment(**options: Any) -> Environment:
    """The environment of the ``jinja2`` back end. An undefined name raises an error instead of printing nothing."""
    options |= {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True, "autoescape": True}
    env = FastEnvironment(**options)
    env.globals.update(static=static_url, url=url_for, is_admin_linked=is_admin_linked)
    env.filters.update(
        lang_dir=lang_dir,
        long_date=long_date,
        short_date=short_date,
        plural=plural,
        round_down=round_down,
        trim_zeros=trim_zeros,
        url_host=url_host,
        section_headings=section_headings,
    )
    return env
