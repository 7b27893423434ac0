"""Read NFO files of Kodi, Jellyfin and MediaElch: tvshow, season and episodedetails, one or many in a file."""

import json
import re
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from catalog.sources.document import Document, plain_text
from catalog.sources.external_ids import person_ids
from catalog.sources.json_values import as_number, as_record, get_text
from catalog.sources.person_names import split_teams
from catalog.sources.role_words import is_for_some_episodes, role_of
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

ROOT = re.compile(r"<(tvshow|season|episodedetails|episodes|movie|musicvideo|artist|album)[\s/>]")
DECLARATION = re.compile(r"<\?xml[^>]{0,200}\?>")
AFTER_XML = re.compile(r">[^<>]*\Z")  # Kodi allows a web address behind the XML
REFUSED_ROOTS = {"movie": "a film", "musicvideo": "a music video", "artist": "an artist", "album": "an album"}
STATUSES = {"continuing": "running", "returning series": "running", "ended": "ended", "canceled": "cancelled"}
ID_ELEMENTS = {"imdbid": "imdb", "imdb_id": "imdb", "imdbId": "imdb", "tmdbid": "tmdb", "tvdbid": "tvdb"}
SCHEMES = ("imdb", "tmdb", "tvdb", "tvmaze", "wikidata")
MAX_CONTENT_RATING_LENGTH = 20
MAX_TAGS = 200_000  # a series of a thousand episodes with ten actors each; read in two seconds
DOCUMENT_TYPE = re.compile(r"<!(DOCTYPE|ENTITY)")
HAS_DTD = "The XML file has a DTD or entities, which are not read."
NOTHING_STATED = "The file has neither a title nor a number: it is an empty template."


def recognises(document: Document) -> bool:
    """True for XML with one of the elements of such files near its beginning."""
    return not document.is_json and ROOT.search(document.text[:2_000]) is not None


def read_series(data: bytes | str, *more: bytes | str) -> SeriesClaims:
    """Read one or more files about one series."""
    builder = SeriesBuilder(SourceFacts("NFO file"))
    empty = 0
    elements = [element for file in (data, *more) for element in _elements(Document(file).text)]
    for element in elements:
        if not READERS[element.tag](builder, element):
            empty += 1
    if empty == len(elements):
        raise SourceError(NOTHING_STATED)
    if empty:
        builder.unmapped(f"{empty} of {len(elements)} entries are empty templates.")
    return builder.finish()


def _elements(text: str) -> Iterator[Element]:
    """The elements of a file, which may have several roots."""
    if text.count("<") > MAX_TAGS:
        raise SourceError(f"The file has more than {MAX_TAGS:,} XML tags: split it.")
    body = AFTER_XML.sub(">", DECLARATION.sub("", text))
    try:
        root = fromstring(f"<files>{body}</files>", forbid_dtd=True)
    except DefusedXmlException as error:
        raise SourceError(HAS_DTD) from error
    except (ParseError, ValueError, RecursionError) as error:
        if DOCUMENT_TYPE.search(body):
            raise SourceError(HAS_DTD) from error
        raise SourceError("The file is not valid XML: it is damaged, or ends too early.") from error
    elements = [element for child in root for element in (child if child.tag == "episodes" else [child])]
    for element in elements:
        if element.tag in REFUSED_ROOTS:
            raise SourceError(f"The file is about {REFUSED_ROOTS[element.tag]} (<{element.tag}>), not about a series.")
        if element.tag not in READERS:
            raise SourceError("The file has no <tvshow>, <season> or <episodedetails>.")
    if not elements:
        raise SourceError("The file has no <tvshow>, <season> or <episodedetails>.")
    yield from elements


def _text(element: Element, *names: str) -> str:
    """The text of the first child of these names that has one."""
    texts = (plain_text(child.text or "") for name in names for child in element.findall(name))
    return next(filter(None, texts), "")


def _texts(element: Element, name: str) -> list[str]:
    return list(filter(None, (plain_text(child.text or "") for child in element.findall(name))))


def _number(element: Element, *names: str) -> int | None:
    return as_number(_text(element, *names))


def _ids(element: Element) -> dict[str, str]:
    """The ids by scheme: of <uniqueid>, of elements of their own, of Jellyfin's attributes and Kodi's guide."""
    ids: dict[str, str] = {}
    for child in element.findall("uniqueid"):
        ids.setdefault((child.get("type") or "").casefold(), plain_text(child.text or ""))
    for name, scheme in ID_ELEMENTS.items():
        ids.setdefault(scheme, _text(element, name))
        ids[scheme] = ids[scheme] or _text(element, name)
    for child in element.findall("id"):
        for key, value in child.attrib.items():
            ids[key.casefold()] = ids.get(key.casefold()) or plain_text(value)
    guide = _text(element, "episodeguide")
    if guide.startswith("{"):
        try:
            guide_ids = as_record(json.loads(guide))
        except (ValueError, RecursionError):
            guide_ids = {}
        for key in guide_ids:
            ids[key] = ids.get(key) or get_text(guide_ids, key)
    return {scheme: ids[scheme] for scheme in SCHEMES if ids.get(scheme)}


