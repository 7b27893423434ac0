"""A worker process of its own with indexes of its own: answers each query that it reads with what its index says."""

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
    """Total, counts and first page, as JSON writes them."""
    facets = facet_set(QueryDict(query))
    facets.engines = (engine,)
    names = [name for name, facet in facets.facets.items() if facet.lists_values]
    tops = {name: facets.engine.top_values(name) for name in names}
    return json.loads(json.dumps([facets.engine.total(), tops, facets.engine.page_ids(0, 25)]))


def main():
    """Lines of ``list?query`` in, lines of JSON out, until there are no more."""
    for line in sys.stdin:
        record_type, _, query = line.strip().partition("?")
        print(json.dumps(answer(LISTS[record_type], query)), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
