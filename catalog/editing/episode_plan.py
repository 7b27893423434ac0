"""What a pasted table would do to a season: a row an episode. Nothing is written here."""

import hashlib
import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from catalog.editing.credit_lines import CreditClaim
from catalog.editing.permissions import is_draft
from catalog.editing.person_matching import NEW, resolve_people
from catalog.models import Credit, Episode, Role
from catalog.search.tokenizer import name_key
from catalog.sources.cell_values import parse_date, parse_minutes, parse_whole_number, strip_quotes
from catalog.sources.person_names import MAX_NAME_LENGTH, MAX_NAMES, split_by_role, split_teams

NUMBERED = re.compile(r"(?:s\s?\d+\s?e|\d+x|#|e|ep\.?|episode)?\s?(\d{1,5})(?:\s?[-–/&]\s?e?(\d{1,5}))?", re.IGNORECASE)
FIELDS = {
    "overall": "overall_number",
    "title": "title",
    "date": "air_date",
    "code": "production_code",
    "runtime": "runtime",
}
CREDIT_COLUMNS = ("director", "writer")


@dataclass
class FieldChange:
    """A field of an episode that the row says something else of. What is filled stays unless it is ticked."""

    name: str
    label: str
    before: object
    after: object
    ticked: bool = False

    @property
    def fills(self):
        """Whether nothing is there yet."""
        return self.before in (None, "")

    @property
    def is_written(self):
        """Whether it would be changed."""
        return self.fills or self.ticked


@dataclass
class PlannedEpisode:
    """A line of the table: the episode it is about, what would change, who would be credited, what is wrong."""

    line: int
    cells: list
    is_left_out: bool = False
    episode: Episode | None = None
    differences: list = field(default_factory=list)
    wanted: list = field(default_factory=list)
    people: list = field(default_factory=list)  # (role, name, who that is in words)
    errors: list = field(default_factory=list)

    @property
    def is_new(self):
        """Whether the episode would be made."""
        return self.episode is not None and self.episode.pk is None

    @property
    def is_written(self):
        """Whether the row counts."""
        return not self.is_left_out and not self.errors


