"""Fetch an article of the English Wikipedia on a series, and the articles with its episodes that it links as such."""

import re
from urllib.parse import quote

from catalog.fetching.client import LABELS, Client
from catalog.fetching.fetched_text import FetchedText, FetchError, FetchResult, NotFoundError, file_name
from catalog.fetching.mediawiki import ask_wiki
from catalog.fetching.references import is_imdb_id, page_path, title_in_path
from catalog.fetching.wikipedia_links import episode_pages
from catalog.sources.json_values import Record, as_record, get_record, get_records, get_text

LABEL = LABELS["wikipedia"]
HOSTS = {"en.wikipedia.org", "en.m.wikipedia.org"}
NOT_IN_TITLE = re.compile(r"[#<>\[\]{}|]")
MAX_TITLE_LENGTH = 255
MAX_PAGES = 40
MAX_DEPTH = 2  # from the series by its list of episodes to its seasons
BATCH_SIZE = 5  # articles in one answer
MAX_ANSWERS = 10  # with the articles of one batch: the wiki splits a large one


def fetch_series(client: Client, reference: str) -> FetchResult:
    """Fetch an article by its title or address, then those on its seasons and episodes."""
    title = _title_of(reference)
    page = next(iter(_fetch_pages(client, [title])), {})
    _check_article(page, title)
    series_title = get_text(page, "title")
    pages, requested = {series_title: page}, {title, series_title}
    notes, level = [], [page]
    for _ in range(MAX_DEPTH):
        links = [link for article in level for link in episode_pages(series_title, _wikitext_of(article))]
        links = [link for link in dict.fromkeys(links) if link not in requested]
        requested.update(links)
        room = MAX_PAGES - len(pages)
        if len(links) > room:
            notes.append(f"{len(links)} more articles have episodes: {room} of them were fetched, to the limit.")
        level = []
        for article in _fetch_pages(client, links[:room]):
            name = get_text(article, "title")
            if not _has_text(article):
                notes.append(f"Wikipedia has no article “{name}”, which is linked as one with episodes.")
            elif name not in pages:
                pages[name] = article
                level.append(article)
    return FetchResult([_text_of(article) for article in pages.values()], notes)


def _title_of(reference: str) -> str:
    """The title in a reference. Raises FetchError for all that can be none."""
    path = page_path(reference, LABEL, HOSTS)
    title = reference.replace("_", " ") if path is None else title_in_path(path, "/wiki/", LABEL)
    if is_imdb_id(title):
        raise FetchError("Wikipedia cannot look up an id of IMDb: give the title or address of the article.")
    if NOT_IN_TITLE.search(title) or len(title.encode()) > MAX_TITLE_LENGTH or not title.isprintable():
        raise FetchError("No article of Wikipedia can have this title: it has characters that are not allowed.")
    return title


def _fetch_pages(client: Client, titles: list[str]) -> list[Record]:
    """The pages with these titles, redirects followed, in this order."""
    pages: list[Record] = []
    for start in range(0, len(titles), BATCH_SIZE):
        pages += _fetch_batch(client, titles[start : start + BATCH_SIZE])
    return pages


def _fetch_batch(client: Client, titles: list[str]) -> list[Record]:
    pages: dict[str, Record] = {}
    targets: dict[str, str] = {}
    rest: dict[str, str] = {}
    for _ in range(MAX_ANSWERS):
        answer = ask_wiki(
            client,
            "wikipedia",
            action="query",
            formatversion="2",
            prop="revisions|pageprops",
            rvprop="ids|content",
            rvslots="main",
            ppprop="disambiguation",
            redirects="1",
            titles="|".join(titles),
            **rest,
        )
        value = as_record(answer.value)
        query = get_record(value, "query")
        for row in (*get_records(query, "normalized"), *get_records(query, "redirects")):
            targets[get_text(row, "from")] = get_text(row, "to")
        for page in get_records(query, "pages"):
            title = get_text(page, "title")
            pages[title] = pages.get(title, {}) | page
        rest = {key: get_text(get_record(value, "continue"), key) for key in get_record(value, "continue")}
        if not rest:
            break
    resolved = (_resolve(title, targets) for title in titles)
    return [pages[title] for title in resolved if title in pages]


def _resolve(title: str, targets: dict[str, str]) -> str:
    """The title after normalization and redirects."""
    for _ in range(MAX_DEPTH + 1):
        title = targets.get(title, title)
    return title


def _check_article(page: Record, title: str) -> None:
    """Raise FetchError for what is no article."""
    if not page or not _has_text(page):
        raise NotFoundError(f"Wikipedia has no article “{title}”.")
    if "disambiguation" in get_record(page, "pageprops"):
        raise FetchError(
            f"“{get_text(page, 'title')}” lists several articles: give the title of one, such as “{title} (TV series)”."
        )
    if page.get("ns") != 0:
        raise FetchError(f"“{get_text(page, 'title')}” is no article but another page of Wikipedia.")


def _revision_of(page: Record) -> Record:
    return next(iter(get_records(page, "revisions")), {})


def _wikitext_of(page: Record) -> str:
    content = get_record(get_record(_revision_of(page), "slots"), "main").get("content")
    return content.encode("utf-8", "replace").decode() if isinstance(content, str) else ""


def _has_text(page: Record) -> bool:
    return bool(_wikitext_of(page))


def _text_of(page: Record) -> FetchedText:
    title, revision = get_text(page, "title"), get_text(_revision_of(page), "revid")
    url = f"https://en.wikipedia.org/wiki/{quote(title.replace(' ', '_'), safe='_:(),.!*@;~-')}"
    return FetchedText("wikipedia", file_name(title, ".wikitext"), _wikitext_of(page).encode(), url, revision)
