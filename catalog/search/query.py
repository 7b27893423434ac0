"""``search(text)``: what visitors may see and a text names, grouped by kind, best first.

A record answers by its whole name, by a name that begins with the text, by the words of its names, or by words written
beside them, in this order; of those that answer alike the most credited come first, then the order of an index. Every
word has to be found; a word that is typed may go on. Nothing is scored, and matches are counted to MOST only.
"""

from dataclasses import dataclass, field

from catalog.models import Character, Company, Episode, Person, Series
from catalog.search import fuzzy
from catalog.search.conditions import ELSEWHERE, EXACT, WORDS, match_any, open_prefixes, ranked_conditions
from catalog.search.index import RECORD_ID_BITS, Index, expand_prefixes, record_id_of
from catalog.search.tokenizer import name_key, parse_query

RECORDS_PER_KIND = 25  # records of a kind on the page; the lists narrow further by their parameter q
MAX_COUNTED = 1_000  # matches of a kind that are counted
MAX_CANDIDATES = 60  # the most credited of those that answer in one way


@dataclass(frozen=True)
class RecordKind:
    """A kind of record: its label, the rows that a result shows, and where it stands in an index."""

    name: str
    label: str
    rows: object
    order: object


RECORD_KINDS = [
    RecordKind("series", "Series", lambda: Series.objects.for_list(), lambda row: row.sort_title.casefold()),
    RecordKind(
        "episode",
        "Episodes",
        lambda: Episode.objects.for_list(),
        lambda row: (row.series.sort_title.casefold(), row.series.pk, row.season.number, row.number),
    ),
    RecordKind("person", "People", lambda: Person.objects.for_list(), lambda row: row.sort_name.casefold()),
    RecordKind(
        "character", "Characters", lambda: Character.objects.select_related("series"), lambda row: row.name.casefold()
    ),
    RecordKind("company", "Companies", lambda: Company.objects.for_list(), lambda row: row.name.casefold()),
]


@dataclass
class SearchGroup:
    """The records of one kind: its name, how many there are in all, the first of them, how well each answers."""

    kind: str
    label: str
    total: int
    records: list
    tiers: list = field(default_factory=list)

    @property
    def is_capped(self):
        """Whether there are more than were counted."""
        return self.total > MAX_COUNTED


class SearchResult(list):
    """The groups that a search found. ``text`` is what was typed, ``shown_for`` what was taken for it instead."""

    def __init__(self, groups=(), text="", shown_for="", wanted=None):
        super().__init__(groups)
        self.text, self.shown_for, self.wanted = text, shown_for, wanted

    @property
    def single(self):
        """The only record of all kinds that is called just so, or None."""
        exact = [row for group in self for row, tier in zip(group.records, group.tiers, strict=True) if tier == EXACT]
        return exact[0] if len(exact) == 1 else None


def search(text, exact=False):
    """Groups of published records, those with the best answer first; none for an empty text.

    When nothing answers, the nearest names are taken for what was meant, unless ``exact``.
    """
    wanted = parse_query(text)
    if not wanted:
        return SearchResult(text=wanted.text)
    groups = ordinary(wanted)
    if groups:
        return SearchResult(groups, wanted.text, wanted=wanted)
    reading = None if exact else fuzzy.correct(wanted)
    if reading is None or not reading.is_close:
        groups = _holding(wanted)
    if groups or reading is None:
        return SearchResult(groups, wanted.text, wanted=wanted)
    groups = _joined(ordinary(reading.query), reading)
    return SearchResult(groups, wanted.text, reading.query.text, wanted=reading.query)


def ordinary(wanted):
    """The groups of records that answer as they are written."""
    known = expand_prefixes({kind.name: open_prefixes(kind.name, wanted) for kind in RECORD_KINDS})
    return _sorted(group for kind in RECORD_KINDS if (group := _group(kind, wanted, known[kind.name])).total)


def _sorted(groups):
    return sorted(groups, key=lambda group: min(group.tiers, default=ELSEWHERE))


def _group(kind, wanted, known):
    index = Index(kind.name)
    dialect = index.dialect.with_expansions(known)
    conditions = [
        *ranked_conditions(dialect, kind.name, wanted),
        (ELSEWHERE + 1, match_any(dialect, kind.name, wanted)),
    ]
    places, total = index.first_matches(conditions, MAX_CANDIDATES, MAX_COUNTED + 1)
    rows, answers = _rows(kind, _cut(places), wanted)
    return SearchGroup(kind.name, kind.label, max(total, len(rows)), rows, answers)


def _cut(places):
    """The first LIMIT, and those that answer like the last of them: they are yet to be put in the order of an index."""
    if len(places) <= RECORDS_PER_KIND:
        return places
    last = places[RECORDS_PER_KIND - 1][0], places[RECORDS_PER_KIND - 1][1] >> RECORD_ID_BITS
    return [found for found in places if (found[0], found[1] >> RECORD_ID_BITS) <= last][:MAX_CANDIDATES]


def _rows(kind, places, wanted):
    """(records, how each answers) in their order, at most LIMIT."""
    if not places:
        return [], []
    records = kind.rows().in_bulk([record_id_of(place) for _, place in places])
    found = []
    for tier, place in places:
        row = records.get(record_id_of(place))
        if row is not None:
            found.append((_tier_of(kind, row, tier, wanted), place >> RECORD_ID_BITS, kind.order(row), place, row))
    found = sorted(found, key=lambda each: each[:4])[:RECORDS_PER_KIND]
    return [each[-1] for each in found], [each[0] for each in found]


def _tier_of(kind, row, tier, wanted):
    """An episode that is named by its series' whole title and its code or number is called just so."""
    if kind.name != "episode" or not wanted.beside or not (wanted.code or wanted.number is not None):
        return tier
    named = row.code == wanted.code or wanted.number in (row.number, row.overall_number)
    return EXACT if named and name_key(row.series.title) == name_key(" ".join(wanted.beside)) else tier


def _holding(wanted):
    """Groups of records whose names hold all words somewhere inside: "ong" is in The Long Way."""
    groups = []
    for kind in RECORD_KINDS:
        places = fuzzy.rank_keys_containing(kind.name, wanted, MAX_CANDIDATES)
        rows, answers = _rows(kind, [(ELSEWHERE, place) for place in places], wanted)
        if rows:
            groups.append(SearchGroup(kind.name, kind.label, len(places), rows, answers))
    return groups


def _joined(groups, reading):
    """``groups`` of what was meant, with the other records whose names are near what was typed.

    Those as near as the one that was taken come right behind it, others behind all that are called like it.
    """
    by_kind = {group.kind: group for group in groups}
    for kind in RECORD_KINDS:
        group = by_kind.get(kind.name) or SearchGroup(kind.name, kind.label, 0, [], [])
        others = {pk: edits for edits, each, pk in reading.matches if each == kind.name}
        for row in group.records:
            others.pop(row.pk, None)
        rows = kind.rows().in_bulk(others)
        if not rows:
            continue
        exact = sum(tier == EXACT for tier in group.tiers)
        for edits, place in ((reading.edits, min(1, exact)), (None, exact)):
            added = [rows.pop(pk) for pk in others if pk in rows and edits in (None, others[pk])]
            group.records[place:place] = added
            group.tiers[place:place] = [WORDS] * len(added)
            group.total += len(added)
            exact += len(added)
        del group.records[RECORDS_PER_KIND:], group.tiers[RECORDS_PER_KIND:]
        by_kind[kind.name] = group
    return _sorted(by_kind[kind.name] for kind in RECORD_KINDS if kind.name in by_kind)
