"""Match names with people of the catalogue: those with exactly that name or alias, else people with a similar name."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from django.db.models import Count

from catalog.models import Credit, Episode, Person, Season, Series
from catalog.models.base import publication_now
from catalog.models.credit import CREDITED_SERIES_TITLE
from catalog.quality.similar_names import given_names_match, name_words
from catalog.search import filter_by_text, name_cache
from catalog.search.fuzzy import allowed_edits
from catalog.search.names import ids_by_name_key
from catalog.search.tokenizer import name_key

NEW = "new"  # the answer for a new person
MAX_SUGGESTED_PEOPLE = 6
MAX_CANDIDATES = 200  # people with one family name that are compared
MAX_FUZZY_NAMES = 60  # names of one text for which similar ones are searched: slow in a large catalogue
LONG_NAME, LONG_NAME_EDITS = 10, 3  # from ten letters on, three edits are allowed

PersonAnswer = int | str  # primary key of a person, or NEW


@dataclass(frozen=True)
class PersonQuestion:
    """A question of a form: who is meant by a name. ``choices`` are pairs (value, label)."""

    field_name: str
    person_name: str
    choices: list[tuple[str, str]]
    answer: str


def person_choices(name: str, people: Iterable[int], labels: Mapping[int, str]) -> list[tuple[str, str]]:
    """The choices of a question about a name: ``people`` with their labels, and a new person."""
    return [*((str(pk), labels[pk]) for pk in people), (NEW, f"New person: {name}")]


@dataclass
class NameMatch:
    """A name with the primary keys of people who have it, else of people with a similar name."""

    name: str
    key: str
    exact: list[int] = field(default_factory=list)
    similar: list[int] = field(default_factory=list)
    labels: dict[int, str] = field(default_factory=dict)  # of the suggested people, see person_labels

    @property
    def is_unique(self) -> bool:
        """True if exactly one person has the name, so that nobody has to be asked."""
        return len(self.exact) == 1

    @property
    def suggested(self) -> list[int]:
        """The people to choose from."""
        return (self.exact or self.similar)[:MAX_SUGGESTED_PEOPLE]

    @property
    def needs_answer(self) -> bool:
        """True if somebody has to say who is meant. A new person is no question, but a couple is no single person."""
        return not self.is_unique and (bool(self.suggested) or "&" in self.name)

    def resolve(self, answer: str | None) -> PersonAnswer | None:
        """The person meant, given the editor's answer; None if the answer is missing or was not suggested."""
        if self.is_unique:
            return self.exact[0]
        if answer == NEW or not (answer or self.needs_answer):
            return NEW
        return next((pk for pk in self.suggested if str(pk) == answer), None)

    def question(self, field_prefix: str, answers: Mapping[str, str]) -> PersonQuestion:
        """The question of a form."""
        choices = person_choices(self.name, self.suggested, self.labels)
        return PersonQuestion(f"{field_prefix}{self.key}", self.name, choices, answers.get(self.key, ""))


@dataclass
class ResolvedPeople:
    """Who is meant by each name, the matches that need an answer, and one error per name that is not settled."""

    by_key: dict[str, PersonAnswer | None] = field(default_factory=dict)  # by name key
    ambiguous: list[NameMatch] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def match_people(names: Iterable[str]) -> dict[str, NameMatch]:
    """Match names by name key; of several spellings with one key, the first is used."""
    matches: dict[str, NameMatch] = {}
    for name in names:
        key = name_key(name)
        matches.setdefault(key, NameMatch(name, key))
    for key, people in ids_by_name_key("person", matches).items():
        matches[key].exact = people
    unknown = [match for match in matches.values() if not match.exact]
    for match in unknown[:MAX_FUZZY_NAMES]:
        match.similar = similar_people(match.name)
    ambiguous = [match for match in matches.values() if not match.is_unique]
    labels = person_labels({pk for match in ambiguous for pk in match.suggested})
    for match in ambiguous:
        # The index may still name people who were deleted a moment ago: they have no label.
        match.labels = labels
        match.exact = [pk for pk in match.exact if pk in labels or pk not in match.suggested]
        match.similar = [pk for pk in match.similar if pk in labels]
    return matches


