"""The infoboxes of series, seasons, episodes, people, companies, characters and songs."""

from urllib.parse import quote

from catalog.models import WRITING_ROLES
from catalog.models.episode import Extent
from catalog.models.series import number_range
from catalog.views.presenters.infobox_rows import (
    InfoboxRow,
    InfoboxValue,
    aliases_row,
    alternative_titles_row,
    availability_value,
    company_rows,
    credit_rows,
    external_ids_row,
    format_runtime,
    infobox_row,
    list_url,
    listed_rows,
    total_values,
)


def series_infobox(series, credits, totals: tuple[int, int], hidden: tuple[int, int]) -> list[InfoboxRow]:
    """The rows of a series, in order.

    ``credits`` are the creators', with those of unpublished people. ``totals`` are the numbers of published seasons
    and episodes, ``hidden`` those of unpublished ones.
    """
    parts = list(series.company_parts.all())
    return [
        *_content_and_release_rows(series, credits, parts),
        *_extent_rows(series, totals, hidden),
        *_format_rows(series),
        *company_rows(parts, "production", "Production companies"),
        *company_rows(parts, "distributor", "Distributor"),
        alternative_titles_row(series),
        external_ids_row(series),
    ]


def _content_and_release_rows(series, credits, parts):
    genres = [InfoboxValue(genre.name, list_url("series", genre=genre.slug)) for genre in series.genres.all()]
    availability = series.availability.all()
    platforms = [availability_value(entry) for entry in availability if entry.platform.is_published]
    countries = [
        InfoboxValue(country.name, list_url("series", country=country.code.lower()))
        for country in series.countries.all()
    ]
    languages = [
        InfoboxValue(language.name, list_url("series", language=language.code)) for language in series.languages.all()
    ]
    return [
        infobox_row(series, "genres", "Genre", genres),
        *credit_rows(credits, "creator", "Created by", "creator"),
        *company_rows(parts, "network", "Network"),
        *listed_rows(InfoboxRow("availability", "Available", platforms), bool(availability)),
        infobox_row(series, "premiered", "First released", series.premiered),
        infobox_row(series, "ended", "Last released", series.ended),
        infobox_row(series, "status", "Status", series.get_status_display()),
        infobox_row(series, "countries", "Country", countries),
        infobox_row(series, "languages", "Language", languages),
    ]


def _extent_rows(series, totals, hidden):
    (season_total, episode_total), (hidden_seasons, hidden_episodes) = totals, hidden
    episodes_url = list_url("episode", series=series.slug)
    announced = announced_remark(series, episode_total + hidden_episodes)
    seasons = total_values(season_total, hidden_seasons)
    episodes = total_values(episode_total, hidden_episodes, episodes_url, announced)
    return [
        *listed_rows(infobox_row(series, "season_total", "Seasons", seasons, "seasons"), hidden_seasons > 0),
        *listed_rows(
            infobox_row(series, "episode_total", "Episodes", episodes, "announced_episodes"), hidden_episodes > 0
        ),
    ]


def _format_rows(series):
    runtime = format_runtime(series.runtime_min, series.runtime_max)
    return [
        infobox_row(series, "runtime", "Running time", runtime, "runtime_min", "runtime_max"),
        infobox_row(series, "camera_setup", "Camera", series.camera_setup),
        infobox_row(series, "picture_format", "Picture", series.picture_format),
        infobox_row(series, "audio_format", "Sound", series.audio_format),
        infobox_row(series, "content_rating", "Rating", series.content_rating),
    ]


def announced_remark(series, episode_total: int) -> str:
    """How many episodes were announced, if that is not the number in the catalogue."""
    has_other_total = series.announced_episodes and series.announced_episodes != episode_total
    return f"{series.announced_episodes} announced" if has_other_total else ""


def season_infobox(season, release_span, total: int, hidden: int) -> list[InfoboxRow]:
    """The rows of a season: its period is that of the episodes ``release_span``, the first and the last by date.

    ``total`` is the number of published episodes, ``hidden`` that of the others.
    """
    period = [InfoboxValue(episode.air_date, record=episode, fields=("air_date",)) for episode in release_span]
    series, episode_total = season.series, total_values(total, hidden)
    return [
        InfoboxRow("series", "Series", [InfoboxValue(series.title, series.get_absolute_url())]),
        *listed_rows(
            infobox_row(season, "episode_total", "Episodes", episode_total, "announced_episodes"), bool(hidden)
        ),
        *listed_rows(InfoboxRow("air_date", "Released", period), bool(hidden)),
        external_ids_row(season),
    ]


def number_in_season(episode, extent: Extent) -> str:
    """``3 of 10``; only the number if the season has an episode 0 or gaps, as it would not be the third of ten.

    ``extent`` is that of the season, of which all episodes must be published.
    """
    is_complete = (extent.first, extent.last, extent.hidden) == (1, extent.total, 0)
    return f"{episode.number_range} of {extent.total}" if is_complete else episode.number_range


