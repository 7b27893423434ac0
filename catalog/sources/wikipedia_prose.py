"""Read lists of the cast, scores of reviews and references of a Wikipedia article."""

import re
from collections.abc import Iterable, Iterator

from mwparserfromhell.nodes import ExternalLink, Tag, Template
from mwparserfromhell.wikicode import Wikicode

from catalog.sources.claims import CreditClaim
from catalog.sources.linked_people import LinkedPeople
from catalog.sources.person_names import SUFFIX, clean_text, is_person_name, read_name
from catalog.sources.series_claims import PersonCredit, ReviewClaim, SourceFacts
from catalog.sources.wikipedia_rows import season_number
from catalog.sources.wikitext import BULLET, Renderer, normalize, parameters

CAST_HEADING = re.compile(r"\b(?:cast|characters|starring|actors|voices)\b", re.IGNORECASE)
KINDS = (("recurring", r"recurring|supporting"), ("guest", r"guests?|cameos?"), ("main", r"main|regulars?|starring"))
DESCRIPTION = r"(?:\s*[:;]\s.*| [–—-] .*|, (?:an?|the|who|whose) .*)?"
ACTOR_FIRST = re.compile(rf"([^:(]{{2,80}}?)(?: \(([^()]{{1,60}})\))? as ([^:;]{{1,160}}?){DESCRIPTION}")
CHARACTER_FIRST = re.compile(
    r"([^()]{1,120}?),? ?\(?(voiced|played|portrayed|performed) by:? ([^():]{2,120})(?:\).*|[:,].*| [–—-] .*)?"
)
EPISODE_COUNT = re.compile(r"\s*\((\d{1,4} episodes?)\)$")
REMARK = re.compile(r"\s*\(([^()]{1,160})\)$")
MAX_LINE_LENGTH = 500
MAX_REFERENCES = 2_000
WEB_ADDRESS = re.compile(r"https?://[^\s<>\"'|\]}]{4,490}", re.IGNORECASE)
PUBLISHER_PARAMETERS = ("publisher", "work", "website", "newspaper", "magazine", "agency", "via")
ROTTEN_TOMATOES = re.compile(r"Rotten Tomatoes\b[^.%]{0,160}?\b(\d{1,3})%(.{0,200})", re.DOTALL)
METACRITIC = re.compile(r"Metacritic\b.{0,160}?\b(\d{1,3})(?: out of | ?/ ?)100(.{0,160})", re.DOTALL)
REVIEW_COUNT = re.compile(r"(\d{1,4}) (?:critics?|reviews?|critic reviews?)\b")
AVERAGE = re.compile(r"\b(\d{1,2}(?:\.\d{1,2})?)(?: out of | ?/ ?)(10)\b")
AGGREGATOR = re.compile("Rotten Tomatoes|Metacritic")
LABEL = re.compile(r'indicat\w+ ["“]([^"”]{4,60})["”]')


def read_cast(
    code: Wikicode, renderer: Renderer, people: LinkedPeople, subject: str
) -> tuple[list[PersonCredit], list[str]]:
    """(credits, what has no place) of the lists below headings such as “Main cast”.

    “Actor as Character” and “Character (played by Actor)” are read; descriptions are not.
    """
    credits: list[PersonCredit] = []
    unmapped: list[str] = []
    cast_level = 0  # of the heading that the lists are below
    for section in code.get_sections(flat=True):
        headings = section.filter_headings(recursive=False)
        title = renderer.line(headings[0].title) if headings else ""
        level = headings[0].level if headings else 0
        if level <= cast_level or not cast_level:
            cast_level = level if CAST_HEADING.search(title) else 0
        if not cast_level:
            continue
        kind = next((kind for kind, pattern in KINDS if re.search(rf"\b(?:{pattern})\b", title, re.IGNORECASE)), "")
        for line in renderer.text(section).split("\n"):
            if line.startswith(BULLET):
                for claim, remark in _read_cast_line(line.removeprefix(BULLET), kind, subject):
                    credits.append(PersonCredit(claim, people.claim(claim.name)))
                    if remark:
                        unmapped.append(f"What is said of {claim.name} has no place in the catalogue: {remark}.")
    return credits, unmapped


