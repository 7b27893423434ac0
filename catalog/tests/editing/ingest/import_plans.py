"""Plans of imports, made by hand."""

from catalog.editing.ingest.plan import Cell, Fact, FactKind, ImportPlan, ImportSource, PlannedRecord, State
from catalog.models import Episode, Season, Series
from catalog.sources.series_claims import SeriesClaims, SourceFacts


def make_fact(key, stated, is_list=False, recorded=(), state=None):
    """A fact; ``stated`` has (position of the source, words). What is new is ticked, the rest is not."""
    is_new = not recorded and (is_list or len({words for _, words in stated}) == 1)
    state = state or (State.NEW if is_new else State.DIFFERS)
    cells = [
        Cell(f"{key}:{source}:{words}", source, words, words, words, state, is_ticked=state is State.NEW)
        for source, words in stated
    ]
    kind = FactKind.CREDIT if is_list else FactKind.VALUE
    return Fact(key, kind, key.partition(".")[2], key.partition(".")[2].capitalize(), is_list, list(recorded), cells)


def make_plan(*facts, publishers=("Wikipedia", "TVmaze")):
    """A plan of a new series with facts of the series, seasons and episodes, by the beginning of their keys."""
    series, records = Series(title="Night Ferry"), {}
    for fact in facts:
        key = fact.key.partition(".")[0]
        kind = Series if key == "series" else Episode if "e" in key else Season
        records.setdefault(key, PlannedRecord(key, key.upper(), series if kind is Series else kind()))
        records[key].facts.append(fact)
    sources = [ImportSource("tvmaze", SeriesClaims(SourceFacts(publisher))) for publisher in publishers]
    return ImportPlan(series, sources, list(records.values()), {})
