"""What records are found by: their names, what is written beside them, and how often they are credited."""

from collections import Counter, defaultdict

from django.db.models import Count, F

from catalog.models import (
    Alias,
    AlternativeTitle,
    Availability,
    Character,
    Company,
    Credit,
    Episode,
    FeaturedCharacter,
    Person,
    Series,
    SeriesCompany,
)
from catalog.models.series import episode_code
from catalog.search.store import place_of
from catalog.search.words import NUMBER, PRODUCTION, key, of_names, of_prose


def _by(owner, queryset, *fields):
    """{owner: [other values]} of a queryset, each once. Texts that are empty say nothing."""
    found = defaultdict(list)
    for pk, *values in queryset.order_by().values_list(owner, *fields).distinct():
        found[pk] += [value for value in values if value]
    return found


def _counted(owner, queryset):
    """{owner: how many}."""
    rows = queryset.order_by().values_list(owner).annotate(total=Count("pk"))
    return Counter(dict(rows))


def _row(pk, credits, names, prose=(), more=()):
    found = of_names(names)
    found |= dict.fromkeys(more) | of_prose(prose)
    return place_of(pk, credits), pk, " ".join(found)


def series(pks, using):
    """Series: title and other titles; premise. Credits on its seasons and episodes are its own."""
    titles = _by("series", AlternativeTitle.objects.using(using).filter(series__in=pks), "title")
    credits = Credit.objects.using(using)
    totals = Counter()
    for path in ("series", "season__series", "episode__season__series"):
        totals += _counted(path, credits.filter(**{f"{path}__in": pks}))
    for pk, title, premise in Series.objects.using(using).filter(pk__in=pks).values_list("pk", "title", "premise"):
        yield _row(pk, totals[pk], [title, *titles[pk]], [premise])


def episodes(pks, using):
    """Episodes: title, other titles, production code, code, number; synopsis and the series' titles."""
    titles = _by("episode", AlternativeTitle.objects.using(using).filter(episode__in=pks), "title")
    totals = _counted("episode", Credit.objects.using(using).filter(episode__in=pks))
    rows = list(
        Episode.objects.using(using)
        .filter(pk__in=pks)
        .values_list("pk", "season__series", "season__series__title", "season__number", "number", "last_number",
                     "overall_number", "title", "production_code", "synopsis")
    )  # fmt: skip
    of_series = _by(
        "series", AlternativeTitle.objects.using(using).filter(series__in={row[1] for row in rows}), "title"
    )
    for pk, owner, owner_title, season, number, last, overall, title, production, synopsis in rows:
        marks = [f"{NUMBER}{episode_code(season, each)}" for each in (number, last) if each is not None]
        marks += [f"{NUMBER}{each}" for each in (number, last, overall) if each is not None]
        marks += [PRODUCTION + key(production)] if production else []
        yield _row(pk, totals[pk], [title, *titles[pk]], [owner_title, *of_series[owner], synopsis], marks)


def people(pks, using):
    """People: name, index name, aliases, as credited; the characters that they played."""
    credits = Credit.objects.using(using).filter(person__in=pks)
    aliases = _by("person", Alias.objects.using(using).filter(person__in=pks), "name")
    credited = _by("person", credits.exclude(credited_as=""), "credited_as")
    played = credits.filter(character__isnull=False)
    characters = _by("person", played, "character__name", "character__full_name")
    nicknames = _by("person", played.filter(character__aliases__isnull=False), "character__aliases__name")
    totals = _counted("person", credits)
    for pk, name, sort_name in Person.objects.using(using).filter(pk__in=pks).values_list("pk", "name", "sort_name"):
        names = [name, sort_name, *aliases[pk], *credited[pk]]
        yield _row(pk, totals[pk], names, [*characters[pk], *nicknames[pk]])


def characters(pks, using):
    """Characters: name, full name, aliases, as an episode names them; the series' title."""
    aliases = _by("character", Alias.objects.using(using).filter(character__in=pks), "name")
    features = FeaturedCharacter.objects.using(using).filter(character__in=pks)
    named = _by("character", features, "named_as")
    totals = _counted("character", Credit.objects.using(using).filter(character__in=pks))
    totals += _counted("character", features)
    rows = Character.objects.using(using).filter(pk__in=pks)
    for pk, name, full_name, series_title in rows.values_list("pk", "name", "full_name", F("series__title")):
        yield _row(pk, totals[pk], [name, full_name, *aliases[pk], *named[pk]], [series_title])


def companies(pks, using):
    """Companies: their name; how many series they had a part in or show."""
    totals = _counted("company", SeriesCompany.objects.using(using).filter(company__in=pks))
    totals += _counted("platform", Availability.objects.using(using).filter(platform__in=pks))
    for pk, name in Company.objects.using(using).filter(pk__in=pks).values_list("pk", "name"):
        yield _row(pk, totals[pk], [name])


DOCUMENTS = {"series": series, "episode": episodes, "person": people, "character": characters, "company": companies}
