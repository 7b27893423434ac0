"""Who made which episode: a row for each person, a place for each episode."""

from dataclasses import dataclass, field
from functools import cached_property

from catalog.models import WRITING_ROLES

MAX_COLUMNS = 60  # columns that can still be told apart on a wide page


@dataclass
class MatrixRow:
    """A person (or a kind of work), with the columns in which they did it, from 0."""

    label: str
    url: str
    places: list = field(default_factory=list)
    total: int = None  # what is counted at the end of the row, where it is not the columns


@dataclass(frozen=True)
class Matrix:
    """Columns are episodes or years (``unit``), each with its ``number``; ``parts`` are (name, kind of mark, rows)."""

    columns: list
    parts: list
    unit: str = "episode"

    @cached_property
    def by_season(self):
        """Whether the episodes are of several seasons, so that their numbers alone do not tell them apart."""
        return self.unit == "episode" and len({episode.season_id for episode in self.columns}) > 1

    def heads(self):
        """(place, text) above the columns, as far apart as they need: numbers, years, or where each season begins."""
        if self.by_season:
            season = None
            for place, episode in enumerate(self.columns):
                if episode.season_id != season:
                    yield place, f"S{episode.season.number}"
                season = episode.season_id
            return
        many = len(self.columns)
        step = 1 + (many - 1) // 8 if self.unit == "year" else 1 if many <= 24 else 5
        yield from ((place, str(self.columns[place].number)) for place in range(0, many, step))

    def x(self, place):
        """Where a column stands, in percent of the width."""
        return f"{100 * (place + 0.5) / len(self.columns):.2f}%"

    def bars(self, row):
        """The runs of a row's columns as (from, width), in percent of the width."""
        share, runs = 100 / len(self.columns), []
        for place in row.places:
            if runs and runs[-1][1] == place:
                runs[-1][1] += 1
            else:
                runs.append([place, place + 1])
        return [(f"{share * first:.2f}", f"{share * (end - first):.2f}") for first, end in runs]

    def titles(self, row):
        """The episodes or years of a row in words."""
        columns = (self.columns[place] for place in row.places)
        return ", ".join(column.code if self.by_season else str(column.number) for column in columns)


def director_writer_matrix(episodes, credits):
    """Directors and writers of ``episodes`` by their own credits; None when there is nothing to compare."""
    if not 1 < len(episodes) <= MAX_COLUMNS:
        return None
    place = {episode.pk: number for number, episode in enumerate(episodes)}
    parts = []
    for name, mark, roles in (
        ("Directors", "d", ("director",)),
        ("Writers", "w", WRITING_ROLES),
    ):
        rows = {}
        for credit in sorted(credits, key=lambda c: (place.get(c.episode_id, 0), c.billing or 0)):
            if credit.episode_id in place and credit.role.slug in roles:
                row = rows.setdefault(credit.person_id, MatrixRow(credit.person.name, credit.person.get_absolute_url()))
                if place[credit.episode_id] not in row.places:
                    row.places.append(place[credit.episode_id])
        if rows:
            parts.append((name, mark, list(rows.values())))
    return Matrix(episodes, parts) if parts else None


def person_matrix(episodes, work):
    """One person's work on a series: ``work`` is (label, mark, {episode ids}) for each kind."""
    place = {episode.pk: number for number, episode in enumerate(episodes)}
    rows = [
        (label, mark, [MatrixRow(label, "", sorted(place[pk] for pk in pks if pk in place))])
        for label, mark, pks in work
    ]
    return Matrix(episodes, rows) if 1 < len(episodes) <= MAX_COLUMNS else None


@dataclass(frozen=True)
class YearColumn:
    """A column for a year."""

    number: int


def year_matrix(work):
    """A person's work by year: ``work`` is (title, address, {year: episodes}) for each series.

    None where all of it is of one year, or reaches over more years than can be told apart.
    """
    known = {year for _, _, years in work for year in years}
    if not known or not 1 < max(known) - min(known) + 1 <= MAX_COLUMNS:
        return None
    rows = [
        MatrixRow(title, url, sorted(year - min(known) for year in years), sum(years.values()))
        for title, url, years in work
        if years
    ]
    return Matrix([YearColumn(number) for number in range(min(known), max(known) + 1)], [("Series", "k", rows)], "year")
