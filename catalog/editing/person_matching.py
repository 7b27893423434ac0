"""Who the names in a text are: people of the catalogue by that name or alias, else those who are near it."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count
from django.db.models.functions import Coalesce
from django.utils import timezone

from catalog.models import Credit, Person
from catalog.quality.similar_names import given_names_match, name_words
from catalog.search import filter_by_text
from catalog.search import name_cache as known
from catalog.search.fuzzy import allowed_edits
from catalog.search.index import Index, record_id_of
from catalog.search.tokenizer import NAME_MARK, name_key

NEW = "new"  # the answer that none of the people is meant
QUERY_BATCH_SIZE = 100  # names in one condition
MAX_SUGGESTED_PEOPLE = 6
MAX_CANDIDATES = 200  # people of one family name
MAX_FUZZY_NAMES = 60  # names of one text whose neighbours are looked for: each takes its time in a large catalogue


@dataclass
class NameMatch:
    """A name with the keys of the people who have it, of those who are near, and what is told of each."""

    name: str
    key: str
    exact: list = field(default_factory=list)
    near: list = field(default_factory=list)
    told: dict = field(default_factory=dict)  # key: name, years and work

    @property
    def offered(self):
        """The keys to choose from."""
        return (self.exact or self.near)[:MAX_SUGGESTED_PEOPLE]

    def answered(self, answer):
        """A person's key, NEW, or None while it has to be asked."""
        if len(self.exact) == 1:
            return self.exact[0]
        if answer == NEW:
            return NEW
        return next((pk for pk in self.offered if str(pk) == answer), None)

    def choices(self):
        """[(answer, words)] for the question who is meant."""
        return [*((str(pk), self.told[pk]) for pk in self.offered), (NEW, f"New person: {self.name}")]


def match_people(names):
    """{key of a name: Named} for names as they are written; the first way in which one is written stands."""
    found = {}
    for name in names:
        found.setdefault(name_key(name), NameMatch(name, name_key(name)))
    for each, people in people_by_name_key(found).items():
        found[each].exact = people
    unknown = [named for named in found.values() if not named.exact]
    for named in unknown[:MAX_FUZZY_NAMES]:
        named.near = similar_people(named)
    asked = [named for named in found.values() if len(named.exact) != 1]
    told = person_labels({pk for named in asked for pk in named.offered})
    for named in asked:
        named.told = told
        named.exact = [pk for pk in named.exact if pk in told or pk not in named.offered]
        named.near = [pk for pk in named.near if pk in told]
    return found


def resolve_people(names, answers, may_add=True):
    """({key of a name: a person's key or NEW}, what to ask, complaints) for names and the answers given so far."""
    chosen, asked, complaints = {}, [], []
    for key, named in match_people(names).items():
        answer = named.answered(answers.get(key))
        if len(named.exact) != 1:
            asked.append(named)
        if answer == NEW and not may_add:
            complaints.append(f"You may not add people, so “{named.name}” has to be one of the catalogue.")
        elif answer is None:
            complaints.append(f"Choose who “{named.name}” is.")
        chosen[key] = answer
    return chosen, asked, complaints


def people_by_name_key(keys):
    """{key: [primary keys of people called so]}, drafts too, the most credited first."""
    index, found, keys = Index("person"), defaultdict(list), list(filter(None, keys))
    for start in range(0, len(keys), QUERY_BATCH_SIZE):
        some = set(keys[start : start + QUERY_BATCH_SIZE])
        condition = index.dialect.any_of(index.dialect.term(NAME_MARK + each) for each in sorted(some))
        places = [row[0] for row in index.execute(*index.select(condition, drafts=True))]
        for place, tokens in index.tokens_by_rank_key(places):
            for token in {token[1:] for token in tokens.split() if token[0] == NAME_MARK} & some:
                found[token].append(record_id_of(place))
    return found


def similar_people(named):
    """Primary keys of people with a name like it: by few edits, by its words in any order, by an initial."""
    most = 3 if len(named.key) >= 10 else allowed_edits(named.key)
    lists = known.current().get("person", ())
    texts = [
        text
        for _, text in sorted(
            found for each in lists for found in each.keys.nearest(named.key, most, MAX_SUGGESTED_PEOPLE)
        )
    ]
    people = people_by_name_key(texts)
    found = [pk for text in texts for pk in people.get(text, ())]
    words = name_words(named.name)
    for text in (named.name, words[-1]) if len(words) > 1 else ():
        rows = filter_by_text(Person.objects.order_by(), text).values_list("pk", "name")[:MAX_CANDIDATES]
        found += [pk for pk, name in rows if is_similar_name(words, name_words(name))]
    return list(dict.fromkeys(found))[:MAX_SUGGESTED_PEOPLE]


def is_similar_name(words, others):
    """Whether two names have the same words in any order, or the same family name and first name or initial."""
    if not others:
        return False
    return sorted(words) == sorted(others) or (words[-1] == others[-1] and given_names_match(words[0], others[0]))


def person_labels(people):
    """{primary key: name, years of life, what they are known for}, so that namesakes are told apart."""
    title = Coalesce("series__title", "season__series__title", "episode__season__series__title")
    rows = Credit.objects.filter(person__in=people).order_by().values_list("person", "role__name", title)
    work, totals = {}, defaultdict(int)
    for pk, role, series, total in rows.annotate(total=Count("pk")).order_by("-total", "role__name"):
        work.setdefault(pk, f"{role} on {series}")
        totals[pk] += total
    told = {}
    for person in Person.objects.filter(pk__in=people):
        years = f" ({person.born or '?'}–{person.died or ''})" if person.born or person.died else ""
        number = totals[person.pk]
        more = f", {number} credit{'' if number == 1 else 's'}" if number else ", no credits"
        known_for = f": {work[person.pk]}" if person.pk in work else ""
        told[person.pk] = f"{person.name}{years}{known_for}{more}"
    return told


def add_person(name, owner, publishes):
    """A new person: in the state of the record that credits them, as far as the user decides what visitors see."""
    moment = owner.published_at if publishes else None
    return Person.objects.create(name=name, published_at=moment and max(moment, timezone.now()))
