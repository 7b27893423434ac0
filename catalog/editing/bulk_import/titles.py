"""Stages of a bulk import that read title.episode and title.basics, and add series, seasons and episodes."""

from collections.abc import Iterator
from typing import Any

from catalog.editing.bulk_import.job import Job
from catalog.editing.bulk_import.progress import scratch_inserter
from catalog.editing.bulk_import.rows import RowInserter, chunked, execute, stream
from catalog.editing.bulk_import.values import (
    Slugs,
    day_of_title,
    id_number,
    is_doubtful_title,
    slug_base,
    sort_key_of_row,
    title_id,
)
from catalog.editing.ingest.stated_words import StatedWords
from catalog.models import Episode, ExternalId, Season, Series
from catalog.models.series import sort_title_of
from catalog.sources.imdb import SERIES_TYPES
from catalog.sources.json_values import as_number
from catalog.sources.series_builder import MAX_EPISODE_NUMBER
from catalog.sources.series_claims import SourceError

SERIES = "SELECT id, title, begin, finish, runtime, genres FROM bulk_import_title WHERE kind IN (%s, %s) ORDER BY id"
EPISODES = """
SELECT p.series, p.season, p.number, p.id, t.title, t.begin, t.runtime
FROM bulk_import_position p JOIN "catalog_series" s ON s.id = p.series LEFT JOIN bulk_import_title t ON t.id = p.id
ORDER BY p.series, p.season, p.number, p.id
"""
WITHOUT_SERIES = """
SELECT p.series, COUNT(*) FROM bulk_import_position p LEFT JOIN "catalog_series" s ON s.id = p.series
WHERE s.id IS NULL GROUP BY p.series ORDER BY p.series
"""
REPEATED = "SELECT id FROM {} GROUP BY id HAVING COUNT(*) > 1 LIMIT 1"


def read_titles(job: Job, position: int) -> Iterator[int]:
    """Copy the positions of episodes, then what is stated about all titles or those of some series."""
    scratch_inserter("bulk_import_position").insert_all(_positions(job))
    scratch_inserter("bulk_import_title").insert_all(_titles(job))
    for table, file in (("bulk_import_position", "title.episode"), ("bulk_import_title", "title.basics")):
        for (number,) in execute(REPEATED.format(table)):
            raise SourceError(f"{file} has {title_id(number)} in two lines: download it again.")
        execute(f"CREATE UNIQUE INDEX {table}_id ON {table} (id)")
    yield from ()


def _positions(job: Job) -> Iterator[tuple[int, ...]]:
    for episode, parent, season, number in job.rows(
        "title.episode", "tconst", "parentTconst", "seasonNumber", "episodeNumber"
    ):
        key, series = id_number(episode, "tt"), id_number(parent, "tt")
        if job.series and series not in job.series:
            continue
        season_number, episode_number = as_number(season), as_number(number)
        if key is None or series is None:
            job.progress.omit("Episodes whose id, or that of their series, is no id of IMDb", episode[:20])
        elif not (_is_number(season_number) and _is_number(episode_number)):
            job.progress.omit("Episodes without a number of their season or in it", episode)
        else:
            yield key, series, int(season_number or 0), int(episode_number or 0)


def _is_number(number: int | None) -> bool:
    return number is not None and 0 <= number <= MAX_EPISODE_NUMBER


def _titles(job: Job) -> Iterator[tuple[Any, ...]]:
    """The lines of title.basics; with --series, those of these series and of their episodes."""
    numbers = set(job.series)
    if numbers:
        numbers |= {number for (number,) in execute("SELECT id FROM bulk_import_position")}
    columns = "titleType", "primaryTitle", "originalTitle", "startYear", "endYear", "runtimeMinutes", "genres"
    for _, lines in job.blocks("title.basics", "tconst", *columns):
        for tconst, kind, title, original, *facts in lines:
            number = id_number(tconst, "tt")
            if number is None:
                job.progress.omit("Titles whose id is no id of IMDb", tconst[:20])
            elif not numbers or number in numbers:
                yield number, kind, job.values.title(title, tconst), job.values.title(original, tconst), *facts


