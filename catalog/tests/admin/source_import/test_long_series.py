"""A series of 700 episodes from three sources: pages in parts, of a limited size, with a constant number of queries."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.tests import factories as make
from catalog.tests.admin.source_import.review_page import ImportPages

MAX_PAGE_BYTES = 300_000


def sources(count):
    """Three sources of one long season."""
    rows = [
        {
            "season": 1,
            "episode": number,
            "title": f"Part {number}",
            "director": "Ada Holt",
            "writer": "Ben Okri & Cy Reed",
        }
        for number in range(1, count + 1)
    ]
    others = [row | {"title": f"Part no. {row['episode']}", "director": "Dee Lind"} for row in rows]
    return [json.dumps(part).encode() for part in (rows, others, [row | {"date": "2001-02-03"} for row in rows])]


@pytest.fixture
def open_pages(admin_client, vocabulary):
    """A function that begins an import of so many episodes and opens its review."""

    def open_pages(count):
        return ImportPages(admin_client, make.source_import(*sources(count), series=make.series()).pk)

    return open_pages


def test_a_season_of_700_episodes_is_in_parts_of_a_limited_size(open_pages):
    pages = open_pages(700)
    labels = [button.text.strip() for button in pages.document.cssselect(".import-pages button")]
    assert labels[1].startswith("Season 1 (1 of ")
    keys = set()
    for number in (1, 2, len(labels) - 1):
        pages.open(page=f"s01-{number}" if number > 1 else "s01")
        assert len(pages.text.encode()) < MAX_PAGE_BYTES
        keys |= set(pages.records())
    assert {"s01e01", "s01e700"} <= keys


def test_a_page_runs_no_more_queries_for_more_episodes(open_pages):
    counts = {}
    for count in (2, 40):
        pages = open_pages(count)
        with CaptureQueriesContext(connection) as queries:
            pages.open(page="s01")
        counts[count] = len(queries)
    assert counts[2] == counts[40]
