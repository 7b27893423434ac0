"""Make the fixture ``sampler``: real series, read by the readers and written as an import writes them.

The fixture has facts only: no synopsis of a source is taken. Each fact is cited to the source that states it; where
the copy of a source comes from, and under which licence, is in the record of the source.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core import serializers
from django.db import models

from catalog.editing.ingest.compare import plan_import
from catalog.editing.ingest.plan import ImportAnswers, ImportPlan, ImportSource
from catalog.editing.ingest.write import write_import
from catalog.editing.person_matching import NEW
from catalog.models import Edit, Source, record_edit
from catalog.models.base import Published
from catalog.sources.readers import READERS
from catalog.sources.series_claims import SeriesClaims, SourceFacts

PUBLISHED_AT = "2026-11-26T12:00:00Z"
WIKIPEDIA_LICENCE = "CC BY-SA 3.0"
TMDB_LICENCE = (
    "TMDB API terms of use, for non-commercial use. This product uses the TMDB API but is not endorsed or certified by "
    "TMDB."
)
COPY = "Its date is not known: read from the copy in the public repository {}."
NOT_IN_THE_FIXTURE = {"change", "edit", "sourcefile", "sourceimport", "rememberedname", "formerslug"}


@dataclass
class SampleSource:
    """The files of one source, and what is known about it. ``seasons`` leaves out all others."""

    kind: str
    files: list[str]
    facts: SourceFacts
    copied_from: str
    seasons: range | None = None


@dataclass
class Sample:
    """A series and its sources. ``same_people``: of those who have a name of an earlier series, who is the same."""

    title: str
    sources: list[SampleSource]
    same_people: set[str] = field(default_factory=set)


def wikipedia(page: str) -> SampleSource:
    """An article of Wikipedia, of which the repository ``atlasapi/atlas`` keeps a copy."""
    name = page.replace(" ", "_")
    facts = SourceFacts("Wikipedia", page, f"https://en.wikipedia.org/wiki/{name}", WIKIPEDIA_LICENCE)
    return SampleSource("wikipedia", [f"wikitext/{name}.mediawiki"], facts, "atlasapi/atlas")


def table(
    title: str, file: str, repository: str, path: str, licence: str, seasons: range | None = None
) -> SampleSource:
    """A table of a public repository; ``path`` with its commit."""
    facts = SourceFacts(repository, title, f"https://github.com/{repository}/blob/{path}", licence)
    return SampleSource("table", [f"tables/{file}"], facts, repository, seasons)


def springfield(title: str, file: str, name: str, seasons: range | None = None) -> SampleSource:
    """A table of the repository ``pmacom/springfield``."""
    path = f"42abcb76b9c30e0649b2906c08fe788ef2b2c9f2/src/data/{name}"
    licence = "Facts; the repository states no licence."
    return table(f"Episodes of {title}", file, "pmacom/springfield", path, licence, seasons)


def tmdb(title: str, tmdb_id: int, repository: str, *files: str) -> SampleSource:
    """Answers of TMDB, of which a repository keeps copies."""
    facts = SourceFacts("TMDB", title, f"https://www.themoviedb.org/tv/{tmdb_id}", TMDB_LICENCE)
    return SampleSource("tmdb", [f"tmdb/{file}" for file in files], facts, repository)


def tvmaze(title: str, tvmaze_id: int, repository: str, *files: str) -> SampleSource:
    """Answers of TVmaze, of which a repository keeps copies."""
    facts = SourceFacts("TVmaze", title, f"https://www.tvmaze.com/shows/{tvmaze_id}", "CC BY-SA 4.0")
    return SampleSource("tvmaze", [f"tvmaze/{file}" for file in files], facts, repository)


OFFICE = "a8e4bf15883f0479b729d46fceccc109caa07b02/data-raw/office_directors_writers.csv"
SAMPLES = [
    Sample(
        "Buffy the Vampire Slayer",
        [
            wikipedia("Buffy the Vampire Slayer"),
            *(wikipedia(f"Buffy the Vampire Slayer (season {number})") for number in (1, 2, 3)),
        ],
    ),
    Sample("Black Books", [wikipedia("Black Books"), wikipedia("List of Black Books episodes")]),
    Sample("Clone High", [wikipedia("Clone High")]),
    Sample("The Golden Girls", [springfield("The Golden Girls", "the_golden_girls.csv", "data-golden-girls.js")]),
    Sample(
        "Seinfeld",
        [
            springfield("Seinfeld", "seinfeld.csv", "data-seinfeld.js"),
            tmdb("Seinfeld", 1400, "jellyfin/TMDbLib", "tmdblib_tv_1400.json"),
        ],
        {"David Steinberg"},
    ),
    Sample(
        "The Simpsons",
        [springfield("The Simpsons", "the_simpsons.csv", "data-simpsons.js", range(1, 8))],
        {"Greg Daniels", "Jennifer Crittenden", "Spike Feresten"},
    ),
    Sample(
        "The Office",  # titles and dates are not known
        [
            table(
                *("Directors and writers of The Office", "the_office_us_directors_writers.csv"),
                *("bradlindblad/schrute", OFFICE, "MIT (the repository)"),
            )
        ],
        {"Greg Daniels", "Greg Daneils", "Brent Forrester", "Joss Whedon", "Jon Vitti", "Dan Greaney"},
    ),
    Sample(
        "Silicon Valley",
        [
            tvmaze(
                *("Silicon Valley", 143, "ivanskodje-java/TVMaze4J"),
                "silicon-valley_show_single_search_with_episodes.json",
                "silicon-valley_seasons.json",
                "silicon-valley_cast.json",
                "silicon-valley_crew.json",
                "silicon-valley_akas.json",
            )
        ],
        {"Alec Berg", "Greg Daniels", "Carrie Kemper", "Graham Wagner", "Dan O'Keefe"},
    ),
    Sample(
        "Firefly",
        [
            tvmaze(
                *("Firefly", 180, "Flexget/Flexget"),
                "show_firefly_seasons.json",
                "episode_show180_season1_number13.json",
            )
        ],
    ),
    Sample(
        "Breaking Bad",
        [
            tmdb(
                *("Breaking Bad", 1396, "php-tmdb/api (season 1: github.com/jellyfin/TMDbLib)"),
                "phptmdb_breaking_bad_tv_all.json",
                "tmdblib_tv_1396_season_1.json",
                "phptmdb_breaking_bad_season_2_all.json",
            ),
        ],
        {"Bryan Cranston"},
    ),
    Sample(
        "Friends",
        [tmdb("Friends", 1668, "neodb-social/neodb", "neodb_tv_1668_en.json", "neodb_tv_1668_season_2_en.json")],
    ),
]


def read(source: SampleSource, title: str, folder: Path) -> ImportSource:
    """What a source states, with the facts about the source and the title that a table lacks."""
    contents = [(folder / file).read_bytes() for file in source.files]
    claims: SeriesClaims = READERS[source.kind].read_series(*contents)
    claims.source = source.facts
    claims.values.setdefault("title", title)
    if claims.values.get("status") == "running":
        del claims.values["status"]  # when the copy was made, which is not known
    if source.seasons is not None:
        claims.seasons = [season for season in claims.seasons if season.number in source.seasons]
        claims.episodes = [episode for episode in claims.episodes if episode.season in source.seasons]
    return ImportSource(source.kind, claims)


def answers_to(plan: ImportPlan, sample: Sample, write_line: Callable[[str], object]) -> dict[str, str]:
    """Who is meant by each name: people of an earlier series only if the sample says so. The others are listed."""
    answers = {}
    for key, person in plan.people.items():
        if person.question is not None:
            person_pk, label = person.question.choices[0]
            is_same = person.name in sample.same_people
            answers[key] = person_pk if is_same else NEW
            if not is_same:
                write_line(f"{sample.title}: {person.name} is a new person, not {label}")
    return answers


def import_sample(sample: Sample, folder: Path, write_line: Callable[[str], object]) -> None:
    """Write a series with all that is ticked by default."""
    sources = [read(source, sample.title, folder) for source in sample.sources]
    options = {"publishes": True, "may_add_people": True}
    answers = answers_to(plan_import(sources, None, ImportAnswers(), **options), sample, write_line)
    with record_edit(None, f"Import of {sample.title}", Edit.Kind.SOURCE):
        plan = plan_import(sources, None, ImportAnswers(people=answers), **options)
        for sentence in write_import(plan).sentences():
            write_line(f"{sample.title}: {sentence}")
    for source in sample.sources:
        note = COPY.format(f"github.com/{source.copied_from}")
        Source.objects.filter(url=source.facts.url).update(note=note, accessed=None)


def compact(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a fixture without the fields that have their default."""
    model = apps.get_model(row["model"])
    fields = {}
    for name, value in row["fields"].items():
        column = model._meta.get_field(name)
        default = [] if column.many_to_many else column.get_default()
        if value is not None and value != default:
            fields[name] = value
    return {"model": row["model"], "fields": fields}


