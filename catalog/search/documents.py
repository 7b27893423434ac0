"""What records are found by: their names, what is written beside them, and how often they are credited."""

from collections import Counter, defaultdict

from django.db.models import Count

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
from catalog.models.compiled_query import CompiledQuery
from catalog.models.series import episode_code
from catalog.search.index import rank_key_of
from catalog.search.tokenizer import EPISODE_NUMBER_MARK, PRODUCTION_CODE_MARK, name_key, name_tokens, text_tokens


def _related_texts(model, owner, *fields, **given):
    """A reading of what records of ``model`` say of their owners, each once: (owner's key, value …)."""

    def rows(keys, *_):
        told = model.objects.filter(**{f"{owner}__in": keys}, **given)
        return told.order_by().values_list(owner, *fields).distinct()

    return CompiledQuery(rows)


def _number(model, owner):
    """A reading of how many records of ``model`` each owner has: (owner's key, how many)."""

    def rows(keys, *_):
        return model.objects.filter(**{f"{owner}__in": keys}).order_by().values_list(owner).annotate(total=Count("pk"))

    return CompiledQuery(rows)


def _own_fields(model, *fields):
    """A reading of records themselves: (key, value …)."""
    return CompiledQuery(lambda keys, *_: model.objects.filter(pk__in=keys).order_by().values_list("pk", *fields))


def _group_by_owner(rows):
    """{owner: [values]}. Texts that are empty say nothing."""
    found = defaultdict(list)
    for pk, *values in rows:
        found[pk] += [value for value in values if value]
    return found


def _sums(readings, pks, using):
    """{owner: the sum of what the readings count}."""
    totals = Counter()
    for read in readings:
        totals.update(dict(read(pks, using=using)))
    return totals


def _row(pk, credits, names, prose=(), more=()):
    found = name_tokens(names)
    found |= dict.fromkeys(more) | text_tokens(prose)
    return rank_key_of(pk, credits), pk, " ".join(found)


SERIES = _own_fields(Series, "title", "premise")
TITLES_OF_SERIES = _related_texts(AlternativeTitle, "series", "title")
CREDITS_OF_SERIES = [_number(Credit, path) for path in ("series", "season__series", "episode__season__series")]


def series(pks, using):
    """Series: title and other titles; premise. Credits on its seasons and episodes are its own."""
    titles = _group_by_owner(TITLES_OF_SERIES(pks, using=using))
    totals = _sums(CREDITS_OF_SERIES, pks, using)
    for pk, title, premise in SERIES(pks, using=using):
        yield _row(pk, totals[pk], [title, *titles[pk]], [premise])


EPISODES = _own_fields(Episode, "season__series", "season__series__title", "season__number", "number", "last_number",
                "overall_number", "title", "production_code", "synopsis")  # fmt: skip
TITLES_OF_EPISODES = _related_texts(AlternativeTitle, "episode", "title")
CREDITS_OF_EPISODES = [_number(Credit, "episode")]


def episodes(pks, using):
    """Episodes: title, other titles, production code, code, number; synopsis and the series' titles."""
    titles = _group_by_owner(TITLES_OF_EPISODES(pks, using=using))
    totals = _sums(CREDITS_OF_EPISODES, pks, using)
    rows = EPISODES(pks, using=using)
    of_series = _group_by_owner(TITLES_OF_SERIES(sorted({row[1] for row in rows}), using=using))
    for pk, owner, owner_title, season, number, last, overall, title, production, synopsis in rows:
        marks = [f"{EPISODE_NUMBER_MARK}{episode_code(season, each)}" for each in (number, last) if each is not None]
        marks += [f"{EPISODE_NUMBER_MARK}{each}" for each in (number, last, overall) if each is not None]
        marks += [PRODUCTION_CODE_MARK + name_key(production)] if production else []
        yield _row(pk, totals[pk], [title, *titles[pk]], [owner_title, *of_series[owner], synopsis], marks)


PEOPLE = _own_fields(Person, "name", "sort_name")
ALIASES_OF_PEOPLE = _related_texts(Alias, "person", "name")
CREDITED = _related_texts(Credit, "person", "credited_as")
PLAYED = _related_texts(Credit, "person", "character__name", "character__full_name", character__isnull=False)
NICKNAMES = _related_texts(Credit, "person", "character__aliases__name", character__aliases__isnull=False)
CREDITS_OF_PEOPLE = [_number(Credit, "person")]


def people(pks, using):
    """People: name, index name, aliases, as credited; the characters that they played."""
    readings = ALIASES_OF_PEOPLE, CREDITED, PLAYED, NICKNAMES
    aliases, credited, characters, nicknames = (_group_by_owner(read(pks, using=using)) for read in readings)
    totals = _sums(CREDITS_OF_PEOPLE, pks, using)
    for pk, name, sort_name in PEOPLE(pks, using=using):
        names = [name, sort_name, *aliases[pk], *credited[pk]]
        yield _row(pk, totals[pk], names, [*characters[pk], *nicknames[pk]])


CHARACTERS = _own_fields(Character, "name", "full_name", "series__title")
ALIASES_OF_CHARACTERS = _related_texts(Alias, "character", "name")
NAMED = _related_texts(FeaturedCharacter, "character", "named_as")
PARTS_OF_CHARACTERS = [_number(Credit, "character"), _number(FeaturedCharacter, "character")]


def characters(pks, using):
    """Characters: name, full name, aliases, as an episode names them; the series' title."""
    aliases, named = (_group_by_owner(read(pks, using=using)) for read in (ALIASES_OF_CHARACTERS, NAMED))
    totals = _sums(PARTS_OF_CHARACTERS, pks, using)
    for pk, name, full_name, series_title in CHARACTERS(pks, using=using):
        yield _row(pk, totals[pk], [name, full_name, *aliases[pk], *named[pk]], [series_title])


COMPANIES = _own_fields(Company, "name")
PARTS_OF_COMPANIES = [_number(SeriesCompany, "company"), _number(Availability, "platform")]


def companies(pks, using):
    """Companies: their name; how many series they had a part in or show."""
    totals = _sums(PARTS_OF_COMPANIES, pks, using)
    for pk, name in COMPANIES(pks, using=using):
        yield _row(pk, totals[pk], [name])


DOCUMENTS = {"series": series, "episode": episodes, "person": people, "character": characters, "company": companies}
