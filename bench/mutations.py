"""``python -m bench.mutations --count 100000``: mutate real files and read them with every reader that may get them.

The files are those below the folder that ``SOURCE_CASES`` names, and the samples of the tests. A mutated file is
recognised, and read by the reader of the original and by the one that recognises it. Counts what is read, what is
refused (SourceError), any other exception, and what takes more than a second of processor time for each 100 kB.
A process with the limits of ``reader_process`` reads one file after the other; what ends it is counted too, and is no
failure for wikitext and workbooks, which are read in such a process on the site. ``--keep`` names a folder for inputs
that failed, were slow or ended the process; ``--first`` with their number repeats them.
"""

import argparse
import copy
import io
import json
import multiprocessing
import os
import random
import resource
import signal
import sys
import time
import traceback
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from catalog import limited_process
from catalog.sources import imdb, tmdb, tvmaze, wikidata
from catalog.sources.reader_process import MAX_MEMORY, MAX_SECONDS
from catalog.sources.readers import READERS, detect_kind
from catalog.sources.series_claims import SourceError
from catalog.tests.sources.samples import SAMPLES

MAX_SIZE = 120_000  # of an original; larger files are cut to a part of that size
MAX_GROWTH = 60_000  # bytes that a mutation may add
BYTES_PER_SECOND = 100_000
LIMITED_KINDS = ("wikipedia", "xlsx")  # on the site a process with limits reads them
TOKENS = [
    token.encode("utf-8", "surrogateescape")
    for token in (
        ' { } [ ] [] {} null -1 0 1e999 true " \\ud800 \\N <b> </ <!-- --> &amp; &#0; &lt; <![CDATA[ <!DOCTYPE {{ }}'
        " | [[ ]] {| |} <ref> '' == ; , = \udcff \udcc3 \u200f 2018-02-30 S99E99 0000-00-00 é ١ 😀"
    ).split(" ")
] + [b"\x00", b"\n", b"\t", b"\r", b"9" * 30, b"A" * 300]
VALUES = [None, True, False, -1, 0, 10**30, 1e308, "", "x" * 5_000, "2018-13-45", [], {}, [[]], [{}], "\ud800"]
LEFT_OUT = ("images", "omdb")
WORKBOOK = Path(__file__).parents[1] / "catalog/tests/sources/libreoffice_season.xlsx"
MAX_MESSAGE = 300  # characters of a refusal
PERSON_READERS = {"tvmaze": tvmaze.read_person, "tmdb": tmdb.read_person, "wikidata": wikidata.read_person}
JSON_KINDS = ("tvmaze", "tmdb", "tvdb", "wikidata")


@dataclass
class Report:
    """What the readers did."""

    outcomes: Counter = field(default_factory=Counter)
    failures: dict = field(default_factory=dict)
    slow: dict = field(default_factory=dict)
    slowest: dict = field(default_factory=dict)

    def add(self, other):
        """Add another report to this one."""
        self.outcomes += other.outcomes
        self.failures = other.failures | self.failures
        self.slow |= other.slow
        for step, slowest in other.slowest.items():
            self.slowest[step] = max(self.slowest.get(step, slowest), slowest)


