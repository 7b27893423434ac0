"""Replies as the services give them, made of the readers' samples."""

from catalog.tests.fetching.local_service import Reply
from catalog.tests.sources.test_tmdb import SEASON, SERIES
from catalog.tests.sources.test_tvmaze import SHOW
from catalog.tests.sources.test_wikidata import ANSWER

TVMAZE_ERROR = Reply({"name": "Not Found", "message": "", "code": 0, "status": 404}, 404)
TMDB_ERROR = Reply({"success": False, "status_code": 34, "status_message": "The resource was not found."}, 404)


def tvmaze_replies(show, episodes):
    """What TVmaze replies for a show: the episodes only with their season, as the service does."""
    parts = {key: rows for key, rows in show["_embedded"].items() if key != "episodes"}
    seasons = {season["number"]: f"/seasons/{season['id']}/episodes" for season in parts["seasons"]}
    record = show | {"_embedded": parts}
    lists = {path: [row for row in episodes if row["season"] == number] for number, path in seasons.items()}
    return {
        f"/shows/{show['id']}": record,
        "/lookup/shows": lambda request: (
            Reply(status=301, headers={"Location": f"/shows/{show['id']}"})
            if request.query == {"imdb": show["externals"]["imdb"]}
            else TVMAZE_ERROR
        ),
        "/search/shows": [{"score": 0.9, "show": record}, {"score": 0.5, "show": show | {"id": 9002, "name": "Day"}}],
        **lists,
    }


TVMAZE = tvmaze_replies(SHOW | {"updated": 1700000000}, SHOW["_embedded"]["episodes"])
TMDB = {
    "/3/tv/77": SERIES,
    "/3/tv/77/season/1": SEASON,
    "/3/find/tt0000077": {"movie_results": [], "tv_results": [SERIES], "tv_episode_results": []},
    "/3/find/tt0000078": {"movie_results": [], "tv_results": []},
    "/3/search/tv": {"page": 1, "results": [SERIES]},
}


def wikidata_reply(request):
    """What Wikidata replies to its actions."""
    query = request.query
    if query["action"] == "query":
        rows = [{"ns": 0, "title": "Q100"}] if query["srsearch"] == "haswbstatement:P345=tt0000077" else []
        return {"query": {"search": rows}}
    if query["action"] == "wbsearchentities":
        return {
            "search": [
                {"id": "Q100", "label": "Calm", "description": "German television series"},
                {"id": "Q200", "label": "Calm", "description": "absence of wind"},
            ]
        }
    if not set(query["ids"].split("|")) & ANSWER["entities"].keys():
        return {"error": {"code": "no-such-entity", "info": "Could not find an entity with the ID “Q9”."}}
    names = ("labels",) if query["props"] == "labels" else ("labels", "aliases", "claims")
    entities = {}
    for item_id in query["ids"].split("|"):
        entity = ANSWER["entities"].get(item_id)
        facts = {key: entity[key] for key in names} | {"id": item_id, "lastrevid": 5} if entity else {"missing": ""}
        entities[item_id] = facts
    return {"entities": entities, "success": 1}


def wikipedia_reply(pages, redirects=(), disambiguations=()):
    """A function that replies as Wikipedia with these pages does."""
    redirects = dict(redirects)

    def reply(request):
        requested = request.query["titles"].split("|")
        names = {title: title[0].upper() + title[1:] for title in requested}
        query = {"normalized": [{"from": old, "to": new} for old, new in names.items() if old != new]}
        query["redirects"] = [{"from": name, "to": redirects[name]} for name in names.values() if name in redirects]
        query["pages"] = []
        for number, title in enumerate(dict.fromkeys(redirects.get(name, name) for name in names.values())):
            page = {"ns": 4 if title.startswith("Wikipedia:") else 0, "title": title}
            if title in pages:
                slots = {"main": {"contentmodel": "wikitext", "content": pages[title]}}
                page |= {"pageid": number + 1, "revisions": [{"revid": 1000 + len(title), "slots": slots}]}
            else:
                page["missing"] = True
            if title in disambiguations:
                page["pageprops"] = {"disambiguation": ""}
            query["pages"].insert(0, page)
        return {"batchcomplete": True, "query": query}

    return reply
