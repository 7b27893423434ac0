"""The headings of a rendered page, for its table of contents."""

import re

from markupsafe import Markup

SECTION_HEADING = re.compile(r'<h2 id="([\w-]+)">(.*?)</h2>', re.DOTALL)
TAG = re.compile(r"<[^>]*>")


def section_headings(markup: str) -> list[tuple[str, str]]:
    """(id, text) of each ``h2`` with an id, in order."""
    return [(name, Markup(TAG.sub("", text).strip())) for name, text in SECTION_HEADING.findall(markup)]