def _read_show(builder: SeriesBuilder, element: Element) -> bool:
    title = builder.title(_text(element, "title", "showtitle"))
    ids = _ids(element)
    if not title:
        return False
    builder.add_series_ids(**ids)
    status = _text(element, "status")
    if status and status.casefold() not in STATUSES:
        builder.unmapped(f"The file says of the status “{status}”, which is none of ours.")
    runtime = builder.minutes(_text(element, "runtime"), "The running time")
    rating = _text(element, "mpaa")
    is_long = len(rating) > MAX_CONTENT_RATING_LENGTH
    if is_long:
        builder.unmapped(f"The content rating “{rating[:40]}” is longer than {MAX_CONTENT_RATING_LENGTH} characters.")
    builder.set_series(
        title=title,
        premiered=builder.date(_text(element, "premiered", "aired", "releasedate"), "The premiere"),
        ended=builder.date(_text(element, "enddate"), "The end"),
        status=STATUSES.get(status.casefold(), ""),
        runtime_min=runtime,
        runtime_max=runtime,
        content_rating="" if is_long else rating,
    )
    builder.add_title(builder.claims, _text(element, "originaltitle"), title, kind="original")
    builder.add_to_list("genres", *_texts(element, "genre"))
    builder.add_to_list("countries", *_texts(element, "country"))
    for studio in _texts(element, "studio"):  # Kodi's name for the network
        builder.add_company("networks", studio)
    for child in element.findall("namedseason"):
        number, name = as_number(child.get("number")), builder.title(child.text or "", "A season's title")
        if number is not None and not is_plain_season_title(name, number):
            builder.set_values(builder.season(number).values, f"Season {number}", title=name)
    _read_people(builder, builder.claims, element)
    return True


def _read_season(builder: SeriesBuilder, element: Element) -> bool:
    number = _number(element, "seasonnumber")
    if number is None or number < 0:
        return False
    season, what = builder.season(number), f"Season {number}"
    season.external_ids = builder.add_ids(season.external_ids, what, is_key=False, **_ids(element))
    builder.set_series(title=builder.title(_text(element, "showtitle")))
    title = builder.title(_text(element, "title"), f"{what}: the title")
    if not is_plain_season_title(title, number):
        builder.set_values(season.values, what, title=title)
    if premiered := _text(element, "premiered", "releasedate", "aired"):
        builder.unmapped(f"{what} began on {premiered}: dates stand with episodes.")
    _read_people(builder, season, element)
    return True


def _read_episode(builder: SeriesBuilder, element: Element) -> bool:
    title = builder.title(_text(element, "title"))
    season, number, last_number = (_number(element, name) for name in ("season", "episode", "episodenumberend"))
    if season is None or number is None or season < 0 or number < 0:
        if title:
            raise SourceError(f"The episode “{title}” has no number of its season and episode.")
        return False
    what = f"Season {season}, episode {number}"
    episode = builder.episode(season, number, locator=what)
    builder.set_series(title=builder.title(_text(element, "showtitle")))
    episode.external_ids = builder.add_ids(episode.external_ids, what, is_key=False, **_ids(element))
    builder.set_episode(
        episode,
        title=title,
        air_date=builder.date(_text(element, "aired", "premiered"), f"{what}: the date"),
        runtime=builder.minutes(_text(element, "runtime"), f"{what}: the running time"),
        production_code=builder.code(_text(element, "code"), what),
        last_number=last_number if last_number is not None and last_number > number else None,
    )
    for studio in _texts(element, "studio"):
        builder.unmapped(f"“{studio}” stands with an episode: a network is of the series.")
    _read_people(builder, episode, element)
    return True


def _read_people(builder: SeriesBuilder, owner: SeriesClaims | SeasonClaim | PlacedEpisode, element: Element) -> None:
    """Directors, writers (<credits>) and actors by their order; of a series the episodes are not stated."""
    is_episode = isinstance(owner, PlacedEpisode)
    for tag, role in (("director", "director"), ("credits", "writer")):
        for text in _texts(element, tag):
            for name in (name for team in split_teams(text) for name in team):
                builder.add_credit(owner, role, builder.person(name), for_some_episodes=not is_episode)
    actors = sorted(element.findall("actor"), key=lambda actor: _number(actor, "order", "sortorder") or 0)
    for actor in actors:
        role = role_of(_text(actor, "type") or "Actor")
        builder.add_credit(
            owner,
            role,
            builder.person(_text(actor, "name"), _person_ids(actor)),
            kind="guest" if role == "guest" else "",
            character=_text(actor, "role"),
            for_some_episodes=not is_episode and is_for_some_episodes(role),
        )


def _person_ids(actor: Element) -> ExternalIds:
    values = {scheme: _text(actor, f"{scheme}id") for scheme in ("imdb", "tmdb", "tvdb")}
    return person_ids(**values)


READERS: dict[str, Callable[[SeriesBuilder, Element], bool]] = {
    "tvshow": _read_show,
    "season": _read_season,
    "episodedetails": _read_episode,
}
