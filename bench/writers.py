"""Readers beside editors who save all the time: ``python -m bench.writers --size M``.

One worker as ``script/server`` starts it, or ``--workers 2``, on a copy of the database (or on that of DATABASE_URL).
Fifty readers open pages over kept connections and pause between two of them, two seconds on average: home and lists,
lists with one selected value, records that many read, and as many that nobody opened before. They have a browser's
cache, so they send ETags. Each has an address of its own in 127.0.0.0/8, which only Linux accepts without
configuration. Eight signed-in editors open the form of a record, change its text, at every second time its title or
name too, and save it, again and again without a pause; the records are among those that many read.

Phases in one run: readers alone, readers and editors, readers alone. Prints milliseconds of the readers by phase, the
ratio of their p95 with editors to that without, the saves, answers with other statuses than 200, 302 and 304, and the
processor seconds of server, readers and editors, which share the machine.
"""

import argparse
import http.client
import os
import random
import re
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from html import unescape
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import urlencode

from bench import http_load
from bench.facets import percentile
from bench.generate import set_up_copy
from bench.load import SEED, SITE
from bench.start import worker_pids

READERS, EDITORS = 50, 8
PERCENTILES = (50, 95, 99, 100)
EXPECTED_STATUSES = {200, 302, 304}
POPULAR_RECORDS = 8  # of each kind, which many read
EDITED_KINDS = {  # and the fields of their text and title
    "episode": ("synopsis", "title"),
    "person": ("biography", "name"),
    "series": ("premise", "title"),
    "company": ("description", "name"),
}
LISTS = ["/", "/", "/series/", "/episodes/", "/people/"]
FACET_LINK = re.compile(r'href="(/(?:episodes|series|people)/\?[^"&]+)"')


def records_of(model, keys):
    """Records with these keys, for links."""
    manager = model.objects.for_links() if hasattr(model.objects, "for_links") else model.objects.all()
    return list(manager.filter(pk__in=keys))


def reader_pages(port, rng):
    """(groups of addresses that many read, addresses of other records of all kinds in random order)."""
    from catalog.models import Company, Episode, Person, Season, Series

    popular, others = [], []
    for model in (Series, Season, Episode, Person, Company):
        last = model.objects.order_by("-pk").first().pk
        popular += [record.get_absolute_url() for record in records_of(model, range(1, POPULAR_RECORDS + 1))]
        keys = rng.sample(range(POPULAR_RECORDS + 1, last + 1), max(0, min(2_000, last - POPULAR_RECORDS)))
        others += [record.get_absolute_url() for record in records_of(model, keys)]
    rng.shuffle(others)
    connection = http.client.HTTPConnection(http_load.HOST, port, timeout=120)
    links = {link for path in LISTS for link in FACET_LINK.findall(http_load.fetch(connection, path).decode())}
    return [LISTS, sorted(map(unescape, links)), popular], others


class Readers:
    """Readers who open pages for some seconds."""

    def __init__(self, port, pages, seconds, think_seconds):
        self.port, (self.groups, others) = port, pages
        self.others, self.lock = iter(others), threading.Lock()
        self.think_seconds, self.end = think_seconds, time.monotonic() + seconds
        self.times, self.statuses = [], Counter()

    def next_url(self, rng):
        """An address: half of the records are those that many read."""
        group = rng.choice([*self.groups, None])
        if group:
            return rng.choice(group)
        with self.lock:
            return next(self.others, None) or rng.choice(self.groups[-1])

    def read(self, number):
        """One reader."""
        rng, tags = random.Random(f"{SEED} {number}"), {}
        address = (f"127.0.1.{number + 1}", 0)
        connection = http.client.HTTPConnection(http_load.HOST, self.port, timeout=120, source_address=address)
        if self.think_seconds:
            time.sleep(rng.random() * self.think_seconds)
        while time.monotonic() < self.end:
            url = self.next_url(rng)
            headers = {"Accept-Encoding": "gzip"} | ({"If-None-Match": tags[url]} if url in tags else {})
            start = time.perf_counter()
            connection.request("GET", url, headers=headers)
            response = connection.getresponse()
            response.read()
            self.times.append((time.perf_counter() - start) * 1000)
            self.statuses[response.status] += 1
            tags[url] = response.headers.get("ETag", "")
            if self.think_seconds:
                time.sleep(rng.expovariate(1 / self.think_seconds))


