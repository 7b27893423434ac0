"""``search(text)``: published records that match a text, grouped by kind, best first.

A record matches by its whole name, by a name that begins with the text, by words of its names, or by words of its other
texts: the tiers, in this order. Within a tier the most credited come first, then the alphabetical order of the lists.
Every word has to match; it may be the beginning of a longer one. If nothing matches, typing errors are corrected.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet

from catalog.models import Character, Company, Episode, Person, Series, Song, Source
from catalog.models.series import episode_code
from catalog.search import fuzzy, name_cache
from catalog.search.conditions import Tier, match_any, open_prefixes, ranked_conditions
from catalog.search.index import RECORD_ID_BITS, Index, expand_prefixes, record_id_of
from catalog.search.tokenizer import ParsedQuery, name_key, parse_query

RECORDS_PER_KIND = 25  # on the page of results; the lists have the rest, by their parameter q
MAX_COUNTED = 1_000  # matches of a kind
MAX_CANDIDATES = 60  # matches of a kind that are read for each tier, most credited first


@dataclass(frozen=True)
class RecordKind:
    """How a kind of record is searched: its label, the rows that a result shows, and their alphabetical order."""

    name: str
    label: str
    queryset: Callable[[], QuerySet]
    sort_key: Callable[[Any], Any]


RECORD_KINDS = [
    RecordKind("series", "Series", lambda: Series.objects.for_list(), lambda series: series.sort_key),
    RecordKind(
        "episode",
        "Episodes",
        lambda: Episode.objects.for_list(),
        lambda episode: (
            episode.series.sort_key,
            episode.series.pk,
            episode.season.number,
            episode.number,
        ),
    ),
    RecordKind("person", "People", lambda: Person.objects.for_list(), lambda person: person.sort_key),
    RecordKind(
        "character",
        "Characters",
        lambda: Character.objects.select_related("series"),
        lambda character: character.sort_key,
    ),
    RecordKind("company", "Companies", lambda: Company.objects.for_list(), lambda company: company.sort_key),
    RecordKind("song", "Songs", lambda: Song.objects.for_list(), lambda song: song.sort_key),
    RecordKind("source", "Sources", lambda: Source.objects.for_page(), lambda source: source.sort_key),
]


@dataclass
class SearchGroup:
    """The results of one kind: the first records, the tier of each, and how many match in all."""

    kind: str
    label: str
    total: int
    records: list
    tiers: list = field(default_factory=list)

    @property
    def is_capped(self) -> bool:
        """Whether there are more matches than were counted."""
        return self.total > MAX_COUNTED


class SearchResult(list[SearchGroup]):
    """The groups of a search. ``corrected_text`` is set if they are for a correction of ``text``.

    ``is_final`` is False if nothing could be corrected because the names are being loaded.
    """

    def __init__(
        self,
        groups: Iterable[SearchGroup] = (),
        text: str = "",
        corrected_text: str = "",
        query: ParsedQuery | None = None,
        is_final: bool = True,
    ):
        super().__init__(groups)
        self.text, self.corrected_text, self.query, self.is_final = text, corrected_text, query, is_final

    @property
    def exact_match(self) -> Model | None:
        """The record whose whole name is the text, if there is exactly one in all kinds but sources."""
        exact = [
            record
            for group in self
            if group.kind != "source"
            for record, tier in zip(group.records, group.tiers, strict=True)
            if tier == Tier.EXACT
        ]
        return exact[0] if len(exact) == 1 else None


def search(text: str, exact: bool = False) -> SearchResult:
    """Search all kinds; the group with the best tier comes first, sources last. An empty text has no results.

    ``exact`` turns the correction of typing errors off.
    """
    query = parse_query(text)
    if not query:
        return SearchResult(text=query.text)
    groups, has_names = search_indexed(query), name_cache.prepare()
    if groups or not has_names:
        return SearchResult(groups, query.text, query=query, is_final=bool(groups))
    correction = None if exact else fuzzy.correct(query)
    if correction is None or not correction.is_close:
        groups = _search_inside_words(query)
    if groups or correction is None:
        return SearchResult(groups, query.text, query=query)
    groups = add_near_records(search_indexed(correction.query), correction)
    return SearchResult(groups, query.text, correction.query.text, query=correction.query)


def search_indexed(query: ParsedQuery) -> list[SearchGroup]:
    """Return the groups of records that match the query as it is written."""
    expansions = expand_prefixes({kind.name: open_prefixes(kind.name, query) for kind in RECORD_KINDS})
    groups = [_search_kind(kind, query, expansions[kind.name]) for kind in RECORD_KINDS]
    return _sort_groups(group for group in groups if group.total)


def _sort_groups(groups):
    return sorted(groups, key=lambda group: (group.kind == "source", min(group.tiers, default=Tier.TEXT)))


def _search_kind(kind, query, expansions):
    index = Index(kind.name)
    dialect = index.dialect.with_expansions(expansions)
    conditions = ranked_conditions(dialect, kind.name, query)
    count_condition = Tier.TEXT + 1, match_any(dialect, kind.name, query)  # sorts last: the total
    matches, total = index.first_matches([*conditions, count_condition], MAX_CANDIDATES, MAX_COUNTED + 1)
    records, tiers = _load_records(kind, _candidates(matches), query)
    return SearchGroup(kind.name, kind.label, max(total, len(records)), records, tiers)


def _candidates(matches):
    """Cut matches to RECORDS_PER_KIND, but keep those that rank like the last: they are yet to be sorted by name."""
    if len(matches) <= RECORDS_PER_KIND:
        return matches
    last_tier, last_rank_key = matches[RECORDS_PER_KIND - 1]
    last = last_tier, last_rank_key >> RECORD_ID_BITS
    return [(tier, rank_key) for tier, rank_key in matches if (tier, rank_key >> RECORD_ID_BITS) <= last][
        :MAX_CANDIDATES
    ]


def _load_records(kind, matches, query):
    """Return (records, their tiers) in the order of results, at most RECORDS_PER_KIND."""
    if not matches:
        return [], []
    records = kind.queryset().in_bulk([record_id_of(rank_key) for _, rank_key in matches])
    ranked = []
    for tier, rank_key in matches:
        record = records.get(record_id_of(rank_key))
        if record is not None:
            rank = _tier_of(kind, record, tier, query), rank_key >> RECORD_ID_BITS, kind.sort_key(record), rank_key
            ranked.append((rank, record))
    ranked = sorted(ranked, key=lambda item: item[0])[:RECORDS_PER_KIND]
    return [record for _, record in ranked], [rank[0] for rank, _ in ranked]


def _tier_of(kind, record, tier, query):
    """Raise an episode to EXACT if the query is the whole title of its series and its code or number."""
    if kind.name != "episode" or not query.series_words or not query.episode_number:
        return tier
    codes = (episode_code(record.season.number, number) for number in record.covered_numbers)
    numbers = record.covered_numbers, record.covered_overall_numbers
    is_episode = query.code in codes if query.code else any(query.number in covered for covered in numbers)
    is_series = name_key(record.series.title) == name_key(" ".join(query.series_words))
    return Tier.EXACT if is_episode and is_series else tier


def _search_inside_words(query):
    """Return groups of records with names that contain all words anywhere: "ong" matches The Long Way."""
    groups = []
    for kind in RECORD_KINDS:
        rank_keys = fuzzy.rank_keys_containing(kind.name, query, MAX_CANDIDATES)
        records, tiers = _load_records(kind, [(Tier.TEXT, rank_key) for rank_key in rank_keys], query)
        if records:
            groups.append(SearchGroup(kind.name, kind.label, len(rank_keys), records, tiers))
    return groups


def add_near_records(groups, correction):
    """Add the other records with names near the original text to the groups of its correction.

    Names as near as the correction are inserted behind the first record, others behind them and the exact matches.
    """
    groups_by_kind = {group.kind: group for group in groups}
    for kind in RECORD_KINDS:
        group = groups_by_kind.get(kind.name) or SearchGroup(kind.name, kind.label, 0, [], [])
        existing_keys = {record.pk for record in group.records}
        edits_by_pk = {
            match.pk: match.edits
            for match in correction.matches
            if match.kind == kind.name and match.pk not in existing_keys
        }
        records = kind.queryset().in_bulk(edits_by_pk)
        if not records:
            continue
        near_records = {pk: records[pk] for pk in edits_by_pk if pk in records}
        as_near_records = [record for pk, record in near_records.items() if edits_by_pk[pk] == correction.edits]
        farther_records = [record for pk, record in near_records.items() if edits_by_pk[pk] != correction.edits]
        exact_total = sum(tier == Tier.EXACT for tier in group.tiers)
        farther_position = exact_total + len(as_near_records)
        for position, added in ((min(1, exact_total), as_near_records), (farther_position, farther_records)):
            group.records[position:position] = added
            group.tiers[position:position] = [Tier.WORDS] * len(added)
            group.total += len(added)
        del group.records[RECORDS_PER_KIND:], group.tiers[RECORDS_PER_KIND:]
        groups_by_kind[kind.name] = group
    return _sort_groups(groups_by_kind[kind.name] for kind in RECORD_KINDS if kind.name in groups_by_kind)
