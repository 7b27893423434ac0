"""Read a Wikipedia article on a series, a season, an episode or a list of episodes: its wikitext or its copied text."""

import re
from dataclasses import dataclass, replace

import mwparserfromhell
from mwparserfromhell.nodes import Template
from mwparserfromhell.wikicode import Wikicode

from catalog.sources.cell_values import strip_quotes
from catalog.sources.claims import EpisodeClaim
from catalog.sources.document import Document
from catalog.sources.linked_people import LinkedPeople
from catalog.sources.reader_process import read_in_process
from catalog.sources.series_claims import (
    ExternalIds,
    PersonCredit,
    PlacedEpisode,
    SeasonClaim,
    SeriesClaims,
    SourceError,
    SourceFacts,
)
from catalog.sources.wikipedia_episodes import end_on_one_day, read_rows
from catalog.sources.wikipedia_infobox import Infobox, read_infobox
from catalog.sources.wikipedia_pages import add_page
from catalog.sources.wikipedia_plain import CANCELLED, is_plain_article, read_plain_article
from catalog.sources.wikipedia_prose import read_cast, read_references, read_reviews
from catalog.sources.wikipedia_rows import RowFinder, season_number
from catalog.sources.wikitext import Renderer, link_pages, normalize, parameters

LICENCE = "CC BY-SA 4.0"
MAX_LENGTH = 2_500_000  # the wiki's own limit is 2 MiB
TELEVISION_TEMPLATE = re.compile(
    r"\{\{\s*(?:#invoke:\s*)?"
    r"(?:infobox[ _]+(?:television|tv)|(?:japanese[ _]+)?episode[ _]+(?:list|table)|series[ _]+overview)",
    re.IGNORECASE,
)
SUBJECTS = {
    "infobox television": "series",
    "infobox tv series": "series",
    "infobox tv program": "series",
    "infobox television season": "season",
    "infobox tv season": "season",
    "infobox television episode": "episode",
    "infobox tv episode": "episode",
}
# What a page's title adds to the title of the series.
BEFORE_TITLE = re.compile(r"^(?:List of|Lists of)\s+", re.IGNORECASE)
AFTER_TITLE = re.compile(
    r"(?:\s+episodes)?(?:,?\s+\(?(?:season|series)\s+\d+\)?|\s+\([^()]*\b(?:mini)?series\b[^()]*\))*$", re.IGNORECASE
)
NOT_RECOGNISED = (
    "No series, season or episodes were recognised: use the source text of a Wikipedia article on one of them, "
    "with its infobox or its table of episodes."
)


def recognises(document: Document) -> bool:
    """True for wikitext with an infobox of television or rows of episodes, and for a copied article."""
    return bool(TELEVISION_TEMPLATE.search(document.text)) or is_plain_article(document.text)


def read_series(
    data: bytes | str, *more: bytes | str, title: str = "", url: str = "", revision: str = ""
) -> SeriesClaims:
    """Read the articles of one series in processes with limits.

    ``title`` is that of the first page, which its text does not have.
    """
    claims = _read_page(data, SourceFacts("Wikipedia", title, url, LICENCE, revision))
    for page in more:
        add_page(claims, _read_page(page, claims.source))
    return claims


def missing_page(title: str) -> str:
    """What is said of another page with episodes, unless that is read too."""
    return f"The episodes of “{title[:100]}” are on a page of their own, which has to be read too."


def _read_page(data: bytes | str, source: SourceFacts) -> SeriesClaims:
    document = Document(data)
    text = document.text.replace("\r\n", "\n").replace("\x00", "")
    if not recognises(document) and "{{:" not in text:
        raise SourceError(NOT_RECOGNISED)
    if len(text) > MAX_LENGTH:
        raise SourceError(f"The text is too long for an article: at most {MAX_LENGTH:,} characters can be read.")
    return read_in_process(read_article, text, source)


def read_article(text: str, source: SourceFacts) -> SeriesClaims:
    """Read an article in this process: hostile text may take long. SourceError for what is no such article."""
    try:
        if is_plain_article(text):
            return read_plain_article(text, source)
        return _Article(text, source).read()
    except RecursionError:
        raise SourceError("The text cannot be read: its templates or tables are nested too deeply.") from None


@dataclass
class _PageTitle:
    """The title of the series, and the number of the season if the page is about one."""

    series: str
    season: int | None


