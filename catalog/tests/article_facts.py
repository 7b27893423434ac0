"""The facts of the article on *Soundtrack*, copied from the article and not from the fixture.

``ARTICLE`` is the source's slug of the article, ``LATER`` that of another revision, whose infobox has lists.
"""

ARTICLE, LATER = "soundtrack-article", "wikipedia-soundtrack-later"
SERIES = "/series/soundtrack/"
RELEASED = "2019-12-18"


def reference(number):
    """The slug of the source for one of the article's numbered references."""
    return f"{ARTICLE}-ref-{number}"


# Name of the fact in the page, text, source.
INFOBOX = [
    ("title", "Soundtrack", ARTICLE),
    ("genres", "Musical drama", ARTICLE),
    ("creator", "Joshua Safran", ARTICLE),
    ("countries", "United States", ARTICLE),
    ("languages", "English", ARTICLE),
    ("season_total", "1 ", ARTICLE),
    ("episode_total", "10 ", ARTICLE),
    ("camera_setup", "Single-camera", ARTICLE),
    ("runtime", "51–60 minutes", ARTICLE),
    ("distributor", "20th Television", ARTICLE),
    ("network", "Netflix ", ARTICLE),
    ("network", "Netflix ", reference(1)),
    ("network", "Fox (pilot only;", reference(5)),
    ("availability", "Netflix (from 18 December 2019; left 1 March 2022;", ARTICLE),
    ("availability", "Netflix (from 18 December 2019; left 1 March 2022;", reference(1)),
    ("availability", "Netflix (from 18 December 2019; left 1 March 2022;", reference(2)),
    ("picture_format", "4K (UHDTV in high dynamic range)", ARTICLE),
    ("audio_format", "Dolby Digital", ARTICLE),
    ("premiered", "18 December 2019", ARTICLE),
    ("premiered", "18 December 2019", reference(2)),
    ("ended", "18 December 2019", ARTICLE),
    ("status", "Cancelled", ARTICLE),
    ("status", "Cancelled", reference(3)),
    ("production", "Annapurna Television", ARTICLE),
    ("production", "Annapurna Television", reference(5)),
    ("production", "Fox 21 Television Studios", reference(4)),
    ("production", "20th Century Fox Television", reference(4)),
    ("production", "Random Acts Productions", LATER),
    ("production", "Annapurna Television", LATER),
    ("production", "20th Century Fox Television", LATER),
    ("production", "Annapurna Pictures", "tbi-2018-order"),
    ("titles", "Mixtape (working title", "variety-2019-interview"),
    ("content_rating", "TV-MA", "web-news-observer-2022"),
    ("premise", "In today’s Los Angeles", ARTICLE),
    ("premise", "In today’s Los Angeles", reference(4)),
]

# Main cast in the order of the article; the characters are from the other revision and the press.
STARRING = [
    ("Paul James", "Samson “Sam” Hughes"),
    ("Callie Hernandez", "Eleanor “Nellie” O’Brien"),
    ("Marianne Jean-Baptiste", "Annette Sands"),
    ("Jenna Dewan", "Joanna Kassem"),
    ("Jahmil French", "Dante Sands"),
    ("Megan Ferguson", "Jean Dubrowski"),
    ("Isaiah Givens", "Barry Hughes"),
    ("Madeleine Stowe", "Margot Weston"),
    ("Campbell Scott", "Frank O’Brien"),
]

