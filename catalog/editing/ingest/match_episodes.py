"""Find the episode of the catalogue, or of another source, that each episode of a source is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from catalog.editing.ingest.recorded import RecordedSeries
from catalog.editing.ingest.stated_values import title_key
from catalog.models import Episode, Season, Series
from catalog.models.series import episode_code, episode_name, season_name
from catalog.sources.series_claims import ExternalIds, PlacedEpisode, SeriesClaims

MAX_SEASON, MAX_NUMBER = 9999, 32767
Numbers = tuple[int, int]  # the numbers of season and episode


@dataclass
class MatchedEpisode:
    """An episode with what each source states of it.

    ``displaced`` are the sources whose title of this number is another episode's: they number the episodes otherwise,
    so all that they state here may be about that other one.
    """

    record: Episode
    stated: dict[int, PlacedEpisode] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    displaced: dict[int, str] = field(default_factory=dict)  # why, by source

    @property
    def numbers(self) -> Numbers:
        """The numbers of season and episode."""
        return self.record.season.number, self.record.number

    @property
    def title(self) -> str:
        """The recorded title, else the first that a source states."""
        titles = (str(placed.claim.values.get("title") or "") for placed in self.stated.values())
        return self.record.title or next(filter(None, titles), "")

    @property
    def last_number(self) -> int:
        """The last number that the episode covers, as recorded or as the first source with more than one states it."""
        if self.record.pk is not None:
            return self.record.covered_numbers[-1]
        lasts = (placed.claim.values.get("last_number") for placed in self.stated.values())
        return next((last for last in lasts if isinstance(last, int)), self.record.number)


class EpisodeMatcher:
    """Matches the episodes of sources one after the other: a later source is compared with the earlier ones, too."""

    def __init__(self, series: Series, recorded: RecordedSeries, publishers: Sequence[str]) -> None:
        self.series, self.publishers = series, publishers
        self.seasons: dict[int, Season] = dict(recorded.seasons)
        self.episodes: dict[Numbers, MatchedEpisode] = {
            numbers: MatchedEpisode(episode) for numbers, episode in recorded.episodes.items()
        }
        self.left_out: list[tuple[int, str]] = []  # (source, sentence)
        references = {f"episode:{episode.pk}": numbers for numbers, episode in recorded.episodes.items()}
        self._by_id: dict[tuple[str, str], Numbers] = {
            (name.removeprefix("id."), value): references[reference]
            for (reference, name), values in recorded.values.items()
            if reference in references and name.startswith("id.")
            for value in values
        }

    def match(self, sources: Sequence[SeriesClaims]) -> None:
        """Match the episodes of all sources; those without a number last, by what the others state."""
        for source, claims in enumerate(sources):
            for number in stated_seasons(claims):
                self.season(number)
            for placed in claims.episodes:
                if placed.claim.number is not None:
                    self._match_numbered(source, placed)
        for source, claims in enumerate(sources):
            for placed in claims.episodes:
                if placed.claim.number is None:
                    self._match_unnumbered(source, placed)
        self._note_other_numbering()

    def season(self, number: int) -> Season | None:
        """The season of a number, a new one if there is none; None if no season can have the number."""
        if number not in self.seasons and 0 <= number <= MAX_SEASON:
            self.seasons[number] = Season(series=self.series, number=number)
        return self.seasons.get(number)

    def in_order(self) -> list[MatchedEpisode]:
        """The episodes of which a source states something, by season and number."""
        return [episode for _, episode in sorted(self.episodes.items()) if episode.stated]

    def _match_numbered(self, source: int, placed: PlacedEpisode) -> None:
        number = placed.claim.number or 0
        season = self.season(placed.season)
        if season is None or not 0 <= number <= MAX_NUMBER:
            self._leave_out(source, placed, "its number is too high")
            return
        episode = self._with_id(placed.external_ids) or self.episodes.get((placed.season, number))
        if episode is None:
            covering = self._covering(placed.season, number)
            if covering is not None:
                self._leave_out(source, placed, f"its number is part of {covering.record.code}")
                return
            episode = self.episodes[placed.season, number] = MatchedEpisode(Episode(season=season, number=number))
        elif episode.numbers != (placed.season, number):
            episode.notes.append(f"{self.publishers[source]} numbers it {episode_code(placed.season, number)}.")
        self._state(source, placed, episode)

    def _match_unnumbered(self, source: int, placed: PlacedEpisode) -> None:
        title, date = (placed.claim.values.get(name) or "" for name in ("title", "air_date"))
        in_season = [
            episode
            for (season, _), episode in self.episodes.items()
            if season == placed.season and source not in episode.stated
        ]
        with_title = [episode for episode in in_season if title and title_key(episode.title) == title_key(str(title))]
        with_date = [episode for episode in in_season if date and len(str(date)) == 10 and date in _dates(episode)]
        episode = self._with_id(placed.external_ids) or _only(with_title) or _only(with_date)
        if episode is None:
            self._leave_out(source, placed, "it has no number")
        else:
            self._state(source, placed, episode)

    def _state(self, source: int, placed: PlacedEpisode, episode: MatchedEpisode) -> None:
        if source in episode.stated:
            self._leave_out(source, placed, f"{episode.record.code} is stated twice")
            return
        episode.stated[source] = placed
        for external_id in placed.external_ids:
            self._by_id.setdefault(external_id, episode.numbers)

    def _with_id(self, external_ids: ExternalIds) -> MatchedEpisode | None:
        keys = [self._by_id[external_id] for external_id in external_ids if external_id in self._by_id]
        return self.episodes[keys[0]] if keys else None

    def _covering(self, season: int, number: int) -> MatchedEpisode | None:
        """The double episode that covers a number behind its first."""
        keys = [numbers for numbers in self.episodes if numbers[0] == season and numbers[1] < number]
        previous = self.episodes[max(keys)] if keys else None
        return previous if previous is not None and previous.last_number >= number else None

    def _leave_out(self, source: int, placed: PlacedEpisode, reason: str) -> None:
        title = str(placed.claim.values.get("title") or "")
        name = episode_name(title, placed.claim.number, None) if placed.claim.number is not None else title
        label = f"“{name[:100]}”" if name else "An episode"
        self.left_out.append((source, f"{label} of {season_name(placed.season).lower()} is left out: {reason}."))

    def _note_other_numbering(self) -> None:
        """Note where a source gives an episode the title of another one."""
        by_title: dict[str, list[MatchedEpisode]] = defaultdict(list)
        for episode in self.episodes.values():
            if key := title_key(episode.title):
                by_title[key].append(episode)
        for episode in self.episodes.values():
            for source, placed in episode.stated.items():
                key = title_key(str(placed.claim.values.get("title") or ""))
                others = by_title.get(key, [])
                if len(others) == 1 and others[0] is not episode and title_key(episode.title) != key:
                    note = f"{self.publishers[source]} numbers otherwise: it has here the title of {_code(others[0])}."
                    episode.displaced[source] = note
                    episode.notes.append(note)


def stated_seasons(claims: SeriesClaims) -> set[int]:
    """The numbers of the seasons of which a source states something beside their episodes."""
    scored = {review.season for review in claims.reviews if review.season is not None}
    return {season.number for season in claims.seasons} | scored


def _code(episode: MatchedEpisode) -> str:
    return episode_code(*episode.numbers)


def _dates(episode: MatchedEpisode) -> set[object]:
    return {episode.record.air_date, *(placed.claim.values.get("air_date") for placed in episode.stated.values())}


def _only(episodes: Iterable[MatchedEpisode]) -> MatchedEpisode | None:
    first, *others = [*episodes, None]
    return first if len(others) == 1 else None
