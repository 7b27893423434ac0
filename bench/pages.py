"""``python -m bench.pages --size M``: whole list pages over HTTP, one worker, each for a selection never asked before.

Beside the bare ``hello`` of ``bench.bench_site``, beside the same page answered 304, and, where Datasette is installed
(on the path, or named by DATASETTE), beside Datasette showing the same facets of the same rows.
"""

import argparse
import http.client
import json
import os
import random
import shutil
import sqlite3
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from bench import http_load
from bench.facets import percentile, random_selections, row_ordinals
from bench.generate import set_up_django

SITE = "soundtrack_site.wsgi:application"
DATASETTE = os.environ.get("DATASETTE") or shutil.which("datasette")
FACETS = ("series", "season", "director", "writer", "cast", "character", "crew", "genre", "network", "year")
ONE_VALUE = ("series", "season", "year")  # columns; the others are JSON arrays
NO_LIMIT = 600_000  # milliseconds
KEPT = 120  # pages, fewer than a worker keeps


class Asked:
    """Asks one server on one connection, and says what each answer took."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection(http_load.HOST, port, timeout=NO_LIMIT / 1000)

    def get(self, address, **headers):
        """(milliseconds, status, bytes, the answer's ETag)."""
        start = time.perf_counter()
        try:
            self.connection.request("GET", address, headers=headers)
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):  # left idle for too long
            self.connection.close()
            return self.get(address, **headers)
        size = len(answer.read())
        return (time.perf_counter() - start) * 1000, answer.status, size, answer.headers.get("ETag", "")


def address_of(chosen):
    """The list's address for a selection."""
    return f"/episodes/?{urlencode(chosen, doseq=True)}"


def per_second(port, addresses, tags=None):
    """Answers a second: each address asked once, one after the other on one connection; with ``tags``, 304 expected."""
    asked = Asked(port)
    start = time.perf_counter()
    for place, address in enumerate(addresses):
        _, status, _, _ = asked.get(address, **({"If-None-Match": tags[place]} if tags else {}))
        if status != (304 if tags else 200):
            raise RuntimeError(f"{address} answers {status}")
    return len(addresses) / (time.perf_counter() - start)


