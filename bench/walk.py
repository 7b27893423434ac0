"""Walk all kinds of pages on a running server, as a visitor and as an editor: ``python -m bench.walk --size M``.

Prints for each kind the percentiles of the time in milliseconds, the most processor time (which other load on the
machine does not lengthen), the largest size in kilobytes (not compressed), and the most queries; "!" marks what is over
the limits. No page is requested twice at one address, so that no answer comes from the page cache. Figures are stored
in var/, and those of other sizes are printed beside them.
"""

import argparse
import http.client
import json
import os
import time
from pathlib import Path

from bench import http_load
from bench.facets import percentile
from bench.generate import ROOT, set_up_django
from bench.walk_pages import REPEATS, admin_page_urls, visitor_pages

TIMEOUT_SECONDS = 120
LIMITS = {  # of p95 in milliseconds, by size: (visitors, admin)
    "S": (100, 300),
    "M": (100, 300),
    "L": (200, 1000),
}
MAX_VISITOR_KILOBYTES = 150
USERNAME = "bench-walk"


class Walker:
    """Requests pages of one server and records figures by the name of a kind of page."""

    def __init__(self, port, cookie=""):
        self.port, self.cookie = port, cookie
        self.number = 0
        self.figures = {}

    def request(self, url, is_unique=True):
        """(milliseconds, response, body) of a URL; with a parameter that no page knows, so that it is not cached."""
        self.number += 1
        if is_unique:
            url += f"{'&' if '?' in url else '?'}walk={self.number}"
        connection = http.client.HTTPConnection(http_load.HOST, self.port, timeout=TIMEOUT_SECONDS)
        start = time.perf_counter()
        connection.request("GET", url, headers={"Cookie": self.cookie} if self.cookie else {})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return (time.perf_counter() - start) * 1000, response, body

    def get(self, url):
        """The text of a page."""
        return self.request(url)[2].decode()

    def walk(self, name, urls):
        """Request the URLs of one kind of page, a single one several times, and record the figures."""
        times, processor_times, sizes, queries, statuses = [], [], [], [], set()
        is_unique = not name.startswith("admin")  # an unknown parameter is an error in a changelist
        for url in urls * REPEATS if len(urls) < REPEATS else urls:
            try:
                milliseconds, response, body = self.request(url, is_unique)
            except TimeoutError:
                times.append(TIMEOUT_SECONDS * 1000)
                statuses.add("time-out")
                break
            times.append(milliseconds)
            sizes.append(len(body) / 1000)
            queries.append(int(response.headers.get("X-Queries", 0)))
            processor_times.append(float(response.headers.get("X-Processor-Ms", 0)))
            statuses.add(response.status)
        self.figures[name] = {
            "requests": len(times),
            **{f"p{p}": percentile(times, p) for p in (50, 95, 100)},
            "processor": max(processor_times, default=0),
            "kilobytes": max(sizes, default=0),
            "queries": max(queries, default=0),
            "statuses": sorted(map(str, statuses)),
        }


def is_over(name, figures, size):
    """True if a kind of page is slower or larger than its limit, or failed."""
    visitors, admin = LIMITS[size]
    is_admin = name.startswith("admin")
    has_failed = any(status == "time-out" or status.startswith("5") for status in figures["statuses"])
    is_large = not is_admin and not name.startswith("/sitemap") and figures["kilobytes"] > MAX_VISITOR_KILOBYTES
    return has_failed or is_large or figures["p95"] > (admin if is_admin else visitors)


def print_table(results, size):
    """Print the figures of a size, the slowest first, with the p95 of the other sizes."""
    others = [other for other in results if other != size]
    heading = f"{'':2}{'page':44}{'n':>4}{'p50':>9}{'p95':>9}{'max':>9}{'processor':>10}{'kB':>8}{'queries':>9}"
    print(heading + "".join(f"{'p95 ' + other:>10}" for other in others))
    for name, row in sorted(results[size].items(), key=lambda item: -item[1]["p95"]):
        mark = "! " if is_over(name, row, size) else "  "
        line = f"{mark}{name[:43]:44}{row['requests']:4}{row['p50']:9.1f}{row['p95']:9.1f}{row['p100']:9.1f}"
        line += f"{row['processor']:10.1f}{row['kilobytes']:8.0f}{row['queries']:9}"
        line += "".join(f"{results[other].get(name, {}).get('p95', float('nan')):10.1f}" for other in others)
        statuses = ", ".join(row["statuses"])
        print(line + ("" if statuses == "200" else f"  status {statuses}"))
    over = sum(is_over(name, row, size) for name, row in results[size].items())
    print(f"{len(results[size])} kinds of pages, {over} over a limit")
    return over


def sign_in():
    """(user, test client, session cookie) of a new superuser."""
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.test import Client

    User.objects.filter(username=USERNAME).delete()
    user = User.objects.create_superuser(USERNAME)
    client = Client()
    client.force_login(user)
    return user, client, f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def walk_site(port, only):
    """The figures of all kinds of pages whose name contains ``only``."""
    from django.test import RequestFactory

    user, client, cookie = sign_in()
    request = RequestFactory().get("/")
    request.user = user
    visitor, editor = Walker(port), Walker(port, cookie)
    try:
        visitor.get("/episodes/")  # the lists may have to read the facet index first
        for name, urls in visitor_pages(visitor.get):
            if only in name:
                visitor.walk(name, urls)
        for name, urls in admin_page_urls(client, request):
            if only in name:
                editor.walk(name, urls)
    finally:
        user.delete()
    return visitor.figures | editor.figures


def main():
    """Print the table; return how many kinds of pages are over a limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("S", "M", "L"), default="M")
    parser.add_argument("--database", help="URL of a generated database, instead of var/bench-SIZE.sqlite3")
    parser.add_argument("--only", default="", help="walk only kinds of pages whose name contains this")
    options = parser.parse_args()
    if options.database:
        os.environ["DATABASE_URL"] = options.database
    set_up_django(options.size)
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    settings.ALLOWED_HOSTS = ["testserver"]
    vendor = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    environment = os.environ | {"LOG_LEVEL": "ERROR"}
    with http_load.run_server("granian", "bench.counted_site:application", **environment) as port:
        figures = walk_site(port, options.only)
    path = ROOT / "var" / f"bench-walk-{vendor}-{options.size}.json"
    if not options.only:
        path.write_text(json.dumps(figures))
    stored = {size: Path(str(path).replace(f"-{options.size}.json", f"-{size}.json")) for size in LIMITS}
    results = {size: json.loads(file.read_text()) for size, file in stored.items() if file.exists()}
    return print_table(results | {options.size: figures}, options.size)


if __name__ == "__main__":
    raise SystemExit(1 if main() else 0)
