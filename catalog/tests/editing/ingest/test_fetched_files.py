"""Fetching for an import: with the site's name and key, into files that are not stored."""

import pytest

from catalog.editing.ingest import fetched_files
from catalog.editing.ingest.fetched_files import fetch_files, fetch_settings
from catalog.editing.ingest.read_files import read_source_files
from catalog.fetching.fetched_text import FetchError, today
from catalog.tests.fetching.local_service import LocalService
from catalog.tests.fetching.sample_services import TVMAZE


@pytest.fixture
def tvmaze(monkeypatch):
    """A server that answers like TVmaze, which is asked in its place."""
    service = LocalService(TVMAZE)
    with service.running() as settings:
        monkeypatch.setattr(fetched_files, "fetch_settings", lambda: settings)
        yield service


def test_the_settings_of_the_site(settings):
    settings.SITE_URL, settings.REPORT_EMAIL = "https://tv.example.org", "fix@example.org"
    settings.TMDB_API_KEY = "0123456789abcdef" * 2
    fetching = fetch_settings()
    assert fetching.user_agent.startswith("Liner/0.1 (https://tv.example.org; fix@example.org) ")
    assert fetching.tmdb_key == settings.TMDB_API_KEY
    assert all(url.startswith("https://") for url in fetching.base_urls.values())


def test_a_series_as_files(tvmaze):
    files, notes = fetch_files("tvmaze", "https://www.tvmaze.com/shows/9001/night-shift")
    assert [(file.pk, file.kind, file.file_name, file.url, file.revision, file.retrieved) for file in files][1] == (
        *(None, "tvmaze", "Night & Shift (TVmaze 9001), season 1.json", "https://www.tvmaze.com/seasons/31"),
        *("1700000000", today()),
    )
    assert notes == []
    (source,) = read_source_files(files)
    assert (len(source.files), len(source.claims.episodes)) == (2, 3)
    assert source.claims.source.revision == "1700000000"


def test_nothing_is_fetched_of_another_kind(tvmaze):
    with pytest.raises(FetchError, match="Nothing can be fetched of the kind table"):
        fetch_files("table", "x")
    assert tvmaze.requests == []
