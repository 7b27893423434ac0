"""Which articles the wikitext of a series names as those with its episodes: by template, not by any link in a sentence.

Expressions over the text instead of a parse: articles are anybody's text, and the parser can be made slow.
"""

import re

TITLE = r"\s*([^\[\]{}|#<>\n]{1,200})"
COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
# In an infobox, in {{Series overview}}, by inclusion, and above a section.
LINKS = re.compile(
    rf"\|\s*(?:list_episodes|link\d{{1,3}}[A-Z]?)\s*=\s*(?:\[\[)?{TITLE}"
    rf"|\{{\{{\s*:{TITLE}"
    rf"|\{{\{{\s*main(?:[ _]+(?:article|list))?\s*\|([^{{}}\n]{{1,800}})\}}\}}",
    re.IGNORECASE,
)
SEASON = re.compile(
    r"\b(?:season|series)[ _]+(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten)\b", re.IGNORECASE
)
EPISODES = re.compile(r"^lists? of .*\bepisodes\b|\bepisodes$", re.IGNORECASE)
LISTED = re.compile(r"^lists? of\s+|\s+episodes(?:\s*\([^()]*\))?$", re.IGNORECASE)
IN_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")


def episode_pages(page_title: str, text: str) -> list[str]:
    """The titles of articles with episodes of the series that ``page_title`` is about; of a season none."""
    if SEASON.search(page_title):
        return []
    stem = IN_BRACKETS.sub("", LISTED.sub("", page_title)).casefold()
    titles: list[str] = []
    for match in LINKS.finditer(COMMENT.sub("", text)):
        parameters = (match[1] or match[2] or match[3] or "").split("|")
        titles += [" ".join(title.replace("_", " ").split("#")[0].split()) for title in parameters if "=" not in title]
    is_of_series = (SEASON.search(title) or EPISODES.search(title) for title in titles)
    pages = [title for title, matches in zip(titles, is_of_series, strict=True) if matches and stem in title.casefold()]
    return list(dict.fromkeys(page for page in pages if page != page_title))
