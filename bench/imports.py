"""``python -m bench.imports``: credits of IMDb's files per second, beside plain ``executemany`` and imdb-sqlite.

Generates the files under var/ and runs each way in a process of its own, in turn, on SQLite:

- ``liner``: title.principals into the table of credits, the characters told apart, and the indexes of the table;
- ``csv``: the finished columns of that table read by ``csv``, inserted by ``executemany`` into a table with the same
  columns and indexes, which are built afterwards; it has no checks and no references;
- ``imdb-sqlite``: the same file, columns and indexes by the functions of imdb-sqlite;
- ``imdb-sqlite, own table``: title.principals into its table of six columns, with three indexes;
- ``liner, that table``: the same by the functions with which the import reads and inserts.

imdb-sqlite is installed by pip into an environment under var/. A whole import is timed first, by stages. Rates by the
clock depend on what else the machine does; those by the processor less.
"""

import argparse
import csv
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
import venv
from contextlib import closing
from pathlib import Path
from statistics import median

from bench.imdb_files import FileWriter

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "bench-imports"
PACKAGE_FOLDER = ROOT / "var" / "imdb-sqlite"
PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;"
MAX_MEGABYTES = 300
# (way, other way, the ratio that is the goal)
PAIRS = (
    ("liner", "csv", 0.8),
    ("liner, that table", "imdb-sqlite, own table", 1.5),
    ("liner", "imdb-sqlite", 1.5),
)


def set_up_django(database):
    """Set Django up on a SQLite file, or on the PostgreSQL database that DATABASE_URL names."""
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        os.environ["DATABASE_URL"] = f"sqlite:///{database}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soundtrack_site.settings")
    import django

    django.setup()


