"""A small file for each reader, invented; the tests of every reader mutate them."""

import json

from catalog.tests.sources import test_json_ld, test_nfo, test_tvdb, test_wikidata
from catalog.tests.sources.test_tmdb import AGGREGATE, SEASON, SERIES
from catalog.tests.sources.test_tvmaze import SHOW
from catalog.tests.sources.wikipedia_samples import EPISODE_LIST

SAMPLES = {
    "imdb": "tconst\ttitleType\tprimaryTitle\tstartYear\ntt0000001\ttvSeries\tNight Shift\t2001\n",
    "tvmaze": json.dumps(SHOW),
    "tmdb": json.dumps(SERIES | {"season/1": SEASON, "aggregate_credits": AGGREGATE}),
    "tvdb": json.dumps({"data": test_tvdb.SERIES}),
    "wikidata": json.dumps(test_wikidata.ANSWER),
    "json_ld": test_json_ld.PAGE.format(json.dumps(test_json_ld.SERIES)),
    "nfo": test_nfo.SHOW + test_nfo.FIRST,
    "wikipedia": EPISODE_LIST,
    "table": "season,episode,title,director,writer,date\n1,1,Begin,A One,B Two & C Three,2001-02-03\n",
}
