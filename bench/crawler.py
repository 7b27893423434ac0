"""A visitor beside a crawler that follows every link of the lists' facets: ``python -m bench.crawler --size M``.

One worker with 32 threads, with the limits of the settings: FILTERS_PER_MINUTE=0 measures without them. The crawler
has 20 connections from one address and never waits, whatever it is told, or with ``--rate 10`` is slowed down to so
many requests a second, as by a proxy (docs/operations/configuration.md). The visitor opens records and lists with one
selected value, each for the first time, four a second at most. Prints milliseconds of the visitor alone and beside the
crawler, what the crawler was answered, and the memory of the worker.

With ``--addresses 20000``, instead, 100,000 requests for such pages, searches and combinations from so many addresses,
and the worker's memory after the first tenth and at the end.
"""

import argparse
import http.client
import os
import random
import re
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from multiprocessing import get_context
from urllib.parse import urldefrag, urljoin

from bench import http_load
from bench.facets import percentile
from bench.generate import set_up_django
from bench.load import SEED, SITE, addresses
from bench.start import private_megabytes, worker_pids

CONNECTIONS = 20
VISITOR, CRAWLER = ("127.0.0.1", 0), ("127.0.0.2", 0)
VISITOR_PAUSE = 0.25  # seconds between two pages
PERCENTILES = (50, 95, 100)
PAGES_PER_KIND = 400
MAX_LINKS = 300_000  # that the crawler remembers
LISTS = ["/series/", "/episodes/", "/people/"]
LINK = re.compile(r'href="([^"]+)"')
NO_PAGES = ("/static/", "/media/", "/admin/", "/sleeves/", "/sitemap", "/opensearch", "/robots", "/favicon")


def kind_of(url):
    """The kind of a page, by which the crawler's answers are counted."""
    if "/with/" in url:
        return "comparisons of two people"
    return "lists and searches" if "?" in url or "/facets/" in url or url in LISTS else "records"


def get(connection, url, **headers):
    """(status, body) of the answer to a GET."""
    connection.request("GET", url, headers=headers)
    response = connection.getresponse()
    return response.status, response.read()


def unique(url, number):
    """The same page at an address that nobody requested before: it is not cached, and an unknown order is no filter."""
    return f"{url}{'&' if '?' in url else '?'}sort=visit-{number}"


def visit(port, urls, seconds):
    """Milliseconds of each page of a visitor; RuntimeError unless all have status 200."""
    connection = http.client.HTTPConnection(http_load.HOST, port, timeout=120, source_address=VISITOR)
    end, times = time.monotonic() + seconds, []
    while time.monotonic() < end:
        url = unique(urls[len(times) % len(urls)], f"{port}-{end}-{len(times)}")
        start = time.perf_counter()
        http_load.fetch(connection, url)
        times.append((time.perf_counter() - start) * 1000)
        time.sleep(VISITOR_PAUSE)
    return times


class Crawler:
    """Follows links from the lists, in random order, for some seconds; ``rate`` requests a second at most."""

    def __init__(self, port, seconds, rate):
        self.port, self.rate = port, rate
        self.next_time = time.monotonic()
        self.end = self.next_time + seconds
        self.lock, self.rng = threading.Lock(), random.Random(SEED)
        self.links, self.discovered = list(LISTS), set(LISTS)
        self.answers = Counter()

    def wait_for_turn(self):
        """Sleep until the rate allows the next request."""
        if self.rate:
            with self.lock:
                self.next_time = max(self.next_time + 1 / self.rate, time.monotonic())
                seconds = self.next_time - time.monotonic()
            time.sleep(max(0, seconds))

    def next_link(self):
        """A link that was not followed yet, None if there is none at the moment."""
        with self.lock:
            if not self.links:
                return None
            position = self.rng.randrange(len(self.links))
            self.links[position], self.links[-1] = self.links[-1], self.links[position]
            return self.links.pop()

    def add_links(self, url, body):
        """Remember the links of a page."""
        urls = {urldefrag(urljoin(url, unescape(link)))[0] for link in LINK.findall(body.decode())}
        with self.lock:
            new = {link for link in urls - self.discovered if link.startswith("/") and not link.startswith(NO_PAGES)}
            if len(self.discovered) < MAX_LINKS:
                self.discovered |= new
                self.links += sorted(new)

    def crawl(self, _):
        """Follow links over one connection."""
        connection = http.client.HTTPConnection(http_load.HOST, self.port, timeout=120, source_address=CRAWLER)
        while time.monotonic() < self.end:
            self.wait_for_turn()
            if (url := self.next_link()) is None:
                time.sleep(0.1)
                continue
            status, body = get(connection, url)
            self.answers[kind_of(url), status] += 1
            if status == 200:
                self.add_links(url, body)


def crawl(port, seconds, rate):
    """The answers to a crawler, counted by kind of page and status. Its processor time is not the site's."""
    os.nice(5)
    crawler = Crawler(port, seconds, rate)
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(crawler.crawl, range(CONNECTIONS)))
    return dict(crawler.answers)


