"""What a plan of an import says, in words for people and as data for scripts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from catalog.editing.ingest.plan import Fact, ImportPlan, ImportSource, PlannedRecord, State
from catalog.editing.ingest.result import ImportResult
from catalog.editing.ingest.source_records import source_labels

MAX_WORDS = 120  # characters of one value


def count_states(records: Iterable[PlannedRecord]) -> dict[str, int]:
    """How many facts of records are new, the same, different and unsure, by these words."""
    states = Counter(fact.state for record in records for fact in record.facts)
    return {state.value: states[state] for state in State}


def count_facts(plan: ImportPlan) -> dict[str, int]:
    """``count_states`` of all records, and how many statements have no place."""
    return count_states(plan.records) | {"unmapped": len(plan.unmapped)}


def is_open(plan: ImportPlan, result: ImportResult | None) -> bool:
    """True if something is left for an editor to decide: after writing, what was not written."""
    if result is not None:
        return bool(result.differing or result.unsure or result.unmapped or result.refused)
    counts = count_facts(plan)
    return bool(plan.errors or counts[State.DIFFERS] or counts[State.UNSURE] or counts["unmapped"])


def series_title(plan: ImportPlan) -> str:
    """The title of the series; of one that is not added yet as the sources state it."""
    titles = (source.claims.values.get("title") for source in plan.sources)
    return plan.series.title or next((str(title) for title in titles if title), "A series without a title")


def plan_lines(plan: ImportPlan) -> Iterator[str]:
    """The plan in words: counts, then each fact that an editor has to decide."""
    labels = source_labels(plan.sources)
    yield f"{series_title(plan)}: " + (f"“{plan.series.slug}”." if plan.series.pk else "not in the catalogue yet.")
    for label, source in zip(labels, plan.sources, strict=True):
        facts = source.claims.source
        details = ", ".join(filter(None, (facts.url, facts.revision and f"revision {facts.revision}")))
        yield f"Source: {label}" + (f" ({details})." if details else ".")
    counts = count_facts(plan)
    ticked = sum(cell.is_ticked for cell in plan.cells())
    yield (
        f"Facts: new {counts['new']:,}, the same {counts['same']:,}, differing {counts['differs']:,}, "
        f"unsure {counts['unsure']:,}, without a place in the catalogue {counts['unmapped']:,}."
    )
    yield f"To be written or cited: {ticked:,} values."
    yield from plan.warnings
    for state, heading in ((State.DIFFERS, "Differs:"), (State.UNSURE, "Unsure:")):
        yield from _section(heading, (_fact_line(labels, *pair) for pair in _facts_in(plan, state)))
    unmapped = (f"{labels[position]}: {sentence}" for position, sentence in plan.unmapped)
    yield from _section("Without a place in the catalogue:", unmapped)
    yield from _section("Left out:", _notes(plan))
    yield from _section("Nothing can be written:", plan.errors)


def plan_data(plan: ImportPlan, result: ImportResult | None) -> dict[str, object]:
    """The plan, and what was written if anything was, as values of JSON."""
    return {
        "series": plan.series.slug if plan.series.pk else None,
        "title": series_title(plan),
        "sources": [_source_data(source) for source in plan.sources],
        "counts": count_facts(plan),
        "to_write": sum(cell.is_ticked for cell in plan.cells()),
        "differs": [_fact_data(*pair) for pair in _facts_in(plan, State.DIFFERS)],
        "unsure": [_fact_data(*pair) for pair in _facts_in(plan, State.UNSURE)],
        "unmapped": [{"source": position, "sentence": sentence} for position, sentence in plan.unmapped],
        "notes": [*plan.warnings, *_notes(plan)],
        "errors": plan.errors,
        "is_open": is_open(plan, result),
        "result": None if result is None else _result_data(result),
    }


def _notes(plan: ImportPlan) -> Iterator[str]:
    return (f"{record.label}: {note}" for record in plan.records for note in record.notes)


def _section(heading: str, lines: Iterable[str]) -> Iterator[str]:
    """The heading and its lines; nothing without lines."""
    for number, line in enumerate(lines):
        if not number:
            yield heading
        yield f"  {line}"


def _facts_in(plan: ImportPlan, state: State) -> Iterator[tuple[PlannedRecord, Fact]]:
    return ((record, fact) for record in plan.records for fact in record.facts if fact.state == state)


def _fact_line(labels: Sequence[str], record: PlannedRecord, fact: Fact) -> str:
    """“S01E03, title: recorded “Fog”; TVmaze “The Fog”. Set by an editor.”"""
    stated: dict[str, list[str]] = {}
    for cell in fact.cells:
        stated.setdefault(labels[cell.source], []).append(_quoted(cell.words))
    parts = [f"recorded {', '.join(map(_quoted, fact.recorded))}" if fact.recorded else "nothing recorded"]
    parts += [f"{label} {', '.join(words)}" for label, words in stated.items()]
    notes = dict.fromkeys(cell.note for cell in fact.cells if cell.note)
    return " ".join([f"{record.label}, {fact.label}: {'; '.join(parts)}.", *notes])


def _quoted(words: str) -> str:
    return f"“{words[: MAX_WORDS - 1]}…”" if len(words) > MAX_WORDS else f"“{words}”"


def _fact_data(record: PlannedRecord, fact: Fact) -> dict[str, object]:
    stated = [
        {"source": cell.source, "value": cell.words, "state": cell.state, "note": cell.note} for cell in fact.cells
    ]
    return {
        "key": fact.key,
        "record": record.label,
        "fact": fact.label,
        "recorded": fact.recorded,
        "stated": stated,
    }


def _source_data(source: ImportSource) -> dict[str, object]:
    facts = source.claims.source
    return {
        "kind": source.kind,
        "publisher": facts.publisher,
        "title": facts.title,
        "url": facts.url,
        "licence": facts.licence,
        "revision": facts.revision,
        "files": [{"name": str(file), "sha256": file.sha256, "bytes": file.size} for file in source.files],
    }


def _result_data(result: ImportResult) -> dict[str, object]:
    return {
        "added": {model._meta.model_name: count for model, count in result.added.items()},
        "changed": result.changed,
        "cited": result.cited,
        "disputed": result.disputed,
        "differing": result.differing,
        "unsure": result.unsure,
        "unmapped": result.unmapped,
        "refused": result.refused,
    }
