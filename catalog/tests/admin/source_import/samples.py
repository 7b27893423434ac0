"""An invented series of 22 episodes, as an encyclopedia and a database state it; they differ on three facts."""

import datetime as dt
import json

TITLE = "Lamplight Row"
EPISODES = range(1, 23)
DIRECTORS = ("Orla Finch", "Tobias Renn", "Mira Castell")
WRITERS = (("Hugo Vane",), ("Petra Lund", "Sam Okafor"), ("Ines Moreau",))
OTHER_TITLE, OTHER_DATE, OTHER_DIRECTOR = 5, 20, 7  # numbers of the episodes on which the database differs

ARTICLE = """{{{{Infobox television
| name = {title}
| creator = [[Hugo Vane]]
| country = Ireland
| language = English
| network = Channel Nine
| num_seasons = 1
| num_episodes = 22
| first_aired = {{{{Start date|2004|9|22|df=y}}}}
| last_aired = {{{{End date|2005|2|16|df=y}}}}
| runtime = 42 minutes
}}}}
'''''{title}''''' is a series.
== Episodes ==
=== Season 1 (2004–05) ===
{{{{Episode table |episodes=
{rows}
}}}}
"""
ROW = """{{{{Episode list
| EpisodeNumber = {number}
| EpisodeNumber2 = {number}
| Title = {title}
| DirectedBy = {director}
| WrittenBy = {writers}
| OriginalAirDate = {{{{Start date|{date:%Y|%-m|%-d}|df=y}}}}
| ProdCode = 1L{number:02}
}}}}"""


def title(number):
    """The title of an episode."""
    return f"Lamp {number}"


def air_date(number):
    """The date of an episode: weekly from 22 September 2004."""
    return dt.date(2004, 9, 22) + dt.timedelta(weeks=number - 1)


def article():
    """The page of the encyclopedia, as wikitext."""
    rows = [
        ROW.format(
            number=number,
            title=title(number),
            director=DIRECTORS[number % 3],
            writers=" & ".join(WRITERS[number % 3]),
            date=air_date(number),
        )
        for number in EPISODES
    ]
    return ARTICLE.format(title=TITLE, rows="\n".join(rows))


def person(name):
    """A person of the database: each name has one number."""
    number = 100 + sum(map(ord, name)) % 800
    return {"id": number, "url": f"https://www.tvmaze.com/people/{number}/x", "name": name}


def database_episode(number):
    """An episode of the database, with its crew."""
    director = DIRECTORS[(number + (number == OTHER_DIRECTOR)) % 3]
    crew = [{"guestCrewType": "Director", "person": person(director)}]
    crew += [{"guestCrewType": "Writer", "person": person(name)} for name in WRITERS[number % 3]]
    return {
        "id": 5000 + number,
        "name": "The Other Lamp" if number == OTHER_TITLE else title(number),
        "season": 1,
        "number": number,
        "airdate": str(air_date(number) + dt.timedelta(days=number == OTHER_DATE)),
        "runtime": 42,
        "_embedded": {"guestcrew": crew},
    }


def database_json():
    """The file of the database."""
    show = {
        "id": 9022,
        "url": "https://www.tvmaze.com/shows/9022/lamplight-row",
        "name": TITLE,
        "type": "Scripted",
        "language": "English",
        "genres": ["Drama"],
        "status": "Ended",
        "premiered": "2004-09-22",
        "ended": "2005-02-16",
        "network": {"id": 9, "name": "Channel Nine"},
        "webChannel": None,
        "externals": {"imdb": "tt0009022"},
        "_embedded": {"episodes": [database_episode(number) for number in EPISODES]},
    }
    return json.dumps(show)
