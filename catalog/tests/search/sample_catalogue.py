"""A catalogue to search in: the article, people and titles in many scripts, and a made-up rest around them."""

import random

from django.utils import timezone

from catalog.models import Alias, AlternativeTitle, Character, Episode, Person, Season, Series
from catalog.models.slug import slug_from
from catalog.tests import factories as make

SYLLABLES = "ka ro mi len ta sor vi dan el bre no ris cal mar ten jo wes pa ul fi".split()  # noqa: SIM905
WORDS = "silver harbour north signal paper garden winter station glass river valley compass market lantern".split()  # noqa: SIM905
PEOPLE = [
    "Conan O’Brien", "Zoë Kravitz-Åberg", "José Muñoz", "Łukasz Żal", "Ольга Ильина", "章子怡", "宮崎駿", "봉준호",
    "Søren Ægir", "François Lefèvre", "Nguyễn Văn Ánh", "Renée Zellwegger", "J. J. Abrahams", "Mary-Kate Olssen",
    "Björk Guðmundsdóttir", "Θεόδωρος Παππάς", "Anne Marie D’Arcy", "Robert Downey Jr.", "Sarah T. Thompson",
]  # fmt: skip
SERIES = [
    ("The Long Way Home", ["Mixed Signals"]), ("Law & Order", []), ("24", []), ("M*A*S*H", []), ("Café Américain", []),
    ("House of Cards", []), ("House", []), ("Stranger Things", []), ("AC/DC Nights", []), ("Ｆｕｌｌ Ｗｉｄｔｈ", []),
    ("Ofﬁce Hours", []), ("Dark Water", ["暗い水"]), ("The Office", []), ("Spider-Man", []),
    ("Season of the Witch", []),
]  # fmt: skip


def word(rng, syllables):
    """A made-up name."""
    return "".join(rng.choice(SYLLABLES) for _ in range(syllables)).capitalize()


def made_up_people(rng, total):
    """Names of two made-up words, each once."""
    names = {}
    while len(names) < total:
        names[f"{word(rng, rng.choice((2, 2, 3)))} {word(rng, rng.choice((2, 3, 3)))}"] = None
    return list(names)


def made_up_titles(rng, total):
    """Titles of two or three words, each once."""
    titles = {}
    while len(titles) < total:
        titles[" ".join(rng.sample(WORDS, rng.choice((2, 3)))).title()] = None
    return list(titles)


@make.deferred_indexing()
def fill(seed=20):
    """Add it all to what is there. Returns the made-up names and titles."""
    rng, now = random.Random(seed), timezone.now()
    for name in PEOPLE:
        make.person(name)
    Alias.objects.create(person=Person.objects.get(name="章子怡"), name="Zhang Ziyi")
    for title, others in SERIES:
        series = make.series(title)
        for other in others:
            AlternativeTitle.objects.create(series=series, title=other, kind="working")
    names, titles = made_up_people(rng, 400), made_up_titles(rng, 120)
    slugs = [f"made-up-{number}" for number in range(len(names))]
    Person.objects.bulk_create(
        Person(name=name, slug=slug, sort_name=", ".join(reversed(name.split())), published_at=now)
        for name, slug in zip(names, slugs, strict=True)
    )
    Series.objects.bulk_create(
        Series(title=title, sort_title=title, slug=f"{slug_from(title)}-made-up", published_at=now) for title in titles
    )
    made = list(Series.objects.filter(slug__endswith="-made-up"))
    Season.objects.bulk_create(Season(series=series, number=1, published_at=now) for series in made)
    seasons = Season.objects.filter(series__in=made)
    Episode.objects.bulk_create(
        Episode(season=season, number=number, title=f"{word(rng, 4)} Hour", overall_number=number, published_at=now)
        for season in seasons
        for number in (1, 2, 3)
    )
    Character.objects.bulk_create(
        Character(series=series, name=word(rng, 3), slug=f"{slug_from(series.title)}-hero") for series in made
    )
    return names, titles
