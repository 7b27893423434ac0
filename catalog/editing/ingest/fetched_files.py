"""Files of an import from the network: fetched with the name and the key of this site."""

from django.conf import settings

from catalog.fetching.client import FetchSettings, make_user_agent
from catalog.fetching.services import fetch
from catalog.models import SourceFile


def fetch_files(kind: str, reference: str) -> tuple[list[SourceFile], list[str]]:
    """(files, not stored yet; notes about what was not fetched) of a series at a service, a key of ``SERVICES``.

    ``reference`` is an id, a title or an address. Raises FetchError with one sentence for editors.
    """
    result = fetch(kind, reference, fetch_settings())
    files = [
        SourceFile.of(
            text.kind,
            text.content,
            file_name=text.name,
            url=text.url,
            revision=text.revision,
            retrieved=text.retrieved,
        )
        for text in result.texts
    ]
    return files, result.notes


def fetch_settings() -> FetchSettings:
    """How this site asks."""
    user_agent = make_user_agent(settings.SITE_URL, settings.REPORT_EMAIL)
    return FetchSettings(user_agent, tmdb_key=settings.TMDB_API_KEY)
