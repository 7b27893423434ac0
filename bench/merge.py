"""``python -m bench.merge --size M``: merge two people of 1,000 credits each, and undo it.

It works on a copy of the SQLite file, or with ``--postgres`` in a database of its own (run it by ``script/postgres``),
where it first creates 2,000 episodes. 100 of the credits are on the same episodes in the same role; each tenth is
cited. Prints the seconds of preview, merge and undo, each committed, and whether all tables have their original state
again.
"""

import argparse
import os
import sys
import tempfile
import time
from contextlib import contextmanager

import django

from bench.admin_pages import set_up_on_copy

CREDITS_PER_PERSON, SHARED_CREDITS = 1000, 100
MAX_SECONDS = 2.0


@contextmanager
def timed(name, seconds):
    """Store in ``seconds`` how long the block takes, and print it."""
    start = time.perf_counter()
    yield
    seconds[name] = time.perf_counter() - start
    print(f"{name:<10}{seconds[name]:8.3f} s")


def create_two_people(credits_per_person=CREDITS_PER_PERSON, shared_credits=SHARED_CREDITS):
    """Create two published people with so many credits each, on episodes of the catalogue."""
    from catalog.models import Change, Citation, Credit, Episode, Person, Role, Source
    from catalog.models.change_recorder import build_change, read_row

    role = Role.objects.get(slug="director")
    people = [Person.objects.create(name=name, published_at="2020-01-01T00:00Z") for name in ("Ti Quest", "T. Quest")]
    episodes = list(Episode.objects.order_by("pk")[: 2 * credits_per_person - shared_credits])
    source = Source.objects.create(title="The credits")
    shares = episodes[:credits_per_person], episodes[credits_per_person - shared_credits :]
    for person, share in zip(people, shares, strict=True):
        credits = Credit.objects.bulk_create(
            Credit(person=person, role=role, episode=episode, billing=1) for episode in share
        )
        citations = Citation.objects.bulk_create(Citation(credit=credit, source=source) for credit in credits[::10])
        added = [(Credit, credit) for credit in credits] + [(Citation, citation) for citation in citations]
        rows = [(model, record.pk, read_row(model, record.pk, "default")) for model, record in added]
        Change.objects.bulk_create(build_change("added", model, pk, "new", None, row) for model, pk, row in rows)
    return people


def fill_postgres():
    """Create 2,000 episodes in an empty database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soundtrack_site.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("loaddata", "vocabulary", verbosity=0)
    create_episodes(2 * CREDITS_PER_PERSON)


def create_episodes(total):
    """Create published episodes without credits, 100 in each series."""
    from catalog.models import Episode, Season, Series

    for first in range(0, total, 100):
        series = Series.objects.create(title=f"Series {first // 100}", published_at="2020-01-01T00:00Z")
        season = Season.objects.create(series=series, number=1, published_at=series.published_at)
        numbers = range(1, min(100, total - first) + 1)
        Episode.objects.bulk_create(
            Episode(season=season, number=n, title=f"Part {n}", published_at=series.published_at) for n in numbers
        )


def table_rows():
    """Return the rows of all tables but the change log, by model name."""
    from django.apps import apps

    from catalog.models import Change, Edit

    rows = {}
    for model in apps.get_app_config("catalog").get_models(include_auto_created=True):
        if model not in (Change, Edit):
            rows[model._meta.model_name] = {repr(row) for row in model._base_manager.values_list().iterator()}
    return rows


def build_indexes():
    """Build the indexes of the lists, as a process that serves pages has them, and return how many there are."""
    from catalog.facets.episode import EpisodeFacets
    from catalog.facets.index import registry
    from catalog.facets.person import PersonFacets
    from catalog.facets.series import SeriesFacets

    lists = (EpisodeFacets, SeriesFacets, PersonFacets)
    while not all(list(map(registry.current_snapshot, lists))):
        time.sleep(0.1)
    return len(lists)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", default="M", choices=["S", "M", "L"])
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        fill_postgres() if options.postgres else set_up_on_copy(options.size, folder)
        from catalog.history.merge_records import merge_records, plan_merge
        from catalog.history.revert import undo
        from catalog.models import Edit, record_edit

        index_count = 0 if options.postgres else build_indexes()
        target, duplicate = create_two_people()
        before, seconds = table_rows(), {}
        with timed("preview", seconds):
            plan_merge(target, duplicate)
        with timed("merge", seconds), record_edit(kind=Edit.Kind.MERGE, subject=f"person:{target.pk}") as edit:
            merge_records(target, duplicate)
        print(f"{index_count:>10} indexes, {target.credits.count()} credits, {edit.changes.count()} changes")
        with timed("undo", seconds), record_edit(kind=Edit.Kind.UNDO, undone=edit):
            undo(edit)
        is_restored = table_rows() == before
        print("the original state" if is_restored else "NOT the original state")
        print("within" if max(seconds.values()) < MAX_SECONDS else "over", f"{MAX_SECONDS} s")
        sys.exit(not is_restored)


if __name__ == "__main__":
    main()
