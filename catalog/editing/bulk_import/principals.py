"""The stage of a bulk import that reads title.principals: the credits, quick enough for millions of lines."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any, NamedTuple

from catalog.editing.bulk_import.job import Job, Rows
from catalog.editing.bulk_import.progress import scratch_inserter
from catalog.editing.bulk_import.rows import RowInserter, execute, stream
from catalog.editing.bulk_import.values import id_number
from catalog.editing.role_matching import RoleLookup
from catalog.models import Character, Credit, Role
from catalog.models.bounds import max_length
from catalog.sources.cell_values import PLACEHOLDERS, is_placeholder
from catalog.sources.document import plain_text
from catalog.sources.imdb import MAX_JOB_LENGTH, read_characters
from catalog.sources.imdb_roles import SERIES_ROLES, role_and_note
from catalog.sources.person_names import read_name
from catalog.sources.role_words import is_for_some_episodes
from catalog.sources.tsv_files import NULL

LINES_OF_A_PART = 2_000_000  # committed together
MAX_CACHED_KEYS, MAX_CACHED_LISTS = 300_000, 100_000  # 250 and 350 bytes each
MIN_DIGITS = 7  # of an id
MAX_CHARACTER_LENGTH = max_length(Character, "name")
MAX_CREDITED_AS_LENGTH, MAX_NOTE_LENGTH = max_length(Credit, "credited_as"), max_length(Credit, "note")
EPISODES = (
    'SELECT e.id, s.series_id FROM "catalog_episode" e JOIN "catalog_season" s ON s.id = e.season_id ORDER BY e.id'
)
PRINCIPAL_COLUMNS = "tconst", "nconst", "category", "job", "characters"
CREDIT_COLUMNS = "person_id", "role_id", "episode_id", "character_id", "credited_as", "note"
# One name of words with single spaces, which no rule of names, JSON or HTML changes: it takes a tenth of the time.
SIMPLE_CHARACTER = re.compile(r'\["([^\W_][\w.,\'’]*(?: [^\W_][\w.,\'’]*)*)"\]')
SELF = "self"
NO_CHARACTERS = PLACEHOLDERS | {SELF}
NO_CHARACTER: list[tuple[int | None, str, str]] = [(None, "", "")]


class StatedRole(NamedTuple):
    """A category and a job as a role of the vocabulary."""

    key: int
    note: str
    is_cast: bool
    is_of_series: bool  # IMDb repeats it on every episode
    for_some: bool  # on a series: for some of its episodes


class TitleOwners:
    """The imported titles: sorted arrays, 16 bytes for each episode."""

    def __init__(self) -> None:
        self._episodes, self._parents = array("q"), array("q")
        for key, series in stream(EPISODES):
            self._episodes.append(key)
            self._parents.append(series)
        self._series = {key for (key,) in stream('SELECT id FROM "catalog_series"')}

    def find(self, number: int | None) -> tuple[int | None, int] | None:
        """(episode or None, series) of a title; None if it is not imported."""
        if number is None:
            return None
        if number in self._series:
            return None, number
        position = bisect_left(self._episodes, number)
        if position < len(self._episodes) and self._episodes[position] == number:
            return number, self._parents[position]
        return None


class CharacterKeys:
    """The keys of characters by series and name. A cache of bounded size; beyond it the database is asked."""

    def __init__(self) -> None:
        self._keys: dict[tuple[int, str], int] = {}
        self._new: list[tuple[int, int, str]] = []
        self._last = execute("SELECT COALESCE(MAX(id), 0) FROM bulk_import_character")[0][0]
        self._is_complete = True
        if self._last:
            self._ask_database()
        self._inserter = scratch_inserter("bulk_import_character")

    def key(self, series: int, name: str) -> int:
        """The key of a character, a new one if the series has none of this name."""
        key = self._keys.get((series, name))
        if key is None:
            key = None if self._is_complete else self._stored_key(series, name)
            if key is None:
                key = self._last = self._last + 1
                self._new.append((key, series, name))
            self._keys[series, name] = key
        return key

    def _stored_key(self, series: int, name: str) -> int | None:
        query = "SELECT id FROM bulk_import_character WHERE series = %s AND name = %s"
        rows = execute(query, [series, name])
        return rows[0][0] if rows else None

    def store(self) -> None:
        """Store the new characters; forget them if they are too many."""
        self._inserter.insert(self._new)
        self._new.clear()
        if len(self._keys) > MAX_CACHED_KEYS:
            self._keys.clear()
            self._ask_database()

    def _ask_database(self) -> None:
        self._is_complete = False
        execute("CREATE INDEX IF NOT EXISTS bulk_import_character_name ON bulk_import_character (series, name)")


class PrincipalReader:
    """Makes rows of credits of lines. What lines repeat is cached: roles, and the characters of a series."""

    def __init__(self, job: Job) -> None:
        self.progress = job.progress
        self.lookup = RoleLookup.load()
        self.characters = CharacterKeys()
        self.owners = TitleOwners()
        self.last_number = execute("SELECT COUNT(*) FROM bulk_import_series_credit")[0][0]
        self._roles: dict[tuple[str, str], StatedRole | None] = {}
        self._lists: dict[tuple[int, str], list[tuple[int | None, str, str]]] = {}
        self._title, self._owner = "", self.owners.find(None)
        self._used: set[tuple[int, int, int | None]] = set()  # credits of the title

    def read(self, lines: Rows) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        """The rows of credits on episodes and of those on series."""
        rows: list[tuple[Any, ...]] = []
        series_rows: list[tuple[Any, ...]] = []
        title, owner, used, roles, lists = self._title, self._owner, self._used, self._roles, self._lists
        for tconst, nconst, category, job_text, characters in lines:
            if tconst != title:
                title, used = tconst, set()
                owner = self.owners.find(id_number(tconst, "tt"))
            if owner is None:
                continue
            stated = roles.get((category, job_text)) or self._role(category, job_text)
            digits = nconst[2:]
            if stated is None or nconst[:2] != "nm" or len(digits) < MIN_DIGITS or not digits.isdecimal():
                if stated:
                    self.progress.omit("Credits whose person has no id of IMDb", nconst[:20])
                continue
            episode, series = owner
            person, (role, role_note, is_cast, is_of_series, for_some) = int(digits), stated
            parts = NO_CHARACTER
            if is_cast and characters != NULL:
                parts = lists.get((series, characters)) or self._read_characters(series, characters)
            for character, credited_as, note in parts:
                note = f"{note}, {role_note}"[:MAX_NOTE_LENGTH] if note and role_note else note or role_note
                if episode is None or is_of_series:
                    self.last_number += 1
                    subject = self.last_number, int(tconst[2:]), series
                    series_rows.append((*subject, person, role, character, credited_as, note, for_some))
                elif (person, role, character) not in used:
                    used.add((person, role, character))
                    rows.append((person, role, episode, character, credited_as, note))
        self._title, self._owner, self._used = title, owner, used
        self._limit_caches()
        return rows, series_rows

    def _limit_caches(self) -> None:
        for cache in (self._roles, self._lists):
            if len(cache) > MAX_CACHED_LISTS:
                cache.clear()
        self.characters.store()

    def _role(self, category: str, job_text: str) -> StatedRole | None:
        """Look a category and a job up, and count what the vocabulary lacks."""
        job_words = "" if job_text == NULL else plain_text(job_text)[:MAX_JOB_LENGTH]
        word, note = role_and_note(category, job_words)
        role = self.lookup.by_slug.get(word) or next(iter(self.lookup.find(word) or ()), None)
        if not isinstance(role, Role):
            self.progress.omit("Credits in roles that the vocabulary lacks", word[:40])
            return None
        stated = StatedRole(role.pk, note, word == "cast", word in SERIES_ROLES, is_for_some_episodes(word))
        self._roles[category, job_text] = stated
        return stated

    def _read_characters(self, series: int, text: str) -> list[tuple[int | None, str, str]]:
        """(key, name on the screen, note) of the characters in a cell."""
        parts: list[tuple[int | None, str, str]]
        simple = SIMPLE_CHARACTER.fullmatch(text)
        if simple and simple[1].casefold().replace(".", "") not in NO_CHARACTERS:
            parts = [(self.characters.key(series, simple[1]), "", "")]
        else:
            parts = [self._read_character(series, name) for name in read_characters(text)]
        self._lists[series, text] = parts
        return parts

    def _read_character(self, series: int, name: str) -> tuple[int | None, str, str]:
        details = read_name(plain_text("" if name.casefold() == SELF else name))
        key = None
        if len(details.name) > MAX_CHARACTER_LENGTH:
            self.progress.omit(f"Names of characters of more than {MAX_CHARACTER_LENGTH} characters", name[:40])
        elif not is_placeholder(details.name):
            key = self.characters.key(series, details.name)
        note = ", ".join(details.notes)[:MAX_NOTE_LENGTH]
        return key, details.credited_as[:MAX_CREDITED_AS_LENGTH], note


def read_principals(job: Job, position: int) -> Iterator[int]:
    """Add the credits on episodes; those on series are stored, as IMDb repeats some of them."""
    credits, series_credits = RowInserter.of(Credit, *CREDIT_COLUMNS), scratch_inserter("bulk_import_series_credit")
    reader, committed = PrincipalReader(job), position
    for line_count, lines in job.blocks("title.principals", *PRINCIPAL_COLUMNS, start=position):
        rows, series_rows = reader.read(lines)
        credits.insert(rows)
        series_credits.insert(series_rows)
        position += line_count
        if position - committed >= LINES_OF_A_PART:
            committed = position
            yield position