class _Article:
    """The wikitext of an article, and the claims that are read from it."""

    def __init__(self, text: str, source: SourceFacts) -> None:
        self.code: Wikicode = mwparserfromhell.parse(text)
        self.renderer = Renderer()
        self.people = LinkedPeople(link_pages(self.code.filter_wikilinks(), self.renderer))
        self.claims = SeriesClaims(source)
        self.rows = RowFinder(self.renderer)

    def read(self) -> SeriesClaims:
        """All that the article states."""
        self.rows.walk(self.code)
        if not self.rows.rows:
            self.rows.walk_plain_tables(self.code)
        template, subject = self._find_infobox()
        texts = {name: self.renderer.names(value) for name, value in parameters(template).items()} if template else {}
        infobox = read_infobox({name: text for name, text in texts.items() if text}, self.people, subject)
        if not template and not self.rows.rows and not self.rows.transcluded_pages:
            raise SourceError(NOT_RECOGNISED)
        page = self._page_title(infobox, subject)
        season = page.season if subject != "episode" else None
        if page.series:
            self.claims.values["title"] = page.series
        else:
            self.claims.unmapped.append("The text does not state the title of the series.")
        self.claims.episodes, unmapped = read_rows(self.rows.rows, self.people, season)
        self.claims.unmapped += infobox.unmapped + unmapped
        if names := list(self.renderer.unknown_templates)[:20]:
            self.claims.unmapped.append(f"These templates are not known and were left out: {', '.join(names)}.")
        if subject == "episode":
            self._add_episode(infobox)
        elif season is not None:
            self._add_season(infobox, season)
        else:
            self._add_series(infobox)
        self._add_prose(subject, season)
        return self.claims

    def _find_infobox(self) -> tuple[Template | None, str]:
        """(template, “series”, “season” or “episode”) of the first infobox; without one, a list is about a series."""
        for template in self.code.ifilter_templates():
            name = normalize(template.name).removeprefix("#invoke:")
            if subject := SUBJECTS.get(name):
                return template, subject
        return None, "series"

    def _page_title(self, infobox: Infobox, subject: str) -> _PageTitle:
        """Title of the series and number of the season, by all that names them."""
        titles = [infobox.text("name", "show name", "title", "season name"), self.claims.source.title]
        if subject == "episode":
            titles = [infobox.text("series")]
        for template in self.code.ifilter_templates(recursive=False):
            if str(template.name).startswith("DISPLAYTITLE:"):
                shown_title = str(template.name).removeprefix("DISPLAYTITLE:")
                titles.append(self.renderer.line(mwparserfromhell.parse(shown_title)))
        titles += [*self.rows.sublist_pages[:1], *self._lead_titles()]
        titles = [" ".join(title.split())[:200] for title in titles if title]
        season = None
        if subject != "series" or not infobox.texts:
            stated_number = infobox.text("season number", "season")
            numbers = map(season_number, [f"season {stated_number}", *titles])
            season = next((number for number in numbers if number is not None), None)
        series = AFTER_TITLE.sub("", BEFORE_TITLE.sub("", titles[0])) if titles else ""
        return _PageTitle(strip_quotes(series), season)

    def _lead_titles(self) -> list[str]:
        """What the first section has in bold and italic type or, for a list, in italic type alone."""
        lead = self.code.get_sections(include_lead=True, flat=True)[0]
        italic = [tag for tag in lead.ifilter_tags(recursive=False) if normalize(tag.tag) == "i"]
        return [self.renderer.line(tag.contents) for tag in italic[:1]]

    def _add_series(self, infobox: Infobox) -> None:
        claims = self.claims
        claims.values |= infobox.values
        claims.lists, claims.credits, claims.other_titles = infobox.lists, infobox.credits, infobox.other_titles
        numbers = {episode.season for episode in claims.episodes} | set(range(1, infobox.season_count + 1))
        claims.seasons = [SeasonClaim(number) for number in sorted(numbers)]
        if infobox.season_count == 1 and (count := infobox.values.get("announced_episodes")):
            claims.seasons[-1].values["announced_episodes"] = count
        self._read_overview()
        lead = self.code.get_sections(include_lead=True, flat=True)[0]
        if "status" not in claims.values and CANCELLED.search(self.renderer.text(lead)):
            claims.values["status"] = "cancelled"
        end_on_one_day(claims)

    def _read_overview(self) -> None:
        """The number of episodes of each season by {{Series overview}}."""
        overviews = self.code.ifilter_templates(matches=lambda template: normalize(template.name) == "series overview")
        for values in map(parameters, overviews):
            for season in self.claims.seasons:
                text = self.renderer.line(values.get(f"episodes{season.number}"))
                if re.fullmatch(r"\d{1,4}", text) and season.number:
                    season.values["announced_episodes"] = int(text)

    def _add_season(self, infobox: Infobox, number: int) -> None:
        """The season has the credits and the number of episodes; companies and countries are those of the series."""
        season = SeasonClaim(number, credits=infobox.credits)
        if count := infobox.values.get("announced_episodes"):
            season.values["announced_episodes"] = count
        if subtitle := infobox.text("season number").split("\n")[1:]:
            season.values["title"] = " ".join(subtitle)
        self.claims.seasons = [season]
        self.claims.lists = infobox.lists
        stated = [str(episode.claim.values.get("air_date") or "") for episode in self.claims.episodes]
        dates = [date for date in stated if len(date) == len("2001-01-01")]
        for name, words, extreme in (("premiered", "first aired", min), ("ended", "last aired", max)):
            date = infobox.values.get(name)
            if date and (not dates or date != extreme(dates)):
                self.claims.unmapped.append(
                    f"The infobox has season {number} {words} on {date}; a season has the dates of its episodes."
                )

    def _add_episode(self, infobox: Infobox) -> None:
        """The episode of an article of its own. Without a season, its number is that in the series."""
        claim = EpisodeClaim(credits=[credit.claim for credit in infobox.credits])
        season = season_number(f"season {infobox.text('season')}")
        number = re.match(r"\d{1,4}\b", infobox.text("episode"))
        if number and season is None:
            claim.values["overall_number"] = int(number[0])
            claim.notes.append("The season is not stated.")
        elif number:
            claim.number = int(number[0])
        values = {
            "title": strip_quotes(infobox.text("title", "name") or self._bold_title()),
            "air_date": infobox.values.get("premiered"),
            "runtime": infobox.values.get("runtime_min"),
            "production_code": infobox.text("production", "prod code", "production code"),
        }
        claim.values |= {name: value for name, value in values.items() if value}
        people = [credit.person for credit in infobox.credits]
        self.claims.episodes = [PlacedEpisode(season or 0, claim, people=people, locator="infobox")]

    def _bold_title(self) -> str:
        """What the first section has in bold type."""
        lead = self.code.get_sections(include_lead=True, flat=True)[0]
        return next((self.renderer.line(tag.contents) for tag in lead.ifilter_tags() if normalize(tag.tag) == "b"), "")

    def _add_prose(self, subject: str, season: int | None) -> None:
        """Cast, scores, references, identifiers and what was left out."""
        claims = self.claims
        if subject != "episode":
            owner = claims if season is None else claims.seasons[0]
            level = "series" if season is None else "season"
            listed, unmapped = read_cast(self.code, self.renderer, self.people, level)
            owner.credits = _merge_cast(owner.credits, listed)
            claims.unmapped += unmapped
            claims.external_ids = self._external_ids()
        claims.reviews = read_reviews(self.renderer.text(self.code), season)
        claims.references = read_references(self.code, self.renderer)
        claims.unmapped += map(missing_page, dict.fromkeys(self.rows.transcluded_pages))

    def _external_ids(self) -> ExternalIds:
        """The identifier of {{IMDb title}} among the links at the end of an article."""
        for template in self.code.ifilter_templates(recursive=False):
            if normalize(template.name) in ("imdb title", "imdb episodes"):
                values = parameters(template)
                digits = self.renderer.line(values.get("1", values.get("id"))).removeprefix("tt")
                if re.fullmatch(r"\d{1,10}", digits, re.ASCII):
                    return (("imdb", f"tt{digits.zfill(7)}"),)
        return ()


def _merge_cast(credits: list[PersonCredit], listed: list[PersonCredit]) -> list[PersonCredit]:
    """Credits of the infobox and of the list of the cast, which has the characters but may lack the kind."""
    kinds = {(credit.claim.name, credit.claim.role): credit.claim.kind for credit in credits}
    keys = {(credit.claim.name, credit.claim.role) for credit in listed}
    merged = [credit for credit in credits if (credit.claim.name, credit.claim.role) not in keys]
    for credit in listed:
        claim = credit.claim
        kind = claim.kind or kinds.get((claim.name, claim.role), "")
        merged.append(replace(credit, claim=replace(claim, kind=kind)))
    return merged
