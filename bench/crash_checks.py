"""``python -m bench.crash_checks``: clean the site of DATABASE_URL as after a crash, and print what is left or wrong.

With ``--prepare`` create the site for ``bench.crashes`` instead: episodes, a source, and four signed-in editors.
"""

import argparse
import json
import os
from io import StringIO
from pathlib import Path

import django

EDITORS = 4
EPISODES_PER_EDITOR = 25
CSRF_TOKEN = "c" * 32


def create_site():
    """Create tables, records and editors; the cookies of the editors, the keys of the episodes and of the source."""
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.test import Client

    from bench.crash_work import create_tables
    from bench.merge import create_episodes
    from catalog.models import Episode, Source
    from catalog.search.indexing import rebuild_index

    create_tables()
    create_episodes(EDITORS * EPISODES_PER_EDITOR)
    Episode.objects.update(title="Save 0")
    source = Source.objects.create(title="The credits")
    rebuild_index()
    cookies = []
    for number in range(EDITORS):
        client = Client()
        client.force_login(User.objects.create_superuser(f"editor-{number}"))
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF_TOKEN}")
    episodes = list(Episode.objects.order_by("pk").values_list("pk", flat=True))
    return {"cookies": cookies, "episodes": episodes, "source": source.pk}


def search_faults():
    """Rows of the search index that differ from those of the records, and terms that no row has or that are missing."""
    from catalog.search.index import INDEXED_MODELS, TERM_TABLE_MARKS, Index
    from catalog.search.indexing import INDEX_ROWS
    from catalog.search.tokenizer import token_mark

    faults = []
    for kind, model in INDEXED_MODELS.items():
        index = Index(kind)
        stored = {tuple(row) for row in index.execute(f"SELECT place, record, tokens FROM {index.table}")}
        right = {
            tuple(row) for row in INDEX_ROWS[kind](list(model._base_manager.values_list("pk", flat=True)), "default")
        }
        if stored != right:
            faults.append(f"{len(stored ^ right)} rows of the search of {kind} differ")
        terms = {term for (term,) in index.execute("SELECT term FROM catalog_search_term WHERE kind = %s", [kind])}
        tokens = {token for row in right for token in row[2].split() if token_mark(token) in TERM_TABLE_MARKS}
        if tokens - terms or (index.is_sqlite and terms - tokens):  # PostgreSQL keeps terms until rebuild_search
            faults.append(f"{len(tokens ^ terms)} terms of the search of {kind} differ")
        if index.is_sqlite:
            words = f"{index.table}_words"
            index.execute(f"INSERT INTO {words} ({words}, rank) VALUES ('integrity-check', 1)")
    return faults


def list_faults():
    """Lists whose index, by the arrays that a killed process may have stored, does not answer as SQL does."""
    from django.http import QueryDict

    from bench.facets import answer
    from catalog.facets.episode import EpisodeFacets
    from catalog.facets.index.engine import IndexEngine
    from catalog.facets.person import PersonFacets
    from catalog.facets.series import SeriesFacets
    from catalog.facets.sql_engine import SqlEngine

    faults = []
    for facet_set in (EpisodeFacets, SeriesFacets, PersonFacets):
        (_, *by_index), (_, *by_sql) = (answer(engine, facet_set, QueryDict("")) for engine in (IndexEngine, SqlEngine))
        if by_index != by_sql:
            faults.append(f"the index of {facet_set._meta.model._meta.verbose_name_plural} differs")
    return faults


def log_faults():
    """Records whose row has other values than the change log gave them last."""
    from catalog.history.past_state import is_known_kind, model_of
    from catalog.models import Change
    from catalog.models.change_recorder import read_row, serialize_row

    logged = {}
    for change in filter(lambda change: is_known_kind(change.kind), Change.objects.order_by("pk")):
        is_deleted = change.action == Change.Action.DELETED
        former = logged.get((change.kind, change.record_id)) or {}
        logged[change.kind, change.record_id] = None if is_deleted else former | (change.after or {})
    faults = []
    for (kind, pk), values in logged.items():
        row = read_row(model_of(kind), pk, "default")
        stored = None if row is None else serialize_row(row)
        if (stored is None) != (values is None) or any(
            stored[name] != values[name] for name in set(stored or ()) & set(values)
        ):
            faults.append(f"{kind} {pk} differs from the log")
    return faults


def clean_files():
    """Clean as the documentation says; (files that pictures lack, files of nothing that remain, number of removed)."""
    from django.conf import settings
    from django.core.management import call_command

    from catalog.models import Picture

    output = StringIO()
    call_command("clear_pictures", at_once=True, stdout=output)
    needed = {name for picture in Picture.objects.all() for name in picture.file_names()}
    media = Path(settings.MEDIA_ROOT)
    stored = {path.relative_to(media).as_posix() for path in media.rglob("*") if path.is_file()}
    missing = [f"{name} is missing" for name in sorted(needed - stored)]
    others = [*Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir(), *Path(settings.INDEX_ROOT).glob("*.draft")]
    return missing, sorted(stored - needed) + [path.name for path in others], int(output.getvalue().split()[0])


def check_site():
    """What is broken, what is left over, and the number of files that the cleaning removed."""
    missing, orphans, removed = clean_files()
    broken = missing + search_faults() + list_faults() + log_faults()
    return {"broken": broken, "orphans": orphans, "removed": removed}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--prepare", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.crash_settings")
    django.setup()
    print(json.dumps(create_site() if options.prepare else check_site()))


if __name__ == "__main__":
    main()
