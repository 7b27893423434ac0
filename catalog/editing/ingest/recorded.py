"""What the catalogue has about a series: each row by the fact and the value that it records, and what editors removed.

All is read with a constant number of queries, however many episodes there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Model, Q

from catalog.editing.ingest.plan import FactKind
from catalog.editing.ingest.stated_values import alike, character_key, credit_key, fact_name
from catalog.models import (
    Alias,
    AlternativeTitle,
    Character,
    Credit,
    Episode,
    ExternalId,
    Person,
    Review,
    Season,
    Series,
    SeriesCompany,
)
from catalog.models.change import record_reference
from catalog.models.compiled_query import batches

FactKey = tuple[str, str]  # reference of a record such as “episode:12”, and the name of a fact by ``fact_name``
LINKED_FIELDS = ("genres", "countries", "languages")


@dataclass(frozen=True)
class RecordedValue:
    """A recorded value in words; ``row`` is the row that holds it if that is not the record itself."""

    words: str
    row: Model | None = None
    characters: tuple[str, ...] = ()  # of a credit: the names of its character, the one that is shown first


@dataclass
class RecordedSeries:
    """Seasons, episodes and rows of a series. ``values`` has the rows of each fact by the key of their value."""

    seasons: dict[int, Season] = field(default_factory=dict)
    episodes: dict[tuple[int, int], Episode] = field(default_factory=dict)  # by the numbers of season and episode
    values: dict[FactKey, dict[str, RecordedValue]] = field(default_factory=lambda: defaultdict(dict))
    people: set[int] = field(default_factory=set)  # primary keys of those with a credit

    @classmethod
    def load(cls, series: Series | None) -> RecordedSeries:
        """Read a series; nothing for a new one."""
        recorded = cls()
        if series is None or series.pk is None:
            return recorded
        recorded.seasons = {season.number: season for season in Season.objects.filter(series=series)}
        for season in recorded.seasons.values():
            season.series = series
        seasons = {season.pk: season for season in recorded.seasons.values()}
        for episode in Episode.objects.filter(season__in=seasons).order_by("season__number", "number"):
            episode.season = seasons[episode.season_id]
            recorded.episodes[episode.season.number, episode.number] = episode
        recorded._load_rows(series)
        return recorded

    def load_people(self, people: Iterable[Person]) -> None:
        """Read the aliases and external ids of people."""
        for batch in batches([person.pk for person in people]):
            for alias in Alias.objects.filter(person__in=batch):
                self._add_owned(alias, "person", "alias", alike(alias.name), alias.name)
            self._load_ids("person", batch)

    def _load_ids(self, kind: str, keys: list[int]) -> None:
        for external_id in ExternalId.objects.filter(**{f"{kind}__in": keys}):
            name = fact_name(FactKind.EXTERNAL_ID, external_id.scheme)
            self._add_owned(external_id, kind, name, external_id.value, external_id.value)

    def _load_rows(self, series: Series) -> None:
        for name in LINKED_FIELDS:
            for link in getattr(series, name).all():
                self._add(series, name, str(link.pk), RecordedValue(str(link)))
        for part in SeriesCompany.objects.filter(series=series).select_related("company"):
            name = fact_name(FactKind.COMPANY, part.part)
            self._add(series, name, str(part.company_id), RecordedValue(str(part.company), part))
        seasons = [season.pk for season in self.seasons.values()]
        episodes = [episode.pk for episode in self.episodes.values()]
        owners: dict[str, list[int]] = {"series": [series.pk], "season": seasons, "episode": episodes}
        for kind, keys in owners.items():
            for batch in batches(keys):
                self._load_owned(kind, batch)

    def _load_owned(self, kind: str, keys: list[int]) -> None:
        """Read the rows that belong to series, seasons or episodes."""
        owner_in = Q(**{f"{kind}__in": keys})
        credits = Credit.objects.filter(owner_in).select_related("person", "role", "character")
        for credit in credits.prefetch_related("character__aliases").order_by("billing", "pk"):
            self.people.add(credit.person_id)
            characters = _names_of(credit.character)
            words = f"{credit.person} as {characters[0]}" if characters else str(credit.person)
            key = credit_key(str(credit.person_id), character_key(characters[0] if characters else ""))
            value = RecordedValue(words, credit, characters)
            self.values[f"{kind}:{getattr(credit, f'{kind}_id')}", credit.role.slug].setdefault(key, value)
        self._load_ids(kind, keys)
        if kind != "season":
            for title in AlternativeTitle.objects.filter(owner_in):
                self._add_owned(title, kind, fact_name(FactKind.TITLE, title.kind), alike(title.title), title.title)
        for review in Review.objects.filter(owner_in, kind=Review.Kind.CRITICS):
            score, scale = review.score.normalize(), review.scale.normalize()
            name = fact_name(FactKind.REVIEW, review.aggregator)
            self._add_owned(review, kind, name, f"{score:f}/{scale:f}", f"{score:f}/{scale:f}")

    def _add_owned(self, row: Model, kind: str, name: str, key: str, words: str) -> None:
        reference = f"{kind}:{getattr(row, f'{kind}_id')}"
        self.values[reference, name].setdefault(key, RecordedValue(words, row))

    def _add(self, record: Model, name: str, key: str, value: RecordedValue) -> None:
        self.values[record_reference(type(record), record.pk), name].setdefault(key, value)


def _names_of(character: Character | None) -> tuple[str, ...]:
    if character is None:
        return ()
    names = (character.full_name, character.name, *(alias.name for alias in character.aliases.all()))
    return tuple(dict.fromkeys(filter(None, names)))
