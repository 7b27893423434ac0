"""Articles copied from the page: one of our own, and the first article of the catalogue against its fixture."""

import json
import sys

import pytest
from django.conf import settings

from catalog.sources import wikipedia
from catalog.sources.series_claims import SourceFacts
from catalog.sources.wikipedia_plain import split_glued_names
from catalog.tests.sources.claim_summary import credit_line, names_in_role
from catalog.tests.sources.real_files import FOLDER, needs_real_files
from catalog.tests.sources.wikipedia_samples import COPIED

ARTICLE = FOLDER.parent / "seed" / "soundtrack-article.txt"


def test_an_article_copied_from_the_page():
    claims = wikipedia.read_article(COPIED, SourceFacts("Wikipedia"))
    assert claims.values == {
        "title": "Night Ferry",
        "premiered": "2002-03-03",
        "ended": "2002-03-03",
        "announced_episodes": 3,
        "runtime_min": 25,
        "runtime_max": 30,
        "status": "cancelled",
    }
    assert claims.lists == {"genres": ["Drama"], "networks": ["RTÉ One"]}
    assert [(review.aggregator, review.label) for review in claims.reviews] == [
        ("Rotten Tomatoes", ""), ("Metacritic", "mixed or average reviews")
    ]  # fmt: skip
    assert list(map(credit_line, claims.credits)) == [
        "creator: Ada Holt",
        "composer: Ida Bell (some)",
        "composer: Sam Urban (some)",
        "cast: Eve Stone (main)",
        "cast: Finn Wolf (main, first role)",
        "cast: Guy Hart Jr. (main)",
        "executive-producer: Ada Holt",
        "executive-producer: Jo Kerr",
    ]
    assert [names_in_role(episode, "writer") for episode in claims.episodes] == [
        ["Ada Holt"],
        ["Cy Reed", "Dee Lind"],
        ["Ada Holt", "Max Orr", "Nan Poe"],
    ]
    assert [episode.claim.values["production_code"] for episode in claims.episodes] == ["N01", "N02", "N03"]
    assert claims.episodes[1].claim.notes == ["“Cy Reed Dee Lind” has no separator and is read as 2 names."]


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Lauren Yee Khiyon Hursey Harrison Richlin", ["Lauren Yee", "Khiyon Hursey", "Harrison Richlin"]),
        ("Joshua Safran Beth Schacter", ["Joshua Safran", "Beth Schacter"]),
        ("Max Orr Ana de Sousa", ["Max Orr", "Ana de Sousa"]),
        ("Lauren Yee", []),
        ("Ana Maria de Sousa Costa", []),  # five words: where one name ends is not known
        ("Joshua Safran, Beth Schacter", []),
        ("Joshua Safran & Beth Schacter", []),
    ],
)
def test_names_without_a_separator(cell, names):
    assert split_glued_names(cell, {"Lauren Yee", "Beth Schacter", "Ana de Sousa"}) == names


def load_fixture():
    """The rows of the fixture by model, and names by slug."""
    rows = json.loads((settings.BASE_DIR / "fixtures" / "soundtrack.json").read_text(encoding="utf-8"))
    rows += json.loads((settings.BASE_DIR / "fixtures" / "vocabulary.json").read_text(encoding="utf-8"))
    models = {}
    for row in rows:
        models.setdefault(row["model"].removeprefix("catalog."), []).append(row["fields"])
    names = {(model, row.get("slug", row.get("code"))): row.get("name") for model in models for row in models[model]}
    return models, names


def fixture_facts():
    """What the fixture states of episodes, crew, dates, codes and infobox, in lines."""
    models, names = load_fixture()
    (series,) = models["series"]
    fields = ("title", "status", "premiered", "ended", "announced_episodes", "runtime_min", "runtime_max")
    facts = {f"{name}: {series[name]}" for name in (*fields, "camera_setup", "picture_format", "audio_format")}
    facts.add(f"content_rating: {series['content_rating']}")
    for list_name, model in (("genres", "genre"), ("countries", "country"), ("languages", "language")):
        facts |= {f"{list_name}: {names[model, key]}" for (key,) in series[list_name]}
    parts = {"network": "networks", "production": "production_companies", "distributor": "distributors"}
    for row in models["seriescompany"]:
        if not row["pilot_only"]:
            facts.add(f"{parts[row['part']]}: {names['company', row['company'][0]]}")
    for row in models["episode"]:
        facts |= {
            f"{row['number']} {name}: {row[name]}"
            for name in ("overall_number", "title", "air_date", "production_code")
        }
    for row in models["credit"]:
        role, person = row["role"][0], names["person", row["person"][0]]
        if row["pilot_only"] or (role == "cast" and row["kind"] != "main"):
            continue
        facts.add(f"{row['episode'][2]} {role}: {person}" if row["episode"] else f"{role}: {person}")
    return facts


def article_facts(claims):
    """The same of the claims."""
    facts = {f"{name}: {value}" for name, value in claims.values.items()}
    facts |= {f"{name}: {value}" for name, values in claims.lists.items() for value in values}
    facts |= {f"{credit.claim.role}: {credit.claim.name}" for credit in claims.credits}
    for episode in claims.episodes:
        claim = episode.claim
        facts |= {f"{claim.number} {name}: {value}" for name, value in claim.values.items() if value is not None}
        facts |= {f"{claim.number} {credit.role}: {credit.name}" for credit in claim.credits}
    return facts


# In the fixture by other sources alone: the copied article lost the lists of its infobox.
BY_OTHER_SOURCES = {
    *(f"composer: {name}" for name in ("Andrew McMahon", "Zac Clark", "James S. Levine")),
    *(f"cinematographer: {name}" for name in ("Jas Shelton", "Tom Clancey", "Alex Nepomniaschy")),
    *(f"editor: {name}" for name in ("Bill Henry", "Jo Francis", "Allyson C. Johnson", "Brad Katz", "Lori Ball")),
    *(f"production_companies: {name}" for name in ("Random Acts Productions", "Annapurna Television")),
    *(f"production_companies: {name}" for name in ("20th Century Fox Television", "Fox 21 Television Studios")),
    "production_companies: Annapurna Pictures",
    "co-executive-producer: Beth Schacter",
    "choreographer: James Alsop",
    "music-supervisor: Komeil S. Hosseini",
    "stills-photographer: Parrish Lewis",
    "content_rating: TV-MA",
}


@needs_real_files
@pytest.mark.skipif(not ARTICLE.exists(), reason="SOURCE_CASES is not beside the first article")
def test_the_first_article_gives_what_the_fixture_gives():
    claims = wikipedia.read_article(ARTICLE.read_text(encoding="utf-8"), SourceFacts("Wikipedia"))
    fixture, article = fixture_facts(), article_facts(claims)
    missing, further = fixture - article - BY_OTHER_SOURCES, article - fixture
    sys.stdout.write(f"{len(fixture & article)} facts agree.\n")
    sys.stdout.write("".join(f"only in the fixture: {fact}\n" for fact in sorted(fixture - article)))
    sys.stdout.write("".join(f"only in the article: {fact}\n" for fact in sorted(further)))
    assert (missing, further) == (set(), set())
    assert fixture >= BY_OTHER_SOURCES
    scores = {(review.aggregator, review.score, review.count) for review in claims.reviews}
    assert scores == {("Rotten Tomatoes", "38", 8), ("Metacritic", "58", 4)}
    writers = [names_in_role(episode, "writer") for episode in claims.episodes]
    assert writers[6] == ["Lauren Yee", "Khiyon Hursey", "Harrison Richlin"]