def fixture_rows(existing: dict[type[models.Model], list[int]]) -> list[dict[str, Any]]:
    """All records but the ``existing`` ones, as rows of a fixture: first those to which others refer."""
    models_ = [model for model in catalog_models() if model._meta.model_name not in NOT_IN_THE_FIXTURE]
    rows = []
    for model in serializers.sort_dependencies([(apps.get_app_config("catalog"), models_)]):
        records = model._base_manager.exclude(pk__in=existing[model]).order_by("pk")
        options = {"use_natural_foreign_keys": True, "use_natural_primary_keys": True}
        rows += [compact(row) for row in json.loads(serializers.serialize("json", records, **options))]
    return rows


def catalog_models() -> list[type[models.Model]]:
    """All models of the catalogue."""
    return list(apps.get_app_config("catalog").get_models())


def make_sampler(folder: Path, path: Path, write_line: Callable[[str], object]) -> None:
    """Import all samples into a catalogue that has the vocabulary only, publish everything, write the fixture."""
    existing = {model: list(model._base_manager.values_list("pk", flat=True)) for model in catalog_models()}
    for sample in SAMPLES:
        import_sample(sample, folder, write_line)
    for model in catalog_models():
        if issubclass(model, Published):
            model._base_manager.update(published_at=PUBLISHED_AT)
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in fixture_rows(existing))
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
