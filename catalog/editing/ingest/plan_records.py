"""List the records of an import with what each source states about them, before it is compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from catalog.editing.ingest.match_episodes import MAX_NUMBER, EpisodeMatcher, MatchedEpisode, stated_seasons
from catalog.editing.ingest.plan import ImportPlan, ImportRecord, PlannedPerson, PlannedRecord
from catalog.editing.ingest.stated_credits import StatedCredit, StatedCredits
from catalog.editing.ingest.stated_facts import PLACEHOLDER, RecordFacts
from catalog.editing.ingest.stated_people import StatedPeople
from catalog.editing.ingest.stated_values import alike
from catalog.editing.ingest.stated_words import COMPANY_PARTS, StatedCompanies, StatedWords
from catalog.editing.permissions import is_draft
from catalog.models import Person, Season
from catalog.search.tokenizer import name_key
from catalog.sources.claims import FieldValue
from catalog.sources.series_claims import PlacedEpisode, SeriesClaims


class RecordPlanner:
    """Adds the records of a plan and the cells of their facts."""

    def __init__(
        self,
        plan: ImportPlan,
        publishers: Sequence[str],
        credits: StatedCredits,
        people: StatedPeople,
        may_add_people: bool,
    ) -> None:
        self.plan, self.publishers, self.credits, self.people = plan, publishers, credits, people
        self.may_add_people = may_add_people
        self._episodes: Mapping[tuple[int, int], MatchedEpisode] = {}
        self.claims: list[SeriesClaims] = [source.claims for source in plan.sources]

    def add_series(self) -> None:
        """Add the series with values, links, companies, titles, scores and credits."""
        series = self.plan.series
        titles = [str(claims.values.get("title") or "") for claims in self.claims]
        facts = self._start("series", series.title or next(filter(None, titles), "New series"), series)
        words, companies = StatedWords.load(), StatedCompanies.load(self.claims)
        main_titles = {alike(title) for title in (series.title, *titles) if title}
        for source, claims in enumerate(self.claims):
            self._add_values(facts, source, claims.values)
            facts.add_ids(source, claims.external_ids)
            for list_name, texts in claims.lists.items():
                if list_name in COMPANY_PARTS:
                    for text in texts:
                        company, is_ambiguous = companies.claim(text, claims.company_ids.get(text, ()))
                        facts.add_company(source, COMPANY_PARTS[list_name], company, is_ambiguous)
                else:
                    self._add_links(facts, source, list_name, texts, words)
            for title in claims.other_titles:
                if alike(title.title) not in main_titles:
                    facts.add_title(source, title)
            for review in claims.reviews:
                if review.season is None:
                    facts.add_review(source, review)
            self._add_credits(facts, source, self.credits.of_series(source))

    def add_seasons(self, episodes: EpisodeMatcher) -> None:
        """Add each season that a source states, and its episodes behind it."""
        self._episodes = episodes.episodes
        by_season: dict[int, list[MatchedEpisode]] = defaultdict(list)
        for episode in episodes.in_order():
            by_season[episode.record.season.number].append(episode)
        stated = {number for claims in self.claims for number in stated_seasons(claims)} | by_season.keys()
        for number, season in sorted(episodes.seasons.items()):
            if number in stated:
                self._add_season(season)
                for episode in by_season[number]:
                    self._add_episode(episode)

    def add_people(self) -> None:
        """Add everybody who is settled with dates, other names and identifiers."""
        existing = Person.objects.in_bulk(
            {person.answer for person in self.plan.people.values() if isinstance(person.answer, int)}
        )
        facts_by_person: dict[int, RecordFacts] = {}  # two names may be one person of the catalogue
        for key, planned in self.plan.people.items():
            record = existing.get(planned.answer) if isinstance(planned.answer, int) else Person(name=planned.name)
            if planned.answer is None or record is None or not any(map(_has_facts, planned.claims.values())):
                continue
            facts = facts_by_person.get(record.pk or 0) or self._start(f"person.{key}", planned.name, record)
            if record.pk:
                facts_by_person[record.pk] = facts
            for source, claim in planned.claims.items():
                self._add_values(facts, source, dict(claim.values))
                facts.add_ids(source, claim.external_ids)
                for name in (claim.name, *claim.other_names):
                    if name_key(name) != name_key(record.name):
                        facts.add_alias(source, name)

    def _start(self, key: str, label: str, record: ImportRecord) -> RecordFacts:
        may_change = record.pk is None or self.plan.publishes or is_draft(record)
        planned = PlannedRecord(key, label, record, may_change=may_change)
        self.plan.records.append(planned)
        return RecordFacts(planned, self.may_add_people)

    def _add_values(
        self,
        facts: RecordFacts,
        source: int,
        values: Mapping[str, FieldValue],
        locator: str = "",
        doubtful: Mapping[str, str] | None = None,
        refused: Mapping[str, str] | None = None,
    ) -> None:
        for name in facts.add_values(source, values, locator, doubtful or {}, refused or {}):
            sentence = f"{facts.record.label}: there is no field for {name.replace('_', ' ')} “{values[name]}”."
            self.plan.unmapped.append((source, sentence))

    def _add_links(
        self, facts: RecordFacts, source: int, list_name: str, texts: Iterable[str], words: StatedWords
    ) -> None:
        for text in texts:
            records = words.find(list_name, text)
            for record in records:
                facts.add_link(source, list_name, record)
            if not records:
                label = list_name.replace("_", " ")
                self.plan.unmapped.append((source, f"“{text[:100]}” is none of the {label} of the vocabulary."))

    def _add_season(self, season: Season) -> None:
        facts = self._start(f"s{season.number:02d}", season.name, season)
        for source, claims in enumerate(self.claims):
            for claim in claims.seasons:
                if claim.number == season.number:
                    self._add_values(facts, source, claim.values)
                    facts.add_ids(source, claim.external_ids)
            for review in claims.reviews:
                if review.season == season.number:
                    facts.add_review(source, review)
            self._add_credits(facts, source, self.credits.of_season(source, season.number))

    def _add_episode(self, episode: MatchedEpisode) -> None:
        code, title = episode.record.code, episode.title
        facts = self._start(code, f"{code} {title}".strip(), episode.record)
        facts.record.notes += episode.notes
        for source, placed in episode.stated.items():
            claim, doubt = placed.claim, episode.displaced.get(source, "")
            notes = [note for note in (*claim.errors, *claim.notes) if note not in facts.record.notes]
            facts.record.notes += [f"{self.publishers[source]}: {note}" for note in notes]
            doubtful = dict.fromkeys(claim.values, doubt) if doubt else dict.fromkeys(claim.doubtful, PLACEHOLDER)
            values = claim.values if doubt else {"number": claim.number, **claim.values}
            self._add_values(facts, source, values, placed.locator, doubtful, self._overlaps(episode, placed))
            if not doubt:
                facts.add_ids(source, placed.external_ids, placed.locator)
            for other in placed.other_titles:
                if alike(other.title) not in {alike(title), alike(str(claim.values.get("title") or ""))}:
                    facts.add_title(source, other, placed.locator)
            self._add_credits(facts, source, self.credits.of_episode(placed), placed.locator, doubt)

    def _overlaps(self, episode: MatchedEpisode, placed: PlacedEpisode) -> dict[str, str]:
        """Why the last number of a double episode cannot be taken: another episode has one of its numbers."""
        (season, number), last = episode.numbers, placed.claim.values.get("last_number")
        covered = range(number + 1, min(last, MAX_NUMBER) + 1) if isinstance(last, int) else ()
        other = next((self._episodes[season, n] for n in covered if (season, n) in self._episodes), None)
        return {"last_number": f"{other.record.code} is an episode of its own."} if other else {}

    def _add_credits(
        self, facts: RecordFacts, source: int, credits: Iterable[StatedCredit], locator: str = "", doubt: str = ""
    ) -> None:
        for credit in credits:
            person: PlannedPerson = self.plan.people[self.people.person(source, credit.person).key]
            facts.add_credit(source, credit.claim, credit.role, person, locator=locator, doubt=doubt)


def _has_facts(claim: object) -> bool:
    return bool(getattr(claim, "values", ()) or getattr(claim, "external_ids", ()) or getattr(claim, "other_names", ()))
