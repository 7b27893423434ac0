"""Titles that name nothing but a number, in the languages of the sources."""

import re

PLACEHOLDER_TITLE = re.compile(
    r"(?:episode|episodio|épisode|folge|第)\s*#?\d+(?:\.\d+)?\s*[話话集]?|tb[ad]", re.IGNORECASE
)
SEASON_WORDS = {
    *("season", "series", "specials", "special", "temporada", "saison", "staffel", "stagione", "seizoen", "sezon"),
    *(
        "sezona",
        "säsong",
        "sæson",
        "sesong",
        "kausi",
        "évad",
        "série",
        "сезон",
        "시즌",
        "シーズン",
        "第季",
        "第期",
        "especiais",
    ),
}


def is_placeholder_title(title: str) -> bool:
    """True for “Episode 12” and the like."""
    return bool(PLACEHOLDER_TITLE.fullmatch(title))


def is_plain_season_title(title: str, number: int) -> bool:
    """True for “Season 2” of season 2, in several languages."""
    rest = "".join(re.sub(rf"(?<!\d)0?{number}(?!\d)", "", title).split()).strip(".:").casefold()
    return not rest or rest in SEASON_WORDS
