"""Synthetic files like IMDb's, the same every time: ten principals a title, forty episodes a series.

Half of the principals are actors, most of them regulars of the series; each tenth title is a film, which an import
leaves out. The names file also has people without credits.
"""

import json
import random

WORDS = (
    "silver harbour north signal paper garden winter station glass river second stone long road quiet field open "
    "window last market blue hour high tide small town broken compass late train hidden valley iron bridge summer court"
).split()
SYLLABLES = "ka ro mi len ta sor vi dan el bre no ris cal mar ten jo wes pa ul fi gor hal ny che ob".split()

SEED = 19520101
PRINCIPALS_PER_EPISODE, EPISODES_PER_SEASON, REGULARS = 10, 10, 8
# (category, job, share of the lines without actors)
CREW = (
    ("director", r"\N", 20),
    ("writer", "written by", 14),
    ("writer", "created by", 14),
    ("writer", "story editor", 4),
    ("writer", r"\N", 8),
    ("producer", "executive producer", 10),
    ("producer", "producer", 10),
    ("composer", r"\N", 5),
    ("cinematographer", "director of photography", 6),
    ("editor", r"\N", 8),
    ("production_designer", r"\N", 2),
    ("casting_director", r"\N", 2),
    ("self", r"\N", 10),
    ("archive_footage", r"\N", 2),
)
HEADERS = {
    "title.basics": "tconst titleType primaryTitle originalTitle isAdult startYear endYear runtimeMinutes genres",
    "title.episode": "tconst parentTconst seasonNumber episodeNumber",
    "title.principals": "tconst ordering nconst category job characters",
    "title.crew": "tconst directors writers",
    "title.akas": "titleId ordering title region language types attributes isOriginalTitle",
    "name.basics": "nconst primaryName birthYear deathYear primaryProfession knownForTitles",
}


class FileWriter:
    """Writes the files of about ``principals`` lines into a folder."""

    def __init__(self, folder, principals):
        self.random = random.Random(SEED)
        self.folder, self.principals = folder, principals
        self.people = max(20, principals // 5)
        self.files, self.lines_written = {}, 0
        self.crew_weights = [weight for _, _, weight in CREW]

    def write(self):
        """Write all files."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            for table, header in HEADERS.items():
                self.files[table] = (self.folder / f"{table}.tsv").open("w", encoding="utf-8")
                self.line(table, *header.split())
            self.write_titles()
            for number in range(1, self.people + self.people // 4):
                birth = self.random.choice((r"\N", "1950", "1968", "1981"))
                self.line("name.basics", f"nm{number:07d}", self.name(), birth, r"\N", "actor", r"\N")
        finally:
            for file in self.files.values():
                file.close()

    def line(self, table, *cells):
        """Write a line."""
        self.files[table].write("\t".join(cells) + "\n")

    def words(self):
        """A title of two words."""
        return " ".join(word.capitalize() for word in self.random.choices(WORDS, k=2))

    def name(self):
        """A name; about one in ten belongs to several people."""
        first, last = self.random.choices(SYLLABLES, k=2), self.random.choices(SYLLABLES, k=3)
        return f"{''.join(first).capitalize()} {''.join(last).capitalize()}"

    def person(self):
        """An id; low numbers are the most frequent."""
        return f"nm{1 + int(self.people * self.random.random() ** 2):07d}"

    def write_titles(self):
        """Write series until there are enough principals."""
        number = 0
        while self.lines_written < self.principals:
            number += 1
            if self.random.random() < 0.1:
                self.title(number, "movie", self.words())
                continue
            series = number
            self.title(series, "tvSeries", self.words())
            regulars = [(self.person(), self.name()) for _ in range(REGULARS)]
            for episode in range(self.random.randrange(1, 80)):
                number += 1
                title = self.words() if self.random.random() < 0.8 else f"Episode #1.{episode}"
                self.title(number, "tvEpisode", title, regulars)
                season, position = divmod(episode, EPISODES_PER_SEASON)
                self.line("title.episode", f"tt{number:07d}", f"tt{series:07d}", str(season + 1), str(position + 1))

    def title(self, number, kind, title, regulars=()):
        """Write a title with its principals, crew and other titles."""
        key = f"tt{number:07d}"
        year = str(1950 + number % 75)
        self.line("title.basics", key, kind, title, title, "0", year, r"\N", "42", "Comedy,Drama")
        self.line("title.akas", key, "1", title, "US", r"\N", "imdbDisplay", r"\N", "0")
        self.line("title.akas", key, "2", f"{title} {number % 7}", "DE", "de", r"\N", r"\N", "0")
        crew = {"director": [], "writer": []}
        for ordering in range(1, PRINCIPALS_PER_EPISODE + 1):
            self.lines_written += 1
            category, job, characters, person = "actor", r"\N", r"\N", self.person()
            if ordering % 2:
                name = self.name()
                if regulars and self.random.random() < 0.7:
                    person, name = regulars[ordering % REGULARS]
                characters = json.dumps([name])
            else:
                category, job, _ = self.random.choices(CREW, self.crew_weights)[0]
            if category in crew:
                crew[category].append(person)
            self.line("title.principals", key, str(ordering), person, category, job, characters)
        if self.random.random() < 0.3:
            crew["director"].append(self.person())
        self.line("title.crew", key, ",".join(crew["director"]) or r"\N", ",".join(crew["writer"]) or r"\N")