class EpisodePlan:
    """All rows, who the names are, and what has to be asked."""

    def __init__(self, season, table, request, publishes, may_add_people):
        self.season, self.table, self.publishes = season, table, publishes
        self.ticked, out = set(request.POST.getlist("over")), set(request.POST.getlist("out"))
        self.roles = {role.slug: role for role in Role.objects.select_related("department")}
        self.there = {episode.number: episode for episode in season.episodes.select_related("season__series")}
        self.rows, seen = [], set()
        for line, cells in enumerate(table.rows, 1):
            row = PlannedEpisode(line, cells, str(line) in out)
            self.rows.append(row)
            self._read(row)
            if row.episode is not None and not row.is_left_out:
                if row.episode.number in seen:
                    row.errors.append(f"Episode {row.episode.number} stands in a row above.")
                seen.add(row.episode.number)
        names = [wanted.name for row in self.rows if row.is_written for wanted in row.wanted]
        answers = {name[4:]: request.POST.get(name) for name in request.POST if name.startswith("who-")}
        self.is_crowded = len(set(names)) > MAX_NAMES
        self.chosen, asked, self.complaints = resolve_people([] if self.is_crowded else names, answers, may_add_people)
        self.questions = [
            {"name": f"who-{named.key}", "asked": named.name, "choices": named.choices()}
            | {"answer": answers.get(named.key) or (NEW if not named.offered else "")}
            for named in asked
        ]
        self.offered = sorted((named.key, tuple(named.offered)) for named in asked)
        self._tell_people()
        if self.is_crowded:
            self.complaints.append(f"At most {MAX_NAMES} names at once.")

    @property
    def can_apply(self):
        """Whether it can be written: no row in error but those left out, nobody to be asked about."""
        written = [row for row in self.rows if not row.is_left_out]
        return bool(written) and not any(row.errors for row in written) and not self.complaints

    def fingerprint(self):
        """A mark of what was looked at: another one when the season, the table or the people are others by now."""
        rows = [
            (row.episode and row.episode.pk, [(d.name, str(d.before), str(d.after)) for d in row.differences])
            for row in self.rows
        ]
        told = repr((self.season.pk, self.table.columns, self.table.rows, rows, self.offered))
        return hashlib.sha256(told.encode()).hexdigest()

    def _tell_people(self):
        """What would come of each name, as far as it is known."""
        own = Credit.objects.filter(episode__in=self.there.values(), role__in=self.roles.values()).order_by()
        there = set(own.filter(character=None).values_list("episode", "role", "person"))
        for row in self.rows:
            for wanted in row.wanted:
                person = self.chosen.get(name_key(wanted.name))
                state = "new person" if person == NEW else "" if person else "to be chosen"
                if (row.episode.pk, wanted.role.pk, person) in there:
                    state = "there already"
                row.people.append((wanted.role.name, wanted.name, state))

    def _cell(self, row, column):
        place = self.table.column(column)
        return row.cells[place] if place is not None else ""

    def _read(self, row):
        try:
            numbers = self._numbers(row)
        except ValueError as error:
            row.errors.append(str(error))
            return
        row.episode = self.there.get(numbers["number"]) or Episode(season=self.season, number=numbers["number"])
        values = {"last_number": numbers["last_number"]} | self._values(row)
        for name, after in values.items():
            before = getattr(row.episode, name)
            if after not in (None, "") and after != before:
                label = str(Episode._meta.get_field(name).verbose_name)
                ticked = f"{row.line}-{name}" in self.ticked
                row.differences.append(FieldChange(name, label, before, after, ticked))
        self._check(row)
        self._credits(row)
        if row.episode.pk and (row.differences or row.wanted) and not self.publishes and not is_draft(row.episode):
            row.errors.append("The episode is published: only those who may publish can change it.")

    def _numbers(self, row):
        text = self._cell(row, "number")
        if self.table.column("number") is None:
            return {"number": row.line, "last_number": None}
        found = NUMBERED.fullmatch(text)
        if not found or int(found[1]) > 32767:
            raise ValueError(f"“{text[:40]}” is no number of an episode.")
        return {"number": int(found[1]), "last_number": int(found[2]) if found[2] else None}

    def _values(self, row):
        found = {}
        for column, name in FIELDS.items():
            text = self._cell(row, column)
            try:
                found[name] = {"overall": parse_whole_number, "date": parse_date, "runtime": parse_minutes}.get(
                    column, strip_quotes
                )(text)
            except ValueError as error:
                row.errors.append(f"{error}.")
        return found

    def _check(self, row):
        last = next((d.after for d in row.differences if d.name == "last_number"), None)
        if last is not None and last <= row.episode.number:
            row.errors.append("The last number of a double episode comes after its first.")
        for difference in row.differences:
            try:
                Episode._meta.get_field(difference.name).clean(difference.after, row.episode)
            except ValidationError as error:
                row.errors += [f"{difference.label.capitalize()}: {message}" for message in error.messages]

    def _credits(self, row):
        for column in CREDIT_COLUMNS:
            for slug, names in split_by_role(self._cell(row, column), column):
                if slug not in self.roles:
                    row.errors += [f"The vocabulary has no role “{slug}”."] if names else []
                    continue
                for place, members in enumerate(split_teams(names)):
                    for name in members:
                        if not name_key(name) or not any(map(str.isalnum, name)) or len(name) > MAX_NAME_LENGTH:
                            row.errors.append(f"“{name[:60]}” is no name.")
                            continue
                        team = f"{slug}-{place}" if len(members) > 1 and column == "writer" else None
                        row.wanted.append(CreditClaim(self.roles[slug], "", name, team=team))
