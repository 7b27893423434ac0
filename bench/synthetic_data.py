"""A synthetic catalogue with the distributions of real ones, the same every time, as columns by table.

The popularity of people follows Zipf's law. Each series has a pool of people for its crew. Creators, producers, the
main cast, and composers, cinematographers and editors (on every fourth series for some episodes) are credited on the
series; directors, writers and guests on episodes.
"""

from dataclasses import dataclass

import numpy as np

SIZES = {  # series, episodes, people, probability of each of an episode's eight guest credits, longest season
    "S": (10, 100, 300, 0.9, 30),
    "M": (1_000, 50_000, 20_000, 0.92, 2_000),
    "L": (50_000, 2_000_000, 500_000, 0.37, 16_000),
}
SEED = 20191218
GENRES = ("Drama", "Comedy", "Crime", "Musical drama", "Documentary", "Science fiction", "Fantasy", "Thriller")
GENRES += ("Animation", "Reality", "Medical drama", "Legal drama", "Sitcom", "Horror", "Western", "Anthology")
WORDS = (
    "silver harbour north signal paper garden winter station glass river second stone long road quiet field "
    "open window last market blue hour high tide small town broken compass late train hidden valley iron bridge "
    "summer court lost island first light common ground deep water"
).split()
SYLLABLES = "ka ro mi len ta sor vi dan el bre no ris cal mar ten jo wes pa ul fi gor hal ny che ob".split()
KINDS = ("", "main", "recurring", "guest")
# Credits on a series: role, how many at most.
SERIES_ROLES = (
    ("creator", 2),
    ("executive-producer", 4),
    ("producer", 2),
    ("composer", 1),
    ("cinematographer", 2),
    ("editor", 2),
)
SOME_EPISODES_ROLES = ("composer", "cinematographer", "editor")
# Credits on episodes besides guests: role, probability, how many at most, size of the pool of a series.
EPISODE_ROLES = (
    ("director", 1.0, 1, 12),
    ("director", 0.05, 1, 12),
    ("writer", 1.0, 1, 16),
    ("writer", 0.5, 1, 16),
    ("story", 0.15, 1, 16),
    ("teleplay", 0.15, 1, 16),
)


@dataclass
class Catalogue:
    """The columns of each table by name. Primary keys are 1, 2, 3 …; foreign keys are 0 for none."""

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
    """Draw ``total`` numbers below ``size``; low numbers are the most popular."""
    weights = np.cumsum(np.arange(1, size + 1, dtype=float) ** -exponent)
    return np.searchsorted(weights / weights[-1], rng.random(total)).astype(np.int64)


def names(rng, total):
    """Return names of two invented words; about one in ten belongs to several people."""
    firsts = [a.capitalize() + b for a in SYLLABLES for b in SYLLABLES]
    lasts = [a.capitalize() + b + c for a in SYLLABLES for b in SYLLABLES for c in SYLLABLES[:8]]
    first, last = rng.integers(0, len(firsts), total), rng.integers(0, len(lasts), total)
    return [(firsts[a], lasts[b]) for a, b in zip(first, last, strict=True)]


def people(rng, total):
    """Return the columns of ``total`` people."""
    full_names = names(rng, total)
    return {
        "slug": [f"{a}-{b}-{number}".lower() for number, (a, b) in enumerate(full_names, start=1)],
        "name": [f"{a} {b}" for a, b in full_names],
        "sort_name": [f"{b}, {a}" for a, b in full_names],
    }


def episode_counts(rng, series, episodes, longest):
    """Return how many of the ``episodes`` each series has: ``longest`` the first, others two at least, few hundreds."""
    lengths = np.maximum(2, rng.lognormal(0, 1.0, series - 1))
    remaining = episodes - longest
    lengths = np.maximum(2, lengths / lengths.sum() * remaining).astype(np.int64)
    missing = remaining - lengths.sum()
    lengths += missing // (series - 1)
    lengths[: missing % (series - 1)] += 1
    return np.concatenate([[longest], lengths])


def series_and_episodes(rng, series, episodes, longest):
    """Return the columns of series, seasons and episodes, and the series of each episode.

    Seasons have 6 to 24 episodes, but for that of the first series, a daily one, which has ``longest``.
    """
    lengths = episode_counts(rng, series, episodes, longest)
    words = rng.integers(0, len(WORDS), (series, 3))
    titles = [" ".join(WORDS[w].capitalize() for w in row[: 2 + number % 2]) for number, row in enumerate(words)]
    start = 1950 + rng.integers(0, 75, series)
    season_length = rng.integers(6, 25, series)
    season_length[0] = longest
    owner = np.repeat(np.arange(series), lengths)
    position = np.arange(episodes) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    number, within = position // season_length[owner] + 1, position % season_length[owner] + 1
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
            "overall_number": position + 1,
            "title": [f"The {WORDS[a]} {WORDS[b]}".title() for a, b, _, _ in text.tolist()],
            "synopsis": [f"A {WORDS[a]} {WORDS[b]} leads to a {WORDS[c]} {WORDS[d]}." for a, b, c, d in text.tolist()],
            "air_date": dates,
            "runtime": 20 + rng.integers(0, 45, episodes),
            "production_code": [f"{o}X{p:03d}" for o, p in zip(owner.tolist(), position.tolist(), strict=True)],
        },
        owner,
    )


