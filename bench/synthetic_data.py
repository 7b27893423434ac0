"""What a catalogue of a size looks like: deterministic, made up, shaped as real ones are.

Popularity of people follows Zipf's law; each series draws its crew from a pool of its own; creators, producers and
the main cast are credited on the series, directors, writers and guests on episodes. Every table comes as columns.
"""

from dataclasses import dataclass

import numpy as np

SIZES = {  # series, episodes, people, how likely each of eight guest credits of an episode is
    "S": (10, 100, 300, 0.9),
    "M": (1_000, 50_000, 20_000, 0.92),
    "L": (50_000, 2_000_000, 500_000, 0.37),
}
SEED = 20191218
GENRES = ("Drama", "Comedy", "Crime", "Musical drama", "Documentary", "Science fiction", "Fantasy", "Thriller")
GENRES += ("Animation", "Reality", "Medical drama", "Legal drama", "Sitcom", "Horror", "Western", "Anthology")
WORDS = (
    "silver harbour north signal paper garden winter station glass river second house long road quiet field "
    "open window last market blue hour high tide small town broken compass late train hidden valley iron bridge "
    "summer court lost island first light common ground deep water"
).split()
SYLLABLES = "ka ro mi len ta sor vi dan el bre no ris cal mar ten jo wes pa ul fi gor hal ny che ob".split()
KINDS = ("", "main", "recurring", "guest")
# Credits on a series: role, how many at most.
WHOLE = (
    ("creator", 2),
    ("executive-producer", 4),
    ("producer", 2),
    ("composer", 1),
    ("cinematographer", 2),
    ("editor", 2),
)


@dataclass
class Catalogue:
    """Columns of every table by name; the primary keys are 1, 2, 3 … in each. Foreign keys name them, 0 for none."""

    series: dict
    seasons: dict
    episodes: dict
    people: dict
    characters: dict
    credits: dict
    companies: dict
    parts: dict
    genres: dict


def zipf(rng, size, total, exponent=0.9):
    """``total`` draws from 0 … size - 1; the first are the most popular."""
    weights = np.cumsum(np.arange(1, size + 1, dtype=float) ** -exponent)
    return np.searchsorted(weights / weights[-1], rng.random(total)).astype(np.int64)


def names(rng, total):
    """Names of two made-up words; about one in ten is shared by two people or more, as in life."""
    firsts = [a.capitalize() + b for a in SYLLABLES for b in SYLLABLES]
    lasts = [a.capitalize() + b + c for a in SYLLABLES for b in SYLLABLES for c in SYLLABLES[:8]]
    first, last = rng.integers(0, len(firsts), total), rng.integers(0, len(lasts), total)
    return [(firsts[a], lasts[b]) for a, b in zip(first, last, strict=True)]


def people(rng, total):
    """Everybody, by number."""
    both = names(rng, total)
    return {
        "slug": [f"{a}-{b}-{number}".lower() for number, (a, b) in enumerate(both, start=1)],
        "name": [f"{a} {b}" for a, b in both],
        "sort_name": [f"{b}, {a}" for a, b in both],
    }


def shared_out(rng, series, episodes):
    """How many episodes each series has: at least two, most few, some hundreds; the sum is exactly ``episodes``."""
    lengths = np.maximum(2, (rng.lognormal(0, 1.0, series)))
    lengths = np.maximum(2, np.floor(lengths / lengths.sum() * episodes)).astype(np.int64)
    lengths[np.argmax(lengths)] += episodes - lengths.sum()
    return lengths


