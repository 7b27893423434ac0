"""The link by which visitors report an error of a page by mail."""

from collections.abc import Iterable
from urllib.parse import quote

from django.conf import settings

from catalog.partial_date import PartialDate
from catalog.text import join_lines
from catalog.views.presenters.dates import long_date
from catalog.views.presenters.infobox_rows import InfoboxRow

MAX_URL_LENGTH = 1900  # some mail programs take no more than 2,000 characters


def report_url(title: str, page_url: str, infobox: Iterable[InfoboxRow] = ()) -> str:
    """A ``mailto:`` URL with the page and its facts filled in; empty if no address for reports is set.

    Facts that would make the URL too long are left out.
    """
    if not settings.REPORT_EMAIL:
        return ""
    title = join_lines(title)  # a line end would begin another header of the mail
    question = "Which fact is wrong? Please delete the other lines, and say what is right and where it can be read."
    lines = [f"Page: {title}", page_url, "", question]
    for row in infobox:
        values = ", ".join(
            long_date(value.text) if isinstance(value.text, PartialDate) else str(value.text) for value in row.values
        )
        line = f"- {row.label}: {values}"
        if values and len(_mailto(title, [*lines, line])) <= MAX_URL_LENGTH:
            lines.append(line)
    return _mailto(title, lines)


def _mailto(title: str, lines: list[str]) -> str:
    """The URL (RFC 6068): line ends are CRLF, everything is percent-encoded."""
    subject, body = quote(f"Error on {title} – {settings.SITE_NAME}", safe=""), quote("\r\n".join(lines), safe="")
    return f"mailto:{quote(settings.REPORT_EMAIL, safe='@')}?subject={subject}&body={body}"