def _overall_numbers(episode) -> str:
    numbers = episode.covered_overall_numbers
    return number_range(numbers[0], numbers[-1] if len(numbers) > 1 else None) if numbers else ""


def episode_infobox(episode, credits, networks, extent: Extent) -> list[InfoboxRow]:
    """The rows of an episode.

    ``credits`` include those of unpublished people, ``networks`` are its series' network parts, ``extent`` is that of
    its season.
    """
    series, season = episode.season.series, episode.season
    number = number_in_season(episode, extent)
    return [
        InfoboxRow("series", "Series", [InfoboxValue(series.title, series.get_absolute_url())]),
        InfoboxRow("season", "Season", [InfoboxValue(season.name, season.get_absolute_url())]),
        infobox_row(episode, "number", "Episode", InfoboxValue(number), "number", "last_number"),
        infobox_row(episode, "overall_number", "Counted overall", _overall_numbers(episode)),
        infobox_row(episode, "air_date", "Released", episode.air_date),
        *company_rows(networks, "network", "Network"),
        infobox_row(episode, "production_code", "Production code", episode.production_code),
        _episode_runtime_row(episode, series),
        *credit_rows(credits, "director", "Directed by", "director"),
        *credit_rows(credits, "writer", "Written by", *WRITING_ROLES),
        alternative_titles_row(episode, placeholder="None recorded"),
        external_ids_row(episode),
    ]


def _episode_runtime_row(episode, series):
    """The running time of the episode, else the range of its series, which the remark says."""
    if episode.runtime is not None or not series.runtime_min:
        return infobox_row(episode, "runtime", "Running time", format_runtime(episode.runtime))
    series_range = InfoboxValue(
        format_runtime(series.runtime_min, series.runtime_max),
        remark="series range; not known for this episode",
        record=series,
        fields=("runtime_min", "runtime_max"),
    )
    return InfoboxRow("runtime", "Running time", [series_range])


def person_infobox(person, credit_total, series_total, departments, has_hidden_credits: bool) -> list[InfoboxRow]:
    """The rows of a person. ``has_hidden_credits``: there are credits, but visitors see none of them."""
    total = f"{credit_total:,} on {series_total:,} series" if credit_total else None
    department_values = [InfoboxValue(item.name, list_url("person", department=item.slug)) for item in departments]
    return [
        *listed_rows(InfoboxRow("credits", "Credits", [InfoboxValue(total)] if total else []), has_hidden_credits),
        *listed_rows(InfoboxRow("departments", "Departments", department_values), has_hidden_credits),
        infobox_row(person, "born", "Born", person.born),
        # Left out if empty: a missing date does not mean that the person is alive.
        *([infobox_row(person, "died", "Died", person.died)] if person.died else []),
        aliases_row(person, "Also known as"),
        external_ids_row(person),
    ]


def pair_infobox(totals, episodes_url: str) -> list[InfoboxRow]:
    """What two people share, in figures (catalog.views.presenters.pair_work.PairTotals)."""
    url = episodes_url if totals.episodes else ""
    return [
        InfoboxRow("shared_episodes", "Shared episodes", [InfoboxValue(f"{totals.episodes:,}", url)]),
        InfoboxRow("shared_series", "Series with both", [InfoboxValue(f"{totals.series:,}")]),
    ]


def character_infobox(character, episode_total) -> list[InfoboxRow]:
    """The rows of a character."""
    series = InfoboxValue(character.series.title, character.series.get_absolute_url())
    episodes = InfoboxValue(f"{episode_total:,}", list_url("episode", character=character.slug))
    return [
        InfoboxRow("series", "Series", [series]),
        infobox_row(character, "name", "Called", character.name),
        infobox_row(character, "full_name", "Full name", character.full_name),
        aliases_row(character, "Also known as"),
        InfoboxRow("episodes", "Episodes", [episodes] if episode_total else []),
    ]


def song_infobox(song, episode_total) -> list[InfoboxRow]:
    """The rows of a song. No source is cited for it: sources say where it is heard."""
    episodes = InfoboxValue(f"{episode_total:,}", list_url("episode", song=song.slug))
    artist = InfoboxValue(song.artist.name, list_url("song", q=quote(song.artist.name))) if song.artist else None
    return [
        InfoboxRow("title", "Title", [InfoboxValue(song.title)] if song.title else []),
        InfoboxRow("artist", "Recording artist", [artist] if artist else []),
        *([InfoboxRow("note", "Recording", [InfoboxValue(song.note)])] if song.note else []),
        InfoboxRow("episodes", "Episodes", [episodes] if episode_total else []),
    ]


def company_infobox(company) -> list[InfoboxRow]:
    """The rows of a company."""
    return [
        infobox_row(company, "country", "Country", company.country and company.country.name),
        aliases_row(company, "Former and other names"),
        external_ids_row(company),
    ]