# Credits on the series: role, name, source, remark.
CREDITS = [
    ("creator", "Joshua Safran", ARTICLE, ""),
    ("executive-producer", "Joshua Safran", ARTICLE, ""),
    ("executive-producer", "Megan Ellison", ARTICLE, ""),
    ("executive-producer", "Ali Krug", ARTICLE, ""),
    ("executive-producer", "Ali Krug", reference(4), ""),
    ("executive-producer", "Sue Naegle", ARTICLE, "pilot only"),
    ("co-executive-producer", "Ali Krug", reference(5), "pilot only"),
    ("producer", "Ellen Marie Blum", ARTICLE, ""),
    ("director", "Jesse Peretz", reference(6), "pilot only"),
    ("writer", "Joshua Safran", reference(5), "pilot only"),
    ("cast", "Jahmil French", ARTICLE, "final acting role"),
    ("cast", "Markie Post", ARTICLE, "one of her final acting roles"),
    ("cast", "Raúl Castillo", ARTICLE, "recast with Paul James"),
    ("cast", "Raúl Castillo", reference(14), "pilot only"),
    ("composer", "Andrew McMahon", LATER, ""),
    ("composer", "Zac Clark", LATER, ""),
    ("composer", "James S. Levine", LATER, ""),
    ("cinematographer", "Jas Shelton", LATER, ""),
    ("cinematographer", "Tom Clancey", LATER, ""),
    ("cinematographer", "Alex Nepomniaschy", LATER, ""),
    ("editor", "Bill Henry", LATER, ""),
    ("editor", "Jo Francis", LATER, ""),
    ("editor", "Allyson C. Johnson", LATER, ""),
    ("editor", "Brad Katz", LATER, ""),
    ("editor", "Lori Ball", LATER, ""),
    ("choreographer", "James Alsop", "dance-teacher-2020", ""),
    ("co-executive-producer", "Beth Schacter", "cinemablend-2020-creator", ""),
    ("music-supervisor", "Komeil S. Hosseini", "superguidatv-2019", ""),
    ("stills-photographer", "Parrish Lewis", "ew-2019-interview", ""),
    ("cast", "Stephen Schneider", "cinefilos-2019", "Jake"),
    ("cast", "Christina Milian", "refinery29-2019-cast", "character not known"),
    ("cast", "Robbie Fairchild", "refinery29-2019-cast", "character not known"),
    ("cast", "Kyle Riabko", "refinery29-2019-cast", "character not known"),
    ("cast", "Evan Whitten", "season-zero-2018-script", "pilot only"),
]

# Episodes: title, directors, writers, production code; all were released on one day.
EPISODES = [
    ("Track 1: Nellie and Sam", ["Jesse Peretz"], ["Joshua Safran"], "1LBK01"),
    ("Track 2: Joanna and Nellie", ["Karen Gaviola"], ["Beth Schacter"], "1LBK02"),
    ("Track 3: Sam and Dante", ["Ti West"], ["Khiyon Hursey", "Harrison Richlin"], "1LBK03"),
    ("Track 4: Margot and Frank", ["Joe Swanberg"], ["Joshua Safran"], "1LBK04"),
    ("Track 5: Dante and Annette", ["Ti West"], ["Lauren Yee"], "1LBK05"),
    ("Track 6: Joanna and Eleanor", ["Darren Grant"], ["Richard Kramer"], "1LBK06"),
    ("Track 7: Sam and Frank", ["Joe Swanberg"], ["Lauren Yee", "Khiyon Hursey", "Harrison Richlin"], "1LBK07"),
    ("Track 8: Gigi and Jean", ["Joshua Safran"], ["Allyn Rachel"], "1LBK08"),
    ("Track 9: Margot and Annette", ["Darren Grant"], ["Korde Tuttle"], "1LBK09"),
    ("Track 10: Finale", ["Karen Gaviola"], ["Joshua Safran", "Beth Schacter"], "1LBK10"),
]

# Events: date, texts, people and companies, references.
EVENTS = [
    ("2018-01-19", ["Fox orders a pilot"], ["Joshua Safran", "Megan Ellison", "Sue Naegle", "Ali Krug", "Fox"], [5]),
    ("2018-01-19", ["co-executive producer", "expected"], ["Annapurna Television"], [5]),
    ("2018-02-08", ["Jesse Peretz", "direct the pilot"], ["Jesse Peretz"], [6]),
    ("2018-02", ["Main parts"], ["Madeleine Stowe", "Callie Hernandez"], [10, 11]),
    ("2018-03", ["Main parts"], ["Megan Ferguson", "Jenna Dewan", "Raúl Castillo"], [12, 13, 14]),
    ("2018-05-11", ["passes", "Twitter"], ["Joshua Safran", "Fox"], [7, 8]),
    ("2018-05", ["offered elsewhere"], [], [9]),
    ("2018-07-02", ["ten episodes", "executive producer"], ["Netflix", "Ali Krug"], [4]),
    ("2018-07-02", ["join"], ["20th Century Fox Television", "Fox 21 Television Studios"], [4]),
    ("2018-07-02", ["recast"], ["Raúl Castillo"], [4]),
    ("2018-12-13", ["in place of"], ["Paul James", "Raúl Castillo"], [15]),
    ("2019-12-03", ["trailer"], ["Netflix"], [16]),
    (RELEASED, ["ten episodes", "come out"], ["Netflix"], [2]),
    ("2020-01-31", ["Cancelled after one season"], ["Netflix"], [3]),
    ("2022-03-01", ["Leaves Netflix", "Disney+ or Hulu"], ["Netflix", "Disney"], [1]),
]

