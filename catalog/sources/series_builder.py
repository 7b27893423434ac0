"""Collect what the files of one source state about one series: each episode, person and sentence once."""

from dataclasses import replace

from catalog.partial_date import PartialDate
from catalog.sources.cell_values import is_placeholder, parse_code, parse_date, parse_minutes
from catalog.sources.claims import CreditClaim, EpisodeClaim, FieldValue
from catalog.sources.document import plain_text
from catalog.sources.external_ids import is_title_id
from catalog.sources.person_names import is_person_name, read_name
from catalog.sources.series_claims import (
    ExternalIds,
    OtherTitle,
    PersonClaim,
    PersonCredit,
    PlacedEpisode,
    SeasonClaim,
    SeriesClaims,
    SourceError,
    SourceFacts,
)
from catalog.sources.title_words import is_placeholder_title

MAX_TITLE_LENGTH = 200
MAX_CHARACTER_LENGTH = 160
MAX_CODE_LENGTH = 40
MAX_OTHER_NAMES = 20  # of a person
MAX_EPISODE_NUMBER = 9999


class SeriesBuilder:
    """The claims of one series while its files are read."""

    def __init__(self, source: SourceFacts) -> None:
        self.claims = SeriesClaims(source)
        self._people: dict[ExternalIds, PersonClaim] = {}
        self._seasons: dict[int, SeasonClaim] = {}
        self._episodes: dict[tuple[int, int | str], PlacedEpisode] = {}
        self._credits: set[tuple[object, ...]] = set()
        self._titles: set[tuple[int, str]] = set()
        self._sentences: dict[str, None] = {}

    def finish(self) -> SeriesClaims:
        """The claims, with every person as they were stated in all files."""
        claims = self.claims
        claims.unmapped = list(self._sentences)
        claims.seasons = sorted(self._seasons.values(), key=lambda season: season.number)
        claims.episodes = list(self._episodes.values())
        claims.credits = self._united(claims.credits)
        for season in claims.seasons:
            season.credits = self._united(season.credits)
        for episode in claims.episodes:
            episode.people = [self._people.get(person.external_ids, person) for person in episode.people]
        return claims

    def _united(self, credits: list[PersonCredit]) -> list[PersonCredit]:
        return [
            replace(credit, person=self._people.get(credit.person.external_ids, credit.person)) for credit in credits
        ]

    def unmapped(self, sentence: str) -> None:
        """Say once what has no place."""
        self._sentences[sentence] = None

    # Values

    def title(self, text: str, what: str = "The title") -> str:
        """A title that can be stored; empty for a placeholder."""
        text = plain_text(text)
        if len(text) > MAX_TITLE_LENGTH:
            self.unmapped(f"{what} “{text[:40]}…” is longer than {MAX_TITLE_LENGTH} characters.")
            return ""
        return text

    def date(self, text: str, what: str) -> PartialDate | None:
        """A date; what is no date is unmapped."""
        try:
            return parse_date(plain_text(text))
        except ValueError as error:
            self.unmapped(f"{what}: {error}.")
            return None

    def minutes(self, value: str | int | None, what: str) -> int | None:
        """A running time; 0 is not stated."""
        try:
            return parse_minutes(str(value)) if value not in (None, "", 0, "0") else None
        except ValueError as error:
            self.unmapped(f"{what}: {error}.")
            return None

    def code(self, text: str, what: str) -> str:
        """A production code; one that is too long is unmapped."""
        code = parse_code(text)
        if len(code) > MAX_CODE_LENGTH:
            self.unmapped(f"{what}: the production code “{code[:40]}…” is longer than {MAX_CODE_LENGTH} characters.")
            return ""
        return code

    def set_values(self, values: dict[str, FieldValue], what: str, **stated: FieldValue) -> None:
        """Set fields that are not empty; if two files differ, the first holds and the other is unmapped."""
        for name, value in stated.items():
            if value is None or value == "":
                continue
            if values.setdefault(name, value) != value:
                label = name.replace("_", " ")
                self.unmapped(f"{what}: the {label} is “{values[name]}” in one file and “{value}” in another.")

    def set_series(self, **stated: FieldValue) -> None:
        """Set fields of the series; a second title becomes an alternative one."""
        self._set_title(self.claims.values, self.claims.other_titles, stated)
        self.set_values(self.claims.values, "The series", **stated)

    def _set_title(
        self, values: dict[str, FieldValue], titles: list[OtherTitle], stated: dict[str, FieldValue]
    ) -> None:
        title = stated.get("title")
        if title and values.get("title", title) != title:
            self._add_title(titles, OtherTitle(str(stated.pop("title"))))

    def add_title(self, owner: SeriesClaims | PlacedEpisode, text: str, title: str = "", **facts: str) -> None:
        """Add another title than ``title``, once."""
        text = self.title(text, "The other title")
        if text != title:
            self._add_title(owner.other_titles, OtherTitle(text, **facts))

    def _add_title(self, titles: list[OtherTitle], title: OtherTitle) -> None:
        """Add a title once, whatever its country."""
        key = (id(titles), title.title)
        if title.title and key not in self._titles:
            self._titles.add(key)
            titles.append(title)

    def add_to_list(self, name: str, *texts: str) -> None:
        """Add names of linked records, each once."""
        values = self.claims.lists.setdefault(name, [])
        values += [text for text in dict.fromkeys(texts) if text and text not in values]
        if not values:
            del self.claims.lists[name]

    def add_company(self, list_name: str, name: str, scheme: str = "", value: str = "") -> None:
        """Add a network or other company, with its id."""
        name = self.title(name, "The company")
        self.add_to_list(list_name, name)
        if name and is_title_id(scheme, value):
            ids = self.claims.company_ids.get(name, ())
            if (scheme, value) not in ids:
                self.claims.company_ids[name] = (*ids, (scheme, value))

    def add_series_ids(self, **values: str) -> None:
        """Add external ids; files of two series are refused, invalid ids are unmapped."""
        self.claims.external_ids = self.add_ids(self.claims.external_ids, "The series", is_key=True, **values)

    def add_ids(self, ids: ExternalIds, what: str, *, is_key: bool = False, **values: str) -> ExternalIds:
        """``ids`` with further ones; schemes have underscores here."""
        for name, value in values.items():
            scheme, current = name.replace("_", "-"), dict(ids).get(name.replace("_", "-"))
            if not value or value == "0" or value == current:
                continue
            if not is_title_id(scheme, value):
                self.unmapped(f"{what}: “{value[:40]}” is no {scheme} id.")
            elif current is None:
                ids = (*ids, (scheme, value))
            elif is_key:
                raise SourceError(f"The files are about two series: {scheme} {current} and {scheme} {value}.")
            else:
                self.unmapped(f"{what} has two {scheme} ids, {current} and {value}.")
        return ids

    # Seasons and episodes

    def season(self, number: int) -> SeasonClaim:
        """The season of this number."""
        if not 0 <= number <= MAX_EPISODE_NUMBER:
            raise SourceError(f"{number} is no number of a season.")
        return self._seasons.setdefault(number, SeasonClaim(number))

    def episode(self, season: int | None, number: int | None, key: str = "", locator: str = "") -> PlacedEpisode:
        """The episode of this place; one without a number is found again by ``key``."""
        if season is None or not 0 <= season <= MAX_EPISODE_NUMBER:
            raise SourceError(f"{locator or 'An episode'} has no number of a season.")
        if number is not None and not 0 <= number <= MAX_EPISODE_NUMBER:
            raise SourceError(f"{number} is no number of an episode in season {season}.")
        position = (season, key if number is None else number)
        episode = PlacedEpisode(season, EpisodeClaim(number), locator=locator)
        return self._episodes.setdefault(position, episode)

    def set_episode(self, episode: PlacedEpisode, **stated: FieldValue) -> None:
        """Set fields of an episode; a second title becomes an alternative one, and “Episode 12” is doubtful."""
        if is_placeholder_title(str(stated.get("title") or "")):
            episode.claim.doubtful.add("title")
        self._set_title(episode.claim.values, episode.other_titles, stated)
        number = "" if episode.claim.number is None else f", episode {episode.claim.number}"
        self.set_values(episode.claim.values, f"Season {episode.season}{number}", **stated)

    # People

    def person(self, name: str, ids: ExternalIds = (), *other_names: str, **values: FieldValue) -> PersonClaim | None:
        """A person; the same ids under another name are the same person. None for a placeholder."""
        name = plain_text(name)
        if is_placeholder(name):
            return None
        if not is_person_name(name):
            self.unmapped(f"“{name[:40]}” is not a name.")
            return None
        former = self._people.get(ids) if ids else None
        names = (*(former.other_names if former else ()), name, *filter(is_person_name, map(plain_text, other_names)))
        first = former.name if former else name
        others = tuple(dict.fromkeys(other for other in names if other != first))[:MAX_OTHER_NAMES]
        stated = dict(former.values if former else ()) | {key: value for key, value in values.items() if value}
        person = PersonClaim(first, ids, others, tuple(stated.items()))
        if ids:
            self._people[ids] = person
        return person

    def add_credit(
        self,
        owner: SeriesClaims | SeasonClaim | PlacedEpisode,
        role: str,
        person: PersonClaim | None,
        *,
        kind: str = "",
        character: str = "",
        note: str = "",
        for_some_episodes: bool = False,
    ) -> None:
        """Add a credit unless the person has the same one. Brackets behind a character are read."""
        if person is None:
            return
        details = read_name(plain_text(character))
        character = "" if is_placeholder(details.name) else details.name
        if len(character) > MAX_CHARACTER_LENGTH:
            self.unmapped(f"{person.name}: the character “{character[:40]}…” is too long.")
            character = ""
        notes = ", ".join(filter(None, (*details.notes, note)))
        key = (id(owner), role, person.external_ids or person.name, character)
        if key in self._credits:
            return
        self._credits.add(key)
        claim = CreditClaim(role, person.name, kind, character, details.credited_as, notes)
        if isinstance(owner, PlacedEpisode):
            owner.claim.credits.append(claim)
            owner.people.append(person)
        else:
            owner.credits.append(PersonCredit(replace(claim, for_some_episodes=for_some_episodes), person))
