"""Read schema.org JSON-LD, in a saved web page or alone: TVSeries, TVSeason, TVEpisode."""

import re
from urllib.parse import urlsplit

from catalog.sources.document import Document
from catalog.sources.external_ids import person_ids
from catalog.sources.json_values import Record, as_record, as_records, get_number, get_record, get_text
from catalog.sources.role_words import is_for_some_episodes
from catalog.sources.series_builder import SeriesBuilder
from catalog.sources.series_claims import (
    ExternalIds,
    PlacedEpisode,
    SeasonClaim,
    SeriesClaims,
    SourceError,
    SourceFacts,
)
from catalog.sources.title_words import is_plain_season_title

SCRIPT = re.compile(r"""<script\b[^>]{0,300}?\btype\s*=\s*["']?application/ld\+json\b[^>]{0,300}>""", re.IGNORECASE)
SCRIPT_END = re.compile(r"</script", re.IGNORECASE)
SERIES, SEASON, EPISODE = {"TVSeries"}, {"TVSeason"}, {"TVEpisode", "Episode"}
ROLES = {
    "creator": "creator",
    "director": "director",
    "author": "writer",
    "producer": "producer",
    "musicBy": "composer",
    "actor": "cast",
    "actors": "cast",
}
PAGE_IDS = {  # the number or id in the address of a page
    "imdb": re.compile(r"imdb\.com/title/(tt\d{7,10})\b|^/title/(tt\d{7,10})\b"),
    "tmdb": re.compile(r"themoviedb\.org/tv/(\d{1,10})\b"),
    "tvmaze": re.compile(r"tvmaze\.com/shows/(\d{1,10})\b"),
    "wikidata": re.compile(r"wikidata\.org/(?:wiki|entity)/(Q\d{1,12})\b"),
}
PERSON_PAGE = re.compile(r"imdb\.com/name/(nm\d{7,10})\b|^/name/(nm\d{7,10})\b")
DURATION = re.compile(r"P(?:T|0DT)(?:(\d{1,2})H)?(?:(\d{1,4})M)?(?:\d{1,2}S)?")
MAX_DEPTH = 6
MAX_CONTENT_RATING_LENGTH = 20


def recognises(document: Document) -> bool:
    """True for a page with JSON-LD, and for JSON-LD alone."""
    if document.is_json:
        first = next(iter(as_records(document.json)), as_record(document.json))
        return "@context" in first or "@graph" in first or "@type" in first
    return SCRIPT.search(document.text) is not None


def read_series(data: bytes | str, *more: bytes | str) -> SeriesClaims:
    """Read one or more pages about one series."""
    reader = _Reader([node for file in (data, *more) for node in _nodes(Document(file))])
    return reader.read()


def _nodes(document: Document) -> list[Record]:
    """The top nodes of a file, those of ``@graph`` too. A damaged block beside others is left out."""
    if document.is_json:
        return _top_nodes(document.json)
    nodes: list[Record] = []
    error: SourceError | None = None
    for match in SCRIPT.finditer(document.text):
        end = SCRIPT_END.search(document.text, match.end())
        if end is None:
            break
        try:
            nodes += _top_nodes(Document(document.text[match.end() : end.start()]).json)
        except SourceError as block_error:
            error = block_error
    if not nodes:
        raise error or SourceError("The page has no JSON-LD.")
    return nodes


def _top_nodes(value: object) -> list[Record]:
    rows = as_records(value) if isinstance(value, list) else [as_record(value)]
    return [node for row in rows for node in (as_records(row["@graph"]) if "@graph" in row else [row])]


def _types(node: Record) -> set[str]:
    value = node.get("@type")
    names = value if isinstance(value, list) else [value]
    return {name.rpartition("/")[2].rpartition(":")[2] for name in names if isinstance(name, str)}


def _members(node: Record, *keys: str) -> list[Record]:
    """The objects at ``keys``: one, or a list; a text becomes an object with that name."""
    members: list[Record] = []
    for key in keys:
        value = node.get(key)
        for member in value if isinstance(value, list) else [value]:
            if isinstance(member, dict):
                members.append(member)
            elif isinstance(member, str):
                members.append({"name": member})
    return members