# Reviews: aggregator, texts, source.
REVIEWS = [
    ("Rotten Tomatoes, critics", ["38%", "average 4.83/10", "8 reviews"], reference(17)),
    ("Metacritic, critics", ["58 / 100", "4 critics", "“mixed or average reviews”"], reference(18)),
    ("Rotten Tomatoes, audience", ["95%", "93% according to movies-near-me.com"], "popculture"),
]

# Songs: episode (None if unknown), title, artist, performers on screen, source.
SONGS = [
    (1, "“Smile”", "Nat King Cole", "", "nwf-daily-news-2020"),
    (1, "“Sorry Not Sorry”", "Demi Lovato", "", "nwf-daily-news-2020"),
    (1, "“Elastic Heart”", "Sia", "Eleanor “Nellie” O’Brien", "vulture-2019-interview"),
    (2, "“Heat”", "Kelly Clarkson", "Joanna Kassem", "ready-steady-cut-2"),
    (3, "“Deep in a Dream”", "Frank Sinatra", "Samson “Sam” Hughes", "ready-steady-cut-3"),
    (3, "“Morning View”", "Towkio", "Dante Sands", "ready-steady-cut-3"),
    (4, "“Both Sides, Now”", "Judy Collins", "", "imdb-episode-4-reviews"),
    (4, "“Both Sides, Now”", "Neil Diamond", "", "imdb-episode-4-reviews"),
    (4, "“Both Sides, Now”", "Joni Mitchell", "", "imdb-episode-4-reviews"),
    (5, "“Blood // Water”", "grandson", "Annette Sands, Dante Sands", "talk-nerdy-2019"),
    (5, "“Good Luck”", "Basement Jaxx feat. Lisa Kekaula", "Annette Sands, Dante Sands", "talk-nerdy-2019"),
    (7, "“Que Sera, Sera”", "Recording artist not known", "Samson “Sam” Hughes", "talk-nerdy-2019"),
    (9, "“Roads”", "Portishead", "", "ready-steady-cut-9"),
    (9, "“Long Way To Be Happy”", "Darlene Love", "Annette Sands", "ready-steady-cut-9"),
    (10, "“Timebomb”", "Beck", "Samson “Sam” Hughes", "ready-steady-cut-10"),
    (None, "“Between Me and You”", "Brandon Flowers", "", "dancehallnews"),
    (None, "“Believer”", "Imagine Dragons", "", "hallofseries"),
    (None, "Title not known", "Whitney Houston", "", "variety-2019-review"),
]

# Disputed facts: page, fact that is shown, claim beside it.
DISPUTES = [
    (SERIES, "Dante Sands", "Dante Mendoza according to Cinefilos"),
    ("/people/jahmil-french/", "Dante Sands", "Dante Mendoza according to Firstpost"),
    (SERIES, "Samson “Sam” Hughes", "Sam Hudson according to Fort Worth Weekly"),
    (SERIES, "Annette Sands", "Antoinette according to Variety"),
    (SERIES, "Annapurna Television", "Annapurna Pictures according to TBI Vision"),
    (SERIES, "Fox 21 Television Studios", "not among the production companies according to Wikipedia"),
    ("/companies/annapurna-television/", "Production company", "Annapurna Pictures according to Variety"),
    (SERIES, "Sue Naegle", "executive producer of the series according to TBI Vision"),
    (SERIES, "Netflix orders a first season", "May 2018 according to Wikipedia"),
    ("/people/ali-krug/", "Netflix orders a first season", "May 2018 according to Wikipedia"),
    (SERIES, "recast", "May 2018 according to Wikipedia"),
    (SERIES, "First released", "December 2018 according to apekshasandesh.com"),
    (SERIES, "Episodes", "13 episodes were planned at first according to Entertainment Weekly"),
    (SERIES, "Los Angeles", "the past of the story is 2011 according to Fort Worth Weekly"),
    ("/people/markie-post/", "one of her final acting roles", "her last work according to Folha de S.Paulo"),
]

COMPANIES = [
    ("netflix", "Network", ARTICLE),
    ("fox", "Network, pilot only", ARTICLE),
    ("20th-television", "Distributor", ARTICLE),
    ("20th-century-fox-television", "Production company", reference(4)),
    ("fox-21-television-studios", "Production company", reference(4)),
    ("annapurna-television", "Production company", reference(5)),
    ("random-acts-productions", "Production company", LATER),
]
