"""Cells of episodes, and the episodes of real articles, where they are."""

import pytest

from catalog.sources import wikipedia
from catalog.sources.series_claims import SourceFacts
from catalog.tests.sources.claim_summary import credit_line, episode_line, names_in_role
from catalog.tests.sources.real_articles import read_article
from catalog.tests.sources.real_files import needs_real_files

# Of each article: the title of the series, how many episodes, and some of them with directors and writers.
EPISODES = {
    "Avatar_The_Last_Airbender_season_1.excerpt": (
        "Avatar: The Last Airbender",
        3,
        {
            "1x01 The Boy in the Iceberg 2005-02-21": (
                ["Dave Filoni"],
                ["Michael Dante DiMartino", "Bryan Konietzko"],
            ),
            "1x04 The Warriors of Kyoshi 2005-03-04": (["Giancarlo Volpe"], ["Nick Malis"]),
        },
    ),
    "Buffy_the_Vampire_Slayer_(season_1)": (
        "Buffy the Vampire Slayer",
        13,
        {
            "1x00 Unaired pilot None": (["Joss Whedon"], ["Joss Whedon"]),
            "1x01 Welcome to the Hellmouth 1997-03-10": (["Charles Martin Smith"], ["Joss Whedon"]),
            "1x02 The Harvest 1997-03-10": (["John T. Kretchmer"], ["Joss Whedon"]),
            "1x03 Witch 1997-03-17": (["Stephen Cragg"], ["Dana Reston"]),
        },
    ),
    "Buffy_the_Vampire_Slayer_(season_2)": (
        "Buffy the Vampire Slayer",
        22,
        {
            "2x03 School Hard 1997-09-29": (["John T. Kretchmer"], []),
            "2x22 Becoming (Part 2) 1998-05-19": (["Joss Whedon"], ["Joss Whedon"]),
        },
    ),
    "Buffy_the_Vampire_Slayer_(season_3)": (
        "Buffy the Vampire Slayer",
        22,
        {
            "3x02 Dead Man's Party 1998-10-06": (["James Whitmore Jr."], ["Marti Noxon"]),
            "3x03 Faith, Hope & Trick 1998-10-13": (["James A. Contner"], ["David Greenwalt"]),
            "3x22 Graduation Day (Part 2) 1999-07-13": (["Joss Whedon"], ["Joss Whedon"]),
        },
    ),
    "Clone_High": (
        "Clone High",
        13,
        {
            "1x01 Escape to Beer Mountain: A Rope of Sand 2002-11-02": (
                [],
                ["Phil Lord", "Christopher Miller", "Bill Lawrence"],
            )
        },
    ),
    "Four_part_OVA_table.excerpt": (
        None,
        4,
        {
            "1x01 Encounter 2001-10-04": ([], []),
            "1x02 Farewell 2001-10-04": ([], []),
            "1x03 Notice 2001-11-03": ([], []),
            "1x04 Presence 2001-11-03": ([], []),
        },
    ),
    "List_of_Black_Books_episodes": (
        "Black Books",
        19,
        {
            "0x Pilot Episode None": ([], []),
            "1x03 Grapes of Wrath 2000-10-13": (["Graham Linehan", "Nick Wood"], ["Dylan Moran", "Graham Linehan"]),
            "3x06 Party 2004-04-15": (["Martin Dennis"], ["Kevin Cecil", "Andy Riley", "Dylan Moran"]),
        },
    ),
    "List_of_Sgt_Frog_episodes_season_1.excerpt": (
        "Sgt. Frog",
        3,
        {"1x05 The Song of a Man Obsessed with Toys / The Day the Gundam Cried 2004-05-01": ([], [])},
    ),
    "White_Christmas_Black_Mirror.excerpt": (
        "Black Mirror",
        1,
        {"0x White Christmas 2014-12-16 74": (["Carl Tibbetts"], ["Charlie Brooker"])},
    ),
}


def find_episode(claims, line):
    """The episode of which ``line`` is the summary."""
    return next(episode for episode in claims.episodes if episode_line(episode) == line)


