"""What lists and counts have to be, worked out row by row in plain Python, without the facets' own code.

A random small catalogue is made with everything that a facet could get wrong: drafts on each level, publication
in the future, credits on series, seasons and episodes, main, guest, unstated and pilot-only. It is so small that
the list shows all rows on its first page and all values of each facet.
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


def moment(dice):
    """When a record is published: mostly it is; else never, or tomorrow."""
    fate = dice.random()
    hidden = None if fate < 0.08 else timezone.now() + dt.timedelta(days=1)
    return timezone.now() if fate > 0.16 else hidden


def some(dice, things, most=2):
    """A few of ``things``."""
    return dice.sample(things, dice.randint(0, min(most, len(things))))


def make_catalogue(seed):
    """A random catalogue; the vocabulary is loaded."""
    dice = Random(seed)
    with make.deferred_indexing():
        _fill(dice)
    return dice


def _fill(dice):
    people = [make.person(name, published_at=moment(dice)) for name in NAMES]
    companies = [make.company(f"Company {letter}", published_at=moment(dice)) for letter in "KLMN"]
    genres = [make.genre(f"Genre {letter}") for letter in "GHI"]
    countries, languages = list(Country.objects.all()[:3]), list(Language.objects.all()[:3])
    taken = set()
    for number in range(4):
        series = make.series(
            f"Show {number}",
            published_at=moment(dice),
            premiered=dice.choice([None, "1999", "2008-02", "2019-12-18"]),
            status=dice.choice(["", "ended", "running"]),
        )
        series.genres.set(some(dice, genres))
        series.countries.set(some(dice, countries))
        series.languages.set(some(dice, languages))
        for company in some(dice, companies, 3):
            part = dice.choice(["network", "network", "production"])
            make.series_company(series, company, part, pilot_only=dice.random() < 0.2)
        characters = [make.character(series) for _ in range(2)]
        _credit(dice, taken, series, people, characters, 6)
        for season_number in dice.sample(range(3), 2):
            season = make.season(series, season_number, published_at=moment(dice))
            _credit(dice, taken, season, people, characters, 2)
            for _ in range(dice.randint(1, 3)):
                date = dice.choice([None, "2018", "2019-05", "2019-12-18"])
                episode = make.episode(season, published_at=moment(dice), air_date=date)
                _credit(dice, taken, episode, people, characters, 3)
                for character in some(dice, characters):
                    episode.features.create(character=character)


def _credit(dice, taken, on, people, characters, most):
    for _ in range(dice.randint(0, most)):
        who, role = dice.choice(people), dice.choice(ROLES)
        character = dice.choice([None, *characters]) if role in ("cast", "guest") else None
        key = (on._meta.model_name, on.pk, who.pk, role, character and character.pk)
        if key not in taken:
            taken.add(key)
            kind = dice.choice(["", "main", "recurring", "guest"]) if role in ("cast", "guest") else ""
            make.credit(on, who, role, character=character, kind=kind, pilot_only=dice.random() < 0.15)


def is_seen(record):
    """Whether visitors see a record: it and all that it stands in are published, now."""
    above = {"episode": ("season",), "season": ("series",)}.get(record._meta.model_name, ())
    at = record.published_at
    return at is not None and at <= timezone.now() and all(is_seen(getattr(record, name)) for name in above)


def all_credits():
    """Every credit of a person and on a subject that visitors see."""
    found = Credit.objects.select_related(
        "person", "role__department", "character", "series", "season__series", "episode__season__series"
    )
    return [credit for credit in found if is_seen(credit.person) and is_seen(credit.subject)]


def holds(credit, episode):
    """Whether a credit is one of the episode: given on it, or crew and main cast of its season or series."""
    if credit.episode_id:
        return credit.episode_id == episode.pk
    if credit.season_id != episode.season_id and credit.series_id != episode.season.series_id:
        return False
    return not credit.pilot_only and (credit.kind == "main" or credit.role.department.slug != "cast")


def of_series(series):
    """The values of a series that facets of series and of episodes share."""
    networks = series.company_parts.filter(part="network", pilot_only=False)
    return {
        "genre": {genre.slug for genre in series.genres.all()},
        "network": {part.company.slug for part in networks.select_related("company") if is_seen(part.company)},
    }


def episodes():
    """Every episode that visitors see with its values: ``{slug: {facet: values}}``."""
    credits, rows = all_credits(), {}
    for episode in Episode.objects.select_related("season__series"):
        if not is_seen(episode):
            continue
        theirs = [credit for credit in credits if holds(credit, episode)]
        own = {c.character.slug for c in theirs if c.episode_id and c.character_id}
        featured = FeaturedCharacter.objects.filter(episode=episode).select_related("character")
        rows[episode.slug] = of_series(episode.season.series) | {
            "series": {episode.season.series.slug},
            "season": {f"season-{episode.season.number}"},
            "year": {episode.air_date[:4]} if episode.air_date else set(),
            "director": {c.person.slug for c in theirs if c.role.slug == "director"},
            "writer": {c.person.slug for c in theirs if c.role.slug in BYLINES},
            "cast": {c.person.slug for c in theirs if c.role.department.slug == "cast"},
            "crew": {c.person.slug for c in theirs},
            "character": own | {feature.character.slug for feature in featured},
        }
    return rows


def series():
    """Every series that visitors see with its values."""
    credits, rows = all_credits(), {}
    for one in filter(is_seen, Series.objects.all()):
        theirs = [credit for credit in credits if credit.parent_series == one]
        parts = one.company_parts.select_related("company")
        rows[one.slug] = of_series(one) | {
            "company": {part.company.slug for part in parts if is_seen(part.company)},
            "country": {country.code.lower() for country in one.countries.all()},
            "language": {language.code for language in one.languages.all()},
            "status": {one.status} - {""},
            "decade": {f"{one.premiered[:3]}0s"} if one.premiered else set(),
            "creator": {c.person.slug for c in theirs if c.role.slug == "creator"},
            "cast": {c.person.slug for c in theirs if c.role.department.slug == "cast"},
            "crew": {c.person.slug for c in theirs},
        }
    return rows


def people():
    """Everybody whom visitors see with their values; ``with`` are those who share an episode with them."""
    credits, rows = all_credits(), {}
    made = {}
    for episode in filter(is_seen, Episode.objects.select_related("season__series")):
        for credit in credits:
            if holds(credit, episode):
                made.setdefault(episode.pk, set()).add(credit.person.slug)
    for person in filter(is_seen, Person.objects.all()):
        theirs = [credit for credit in credits if credit.person == person]
        together = set().union(*(group for group in made.values() if person.slug in group))
        rows[person.slug] = {
            "role": {c.role.slug for c in theirs},
            "department": {c.role.department.slug for c in theirs},
            "series": {c.parent_series.slug for c in theirs},
            "initial": {{"É": "e", "Ø": "o"}.get(person.sort_name[0], person.sort_name[0].lower())},
            "with": together - {person.slug},
        }
    return rows


def narrowed(rows, selection, without=None):
    """The rows that have one of the chosen values of each facet, ``without`` left out."""
    return {
        slug: values
        for slug, values in rows.items()
        if all(values[facet] & set(chosen) for facet, chosen in selection.items() if facet != without)
    }


def counted(rows, facet):
    """How many of ``rows`` have each value of a facet."""
    return Counter(value for values in rows.values() for value in values[facet])


def random_selection(dice, rows):
    """One to three facets with one to three values each, an unknown one now and then."""
    selection = {}
    facets = sorted(next(iter(rows.values()))) if rows else []
    for facet in dice.sample(facets, dice.randint(1, 3)) if facets else []:
        known = sorted(set().union(*(values[facet] for values in rows.values())))
        selection[facet] = dice.sample(known, dice.randint(1, min(3, len(known)))) if known else ["nobody"]
        if dice.random() < 0.15:
            selection[facet].append("no-such-value")
    return selection
