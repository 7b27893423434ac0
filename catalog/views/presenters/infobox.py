"""Small exact facts: a label, its values, and the field that their sources are cited for."""

from dataclasses import dataclass, field

from django.urls import reverse

from catalog.models import WRITING_ROLES
from catalog.partial_date import PartialDate
from catalog.views.presenters.dates import long_date


@dataclass(frozen=True)
class InfoboxValue:
    """One value of a fact: text or a half-known date, perhaps with an address and a remark."""

    text: object
    url: str = ""
    remark: str = ""
    record: object = None  # whose citations stand for this value, when it is another record than the fact's
    fields: tuple = ()

    @property
    def is_date(self):
        """Whether it is to be written as a date."""
        return isinstance(self.text, PartialDate)


@dataclass(frozen=True)
class InfoboxRow:
    """A fact of ``record``. ``name`` marks it in the HTML; without values it is shown as not known."""

    name: str
    label: str
    values: list = field(default_factory=list)
    record: object = None
    fields: tuple = ()
    none: str = "Not known"


def infobox_row(record, name, label, values, *fields):
    """A fact of one field of ``record``; ``values`` may be one value, None or a list."""
    listed = values if isinstance(values, list) else [values]
    texts = [
        item if isinstance(item, InfoboxValue) else InfoboxValue(item) for item in listed if item not in (None, "")
    ]
    return InfoboxRow(name, label, texts, record, fields or (name,))


def format_runtime(low, high=None):
    """``51–60 minutes``, ``51 minutes``, or nothing when no running time is known."""
    known = [number for number in (low, high) if number is not None]
    if not known:
        return ""
    if len(set(known)) == 2:
        return f"{low}–{high} minutes"
    return f"{known[0]} minute{'s' * (known[0] != 1)}"


def list_url(noun, **chosen):
    """The address of a list narrowed to one value."""
    return f"{reverse(f'{noun}-list')}?" + "&".join(f"{name}={value}" for name, value in chosen.items())


def company_values(parts, part):
    """The companies with one part in a series, each cited by itself."""
    return [
        InfoboxValue(
            entry.company.name,
            entry.company.get_absolute_url(),
            "; ".join(text for text in ("pilot only" if entry.pilot_only else "", entry.note) if text),
            entry,
        )
        for entry in parts
        if entry.part == part and entry.company.is_published
    ]


def credit_values(credits, *roles):
    """The people credited with one of ``roles``, each cited by their credit."""
    return [
        InfoboxValue(
            credit.credited_as or credit.person.name,
            credit.person.get_absolute_url(),
            "; ".join(text for text in ("pilot only" if credit.pilot_only else "", credit.note) if text),
            credit,
        )
        for credit in credits
        if credit.role.slug in roles
    ]


def availability_value(entry):
    """A platform with the time in which it showed the series."""
    since = f"from {long_date(entry.since)}" if entry.since else ""
    until = f"left {long_date(entry.until)}" if entry.until else ""
    return InfoboxValue(
        entry.platform.name,
        entry.platform.get_absolute_url(),
        "; ".join(text for text in (since, until, entry.note) if text),
        entry,
    )


def series_infobox(series, credits, totals):
    """The facts of a series in the order of the page's side. ``totals``: (seasons, episodes) on record."""
    parts = list(series.company_parts.all())
    return [*_told(series, credits, parts), *_measured(series, *totals), *_behind(series, parts)]


def _told(series, credits, parts):
    """What it is, whose, where and when it was shown."""
    return [
        infobox_row(
            series,
            "genres",
            "Genre",
            [InfoboxValue(g.name, list_url("series", genre=g.slug)) for g in series.genres.all()],
        ),
        InfoboxRow("creator", "Created by", credit_values(credits, "creator")),
        InfoboxRow("network", "Network", company_values(parts, "network")),
        InfoboxRow(
            "availability",
            "Available",
            [availability_value(entry) for entry in series.availability.all() if entry.platform.is_published],
        ),
        infobox_row(series, "premiered", "First released", series.premiered),
        infobox_row(series, "ended", "Last released", series.ended),
        infobox_row(series, "status", "Status", series.get_status_display()),
        infobox_row(
            series,
            "countries",
            "Country",
            [InfoboxValue(c.name, list_url("series", country=c.code.lower())) for c in series.countries.all()],
        ),
        infobox_row(
            series,
            "languages",
            "Language",
            [InfoboxValue(item.name, list_url("series", language=item.code)) for item in series.languages.all()],
        ),
    ]


def _measured(series, seasons, episodes):
    """How much of it there is, and how it looks and sounds."""
    here = {"series": series.slug}
    return [
        infobox_row(series, "season_total", "Seasons", InfoboxValue(seasons) if seasons else None, "seasons"),
        infobox_row(
            series,
            "episode_total",
            "Episodes",
            InfoboxValue(episodes, list_url("episode", **here), announced_remark(series, episodes))
            if episodes
            else None,
            "announced_episodes",
        ),
        infobox_row(
            series,
            "runtime",
            "Running time",
            format_runtime(series.runtime_min, series.runtime_max),
            "runtime_min",
            "runtime_max",
        ),
        infobox_row(series, "camera_setup", "Camera", series.camera_setup),
        infobox_row(series, "picture_format", "Picture", series.picture_format),
        infobox_row(series, "audio_format", "Sound", series.audio_format),
        infobox_row(series, "content_rating", "Rating", series.content_rating),
    ]