def worker_memory():
    """Private megabytes of the worker: the largest process below the server."""
    return max(private_megabytes(worker) for server in worker_pids(os.getpid()) for worker in worker_pids(server))


def show(name, times):
    """Print a line of figures; return the p95."""
    print(f"{name:40}" + "".join(f"{percentile(times, p):9.1f}" for p in PERCENTILES) + f"{len(times):7}", flush=True)
    return percentile(times, 95)


def measure_crawler(port, seconds, rate):
    """Print the visitor's figures without and with the crawler, and what the crawler was answered."""
    urls = addresses(PAGES_PER_KIND, random.Random(SEED))
    context = get_context("spawn")
    print(f"{'milliseconds':40}" + "".join(f"{'p' + str(p):>9}" for p in PERCENTILES) + f"{'pages':>7}")
    with context.Pool(2) as pool:
        alone = show("visitor alone", pool.apply(visit, (port, urls[::2], seconds)))
        memory = [worker_memory()]
        crawling = pool.apply_async(crawl, (port, seconds, rate))
        visiting = pool.apply_async(visit, (port, urls[1::2], seconds))
        for _ in range(2):
            visiting.wait(seconds / 2)
            memory.append(worker_memory())
        beside = show("visitor beside the crawler", visiting.get(600))
        answers = crawling.get(600)
    print(f"p95 {beside / alone:.1f} times that without the crawler")
    for (kind, status), total in sorted(answers.items()):
        print(f"  {total:8,} {kind}: status {status}")
    print(f"  {answers.get(('records', 429), 0):8,} records refused")
    print("worker's private memory before, in the middle, at the end: " + ", ".join(f"{mb:.0f} MB" for mb in memory))


def random_urls(total):
    """URLs of records, lists, combinations, searches and suggestions, a fifth each."""
    rng = random.Random(SEED)
    pages = addresses(PAGES_PER_KIND, rng)
    lists = [url for url in pages if "?" in url]
    records = [url for url in pages if "?" not in url]
    for number in range(total):
        url, word = rng.choice(lists), rng.choice(records).strip("/").partition("/")[2][:6]
        yield [
            rng.choice(records),
            url,
            f"{url}&year={rng.randrange(1960, 2030)}",
            f"/search/?q={word}",
            f"/search/suggest?q={word}",
        ][number % 5]


def request_all(port, urls, senders):
    """Request each URL as forwarded for a sender; the statuses, counted."""
    lock, statuses = threading.Lock(), Counter()
    requests = iter(zip(urls, senders, strict=True))

    def request(_):
        connection = http.client.HTTPConnection(http_load.HOST, port, timeout=120)
        while True:
            with lock:
                url, sender = next(requests, (None, None))
            if url is None:
                return
            statuses[get(connection, url, **{"X-Forwarded-For": sender})[0]] += 1

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(request, range(CONNECTIONS)))
    return dict(statuses)


def measure_addresses(port, total, requests):
    """Print the memory of the worker after the first tenth of the requests, and at the end."""
    rng = random.Random(SEED)
    senders = [f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}" for number in range(total)]
    senders = (senders * (requests // total + 1))[:requests]
    rng.shuffle(senders)
    urls, tenth, memory = list(random_urls(requests)), requests // 10, []
    with get_context("spawn").Pool(1) as pool:
        for start in range(0, requests, tenth):
            part = slice(start, start + tenth)
            statuses = pool.apply(request_all, (port, urls[part], senders[part]))
            memory.append(worker_memory())
            print(f"  {start + tenth:8,} requests: {memory[-1]:.0f} MB, statuses {statuses}", flush=True)
    print(f"memory at the end {memory[-1] / memory[0]:.3f} times that after the first {tenth:,} requests")


def main():
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("S", "M", "L"), default="M")
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--rate", type=float, help="requests a second of the crawler at most")
    parser.add_argument("--addresses", type=int, help="so many addresses, which share the requests")
    parser.add_argument("--requests", type=int, default=100_000)
    options = parser.parse_args()
    set_up_django(options.size)
    from django.conf import settings
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)
    environment = os.environ | {name: str(getattr(settings, name)) for name in http_load.NO_LIMITS}
    environment |= {"LOG_LEVEL": "CRITICAL", "TRUSTED_PROXIES": http_load.HOST if options.addresses else ""}
    with http_load.run_server("granian", SITE, **environment) as port:
        connection = http.client.HTTPConnection(http_load.HOST, port, timeout=120)
        for path in LISTS:
            while b"Counts are being prepared" in get(connection, unique(path, "first"))[1]:
                time.sleep(1)
        if options.addresses:
            measure_addresses(port, options.addresses, options.requests)
        else:
            measure_crawler(port, options.seconds, options.rate)


if __name__ == "__main__":
    main()