def read(port, pages, seconds, think_seconds, readers):
    """(milliseconds of each page, statuses, processor seconds) of readers in this process."""
    start, everybody = time.process_time(), Readers(port, pages, seconds, think_seconds)
    with ThreadPoolExecutor(readers) as pool:
        list(pool.map(everybody.read, range(readers)))
    return everybody.times, everybody.statuses, time.process_time() - start


class Editor:
    """Opens the form of a record, changes its text and saves it."""

    def __init__(self, port, number, cookie, kind, url):
        self.port, self.number, self.cookie, self.kind, self.url = port, number, cookie, kind, url
        address = (f"127.0.2.{number + 1}", 0)
        self.connection = http.client.HTTPConnection(http_load.HOST, port, timeout=120, source_address=address)
        self.times, self.statuses, self.errors = {"GET": [], "POST": []}, Counter(), []

    def request(self, method, body=None, **headers):
        """(response, body)."""
        start = time.perf_counter()
        self.connection.request(method, self.url, body, {"Cookie": self.cookie} | headers)
        response = self.connection.getresponse()
        content = response.read()
        self.times[method].append((time.perf_counter() - start) * 1000)
        self.statuses[response.status] += 1
        return response, content

    def save(self, number):
        """Open the form, change it and save; False if the form came back with an error."""
        from lxml import html

        response, content = self.request("GET")
        if response.status != 200:
            return False
        form = html.fromstring(content).get_element_by_id(f"{self.kind}_form")
        changed, new_text = EDITED_KINDS[self.kind][: 1 + number % 2], f"Text {number} of {self.number}"
        fields = [(name, new_text if name in changed else value) for name, value in form.form_values()]
        token = response.headers["Set-Cookie"].partition(";")[0]
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"{self.cookie}; {token}",
            "Referer": f"http://{http_load.HOST}:{self.port}{self.url}",
        }
        response, content = self.request("POST", urlencode([*fields, ("_continue", "1")]), **headers)
        if response.status == 200:
            errors = html.fromstring(content).cssselect(".errorlist, .errornote")
            self.errors += [f"{self.url}: {error.text_content().strip()}" for error in errors]
        return response.status == 302


def edit(port, forms, seconds, think_seconds):
    """(saves, errors of forms, milliseconds by method, statuses, processor seconds) of editors in this process."""
    os.nice(5)  # their parsing of forms is not the site's work
    start, end = time.process_time(), time.monotonic() + seconds
    editors, saves = [Editor(port, *form) for form in forms], Counter()

    def save_all(editor):
        number = 0
        while time.monotonic() < end:
            number += 1
            saves[editor.save(number)] += 1
            time.sleep(think_seconds)

    with ThreadPoolExecutor(len(editors)) as pool:
        list(pool.map(save_all, editors))
    times = {method: [time for editor in editors for time in editor.times[method]] for method in ("GET", "POST")}
    statuses = sum((editor.statuses for editor in editors), Counter())
    errors = [error for editor in editors for error in editor.errors]
    return saves[True], errors, times, statuses, time.process_time() - start


