"""Many visitors at once, and an editor beside them: ``python -m bench.load --size M``.

One worker with 32 threads, on a copy of the database. Prints requests per second and percentiles in milliseconds: of
the constant response ``hello``, of pages that nobody requested before, of a mix of often requested pages, of the same
mix while an editor saves an episode once a second, and of those saves.
"""

import argparse
import http.client
import os
import random
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from urllib.parse import urlencode

from bench import http_load
from bench.facets import percentile
from bench.generate import set_up_copy

CONNECTIONS = 32
SECONDS = 20
SEED = 20191218
PAGES_PER_KIND = 300
HOT_PAGES_PER_KIND = 4
SITE = "soundtrack_site.wsgi:application"
PERCENTILES = (50, 95, 99, 100)


def addresses(per_kind, rng):
    """URLs of random records and of lists with one selected person, in random order."""
    from catalog.models import Company, Episode, Person, Season, Series

    urls = []
    for model in (Series, Season, Episode, Person, Company):
        last = model.objects.order_by("-pk").first().pk
        manager = model.objects.for_links() if hasattr(model.objects, "for_links") else model.objects.all()
        keys = rng.sample(range(1, last + 1), min(per_kind, last))
        urls += [record.get_absolute_url() for record in manager.filter(pk__in=keys)]
    people = Person.objects.filter(pk__in=rng.sample(range(1, 1000), min(per_kind, 999)))
    urls += [f"/episodes/?{urlencode({'director': person.slug})}" for person in people]
    rng.shuffle(urls)
    return urls


def request_times(port, urls, connections, seconds=None):
    """Milliseconds of each response; each URL once, or with ``seconds`` over and over.

    RuntimeError unless all have status 200.
    """
    lock, times, position = threading.Lock(), [], iter(range(10**9))
    end = time.monotonic() + (seconds or 10**6)

    def visit(_):
        connection = http.client.HTTPConnection(http_load.HOST, port, timeout=120)
        while time.monotonic() < end:
            with lock:
                number = next(position)
            if seconds is None and number >= len(urls):
                return
            start = time.perf_counter()
            http_load.fetch(connection, urls[number % len(urls)])
            times.append((time.perf_counter() - start) * 1000)

    with ThreadPoolExecutor(connections) as pool:
        list(pool.map(visit, range(connections)))
    return times


def measure(port, urls, connections=CONNECTIONS, seconds=None):
    """(requests per second, milliseconds of each) by a client in a process of its own."""
    start = time.perf_counter()
    with get_context("spawn").Pool(1) as pool:
        times = pool.apply(request_times, (port, urls, connections, seconds))
    return len(times) / (seconds or time.perf_counter() - start), times


def show(name, rate, times):
    """Print a line of figures."""
    print(f"{name:44}{rate:9.0f}" + "".join(f"{percentile(times, p):9.1f}" for p in PERCENTILES), flush=True)


class Editor:
    """Saves the form of an episode, with another title each time."""

    def __init__(self, port, cookie, url):
        self.port, self.cookie, self.url = port, cookie, url
        self.times = []

    def _request(self, method, body=None, headers=()):
        connection = http.client.HTTPConnection(http_load.HOST, self.port, timeout=120)
        connection.request(method, self.url, body, {"Cookie": self.cookie} | dict(headers))
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response, content

    def save(self, number):
        """Open the form, change the title and save; RuntimeError if the form has an error."""
        from lxml import html

        response, content = self._request("GET")
        form = html.fromstring(content).get_element_by_id("episode_form")
        fields = form.form_values() + [("_save", "Save")]
        fields = [(name, f"Saved {number}" if name == "title" else value) for name, value in fields]
        token = response.headers["Set-Cookie"].partition(";")[0]
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"{self.cookie}; {token}",
            "Referer": f"http://{http_load.HOST}:{self.port}{self.url}",
        }
        start = time.perf_counter()
        response, content = self._request("POST", urlencode(fields), headers)
        self.times.append((time.perf_counter() - start) * 1000)
        if response.status != 302:
            raise RuntimeError(f"{self.url} has status {response.status}")

    def save_until(self, stop):
        """Save once a second until the event is set."""
        number = 0
        while not stop.wait(1):
            number += 1
            self.save(number)


def measure_site(port, size):
    """Print the figures of the site."""
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.test import Client
    from django.urls import reverse

    from catalog.models import Episode

    rng = random.Random(SEED)
    for path in ("/episodes/", "/series/", "/people/"):
        while request_times(port, [path], 1)[0] > 2000:  # the index is being read
            time.sleep(1)
    show("pages requested first, 32 connections", *measure(port, addresses(PAGES_PER_KIND, rng)))
    hot = ["/", "/series/", "/episodes/", "/people/", *addresses(HOT_PAGES_PER_KIND, rng)]
    show("often requested pages, 32 connections", *measure(port, hot, seconds=SECONDS))
    show("often requested pages, 4 connections", *measure(port, hot, 4, SECONDS))
    client = Client()
    client.force_login(User.objects.create_superuser("bench-load"))
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    episode = Episode.objects.order_by("pk")[min(Episode.objects.count() - 1, 3_000)]
    editor = Editor(port, cookie, reverse("admin:catalog_episode_change", args=[episode.pk]))
    stop = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        saving = pool.submit(editor.save_until, stop)
        figures = measure(port, hot, 4, SECONDS)
        stop.set()
        saving.result()
    show("the same with one edit a second", *figures)
    show("saves beside visitors", len(editor.times) / SECONDS, editor.times)
    editor.times.clear()
    for number in range(10):
        editor.save(f"alone {number}")
    show("saves alone", 1000 / percentile(editor.times, 50), editor.times)


def main():
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("S", "M", "L"), default="M")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        set_up_copy(options.size, folder)
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        environment = os.environ | {"LOG_LEVEL": "ERROR"}
        print(f"{'size ' + options.size:44}{'per s':>9}" + "".join(f"{'p' + str(p):>9}" for p in PERCENTILES))
        with http_load.run_server("granian", "bench.bench_site:application", **environment) as port:
            show("hello, 32 connections", *measure(port, ["/hello/"], seconds=5))
        with http_load.run_server("granian", SITE, **environment) as port:
            measure_site(port, options.size)


if __name__ == "__main__":
    main()
