"""Time whole list pages over HTTP, each for a selection not requested before: ``python -m bench.pages --size M``.

One worker. Compares with ``/hello/`` of ``bench.bench_site``, with the same pages answered 304 and, where Datasette is
installed (on the path, or named by DATASETTE), with Datasette showing the same facets of the same rows.
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
SINGLE_VALUED = ("series", "season", "year")  # columns; the others are JSON arrays
NO_LIMIT_MS = 600_000
MAX_PAGES_PER_ROUND = 120  # fewer than a worker's page cache holds
ROUNDS = 5
PERCENTILES = (50, 95, 99, 100)


class TimedClient:
    """A client with one connection to one server, which times each response."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection(http_load.HOST, port, timeout=NO_LIMIT_MS / 1000)

    def get(self, url, **headers):
        """Return (milliseconds, status, bytes, ETag) of a response."""
        start = time.perf_counter()
        try:
            self.connection.request("GET", url, headers=headers)
            response = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):  # the server closed an idle connection
            self.connection.close()
            return self.get(url, **headers)
        size = len(response.read())
        return (time.perf_counter() - start) * 1000, response.status, size, response.headers.get("ETag", "")


def list_url(selection):
    """URL of the episode list for a selection, a dict of facet names and slugs."""
    return f"/episodes/?{urlencode(selection, doseq=True)}"


def pages_per_second(port, urls, etags=None):
    """Responses per second to one connection, each URL requested once.

    With ``etags``, one for each URL, all responses must be 304, else 200; RuntimeError otherwise.
    """
    client = TimedClient(port)
    start = time.perf_counter()
    for position, url in enumerate(urls):
        headers = {"If-None-Match": etags[position]} if etags else {}
        _, status, _, _ = client.get(url, **headers)
        if status != (304 if etags else 200):
            raise RuntimeError(f"{url} has status {status}")
    return len(urls) / (time.perf_counter() - start)