def peak_megabytes():
    """The most memory that this process had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Timer:
    """Seconds of the clock and of the processor since it was made."""

    def __init__(self):
        self.wall, self.processor = time.perf_counter(), time.process_time()

    def result(self, rows, **more):
        """Print what a child measured."""
        seconds, processor = time.perf_counter() - self.wall, time.process_time() - self.processor
        figures = {"rows": rows, "seconds": seconds, "processor": processor, "megabytes": peak_megabytes()}
        print(json.dumps(figures | more))


def files():
    """The generated files."""
    return sorted((FOLDER / "files").glob("*.tsv"))


def child_whole(database):
    """A whole import into an empty catalogue, which is kept."""
    set_up_django(database)
    from django.core.management import call_command

    from catalog.editing.bulk_import.run import import_files

    call_command("migrate", verbosity=0, interactive=False)
    call_command("loaddata", "vocabulary", verbosity=0)
    if Path(database).exists():
        shutil.copy(database, FOLDER / "empty.sqlite3")
    timer, stages = Timer(), {}

    def report(stage, seconds):
        stages[stage] = seconds, peak_megabytes()

    progress = import_files(files(), report=report)
    timer.result(progress.totals["credits"], stages=stages, totals=progress.totals)


def write_credits():
    """Write the finished credits of the last run as a file, and the statements of their indexes."""
    with closing(sqlite3.connect(FOLDER / "run.sqlite3")) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(catalog_credit)") if row[1] != "id"]
        with (FOLDER / "credits.tsv").open("w", encoding="utf-8") as file:
            file.write("\t".join(columns) + "\n")
            for row in connection.execute(f"SELECT {', '.join(columns)} FROM catalog_credit ORDER BY id"):
                file.write("\t".join(r"\N" if value is None else str(value) for value in row) + "\n")
        query = "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql NOTNULL AND tbl_name = 'catalog_credit'"
        statements = [sql for (sql,) in connection.execute(query)]
    (FOLDER / "indexes.json").write_text(json.dumps(statements), encoding="utf-8")


def credit_columns():
    """{column: type} of the finished credits."""
    header = (FOLDER / "credits.tsv").open(encoding="utf-8").readline().split()
    return {name: "varchar" if name in ("kind", "credited_as", "note") else "integer" for name in header}


def create_credit_indexes(connection):
    """Create the indexes of the table of credits, and return the seconds."""
    start = time.perf_counter()
    for statement in json.loads((FOLDER / "indexes.json").read_text(encoding="utf-8")):
        connection.execute(statement)
    return time.perf_counter() - start


def child_liner(database):
    """The stages that make credits of title.principals, and the indexes of their table."""
    shutil.copy(FOLDER / "empty.sqlite3", database)
    set_up_django(database)
    from catalog.editing.bulk_import import completion, crew, principals, run, titles
    from catalog.editing.bulk_import.rows import execute

    paths = [path for path in files() if path.stem != "title.crew"]
    job = run.prepare(paths)
    with run.import_connection():
        for stage in (titles.read_titles, titles.add_series, titles.add_episodes):
            run.run_stage(job, stage)
        timer = Timer()
        run.run_stage(job, principals.read_principals)
        run.run_stage(job, crew.read_crew)
        job.progress.indexes = [pair for pair in job.progress.indexes if "catalog_credit" in pair[1]]
        start = time.perf_counter()
        run.run_stage(job, completion.create_indexes)
        seconds = time.perf_counter() - start
    timer.result(execute('SELECT COUNT(*) FROM "catalog_credit"')[0][0], indexes=seconds)


def child_liner_raw(database):
    """The reader and the inserter of the import on the table of imdb-sqlite."""
    set_up_django(database)
    from django.db import connection, transaction

    from catalog.editing.bulk_import.rows import RowInserter, execute
    from catalog.sources.tsv_files import TsvFile

    file = TsvFile(FOLDER / "files" / "title.principals.tsv")
    columns = "title_id", "ordering", "person_id", "category", "job", "characters"
    execute(f"CREATE TABLE crew ({', '.join(columns).replace('ordering', 'ordering INTEGER')})")
    execute("PRAGMA journal_mode=DELETE")  # both as imdb-sqlite has them
    execute("PRAGMA synchronous=OFF")
    timer, inserter = Timer(), RowInserter("crew", columns, has_null_text=True)
    with transaction.atomic():
        for block in file.read_blocks():
            inserter.insert([line.split("\t") for line in block.split("\n")])
    start = time.perf_counter()
    for column in ("title_id", "person_id", "category"):
        execute(f"CREATE INDEX ix_{column} ON crew ({column})")
    connection.commit()
    seconds = time.perf_counter() - start
    timer.result(execute("SELECT COUNT(*) FROM crew")[0][0], indexes=seconds)


def child_csv(database):
    """``csv`` and ``executemany``, indexes afterwards."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.executescript(PRAGMAS)
    columns = credit_columns()
    definitions = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    connection.execute(f"CREATE TABLE catalog_credit (id integer PRIMARY KEY AUTOINCREMENT, {definitions})")
    marks = ", ".join("NULLIF(?, '\\N')" for _ in columns)
    timer = Timer()
    with (FOLDER / "credits.tsv").open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(reader)
        connection.execute("BEGIN")
        connection.executemany(f"INSERT INTO catalog_credit ({', '.join(columns)}) VALUES ({marks})", reader)
        connection.execute("COMMIT")
    seconds = create_credit_indexes(connection)
    timer.result(connection.execute("SELECT COUNT(*) FROM catalog_credit").fetchone()[0], indexes=seconds)


def child_package(database):
    """imdb-sqlite's functions on the finished credits."""
    from imdb_sqlite.__main__ import Column, Database, import_file

    source, columns = str(FOLDER / "credits.tsv"), credit_columns()
    table = {name: Column(name=name, type=kind) for name, kind in columns.items()}
    key = {"id": Column(name="id", type="INTEGER PRIMARY KEY AUTOINCREMENT")}
    connection = Database({source: ("catalog_credit", key | table)}, database)
    timer = Timer()
    import_file(connection, source, "catalog_credit", table)
    seconds = create_credit_indexes(connection.connection)
    timer.result(connection.execute("SELECT COUNT(*) FROM catalog_credit", ()).fetchone()[0], indexes=seconds)