def editor_forms(total):
    """(number, session cookie, kind, address of the form) for each of so many new editors, records that many read."""
    from django.apps import apps
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.test import Client
    from django.urls import reverse

    from catalog.models import Citation

    kinds, forms = list(EDITED_KINDS), []
    for number in range(total):
        client, kind = Client(), kinds[number % len(kinds)]
        client.force_login(User.objects.create_superuser(f"bench-writer-{number}-{time.time_ns()}"))
        cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        cited = Citation.objects.filter(**{f"{kind}__isnull": False}).values(kind)  # their forms ask what sources say
        records = apps.get_model("catalog", kind).objects.exclude(pk__in=cited).order_by("pk")
        key = records[number // len(kinds)].pk
        forms.append((number, cookie, kind, reverse(f"admin:catalog_{kind}_change", args=[key])))
    return forms


def processor_seconds():
    """Processor seconds that the workers have used so far."""
    ticks = 0
    for server in worker_pids(os.getpid()):
        for worker in worker_pids(server):
            fields = Path(f"/proc/{worker}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def show(name, seconds, times):
    """Print a line of figures; return the p95."""
    figures = "".join(f"{percentile(times, p):9.1f}" for p in PERCENTILES)
    print(f"{name:36}{len(times) / seconds:9.1f}{figures}", flush=True)
    return percentile(times, 95)


def measure(port, admin_port, options):
    """Print the figures of the phases. Readers ask at ``port``, editors at ``admin_port``."""
    rng = random.Random(SEED)
    groups, others = reader_pages(port, rng)
    forms = editor_forms(options.editors)
    print(f"{'milliseconds':36}{'per s':>9}" + "".join(f"{'p' + str(p):>9}" for p in PERCENTILES))
    all_times, statuses, third = {False: [], True: []}, Counter(), len(others) // 3
    with get_context("spawn").Pool(2) as pool:
        read_options = (options.seconds, options.think, options.readers)
        pool.apply(read, (port, (groups, []), 3, 0, 4))  # so that the pages that many read are cached
        for phase, with_editors in enumerate((False, True, False)):
            used = processor_seconds()
            pages = groups, others[phase * third : (phase + 1) * third]
            reading = pool.apply_async(read, (port, pages, *read_options))
            if with_editors:
                editing = pool.apply_async(edit, (admin_port, forms, options.seconds, options.editor_think))
                saves, errors, editor_times, editor_statuses, editors_used = editing.get()
            times, phase_statuses, readers_used = reading.get()
            all_times[with_editors] += times
            statuses += phase_statuses
            show("readers and editors" if with_editors else "readers alone", options.seconds, times)
            used = processor_seconds() - used
            line = f"  processor seconds: server {used:.1f}, readers {readers_used:.1f}"
            if with_editors:
                show("  editors, forms", options.seconds, editor_times["GET"])
                show("  editors, saves", options.seconds, editor_times["POST"])
                line += f", editors {editors_used:.1f}"
            print(line, flush=True)
    ratio = percentile(all_times[True], 95) / percentile(all_times[False], 95)
    print(f"p95 of the readers with editors {ratio:.2f} times that without")
    print(f"{saves} saves ({saves / options.seconds:.1f} a second), {len(errors)} errors of forms {errors[:3]}")
    wrong = {status: total for status, total in (statuses + editor_statuses).items() if status not in EXPECTED_STATUSES}
    print(f"Statuses of readers {dict(statuses)}, of editors {dict(editor_statuses)}; errors: {wrong or 'none'}")


def main():
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("M", "L"), default="M")
    parser.add_argument("--seconds", type=int, default=60, help="of each phase")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--admin-server", action="store_true", help="a second server, which editors use")
    parser.add_argument("--readers", type=int, default=READERS)
    parser.add_argument("--editors", type=int, default=EDITORS)
    parser.add_argument("--think", type=float, default=2, help="mean seconds between two pages of a reader; 0 for none")
    parser.add_argument("--editor-think", type=float, default=0, help="seconds between two saves of an editor")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        set_up_copy(options.size, folder)
        from django.core.management import call_command

        from bench.generate import generate, has_series

        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        if not has_series():
            generate(options.size)
        from django.conf import settings

        environment = os.environ | {name: str(getattr(settings, name)) for name in http_load.NO_LIMITS}
        environment["LOG_LEVEL"] = "ERROR"
        with http_load.run_server("granian", SITE, workers=options.workers, **environment) as port:
            connection = http.client.HTTPConnection(http_load.HOST, port, timeout=120)
            for path in LISTS:
                while b"Counts are being prepared" in http_load.fetch(connection, f"{path}?first={time.time_ns()}"):
                    time.sleep(1)
            admin_server = http_load.run_server("granian", SITE, **environment) if options.admin_server else None
            with admin_server or nullcontext(port) as admin_port:
                measure(port, admin_port, options)


if __name__ == "__main__":
    main()
