"""What a synthetic catalogue has besides its credits: aliases, artists, songs, sources and citations, as columns."""

from dataclasses import dataclass

import numpy as np

SEED = 20191219
ALIAS_SHARE = 0.1  # of the people
EPISODES_PER_SONG, CUES_PER_SONG, SONGS_PER_ARTIST = 40, 3, 5
SERIES_PER_SOURCE = 5
# (kind, field, share of the records that have a citation of the field)
CITED_FIELDS = (
    ("series", "premiered", 0.8),
    ("series", "status", 0.3),
    ("episode", "air_date", 0.2),
    ("episode", "title", 0.05),
    ("person", "born", 0.05),
    ("credit", "", 0.02),
)


@dataclass
class Details:
    """The columns of each table by name. Foreign keys are 0 for none."""

    aliases: dict
    artists: dict
    songs: dict
    cues: dict
    sources: dict
    citations: dict


def _sample(rng, total, share):
    """Sorted primary keys of a share of ``total`` records."""
    return np.flatnonzero(rng.random(total) < share) + 1


def _citations(rng, totals, source_total):
    """Return the columns of citations; a few sources are cited for very many facts."""
    popularity = np.cumsum(np.arange(1, source_total + 1, dtype=float) ** -0.9)
    columns = {"source_id": [], "field": []} | {f"{kind}_id": [] for kind in totals}
    for kind, field, share in CITED_FIELDS:
        keys = _sample(rng, totals[kind], share)
        columns["source_id"].append(np.searchsorted(popularity / popularity[-1], rng.random(len(keys))) + 1)
        columns["field"] += [field] * len(keys)
        for other in totals:
            columns[f"{other}_id"].append(keys if other == kind else np.zeros(len(keys), np.int64))
    return {name: part if name == "field" else np.concatenate(part) for name, part in columns.items()}


def details(words, totals):
    """Return the details of a catalogue. ``totals`` are the numbers of records by kind, ``words`` make up titles."""
    rng, episode_total = np.random.default_rng(SEED), totals["episode"]
    people = _sample(rng, totals["person"], ALIAS_SHARE)
    song_total = max(10, episode_total // EPISODES_PER_SONG)
    artist_total = max(5, song_total // SONGS_PER_ARTIST)
    songs = np.tile(np.arange(1, song_total + 1), CUES_PER_SONG)
    cues = np.unique(np.stack([songs, rng.integers(1, episode_total + 1, len(songs))]), axis=1)
    source_total = max(5, totals["series"] // SERIES_PER_SOURCE)
    return Details(
        aliases={
            "person_id": people,
            "name": [f"Alias {key} {words[key % len(words)].capitalize()}" for key in people.tolist()],
        },
        artists={
            "slug": [f"artist-{number}" for number in range(1, artist_total + 1)],
            "name": [f"The {words[number % 37].capitalize()}s {number}" for number in range(1, artist_total + 1)],
        },
        songs={
            "slug": [f"song-{number}" for number in range(1, song_total + 1)],
            "title": [f"Song of the {words[number % len(words)]} {number}" for number in range(1, song_total + 1)],
            "artist_id": np.arange(1, song_total + 1) % artist_total + 1,
        },
        cues={"song_id": cues[0], "episode_id": cues[1]},
        sources={
            "slug": [f"source-{number}" for number in range(1, source_total + 1)],
            "title": [f"Report {number}" for number in range(1, source_total + 1)],
            "publisher": [
                f"The {words[number % len(words)].capitalize()} Herald" for number in range(1, source_total + 1)
            ],
            "url": ["https://example.org/"] * source_total,
        },
        citations=_citations(rng, totals, source_total),
    )
