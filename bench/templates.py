"""Compare rendering by Django's templates and by Jinja2: ``python -m bench.templates``.

Renders a list page of 25 rows and 8 facets of 10 values, in process and then over HTTP with one worker, beside the
constant response ``hello``. Compare the ratios: absolute figures depend on the machine.
"""

import re
import time
from statistics import median

from bench import bench_site, http_load

PAGES = {
    "/lean/django/": ("lean, Django", lambda: bench_site.lean(None, "django")),
    "/lean/jinja2/": ("lean, Jinja2", lambda: bench_site.lean(None, "jinja2")),
    "/real/": ("the site's /episodes/", lambda: bench_site.episode_list(None)),
}


def calls_per_second(function, seconds=1.0, rounds=5):
    """Median number of calls per second over some rounds."""
    function()
    rates = []
    for _ in range(rounds):
        start, calls = time.perf_counter(), 0
        while time.perf_counter() - start < seconds:
            function()
            calls += 1
        rates.append(calls / (time.perf_counter() - start))
    return median(rates)


def check_lean_pages(bodies):
    """Raise RuntimeError if the two lean pages differ in more than whitespace and the form of an apostrophe."""
    django, jinja2 = (re.sub(r"\s+", "", bodies[f"/lean/{engine}/"]) for engine in ("django", "jinja2"))
    if django.replace("&#x27;", "&#39;") != jinja2:
        raise RuntimeError("The two lean templates do not render the same page")


def main():
    """Print a table for each way of measuring."""
    bodies = {path: view().content.decode() for path, (_, view) in PAGES.items()}
    check_lean_pages(bodies)
    in_process = {path: calls_per_second(view) for path, (_, view) in PAGES.items()}
    with http_load.run_server("granian", "bench.bench_site:application") as port:
        over_http = http_load.median_rates(port, ["/hello/", *PAGES])
        cpu_ms = {path: http_load.cpu_ms_per_request(port, path, 500) for path in over_http}
    hello = over_http["/hello/"]
    print(f"One worker of granian; {http_load.CLIENT}.")
    print(f"hello over HTTP: {hello:.0f} per second, {cpu_ms['/hello/']:.2f} ms")
    print("Rendering in process (share: of hello's requests per second)")
    for path, rate in in_process.items():
        size, ms = len(bodies[path].encode()) / 1000, 1000 / rate
        print(f"  {PAGES[path][0]:24} {rate:6.0f} per second   share {rate / hello:.3f}   {ms:6.2f} ms   {size:.0f} kB")
    print("The same over HTTP (ms: processor time of the worker)")
    for path, (name, _) in PAGES.items():
        rate = over_http[path]
        print(f"  {name:24} {rate:6.0f} per second   share {rate / hello:.3f}   {cpu_ms[path]:6.2f} ms")


if __name__ == "__main__":
    main()
