"""What an import from sources would change: the facts of each record, as recorded and as each source states them.

``compare.plan_import`` makes the plan and writes nothing; ``write.write_import`` writes what is ticked.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import Model

from catalog.editing.fingerprint import fingerprint
from catalog.editing.person_matching import PersonAnswer, PersonQuestion
from catalog.models import Episode, Person, Season, Series, SourceFile
from catalog.sources.series_claims import PersonClaim, SeriesClaims

ImportRecord = Series | Season | Episode | Person


class State(StrEnum):
    """How a stated value compares with the record and with the other sources."""

    NEW = "new"  # nothing is recorded, and no source states anything else
    SAME = "same"  # recorded like this
    DIFFERS = "differs"  # something else is recorded, or the sources differ, or an editor removed it
    UNSURE = "unsure"  # it is not known who is meant, or the value may be a placeholder


class FactKind(StrEnum):
    """What a fact is, and so the type of ``Cell.value`` and the meaning of ``Fact.name``."""

    VALUE = "value"  # FieldValue; the field
    LINK = "link"  # Genre, Country or Language; the many-to-many field
    COMPANY = "company"  # CompanyClaim; the part, such as “network”
    EXTERNAL_ID = "external-id"  # str; the scheme
    TITLE = "title"  # OtherTitle; the kind of title
    REVIEW = "review"  # ReviewClaim; the aggregator
    CREDIT = "credit"  # CreditClaim; the slug of the role
    ALIAS = "alias"  # str; “alias”


@dataclass(frozen=True)
class CompanyClaim:
    """A company as a source names it. ``pk`` is the company of the catalogue, None for a new one."""

    name: str
    pk: int | None = None
    external_ids: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ImportSource:
    """One source of an import: what it states, and the files from which that was read."""

    kind: str  # a key of ``READERS``
    claims: SeriesClaims
    files: tuple[SourceFile, ...] = ()


@dataclass(frozen=True)
class ImportAnswers:
    """What an editor selected: ticks of cells (None: those that are ticked by default) and people by their key.

    ``ticked`` and ``unticked`` change single boxes of these. Claims that differ from what is recorded or taken are
    noted as disputed if ``notes_disputes``. ``title`` is that of a new series whose sources state none.
    """

    ticks: Set[str] | None = None
    ticked: Set[str] = frozenset()
    unticked: Set[str] = frozenset()
    people: Mapping[str, str] = field(default_factory=dict)
    notes_disputes: bool = True
    title: str = ""


@dataclass
class Cell:
    """One value that one source states for a fact. A ticked cell is written and its source cited."""

    tick: str  # the value of its box in a form, unique in the plan
    source: int  # position in ``ImportPlan.sources``
    key: str  # cells of a fact that state the same have the same key
    words: str
    value: object  # see ``FactKind``
    state: State
    person: str = ""  # of a credit: key in ``ImportPlan.people``
    locator: str = ""  # where in the source
    is_ticked: bool = False
    is_proposed: bool = False  # ticked by default
    may_tick: bool = True
    is_cited: bool = False  # the source is cited for it already, so that a tick changes nothing
    note: str = ""  # why it cannot be ticked, or is not by default: “Set by an editor.”
    row: Model | None = None  # the recorded credit, title, company's role … that states the same, or lacks a character


@dataclass
class Fact:
    """A row of the table of a record. Of several values all may be taken if ``is_list``, else one."""

    key: str  # such as “s01e03.title” or “s01e03.director”, unique in the plan
    kind: FactKind
    name: str  # see ``FactKind``
    label: str
    is_list: bool = False
    recorded: list[str] = field(default_factory=list)  # in words; empty: nothing is recorded
    cells: list[Cell] = field(default_factory=list)

    def cells_of(self, source: int) -> list[Cell]:
        """What one source states."""
        return [cell for cell in self.cells if cell.source == source]

    @property
    def state(self) -> State:
        """The state that needs the most attention of those of its cells."""
        order = (State.UNSURE, State.DIFFERS, State.NEW)
        states = {cell.state for cell in self.cells}
        return next((state for state in order if state in states), State.SAME)


@dataclass
class PlannedRecord:
    """A series, season, episode or person with its facts. ``record`` has no primary key if it would be added."""

    key: str  # “series”, “s01”, “s01e03”, “person.” and a key of ``ImportPlan.people``
    label: str
    record: ImportRecord
    facts: list[Fact] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # sentences about what was left out
    may_change: bool = True  # False: published, and the user may not publish

    @property
    def is_new(self) -> bool:
        """True if the record would be added."""
        return self.record.pk is None


@dataclass
class PlannedPerson:
    """Somebody whom sources name. ``answer`` is a primary key, NEW, or None until an editor says who is meant."""

    key: str
    name: str
    answer: PersonAnswer | None
    question: PersonQuestion | None = None  # None: nobody has to be asked
    claims: dict[int, PersonClaim] = field(default_factory=dict)  # by source


@dataclass
class ImportPlan:
    """All that sources state about one series, compared with the catalogue.

    ``unmapped`` has (position of the source, sentence) for what has no place in the catalogue, such as a role that the
    vocabulary lacks. ``errors`` say why nothing can be written, ``warnings`` which sources may be about another series.
    """

    series: Series
    sources: list[ImportSource]
    records: list[PlannedRecord]  # the series, then each season before its episodes, then people
    people: dict[str, PlannedPerson]
    unmapped: list[tuple[int, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notes_disputes: bool = True
    publishes: bool = False  # the user may change what is published

    @property
    def questions(self) -> list[PersonQuestion]:
        """Who is meant by names that are not settled."""
        return [person.question for person in self.people.values() if person.question is not None]

    def facts(self) -> Iterator[Fact]:
        """All facts, in the order of the records."""
        return (fact for record in self.records for fact in record.facts)

    def cells(self) -> Iterator[Cell]:
        """All cells, in the order of the records."""
        return (cell for fact in self.facts() for cell in fact.cells)

    @property
    def fingerprint(self) -> str:
        """Changes with the sources and with what is recorded; not with ticks and answers."""
        facts = [(fact.key, fact.recorded, [(cell.tick, cell.words) for cell in fact.cells]) for fact in self.facts()]
        return fingerprint(self.series.pk, facts)