def median_rates(hello_port, site_port, urls):
    """Median pages per second of ``hello``, pages requested first, the same pages cached, and 304 responses.

    Each round measures all four, so that other load on the machine affects all of them alike.
    """
    batch_size = min(len(urls) // ROUNDS, MAX_PAGES_PER_ROUND)
    rates = {"hello": [], "pages": [], "cached": [], "304": []}
    for start in range(0, ROUNDS * batch_size, batch_size):
        batch = urls[start : start + batch_size]
        rates["hello"].append(pages_per_second(hello_port, ["/hello/"] * batch_size * 4))
        rates["pages"].append(pages_per_second(site_port, batch))
        rates["cached"].append(pages_per_second(site_port, batch))
        client = TimedClient(site_port)
        etags = [client.get(url)[3] for url in batch]
        rates["304"].append(pages_per_second(site_port, batch, etags))
    return {name: median(values) for name, values in rates.items()}


def click_selections(snapshot, total, rng):
    """Yield selections that a visitor can reach by clicking: one value of one to three facets, all of one row."""
    segment, vocabularies = snapshot.segments[0][0], snapshot.vocabularies
    for _ in range(total):
        row = rng.randrange(len(segment))
        ordinals_by_facet = {name: row_ordinals(segment, name, row) for name in rng.sample(FACETS, rng.randint(1, 3))}
        yield {
            name: [vocabularies[name].entry(rng.choice(ordinals))[1]]
            for name, ordinals in ordinals_by_facet.items()
            if ordinals
        }


def write_flat_database(snapshot, path):
    """Write the rows of the list with their facets' values as one table, for Datasette."""
    segment, vocabularies = snapshot.segments[0][0], snapshot.vocabularies
    slugs = {
        name: [vocabularies[name].entry(ordinal)[1] for ordinal in range(len(vocabularies[name]))] for name in FACETS
    }
    columns = ", ".join(f"[{name}] TEXT" for name in FACETS)
    with sqlite3.connect(path) as database:
        database.execute(f"CREATE TABLE episodes (id INTEGER PRIMARY KEY, {columns})")
        database.executemany(
            f"INSERT INTO episodes VALUES (?{', ?' * len(FACETS)})",
            (
                (int(segment.pks[row]), *(flat_value(segment, slugs, name, row) for name in FACETS))
                for row in range(len(segment))
            ),
        )
        for name in SINGLE_VALUED:
            database.execute(f"CREATE INDEX by_{name} ON episodes ([{name}])")
    database.close()


def flat_value(segment, slugs, name, row):
    """A row's value of a facet for the flat table: one slug or None, or a JSON array of slugs."""
    values = list(dict.fromkeys(slugs[name][ordinal] for ordinal in row_ordinals(segment, name, row)))
    return (values[0] if values else None) if name in SINGLE_VALUED else json.dumps(values)


@contextmanager
def run_datasette(path):
    """Run Datasette over one file, without time limits; yields its port."""
    port = http_load.free_port()
    settings = {"sql_time_limit_ms": NO_LIMIT_MS, "facet_time_limit_ms": NO_LIMIT_MS, "default_page_size": 25}
    settings |= {"default_facet_size": 10, "suggest_facets": "off"}
    options = [text for name, value in settings.items() for text in ("--setting", name, str(value))]
    process = subprocess.Popen(
        [DATASETTE, "serve", str(path), "--port", str(port), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        http_load.wait_until_listening(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def datasette_url(selection):
    """URL of the same selection in Datasette, with all facets. (There, two values of one facet narrow the list.)"""
    query = [("_facet" if name in SINGLE_VALUED else "_facet_array", name) for name in FACETS]
    for name, values in selection.items():
        query += [
            (name if name in SINGLE_VALUED else f"{name}__arraycontains", value) for value in values if name != "sort"
        ]
    return f"/flat/episodes?{urlencode(query)}"


def compare_with_datasette(snapshot, site_port, selections):
    """Print how many times as long as the site Datasette takes for the selections."""
    ratios = {"first request": [], "second request": []}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "flat.db"
        write_flat_database(snapshot, path)
        with run_datasette(path) as port:
            datasette, site = TimedClient(port), TimedClient(site_port)
            datasette.get(datasette_url({}))
            for selection in selections:
                for values in ratios.values():
                    datasette_ms, status, _, _ = datasette.get(datasette_url(selection))
                    site_ms, _, _, _ = site.get(list_url(selection))
                    if status != 200:
                        raise RuntimeError(f"Datasette: {datasette_url(selection)} has status {status}")
                    values.append(datasette_ms / site_ms)
    for name, values in ratios.items():
        print(f"{name}: Datasette takes {min(values):.0f} to {max(values):.0f} times as long, ", end="")
        print(f"median {median(values):.0f}, over {len(values)} selections")


def print_page_times(client, urls):
    """Print percentiles of the time that each URL takes."""
    times = sorted(client.get(url)[0] for url in urls)
    print("whole page  " + "  ".join(f"p{p} {percentile(times, p):.1f}" for p in PERCENTILES) + " ms")


def parse_options():
    """Options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("S", "M", "L"), default="M")
    parser.add_argument("--selections", type=int, default=600)
    parser.add_argument("--datasette", type=int, default=40, help="number of selections to compare with Datasette")
    parser.add_argument("--seed", type=int, default=None)
    return parser.parse_args()


def main():
    """Print times, rates, sizes and the comparison with Datasette."""
    options = parse_options()
    set_up_django(options.size)
    from django.core.management import call_command

    from catalog.facets.episode import EpisodeFacets
    from catalog.facets.index import registry

    call_command("collectstatic", verbosity=0, interactive=False)  # pages name static files by their hashes
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**32)
    while (snapshot := registry.current_snapshot(EpisodeFacets)) is None:
        time.sleep(0.05)
    rng = random.Random(seed)
    selections = random_selections(EpisodeFacets, options.selections * 3, rng, snapshot)
    urls = list(dict.fromkeys(list_url(selection) for selection in selections))
    print(f"size {options.size}, seed {seed}; one worker, one connection")
    with (
        http_load.run_server("granian", "bench.bench_site:application") as hello_port,
        http_load.run_server("granian", SITE, **os.environ) as site_port,
    ):
        client = TimedClient(site_port)
        for _ in range(20):  # until the indexes are built and the templates compiled
            client.get("/episodes/")
            time.sleep(0.2)
        print_page_times(client, urls[: options.selections])
        rates = median_rates(hello_port, site_port, urls[options.selections :])
        for name, rate in rates.items():
            print(f"{name:6} {rate:7.0f} per second, {rate / rates['hello']:.2f} of hello")
        for url in ("/people/", "/people/facets/series/", "/episodes/facets/crew/"):
            print(f"{url} has {client.get(url)[2] / 1000:.0f} kB, uncompressed")
        if DATASETTE:
            compare_with_datasette(snapshot, site_port, list(click_selections(snapshot, options.datasette, rng)))
        else:
            print("Datasette is not installed: no comparison.")


if __name__ == "__main__":
    main()
