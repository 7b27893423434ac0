"""A catalogue to search: Soundtrack, people and titles in many scripts, and generated records around them."""

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


def generate_word(rng, syllables):
    """Return a pronounceable random word."""
    return "".join(rng.choice(SYLLABLES) for _ in range(syllables)).capitalize()


def generate_names(rng, total):
    """Return different names of two words."""
    names = {}
    while len(names) < total:
        names[f"{generate_word(rng, rng.choice((2, 2, 3)))} {generate_word(rng, rng.choice((2, 3, 3)))}"] = None
    return list(names)


def generate_titles(rng, total):
    """Return different titles of two or three words."""
    titles = {}
    while len(titles) < total:
        titles[" ".join(rng.sample(WORDS, rng.choice((2, 3)))).title()] = None
    return list(titles)


@make.deferred_indexing()
def fill(seed=20):
    """Add the records to the catalogue; return the generated names and titles."""
    rng, now = random.Random(seed), timezone.now()
    for name in PEOPLE:
        make.person(name)
    Alias.objects.create(person=Person.objects.get(name="章子怡"), name="Zhang Ziyi")
    for title, alternative_titles in SERIES:
        series = make.series(title)
        for alternative_title in alternative_titles:
            AlternativeTitle.objects.create(series=series, title=alternative_title, kind="working")
    names, titles = generate_names(rng, 400), generate_titles(rng, 120)
    slugs = [f"generated-{number}" for number in range(len(names))]
    Person.objects.bulk_create(
        Person(name=name, slug=slug, sort_name=", ".join(reversed(name.split())), published_at=now)
        for name, slug in zip(names, slugs, strict=True)
    )
    Series.objects.bulk_create(
        Series(title=title, sort_title=title, slug=f"{slug_from(title)}-generated", published_at=now)
        for title in titles
    )
    all_series = list(Series.objects.filter(slug__endswith="-generated"))
    Season.objects.bulk_create(Season(series=series, number=1, published_at=now) for series in all_series)
    seasons = Season.objects.filter(series__in=all_series)
    Episode.objects.bulk_create(
        Episode(
            season=season, number=number, title=f"{generate_word(rng, 4)} Hour", overall_number=number, published_at=now
        )
        for season in seasons
        for number in (1, 2, 3)
    )
    Character.objects.bulk_create(
        Character(series=series, name=generate_word(rng, 3), slug=f"{slug_from(series.title)}-hero")
        for series in all_series
    )
    return names, titles
