"""How soon the site answers after ``script/server``, and how much memory it takes: ``python -m bench.start --size L``.

Starts the site twice with two workers: without the stored arrays of the index, and with them. Prints the seconds from
the command to the first good answer of ``/healthz`` and of a typical page of each kind (a list is good once it has its
counts), the number of failed health checks after the first good one, and the private memory of each worker in the end.
"""

import argparse
import http.client
import os
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

from bench import http_load
from bench.generate import ROOT, set_up_django

WORKERS = 2
MAX_SECONDS = 600  # that the first start may take
CHECK_SECONDS = 0.1  # between two health checks


def request(port, path):
    """(status, whether the answer is final) of a page; (0, False) while nothing listens."""
    connection = http.client.HTTPConnection(http_load.HOST, port, timeout=60)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
    except OSError:
        return 0, False
    finally:
        connection.close()
    return response.status, response.status == 200 and "no-store" not in response.headers.get("Cache-Control", "")


def page_paths():
    """{name: path} of the kinds of pages, with a typical record of each."""
    from bench.walk_pages import records_by_size

    paths = {"home": "/", "series": "/series/", "episodes": "/episodes/", "people": "/people/"}
    paths |= {"filtered": "/episodes/?year=2010", "companies": "/companies/"}
    paths |= {"search": "/search/?q=silver", "sitemap": "/sitemap.xml"}
    for name in ("series", "season", "episode", "person", "company", "source"):
        paths |= {f"one {name}": record.get_absolute_url() for record in records_by_size(name).get("typical", [])}
    return paths


def check_health(port, start, result, stop):
    """Request /healthz until ``stop``; set when it first answered, and how often it failed afterwards."""
    while not stop.wait(CHECK_SECONDS):
        if request(port, "/healthz")[0] == 200:
            result.setdefault("first", time.monotonic() - start)
        elif "first" in result:
            result["failures"] = result.get("failures", 0) + 1


def first_answers(port, paths, start):
    """{name: seconds} to the first good answer of each page; all are requested over and over, one after another."""
    seconds, end = {}, start + MAX_SECONDS
    while len(seconds) < len(paths) and time.monotonic() < end:
        for name, path in paths.items():
            if name not in seconds and request(port, path)[1]:
                seconds[name] = time.monotonic() - start
        time.sleep(CHECK_SECONDS)
    return seconds


def private_megabytes(pid):
    """Memory of a process that no other shares, from the kernel."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    figures = {line.split(":")[0]: int(line.split()[1]) for line in lines}
    return (figures["Private_Clean"] + figures["Private_Dirty"]) / 1024


def worker_pids(pid):
    """The children of the server's process."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def measure(name, paths):
    """Start the site, print the figures, and stop it."""
    port = http_load.free_port()
    command = ["script/server", "--port", str(port), "--workers", str(WORKERS)]
    start = time.monotonic()
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, env=os.environ | {"LOG_LEVEL": "ERROR"})
    health, stop = {}, threading.Event()
    checker = threading.Thread(target=check_health, args=(port, start, health, stop))
    checker.start()
    try:
        seconds = first_answers(port, paths, start)
        for path in [*paths.values()] * 10:  # so that both workers have answered each
            request(port, f"{path}{'&' if '?' in path else '?'}start={time.monotonic()}")
        memory = [private_megabytes(pid) for pid in worker_pids(server.pid)]
    finally:
        stop.set()
        checker.join()
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)
    print(
        f"{name}: /healthz after {health.get('first', float('nan')):.1f} s, {health.get('failures', 0)} failures later"
    )
    for page, value in sorted(seconds.items(), key=lambda item: item[1]):
        print(f"  {value:7.1f} s  {page}")
    print("".join(f"  never    {page}\n" for page in paths.keys() - seconds.keys()), end="")
    print(f"  private memory of the workers: {', '.join(f'{megabytes:.0f} MB' for megabytes in memory)}", flush=True)


def main():
    """Print both starts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("S", "M", "L"), default="M")
    parser.add_argument("--second", action="store_true", help="only the second start, with the arrays that are stored")
    options = parser.parse_args()
    path = set_up_django(options.size)
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    if path is not None:
        os.environ["DATABASE_URL"] = f"sqlite:///{path}"
    paths = page_paths()
    if not options.second:
        shutil.rmtree(settings.INDEX_ROOT, ignore_errors=True)
        measure("First start", paths)
    measure("Second start", paths)


if __name__ == "__main__":
    main()
