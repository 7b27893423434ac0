"""A small file for each reader, invented; the tests of every reader mutate them."""

import json

from catalog.tests.sources.test_tmdb import SERIES
from catalog.tests.sources.test_tvmaze import SHOW

SAMPLES = {
    "tvmaze": json.dumps(SHOW),
    "tmdb": json.dumps(SERIES),
}
