"""Files to import, and what the catalogue has afterwards."""

import pytest
from django.apps import apps
from django.db import connection

from catalog.tests.sources.test_imdb import AKAS, BASICS, CREW, EPISODES, NAMES, PRINCIPALS, tsv

MORE = {
    "title.basics": (
        BASICS,
        r"""
tt0000020 tvSeries The_Twins The_Twins 0 2005 1999 \N Comedy,Film-Noir \N
tt0000021 tvEpisode A_&amp;_B A_&amp;_B 0 2005 \N 5000 \N \N
tt0000022 tvEpisode Second_with_this_number Second 0 200 \N \N \N \N
tt0000023 tvEpisode Third Dritte 0 2005 \N 30 \N \N
tt0000040 tvSeries The_Twins The_Twins 0 2019 \N \N Talk-Show \N
""",
    ),
    "title.episode": (
        EPISODES,
        r"""
tt0000021 tt0000020 1 1
tt0000022 tt0000020 1 1
tt0000023 tt0000020 1 2
""",
    ),
    "title.principals": (
        PRINCIPALS,
        r"""
tt0000020 1 nm0000010 actor \N ["Ann_Lee"]
tt0000020 2 nm0000011 cinematographer \N \N
tt0000021 1 nm0000010 actress \N ["Ann_Lee","O'Hara_(uncredited)_(as_A._Lee)"]
tt0000021 2 nm0000010 actress \N ["Ann_Lee"]
tt0000021 3 nm0000011 actor \N ["Unknown"]
tt0000021 4 nm0000012 director assistant_to_nobody \N
tt0000021 5 nm0000012 writer created_by \N
tt0000023 1 nm0000011 archive~footage \N ["Ann_Lee"]
tt0000023 2 nm0000012 writer created_by \N
tt0000023 3 nm0000013 editor \N \N
tt0000023 4 nm0000014 editor \N \N
tt0000031 1 nm0000010 self \N ["Ann_\"A\"_Lee"]
""",
    ),
    "title.crew": (
        CREW,
        r"""
tt0000020 nm0000012 nm0000012
tt0000021 nm0000012,nm0000013 nm0000012,nm0000014
""",
    ),
    "name.basics": (
        NAMES,
        r"""
nm0000010 John_Two \N \N \N \N
nm0000011 John_Two 1960 1950 \N \N
nm0000012 John_Two_2 196 \N \N \N
nm0000013 John_Two \N \N \N \N
nm0000014 ? \N \N \N \N
nm0000015 Never_Credited \N \N \N \N
""",
    ),
    "title.akas": (
        AKAS,
        r"""
tt0000021 1 A_&_B US en \N \N 0
tt0000023 1 Dritte DE de \N \N 0
tt0000023 2 Troisième FR fr \N working 0
""",
    ),
}


@pytest.fixture
def imdb_files(tmp_path):
    """The files as paths: two series of the reader's tests, and others."""
    folder = tmp_path / "imdb"
    folder.mkdir()
    for name, (first, more) in MORE.items():
        (folder / f"{name}.tsv").write_bytes(tsv(first) + tsv(more).replace(b"~", b"_"))
    return sorted(folder.glob("*.tsv"))


@pytest.fixture
def empty_catalogue(vocabulary):
    """A catalogue that has only the vocabulary."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # no references wait for the end of the test's transaction
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def rows_of_catalogue():
    """All rows by model, without the change log, times and keys that a second import may not repeat."""
    rows = {}
    for model in apps.get_app_config("catalog").get_models(include_auto_created=True):
        name = model._meta.model_name
        if name not in ("change", "edit"):
            numbered = {"credit", "externalid", "citation", "alternativetitle", "series_genres", "source"}
            omitted = {"published_at", "source_id"} | ({"id"} if name in numbered else set())
            columns = [field.attname for field in model._meta.concrete_fields if field.attname not in omitted]
            rows[name] = sorted(map(repr, model._base_manager.values_list(*columns)))
    return rows


def differences(before):
    """The tables and parts of the schema that differ from ``before``, what this module read earlier."""
    rows, parts = before
    names = {name for name, values in rows_of_catalogue().items() if values != rows[name]}
    return names | (schema() ^ parts)


def schema():
    """Everything that the database has: tables, indexes, constraints, triggers."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT type, name, sql FROM sqlite_master")
            return {row for row in cursor.fetchall() if not row[1].startswith("sqlite_stat")}
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
        )
        constraints = set(cursor.fetchall())
        cursor.execute("SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'")
        return constraints | set(cursor.fetchall()) | set(connection.introspection.table_names(cursor))
