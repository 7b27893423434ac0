"""Small exact facts: a label, its values, and the field that their sources are cited for."""

from dataclasses import dataclass, field

from django.urls import reverse

from catalog.models import WRITING, PartialDate
from catalog.views.presenters.dates import long_date


@dataclass(frozen=True)
class Text:
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
class Fact:
    """A fact of ``record``. ``name`` marks it in the HTML; without values it is shown as not known."""

    name: str
    label: str
    values: list = field(default_factory=list)
    record: object = None
    fields: tuple = ()
    none: str = "Not known"


def fact(record, name, label, values, *fields):
    """A fact of one field of ``record``; ``values`` may be one value, None or a list."""
    listed = values if isinstance(values, list) else [values]
    texts = [item if isinstance(item, Text) else Text(item) for item in listed if item not in (None, "")]
    return Fact(name, label, texts, record, fields or (name,))


def minutes(low, high=None):
    """``51–60 minutes``, ``51 minutes``, or nothing when no running time is known."""
    known = [number for number in (low, high) if number is not None]
    if not known:
        return ""
    if len(set(known)) == 2:
        return f"{low}–{high} minutes"
    return f"{known[0]} minute{'s' * (known[0] != 1)}"


def narrowed(noun, **chosen):
    """The address of a list narrowed to one value."""
    return f"{reverse(f'{noun}-list')}?" + "&".join(f"{name}={value}" for name, value in chosen.items())


def companies(parts, part):
    """The companies with one part in a series, each cited by itself."""
    return [
        Text(
            entry.company.name,
            entry.company.get_absolute_url(),
            "; ".join(text for text in ("pilot only" if entry.pilot_only else "", entry.note) if text),
            entry,
        )
        for entry in parts
        if entry.part == part and entry.company.is_published
    ]


def credited(credits, *roles):
    """The people credited with one of ``roles``, each cited by their credit."""
    return [
        Text(
            credit.credited_as or credit.person.name,
            credit.person.get_absolute_url(),
            "; ".join(text for text in ("pilot only" if credit.pilot_only else "", credit.note) if text),
            credit,
        )
        for credit in credits
        if credit.role.slug in roles
    ]


def availability(entry):
    """A platform with the time in which it showed the series."""
    since = f"from {long_date(entry.since)}" if entry.since else ""
    until = f"left {long_date(entry.until)}" if entry.until else ""
    return Text(
        entry.platform.name,
        entry.platform.get_absolute_url(),
        "; ".join(text for text in (since, until, entry.note) if text),
        entry,
    )


def series_facts(series, credits, totals):
    """The facts of a series in the order of the page's side. ``totals``: (seasons, episodes) on record."""
    parts = list(series.company_parts.all())
    return [*_told(series, credits, parts), *_measured(series, *totals), *_behind(series, parts)]


def _told(series, credits, parts):
    """What it is, whose, where and when it was shown."""
    return [
        fact(series, "genres", "Genre", [Text(g.name, narrowed("series", genre=g.slug)) for g in series.genres.all()]),
        Fact("creator", "Created by", credited(credits, "creator")),
        Fact("network", "Network", companies(parts, "network")),
        Fact(
            "availability",
            "Available",
            [availability(entry) for entry in series.availability.all() if entry.platform.is_published],
        ),
        fact(series, "premiered", "First released", series.premiered),
        fact(series, "ended", "Last released", series.ended),
        fact(series, "status", "Status", series.get_status_display()),
        fact(
            series,
            "countries",
            "Country",
            [Text(c.name, narrowed("series", country=c.code.lower())) for c in series.countries.all()],
        ),
        fact(
            series,
            "languages",
            "Language",
            [Text(item.name, narrowed("series", language=item.code)) for item in series.languages.all()],
        ),
    ]


def _measured(series, seasons, episodes):
    """How much of it there is, and how it looks and sounds."""
    here = {"series": series.slug}
    return [
        fact(series, "season_total", "Seasons", Text(seasons) if seasons else None, "seasons"),
        fact(
            series,
            "episode_total",
            "Episodes",
            Text(episodes, narrowed("episode", **here), announced(series, episodes)) if episodes else None,
            "announced_episodes",
        ),
        fact(
            series,
            "runtime",
            "Running time",
            minutes(series.runtime_min, series.runtime_max),
            "runtime_min",
            "runtime_max",
        ),
        fact(series, "camera_setup", "Camera", series.camera_setup),
        fact(series, "picture_format", "Picture", series.picture_format),
        fact(series, "audio_format", "Sound", series.audio_format),
        fact(series, "content_rating", "Rating", series.content_rating),
    ]


