"""Plan and write the episodes of a season from a pasted table: one row per episode.

``plan_episodes`` reads only; ``EpisodePlan.write`` saves what the plan lists.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from catalog.editing.credits import CreditWriter
from catalog.editing.fingerprint import fingerprint
from catalog.editing.permissions import is_draft
from catalog.editing.person_matching import NEW, PersonQuestion, ResolvedPeople, resolve_people
from catalog.models import Credit, Episode, Role, Season
from catalog.models.series import number_range
from catalog.search.tokenizer import name_key
from catalog.sources.claims import CreditClaim, EpisodeClaim, FieldValue
from catalog.sources.episode_table import EpisodeTable, read_episode
from catalog.sources.person_names import MAX_NAMES

EPISODE_FIELDS = {field.name: field for field in Episode._meta.fields}
PERSON_FIELD_PREFIX = "who-"  # of the form's fields for PlanAnswers.people


@dataclass(frozen=True)
class PlanAnswers:
    """What an editor selected on the page of a plan.

    ``overwrites`` are FieldChange keys, ``left_out`` row numbers as text, ``people`` answers by name key.
    """

    overwrites: Set[str] = frozenset()
    left_out: Set[str] = frozenset()
    people: Mapping[str, str] = field(default_factory=dict)


@dataclass
class FieldChange:
    """A field to which the row gives a new value.

    An existing value is overwritten only if ticked, and a doubtful value, such as the title “Unknown”, is written only
    if ticked.
    """

    key: str  # row number and field name: “3-title”
    name: str
    label: str
    before: FieldValue
    after: FieldValue
    is_ticked: bool = False
    is_doubtful: bool = False

    @property
    def is_new_value(self) -> bool:
        """True if the field is empty so far."""
        return self.before in (None, "")

    @property
    def is_applied(self) -> bool:
        """True if the field would be written."""
        return self.is_ticked or (self.is_new_value and not self.is_doubtful)


@dataclass
class PlannedEpisode:
    """One row of the table: its episode, the fields that would change, the credits to add, and its errors."""

    number: int  # of the row, from 1
    cells: list[str]
    is_left_out: bool = False
    episode: Episode | None = None
    changes: list[FieldChange] = field(default_factory=list)
    claims: list[CreditClaim] = field(default_factory=list)
    people: list[tuple[str, str, str]] = field(default_factory=list)  # (role, name, state in words)
    errors: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # what was left out

    @property
    def is_new(self) -> bool:
        """True if the episode would be created."""
        return self.episode is not None and self.episode.pk is None

    @property
    def covered_numbers(self) -> range:
        """The numbers in the season that the episode covers once the row is written."""
        assert self.episode is not None
        last = self.episode.covered_numbers[-1]
        for change in self.changes:
            if change.name == "last_number" and change.is_applied and isinstance(change.after, int):
                last = change.after
        return range(self.episode.number, last + 1)

    @property
    def number_range(self) -> str:
        """The number in the season once the row is written, or ``3–4`` of a double episode."""
        first, last = self.covered_numbers.start, self.covered_numbers.stop - 1
        return number_range(first, last if last > first else None)

    @property
    def is_applied(self) -> bool:
        """True if writing the plan would write the row."""
        return not self.is_left_out and not self.errors


@dataclass
class EpisodePlan:
    """The changes that a table would make to a season.

    ``questions`` ask who is meant by a name, ``errors`` say what is missing. Rows of other seasons are only counted.
    """

    season: Season
    table: EpisodeTable
    rows: list[PlannedEpisode]
    roles: Mapping[str, Role]
    people: ResolvedPeople
    questions: list[PersonQuestion]
    errors: list[str]
    publishes: bool

    @property
    def other_season_count(self) -> int:
        """The number of rows of other seasons, which are left out."""
        return len(self.table.rows) - len(self.rows)

    @property
    def can_apply(self) -> bool:
        """True if every row is either left out or free of errors, and every person is settled."""
        rows = [row for row in self.rows if not row.is_left_out]
        return bool(rows) and not any(row.errors for row in rows) and not self.errors

    @property
    def fingerprint(self) -> str:
        """Changes with the season, the table, and the people who have its names; not with the answers."""
        rows = [
            (row.episode and row.episode.pk, [(change.name, change.before, change.after) for change in row.changes])
            for row in self.rows
        ]
        suggested = {match.key: match.suggested for match in self.people.ambiguous}
        settled = {key: person for key, person in self.people.by_key.items() if key not in suggested}
        return fingerprint(self.season.pk, self.table.columns, self.table.rows, rows, suggested, settled)

    def write(self) -> list[str]:
        """Write all rows that apply, inside the caller's transaction. Returns sentences that say what was done."""
        writer = CreditWriter(self.roles, self.publishes)
        added = changed = 0
        for row in sorted(self.rows, key=lambda row: row.is_new):  # a double episode may free a number of a new one
            if row.episode is None or not row.is_applied:
                continue
            is_new, changes = row.is_new, [change for change in row.changes if change.is_applied]
            for change in changes:
                setattr(row.episode, change.name, change.after)
            if is_new or changes:
                row.episode.save()
            added, changed = added + is_new, changed + bool(changes and not is_new)
            if row.claims:
                writer.add(row.episode, row.claims, self.people.by_key)
        parts = [f"{added} episode{'' if added == 1 else 's'} added as drafts"] if added else []
        parts += [f"{changed} changed"] if changed else []
        return [f"{', '.join(parts) or 'No episode changed'}.", *writer.result.sentences()]


