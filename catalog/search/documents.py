"""Compose what is indexed of each record: tokens of its names and other texts, and its rank by number of credits.

Each function takes primary keys of one kind and yields an ``IndexRow`` per record that exists.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from django.db.models import Count

from catalog.models import (
    Alias,
    AlternativeTitle,
    Availability,
    Character,
    Company,
    Credit,
    Cue,
    Episode,
    FeaturedCharacter,
    Person,
    Series,
    SeriesCompany,
    Song,
    Source,
)
from catalog.models.compiled_query import CompiledQuery
from catalog.models.series import episode_code
from catalog.search.index import IndexRow, rank_key_of
from catalog.search.tokenizer import EPISODE_NUMBER_MARK, PRODUCTION_CODE_MARK, name_key, name_tokens, text_tokens


def _related_texts(model, owner, *fields, **conditions):
    """Query distinct (owner's key, value …) of the records of ``model`` that belong to certain owners."""

    def queryset(keys, *_):
        related = model.objects.filter(**{f"{owner}__in": keys}, **conditions)
        return related.order_by().values_list(owner, *fields).distinct()

    return CompiledQuery(queryset)


def _related_count(model, owner):
    """Query (owner's key, number of records of ``model`` that belong to it)."""

    def queryset(keys, *_):
        return model.objects.filter(**{f"{owner}__in": keys}).order_by().values_list(owner).annotate(total=Count("pk"))

    return CompiledQuery(queryset)


def _own_fields(model, *fields):
    """Query (primary key, value …) of the records themselves."""
    return CompiledQuery(lambda keys, *_: model.objects.filter(pk__in=keys).order_by().values_list("pk", *fields))


def _group_by_owner(rows):
    """Return {owner's key: [values that are not empty]}."""
    values_by_owner: dict[int, list[str]] = defaultdict(list)
    for owner, *values in rows:
        values_by_owner[owner] += [value for value in values if value]
    return values_by_owner


def _sum_counts(queries, pks, using):
    """Return {owner's key: sum of the counts of all queries}."""
    totals: Counter[int] = Counter()
    for query in queries:
        totals.update(dict(query(pks, using=using)))
    return totals


def _index_row(pk, credits, names, texts=(), marked_tokens=()):
    tokens = name_tokens(names)
    tokens |= dict.fromkeys(marked_tokens) | text_tokens(texts)
    return IndexRow(rank_key_of(pk, credits), pk, " ".join(tokens))


SERIES = _own_fields(Series, "title", "premise")
SERIES_TITLES = _related_texts(AlternativeTitle, "series", "title")
SERIES_CREDITS = [_related_count(Credit, path) for path in ("series", "season__series", "episode__season__series")]


def series_rows(pks: Sequence[int], using: str) -> Iterator[IndexRow]:
    """Index titles and premise; credits on seasons and episodes count for the series."""
    titles = _group_by_owner(SERIES_TITLES(pks, using=using))
    totals = _sum_counts(SERIES_CREDITS, pks, using)
    for pk, title, premise in SERIES(pks, using=using):
        yield _index_row(pk, totals[pk], [title, *titles[pk]], [premise])


EPISODES = _own_fields(Episode, "season__series", "season__series__title", "season__number", "number", "last_number",
                       "overall_number", "title", "production_code", "synopsis")  # fmt: skip
MAX_INDEXED_NUMBERS = 100  # of one episode
EPISODE_TITLES = _related_texts(AlternativeTitle, "episode", "title")
EPISODE_CREDITS = [_related_count(Credit, "episode")]


def episode_rows(pks: Sequence[int], using: str) -> Iterator[IndexRow]:
    """Index titles, codes and numbers; as other texts the synopsis and the titles of the series."""
    titles = _group_by_owner(EPISODE_TITLES(pks, using=using))
    totals = _sum_counts(EPISODE_CREDITS, pks, using)
    rows = EPISODES(pks, using=using)
    series_titles = _group_by_owner(SERIES_TITLES(sorted({row[1] for row in rows}), using=using))
    for pk, series, series_title, season, number, last_number, overall, title, production_code, synopsis in rows:
        covered = range(number, min(last_number or number, number + MAX_INDEXED_NUMBERS - 1) + 1)
        codes = [episode_code(season, value) for value in covered]
        numbers = [*covered, *(() if overall is None else range(overall, overall + len(covered)))]
        marked_tokens = [f"{EPISODE_NUMBER_MARK}{value}" for value in (*codes, *numbers)]
        if production_code:
            marked_tokens.append(PRODUCTION_CODE_MARK + name_key(production_code))
        texts = [series_title, *series_titles[series], synopsis]
        yield _index_row(pk, totals[pk], [title, *titles[pk]], texts, marked_tokens)


PEOPLE = _own_fields(Person, "name", "sort_name")
PERSON_ALIASES = _related_texts(Alias, "person", "name")
CREDITED_AS = _related_texts(Credit, "person", "credited_as")
CHARACTERS_PLAYED = _related_texts(Credit, "person", "character__name", "character__full_name", character__isnull=False)
ALIASES_PLAYED = _related_texts(Credit, "person", "character__aliases__name", character__aliases__isnull=False)
PERSON_CREDITS = [_related_count(Credit, "person")]


def person_rows(pks: Sequence[int], using: str) -> Iterator[IndexRow]:
    """Index name, sort name, aliases and names as credited; as other texts the characters played."""
    queries = PERSON_ALIASES, CREDITED_AS, CHARACTERS_PLAYED, ALIASES_PLAYED
    aliases, credited_as, characters, nicknames = (_group_by_owner(query(pks, using=using)) for query in queries)
    totals = _sum_counts(PERSON_CREDITS, pks, using)
    for pk, name, sort_name in PEOPLE(pks, using=using):
        names = [name, sort_name, *aliases[pk], *credited_as[pk]]
        yield _index_row(pk, totals[pk], names, [*characters[pk], *nicknames[pk]])


CHARACTERS = _own_fields(Character, "name", "full_name", "series__title")
CHARACTER_ALIASES = _related_texts(Alias, "character", "name")
NAMED_AS = _related_texts(FeaturedCharacter, "character", "named_as")
CHARACTER_APPEARANCES = [_related_count(Credit, "character"), _related_count(FeaturedCharacter, "character")]


def character_rows(pks: Sequence[int], using: str) -> Iterator[IndexRow]:
    """Index name, full name, aliases and names given by episodes; as another text the title of the series."""
    queries = CHARACTER_ALIASES, NAMED_AS
    aliases, named_as = (_group_by_owner(query(pks, using=using)) for query in queries)
    totals = _sum_counts(CHARACTER_APPEARANCES, pks, using)
    for pk, name, full_name, series_title in CHARACTERS(pks, using=using):
        yield _index_row(pk, totals[pk], [name, full_name, *aliases[pk], *named_as[pk]], [series_title])


COMPANIES = _own_fields(Company, "name")
COMPANY_ALIASES = _related_texts(Alias, "company", "name")
COMPANY_PARTS = [_related_count(SeriesCompany, "company"), _related_count(Availability, "platform")]


def company_rows(pks: Sequence[int], using: str) -> Iterator[IndexRow]:
    """Index the name, former and other names; the rank counts series that the company has a part in or offers."""
    aliases = _group_by_owner(COMPANY_ALIASES(pks, using=using))
    totals = _sum_counts(COMPANY_PARTS, pks, using)
    for pk, name in COMPANIES(pks, using=using):
        yield _index_row(pk, totals[pk], [name, *aliases[pk]])


SONGS = _own_fields(Song, "title", "artist__name", "note")
SONG_CUES = [_related_count(Cue, "song")]


def song_rows(pks: Sequence[int], using: str) -> Iterator[IndexRow]:
    """Index title and recording artist; as another text the note. The rank counts where it is heard."""
    totals = _sum_counts(SONG_CUES, pks, using)
    for pk, title, artist, note in SONGS(pks, using=using):
        yield _index_row(pk, totals[pk], [title, artist], [note])


SOURCES = _own_fields(Source, "title", "author", "publisher")


def source_rows(pks: Sequence[int], using: str) -> Iterator[IndexRow]:
    """Index the title; as other texts author and publisher."""
    for pk, title, *texts in SOURCES(pks, using=using):
        yield _index_row(pk, 0, [title], texts)


INDEX_ROWS: dict[str, Callable[[Sequence[int], str], Iterable[IndexRow]]] = {
    "series": series_rows,
    "episode": episode_rows,
    "person": person_rows,
    "character": character_rows,
    "company": company_rows,
    "song": song_rows,
    "source": source_rows,
}
