"""A process with indexes of its own, which answers each query on its standard input from them."""

import json
import sys

import django

django.setup()

from django.http import QueryDict  # noqa: E402

from catalog.facets.episode import EpisodeFacets  # noqa: E402
from catalog.facets.index.engine import IndexEngine  # noqa: E402
from catalog.facets.person import PersonFacets  # noqa: E402
from catalog.facets.series import SeriesFacets  # noqa: E402

LISTS = {"episode": EpisodeFacets, "series": SeriesFacets, "person": PersonFacets}


def answer(facet_set, query, engine=IndexEngine):
    """Return total, counts and first page, as they are after a round trip through JSON."""
    facets = facet_set(QueryDict(query))
    facets.engines = (engine,)
    names = [name for name, facet in facets.facets.items() if facet.lists_values]
    tops = {name: facets.engine.top_values(name) for name in names}
    return json.loads(json.dumps([facets.engine.total(), tops, facets.engine.page_ids(0, 25)]))


def main():
    """Answer lines of ``kind?query`` with lines of JSON until the input ends."""
    for line in sys.stdin:
        kind, _, query = line.strip().partition("?")
        print(json.dumps(answer(LISTS[kind], query)), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
