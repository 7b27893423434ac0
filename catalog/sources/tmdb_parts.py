"""Parts of TMDB's records that may stand alone: credits, external ids, other titles, content ratings."""

from catalog.sources.external_ids import person_ids
from catalog.sources.json_values import Record, get_number, get_record, get_records, get_text
from catalog.sources.role_words import is_for_some_episodes, role_of
from catalog.sources.series_builder import SeriesBuilder
from catalog.sources.series_claims import PersonClaim, PlacedEpisode, SeasonClaim, SeriesClaims, SourceError

Owner = SeriesClaims | SeasonClaim | PlacedEpisode
# A record is of the first shape of which it has all keys.
SHAPES = (
    ("error", {"status_code", "status_message"}),
    ("results", {"tv_results"}),
    ("series", {"first_air_date", "name"}),
    ("episode", {"episode_number", "season_number"}),
    ("season", {"season_number", "name"}),
    ("film", {"title", "release_date"}),
    ("person", {"name", "known_for_department"}),
    ("credits", {"cast", "crew"}),
    ("translations", {"translations"}),
    ("other titles", {"id", "results"}),
    ("other titles", {"results", "titles"}),
    ("external ids", {"freebase_mid"}),
    ("external ids", {"imdb_id", "tvdb_id"}),
)
MAX_CONTENT_RATING_LENGTH = 20


def shape_of(record: Record) -> str:
    """What an answer of TMDB is about; empty if it is none."""
    return next((shape for shape, keys in SHAPES if keys <= record.keys()), "")


class Targets:
    """Records by their TMDB id, for parts that name only that. Series, seasons and episodes are numbered apart."""

    def __init__(self) -> None:
        self.countries: set[str] = set()  # of the series, in lower case
        self._owners: dict[str, list[Owner]] = {}
        self._episode_totals: dict[int, int] = {}

    def add(self, tmdb_id: str, owner: Owner, episode_total: int | None = None) -> None:
        """Remember the record of an id, and how many episodes it has."""
        owners = self._owners.setdefault(tmdb_id, [])
        if tmdb_id and not any(other is owner for other in owners):
            owners.append(owner)
        if episode_total:
            self._episode_totals[id(owner)] = episode_total

    def find(self, tmdb_id: str) -> Owner | None:
        """The record of this id, if it is only one."""
        owners = self._owners.get(tmdb_id, []) if tmdb_id else []
        return owners[0] if len(owners) == 1 else None

    def is_in_all_episodes(self, owner: Owner, count: int | None) -> bool:
        """True if ``count`` episodes are all of the owner's."""
        return count is not None and count >= self._episode_totals.get(id(owner), 10**9)

    @staticmethod
    def person(builder: SeriesBuilder, record: Record) -> PersonClaim | None:
        """The person of a credit."""
        ids = person_ids(tmdb=get_text(record, "id"))
        return builder.person(get_text(record, "name"), ids, get_text(record, "original_name"))

    def add_guests(self, builder: SeriesBuilder, record: Record, episode: PlacedEpisode) -> None:
        """Add the guest stars of an episode."""
        for member in _by_order(record, "guest_stars"):
            person = self.person(builder, member)
            builder.add_credit(episode, "guest", person, kind="guest", character=get_text(member, "character"))


def read_part(builder: SeriesBuilder, targets: Targets, part: Record, owner: Owner | None = None) -> None:
    """Read a part, of ``owner`` or of the record that has its id."""
    shape, tmdb_id = shape_of(part), get_text(part, "id")
    owner = owner or targets.find(tmdb_id)
    if shape == "credits":
        if owner is None:
            builder.unmapped(
                f"It is not stated whether TMDB {tmdb_id} is the series, a season or an episode: "
                "read the credits together with that file."
            )
        _read_credits(builder, targets, part, owner)
    elif shape == "external ids":
        _read_external_ids(builder, part, owner)
    elif shape == "translations" and not isinstance(owner, SeasonClaim):
        _read_translations(builder, part, owner or builder.claims)
    elif shape == "other titles" and not isinstance(owner, SeasonClaim):
        _read_results(builder, targets, part, owner or builder.claims)


