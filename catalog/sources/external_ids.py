"""Identifiers of other catalogues, checked: a wrong one would make two records one."""

import re

from catalog.sources.series_claims import ExternalIds

NUMBER = re.compile(r"[1-9]\d{0,9}", re.ASCII)
TITLE_PATTERNS = {"imdb": re.compile(r"tt\d{7,10}", re.ASCII), "wikidata": re.compile(r"Q[1-9]\d{0,11}", re.ASCII)}
PERSON_PATTERNS = TITLE_PATTERNS | {
    "imdb": re.compile(r"nm\d{7,10}", re.ASCII),
    "musicbrainz": re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII),
}
NUMBERED = {"tmdb", "tmdb-network", "tvdb", "tvmaze", "tvmaze-web"}


def is_title_id(scheme: str, value: str) -> bool:
    """True for an identifier of a series, season, episode or company."""
    return _matches(TITLE_PATTERNS, scheme, value)


def is_person_id(scheme: str, value: str) -> bool:
    """True for an identifier of a person."""
    return _matches(PERSON_PATTERNS, scheme, value)


def _matches(patterns: dict[str, re.Pattern[str]], scheme: str, value: str) -> bool:
    pattern = NUMBER if scheme in NUMBERED else patterns.get(scheme)
    return bool(pattern and pattern.fullmatch(value))


def person_ids(**values: str) -> ExternalIds:
    """The valid ones of a person's identifiers by scheme."""
    return tuple((scheme, value) for scheme, value in values.items() if is_person_id(scheme, value))