def rates(hello, site, addresses, rounds):
    """Compare ``hello``, pages asked for first, the same asked for again, and 304s: taking turns, so that what else the
    machine does meets all alike."""
    share = min(len(addresses) // rounds, KEPT)
    found = {"hello": [], "pages": [], "again": [], "304": []}
    for turn in range(rounds):
        mine = addresses[turn * share : (turn + 1) * share]
        found["hello"].append(per_second(hello, ["/hello/"] * share * 4))
        found["pages"].append(per_second(site, mine))
        found["again"].append(per_second(site, mine))
        asked = Asked(site)
        tags = [asked.get(address)[3] for address in mine]
        found["304"].append(per_second(site, mine, tags))
    return {name: median(values) for name, values in found.items()}


def clicked(snapshot, total, rng):
    """Selections that a visitor comes to by clicking: one value each of one to three facets, all of one row."""
    segment, names = snapshot.segments[0][0], snapshot.vocabularies
    for _ in range(total):
        row = rng.randrange(len(segment))
        own = {name: row_ordinals(segment, name, row) for name in rng.sample(FACETS, rng.randint(1, 3))}
        yield {name: [names[name].entry(rng.choice(found))[1]] for name, found in own.items() if found}


def flatten(snapshot, path):
    """The rows of the list with the values of their facets as one table, for Datasette to show."""
    segment, names = snapshot.segments[0][0], snapshot.vocabularies
    slugs = {name: [names[name].entry(place)[1] for place in range(len(names[name]))] for name in FACETS}
    with sqlite3.connect(path) as database:
        database.execute(f"CREATE TABLE episodes (id INTEGER PRIMARY KEY, {', '.join(f'[{n}] TEXT' for n in FACETS)})")
        database.executemany(
            f"INSERT INTO episodes VALUES (?{', ?' * len(FACETS)})",
            (
                (int(segment.pks[row]), *(cell(segment, slugs, name, row) for name in FACETS))
                for row in range(len(segment))
            ),
        )
        for name in ONE_VALUE:
            database.execute(f"CREATE INDEX by_{name} ON episodes ([{name}])")
    database.close()


def cell(segment, slugs, name, row):
    """What a row has of a facet: one slug, or a JSON array of them."""
    found = list(dict.fromkeys(slugs[name][ordinal] for ordinal in row_ordinals(segment, name, row)))
    return (found[0] if found else None) if name in ONE_VALUE else json.dumps(found)


@contextmanager
def datasette(path):
    """Datasette over one file, its limits lifted; gives its port."""
    port = http_load.free_port()
    settings = {"sql_time_limit_ms": NO_LIMIT, "facet_time_limit_ms": NO_LIMIT, "default_page_size": 25}
    settings |= {"default_facet_size": 10, "suggest_facets": "off"}
    options = [text for name, value in settings.items() for text in ("--setting", name, str(value))]
    process = subprocess.Popen(
        [DATASETTE, "serve", str(path), "--port", str(port), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        http_load.wait_for(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def as_datasette(chosen):
    """The same selection as Datasette writes it; it shows all facets. (Several values of one narrow there.)"""
    query = [("_facet" if name in ONE_VALUE else "_facet_array", name) for name in FACETS]
    for name, values in chosen.items():
        query += [
            (name if name in ONE_VALUE else f"{name}__arraycontains", value) for value in values if name != "sort"
        ]
    return f"/flat/episodes?{urlencode(query)}"


def against_datasette(snapshot, site, chosen):
    """Print how much longer Datasette takes than the site for each of the selections."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "flat.db"
        flatten(snapshot, path)
        with datasette(path) as port:
            theirs, ours, ratios = Asked(port), Asked(site), {"asked for first": [], "asked for again": []}
            theirs.get(as_datasette({}))
            for one in chosen:
                for found in ratios.values():
                    (their_ms, status, _, _), (our_ms, *_) = theirs.get(as_datasette(one)), ours.get(address_of(one))
                    if status != 200:
                        raise RuntimeError(f"Datasette answers {status} to {as_datasette(one)}")
                    found.append(their_ms / our_ms)
    for name, found in ratios.items():
        print(f"{name}: Datasette takes {min(found):.0f} times as long at least, {median(found):.0f} times ", end="")
        print(f"at the median (up to {max(found):.0f}) over {len(found)} selections")


def main():
    """Print rates, times and the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("S", "M", "L"), default="M")
    parser.add_argument("--selections", type=int, default=600)
    parser.add_argument("--datasette", type=int, default=40, help="how many selections Datasette is asked")
    parser.add_argument("--seed", type=int, default=None)
    given = parser.parse_args()
    set_up_django(given.size)
    from django.core.management import call_command

    from catalog.facets.episode import EpisodeFacets
    from catalog.facets.index import registry

    call_command("collectstatic", verbosity=0, interactive=False)  # the site's pages are served as a site serves them
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(2**32)
    while (snapshot := registry.current_snapshot(EpisodeFacets)) is None:
        time.sleep(0.05)
    rng = random.Random(seed)
    found = random_selections(EpisodeFacets, given.selections * 3, rng, snapshot)
    addresses = list(dict.fromkeys(address_of(chosen) for chosen in found))
    print(f"size {given.size}, seed {seed}; one worker, one connection; {http_load.CLIENT.split(',')[0]} not used")
    with (
        http_load.serving("granian", "bench.bench_site:application") as hello,
        http_load.serving("granian", SITE, **os.environ) as site,
    ):
        asked = Asked(site)
        for _ in range(20):  # every index read, every template compiled
            asked.get("/episodes/")
            time.sleep(0.2)
        times = sorted(asked.get(address)[0] for address in addresses[: given.selections])
        print("whole page  " + "  ".join(f"p{p} {percentile(times, p):.1f}" for p in (50, 95, 99, 100)) + " ms")
        rate = rates(hello, site, addresses[given.selections :], 5)
        for name, value in rate.items():
            print(f"{name:6} {value:7.0f} a second, {value / rate['hello']:.2f} of hello")
        for address in ("/people/", "/people/facets/series/", "/episodes/facets/crew/"):
            print(f"{address} weighs {asked.get(address)[2] / 1000:.0f} kB, uncompressed")
        if DATASETTE:
            against_datasette(snapshot, site, list(clicked(snapshot, given.datasette, rng)))
        else:
            print("Datasette is not installed: no comparison")


if __name__ == "__main__":
    main()