def _read_cast_line(line: str, kind: str, subject: str) -> Iterator[tuple[CreditClaim, str]]:
    """(credit, remark that has no place) of a line of a cast list, or nothing."""
    line, note, remark = clean_text(line[:MAX_LINE_LENGTH]), "", ""
    if match := EPISODE_COUNT.search(line):
        line, note = line[: match.start()], match[1]
    elif (match := REMARK.search(line)) and " by " not in match[1]:
        line, remark = line[: match.start()], match[1]
    role = "guest" if kind == "guest" else "cast"
    if match := CHARACTER_FIRST.fullmatch(line):
        character, name = match[1], match[3]
        role = "voice" if match[2] == "voiced" else role
    elif match := ACTOR_FIRST.fullmatch(line):
        name, character = match[1], match[3]
    else:
        return
    details = read_name(SUFFIX.sub(" ", name.strip(" ,")))
    for_some = subject == "season" and kind in ("recurring", "guest")
    note = ", ".join(filter(None, [*details.notes, note]))
    if is_person_name(details.name) and len(details.name.split()) < 7:
        yield (
            CreditClaim(role, details.name, kind, character.strip(" ,"), details.credited_as, note, None, for_some),
            remark,
        )


def read_reviews(text: str, season: int | None) -> list[ReviewClaim]:
    """The scores on Rotten Tomatoes and Metacritic that sentences state, the first of the series and of each season."""
    reviews: dict[tuple[str, int | None], ReviewClaim] = {}
    for aggregator, pattern in (("Rotten Tomatoes", ROTTEN_TOMATOES), ("Metacritic", METACRITIC)):
        for match in pattern.finditer(text):
            start = max(text.rfind(". ", 0, match.start()), text.rfind("\n", 0, match.start())) + 1
            of_season = season_number(text[start : match.end(1)]) if season is None else season
            details = AGGREGATOR.split(match[2].split("\n")[0])[0]  # up to the score of the next one
            count, average, label = REVIEW_COUNT.search(details), AVERAGE.search(details), LABEL.search(details)
            if int(match[1]) > 100 or (aggregator, of_season) in reviews:
                continue
            reviews[aggregator, of_season] = ReviewClaim(
                aggregator,
                match[1],
                is_percentage=aggregator == "Rotten Tomatoes",
                average=average[1] if average else "",
                average_scale=average[2] if average else "",
                count=int(count[1]) if count else None,
                label=label[1] if label else "",
                season=of_season,
            )
    return list(reviews.values())


def read_references(code: Wikicode, renderer: Renderer) -> list[SourceFacts]:
    """The texts that footnotes cite, each once. A footnote of several sentences is cut to a title."""
    references: dict[SourceFacts, None] = {}
    for tag in code.ifilter_tags(matches=_is_footnote):
        for facts in _read_footnote(tag.contents, renderer):
            if len(references) < MAX_REFERENCES and (facts.title or facts.url):
                references[facts] = None
    return list(references)


def _is_footnote(tag: Tag) -> bool:
    return normalize(tag.tag) == "ref" and tag.contents is not None


def _read_footnote(contents: Wikicode, renderer: Renderer) -> Iterator[SourceFacts]:
    """Each {{cite …}} of a footnote, else its first link, else its text."""
    templates = contents.filter_templates(recursive=False)
    citations = [template for template in templates if normalize(template.name).startswith(("cite", "citation"))]
    for template in citations:
        yield _read_citation(template, renderer)
    if citations:
        return
    links = contents.filter_external_links(recursive=False)
    if links:
        yield SourceFacts("", _link_title(links, renderer), _address(str(links[0].url)))
    else:
        yield SourceFacts("", clean_text(renderer.line(contents))[:300])


def _link_title(links: Iterable[ExternalLink], renderer: Renderer) -> str:
    return next((renderer.line(link.title)[:300] for link in links if link.title is not None), "")


def _read_citation(template: Template, renderer: Renderer) -> SourceFacts:
    codes = parameters(template)
    values = {name: renderer.line(value) for name, value in codes.items() if name not in ("quote", "url")}
    publisher = next(filter(None, map(values.get, PUBLISHER_PARAMETERS)), "")
    return SourceFacts(
        publisher[:120], values.get("title", "").strip('"“” ')[:300], _address(str(codes.get("url", "")))
    )


def _address(text: str) -> str:
    """The address if it is one of the web, else nothing."""
    match = WEB_ADDRESS.fullmatch(text.strip())
    return match[0] if match else ""
