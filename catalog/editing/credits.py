"""Adding credits to a series, a season or an episode: what is there already is said, billing goes on from it."""

from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.db.models import Max

from catalog.editing.person_matching import NEW, add_person
from catalog.models import Alias, Character, Credit, Person, Series
from catalog.search.tokenizer import name_key

MAX_ORDINAL = 32767  # what a billing or a team may be


@dataclass
class CreditResult:
    """What came of it: in words, for the message."""

    added: list = field(default_factory=list)
    there: list = field(default_factory=list)
    people: list = field(default_factory=list)
    characters: list = field(default_factory=list)

    def sentences(self):
        """What to say, a sentence each."""
        parts = (
            ("Credits added: ", self.added),
            ("There already: ", self.there),
            ("New people: ", self.people),
            ("New characters: ", self.characters),
        )
        return [f"{words}{'; '.join(dict.fromkeys(map(str, found)))}." for words, found in parts if found]


def existing_credits(subject):
    """What a record has, by keys: {(person, role, character)}, and of each role (last billing, last team)."""
    own = Credit.objects.filter(**{subject._meta.model_name: subject}).order_by()
    rows = own.values_list("role").annotate(billing=Max("billing"), team=Max("team"))
    last = {role: (billing or 0, team or 0) for role, billing, team in rows}
    return set(own.values_list("person", "role", "character")), last


class CreditWriter:
    """Adds credits; a person or a character that is new is made once, however often it is named."""

    def __init__(self, publishes):
        self.publishes, self.result = publishes, CreditResult()
        self.people, self.characters = {}, {}

    def add(self, subject, wanted, chosen):
        """Put ``wanted`` on ``subject``. ``chosen`` says who is meant: {key of a name: a person's key, or NEW}."""
        with transaction.atomic():
            self.people |= Person.objects.in_bulk({pk for pk in chosen.values() if pk != NEW})
            owner = {subject._meta.model_name: subject}
            (there, last), teams = existing_credits(subject), {}
            for each in wanted:
                person = self.person(each.name, chosen[name_key(each.name)], subject)
                character = self.character(each.character, subject)
                told = f"{person}, {each.role}" + (f" ({character})" if character else "")
                row = (person.pk, each.role.pk, character and character.pk)
                if row in there:
                    self.result.there.append(told)
                    continue
                there.add(row)
                billing, team = last.get(each.role.pk, (0, 0))
                if each.team is not None and each.team not in teams:
                    teams[each.team] = team = team + 1
                last[each.role.pk] = billing + 1, team
                credit = Credit(person=person, role=each.role, character=character, kind=each.kind, **owner)
                credit.billing = billing + 1 if billing < MAX_ORDINAL else None
                credit.team = teams.get(each.team)
                credit.save()
                self.result.added.append(told)

    def person(self, name, answer, owner):
        """The person that was chosen for a name, or a new one."""
        if answer != NEW:
            if answer not in self.people:
                raise IntegrityError("Somebody deleted the person in the meantime")
            return self.people[answer]
        known = (NEW, name_key(name))
        if known not in self.people:
            self.people[known] = add_person(name, owner, self.publishes)
            self.result.people.append(self.people[known])
        return self.people[known]

    def character(self, name, subject):
        """The character of that name in the series, or a new one; None for no name."""
        if not name:
            return None
        series = subject if isinstance(subject, Series) else subject.series
        if series.pk not in self.characters:
            self.characters[series.pk] = characters_by_name(series)
        known = self.characters[series.pk]
        if name_key(name) not in known:
            known[name_key(name)] = Character.objects.create(series=series, name=name)
            self.result.characters.append(name)
        return known[name_key(name)]


def characters_by_name(series):
    """{key of a name: character}; short names before full names, and both before aliases."""
    found, characters = {}, list(Character.objects.filter(series=series))
    for character in characters:
        found.setdefault(name_key(character.name), character)
    for character in characters:
        found.setdefault(name_key(character.full_name), character)
    for alias in Alias.objects.filter(character__series=series).select_related("character"):
        found.setdefault(name_key(alias.name), alias.character)
    return found
