"""``python -m bench.generate --size M``: create a synthetic catalogue, the same every time, in a file of its own.

Writes var/bench-M.sqlite3, or into the empty database that DATABASE_URL names. The vocabulary comes from the fixtures.
"""

import argparse
import os
import shutil
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def set_up_django(size):
    """Set Django up on the database of a size, generated if missing. Return its path, None for DATABASE_URL."""
    path = None
    if not os.environ.get("DATABASE_URL"):
        path = ROOT / "var" / f"bench-{size}.sqlite3"
        os.environ["DATABASE_URL"] = f"sqlite:///{path}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soundtrack_site.settings")
    import django

    django.setup()
    if path is None and has_series():
        print("The database is not empty: it is used as it is.")
    elif path is None or not path.exists():
        try:
            generate(size)
        except BaseException:
            if path is not None:
                path.unlink(missing_ok=True)
            raise
    return path


def use_copy(size, folder):
    """Set DATABASE_URL to a writable copy, in ``folder``, of the generated database of a size."""
    database, copy = ROOT / "var" / f"bench-{size}.sqlite3", Path(folder) / "catalogue.sqlite3"
    if not database.exists():
        raise SystemExit(f"{database} does not exist. Create it: python -m bench.generate --size {size}")
    shutil.copy(database, copy)
    os.environ["DATABASE_URL"] = f"sqlite:///{copy}"


def set_up_copy(size, folder):
    """Set Django up on a copy, in ``folder``, of the generated database of a size, or on that of DATABASE_URL."""
    if not os.environ.get("DATABASE_URL"):
        use_copy(size, folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soundtrack_site.settings")
    import django

    django.setup()


def has_series():
    """Whether the database has tables with something in them."""
    from django.db import connection

    from catalog.models import Series

    return Series._meta.db_table in connection.introspection.table_names() and Series.objects.exists()


def generate(size):
    """Fill the empty database."""
    from django.core.management import call_command
    from django.db import transaction

    from bench import bulk_insert, synthetic_data, synthetic_details
    from catalog import models
    from catalog.search.indexing import rebuild_index

    call_command("migrate", verbosity=0, interactive=False)
    call_command("loaddata", "vocabulary", verbosity=0)
    roles = dict(models.Role.objects.values_list("slug", "pk"))
    models.Genre.objects.all().delete()
    catalogue = synthetic_data.catalogue(size, roles)
    totals = {
        kind: len(next(iter(columns.values())))
        for kind, columns in (
            ("series", catalogue.series),
            ("episode", catalogue.episodes),
            ("person", catalogue.people),
            ("credit", catalogue.credits),
        )
    }
    details = synthetic_details.details(synthetic_data.WORDS, totals)
    with transaction.atomic():
        insert_tables(catalogue, details)
        models.Change.objects.create(
            action="added", kind=models.change.EVERYTHING, record_id=0, label=f"Generated: size {size}"
        )
    start = time.perf_counter()
    rebuild_index()
    print(f"{'':>12} search index in {time.perf_counter() - start:.1f} s", flush=True)
    bulk_insert.analyse()


def insert_tables(catalogue, details):
    """Insert the columns of all tables, parents first, and print how long each takes."""
    from bench import bulk_insert, synthetic_data
    from catalog import models

    tables = [
        (
            models.Genre,
            {"name": synthetic_data.GENRES, "slug": [name.lower().replace(" ", "-") for name in synthetic_data.GENRES]},
        ),
        (models.Company, catalogue.companies),
        (models.Person, catalogue.people),
        (models.Series, catalogue.series),
        (models.Season, catalogue.seasons),
        (models.Episode, catalogue.episodes),
        (models.Character, catalogue.characters),
        (models.Credit, catalogue.credits),
        (models.SeriesCompany, catalogue.parts),
        (models.Series.genres.through, catalogue.genres),
        (models.Alias, details.aliases),
        (models.Artist, details.artists),
        (models.Song, details.songs),
        (models.Cue, details.cues),
        (models.Source, details.sources),
        (models.Citation, details.citations),
    ]
    with bulk_insert.WithoutIndexes([model for model, _ in tables]):
        for model, columns in tables:
            start = time.perf_counter()
            total = bulk_insert.insert(model, columns)
            print(f"{total:>12,} {model._meta.verbose_name_plural} in {time.perf_counter() - start:.1f} s", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("S", "M", "L"), default="M")
    set_up_django(parser.parse_args().size)