def add_series(job: Job, position: int) -> Iterator[int]:
    """Add the series with their genres and ids."""
    columns = "id", "slug", "title", "sort_title", "sort_key", "premiered", "ended", "runtime_min", "runtime_max"
    series = RowInserter.of(Series, *columns)
    links = RowInserter.of(Series.genres.through, "series_id", "genre_id")
    ids = RowInserter.of(ExternalId, "series_id", "value", scheme="imdb")
    words, slugs = StatedWords.load(), Slugs()
    for chunk in chunked(stream(SERIES, list(SERIES_TYPES))):
        rows, genre_rows = [], []
        for number, title, begin, finish, runtime, genre_names in chunk:
            example = title_id(number)
            if not title:
                job.progress.omit("Series without a title", example)
                continue
            premiered, ended = job.values.period(begin or "", finish or "", example)
            minutes, base = job.values.minutes(runtime or "", example), slug_base(title, "series")
            sort_title = sort_title_of(title)
            slug = slugs.add(base, *([f"{base}-{premiered[:4]}"] if premiered else []))
            sort_key = sort_key_of_row(Series, sort_title=sort_title, title=title)
            rows.append((number, slug, title, sort_title, sort_key, premiered, ended, minutes, minutes))
            genre_rows += [(number, key) for key in _genres(job, words, genre_names or "")]
        series.insert(rows)
        links.insert(genre_rows)
        ids.insert([(row[0], title_id(row[0])) for row in rows])
        job.count("series", len(rows))
    if not job.progress.totals.get("series"):
        raise SourceError("The files have no series that can be imported.")
    yield from ()


def _genres(job: Job, words: StatedWords, names: str) -> set[int]:
    keys = set()
    for name in filter(None, names.split(",")):
        genres = words.find_genres(name)
        if not genres:
            job.progress.omit("Genres that the vocabulary lacks", name[:40])
        keys |= {genre.pk for genre in genres}
    return keys


def add_episodes(job: Job, position: int) -> Iterator[int]:
    """Add the seasons and episodes; of two episodes with one number, the one with the lower id."""
    for number, count in execute(WITHOUT_SERIES):
        job.progress.omit("Episodes of series without a line in title.basics", f"of {title_id(number)}", count)
    seasons = RowInserter.of(Season, "id", "series_id", "number")
    episodes = RowInserter.of(Episode, "id", "season_id", "number", "title", "sort_key", "air_date", "runtime")
    ids = RowInserter.of(ExternalId, "episode_id", "value", scheme="imdb")
    season_key, last_season, last_number = 0, (0, -1), -1
    for chunk in chunked(stream(EPISODES)):
        season_rows, rows = [], []
        for series, season, number, key, title, begin, runtime in chunk:
            if (series, season) != last_season:
                season_key, last_season, last_number = season_key + 1, (series, season), -1
                season_rows.append((season_key, series, season))
            if number == last_number:
                job.progress.omit("Episodes with a number that another one of the season has", title_id(key))
                continue
            last_number = number
            rows.append((key, season_key, number, *_episode_values(job, title_id(key), title or "", begin, runtime)))
        seasons.insert(season_rows)
        episodes.insert(rows)
        ids.insert([(row[0], title_id(row[0])) for row in rows])
        job.count("seasons", len(season_rows))
        job.count("episodes", len(rows))
    yield from ()


def _episode_values(job: Job, example: str, title: str, begin: str | None, runtime: str | None) -> tuple[Any, ...]:
    """Title, sort key, date and running time."""
    date = day_of_title(title) or job.values.date(begin or "", example)
    if is_doubtful_title(title):
        title = ""
    return title, sort_key_of_row(Episode, title=title), date, job.values.minutes(runtime or "", example)