def resolve_people(
    names: Iterable[str], answers: Mapping[str, str], may_add: bool = True, required: Set[str] | None = None
) -> ResolvedPeople:
    """Decide who is meant by each name. ``answers`` has the submitted ones by name key: a primary key or NEW.

    A name whose key is not ``required`` is no error.
    """
    resolved = ResolvedPeople()
    for key, match in match_people(names).items():
        answer = match.resolve(answers.get(key))
        if match.needs_answer or answer is None:
            resolved.ambiguous.append(match)
        resolved.by_key[key] = answer
        if required is not None and key not in required:
            continue
        if answer == NEW and not may_add:
            resolved.errors.append(f"You may not add people: choose an existing person for “{match.name}”.")
        elif answer is None:
            resolved.errors.append(f"Choose who “{match.name}” is.")
    return resolved


def similar_people(name: str) -> list[int]:
    """Primary keys of people whose name differs by few letters, by the order of its words or by an initial."""
    key = name_key(name)
    max_edits = LONG_NAME_EDITS if len(key) >= LONG_NAME else allowed_edits(key)
    close_keys = sorted(
        match
        for names in name_cache.current().get("person", ())
        for match in names.keys.nearest(key, max_edits, MAX_SUGGESTED_PEOPLE)
    )
    people_by_key = ids_by_name_key("person", (close_key for _, close_key in close_keys))
    people = [pk for _, close_key in close_keys for pk in people_by_key.get(close_key, ())]
    words = name_words(name)
    for text in (name, words[-1]) if len(words) > 1 else ():
        candidates = filter_by_text(Person.objects.order_by(), text).values_list("pk", "name")[:MAX_CANDIDATES]
        people += [pk for pk, candidate in candidates if is_similar_name(words, name_words(candidate))]
    return list(dict.fromkeys(people))[:MAX_SUGGESTED_PEOPLE]


def is_similar_name(words: Sequence[str], other_words: Sequence[str]) -> bool:
    """True for the same words in any order, or the same family name with the same first name or initial."""
    if not other_words:
        return False
    if sorted(words) == sorted(other_words):
        return True
    return words[-1] == other_words[-1] and bool(given_names_match(words[0], other_words[0]))


def person_labels(people: Collection[int]) -> dict[int, str]:
    """Name, years of life and best known work of people, to tell namesakes apart; slugs where these are equal."""
    credits = Credit.objects.filter(person__in=people).order_by()
    rows = credits.values_list("person", "role__name", CREDITED_SERIES_TITLE)
    main_work: dict[int, str] = {}
    credit_counts: dict[int, int] = defaultdict(int)
    for pk, role, series, count in rows.annotate(total=Count("pk")).order_by("-total", "role__name"):
        main_work.setdefault(pk, f"{role} on {series}")
        credit_counts[pk] += count
    labels, slugs = {}, {}
    for person in Person.objects.filter(pk__in=people):
        years = f" ({person.born or '?'}–{person.died or ''})" if person.born or person.died else ""
        work = f": {main_work[person.pk]}" if person.pk in main_work else ""
        count = credit_counts[person.pk]
        total = f"{count} credit{'' if count == 1 else 's'}" if count else "no credits"
        labels[person.pk] = f"{person.name}{years}{work}, {total}"
        slugs[person.pk] = person.slug
    totals = Counter(labels.values())
    return {pk: f"{label} [{slugs[pk]}]" if totals[label] > 1 else label for pk, label in labels.items()}


def add_person(name: str, owner: Series | Season | Episode, publishes: bool) -> Person:
    """Create a person with the publication time of the record that credits them; a draft unless ``publishes``."""
    return save_new_person(Person(name=name), owner, publishes)


def save_new_person(person: Person, owner: Series | Season | Episode, publishes: bool) -> Person:
    """Save a new person as ``add_person`` does."""
    published_at = owner.published_at if publishes else None
    person.published_at = published_at and max(published_at, publication_now())
    person.save(force_insert=True)
    return person
