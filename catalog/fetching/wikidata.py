"""Fetch an item of Wikidata, and the names of the items that it states as people, genres and so on."""

import json
import re

from catalog.fetching.client import LABELS, Client
from catalog.fetching.fetched_text import FetchedText, FetchError, FetchResult, NotFoundError, file_name
from catalog.fetching.mediawiki import ask_wiki
from catalog.fetching.references import choose_match, id_in_path, is_imdb_id, page_path
from catalog.sources.external_ids import is_title_id
from catalog.sources.json_values import Record, as_record, get_record, get_records, get_text
from catalog.sources.wikidata import linked_items
from catalog.sources.wikidata_statements import label_of

LABEL = LABELS["wikidata"]
HOSTS = {"www.wikidata.org", "wikidata.org", "m.wikidata.org"}
ITEM_PATH = re.compile(r"/(?:wiki|entity)/(Q[1-9]\d{0,11})$", re.ASCII)
IS_SERIES = re.compile(r"series|television|\bTV\b|sitcom|drama|anime|telenovela|show", re.IGNORECASE)
LANGUAGES = "en|mul"  # English, and the labels that are the same in all languages
MAX_ITEMS = 500  # with names
BATCH_SIZE = 50  # as many as the service answers at once


def fetch_series(client: Client, reference: str) -> FetchResult:
    """Fetch an item by its id, the address of its page, an id of IMDb, or its label."""
    item_id = _find_item(client, reference)
    properties = {"props": "info|labels|aliases|claims", "languages": LANGUAGES}
    try:
        answer = ask_wiki(client, "wikidata", action="wbgetentities", ids=item_id, **properties)
        entity = next((as_record(row) for row in get_record(as_record(answer.value), "entities").values()), {})
    except NotFoundError:
        entity = {}
    if "claims" not in entity:
        raise NotFoundError(f"Wikidata has no item {item_id}.")
    title, revision = label_of(entity), get_text(entity, "lastrevid")
    item_id = get_text(entity, "id") or item_id
    name = f"{title} (Wikidata {item_id})"
    url = f"https://www.wikidata.org/wiki/{item_id}"
    result = FetchResult([FetchedText("wikidata", file_name(name, ".json"), answer.content, url, revision)])
    item_ids = linked_items(answer.content)
    if len(item_ids) > MAX_ITEMS:
        result.notes.append(
            f"Wikidata links “{title}” with {len(item_ids)} items: the names of the first {MAX_ITEMS} were fetched."
        )
    if item_ids:
        names = file_name(f"{name}, names of linked items", ".json")
        result.texts.append(FetchedText("wikidata", names, _fetch_names(client, item_ids[:MAX_ITEMS]), url, revision))
    return result


def _fetch_names(client: Client, item_ids: list[str]) -> bytes:
    """The labels of items as one answer, in the form of a single one."""
    entities: Record = {}
    for start in range(0, len(item_ids), BATCH_SIZE):
        batch = "|".join(item_ids[start : start + BATCH_SIZE])
        answer = ask_wiki(client, "wikidata", action="wbgetentities", ids=batch, props="labels", languages=LANGUAGES)
        entities |= get_record(as_record(answer.value), "entities")
    return json.dumps({"entities": entities}).encode()


def _find_item(client: Client, reference: str) -> str:
    """The id of the item."""
    path = page_path(reference, LABEL, HOSTS)
    if path is not None:
        return id_in_path(path, ITEM_PATH, LABEL)
    if is_title_id("wikidata", reference):
        return reference
    if is_imdb_id(reference):
        item_id = _look_up(client, reference)
    else:
        answer = ask_wiki(
            client, "wikidata", action="wbsearchentities", search=reference, language="en", type="item", limit="50"
        )
        rows = get_records(as_record(answer.value), "search")
        candidates = [(get_text(row, "id"), get_text(row, "label"), get_text(row, "description")) for row in rows]
        item_id = choose_match(LABEL, reference, [row for row in candidates if IS_SERIES.search(row[2])])
    if not is_title_id("wikidata", item_id):
        raise FetchError("Wikidata answered the search with something that is no item: try again later.")
    return item_id


def _look_up(client: Client, imdb_id: str) -> str:
    """The item that states an id of IMDb."""
    answer = ask_wiki(client, "wikidata", action="query", list="search", srsearch=f"haswbstatement:P345={imdb_id}")
    rows = get_records(get_record(as_record(answer.value), "query"), "search")
    if not rows:
        raise NotFoundError(f"Wikidata has no item with the IMDb id {imdb_id}.")
    return get_text(rows[0], "title")
