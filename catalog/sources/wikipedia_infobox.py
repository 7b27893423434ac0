"""Read the infobox of a series, a season or an episode of Wikipedia, with its present and old parameter names."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from catalog.partial_date import PartialDate
from catalog.sources.cell_values import MAX_MINUTES, is_placeholder, parse_date, parse_minutes
from catalog.sources.claims import CreditClaim, FieldValue
from catalog.sources.linked_people import LinkedPeople
from catalog.sources.person_names import MAX_NAME_LENGTH, clean_text, is_person_name, read_name, split_teams
from catalog.sources.series_claims import OtherTitle, PersonCredit

# The names of parameters by what they mean. A role that is no slug is a word of the source.
ROLE_PARAMETERS = {
    "creator": ("creator", "creators", "created by"),
    "developer": ("developer", "developers", "developed by"),
    "showrunner": ("showrunner", "showrunners", "showrunner(s)"),
    "executive-producer": ("executive producer", "executive producers", "exec producer"),
    "co-executive-producer": ("co-executive producer", "co-executive producers", "co executive producer"),
    "supervising-producer": ("supervising producer", "supervised producer", "supervising producers"),
    "producer": ("producer", "producers", "produced by"),
    "co-producer": ("co-producer", "co producer", "co-producers"),
    "director": ("director", "directors", "directed by"),
    "writer": ("writer", "writers", "written by"),
    "story": ("story", "story by"),
    "teleplay": ("teleplay", "teleplay by"),
    "screenplay": ("screenplay", "screenplay by"),
    "cast": ("starring", "stars", "cast"),
    "voice": ("voices", "voices of"),
    "narrator": ("narrated", "narrator", "narrators", "narrated by"),
    "presenter": ("presenter", "presenters", "host", "hosted by", "presented by"),
    "guest": ("guests", "guest", "guest appearance", "guest appearances"),
    "composer": ("composer", "composers", "music", "music by"),
    "theme-music": ("theme music composer", "theme music"),
    "cinematographer": ("cinematography", "cinematographer", "cinematographers", "photographer", "photography"),
    "editor": ("editor", "editors", "edited by"),
    "Judges": ("judges",),
    "Animator": ("animator", "animators"),
}
LIST_PARAMETERS = {
    "genres": ("genre", "genres", "format"),
    "countries": ("country", "country of origin", "countries of origin"),
    "languages": ("language", "languages", "original language", "original languages"),
    "networks": ("network", "networks", "channel", "original network"),
    "production_companies": ("company", "companies", "production company", "production companies", "studio"),
    "distributors": ("distributor", "distributors"),
}
TEXT_PARAMETERS = {
    "camera_setup": ("camera", "camera setup"),
    "picture_format": ("picture format",),
    "audio_format": ("audio format",),
}
MAX_LENGTHS = {"camera_setup": 60, "picture_format": 80, "audio_format": 80}
PARAMETERS = {
    name: (kind, target)
    for kind, names_by_target in (("role", ROLE_PARAMETERS), ("list", LIST_PARAMETERS), ("text", TEXT_PARAMETERS))
    for target, names in names_by_target.items()
    for name in names
}
FIRST_DATES = ("first aired", "premiered", "first air date", "released", "release date", "airdate", "original release")
LAST_DATES = ("last aired", "last air date")
OTHER_TITLES = ("show name 2", "alt name", "native name", "alternative name", "alternative names", "also known as")
EPISODE_COUNTS = ("num episodes", "no. of episodes", "episodes")
SEASON_COUNTS = ("num seasons", "num series", "no. of seasons", "no. of series")
# Parameters that the reader of the article uses, or that are about the page.
ELSEWHERE = {"name", "show name", "title", "season name", "season number", "series", "season", "episode", "production"}
ELSEWHERE |= {"bgcolour", "fgcolour", "bgcolor", "fgcolor", "color text", "colour text", "colour", "color", "alt"}
ELSEWHERE |= {"image", "image size", "image upright", "image alt", "caption", "width", "italic title", "list episodes"}
ELSEWHERE |= {"episode list", "prev", "next", "prev season", "next season", "website title", "module", "autoconvert"}
ROLES_BY_EPISODE = {"writer", "story", "teleplay", "screenplay", "director", "composer", "cinematographer", "editor"}
BRACKETS_BEHIND = re.compile(r"\s*\(([^()]{1,80})\)$")
SUBHEADING = re.compile(r"(?:seasons?|series|episodes?)\s+[\d–-]+.*|.*:", re.IGNORECASE)
MINUTES_RANGE = re.compile(r"(\d{1,4})\s*(?:[-–—]|to)\s*(\d{1,4})\b")
MINUTES = re.compile(r"\d{1,4}(?::\d\d)?(?:\s*h\w*\.?)?(?:\s*\d*\s*m\w*\.?)?")
STATUSES = {"ended": "ended", "cancelled": "cancelled", "canceled": "cancelled", "present": "running"}
MAX_SEASONS = 200
MAX_TITLE_LENGTH = 200


@dataclass
class Infobox:
    """What an infobox states, by field name; ``texts`` are its lines by normalized parameter name."""

    texts: Mapping[str, str]
    values: dict[str, FieldValue] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    credits: list[PersonCredit] = field(default_factory=list)
    other_titles: list[OtherTitle] = field(default_factory=list)
    season_count: int = 0
    unmapped: list[str] = field(default_factory=list)

    def text(self, *names: str) -> str:
        """The first of these parameters that is not empty."""
        return next(filter(None, (self.texts.get(name, "") for name in names)), "")

    def leave_out(self, name: str, text: str) -> None:
        """Note a statement that has no place."""
        self.unmapped.append(f"“{name}” of the infobox has no place in the catalogue: {' '.join(text.split())[:100]}.")


def read_infobox(texts: Mapping[str, str], people: LinkedPeople, subject: str) -> Infobox:
    """Read an infobox about a ``subject``: “series”, “season” or “episode”."""
    infobox = Infobox(texts)
    read = {*FIRST_DATES, *LAST_DATES, *OTHER_TITLES, *EPISODE_COUNTS, *SEASON_COUNTS, "runtime", "running time"}
    for name, raw_text in texts.items():
        text = clean_text(raw_text)
        if is_placeholder(text) or name.isdecimal():
            continue
        kind, target = PARAMETERS.get(name, ("", ""))
        if kind == "role":
            _read_people(text, target, people, infobox, subject)
        elif kind == "list":
            _read_list(text, target, infobox)
        elif kind == "text":
            infobox.values[target] = "; ".join(text.split("\n"))[: MAX_LENGTHS[target]]
        elif name not in read | ELSEWHERE | {"length", "status"}:
            infobox.leave_out(name, text)
    _read_dates(infobox)
    _read_numbers(infobox)
    titles = [line for name in OTHER_TITLES for line in clean_text(texts.get(name, "")).split("\n")]
    infobox.other_titles = [OtherTitle(title) for title in titles if 0 < len(title) <= MAX_TITLE_LENGTH]
    if status := STATUSES.get(texts.get("status", "").casefold()):
        infobox.values["status"] = status
    return infobox


def _read_dates(infobox: Infobox) -> None:
    """Read the first and the last date. A date without an end says nothing about the end."""
    first, last = infobox.text(*FIRST_DATES), infobox.text(*LAST_DATES)
    if not last and " – " in first:
        first, last = first.split(" – ", 1)
    for field_name, text in (("premiered", first), ("ended", last)):
        line, *others = clean_text(text).split("\n")
        if line.casefold() == "present":
            infobox.values["status"] = "running"
            continue
        try:
            date = parse_date(line)
        except ValueError:
            infobox.leave_out(field_name, text)
            continue
        if date:
            infobox.values[field_name] = PartialDate(date)
        if others:
            infobox.leave_out(field_name, "\n".join(others))


def _read_numbers(infobox: Infobox) -> None:
    """Read the numbers of seasons and episodes and the running times."""
    if match := re.match(r"\d{1,4}\b", infobox.text(*EPISODE_COUNTS)):
        infobox.values["announced_episodes"] = int(match[0])
    if match := re.match(r"\d{1,3}\b", infobox.text(*SEASON_COUNTS)):
        infobox.season_count = min(int(match[0]), MAX_SEASONS)
    text = clean_text(infobox.text("runtime", "running time", "length"))
    between = MINUTES_RANGE.match(text)
    shortest, longest = sorted(map(int, between.groups())) if between else (0, 0)
    if 0 < shortest <= longest <= MAX_MINUTES:
        infobox.values["runtime_min"], infobox.values["runtime_max"] = shortest, longest
    elif text and not is_placeholder(text):
        match = MINUTES.match(text)
        try:
            minutes = parse_minutes(match[0]) if match else None
        except ValueError:
            minutes = None
        if minutes:
            infobox.values["runtime_min"] = infobox.values["runtime_max"] = minutes
        else:
            infobox.leave_out("runtime", text)


def _read_list(text: str, target: str, infobox: Infobox) -> None:
    """Read names of companies, genres, countries or languages. What brackets say of a name has no place."""
    separator = r"\n" if target in ("production_companies", "distributors", "networks") else r"\n|,\s*|\s+/\s+"
    for line in re.split(separator, text):
        name, remark = line.strip(), ""
        if match := BRACKETS_BEHIND.search(name):
            name, remark = name[: match.start()], match[1]
        if remark:
            infobox.leave_out(target, f"{name} ({remark})" if name else remark)
        if len(name) > MAX_NAME_LENGTH:
            infobox.leave_out(target, name)
        elif name and not is_placeholder(name) and name not in infobox.lists.setdefault(target, []):
            infobox.lists[target].append(name)


def _read_people(text: str, role: str, people: LinkedPeople, infobox: Infobox, subject: str) -> None:
    """Read a list of people. Of several directors of a series it is not stated who directed which episode."""
    claims = []
    for name, character in _split_people(text):
        details = read_name(name)
        plain_name, note, is_partial = details.name, ", ".join(details.notes), details.for_some_episodes
        if match := BRACKETS_BEHIND.search(plain_name):
            plain_name, note, is_partial = plain_name[: match.start()], match[1], True
        if not is_person_name(plain_name) or len(character) > MAX_NAME_LENGTH:
            infobox.leave_out(role, f"{name} as {character}" if character else name)
            continue
        kind = {"cast": "main", "voice": "main", "guest": "guest"}.get(role, "")
        for_some = is_partial and subject != "episode"
        claims.append(CreditClaim(role, plain_name, kind, character, details.credited_as, note, None, for_some))
    several = len({claim.name for claim in claims}) > 1 and role in ROLES_BY_EPISODE and subject != "episode"
    for claim in claims:
        if several and not claim.for_some_episodes:
            claim = CreditClaim(claim.role, claim.name, note=claim.note, for_some_episodes=True)
        infobox.credits.append(PersonCredit(claim, people.claim(claim.name)))


def _split_people(text: str) -> Iterator[tuple[str, str]]:
    """(name, character) of each person; headings such as “Season 1:” between them are left out."""
    for line in text.split("\n"):
        if SUBHEADING.fullmatch(line):
            continue
        if " as " in line and "(" not in line.split(" as ", 1)[0]:
            name, character = line.split(" as ", 1)
            yield name.strip(), character.strip()
        else:
            yield from ((name, "") for team in split_teams(line) for name in team)
