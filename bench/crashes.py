"""Kill processes that write, at random moments: ``python -m bench.crashes import merge --kills 20``; no kind: all.

- ``import``, ``merge``, ``backup``, ``restore``: a process does the work on a fresh copy of a database and gets SIGKILL
  somewhere in it. The database, the pictures and the backup beside it must be sound and have none of the work or all of
  it; what was interrupted must succeed when it is repeated.
- ``saves``, ``uploads``: four editors use a server by HTTP while processes are killed: all of the server, its main
  process, a worker, and in turn with these the PostgreSQL server. All that was acknowledged must be there, whole, with
  its entries in the log; the search, the lists and the files must agree with the rows after ``clear_pictures``.

Prints the moments and a table of counts. ``--postgres`` starts a PostgreSQL server of its own instead of using files of
SQLite.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from operator import gt
from pathlib import Path
from typing import NamedTuple

from bench.crash_checks import EDITORS
from bench.crash_databases import temporary_database
from bench.crash_editors import KINDS
from bench.crash_server import Site, wait_until
from bench.crash_work import DONE, READY, WORK
from catalog.formats.backup.archive import MAX_DRAFT_AGE, BackupError, open_archive
from catalog.renditions import picture_file_names

ROOT = Path(__file__).resolve().parent.parent
SECONDS_OF_WRITING = 0.3, 2.0  # until the kill of a server
LONGEST = 1.2  # of the time that the work took without a kill: some kills come after the commit
ALL_KINDS = (*WORK, *KINDS)
COLUMNS = "kills", "before", "after", "acknowledged", "lost", "half written", "removed", "orphans", "broken"


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
    """What is compared: the rows of the database, the files of its pictures, and the checksums in the backup beside it.

    The backup is verified.
    """
    media = database.folder / "media"
    pictures = database.query("SELECT file, width FROM catalog_picture")
    files = [name for picture in pictures for name in picture_file_names(*picture) if (media / name).is_file()]
    if not database.backup.exists():
        return database.table_rows(), files, {}
    with open_archive(database.backup) as archive:
        archive.verify()
        return database.table_rows(), files, archive.manifest.files


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


def remove_drafts(database, kind, episodes):
    """(half-written backups beside a database that the next backup removes a day later, those that remain)."""
    drafts = list(database.folder.glob(".*.draft"))
    for draft in drafts:
        os.utime(draft, (time.time() - 2 * MAX_DRAFT_AGE,) * 2)
    if drafts:
        start_work(kind, database, episodes).communicate()
    remaining = len(list(database.folder.glob(".*.draft")))
    return len(drafts) - remaining, remaining


def new_copy(kind, original):
    """A copy of the database; a backup is restored into an empty folder of pictures."""
    if kind == "restore":
        shutil.rmtree(original.folder / "media", ignore_errors=True)
    return original.copy_to("killed")


def kill_often(kind, original, kills, episodes, seed=None):
    """Kill the work so often on copies of a database. Returns the counts of states and of COLUMNS."""
    moments, counts = random.Random(seed), Counter(kills=kills)
    copy = new_copy(kind, original)
    process = start_work(kind, copy, episodes)
    start = time.perf_counter()
    if DONE not in process.communicate()[0]:
        raise SystemExit("The work failed without a kill.")
    duration = time.perf_counter() - start
    before, after = state_of(original), state_of(copy)
    print(f"{kind}: {duration:.1f} s, {after[0][1] - before[0][1]} entries in the log")
    for _ in range(kills):
        copy = new_copy(kind, original)
        seconds = moments.uniform(0, LONGEST * duration)
        is_acknowledged = kill_after(kind, copy, episodes, seconds)
        outcome = outcome_of(copy, before, after, is_acknowledged)
        if outcome.state == "before":  # what was interrupted can be done again
            copy.reset_numbers(original)
            start_work(kind, copy, episodes).communicate()
            if (repeated := outcome_of(copy, before, after, False)).state != "after":
                outcome = Outcome("broken", f"repeated: {repeated.state} {repeated.reason}")
        counts.update({outcome.state: 1, "acknowledged": is_acknowledged})
        print(f"killed after {seconds:5.2f} s: {outcome.state} {outcome.reason}".rstrip(), flush=True)
    counts["removed"], counts["orphans"] = remove_drafts(copy, kind, episodes)
    return counts


def kill_site(kinds, database, kills, seed=None):
    """Kill a server so often while editors of these kinds write, in turn. Returns the counts of COLUMNS."""
    moments, counts = random.Random(seed), Counter(kills=kills)
    site = Site(database, environment(database))
    editors = [KINDS[kinds[number % len(kinds)]][0](site, number) for number in range(EDITORS)]
    try:
        site.start()
        for number in range(kills):
            targets = site.targets()
            target, seconds = targets[number % len(targets)], moments.uniform(*SECONDS_OF_WRITING)
            write_while_killed(site, editors, target, seconds)
            lost, half_written = map(sum, zip(*(KINDS[kind][1](database, editors) for kind in kinds), strict=True))
            report = json.loads(site.run_checks())
            reasons = report["broken"] + database.faults() + [text for editor in editors for text in editor.unexpected]
            counts.update(broken=bool(reasons), orphans=len(report["orphans"]), removed=report["removed"])
            counts |= Counter({"lost": lost, "half written": half_written})
            counts["acknowledged"] = sum(editor.acknowledged for editor in editors)
            totals = ", ".join(f"{counts[column]} {column}" for column in COLUMNS[3:])
            print(f"{target.__name__} after {seconds:4.2f} s: so far {totals} {reasons or ''}", flush=True)
    finally:
        site.stop()
    print("other answers:", dict(sum((editor.answers for editor in editors), Counter())))
    return counts


def write_while_killed(site, editors, kill, seconds):
    """Let the editors write until, after a kill, each of them has written again."""
    stop = threading.Event()
    with ThreadPoolExecutor(len(editors)) as pool:
        tasks = [pool.submit(editor.write_until, stop) for editor in editors]
        try:
            time.sleep(seconds)
            kill()
            numbers = [editor.acknowledged for editor in editors]
            wait_until(
                lambda: (
                    all(map(gt, (editor.acknowledged for editor in editors), numbers))
                    or any(task.done() for task in tasks)
                ),  # with an error, which ``result`` raises
                "An editor cannot write after the kill",
            )
        finally:
            stop.set()
    for task in tasks:
        task.result()


def failures(counts):
    """What must not be among the counts."""
    return {name: counts[name] for name in ("lost", "half written", "orphans", "broken") if counts[name]}


def show(results):
    """Print a table of the counts by kind."""
    print(f"{'':10}" + "".join(f"{column:>14}" for column in COLUMNS))
    for kind, counts in results.items():
        print(f"{kind:10}" + "".join(f"{counts[column]:>14}" for column in COLUMNS))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kinds", nargs="*", choices=[[], *ALL_KINDS], default=[])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--episodes", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None, help="for the same moments again")
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    results = {}
    for kind in options.kinds or ALL_KINDS:
        with temporary_database(options.postgres) as original:
            if kind in KINDS:
                results[kind] = kill_site([kind], original, options.kills, options.seed)
            else:
                prepare(kind, original, options.episodes)
                results[kind] = kill_often(kind, original, options.kills, options.episodes, options.seed)
    show(results)
    sys.exit(any(map(failures, results.values())))


if __name__ == "__main__":
    main()
