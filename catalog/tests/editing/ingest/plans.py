"""Plans of imports, built by hand: sources, records with facts, and cells."""

from itertools import count

from catalog.editing.ingest.compare import plan_import
from catalog.editing.ingest.plan import (
    Cell,
    Fact,
    FactKind,
    ImportAnswers,
    ImportPlan,
    ImportSource,
    PlannedPerson,
    PlannedRecord,
    State,
)
from catalog.editing.ingest.write import write_import
from catalog.editing.person_matching import NEW
from catalog.models import Edit, Episode, Season, Series, SourceFile, record_edit
from catalog.partial_date import PartialDate
from catalog.search.tokenizer import name_key
from catalog.sources.claims import CreditClaim
from catalog.sources.series_builder import SeriesBuilder
from catalog.sources.series_claims import SeriesClaims, SourceFacts

TVMAZE = SourceFacts("TVmaze", "Harbour", "https://www.tvmaze.com/shows/1", "CC BY-SA", "2026-11-01")
WIKIPEDIA = SourceFacts(
    "Wikipedia", "Harbour (TV series)", "https://en.wikipedia.org/wiki/Harbour", "CC BY-SA 4.0", "7"
)
_ticks = count(1)


def import_source(facts=TVMAZE, kind="tvmaze", *contents):
    """A source with files of these contents."""
    files = tuple(SourceFile.keep(kind, content, retrieved="2026-11-20") for content in contents)
    for file in files:
        file.refresh_from_db()
    return ImportSource(kind, SeriesClaims(facts), files)


def cell(value, source=0, state=State.NEW, person="", **values):
    """A cell, ticked unless it differs or is not sure."""
    if isinstance(value, CreditClaim):
        person = person or name_key(value.name)
    words = value.name if isinstance(value, CreditClaim) else str(value)
    is_ticked = values.pop("is_ticked", state in (State.NEW, State.SAME))
    key = values.pop("key", person or words)
    return Cell(f"cell-{next(_ticks)}", source, key, words, value, state, person=person, is_ticked=is_ticked, **values)


def fact(kind, name, *cells, is_list=False):
    """A fact of a kind."""
    return Fact(f"fact-{next(_ticks)}", kind, name, name.replace("_", " "), is_list=is_list, cells=list(cells))


def value(name, *cells):
    """The fact that a field holds."""
    return fact(FactKind.VALUE, name, *cells)


def role(slug, *cells):
    """Who is credited in a role."""
    return fact(FactKind.CREDIT, slug, *cells, is_list=True)


def claim(name, role_slug="director", **values):
    """A claimed credit."""
    return CreditClaim(role_slug, name, **values)


def planned(record, *facts, key="", **values):
    """A record with its facts."""
    if isinstance(record, Series):
        label = "Series"
    elif isinstance(record, Season):
        label = record.name
    else:
        label = record.code.upper() if isinstance(record, Episode) else record.name
    return PlannedRecord(key or label.lower(), label, record, list(facts), **values)


def plan(series, *records, sources=(), people=None, **values):
    """A plan. Who is not among ``people``, {key: primary key or None}, is new."""
    named = [cell for record in records for fact in record.facts for cell in fact.cells if cell.person]
    answers = {cell.person: NEW for cell in named} | (people or {})
    names = {cell.person: cell.value.name for cell in named}
    planned_people = {key: PlannedPerson(key, names.get(key, key), answer) for key, answer in answers.items()}
    sources = list(sources) or [import_source()]
    return ImportPlan(series, sources, list(records), planned_people, **{"publishes": True} | values)


def write(import_plan):
    """Write a plan as the admin does. Returns the result and the edit, None if nothing changed."""
    with record_edit(kind=Edit.Kind.SOURCE) as edit:
        result = write_import(import_plan)
    return result, Edit.objects.filter(pk=edit.pk).first() if edit.pk else None


def stated_source(facts=TVMAZE, episodes=2, director="Ann Lee", runtime=44):
    """A source that states a series with one season, each episode with title, date, running time and a director."""
    builder = SeriesBuilder(facts)
    builder.set_series(title="Harbour", premiered=PartialDate("2019"))
    for number in range(1, episodes + 1):
        episode = builder.episode(1, number, locator=f"episode {number}")
        builder.set_episode(episode, title=f"Tide {number}", air_date=PartialDate("2019-10-01"), runtime=runtime)
        builder.add_credit(episode, "director", builder.person(director))
    builder.add_credit(builder.claims, "writer", builder.person("Cy Day"))
    return ImportSource("tvmaze", builder.finish())


def write_sources(*sources, series=None, publishes=True, **answers):
    """Compare sources with a series, or a new one, and write what is ticked. Returns plan, result and edit or None."""
    with record_edit(kind=Edit.Kind.SOURCE) as edit:
        import_plan = plan_import(sources, series, ImportAnswers(**answers), publishes=publishes, may_add_people=True)
        result = write_import(import_plan)
    return import_plan, result, Edit.objects.filter(pk=edit.pk).first() if edit.pk else None