def child_package_alone(database):
    """imdb-sqlite on title.principals, with its own table and three indexes."""
    from imdb_sqlite.__main__ import TSV_TABLE_MAP, Database, import_file

    source = str(FOLDER / "files" / "title.principals.tsv")
    connection = Database({source: TSV_TABLE_MAP["title.principals.tsv.gz"]}, database)
    timer = Timer()
    import_file(connection, source, *connection.table_map[source])
    start = time.perf_counter()
    connection.create_indices()
    seconds = time.perf_counter() - start
    timer.result(connection.execute("SELECT COUNT(*) FROM crew", ()).fetchone()[0], indexes=seconds)


def package_python():
    """The Python with imdb-sqlite, installed if it can be; else None."""
    python = PACKAGE_FOLDER / "bin" / "python"
    if not python.exists():
        venv.create(PACKAGE_FOLDER, with_pip=True)
    if subprocess.run([python, "-c", "import imdb_sqlite"], capture_output=True, check=False).returncode:
        subprocess.run([python, "-m", "pip", "install", "-q", "imdb-sqlite"], capture_output=True, check=False)
        if subprocess.run([python, "-c", "import imdb_sqlite"], capture_output=True, check=False).returncode:
            return None
    return python


def run_child(name, python=sys.executable):
    """Run a way in a process of its own on a new database, and return what it measured."""
    database = FOLDER / "run.sqlite3"
    for path in FOLDER.glob("run.sqlite3*"):
        path.unlink()
    command = [python, "-m", "bench.imports", "--child", name, "--database", database]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{name} failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])


CHILDREN = {
    "whole": child_whole,
    "liner": child_liner,
    "csv": child_csv,
    "imdb-sqlite": child_package,
    "imdb-sqlite, own table": child_package_alone,
    "liner, that table": child_liner_raw,
}


def main():
    """Generate, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--principals", type=int, default=1_000_000, help="lines of title.principals")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--whole", action="store_true", help="only a whole import, with script/postgres on PostgreSQL")
    parser.add_argument("--child", choices=CHILDREN, help=argparse.SUPPRESS)
    parser.add_argument("--database", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        CHILDREN[options.child](options.database)
        return
    shutil.rmtree(FOLDER, ignore_errors=True)
    FileWriter(FOLDER / "files", options.principals).write()
    print_stages(run_child("whole"))
    if options.whole:
        return
    python = package_python()
    if python is None:
        print("imdb-sqlite could not be installed: it is left out.")
    run_child("liner")
    write_credits()
    print_ways(
        options.rounds, [name for name in CHILDREN if name != "whole" and (python or "imdb" not in name)], python
    )
    shutil.rmtree(FOLDER)


def print_stages(figures):
    """Print the stages of a whole import."""
    print(f"whole import: {figures['seconds']:.1f} s ({figures['processor']:.1f} s of the processor), ", end="")
    print(f"peak {figures['megabytes']:.0f} MB")
    for stage, (seconds, megabytes) in figures["stages"].items():
        print(f"    {stage:<26}{seconds:7.1f} s, peak until then {megabytes:.0f} MB")
    print("    " + ", ".join(f"{total:,} {what}" for what, total in figures["totals"].items()), flush=True)


def print_ways(rounds, names, python):
    """Run the ways in turn, and print rows a second, ratios and memory."""
    runs = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            runs[name].append(run_child(name, python if name.startswith("imdb") else sys.executable))
    print(f"{'':<24}{'rows':>10} {'rows/s':>9} {'processor':>10} {'indexes':>9} {'peak':>7}")
    rates = {}
    for name, children in runs.items():
        rates[name] = [median(child["rows"] / child[clock] for child in children) for clock in ("seconds", "processor")]
        indexes, memory = median(child["indexes"] for child in children), max(child["megabytes"] for child in children)
        print(f"{name:<24}{children[0]['rows']:>10,} {rates[name][0]:>9,.0f} ", end="")
        print(f"{rates[name][1]:>10,.0f} {indexes:>7.1f} s {memory:>4.0f} MB")
    for way, other, goal in PAIRS:
        if other in rates:
            clock, processor = (ours / theirs for ours, theirs in zip(rates[way], rates[other], strict=True))
            print(f"{way} / {other}: {clock:.2f} by the clock, {processor:.2f} by the processor (goal {goal})")
    print(f"goal for the memory: below {MAX_MEGABYTES} MB")


if __name__ == "__main__":
    main()