def plan_episodes(
    season: Season, table: EpisodeTable, answers: PlanAnswers, *, publishes: bool, may_add_people: bool
) -> EpisodePlan:
    """Compare a table with a season. ``publishes`` says whether the user may change published episodes."""
    roles = {role.slug: role for role in Role.objects.select_related("department")}
    existing = {episode.number: episode for episode in season.episodes.select_related("season__series")}
    rows = []
    for number, cells in table.rows_of_season(season.number):
        row = PlannedEpisode(number, cells, str(number) in answers.left_out)
        _plan_row(row, read_episode(table, cells, number), season, existing, roles, answers.overwrites)
        changes_existing = bool(row.changes or row.claims) and not row.is_new
        if changes_existing and not publishes and not is_draft(row.episode):
            row.errors.append("The episode is published: only users who may publish can change it.")
        rows.append(row)
    _reject_overlaps(rows, existing)
    names = dict.fromkeys(claim.name for row in rows for claim in row.claims)
    required_names = dict.fromkeys(claim.name for row in rows if row.is_applied for claim in row.claims)
    has_too_many_names = len(required_names) > MAX_NAMES
    if len(names) > MAX_NAMES:
        names = {} if has_too_many_names else required_names
    required_keys = set(map(name_key, required_names))
    people = resolve_people(names, answers.people, may_add_people, required_keys)
    required_matches = [match for match in people.ambiguous if match.key in required_keys]
    questions = [match.question(PERSON_FIELD_PREFIX, answers.people) for match in required_matches]
    errors = [*people.errors, *([f"At most {MAX_NAMES} names at once."] if has_too_many_names else [])]
    _describe_people(rows, existing, roles, people)
    return EpisodePlan(season, table, rows, roles, people, questions, errors, publishes)


def _plan_row(
    row: PlannedEpisode,
    claim: EpisodeClaim,
    season: Season,
    existing: Mapping[int, Episode],
    roles: Mapping[str, Role],
    overwrites: Set[str],
) -> None:
    """Compare one row with its episode, and check its values and credits."""
    row.errors += claim.errors
    row.notes += claim.notes
    if claim.number is None:
        return
    episode = existing.get(claim.number) or Episode(season=season, number=claim.number)
    row.episode = episode
    for name, after in claim.values.items():
        before = getattr(episode, name)
        if after not in (None, "") and after != before:
            label, key = str(EPISODE_FIELDS[name].verbose_name), f"{row.number}-{name}"
            is_doubtful = name in claim.doubtful
            row.changes.append(FieldChange(key, name, label, before, after, key in overwrites, is_doubtful))
    row.errors += _value_errors(episode, row.changes)
    unknown_roles = dict.fromkeys(credit.role for credit in claim.credits if credit.role not in roles)
    row.errors += [f"The vocabulary has no role “{role}”." for role in unknown_roles]
    for credit in claim.credits:
        if not name_key(credit.name):
            row.errors.append(f"“{credit.name[:60]}” is not a name.")
        elif credit.role in roles:
            row.claims.append(credit)


def _value_errors(episode: Episode, changes: list[FieldChange]) -> Iterator[str]:
    """The errors of the new values by the model's own rules."""
    for change in changes:
        if change.name == "last_number" and isinstance(change.after, int) and change.after <= episode.number:
            yield "The last number of a double episode must be greater than its first."
        try:
            EPISODE_FIELDS[change.name].clean(change.after, episode)
        except ValidationError as error:
            yield from (f"{change.label.capitalize()}: {message}" for message in error.messages)


def _reject_overlaps(rows: list[PlannedEpisode], existing: Mapping[int, Episode]) -> None:
    """Add an error to each row that covers a number of an earlier row, or of an episode that has no row."""
    planned = [(row, row.episode.number) for row in rows if row.episode is not None and not row.is_left_out]
    planned_numbers = {number for _, number in planned}
    covered: dict[int, str] = {}
    for episode in existing.values():
        if episode.number not in planned_numbers:
            name = f"is part of {episode.number_name.lower()}" if episode.last_number else "exists by itself"
            covered |= dict.fromkeys(episode.covered_numbers, name)
    for row, _ in planned:
        overlap = next((number for number in row.covered_numbers if number in covered), None)
        if overlap is not None:
            row.errors.append(f"Episode {overlap} {covered[overlap]}.")
        covered |= dict.fromkeys(row.covered_numbers, "is in a row above")


def _describe_people(
    rows: list[PlannedEpisode],
    existing: Mapping[int, Episode],
    roles: Mapping[str, Role],
    people: ResolvedPeople,
) -> None:
    """Note for each credit whether it exists, and whether its person is new or still to be selected."""
    credits = Credit.objects.filter(episode__in=existing.values(), role__in=roles.values(), character=None)
    existing_keys = set(credits.order_by().values_list("episode", "role", "person"))
    for row in rows:
        for claim in row.claims:
            role, person = roles[claim.role], people.by_key.get(name_key(claim.name))
            if row.episode is not None and (row.episode.pk, role.pk, person) in existing_keys:
                state = "exists"
            elif person == NEW:
                state = "new person"
            else:
                state = "" if person else "to be selected"
            row.people.append((role.name, claim.label, state))
