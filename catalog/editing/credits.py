"""Add credits to a series, a season or an episode, and change their role."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max

from catalog.editing.person_matching import NEW, PersonAnswer, add_person
from catalog.models import Alias, Character, Credit, Episode, Person, Role, Season, Series
from catalog.models.bounds import max_length
from catalog.search.tokenizer import name_key
from catalog.sources.claims import CreditClaim
from catalog.text import cut_text

MAX_CHARACTER_NAME, MAX_FULL_NAME = max_length(Character, "name"), max_length(Character, "full_name")
MAX_ORDINAL = 32767  # of a billing or a team: a small integer of the database

Subject = Series | Season | Episode  # what can have credits
CreditKey = tuple[int, int, int | None]  # primary keys of person, role and character


@dataclass
class CreditResult:
    """Added and existing credits, and the people and characters added with them, for a message."""

    added: list[str] = field(default_factory=list)
    existing: list[str] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    characters: list[str] = field(default_factory=list)

    def sentences(self) -> list[str]:
        """One sentence for each list that is not empty."""
        parts: tuple[tuple[str, Sequence[object]], ...] = (
            ("Credits added", self.added),
            ("Existing credits", self.existing),
            ("New people", self.people),
            ("New characters", self.characters),
        )
        return [f"{label}: {'; '.join(dict.fromkeys(map(str, items)))}." for label, items in parts if items]


@dataclass
class ExistingCredits:
    """The credits of a record, and the last billing and team of each role, where new credits continue."""

    keys: set[CreditKey]
    last_numbers: dict[int, tuple[int, int]]  # by role: (billing, team)

    @classmethod
    def of(cls, credits: Iterable[Credit]) -> "ExistingCredits":
        """Those of the credits of one record."""
        existing = cls(set(), {})
        for credit in credits:
            existing.keys.add((credit.person_id, credit.role_id, credit.character_id))
            billing, team = existing.last_numbers.get(credit.role_id, (0, 0))
            existing.last_numbers[credit.role_id] = max(billing, credit.billing or 0), max(team, credit.team or 0)
        return existing


def subject_field(subject: Subject) -> str:
    """The name of Credit's foreign key for a series, season or episode."""
    return str(subject._meta.model_name)


def existing_credits(subject: Subject) -> ExistingCredits:
    """Read the credits of a series, season or episode with two queries."""
    credits = Credit.objects.filter(**{subject_field(subject): subject}).order_by()
    rows = credits.values_list("role").annotate(billing=Max("billing"), team=Max("team"))
    last_numbers = {role: (billing or 0, team or 0) for role, billing, team in rows}
    return ExistingCredits(set(credits.values_list("person", "role", "character")), last_numbers)


class CreditWriter:
    """Adds claimed credits to records. A new person or character is created once, however often it is named.

    ``roles`` are the vocabulary's roles by slug. New people are published only if ``publishes``.
    """

    def __init__(self, roles: Mapping[str, Role], publishes: bool) -> None:
        self.roles, self.publishes = roles, publishes
        self.result = CreditResult()
        self._people: dict[PersonAnswer | None, Person] = {}
        self._new_people: dict[str, Person] = {}  # by name key
        self._characters: dict[int, dict[str, Character]] = {}  # by series, by name key

    def add(
        self,
        subject: Subject,
        claims: Iterable[CreditClaim],
        people: Mapping[str, PersonAnswer | None],
    ) -> None:
        """Credit people on ``subject``. ``people`` maps each name key to a primary key or NEW.

        Credits that exist are left as they are. IntegrityError if a person was deleted in the meantime.
        """
        with transaction.atomic():
            self._people |= Person.objects.in_bulk({pk for pk in people.values() if isinstance(pk, int)})
            existing = existing_credits(subject)
            teams: dict[object, int] = {}
            for claim in claims:
                person = self._person(claim.name, people[name_key(claim.name)], subject)
                credit = self.new_credit(subject, claim, person, existing, teams)
                if credit is not None:
                    credit.save()

    def new_credit(
        self, subject: Subject, claim: CreditClaim, person: Person, existing: ExistingCredits, teams: dict[object, int]
    ) -> Credit | None:
        """An unsaved credit behind the existing ones, or None if there is one already.

        ``teams`` has the numbers of the teams of the claims before, and gets those of new ones.
        """
        role, character = self.roles[claim.role], self.character(claim.character, subject)
        label = f"{person}, {role}" + (f" ({character})" if character else "")
        key = (person.pk, role.pk, character.pk if character else None)
        if key in existing.keys:
            self.result.existing.append(label)
            return None
        existing.keys.add(key)
        billing, team = existing.last_numbers.get(role.pk, (0, 0))
        if claim.team is not None and claim.team not in teams:
            teams[claim.team] = team = team + 1
        existing.last_numbers[role.pk] = billing + 1, team
        self.result.added.append(label)
        return Credit(
            person=person,
            role=role,
            character=character,
            kind=claim.kind,
            billing=billing + 1 if billing < MAX_ORDINAL else None,
            team=teams.get(claim.team),
            credited_as=claim.credited_as,
            for_some_episodes=claim.for_some_episodes,
            note=claim.note,
            **{subject_field(subject): subject},
        )

    def _person(self, name: str, answer: PersonAnswer | None, subject: Subject) -> Person:
        """The selected person, or a new one."""
        if answer != NEW:
            if answer not in self._people:
                raise IntegrityError("The person was deleted in the meantime")
            return self._people[answer]
        key = name_key(name)
        if key not in self._new_people:
            self._new_people[key] = add_person(name, subject, self.publishes)
            self.result.people.append(self._new_people[key])
        return self._new_people[key]

    def character(self, name: str, subject: Subject) -> Character | None:
        """The character of that name in the series, or a new one; None for an empty name.

        Of a name that is too long, the whole is the full name.
        """
        name = name[:MAX_FULL_NAME]
        if not name:
            return None
        series = subject if isinstance(subject, Series) else subject.series
        if series.pk not in self._characters:
            self._characters[series.pk] = characters_by_name(series)
        characters, key = self._characters[series.pk], name_key(name)
        if key not in characters:
            short_name = cut_text(name, MAX_CHARACTER_NAME)
            full_name = "" if short_name == name else name
            characters[key] = Character.objects.create(series=series, name=short_name, full_name=full_name)
            self.result.characters.append(short_name)
        return characters[key]


def characters_by_name(series: Series) -> dict[str, Character]:
    """The characters of a series by name key. If two share a name, short names win over full names and aliases."""
    by_name: dict[str, Character] = {}
    characters = list(Character.objects.filter(series=series))
    for character in characters:
        by_name.setdefault(name_key(character.name), character)
    for character in characters:
        by_name.setdefault(name_key(character.full_name), character)
    for alias in Alias.objects.filter(character__series=series).select_related("character"):
        if alias.character is not None:
            by_name.setdefault(name_key(alias.name), alias.character)
    return by_name


def set_role(credits: Iterable[Credit], role: Role) -> dict[Credit, list[str]]:
    """Give all credits another role. Returns the errors of credits that cannot have it; then none is changed."""
    errors = {}
    with transaction.atomic():
        for credit in credits:
            credit.role = role
            try:
                credit.validate_constraints()
            except ValidationError as error:
                errors[credit] = error.messages
                continue
            credit.save(update_fields=["role"])
        if errors:
            transaction.set_rollback(True)
    return errors
