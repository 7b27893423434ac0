"""Expected rows and counts of the lists, computed row by row in plain Python, without the code of the facets.

The random catalogue has everything that a facet could get wrong: drafts on each level, scheduled publications, credits
on series, seasons and episodes, main, guest, unstated, pilot-only and for some episodes. It is so small that a list
shows all rows on its first page, and all values of each facet.
"""

import datetime as dt
from collections import Counter
from random import Random

from django.utils import timezone

from catalog.models import Country, Credit, Episode, FeaturedCharacter, Language, Person, Series
from catalog.tests import factories as make

BYLINES = ("writer", "story", "teleplay", "screenplay")
NAMES = ["Ada Émile", "Bo Ngo", "Cy Oz", "Dee Abe", "Eve Zola", "Flo Ek", "Gus Ørn", "Hal Nil"]
ROLES = ["director", "writer", "story", "teleplay", "story-editor", "creator", "executive-producer", "cast", "guest"]


def random_published_at(rng):
    """Return now in most cases, else tomorrow or None."""
    number = rng.random()
    unpublished = None if number < 0.08 else timezone.now() + dt.timedelta(days=1)
    return timezone.now() if number > 0.16 else unpublished


def random_sample(rng, items, limit=2):
    """Return up to ``limit`` of ``items``."""
    return rng.sample(items, rng.randint(0, min(limit, len(items))))


def create_catalogue(seed):
    """Create a random catalogue, and return the random generator; the vocabulary must be loaded."""
    rng = Random(seed)
    with make.deferred_indexing():
        _fill(rng)
    return rng


def _fill(rng):
    people = [make.person(name, published_at=random_published_at(rng)) for name in NAMES]
    companies = [make.company(f"Company {letter}", published_at=random_published_at(rng)) for letter in "KLMN"]
    genres = [make.genre(f"Genre {letter}") for letter in "GHI"]
    countries, languages = list(Country.objects.all()[:3]), list(Language.objects.all()[:3])
    songs = [make.song(None, artist) for artist in (None, "Artist K", "Artist K", "Artist L")]
    used_keys = set()
    for number in range(4):
        series = make.series(
            f"Show {number}",
            published_at=random_published_at(rng),
            premiered=rng.choice([None, "1999", "2008-02", "2019-12-18"]),
            status=rng.choice(["", "ended", "running"]),
        )
        series.genres.set(random_sample(rng, genres))
        series.countries.set(random_sample(rng, countries))
        series.languages.set(random_sample(rng, languages))
        for company in random_sample(rng, companies, 3):
            part = rng.choice(["network", "network", "production"])
            make.series_company(series, company, part, pilot_only=rng.random() < 0.2)
        characters = [make.character(series) for _ in range(2)]
        _credit(rng, used_keys, series, people, characters, 6)
        for season_number in rng.sample(range(3), 2):
            season = make.season(series, season_number, published_at=random_published_at(rng))
            _credit(rng, used_keys, season, people, characters, 2)
            for _ in range(rng.randint(1, 3)):
                date = rng.choice([None, "2018", "2019-05", "2019-12-18"])
                runtime = rng.choice([None, 20, 45])
                episode = make.episode(season, published_at=random_published_at(rng), air_date=date, runtime=runtime)
                _credit(rng, used_keys, episode, people, characters, 3)
                for character in random_sample(rng, characters):
                    episode.features.create(character=character)
                for song in random_sample(rng, songs):
                    make.cue(episode, song)


def _credit(rng, used_keys, subject, people, characters, limit):
    for _ in range(rng.randint(0, limit)):
        person, role = rng.choice(people), rng.choice(ROLES)
        character = rng.choice([None, *characters]) if role in ("cast", "guest") else None
        key = (subject._meta.model_name, subject.pk, person.pk, role, character and character.pk)
        if key not in used_keys:
            used_keys.add(key)
            kind = rng.choice(["", "main", "recurring", "guest"]) if role in ("cast", "guest") else ""
            is_for = "pilot_only" if rng.random() < 0.15 else "for_some_episodes"
            flags = {is_for: is_for == "pilot_only" or not isinstance(subject, Episode) and rng.random() < 0.2}
            make.credit(subject, person, role, character=character, kind=kind, **flags)


def is_visible(record):
    """Whether a record and all that it belongs to are published now."""
    parents = {"episode": ("season",), "season": ("series",)}.get(record._meta.model_name, ())
    published_at = record.published_at
    is_published = published_at is not None and published_at <= timezone.now()
    return is_published and all(is_visible(getattr(record, name)) for name in parents)


def visible_credits():
    """Return the credits of visible people on visible subjects."""
    credits = Credit.objects.select_related(
        "person", "role__department", "character", "series", "season__series", "episode__season__series"
    )
    return [credit for credit in credits if is_visible(credit.person) and is_visible(credit.subject)]


