"""Kill processes that write, at random moments: ``python -m bench.crashes import merge --kills 20``; no kind: all.

- ``import``, ``merge``, ``backup``, ``restore``: a process does the work on a fresh copy of a database and gets SIGKILL
  somewhere in it. The database, and the backup beside it, must be sound and have none of the work or all of it.

Prints the moments and a table of counts. ``--postgres`` starts a PostgreSQL server of its own instead of using files of
SQLite.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from bench.crash_databases import temporary_database
from bench.crash_work import DONE, READY, WORK
from catalog.formats.backup.archive import MAX_DRAFT_AGE, BackupError, open_archive

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 1.2  # of the time that the work took without a kill: some kills come after the commit
COLUMNS = "kills", "acknowledged", "lost", "half written", "orphans", "broken"


class Outcome(NamedTuple):
    """What the database had after a kill: "before" or "after" the work.

    "half written" is a part of it, "lost" nothing though the process had said that it was done, "broken" has a reason.
    """

    state: str
    reason: str = ""


def environment(database):
    """The environment of a process that works on a database."""
    folder = {"MEDIA_ROOT": str(database.folder / "media"), "LOG_LEVEL": "ERROR"}
    return os.environ | folder | {"DATABASE_URL": database.url, "DJANGO_SETTINGS_MODULE": "bench.crash_settings"}


def work_command(kind, database, episodes):
    """The command that does the work."""
    arguments = [kind, "--episodes", str(episodes), "--backup", str(database.backup)]
    return [sys.executable, "-m", "bench.crash_work", *arguments]


def prepare(kind, database, episodes):
    """Create the tables with the vocabulary, and what the work needs."""
    command = [*work_command(kind, database, episodes), "--prepare"]
    subprocess.run(command, cwd=ROOT, env=environment(database), check=True, stdout=subprocess.DEVNULL)
    database.flush()


def state_of(database):
    """What is compared: the rows of the database, and the checksums in the backup beside it, which are verified."""
    if not database.backup.exists():
        return database.table_rows(), {}
    with open_archive(database.backup) as archive:
        archive.verify()
        return database.table_rows(), archive.manifest.files


def start_work(kind, database, episodes):
    """Start the process on a database and wait until it is about to write."""
    command = work_command(kind, database, episodes)
    process = subprocess.Popen(command, cwd=ROOT, env=environment(database), stdout=subprocess.PIPE, text=True)
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
    database.wait_until_unused()
    if reasons := database.faults():
        return Outcome("broken", ", ".join(reasons))
    try:
        state = state_of(database)
    except BackupError as error:
        return Outcome("broken", str(error))
    if state == before and is_acknowledged:
        return Outcome("lost")
    return Outcome("before" if state == before else "after" if state == after else "half written")


def remaining_drafts(database, kind, episodes):
    """Number of half-written backups that remain beside a database after the next backup, a day later."""
    drafts = list(database.folder.glob(".*.draft"))
    for draft in drafts:
        os.utime(draft, (time.time() - 2 * MAX_DRAFT_AGE,) * 2)
    if drafts:
        start_work(kind, database, episodes).communicate()
    return len(list(database.folder.glob(".*.draft")))


def kill_often(kind, original, kills, episodes, seed=None):
    """Kill the work so often on copies of a database. Returns the counts of states and of COLUMNS."""
    moments, counts = random.Random(seed), Counter(kills=kills)
    copy = original.copy_to("killed")
    process = start_work(kind, copy, episodes)
    start = time.perf_counter()
    if DONE not in process.communicate()[0]:
        raise SystemExit("The work failed without a kill.")
    duration = time.perf_counter() - start
    before, after = state_of(original), state_of(copy)
    print(f"{kind}: {duration:.1f} s, {after[0][1] - before[0][1]} entries in the log")
    for _ in range(kills):
        copy = original.copy_to("killed")
        seconds = moments.uniform(0, LONGEST * duration)
        is_acknowledged = kill_after(kind, copy, episodes, seconds)
        outcome = outcome_of(copy, before, after, is_acknowledged)
        counts.update({outcome.state: 1, "acknowledged": is_acknowledged})
        print(f"killed after {seconds:5.2f} s: {outcome.state} {outcome.reason}".rstrip(), flush=True)
    counts["orphans"] = remaining_drafts(copy, kind, episodes)
    return counts


def failures(counts):
    """What must not be among the counts."""
    return {name: counts[name] for name in ("lost", "half written", "orphans", "broken") if counts[name]}


def show(results):
    """Print a table of the counts by kind."""
    print("".join(f"{heading:>14}" for heading in ("", *COLUMNS, "before", "after")))
    for kind, counts in results.items():
        print(f"{kind:>14}" + "".join(f"{counts[column]:>14}" for column in (*COLUMNS, "before", "after")))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kinds", nargs="*", choices=[[], *WORK], default=[])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--episodes", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None, help="for the same moments again")
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    results = {}
    for kind in options.kinds or WORK:
        with temporary_database(options.postgres) as original:
            prepare(kind, original, options.episodes)
            results[kind] = kill_often(kind, original, options.kills, options.episodes, options.seed)
    show(results)
    sys.exit(any(map(failures, results.values())))


if __name__ == "__main__":
    main()