def mutate_bytes(data, others, rng):
    """``data`` with one to six parts changed, removed, repeated, moved, cut off, or taken from another file."""
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        start = rng.randrange(len(data) + 1)
        end = min(len(data), start + rng.choice((1, 1, 2, 8, 40, 300, 3_000)))
        middle = data[start:end]
        action = rng.randrange(8)
        if action == 0:
            middle = b""
        elif action == 1:
            middle *= rng.choice((2, 3, min(2_000, MAX_GROWTH // (len(middle) + 1))))
        elif action == 2:
            other = rng.choice(others)
            position = rng.randrange(len(other) + 1)
            middle = other[position : position + rng.choice((10, 100, 2_000))]
        elif action == 3:
            middle = bytes(byte ^ (1 << rng.randrange(8)) for byte in middle[:8]) + middle[8:]
        elif action == 4 and rng.random() < 0.2:
            data = data[:start]
        else:
            middle = rng.choice(TOKENS) * rng.choice((1, 1, 1, 2, 50)) + (middle if rng.random() < 0.5 else b"")
        data = data[:start] + middle + data[end:]
        if len(data) > MAX_SIZE + MAX_GROWTH:
            data = data[: MAX_SIZE + MAX_GROWTH]
    return data


def mutate_json(data, rng):
    """JSON with up to four of its values replaced, removed, or put one level deeper."""
    document = json.loads(data)
    for _ in range(rng.randint(1, 4)):
        positions = list(_positions(document))
        if not positions:
            break
        container, key = rng.choice(positions)
        action = rng.randrange(4)
        if action == 0 and isinstance(container, dict):
            del container[key]
        elif action == 1:
            container[key] = rng.choice(([container[key]], {"id": container[key]}, str(container[key])[:5_000]))
        elif action == 2:
            other_container, other_key = rng.choice(positions)
            value = other_container.get(other_key) if isinstance(other_container, dict) else None
            container[key] = json.loads(json.dumps(value))
        else:
            container[key] = copy.deepcopy(rng.choice(VALUES))
    text = json.dumps(document, ensure_ascii=rng.random() < 0.5)
    return text.encode("utf-8", "surrogatepass")[: MAX_SIZE + MAX_GROWTH]


def mutate_workbook(data, others, rng):
    """An XLSX file with one of its parts mutated, in an archive that is whole."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w") as target:
        mutated = rng.choice(source.namelist())
        for name in source.namelist():
            part = source.read(name)
            target.writestr(name, mutate_bytes(part, others, rng) if name == mutated else part)
    return stream.getvalue()


def mutate(kind, data, others, rng):
    """``data`` mutated as text, or as what its format consists of."""
    if kind == "xlsx" and rng.random() < 0.9:
        return mutate_workbook(data, others, rng)
    if kind in JSON_KINDS and len(data) <= MAX_SIZE and rng.random() < 0.5:
        return mutate_json(data, rng)
    offset = rng.randrange(max(1, len(data) - MAX_SIZE))
    return mutate_bytes(data[offset : offset + MAX_SIZE], others, rng)


def _positions(value):
    """(container, key) of every value within a JSON value."""
    stack = [value]
    while stack:
        container = stack.pop()
        if isinstance(container, dict | list):
            members = list(container.items() if isinstance(container, dict) else enumerate(container))
            for key, member in members:
                yield container, key
                stack.append(member)


def reading_functions(kind, companions):
    """``{name: function of one file}``: all that the reader of a kind can do with it."""
    reader = READERS[kind]
    functions = {kind: lambda data: reader.read_series(data, *companions)}
    if reader.read_all:
        functions[f"{kind} (all)"] = reader.read_all
    if kind == "imdb":
        functions["imdb (all)"] = lambda data: list(imdb.read_all([data, *companions]))
    if kind in PERSON_READERS:
        functions[f"{kind} (person)"] = PERSON_READERS[kind]
    return functions


def read_all_ways(kind, data, companions, report, name):
    """Recognise and read a mutated file as the kind of its original and as the one that it seems to be."""
    detected = measure("detect", detect_kind, data, report, name)
    for reader in sorted({kind, detected or kind}):
        for step, read in reading_functions(reader, companions if reader == kind else ()).items():
            measure(step, read, data, report, name)


def measure(step, read, data, report, name):
    """``read(data)``; record what is neither claims nor a SourceError, and what is slow."""
    start, result = time.process_time(), None
    try:
        result = read(data)
        report.outcomes[f"{step}: read"] += 1
    except SourceError as error:
        report.outcomes[f"{step}: refused"] += 1
        if "\n" in str(error) or len(str(error)) > MAX_MESSAGE:
            report.failures.setdefault(f"{step}: message of {len(str(error))} characters", (name, data))
    except Exception as error:  # noqa: BLE001  (these are searched)
        frame = traceback.extract_tb(error.__traceback__)[-1]
        report.outcomes[f"{step}: {type(error).__name__}"] += 1
        report.failures.setdefault(f"{step}: {error!r:.200} at {frame.filename}:{frame.lineno}", (name, data))
    rate = (time.process_time() - start) / max(1, len(data) / BYTES_PER_SECOND)
    report.slowest[step] = max(report.slowest.get(step, (0, "")), (rate, name))
    if rate > 1:
        report.outcomes[f"{step}: over 1 s per 100 kB"] += 1
        inputs = report.slow if step.split()[0] in LIMITED_KINDS else report.failures
        inputs[f"{step} took {rate:.1f} s for each 100 kB ({name})"] = (name, data)
    return result


def load_files(folder):
    """``{name: (kind, content)}`` of the files that a reader recognises, and of the samples of the tests."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.parent != folder]
    contents = {str(path.relative_to(folder)): path.read_bytes() for path in paths if path.parent.name not in LEFT_OUT}
    contents |= {f"sample of {kind}": text.encode() for kind, text in SAMPLES.items()}
    contents["sample of xlsx"] = WORKBOOK.read_bytes()
    files = {}
    for name, data in contents.items():
        try:
            files[name] = detect_kind(data), data
        except SourceError as error:
            print(f"left out: {name}: {error}", file=sys.stderr)
    return files


def companions_of(name, files):
    """The small files of IMDb that belong to the same set; other readers need no second file."""
    kind, prefix = files[name][0], name.partition("_")[0]
    if kind != "imdb":
        return []
    others = (data for other, (_, data) in files.items() if other != name and other.startswith(prefix))
    return [data for data in others if len(data) < MAX_SIZE]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first mutation")
    parser.add_argument("--keep", type=Path, help="folder for inputs that failed or were slow")
    options = parser.parse_args()
    folder = Path(os.environ.get("SOURCE_CASES") or sys.exit("SOURCE_CASES must name the folder of real files"))
    files = load_files(folder)
    report, start = Report(), time.monotonic()
    numbers = iter(range(options.first, options.first + options.count))
    number = next(numbers, None)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background too: prints what was counted so far
    try:
        while number is not None:
            number = read_in_worker(number, numbers, files, report)
    except KeyboardInterrupt:
        options.count = next(numbers, options.first + options.count) - options.first
    print_report(report, options, time.monotonic() - start)
    sys.exit(bool(report.failures))


def read_in_worker(number, numbers, files, report):
    """Read mutations in a process with limits until one ends it; the number of the next, None after the last."""
    connection, end = multiprocessing.Pipe()
    worker = multiprocessing.Process(target=work, args=(end, files), daemon=True)
    worker.start()
    end.close()
    while number is not None:
        connection.send(number)
        try:
            report.add(connection.recv())
        except EOFError:
            worker.join()
            kind, name, data = mutation(number, files)
            limit = "time" if worker.exitcode == -signal.SIGPROF else "memory"
            report.outcomes[f"{kind}: ended by the limit of {limit}"] += 1
            inputs = report.slow if kind in LIMITED_KINDS else report.failures
            inputs[f"{kind} was ended by the limit of {limit} ({number})"] = name, data
            print(f"{number}: {name} was ended by the limit of {limit}", file=sys.stderr)
            return next(numbers, None)
        number = next(numbers, None)
    connection.close()
    return None


def work(connection, files):
    """Answer each number with the report on its mutation."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    limited_process.call_in_new_process = lambda function, args, *limits: function(*args)
    while True:
        try:
            number = connection.recv()
        except EOFError:
            return
        signal.setitimer(signal.ITIMER_PROF, MAX_SECONDS)  # ends the process after that time of processor
        report = Report()
        kind, name, data = mutation(number, files)
        read_all_ways(kind, data, companions_of(name, files), report, f"{number} {name}")
        connection.send(report)


def mutation(number, files):
    """(kind, name of the original, mutated content)."""
    rng = random.Random(number)
    name = rng.choice(list(files))
    kind, data = files[name]
    return kind, name, mutate(kind, data, [data for _, data in files.values()], rng)


def print_report(report, options, seconds):
    """Print the counts, the slowest, and where failures were."""
    print(f"{options.count:,} mutations in {seconds:,.0f} s")
    for outcome, total in sorted(report.outcomes.items()):
        print(f"{outcome:<40}{total:>10,}")
    for step, (rate, name) in sorted(report.slowest.items()):
        print(f"slowest {step:<20}{rate:8.2f} s per 100 kB  {name}")
    for title, inputs in (("failure", report.failures), ("slow", report.slow)):
        for number, (reason, (name, data)) in enumerate(inputs.items()):
            print(f"{title} {number}: {reason} [{name}]")
            if options.keep:
                options.keep.mkdir(parents=True, exist_ok=True)
                (options.keep / f"{title}-{number}").write_bytes(data)


if __name__ == "__main__":
    main()
