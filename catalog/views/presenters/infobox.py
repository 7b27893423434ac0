"""Rows of a record's infobox: a label, its values, and the fields whose citations are marked."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from catalog.models import WRITING_ROLES
from catalog.models.series import number_range
from catalog.partial_date import PartialDate
from catalog.views.presenters.dates import long_date


@dataclass(frozen=True)
class InfoboxValue:
    """One value of a row: text or a partial date, perhaps with a URL and a remark.

    ``record`` and ``fields`` name what is cited for this value, if that is another record than the row's.
    """

    text: object
    url: str = ""
    remark: str = ""
    record: object = None
    fields: tuple[str, ...] = ()

    @property
    def is_date(self) -> bool:
        """Whether the text is a partial date."""
        return isinstance(self.text, PartialDate)


@dataclass(frozen=True)
class InfoboxRow:
    """A row about ``record``. ``name`` is its ``data-fact`` mark; ``placeholder`` is printed without values."""

    name: str
    label: str
    values: list[InfoboxValue] = field(default_factory=list)
    record: object = None
    fields: tuple[str, ...] = ()
    placeholder: str = "Not known"


def infobox_row(record, name: str, label: str, values: Any, *fields: str) -> InfoboxRow:
    """A row of one field of ``record``, or of ``fields``; ``values`` may be one value, None or a list."""
    items = values if isinstance(values, list) else [values]
    items = [item for item in items if item not in (None, "")]
    texts = [item if isinstance(item, InfoboxValue) else InfoboxValue(item) for item in items]
    return InfoboxRow(name, label, texts, record, fields or (name,))


def format_runtime(shortest: int | None, longest: int | None = None) -> str:
    """``51–60 minutes``, ``51 minutes``, or nothing if no running time is known."""
    runtimes = [number for number in (shortest, longest) if number is not None]
    if not runtimes:
        return ""
    if len(set(runtimes)) == 2:
        return f"{shortest}–{longest} minutes"
    return f"{runtimes[0]} minute{'s' * (runtimes[0] != 1)}"


def list_url(kind: str, **selection: str) -> str:
    """The URL of the list of ``kind`` narrowed to one value."""
    return f"{reverse(f'{kind}-list')}?" + "&".join(f"{name}={value}" for name, value in selection.items())


def _join_remarks(*remarks):
    return "; ".join(filter(None, remarks))


def company_values(company_parts, part: str) -> list[InfoboxValue]:
    """The companies with one part in a series, each cited by itself."""
    return [
        InfoboxValue(
            entry.company.name,
            entry.company.get_absolute_url(),
            _join_remarks("pilot only" if entry.pilot_only else "", entry.note),
            entry,
        )
        for entry in company_parts
        if entry.part == part and entry.company.is_published
    ]


def company_rows(company_parts, name: str, label: str) -> list[InfoboxRow]:
    """The row of the companies with the part ``name``; see ``listed_rows``."""
    is_recorded = any(entry.part == name for entry in company_parts)
    return listed_rows(InfoboxRow(name, label, company_values(company_parts, name)), is_recorded)


def credit_rows(credits, name: str, label: str, *roles: str) -> list[InfoboxRow]:
    """The row of the people credited with one of ``roles``; see ``listed_rows``."""
    is_recorded = any(credit.role.slug in roles for credit in credits)
    return listed_rows(InfoboxRow(name, label, credit_values(credits, *roles)), is_recorded)


def listed_rows(row: InfoboxRow, is_recorded: bool) -> list[InfoboxRow]:
    """The row; no row if its values are recorded but none is published: “not known” would be false."""
    return [] if is_recorded and not row.values else [row]


def credit_values(credits, *roles: str) -> list[InfoboxValue]:
    """The published people credited with one of ``roles``, each cited by their credit."""
    return [
        InfoboxValue(
            credit.credited_as or credit.person.name,
            credit.person.get_absolute_url(),
            _join_remarks("pilot only" if credit.pilot_only else "", credit.note),
            credit,
        )
        for credit in credits
        if credit.role.slug in roles and credit.person.is_published
    ]


def availability_value(entry) -> InfoboxValue:
    """A platform with the time in which it showed the series."""
    since = f"from {long_date(entry.since)}" if entry.since else ""
    until = f"left {long_date(entry.until)}" if entry.until else ""
    remark = _join_remarks(since, until, entry.note)
    return InfoboxValue(entry.platform.name, entry.platform.get_absolute_url(), remark, entry)


def alternative_titles_row(record, **options: Any) -> InfoboxRow:
    """The alternative titles of a series or an episode, each with its kind, language and note."""
    titles = [InfoboxValue(title.title, remark=title_remark(title), record=title) for title in record.titles.all()]
    return InfoboxRow("titles", "Other titles", titles, **options)


def title_remark(title) -> str:
    """The kind of an alternative title, its language and its note."""
    return _join_remarks(title.get_kind_display().lower(), title.language and title.language.name, title.note)


def aliases_row(record, label: str) -> InfoboxRow:
    """The other names of a person or a company, each with its period and its note."""
    names = [InfoboxValue(alias.name, remark=alias_remark(alias), record=alias) for alias in record.aliases.all()]
    return InfoboxRow("aliases", label, names, placeholder="No other name recorded")


def alias_remark(alias) -> str:
    """When the name was used, and its note: ``from 1985 until May 1989; after the merger``."""
    since = f"from {long_date(alias.since)}" if alias.since else ""
    until = f"until {long_date(alias.until)}" if alias.until else ""
    return _join_remarks(" ".join(filter(None, [since, until])), alias.note)


def external_ids_row(record) -> InfoboxRow:
    """The identifiers of a record in other catalogues."""
    identifiers = [InfoboxValue(str(item), record=item) for item in record.external_ids.all()]
    return InfoboxRow("external_ids", "Elsewhere", identifiers, placeholder="Not recorded")


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


def total_values(total: int, hidden: int, url: str = "", remark: str = "") -> list[InfoboxValue]:
    """The number of published parts of a record, if there are any; the remark says if there are hidden ones."""
    remarks = _join_remarks(remark, "not all listed yet" if hidden else "")
    return [InfoboxValue(total, url, remarks)] if total else []


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


def number_in_season(episode, number_span: tuple[int, int, int] | None) -> str:
    """``3 of 10``; only the number if the season has an episode 0 or gaps, as it would not be the third of ten.

    ``number_span`` is None if not all episodes are published.
    """
    first, last, total = number_span or (None, None, None)
    return f"{episode.number_range} of {total}" if (first, last) == (1, total) else episode.number_range


def _overall_numbers(episode) -> str:
    numbers = episode.covered_overall_numbers
    return number_range(numbers[0], numbers[-1] if len(numbers) > 1 else None) if numbers else ""


def episode_infobox(episode, credits, networks, number_span: tuple[int, int, int] | None) -> list[InfoboxRow]:
    """The rows of an episode.

    ``credits`` include those of unpublished people, ``networks`` are its series' network parts, ``number_span`` is
    that of its season, None if not all episodes are published.
    """
    series, season = episode.season.series, episode.season
    number = number_in_season(episode, number_span)
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


def person_infobox(person, credits, has_hidden_credits: bool) -> list[InfoboxRow]:
    """The rows of a person. ``has_hidden_credits``: there are credits, but visitors see none of them."""
    series = {credit.parent_series.pk for credit in credits}
    total = f"{len(credits)} on {len(series)} series" if credits else None
    departments = {credit.role.department.slug: credit.role.department.name for credit in credits}
    department_values = [InfoboxValue(name, list_url("person", department=slug)) for slug, name in departments.items()]
    return [
        *listed_rows(InfoboxRow("credits", "Credits", [InfoboxValue(total)] if total else []), has_hidden_credits),
        *listed_rows(InfoboxRow("departments", "Departments", department_values), has_hidden_credits),
        infobox_row(person, "born", "Born", person.born),
        # Left out if empty: a missing date does not mean that the person is alive.
        *([infobox_row(person, "died", "Died", person.died)] if person.died else []),
        aliases_row(person, "Also known as"),
        external_ids_row(person),
    ]


def company_infobox(company) -> list[InfoboxRow]:
    """The rows of a company."""
    return [
        infobox_row(company, "country", "Country", company.country and company.country.name),
        aliases_row(company, "Former and other names"),
        external_ids_row(company),
    ]
