"""Plans of imports, built by hand: sources, records with facts, and cells."""

from itertools import count

from catalog.editing.ingest.plan import (
    Cell,
    Fact,
    FactKind,
    ImportPlan,
    ImportSource,
    PlannedPerson,
    PlannedRecord,
    State,
)
from catalog.editing.ingest.write import write_import
from catalog.editing.person_matching import NEW
from catalog.models import Edit, Episode, Season, Series, SourceFile, record_edit
from catalog.search.tokenizer import name_key
from catalog.sources.claims import CreditClaim
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
