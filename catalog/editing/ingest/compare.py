"""Compare what sources state about a series with the catalogue and with each other: the plan of an import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from catalog.editing.ingest.cast_credits import compare_characters, unite_characters
from catalog.editing.ingest.cited_facts import CitedFacts, load_cited_facts
from catalog.editing.ingest.editor_log import EditorLog
from catalog.editing.ingest.id_owners import refuse_ids_of_others
from catalog.editing.ingest.match_episodes import EpisodeMatcher
from catalog.editing.ingest.match_people import match_people
from catalog.editing.ingest.match_series import states_title
from catalog.editing.ingest.other_series import doubt_other_series, untick_sources
from catalog.editing.ingest.plan import (
    Cell,
    Fact,
    FactKind,
    ImportAnswers,
    ImportPlan,
    ImportSource,
    PlannedRecord,
    State,
)
from catalog.editing.ingest.plan_records import RecordPlanner
from catalog.editing.ingest.recorded import RecordedSeries, RecordedValue
from catalog.editing.ingest.source_records import find_sources, source_facts
from catalog.editing.ingest.stated_credits import StatedCredits
from catalog.editing.ingest.stated_people import StatedPeople
from catalog.editing.ingest.stated_values import fact_name, title_key, value_key
from catalog.editing.ingest.states import REMOVED_BY_EDITOR, Background, apply_ticks, set_states
from catalog.editing.ingest.ticks import untick_out_of_order, untick_repeated_credits, untick_vague_writers
from catalog.editing.role_matching import RoleLookup
from catalog.models import AlternativeTitle, Episode, Person, Season, Series
from catalog.models.change import record_reference
from catalog.models.credit import CAST_DEPARTMENT

# Facts of which every source may state a part: that it leaves something out contradicts nothing.
OPEN_KINDS = {FactKind.TITLE, FactKind.ALIAS}
OPEN_NAMES = {"genres"}
NO_TITLE = "No source states the title of the series: enter it, or import into a series of the catalogue."


def plan_import(
    sources: Sequence[ImportSource],
    series: Series | None,
    answers: ImportAnswers,
    *,
    publishes: bool,
    may_add_people: bool,
) -> ImportPlan:
    """Compare sources of one series with it, or with an empty catalogue if ``series`` is None. Writes nothing.

    ``publishes`` and ``may_add_people`` say what the user may do. The number of queries does not depend on that of
    the episodes.
    """
    claims = [source.claims for source in sources]
    series = series or Series(title="" if states_title(claims) else answers.title)
    publishers = [facts.publisher or facts.title for facts in map(source_facts, sources)]
    recorded, roles = RecordedSeries.load(series), RoleLookup.load()
    episodes = EpisodeMatcher(series, recorded, publishers)
    episodes.match(claims)
    credits = StatedCredits(claims, roles)
    placed = [placed for episode in episodes.in_order() for placed in episode.stated.values()]
    people = StatedPeople(credits.people(placed), publishers)
    planned_people = match_people(people.people, series, recorded.people, answers.people)
    plan = ImportPlan(
        series, list(sources), [], planned_people, notes_disputes=answers.notes_disputes, publishes=publishes
    )
    planner = RecordPlanner(plan, publishers, credits, people, may_add_people)
    planner.add_series()
    planner.add_seasons(episodes)
    planner.add_people()
    plan.unmapped += [*credits.unmapped, *episodes.left_out]
    plan.unmapped += [(source, sentence) for source, claim in enumerate(claims) for sentence in claim.unmapped]
    other_series = doubt_other_series(plan, recorded, publishers)
    comparison = _Comparison(plan, recorded, roles)
    for planned in plan.records:
        for fact in planned.facts:
            comparison.compare(planned, fact)
    comparison.untick_removed_parts()
    refuse_ids_of_others(plan)
    untick_sources(plan, other_series)
    untick_repeated_credits(plan, recorded.values)
    for planned in plan.records:
        untick_vague_writers(planned, recorded.values)
        for fact in planned.facts:
            apply_ticks(fact, answers)
        untick_out_of_order(planned)
    _check(plan, answers)
    return plan


class _Comparison:
    """What is recorded about the records of a plan, what the log says of it, and where the sources are cited."""

    def __init__(self, plan: ImportPlan, recorded: RecordedSeries, roles: RoleLookup) -> None:
        self.plan, self.roles = plan, roles.by_slug
        records = [planned.record for planned in plan.records if planned.record.pk is not None]
        recorded.load_people([record for record in records if isinstance(record, Person)])
        self.values = recorded.values
        rows = [value.row for values in self.values.values() for value in values.values() if value.row is not None]
        self.log = EditorLog.load(records, {role.pk: role for role in self.roles.values()}, self.values)
        sources = find_sources(plan.sources)
        self.cited: CitedFacts = load_cited_facts(sources, [*records, *rows])

    def compare(self, planned: PlannedRecord, fact: Fact) -> None:
        """Set the states and default ticks of a fact."""
        background = self._background(planned, fact)
        fact.recorded = list(dict.fromkeys(value.words for value in background.recorded.values()))
        is_cast = fact.kind is FactKind.CREDIT and self.roles[fact.name].department.slug == CAST_DEPARTMENT
        if is_cast:
            unite_characters(fact.cells, background.recorded)
            background.is_open = True
        set_states(fact, background, lambda cell: self._is_cited(planned, fact, cell))
        if is_cast:
            compare_characters(fact.cells, background.recorded)
        if fact.kind is FactKind.VALUE and fact.name == "title":
            self._accept_other_titles(planned, fact)
        if fact.kind is FactKind.VALUE and fact.name == "number":
            _compare_numbers(planned, fact)

    def untick_removed_parts(self) -> None:
        """Untick all that is stated about a season or an episode that an editor removed or renumbered."""
        removed: set[int] = set()
        for planned in self.plan.records:
            record = planned.record
            if record.pk is not None or not isinstance(record, (Season, Episode)):
                continue
            owner = record.series if isinstance(record, Season) else record.season
            reference = record_reference(type(owner), owner.pk or 0)
            if str(record.number) in self.log.removed.get((reference, "number"), ()) or id(owner) in removed:
                removed.add(id(record))
                for cell in (cell for fact in planned.facts for cell in fact.cells):
                    cell.state, cell.is_ticked, cell.note = State.DIFFERS, False, REMOVED_BY_EDITOR

    def _accept_other_titles(self, planned: PlannedRecord, fact: Fact) -> None:
        """A title that is recorded as an alternative one is no other title."""
        reference = record_reference(type(planned.record), planned.record.pk or 0)
        names = [fact_name(FactKind.TITLE, kind) for kind in AlternativeTitle.Kind.values]
        rows = [self.values.get((reference, name), {}) for name in names]
        others = {title_key(title.words) for row in rows for title in row.values()}
        for cell in fact.cells:
            if cell.state is State.DIFFERS and cell.key in others:
                cell.state, cell.may_tick, cell.is_ticked = State.SAME, False, False
                cell.note = "It is recorded as an alternative title."

    def _is_cited(self, planned: PlannedRecord, fact: Fact, cell: Cell) -> bool:
        if fact.kind in (FactKind.VALUE, FactKind.LINK):
            return self.cited.is_cited(cell.source, planned.record, fact.name)
        return self.cited.is_cited(cell.source, cell.row, "")

    def _background(self, planned: PlannedRecord, fact: Fact) -> Background:
        """What is recorded for a fact."""
        record = planned.record
        is_open = fact.kind in OPEN_KINDS or fact.name in OPEN_NAMES
        if record.pk is None:
            return Background(is_open=is_open)
        reference, name = record_reference(type(record), record.pk), fact_name(fact.kind, fact.name)
        recorded: Mapping[str, RecordedValue] = self.values.get((reference, name), {})
        if fact.kind is FactKind.VALUE:
            value = getattr(record, fact.name)
            recorded = {value_key(fact.name, value): RecordedValue(str(value))} if value not in (None, "") else {}
        return Background(
            recorded,
            self.log.removed.get((reference, name), ()),
            is_emptied=fact.kind is FactKind.VALUE and (reference, name) in self.log.emptied,
            may_replace=(reference, name) in self.log.imported,
            is_open=is_open,
        )


def _compare_numbers(planned: PlannedRecord, fact: Fact) -> None:
    """The number of an episode says which one it is: a source can be cited for it, but not change it."""
    for cell in fact.cells:
        if cell.value == getattr(planned.record, "number", None):
            cell.state = State.SAME if planned.record.pk else State.NEW
            cell.is_ticked, cell.note = cell.may_tick and not cell.is_cited, ""
        else:
            cell.state, cell.may_tick, cell.is_ticked = State.DIFFERS, False, False
            cell.note = "An import changes no numbers of episodes."


def _check(plan: ImportPlan, answers: ImportAnswers) -> None:
    """Add the errors that keep a plan from being written. A new series needs a title, even if sources differ on it."""
    titles = [cell for fact in plan.facts() if fact.key == "series.title" for cell in fact.cells if cell.may_tick]
    if not plan.series.title and not any(cell.is_ticked for cell in titles):
        if titles and answers.ticks is None and not any(cell.tick in answers.unticked for cell in titles):
            titles[0].is_ticked = titles[0].is_proposed = True
        else:
            plan.errors.append("Tick a title: a new series needs one." if titles else NO_TITLE)
    credited = {cell.person for cell in plan.cells() if cell.is_ticked and cell.person}
    unsettled = [person for key, person in plan.people.items() if person.answer is None and key in credited]
    plan.errors += [f"Choose who “{person.name}” is." for person in unsettled]