class _Reader:
    """Reads the nodes of one series."""

    def __init__(self, nodes: list[Record]) -> None:
        self.nodes = nodes
        self.by_id = {node_id: node for node in nodes if (node_id := get_text(node, "@id")) and len(node) > 1}
        self.read_nodes: set[tuple[int, int | None]] = set()  # nodes may refer to each other in circles
        self.builder = SeriesBuilder(SourceFacts("Web page"))

    def read(self) -> SeriesClaims:
        """Read all series, seasons and episodes at the top; SourceError if there are none, or of two series."""
        tops = [node for node in self.nodes if _types(node) & (SERIES | SEASON | EPISODE)]
        names = dict.fromkeys(get_text(node, "name") for node in tops if _types(node) & SERIES)
        if len(names) > 1:
            raise SourceError(f"The page is about {len(names)} series, the first is “{next(iter(names))}”.")
        if not tops:
            films = [get_text(node, "name") for node in self.nodes if "Movie" in _types(node)]
            raise SourceError(
                f"The page is about a film, {films[0]}." if films else "The page has no facts about a series."
            )
        for node in tops:
            self._read_node(node, 0)
        return self.builder.finish()

    def _follow(self, node: Record) -> Record:
        """The node itself, or the one that it refers to by its id."""
        return self.by_id.get(get_text(node, "@id"), node) if len(node) <= 2 else node

    def _read_node(self, node: Record, depth: int, season_number: int | None = None) -> None:
        node = self._follow(node)
        key = (id(node), season_number)
        if depth > MAX_DEPTH or key in self.read_nodes:
            return
        self.read_nodes.add(key)
        types = _types(node)
        if types & SERIES:
            self._read_series(node)
            children = _members(node, "containsSeason", "season", "episode", "episodes")
        elif types & SEASON:
            season_number = self._read_season(node)
            children = _members(node, "episode", "episodes", "partOfSeries", "partOfTVSeries")
        elif types & EPISODE:
            self._read_episode(node, season_number)
            children = _members(node, "partOfSeries", "partOfTVSeries")
        else:
            children = []
        for child in children:
            self._read_node(child, depth + 1, season_number)

    def _read_series(self, node: Record) -> None:
        builder = self.builder
        title = builder.title(get_text(node, "name"))
        url = get_text(node, "url")
        if host := _host(url):
            builder.claims.source = SourceFacts(host, title, url)
        builder.add_series_ids(**_ids(node))
        rating = get_text(node, "contentRating") or get_text(get_record(node, "contentRating"), "name")
        builder.set_series(
            title=title,
            premiered=builder.date(get_text(node, "startDate", "datePublished"), "The premiere"),
            ended=builder.date(get_text(node, "endDate"), "The end"),
            content_rating=rating if len(rating) <= MAX_CONTENT_RATING_LENGTH else "",
        )
        for other in _members(node, "alternateName"):
            builder.add_title(builder.claims, get_text(other, "name"), title)
        for key, list_name in (("genre", "genres"), ("inLanguage", "languages"), ("countryOfOrigin", "countries")):
            builder.add_to_list(list_name, *(get_text(member, "name", "identifier") for member in _members(node, key)))
        for company in _members(node, "productionCompany"):
            builder.add_company("production_companies", get_text(self._follow(company), "name"))
        for key, what in (("numberOfSeasons", "seasons"), ("numberOfEpisodes", "episodes")):
            if (count := get_number(node, key)) is not None:
                builder.unmapped(f"The page counts {count} {what}.")
        self._read_people(node, builder.claims)

    def _read_season(self, node: Record) -> int | None:
        number = get_number(node, "seasonNumber")
        title = self.builder.title(get_text(node, "name"), "A season's title")
        if number is None:
            self.builder.unmapped(f"The season “{title}” has no number.")
            return None
        season = self.builder.season(number)
        if not is_plain_season_title(title, number):
            self.builder.set_values(season.values, f"Season {number}", title=title)
        self._read_people(node, season)
        return number

    def _read_episode(self, node: Record, season_number: int | None) -> None:
        builder, number = self.builder, get_number(node, "episodeNumber")
        title = builder.title(get_text(node, "name"))
        for season in _members(node, "partOfSeason", "partOfTVSeason"):
            season_number = get_number(self._follow(season), "seasonNumber")
        if number is None or season_number is None:
            builder.unmapped(f"The episode “{title}” has no number of its season and episode.")
            return
        what = f"Season {season_number}, episode {number}"
        episode = builder.episode(season_number, number, locator=what)
        episode.external_ids = builder.add_ids(
            episode.external_ids, what, imdb=_ids(node).get("imdb", ""), is_key=False
        )
        duration = DURATION.fullmatch(get_text(node, "timeRequired", "duration"))
        minutes = 60 * int(duration[1] or 0) + int(duration[2] or 0) if duration else None
        builder.set_episode(
            episode,
            title=title,
            air_date=builder.date(get_text(node, "datePublished"), f"{what}: the date"),
            runtime=builder.minutes(minutes, f"{what}: the running time"),
        )
        self._read_people(node, episode)

    def _read_people(self, node: Record, owner: SeriesClaims | SeasonClaim | PlacedEpisode) -> None:
        for key, role in ROLES.items():
            for member in _members(node, key):
                performance = self._follow(member)
                person = next(iter(_members(performance, key)), performance)
                person = self._follow(person)
                if "Organization" in _types(person):
                    if name := get_text(person, "name"):
                        self.builder.unmapped(f"{name} is an organisation that is stated as {role}.")
                    continue
                self.builder.add_credit(
                    owner,
                    role,
                    self.builder.person(get_text(person, "name"), _person_ids(person)),
                    character=get_text(performance, "characterName"),
                    for_some_episodes=not isinstance(owner, PlacedEpisode) and is_for_some_episodes(role),
                )


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return parts.netloc.removeprefix("www.") if parts.scheme in ("http", "https") else ""


def _addresses(node: Record) -> list[str]:
    return [get_text(member, "name", "value", "url") for member in _members(node, "sameAs", "url", "@id", "identifier")]


def _ids(node: Record) -> dict[str, str]:
    """The ids in the addresses of the pages that are about the same series or episode."""
    ids: dict[str, str] = {}
    for address in _addresses(node):
        for scheme, pattern in PAGE_IDS.items():
            if match := pattern.search(address):
                ids.setdefault(scheme, next(filter(None, match.groups())))
    return ids


def _person_ids(node: Record) -> ExternalIds:
    matches = (PERSON_PAGE.search(address) for address in _addresses(node))
    return next((person_ids(imdb=match[1] or match[2]) for match in matches if match), ())
