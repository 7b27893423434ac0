"""What an editor gives for a series: an id, a title, or an address, of which only the id or title in it is used."""

import re
from urllib.parse import SplitResult, unquote, urlsplit

from catalog.fetching.fetched_text import FetchError
from catalog.sources.external_ids import is_title_id

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
MAX_LENGTH = 1_000


def clean_reference(reference: str) -> str:
    """The reference without blanks around it. Raises FetchError for an empty one and for control characters."""
    text = reference.strip()
    if not text:
        raise FetchError("Give an id, a title or the address of a page.")
    if len(text) > MAX_LENGTH or CONTROL.search(text):
        raise FetchError("The id, title or address is too long or has characters that none can have.")
    return text


def page_path(reference: str, label: str, hosts: set[str]) -> str | None:
    """The path of a page's address, or None if the reference is no address.

    Raises FetchError for any other host, port, user name or scheme than https.
    """
    text = reference
    if reference.split("/")[0].casefold() in hosts:
        text = f"https://{reference}"
    if "://" not in text and not text.startswith("//"):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = SplitResult("", "", "", "", "")
    if parts.scheme != "https" or parts.netloc.casefold() not in hosts:
        addresses = " or ".join(f"https://{host}/" for host in sorted(hosts))
        raise FetchError(f"This is no address of {label}: it has to begin with {addresses}.")
    return parts.path


def id_in_path(path: str, pattern: re.Pattern[str], label: str) -> str:
    """The id in the path of an address, the first group of ``pattern``."""
    match = pattern.match(path)
    if not match:
        raise FetchError(f"This address of {label} is not that of a series.")
    return match[1]


def title_in_path(path: str, prefix: str, label: str) -> str:
    """The title in the path of a wiki's page."""
    title = unquote(path.removeprefix(prefix)).replace("_", " ").strip()
    if not path.startswith(prefix) or not title:
        raise FetchError(f"This address of {label} is not that of an article.")
    return title


def is_imdb_id(reference: str) -> bool:
    """True for the id of a title at IMDb, which the services can look up."""
    return is_title_id("imdb", reference)


def choose_match(label: str, title: str, candidates: list[tuple[str, str, str]]) -> str:
    """The id of the only candidate with this title. ``candidates`` are (id, title, detail such as the year)."""
    key = title.casefold()
    matches = [candidate for candidate in candidates if candidate[1].casefold() == key]
    if len(matches) == 1:
        return matches[0][0]
    listed = ", ".join(f"{name} ({'; '.join(filter(None, (id, detail)))})" for id, name, detail in candidates[:8])
    if matches:
        raise FetchError(f"{label} has {len(matches)} series with the title “{title}”: give the id of one of {listed}.")
    hint = f" It has {listed}." if listed else ""
    raise FetchError(f"{label} has no series with the title “{title}”.{hint}")
