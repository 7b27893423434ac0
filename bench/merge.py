"""``python -m bench.merge --size M``: merge two people of 1,000 credits each, and undo it.

On a copy of the file, or with ``--postgres`` in a database of its own (run it by ``script/postgres``): there two people
are made on 2,000 episodes. 100 of the credits are on the same episodes in the same role, each tenth is cited. Prints
the seconds of preview, merge and undo, each committed, and whether all tables are afterwards as they were.
"""

import argparse
import os
import sys
import tempfile
import time
from contextlib import contextmanager

import django

from bench.admin_pages import set_up_on_copy

CREDITS, SHARED = 1000, 100
GOAL = 2.0  # seconds


@contextmanager
def timed(name, taken):
    """Note how long it takes."""
    start = time.perf_counter()
    yield
    taken[name] = time.perf_counter() - start
    print(f"{name:<10}{taken[name]:8.3f} s")


def two_people():
    """Two published people with so many credits each, on episodes of the catalogue."""
    from catalog.models import Change, Citation, Credit, Episode, Person, Role, Source
    from catalog.models.change_recorder import build_change, read_row

    role = Role.objects.get(slug="director")
    people = [Person.objects.create(name=name, published_at="2020-01-01T00:00Z") for name in ("Ti Quest", "T. Quest")]
    episodes = list(Episode.objects.order_by("pk")[: 2 * CREDITS - SHARED])
    source = Source.objects.create(title="The credits")
    for person, some in zip(people, (episodes[:CREDITS], episodes[CREDITS - SHARED :]), strict=True):
        credits = Credit.objects.bulk_create(Credit(person=person, role=role, episode=of, billing=1) for of in some)
        cited = Citation.objects.bulk_create(Citation(credit=credit, source=source) for credit in credits[::10])
        added = [(Credit, credit) for credit in credits] + [(Citation, citation) for citation in cited]
        rows = [(model, record.pk, read_row(model, record.pk, "default")) for model, record in added]
        Change.objects.bulk_create(build_change("added", model, pk, "new", None, row) for model, pk, row in rows)
    return people


def made_on_postgres():
    """A database with 2,000 episodes."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soundtrack_site.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("loaddata", "vocabulary", verbosity=0)
    from catalog.models import Episode, Season, Series

    for number in range(20):
        series = Series.objects.create(title=f"Series {number}", published_at="2020-01-01T00:00Z")
        season = Season.objects.create(series=series, number=1, published_at=series.published_at)
        Episode.objects.bulk_create(
            Episode(season=season, number=n, title=f"Part {n}", published_at=series.published_at) for n in range(1, 101)
        )


def state():
    """All rows of the tables that a merge writes, and of those it must not."""
    from django.apps import apps

    from catalog.models import Change, Edit

    found = {}
    for model in apps.get_app_config("catalog").get_models(include_auto_created=True):
        if model not in (Change, Edit):
            found[model._meta.model_name] = {repr(row) for row in model._base_manager.values_list().iterator()}
    return found


def indexes():
    """Have this process hold the lists' indexes, as one that serves does: they are brought up to date on commit."""
    from catalog.facets.episode import EpisodeFacets
    from catalog.facets.index import registry
    from catalog.facets.person import PersonFacets
    from catalog.facets.series import SeriesFacets

    lists = (EpisodeFacets, SeriesFacets, PersonFacets)
    while not all(list(map(registry.current_snapshot, lists))):
        time.sleep(0.1)
    return len(lists)


def main():
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", default="M", choices=["S", "M", "L"])
    parser.add_argument("--postgres", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made_on_postgres() if chosen.postgres else set_up_on_copy(chosen.size, folder)
        from catalog.history.merge_records import merge_records, plan_merge
        from catalog.history.revert import undo
        from catalog.models import Edit, record_edit

        held = 0 if chosen.postgres else indexes()
        keep, gone = two_people()
        before, taken = state(), {}
        with timed("preview", taken):
            plan_merge(keep, gone)
        with timed("merge", taken), record_edit(kind=Edit.Kind.MERGE, subject=f"person:{keep.pk}") as act:
            merge_records(keep, gone)
        print(
            f"          {held} indexes held, {keep.credits.count()} credits, {act.changes.count()} entries in the log"
        )
        with timed("undo", taken), record_edit(kind=Edit.Kind.UNDO, undone=act):
            undo(act)
        same = state() == before
        print("the same state" if same else "NOT the same state")
        print("kept" if max(taken.values()) < GOAL else f"over {GOAL} s")
        sys.exit(not same)


if __name__ == "__main__":
    main()