def _behind(series, parts):
    """Who made it, and what it is called elsewhere."""
    return [
        Fact("production", "Production companies", companies(parts, "production")),
        Fact("distributor", "Distributor", companies(parts, "distributor")),
        Fact(
            "titles",
            "Other titles",
            [Text(title.title, remark=remark_on(title), record=title) for title in series.titles.all()],
        ),
        elsewhere(series),
    ]


def announced(series, episodes):
    """How many episodes were announced, where that is another number than there are."""
    differs = series.announced_episodes and series.announced_episodes != episodes
    return f"{series.announced_episodes} announced" if differs else ""


def remark_on(title):
    """What sort of title it is, in which language, and what is noted of it."""
    kind = title.get_kind_display().lower()
    return "; ".join(text for text in (kind, title.language and title.language.name, title.note) if text)


def elsewhere(record):
    """What other catalogues call a record."""
    identifiers = [Text(str(item), record=item) for item in record.external_ids.all()]
    return Fact("external_ids", "Elsewhere", identifiers, none="Not recorded")


def season_facts(season, episodes):
    """The facts of a season: what its episodes tell."""
    dates = sorted((e.air_date for e in episodes if e.air_date), key=lambda date: date.sort_key)
    first = next((e for e in episodes if dates and e.air_date == dates[0]), None)
    last = next((e for e in episodes if dates and e.air_date == dates[-1]), None)
    span = [Text(dates[0], record=first, fields=("air_date",))] if dates else []
    if dates and dates[0] != dates[-1]:
        span.append(Text(dates[-1], record=last, fields=("air_date",)))
    series = season.series
    return [
        Fact("series", "Series", [Text(series.title, series.get_absolute_url())]),
        fact(season, "episode_total", "Episodes", Text(len(episodes)) if episodes else None, "announced_episodes"),
        Fact("air_date", "Released", span),
        elsewhere(season),
    ]


def episode_facts(episode, credits, networks, total):
    """The facts of an episode. ``networks`` are its series' network parts, ``total`` the season's episodes."""
    series, season = episode.season.series, episode.season
    runtime = fact(episode, "runtime", "Running time", minutes(episode.runtime))
    if not runtime.values and series.runtime_min:
        of_series = Text(
            minutes(series.runtime_min, series.runtime_max),
            remark="series range; not known for this episode",
            record=series,
            fields=("runtime_min", "runtime_max"),
        )
        runtime = Fact("runtime", "Running time", [of_series])
    number = f"{episode.number}–{episode.last_number}" if episode.last_number else episode.number
    return [
        Fact("series", "Series", [Text(series.title, series.get_absolute_url())]),
        Fact("season", "Season", [Text(season.name, season.get_absolute_url())]),
        fact(episode, "number", "Episode", Text(f"{number} of {total}")),
        fact(episode, "overall_number", "Counted overall", episode.overall_number),
        fact(episode, "air_date", "Released", episode.air_date),
        Fact("network", "Network", companies(networks, "network")),
        fact(episode, "production_code", "Production code", episode.production_code),
        runtime,
        Fact("director", "Directed by", credited(credits, "director")),
        Fact("writer", "Written by", credited(credits, *WRITING)),
        Fact(
            "titles",
            "Other titles",
            [Text(title.title, remark=remark_on(title), record=title) for title in episode.titles.all()],
            none="None recorded",
        ),
        elsewhere(episode),
    ]


def person_facts(person, credits):
    """The facts of a person."""
    series = {credit.on_series.pk for credit in credits}
    total = f"{len(credits)} on {len(series)} series" if credits else None
    departments = {c.role.department.slug: c.role.department.name for c in credits}
    return [
        Fact("credits", "Credits", [Text(total)] if total else []),
        Fact(
            "departments",
            "Departments",
            [Text(name, narrowed("person", department=slug)) for slug, name in departments.items()],
        ),
        fact(person, "born", "Born", person.born),
        # Nobody is said to be alive for want of a date.
        *([fact(person, "died", "Died", person.died)] if person.died else []),
        Fact(
            "aliases",
            "Also known as",
            [Text(alias.name, remark=alias.note, record=alias) for alias in person.aliases.all()],
            none="No other name recorded",
        ),
        elsewhere(person),
    ]


def company_facts(company):
    """The facts of a company."""
    return [
        fact(company, "country", "Country", company.country and company.country.name),
        elsewhere(company),
    ]
