"""What version 4 of TheTVDB's JSON has besides: people with ids, companies, remote ids, seasons of several types."""

from catalog.sources.external_ids import person_ids
from catalog.sources.json_values import Record, as_record, get_number, get_record, get_records, get_text
from catalog.sources.role_words import is_for_some_episodes, role_of
from catalog.sources.series_builder import SeriesBuilder
from catalog.sources.series_claims import PlacedEpisode, SeriesClaims
from catalog.sources.title_words import is_plain_season_title

SEASON_TYPES = {"official": "aired", "dvd": "dvd", "absolute": "absolute"}
REMOTE_SCHEMES = {"imdb": "imdb", "themoviedb.com": "tmdb", "tv maze": "tvmaze", "wikidata": "wikidata"}
COMPANY_LISTS = {
    "network": "networks",
    "production company": "production_companies",
    "production": "production_companies",
    "studio": "production_companies",
    "distributor": "distributors",
}
MAX_CONTENT_RATING_LENGTH = 20


def read_series_facts(builder: SeriesBuilder, row: Record, season_type: str) -> None:
    """Read what a series of version 4 has."""
    country = get_text(row, "originalCountry")
    builder.add_to_list("countries", country)
    builder.add_to_list("languages", get_text(row, "originalLanguage"))
    builder.add_to_list("genres", *(get_text(genre, "name") for genre in get_records(row, "genres")))
    for key in ("originalNetwork", "latestNetwork"):
        network = get_record(row, key)
        builder.add_company("networks", get_text(network, "name"), "tvdb", get_text(network, "id"))
    _read_companies(builder, row)
    builder.add_series_ids(**_remote_ids(row))
    for alias in get_records(row, "aliases"):
        builder.add_title(builder.claims, get_text(alias, "name"), language=get_text(alias, "language"))
    for translation in get_records(get_record(row, "translations"), "nameTranslations"):
        title = str(builder.claims.values.get("title", ""))
        language = get_text(translation, "language")
        builder.add_title(builder.claims, get_text(translation, "name"), title, kind="translated", language=language)
    for rating in get_records(row, "contentRatings"):
        name, rating_country = get_text(rating, "name"), get_text(rating, "country")
        if rating_country == country and len(name) <= MAX_CONTENT_RATING_LENGTH:
            builder.set_series(content_rating=name)
        elif name:
            builder.unmapped(f"The content rating in {rating_country or 'another country'} is {name}.")
    for season in get_records(row, "seasons"):
        _read_season(builder, season, season_type)
    _read_people(builder, builder.claims, row)


def read_episode_facts(builder: SeriesBuilder, episode: PlacedEpisode, row: Record) -> None:
    """Read what an episode of version 4 has."""
    episode.external_ids = builder.add_ids(episode.external_ids, episode.locator, is_key=False, **_remote_ids(row))
    _read_people(builder, episode, row)


def _remote_ids(row: Record) -> dict[str, str]:
    ids: dict[str, str] = {}
    for remote in get_records(row, "remoteIds"):
        scheme = REMOTE_SCHEMES.get(get_text(remote, "sourceName").casefold())
        if scheme:
            ids.setdefault(scheme, get_text(remote, "id"))
    return ids


def _read_companies(builder: SeriesBuilder, row: Record) -> None:
    """Companies are a list with their types, or lists by type."""
    by_type = as_record(row.get("companies"))
    companies = [(key, company) for key in by_type for company in get_records(by_type, key)]
    for company in get_records(row, "companies"):
        companies.append((get_text(get_record(company, "companyType"), "companyTypeName"), company))
    for kind, company in companies:
        name, company_id = get_text(company, "name"), get_text(company, "id")
        list_name = COMPANY_LISTS.get(kind.casefold().replace("_", " "))
        if list_name:
            builder.add_company(list_name, name, "tvdb", company_id)
        elif name:
            builder.unmapped(f"{name} is stated as “{kind}”, which is no role of a company here.")


def _read_season(builder: SeriesBuilder, row: Record, season_type: str) -> None:
    number = get_number(row, "number")
    if number is None or SEASON_TYPES.get(get_text(get_record(row, "type"), "type")) != season_type:
        return  # of another order
    season = builder.season(number)
    season.external_ids = builder.add_ids(season.external_ids, f"Season {number}", tvdb=get_text(row, "id"))
    title = builder.title(get_text(row, "name"), f"Season {number}: the title")
    if not is_plain_season_title(title, number):
        builder.set_values(season.values, f"Season {number}", title=title)


def _read_people(builder: SeriesBuilder, owner: SeriesClaims | PlacedEpisode, row: Record) -> None:
    characters = sorted(get_records(row, "characters"), key=lambda character: get_number(character, "sort") or 0)
    for character in characters:
        word = get_text(character, "peopleType")
        role, name = role_of(word), get_text(character, "personName")
        if not role:
            builder.unmapped(f"{name} is credited without a role.")
            continue
        person = builder.person(name, person_ids(tvdb=get_text(character, "peopleId")))
        is_some = not isinstance(owner, PlacedEpisode) and is_for_some_episodes(role)
        builder.add_credit(
            owner,
            role,
            person,
            kind="guest" if role == "guest" else "",
            character=get_text(character, "name"),
            for_some_episodes=is_some,
        )
