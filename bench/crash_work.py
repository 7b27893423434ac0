"""What a process does when ``bench.crashes`` kills it: ``python -m bench.crash_work import``, on DATABASE_URL.

A kind of work is an entry of ``WORK``: a function that prepares the database, and one that prints READY and does it.
Each takes the backup beside the database, and the number of episodes.
"""

import argparse
import io
import os
import shutil
from pathlib import Path

import django

READY, DONE = "ready", "done"
EPISODES_PER_SEASON = 25
NAMES = (
    "Ada Bo Cyd Dag Eli Fay Gus Hal Ida Jo Kai Lea Max Nel Ole Pia Quin Rut Sam Tess Una Vic Wim Xen Yara Zoe".split()
)


def prepare_nothing(backup, episodes):
    """The work needs no more than the vocabulary."""


def do_import(backup, episodes):
    """Import a new series from two sources that differ on the directors of every tenth episode."""
    from catalog.editing.ingest.compare import plan_import
    from catalog.editing.ingest.plan import ImportAnswers
    from catalog.editing.ingest.write import write_import
    from catalog.models import Edit, record_edit

    sources = [stated_source(name, episodes) for name in ("TVmaze", "Wikipedia")]
    print(READY, flush=True)
    with record_edit(kind=Edit.Kind.SOURCE):
        plan = plan_import(sources, None, ImportAnswers(), publishes=True, may_add_people=True)
        write_import(plan)


def stated_source(publisher, episodes):
    """A source of a series in seasons of 25 episodes, each with a director, two writers and a guest."""
    from catalog.editing.ingest.plan import ImportSource
    from catalog.partial_date import PartialDate
    from catalog.sources.series_builder import SeriesBuilder
    from catalog.sources.series_claims import SourceFacts

    builder = SeriesBuilder(SourceFacts(publisher, "Long Harbour"))
    builder.set_series(title="Long Harbour", premiered=PartialDate("1999"))
    for index in range(episodes):
        season, number = index // EPISODES_PER_SEASON + 1, index % EPISODES_PER_SEASON + 1
        episode = builder.episode(season, number, locator=f"season {season}, row {number}")
        date = PartialDate(f"{1998 + season}-{index % 12 + 1:02d}-{index % 28 + 1:02d}")
        builder.set_episode(episode, title=f"Tide {index}", air_date=date, runtime=40 + index % 9)
        suffix = publisher if index % 10 == 0 else ""
        for role, number_of_people in (("director", 23), ("writer", 31), ("writer", 17), ("guest", 150)):
            word = NAMES[index % number_of_people % len(NAMES)] + suffix.lower()
            person = builder.person(f"{NAMES[index * 7 % number_of_people % len(NAMES)]} {word}")
            builder.add_credit(episode, role, person, character="Captain" if role == "guest" else "")
    return ImportSource("tvmaze" if publisher == "TVmaze" else "wikipedia", builder.finish())


def prepare_merge(backup, episodes):
    """Two people who directed so many episodes each, a tenth of them together, with citations."""
    from bench.merge import create_episodes, create_two_people
    from catalog.search.indexing import rebuild_index

    create_episodes(2 * episodes)
    create_two_people(episodes, episodes // 10)
    rebuild_index()


def do_merge(backup, episodes):
    """Merge the two people."""
    from catalog.history.merge_records import merge_records
    from catalog.models import Edit, Person, record_edit

    target, duplicate = Person.objects.order_by("pk")
    print(READY, flush=True)
    with record_edit(kind=Edit.Kind.MERGE, subject=f"person:{target.pk}"):
        merge_records(target, duplicate)


def create_picture():
    """Create a picture, whose files are beside the database."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    from catalog.models import Picture

    content = io.BytesIO()
    Image.new("RGB", (400, 300), "green").save(content, "JPEG")
    upload = SimpleUploadedFile("picture.jpg", content.getvalue())
    Picture.objects.create(file=upload, alt_text="Green", credit="Somebody", licence="CC0")


def prepare_backup(backup, episodes):
    """Make a backup, and add records and a picture that it lacks."""
    from catalog.formats.backup.create import create_backup

    create_backup(backup)
    create_picture()
    do_import(backup, episodes)


def do_backup(backup, episodes):
    """Replace the backup by one of more records."""
    from catalog.formats.backup.create import create_backup

    print(READY, flush=True)
    create_backup(backup)


def prepare_restore(backup, episodes):
    """Make a backup with a picture, and delete all that it has."""
    from django.conf import settings
    from django.core.management import call_command

    from catalog.formats.backup.create import create_backup
    from catalog.search.index import INDEXED_MODELS, Index

    do_import(backup, episodes)
    create_picture()
    create_backup(backup)
    shutil.rmtree(settings.MEDIA_ROOT)
    call_command("flush", verbosity=0, interactive=False)
    for kind in INDEXED_MODELS:
        Index(kind).clear()


def do_restore(backup, episodes):
    """Restore the backup into the database, which is empty."""
    from catalog.formats.backup.restore import restore_backup

    print(READY, flush=True)
    restore_backup(backup)


WORK = {
    "import": (prepare_nothing, do_import),
    "merge": (prepare_merge, do_merge),
    "backup": (prepare_backup, do_backup),
    "restore": (prepare_restore, do_restore),
}


def create_tables():
    """Create the tables with the vocabulary, unless they are there."""
    from django.core.management import call_command
    from django.db import connection

    if not connection.introspection.table_names():
        call_command("migrate", verbosity=0, interactive=False)
        call_command("loaddata", "vocabulary", verbosity=0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=WORK)
    parser.add_argument("--episodes", type=int, default=200)
    parser.add_argument("--backup", type=Path)
    parser.add_argument("--prepare", action="store_true", help="create the tables and what the work needs instead")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.crash_settings")
    django.setup()
    prepare, do = WORK[options.kind]
    if options.prepare:
        create_tables()
        prepare(options.backup, options.episodes)
    else:
        do(options.backup, options.episodes)
        print(DONE, flush=True)


if __name__ == "__main__":
    main()
