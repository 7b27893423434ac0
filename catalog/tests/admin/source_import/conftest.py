"""Shared by the tests of imports from sources."""

import pytest

from catalog.sources import wikipedia


@pytest.fixture(autouse=True)
def _read_articles_in_this_process(monkeypatch):
    """Start no process for each article, which takes most of the time of a page."""
    monkeypatch.setattr(wikipedia, "read_in_process", lambda reader, *args: reader(*args))
