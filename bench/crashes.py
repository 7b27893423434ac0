"""Kill a process that writes, at random moments: ``python -m bench.crashes import --kills 20``.

Each time a process of its own does the work on a fresh copy of an SQLite file and gets SIGKILL somewhere in it. After
that the database, and the backup beside it, must be sound and have either none of the work or all of it. Prints the
moments and the counts.

A kind of work is an entry of ``WORK``: a function that prints READY and does it, and one that prepares the database.
"""

import argparse
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import django

from catalog.formats.backup.archive import BackupError, open_archive

ROOT = Path(__file__).resolve().parent.parent
READY, DONE = "ready", "done"
# Times and the search's own tables; the search's rows are in tables that are compared.
IGNORED_TABLES = "catalog_change", "catalog_edit", "django_", "auth_", "axes_", "sign_in_log_", "sqlite_"
EPISODES_PER_SEASON = 25
LONGEST = 1.2  # of the time that the work took without a kill: some kills come after the commit


def do_import(database, episodes):
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


def do_backup(database, episodes):
    """Replace the backup by one of more records."""
    from catalog.formats.backup.create import create_backup

    print(READY, flush=True)
    create_backup(backup_of(database))


def do_restore(database, episodes):
    """Restore the backup into the database, which is empty."""
    from catalog.formats.backup.restore import restore_backup

    print(READY, flush=True)
    restore_backup(backup_of(database))


def prepare_backup(database, episodes):
    """Make a backup, and add records that it lacks."""
    from catalog.formats.backup.create import create_backup

    create_backup(backup_of(database))
    do_import(database, episodes)


def prepare_restore(database, episodes):
    """Make a backup, and delete all that it has."""
    from django.core.management import call_command

    from catalog.formats.backup.create import create_backup
    from catalog.search.index import INDEXED_MODELS, Index

    do_import(database, episodes)
    create_backup(backup_of(database))
    call_command("flush", verbosity=0, interactive=False)
    for kind in INDEXED_MODELS:
        Index(kind).clear()


def backup_of(database):
    """The backup beside a database; only some kinds of work have one."""
    return Path(database).with_suffix(".zip")


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


NAMES = (
    "Ada Bo Cyd Dag Eli Fay Gus Hal Ida Jo Kai Lea Max Nel Ole Pia Quin Rut Sam Tess Una Vic Wim Xen Yara Zoe".split()
)
WORK = {
    "import": (do_import, lambda database, episodes: None),
    "backup": (do_backup, prepare_backup),
    "restore": (do_restore, prepare_restore),
}


class Outcome(NamedTuple):
    """What the database had after a kill: "before" or "after" the work.

    "BETWEEN" is a part of it, "LOST" nothing though the process had said that it was done, "BROKEN" has a reason.
    """

    state: str
    reason: str = ""


def set_up(database):
    """Set up Django on a database file."""
    os.environ |= {"DATABASE_URL": f"sqlite:///{database}", "MEDIA_ROOT": f"{Path(database).parent}/media"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soundtrack_site.settings")
    django.setup()


def create_database(database, kind, episodes):
    """Create a database with the vocabulary, prepared for the work, in one file without a log beside it."""
    set_up(database)
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", verbosity=0, interactive=False)
    call_command("loaddata", "vocabulary", verbosity=0)
    WORK[kind][1](database, episodes)
    with connections["default"].cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connections.close_all()


def table_rows(database):
    """(the rows of each table that is compared, the number of entries in the change log)."""
    with closing(sqlite3.connect(database)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        names = [name for name in names if not name.startswith(IGNORED_TABLES) and "_words" not in name]
        rows = {name: connection.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall() for name in names}
        return rows, connection.execute("SELECT COUNT(*) FROM catalog_change").fetchone()[0]


def state_of(database):
    """What is compared: the rows of the database, and the checksums in the backup beside it, which are verified."""
    if not backup_of(database).exists():
        return table_rows(database), {}
    with open_archive(backup_of(database)) as archive:
        archive.verify()
        return table_rows(database), archive.manifest.files


def fault(database):
    """What is broken in a database; empty if it is sound."""
    with closing(sqlite3.connect(database)) as connection:
        broken = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
        dangling = connection.execute("PRAGMA foreign_key_check").fetchall()
        unfinished = connection.execute(
            "SELECT COUNT(*) FROM catalog_edit WHERE id NOT IN (SELECT edit_id FROM catalog_change WHERE edit_id > 0)"
        ).fetchone()[0]
    parts = broken[:3] + [f"{len(dangling)} references to nothing"] * bool(dangling)
    return ", ".join(parts + [f"{unfinished} edits without changes"] * bool(unfinished))


def start_work(kind, database, episodes):
    """Start the process on a database and wait until it is about to write."""
    command = [sys.executable, "-m", "bench.crashes", kind, "--episodes", str(episodes), "--database", str(database)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if process.stdout.readline().strip() != READY:
        raise SystemExit("The process ended before it wrote anything.")
    return process


def kill_after(kind, database, episodes, seconds):
    """Do the work on a database and kill its process after some seconds. True if it said before that it was done."""
    process = start_work(kind, database, episodes)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    return DONE in process.communicate()[0]


def outcome_of(database, before, after, is_acknowledged):
    """What the database has after the kill of a process that said that its work was done, or did not."""
    if reason := fault(database):
        return Outcome("BROKEN", reason)
    try:
        state = state_of(database)
    except BackupError as error:
        return Outcome("BROKEN", str(error))
    if state == before and is_acknowledged:
        return Outcome("LOST")
    return Outcome("before" if state == before else "after" if state == after else "BETWEEN")


def copy_database(original, copy):
    """Copy a database and the backup beside it."""
    shutil.copy(original, copy)
    if backup_of(original).exists():
        shutil.copy(backup_of(original), backup_of(copy))


def kill_often(kind, original, kills, episodes, seed=None):
    """Kill the work so often on copies of a database. Returns how often each state was there."""
    moments, counts = random.Random(seed), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "killed.sqlite3"
        copy_database(original, copy)
        process = start_work(kind, copy, episodes)
        start = time.perf_counter()
        if DONE not in process.communicate()[0]:
            raise SystemExit("The work failed without a kill.")
        duration = time.perf_counter() - start
        before, after = state_of(original), state_of(copy)
        print(f"{kind}: {duration:.1f} s, {after[0][1] - before[0][1]} entries in the log")
        for _ in range(kills):
            for file in Path(folder).glob("killed.*"):
                file.unlink()
            copy_database(original, copy)
            seconds = moments.uniform(0, LONGEST * duration)
            is_acknowledged = kill_after(kind, copy, episodes, seconds)
            outcome = outcome_of(copy, before, after, is_acknowledged)
            counts[outcome.state] += 1
            print(f"killed after {seconds:5.2f} s: {outcome.state} {outcome.reason}".rstrip())
    print(", ".join(f"{state}: {count}" for state, count in sorted(counts.items())))
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=WORK)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--episodes", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None, help="for the same moments again")
    parser.add_argument("--database", help="do the work on this file instead, without a kill")
    options = parser.parse_args()
    if options.database:
        set_up(options.database)
        WORK[options.kind][0](options.database, options.episodes)
        print(DONE, flush=True)
    else:
        with tempfile.TemporaryDirectory() as folder:
            original = Path(folder) / "before.sqlite3"
            create_database(original, options.kind, options.episodes)
            counts = kill_often(options.kind, original, options.kills, options.episodes, options.seed)
        sys.exit(bool(counts.keys() - {"before", "after"}))


if __name__ == "__main__":
    main()
