"""What one source states about a whole series: its facts, seasons, episodes, credits, and the people in them."""

from dataclasses import dataclass, field

from catalog.sources.claims import CreditClaim, EpisodeClaim, FieldValue
from catalog.text import cut_text

MAX_MESSAGE_LENGTH = 300

ExternalIds = tuple[tuple[str, str], ...]  # (scheme, value): schemes as of ``ExternalId.Scheme``, such as "imdb"


class SourceError(ValueError):
    """A source that cannot be read. The message is a complete sentence for editors, in one line of limited length.

    It may quote the source.
    """

    def __init__(self, message: str) -> None:
        super().__init__(cut_text(" ".join(message.split()), MAX_MESSAGE_LENGTH))


@dataclass(frozen=True)
class SourceFacts:
    """Where a text comes from, for the record of the source; what is not known is empty."""

    publisher: str
    title: str = ""
    url: str = ""
    licence: str = ""  # as the publisher names it, such as “CC BY-SA 4.0”
    revision: str = ""  # of a page that changes: its number or date, as stated


@dataclass(frozen=True)
class OtherTitle:
    """Another title of a series or an episode: ``kind`` is a value of ``AlternativeTitle.Kind``."""

    title: str
    kind: str = "also"
    language: str = ""  # its code, if stated
    note: str = ""  # such as the country that uses it


@dataclass(frozen=True)
class ReviewClaim:
    """An aggregator's score, with the fields of ``Review``; figures as text. ``season`` if it is not of the series."""

    aggregator: str
    score: str
    scale: str = "100"
    is_percentage: bool = False
    average: str = ""
    average_scale: str = ""
    count: int | None = None
    label: str = ""
    season: int | None = None


@dataclass(frozen=True)
class PersonClaim:
    """A person as a source names them, with the ids that tell them from namesakes.

    ``page`` is the title of the source's page about the person, such as a link's target “Mako (actor)”: names that
    share a page are one person, and one name with two pages is two people.
    """

    name: str
    external_ids: ExternalIds = ()
    other_names: tuple[str, ...] = ()  # other spellings of the same source, such as a link's target
    values: tuple[tuple[str, FieldValue], ...] = ()  # field name and value, such as ("born", PartialDate)
    page: str = ""


@dataclass(frozen=True)
class PersonCredit:
    """A stated credit and who is credited. ``claim.role`` is a slug or, if a source has words of its own, that word."""

    claim: CreditClaim
    person: PersonClaim


@dataclass
class SeasonClaim:
    """A season; ``values`` by field name. Episodes are in ``SeriesClaims.episodes``."""

    number: int
    values: dict[str, FieldValue] = field(default_factory=dict)
    external_ids: ExternalIds = ()
    credits: list[PersonCredit] = field(default_factory=list)


@dataclass
class PlacedEpisode:
    """An episode's claim with its season (0: specials) and the people of its credits, in the order of the credits."""

    season: int
    claim: EpisodeClaim
    external_ids: ExternalIds = ()
    people: list[PersonClaim] = field(default_factory=list)  # of ``claim.credits``, one each
    locator: str = ""  # where in the source, such as “season 2, row 3”
    other_titles: list[OtherTitle] = field(default_factory=list)


@dataclass
class SeriesClaims:
    """All that a source states about one series.

    ``values`` has the fields of the record (title, premiered, ended, runtime_min …) and ``lists`` the linked records
    by their names or codes as stated (genres, networks, countries, languages, production_companies, distributors).
    ``company_ids`` has external ids of companies by these names. ``references`` are the texts that the source cites.
    ``unmapped`` lists in complete sentences what was stated but has no place in the catalogue, such as an unknown
    role: nothing is dropped silently.
    """

    source: SourceFacts
    values: dict[str, FieldValue] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    external_ids: ExternalIds = ()
    company_ids: dict[str, ExternalIds] = field(default_factory=dict)
    credits: list[PersonCredit] = field(default_factory=list)
    seasons: list[SeasonClaim] = field(default_factory=list)
    episodes: list[PlacedEpisode] = field(default_factory=list)
    other_titles: list[OtherTitle] = field(default_factory=list)
    reviews: list[ReviewClaim] = field(default_factory=list)
    references: list[SourceFacts] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)