@pytest.mark.parametrize(
    ("cell", "credits"),
    [
        ("'''Story by''' : A One <br>'''Teleplay by''' : B Two", ["story: A One", "teleplay: B Two"]),
        ("Story: A One<br>Teleplay: B Two", ["story: A One", "teleplay: B Two"]),
        ("A One (story)<br />B Two (teleplay)", ["story: A One", "teleplay: B Two"]),
        ("Teleplay by A One based on a story by B Two", ["teleplay: A One", "story: B Two"]),
        ("A One, from a novel by B Two", ["writer: A One"]),
        ("Adapted by A One", ["Adapted by: A One"]),
        ("[[A One]],<br />[[B Two]] &<br />C Three", ["writer: A One", "writer: B Two", "writer: C Three"]),
        ("{{ubl|A One|B Two}}", ["writer: A One", "writer: B Two"]),
        ("A One<br>{{small|(uncredited)}}<sup>[a]</sup>", ["writer: A One (uncredited)"]),
        ("A One<ref name=x/><br/>B Two<sup>[a]</sup>", ["writer: A One", "writer: B Two"]),
        ("{{TableTBA}}", []),
        ("—", []),
    ],
)
def test_writers_of_a_row(cell, credits):
    row = "{{Episode list|EpisodeNumber=1|WrittenBy=" + cell + "}}"
    (episode,) = wikipedia.read_article(row, SourceFacts("Wikipedia")).episodes
    assert list(map(credit_line, episode.claim.credits)) == credits


def test_a_code_that_is_too_long_is_left_out():
    row = "{{Episode list|EpisodeNumber=1|ProdCode=" + "4" * 41 + "}}"
    (episode,) = wikipedia.read_article(row, SourceFacts("Wikipedia")).episodes
    assert "production_code" not in episode.claim.values
    assert episode.claim.notes == [f"The production code “{'4' * 40}…” is too long."]


@needs_real_files
@pytest.mark.parametrize("name", EPISODES)
def test_articles_with_episodes(name):
    title, total, expected = EPISODES[name]
    claims = read_article(name)
    assert claims.values.get("title") == title
    assert len(claims.episodes) == total
    assert not any(episode.claim.errors for episode in claims.episodes)
    for line, (directors, writers) in expected.items():
        episode = find_episode(claims, line)
        assert (names_in_role(episode, "director"), names_in_role(episode, "writer")) == (directors, writers)


@needs_real_files
def test_what_rows_say_beyond_directors_and_writers():
    first = read_article("Avatar_The_Last_Airbender_season_1.excerpt").episodes[0]
    assert names_in_role(first, "Additional writing by") == ["Aaron Ehasz", "Peter Goldfinger", "Josh Stolberg"]
    assert names_in_role(first, "Storyboarded by") == ["Dave Filoni", "Justin Ridge", "Giancarlo Volpe"]
    assert (first.claim.values["production_code"], first.claim.notes) == ("101", [])
    claims = read_article("Buffy_the_Vampire_Slayer_(season_1)")
    witch, angel = find_episode(claims, "1x03 Witch 1997-03-17"), claims.episodes[11]
    assert (witch.claim.values["production_code"], witch.claim.notes) == (
        "4V03",
        ["There is no field for viewers: 3.2 million."],
    )
    assert names_in_role(angel, "story") == ["Joss Whedon"]
    assert names_in_role(angel, "teleplay") == ["Ashley Gable", "Thomas A. Swyden"]
    hard = read_article("Buffy_the_Vampire_Slayer_(season_2)").episodes[2]
    assert (hard.claim.values["overall_number"], hard.claim.values["production_code"]) == (15, "5V03")
    assert names_in_role(hard, "story") == ["Joss Whedon", "David Greenwalt"]
    assert names_in_role(hard, "teleplay") == ["David Greenwalt"]
    frog = read_article("List_of_Sgt_Frog_episodes_season_1.excerpt").episodes
    assert frog[0].other_titles[1].title == (
        "Sergeant Keroro Rising / Sgt. Frog Presents: The Episode That Should've Come First!"
    )
    assert [(other.title, other.language) for other in frog[2].other_titles][0] == (
        "おもちゃを愛する男達の歌 であります",
        "ja",
    )
    special = read_article("White_Christmas_Black_Mirror.excerpt").episodes[0]
    assert list(map(credit_line, special.claim.credits))[2:5] == [
        "cinematographer: George Steel",
        "editor: Ben Yeates",
        "guest: Jon Hamm as Matt Trent (guest)",
    ]
    assert special.claim.values["overall_number"] == 7
