"""Infoboxes of real articles on series, where they are."""

import pytest

from catalog.sources import wikipedia
from catalog.tests.sources.real_articles import read_article
from catalog.tests.sources.real_files import needs_real_files, read_file

SERIES = {
    "Black_Books": {
        "values": {
            **{"title": "Black Books", "premiered": "2000-09-29", "ended": "2004-04-15", "announced_episodes": 18},
            **{"runtime_min": 25, "runtime_max": 25, "status": "ended"},
        },
        "lists": {"networks": ["Channel 4"]},
        "seasons": 3,
        "episodes": 0,
        "creator": ["Dylan Moran", "Graham Linehan"],
        "writer": ["Dylan Moran", "Graham Linehan", "Arthur Mathews", "Kevin Cecil", "Andy Riley"],
        "cast": ["Dylan Moran", "Bill Bailey", "Tamsin Greig"],
    },
    "Buffy_the_Vampire_Slayer": {
        "values": {
            **{"title": "Buffy the Vampire Slayer", "premiered": "1997-03-10", "ended": "2003-05-20"},
            **{"announced_episodes": 144, "runtime_min": 43, "runtime_max": 43},
        },
        "lists": {
            "networks": ["The WB", "UPN"],
            "production_companies": [
                *("Mutant Enemy Productions", "Sandollar Television"),
                *("Kuzui Entertainment", "20th Century Fox Television"),
            ],
        },
        "seasons": 7,
        "episodes": 0,
        "creator": ["Joss Whedon"],
        "executive-producer": ["Joss Whedon", "David Greenwalt", "Marti Noxon"],
    },
    "Clone_High": {
        "values": {"title": "Clone High", "premiered": "2002-11-02", "ended": "2003-02-10", "announced_episodes": 13},
        "lists": {"networks": ["Teletoon", "MTV", "E4"], "countries": ["Canada", "United States"]},
        "seasons": 1,
        "episodes": 13,
        "creator": ["Phil Lord", "Christopher Miller", "Bill Lawrence"],
        "director": ["Ted Collyer", "Harold Harris"],
    },
}


@needs_real_files
@pytest.mark.parametrize("name", SERIES)
def test_articles_on_series(name):
    claims = read_article(name)
    expected = dict(SERIES[name])
    assert claims.values.items() >= expected.pop("values").items()
    assert claims.lists.items() >= expected.pop("lists").items()
    assert len(claims.seasons) == expected.pop("seasons")
    assert len(claims.episodes) == expected.pop("episodes")
    for role, names in expected.items():
        assert [credit.claim.name for credit in claims.credits if credit.claim.role == role] == names


@needs_real_files
def test_the_articles_of_one_series_are_united():
    names = ("", *(f"_(season_{number})" for number in (1, 2, 3)))
    claims = wikipedia.read_series(*(read_file(f"wikitext/Buffy_the_Vampire_Slayer{name}.mediawiki") for name in names))
    assert (len(claims.episodes), len(claims.seasons)) == (57, 7)
    assert {episode.claim.values["overall_number"] for episode in claims.episodes} == set(range(57))