def _behind(series, parts):
    """Who made it, and what it is called elsewhere."""
    return [
        InfoboxRow("production", "Production companies", company_values(parts, "production")),
        InfoboxRow("distributor", "Distributor", company_values(parts, "distributor")),
        InfoboxRow(
            "titles",
            "Other titles",
            [InfoboxValue(title.title, remark=title_remark(title), record=title) for title in series.titles.all()],
        ),
        external_ids_row(series),
    ]


def announced_remark(series, episodes):
    """How many episodes were announced, where that is another number than there are."""
    differs = series.announced_episodes and series.announced_episodes != episodes
    return f"{series.announced_episodes} announced" if differs else ""


def title_remark(title):
    """What sort of title it is, in which language, and what is noted of it."""
    kind = title.get_kind_display().lower()
    return "; ".join(text for text in (kind, title.language and title.language.name, title.note) if text)


def external_ids_row(record):
    """What other catalogues call a record."""
    identifiers = [InfoboxValue(str(item), record=item) for item in record.external_ids.all()]
    return InfoboxRow("external_ids", "Elsewhere", identifiers, none="Not recorded")


def season_infobox(season, episodes):
    """The facts of a season: what its episodes tell."""
    dates = sorted((e.air_date for e in episodes if e.air_date), key=lambda date: date.sort_key)
    first = next((e for e in episodes if dates and e.air_date == dates[0]), None)
    last = next((e for e in episodes if dates and e.air_date == dates[-1]), None)
    span = [InfoboxValue(dates[0], record=first, fields=("air_date",))] if dates else []
    if dates and dates[0] != dates[-1]:
        span.append(InfoboxValue(dates[-1], record=last, fields=("air_date",)))
    series = season.series
    return [
        InfoboxRow("series", "Series", [InfoboxValue(series.title, series.get_absolute_url())]),
        infobox_row(
            season, "episode_total", "Episodes", InfoboxValue(len(episodes)) if episodes else None, "announced_episodes"
        ),
        InfoboxRow("air_date", "Released", span),
        external_ids_row(season),
    ]


def episode_infobox(episode, credits, networks, total):
    """The facts of an episode. ``networks`` are its series' network parts, ``total`` the season's episodes."""
    series, season = episode.season.series, episode.season
    runtime = infobox_row(episode, "runtime", "Running time", format_runtime(episode.runtime))
    if not runtime.values and series.runtime_min:
        of_series = InfoboxValue(
            format_runtime(series.runtime_min, series.runtime_max),
            remark="series range; not known for this episode",
            record=series,
            fields=("runtime_min", "runtime_max"),
        )
        runtime = InfoboxRow("runtime", "Running time", [of_series])
    number = f"{episode.number}–{episode.last_number}" if episode.last_number else episode.number
    return [
        InfoboxRow("series", "Series", [InfoboxValue(series.title, series.get_absolute_url())]),
        InfoboxRow("season", "Season", [InfoboxValue(season.name, season.get_absolute_url())]),
        infobox_row(episode, "number", "Episode", InfoboxValue(f"{number} of {total}")),
        infobox_row(episode, "overall_number", "Counted overall", episode.overall_number),
        infobox_row(episode, "air_date", "Released", episode.air_date),
        InfoboxRow("network", "Network", company_values(networks, "network")),
        infobox_row(episode, "production_code", "Production code", episode.production_code),
        runtime,
        InfoboxRow("director", "Directed by", credit_values(credits, "director")),
        InfoboxRow("writer", "Written by", credit_values(credits, *WRITING_ROLES)),
        InfoboxRow(
            "titles",
            "Other titles",
            [InfoboxValue(title.title, remark=title_remark(title), record=title) for title in episode.titles.all()],
            none="None recorded",
        ),
        external_ids_row(episode),
    ]


def person_infobox(person, credits):
    """The facts of a person."""
    series = {credit.parent_series.pk for credit in credits}
    total = f"{len(credits)} on {len(series)} series" if credits else None
    departments = {c.role.department.slug: c.role.department.name for c in credits}
    return [
        InfoboxRow("credits", "Credits", [InfoboxValue(total)] if total else []),
        InfoboxRow(
            "departments",
            "Departments",
            [InfoboxValue(name, list_url("person", department=slug)) for slug, name in departments.items()],
        ),
        infobox_row(person, "born", "Born", person.born),
        # Nobody is said to be alive for want of a date.
        *([infobox_row(person, "died", "Died", person.died)] if person.died else []),
        InfoboxRow(
            "aliases",
            "Also known as",
            [InfoboxValue(alias.name, remark=alias.note, record=alias) for alias in person.aliases.all()],
            none="No other name recorded",
        ),
        external_ids_row(person),
    ]


def company_infobox(company):
    """The facts of a company."""
    return [
        infobox_row(company, "country", "Country", company.country and company.country.name),
        external_ids_row(company),
    ]