def _by_order(record: Record, key: str) -> list[Record]:
    return sorted(get_records(record, key), key=lambda member: get_number(member, "order") or 0)


def _read_credits(builder: SeriesBuilder, targets: Targets, part: Record, owner: Owner | None) -> None:
    claims_owner = owner or builder.claims
    is_episode = isinstance(owner, PlacedEpisode)
    # TMDB's credits of a series are those of its latest season.
    is_some = not is_episode and not isinstance(owner, SeasonClaim)
    for member in _by_order(part, "cast"):
        person, roles = targets.person(builder, member), get_records(member, "roles")
        for role in roles or [member]:
            count = get_number(role, "episode_count")
            builder.add_credit(
                claims_owner,
                "cast",
                person,
                kind="" if roles else "main",
                character=get_text(role, "character"),
                note=_count_note(count),
                for_some_episodes=not targets.is_in_all_episodes(claims_owner, count) if roles else is_some,
            )
    for member in get_records(part, "crew"):
        person = targets.person(builder, member)
        for job in get_records(member, "jobs") or [member]:
            job_role = role_of(get_text(job, "job") or get_text(member, "department"))
            count = get_number(job, "episode_count")
            is_all = is_episode or targets.is_in_all_episodes(claims_owner, count)
            builder.add_credit(
                claims_owner,
                job_role,
                person,
                note=_count_note(count),
                for_some_episodes=not is_all and (count is not None or is_for_some_episodes(job_role)),
            )
    if isinstance(claims_owner, PlacedEpisode):
        targets.add_guests(builder, part, claims_owner)
    else:
        _read_guests_without_episode(builder, targets, part)


def _read_guests_without_episode(builder: SeriesBuilder, targets: Targets, part: Record) -> None:
    for member in _by_order(part, "guest_stars"):
        builder.add_credit(
            builder.claims,
            "guest",
            targets.person(builder, member),
            kind="guest",
            character=get_text(member, "character"),
            for_some_episodes=True,
        )


def _count_note(count: int | None) -> str:
    return "" if count is None else f"{count} episode{'' if count == 1 else 's'}"


def _read_external_ids(builder: SeriesBuilder, part: Record, owner: Owner | None) -> None:
    """TVRage and Freebase have closed: their ids are left out."""
    values = {scheme: get_text(part, f"{scheme}_id") for scheme in ("imdb", "tvdb", "wikidata")}
    if owner is None:
        raise SourceError(
            f"The file has the ids of TMDB {get_text(part, 'id')}: read it together with that record's file."
        )
    if isinstance(owner, SeriesClaims):
        builder.add_series_ids(**values)
    else:
        what = f"Season {owner.number}" if isinstance(owner, SeasonClaim) else owner.locator
        owner.external_ids = builder.add_ids(owner.external_ids, what, is_key=False, **values)


def _read_translations(builder: SeriesBuilder, part: Record, owner: SeriesClaims | PlacedEpisode) -> None:
    values = owner.values if isinstance(owner, SeriesClaims) else owner.claim.values
    for row in get_records(part, "translations"):
        title = get_text(get_record(row, "data"), "name", "title")
        language, note = get_text(row, "iso_639_1"), get_text(row, "iso_3166_1")
        builder.add_title(owner, title, str(values.get("title", "")), kind="translated", language=language, note=note)


def _read_results(builder: SeriesBuilder, targets: Targets, part: Record, owner: SeriesClaims | PlacedEpisode) -> None:
    """Other titles or content ratings, which both are “results”."""
    ratings = []
    for row in (*get_records(part, "results"), *get_records(part, "titles")):
        country, rating = get_text(row, "iso_3166_1"), get_text(row, "rating")
        note = ", ".join(filter(None, (country, get_text(row, "type"))))
        builder.add_title(owner, get_text(row, "title"), note=note)
        if rating and country.casefold() in targets.countries and len(rating) <= MAX_CONTENT_RATING_LENGTH:
            builder.set_series(content_rating=rating)
        elif rating:
            ratings.append(f"{country} {rating}")
    if ratings:
        builder.unmapped(f"Content ratings of other countries: {', '.join(ratings[:60])}.")