def series_and_episodes(rng, series, episodes):
    """Series, seasons of at most 24 and at least 6 episodes (but for the last), episodes."""
    lengths = shared_out(rng, series, episodes)
    words = rng.integers(0, len(WORDS), (series, 3))
    titles = [" ".join(WORDS[w].capitalize() for w in row[: 2 + number % 2]) for number, row in enumerate(words)]
    start = 1950 + rng.integers(0, 75, series)
    of_season = rng.integers(6, 25, series)
    owner = np.repeat(np.arange(series), lengths)
    place = np.arange(episodes) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    number, within = place // of_season[owner] + 1, place % of_season[owner] + 1
    key = owner * 10_000 + number
    season_keys, season = np.unique(key, return_inverse=True)
    years = start[owner] + number - 1
    day = (within * 7) % 336
    dates = [f"{y}-{d // 28 + 1:02d}-{d % 28 + 1:02d}" for y, d in zip(years.tolist(), day.tolist(), strict=True)]
    for unknown in range(0, episodes, 97):
        dates[unknown] = None
    for half in range(0, episodes, 89):
        dates[half] = dates[half] and dates[half][:7]
    text = rng.integers(0, len(WORDS), (episodes, 4))
    return (
        {
            "slug": [f"{title.lower().replace(' ', '-')}-{n}" for n, title in enumerate(titles, start=1)],
            "title": titles,
            "sort_title": titles,
            "premiered": [str(year) for year in start.tolist()],
            "status": [("ended", "running", "cancelled")[n % 3] for n in range(series)],
        },
        {"series_id": season_keys // 10_000 + 1, "number": season_keys % 10_000},
        {
            "season_id": season + 1,
            "number": within,
            "overall_number": place + 1,
            "title": [f"The {WORDS[a]} {WORDS[b]}".title() for a, b, _, _ in text.tolist()],
            "synopsis": [f"A {WORDS[a]} {WORDS[b]} leads to a {WORDS[c]} {WORDS[d]}." for a, b, c, d in text.tolist()],
            "air_date": dates,
            "runtime": 20 + rng.integers(0, 45, episodes),
            "production_code": [f"{o}X{p:03d}" for o, p in zip(owner.tolist(), place.tolist(), strict=True)],
        },
        owner,
    )


def without_repeats(*columns):
    """Rows that differ in one of ``columns``: the first of each, in order."""
    key = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        key = key * (int(column.max(initial=0)) + 1) + column
    return np.sort(np.unique(key, return_index=True)[1])


def credits(rng, owner, series, everyone, guests, role_ids):
    """Credits on series and on episodes, with characters for the main cast: (credits, characters)."""
    rows = {name: [] for name in ("person_id", "role_id", "series_id", "episode_id", "character_id", "kind", "billing")}

    def add(person, role, kind=0, billing=0, **on):
        total = len(person)
        rows["person_id"].append(person + 1)
        for name, value in (("role_id", role_ids[role]), ("kind", kind), ("billing", billing)):
            rows[name].append(np.broadcast_to(np.asarray(value, np.int64), total))
        for name in ("series_id", "episode_id", "character_id"):
            rows[name].append(np.broadcast_to(np.asarray(on.get(name, 0), np.int64), total))

    each = np.arange(series)
    for role, most in WHOLE:
        for turn in range(most):
            some = each if turn == 0 else each[rng.random(series) < 0.5]
            add(zipf(rng, everyone, len(some)), role, billing=turn + 1, series_id=some + 1)
    cast = np.repeat(each, 8)
    add(
        zipf(rng, everyone, len(cast)),
        "cast",
        kind=np.where(np.arange(len(cast)) % 8 == 7, 2, 1),  # seven in the main cast, one recurring
        billing=np.tile(np.arange(1, 9), series),
        series_id=cast + 1,
        character_id=np.arange(1, len(cast) + 1),
    )
    # Each series draws from its own pool of people, the first of them most often.
    pool = zipf(rng, everyone, series * 64).reshape(series, 64)
    for role, chance, most, of in (
        ("director", 1.0, 1, 12),
        ("director", 0.05, 1, 12),
        ("writer", 1.0, 1, 16),
        ("writer", 0.5, 1, 16),
        ("story", 0.15, 1, 16),
        ("teleplay", 0.15, 1, 16),
        ("guest", guests, 8, 64),
    ):
        for turn in range(most):
            some = np.flatnonzero(rng.random(len(owner)) < chance)
            drawn = zipf(rng, of, len(some), 0.8)
            add(pool[owner[some], drawn], role, kind=3 if role == "guest" else 0, billing=turn + 1, episode_id=some + 1)
    columns = {name: np.concatenate(parts) for name, parts in rows.items()}
    kept = without_repeats(*(columns[n] for n in ("series_id", "episode_id", "role_id", "person_id", "character_id")))
    columns = {name: column[kept] for name, column in columns.items()}
    columns["kind"] = [KINDS[kind] for kind in columns["kind"].tolist()]
    characters = {
        "series_id": cast + 1,
        "name": [f"Character {number}" for number in range(1, len(cast) + 1)],
        "slug": [f"character-{number}" for number in range(1, len(cast) + 1)],
    }
    return columns, characters


def catalogue(size, role_ids):
    """The catalogue of a size in SIZES; ``role_ids`` are the primary keys of the vocabulary's roles by slug."""
    series, episodes, everyone, guests = SIZES[size]
    rng = np.random.default_rng(SEED)
    shows, seasons, parts, owner = series_and_episodes(rng, series, episodes)
    credited, characters = credits(rng, owner, series, everyone, guests, role_ids)
    total = max(10, series // 100)
    network, maker = zipf(rng, total, series) + 1, zipf(rng, total, series) + 1
    both = np.arange(1, series + 1)
    return Catalogue(
        series=shows,
        seasons=seasons,
        episodes=parts,
        people=people(rng, everyone),
        characters=characters,
        credits=credited,
        companies={
            "slug": [f"company-{n + 1}" for n in range(total)],
            "name": [f"Company {n + 1}" for n in range(total)],
        },
        parts={
            "series_id": np.concatenate([both, both]),
            "company_id": np.concatenate([network, maker]),
            "part": ["network"] * series + ["production"] * series,
        },
        genres={"series_id": np.concatenate([both, both]), "genre_id": _two_genres(rng, series)},
    )


def _two_genres(rng, series):
    first = zipf(rng, len(GENRES), series, 1.0)
    return np.concatenate([first, (first + 1 + rng.integers(0, len(GENRES) - 1, series)) % len(GENRES)]) + 1