def distinct_rows(*columns):
    """Return the row numbers of the distinct rows, ascending; of equal rows the first."""
    key = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        key = key * (int(column.max(initial=0)) + 1) + column
    return np.sort(np.unique(key, return_index=True)[1])


def credits(rng, owner, series, everyone, guests, role_ids):
    """Return the columns of credits on series and episodes, and of characters for the cast of each series."""
    rows = {name: [] for name in ("person_id", "role_id", "series_id", "episode_id", "character_id", "kind", "billing")}

    def add(person, role, kind=0, billing=0, **on):
        total = len(person)
        rows["person_id"].append(person + 1)
        for name, value in (("role_id", role_ids[role]), ("kind", kind), ("billing", billing)):
            rows[name].append(np.broadcast_to(np.asarray(value, np.int64), total))
        for name in ("series_id", "episode_id", "character_id"):
            rows[name].append(np.broadcast_to(np.asarray(on.get(name, 0), np.int64), total))

    all_series = np.arange(series)
    for role, limit in SERIES_ROLES:
        for turn in range(limit):
            credited = all_series if turn == 0 else all_series[rng.random(series) < 0.5]
            add(zipf(rng, everyone, len(credited)), role, billing=turn + 1, series_id=credited + 1)
    cast = np.repeat(all_series, 8)
    add(
        zipf(rng, everyone, len(cast)),
        "cast",
        kind=np.where(np.arange(len(cast)) % 8 == 7, 2, 1),  # seven in the main cast, one recurring
        billing=np.tile(np.arange(1, 9), series),
        series_id=cast + 1,
        character_id=np.arange(1, len(cast) + 1),
    )
    # Each series draws from a pool of its own, the first people most often.
    pool = zipf(rng, everyone, series * 64).reshape(series, 64)
    for role, probability, limit, pool_size in (*EPISODE_ROLES, ("guest", guests, 8, 64)):
        for turn in range(limit):
            credited = np.flatnonzero(rng.random(len(owner)) < probability)
            drawn = zipf(rng, pool_size, len(credited), 0.8)
            kind = 3 if role == "guest" else 0
            add(pool[owner[credited], drawn], role, kind=kind, billing=turn + 1, episode_id=credited + 1)
    columns = {name: np.concatenate(parts) for name, parts in rows.items()}
    distinct = distinct_rows(*(columns[n] for n in ("series_id", "episode_id", "role_id", "person_id", "character_id")))
    columns = {name: column[distinct] for name, column in columns.items()}
    is_for_some = np.isin(columns["role_id"], [role_ids[role] for role in SOME_EPISODES_ROLES])
    columns["for_some_episodes"] = is_for_some & (columns["series_id"] % 4 == 3)
    columns["kind"] = [KINDS[kind] for kind in columns["kind"].tolist()]
    characters = {
        "series_id": cast + 1,
        "name": [f"Character {number}" for number in range(1, len(cast) + 1)],
        "slug": [f"character-{number}" for number in range(1, len(cast) + 1)],
    }
    return columns, characters


def catalogue(size, role_ids):
    """Return the catalogue of a size in SIZES; ``role_ids`` are the primary keys of the roles by slug."""
    series, episodes, everyone, guests, longest = SIZES[size]
    rng = np.random.default_rng(SEED)
    series_columns, seasons, episode_columns, owner = series_and_episodes(rng, series, episodes, longest)
    credit_columns, characters = credits(rng, owner, series, everyone, guests, role_ids)
    total = max(10, series // 100)
    networks, producers = zipf(rng, total, series) + 1, zipf(rng, total, series) + 1
    series_ids = np.arange(1, series + 1)
    return Catalogue(
        series=series_columns,
        seasons=seasons,
        episodes=episode_columns,
        people=people(rng, everyone),
        characters=characters,
        credits=credit_columns,
        companies={
            "slug": [f"company-{n + 1}" for n in range(total)],
            "name": [f"Company {n + 1}" for n in range(total)],
        },
        parts={
            "series_id": np.concatenate([series_ids, series_ids]),
            "company_id": np.concatenate([networks, producers]),
            "part": ["network"] * series + ["production"] * series,
        },
        genres={"series_id": np.concatenate([series_ids, series_ids]), "genre_id": _two_genres(rng, series)},
    )


def _two_genres(rng, series):
    first = zipf(rng, len(GENRES), series, 1.0)
    return np.concatenate([first, (first + 1 + rng.integers(0, len(GENRES) - 1, series)) % len(GENRES)]) + 1