def applies_to(credit, episode):
    """Whether a credit is on the episode, or is crew or main cast of its season or series."""
    if credit.episode_id:
        return credit.episode_id == episode.pk
    if credit.season_id != episode.season_id and credit.series_id != episode.season.series_id:
        return False
    if credit.pilot_only or credit.for_some_episodes:
        return False
    return credit.kind == "main" or credit.role.department.slug != "cast"


def shared_values(series):
    """Return the values of a series that are values of its episodes too."""
    networks = series.company_parts.filter(part="network", pilot_only=False)
    return {
        "genre": {genre.slug for genre in series.genres.all()},
        "network": {part.company.slug for part in networks.select_related("company") if is_visible(part.company)},
    }


def episodes():
    """Return the values of all visible episodes: ``{slug: {facet: values}}``."""
    credits, rows = visible_credits(), {}
    for episode in Episode.objects.select_related("season__series"):
        if not is_visible(episode):
            continue
        episode_credits = [credit for credit in credits if applies_to(credit, episode)]
        played = {c.character.slug for c in episode_credits if c.episode_id and c.character_id}
        featured = FeaturedCharacter.objects.filter(episode=episode).select_related("character")
        cues = episode.cues.select_related("song__artist")
        rows[episode.slug] = shared_values(episode.season.series) | {
            "series": {episode.season.series.slug},
            "season": {f"season-{episode.season.number}"},
            "year": {episode.air_date[:4]} if episode.air_date else set(),
            "director": {c.person.slug for c in episode_credits if c.role.slug == "director"},
            "writer": {c.person.slug for c in episode_credits if c.role.slug in BYLINES},
            "cast": {c.person.slug for c in episode_credits if c.role.department.slug == "cast"},
            "crew": {c.person.slug for c in episode_credits if c.role.department.slug != "cast"},
            "person": {c.person.slug for c in episode_credits},
            "song": {cue.song.slug for cue in cues},
            "artist": {cue.song.artist.slug for cue in cues if cue.song.artist},
            "character": played | {feature.character.slug for feature in featured},
        }
    return rows


def series():
    """Return the values of all visible series."""
    credits, rows = visible_credits(), {}
    for record in filter(is_visible, Series.objects.all()):
        series_credits = [credit for credit in credits if credit.parent_series == record]
        parts = record.company_parts.select_related("company")
        rows[record.slug] = shared_values(record) | {
            "company": {part.company.slug for part in parts if is_visible(part.company)},
            "country": {country.code.lower() for country in record.countries.all()},
            "language": {language.code for language in record.languages.all()},
            "status": {record.status} - {""},
            "decade": {f"{record.premiered[:3]}0s"} if record.premiered else set(),
            "creator": {c.person.slug for c in series_credits if c.role.slug == "creator"},
            "cast": {c.person.slug for c in series_credits if c.role.department.slug == "cast"},
            "crew": {c.person.slug for c in series_credits if c.role.department.slug != "cast"},
            "person": {c.person.slug for c in series_credits},
        }
    return rows


def people():
    """Return the values of all visible people; ``with`` are those who share an episode with them."""
    credits, rows = visible_credits(), {}
    people_by_episode = {}
    for episode in filter(is_visible, Episode.objects.select_related("season__series")):
        for credit in credits:
            if applies_to(credit, episode):
                people_by_episode.setdefault(episode.pk, set()).add(credit.person.slug)
    for person in filter(is_visible, Person.objects.all()):
        person_credits = [credit for credit in credits if credit.person == person]
        teams = [slugs for slugs in people_by_episode.values() if person.slug in slugs]
        rows[person.slug] = {
            "role": {c.role.slug for c in person_credits},
            "department": {c.role.department.slug for c in person_credits},
            "series": {c.parent_series.slug for c in person_credits},
            "initial": {{"É": "e", "Ø": "o"}.get(person.sort_name[0], person.sort_name[0].lower())},
            "with": set().union(*teams) - {person.slug},
        }
    return rows


def narrow(rows, selection, without=None):
    """Return the rows that have a selected value of each facet but ``without``."""
    return {
        slug: values
        for slug, values in rows.items()
        if all(values[facet] & set(selected) for facet, selected in selection.items() if facet != without)
    }


def count_values(rows, facet):
    """Return how many of ``rows`` have each value of a facet."""
    return Counter(value for values in rows.values() for value in values[facet])


def has_block(rows, selection, facet):
    """Whether a list shows a facet: ``person`` never, seasons once a series is chosen or where there is only one."""
    if facet == "season" and not selection.keys() & {"season", "series"}:
        return len(count_values(narrow(rows, selection), "series")) == 1
    return facet != "person"


def random_selection(rng, rows):
    """Return one to three facets with one to three values each, sometimes with an unknown one."""
    selection = {}
    facets = sorted(next(iter(rows.values()))) if rows else []
    for facet in rng.sample(facets, rng.randint(1, 3)) if facets else []:
        existing = sorted(set().union(*(values[facet] for values in rows.values())))
        selection[facet] = rng.sample(existing, rng.randint(1, min(3, len(existing)))) if existing else ["nobody"]
        if rng.random() < 0.15:
            selection[facet].append("no-such-value")
    return selection
