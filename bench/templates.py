"""What a list page of 25 rows and 8 facets of 10 values costs in Django's templates and in Jinja2, beside a hello.

``python -m bench.templates``: rendering alone, then the same over HTTP by one worker. Trust the ratios.
"""

import re
import time
from statistics import median

from bench import bench_site, http_load

NAMES = {"/lean/django/": "lean, Django", "/lean/jinja2/": "lean, Jinja2", "/real/": "the site's /episodes/"}


def per_second(call, seconds=1.0, rounds=5):
    """How often a second ``call`` can be called: the median of some rounds."""
    call()
    found = []
    for _ in range(rounds):
        start, calls = time.perf_counter(), 0
        while time.perf_counter() - start < seconds:
            call()
            calls += 1
        found.append(calls / (time.perf_counter() - start))
    return median(found)


def main():
    """Print both tables."""
    pages = {
        "/lean/django/": lambda: bench_site.lean(None, "django"),
        "/lean/jinja2/": lambda: bench_site.lean(None, "jinja2"),
        "/real/": lambda: bench_site.real(None),
    }
    written = {path: call().content.decode() for path, call in pages.items()}
    django, jinja2 = (re.sub(r"\s+", "", written[f"/lean/{engine}/"]) for engine in ("django", "jinja2"))
    if django.replace("&#x27;", "&#39;") != jinja2:
        raise RuntimeError("The two lean templates do not write the same page")
    alone = {path: per_second(call) for path, call in pages.items()}
    with http_load.serving("granian", "bench.bench_site:application") as port:
        found = http_load.rates(port, ["/hello/", *pages])
        spent = {path: http_load.processor_ms(port, path, 500) for path in found}
    hello = found["/hello/"]
    print(
        f"One worker of granian; {http_load.CLIENT}. hello over HTTP: {hello:.0f} a second, {spent['/hello/']:.2f} ms"
    )
    print("Rendering alone, in process (share: of hello's requests a second)")
    for path, each in alone.items():
        size, ms = len(written[path].encode()) / 1000, 1000 / each
        print(f"  {NAMES[path]:24} {each:6.0f} a second   share {each / hello:.3f}   {ms:6.2f} ms   {size:.0f} kB")
    print("The same over HTTP (ms: the worker's processor time)")
    for path in pages:
        each = found[path]
        print(f"  {NAMES[path]:24} {each:6.0f} a second   share {each / hello:.3f}   {spent[path]:6.2f} ms")


if __name__ == "__main__":
    main()
