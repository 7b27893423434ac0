"""Visitors beside a flood of wrong passwords: ``python -m bench.logins --size S``.

One worker with 32 threads. Forty connections send wrong passwords, first from one address, then each from an address
of its own at every attempt (127.0.0.0/8, which only Linux accepts without configuration). Prints milliseconds of cached
pages, of pages that nobody requested before, and of an editor's sign-in, which is repeated once a second until it
succeeds; and the answers that the flood got.
"""

import argparse
import http.client
import os
import random
import tempfile
import threading
import time
from collections import Counter
from multiprocessing import get_context
from urllib.parse import urlencode

import django

from bench import http_load
from bench.facets import percentile
from bench.generate import use_copy
from bench.load import SEED, SITE, addresses, request_times

FLOOD_CONNECTIONS = 40
VISITORS = 4
SECONDS = 15
PASSWORD = "bench-password"
EDITOR = ("127.0.0.9", 0)
PERCENTILES = (50, 95, 100)


def login_form(port):
    """(URL of the sign-in form, headers and token of a POST to it)."""
    from django.urls import reverse

    url = reverse("admin:login")
    connection = http.client.HTTPConnection(http_load.HOST, port, timeout=120)
    connection.request("GET", url)
    response = connection.getresponse()
    response.read()
    cookie = response.headers["Set-Cookie"].partition(";")[0]
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    return url, headers, cookie.partition("=")[2]


def sign_in(connection, url, headers, **fields):
    """Status of the answer to one attempt."""
    connection.request("POST", url, urlencode(fields), headers)
    response = connection.getresponse()
    response.read()
    return response.status


def flood(port, form, has_many_addresses, stop):
    """Send wrong passwords until the event is set; the statuses, counted."""
    url, headers, token = form
    statuses: Counter = Counter()

    def send(number):
        rng, connection = random.Random(number), None
        while not stop.is_set():
            if connection is None or has_many_addresses:
                source = f"127.{rng.randrange(1, 255)}.{rng.randrange(255)}.{rng.randrange(1, 255)}"
                address = (source, 0) if has_many_addresses else None
                connection = http.client.HTTPConnection(http_load.HOST, port, timeout=120, source_address=address)
            name = f"name-{rng.randrange(10**6)}"
            try:
                status = sign_in(connection, url, headers, username=name, password="x", csrfmiddlewaretoken=token)
            except OSError:
                status, connection = "not connected", None
            statuses[status] += 1

    threads = [threading.Thread(target=send, args=(number,)) for number in range(FLOOD_CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return dict(statuses)


def editor_times(port, form, seconds):
    """Milliseconds until each sign-in of an editor succeeded, an attempt a second; from an address of its own."""
    url, headers, token = form
    fields = {"username": "bench-editor", "password": PASSWORD, "csrfmiddlewaretoken": token}
    end, times = time.monotonic() + seconds, []
    while time.monotonic() < end:
        start = time.perf_counter()
        while time.monotonic() < end + seconds:
            connection = http.client.HTTPConnection(http_load.HOST, port, timeout=120, source_address=EDITOR)
            if sign_in(connection, url, headers, **fields) == 302:
                break
            time.sleep(1)
        times.append((time.perf_counter() - start) * 1000)
        time.sleep(2)  # below the limit of an address
    return times


def show(name, times):
    """Print a line of figures."""
    print(f"{name:60}" + "".join(f"{percentile(times, p):9.1f}" for p in PERCENTILES) + f"{len(times):7}", flush=True)


def measure(port, form, name, hot, cold):
    """Print the figures of visitors and of an editor."""
    with get_context("spawn").Pool(1) as pool:  # a client in a process of its own
        show(f"cached pages, {name}", pool.apply(request_times, (port, hot, VISITORS, SECONDS)))
        show(f"pages requested first, {name}", pool.apply(request_times, (port, cold, VISITORS)))
        show(f"sign-in of an editor, {name}", pool.apply(editor_times, (port, form, SECONDS)))


def main():
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("S", "M", "L"), default="S")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        use_copy(options.size, folder)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soundtrack_site.settings")
        django.setup()
        from django.contrib.auth.models import User
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        User.objects.create_superuser("bench-editor", password=PASSWORD)
        rng = random.Random(SEED)
        hot, cold = ["/", "/series/", "/episodes/", "/people/"], addresses(60, rng)
        third = len(cold) // 3
        print(f"{'milliseconds':60}" + "".join(f"{'p' + str(p):>9}" for p in PERCENTILES) + f"{'count':>7}")
        with http_load.run_server("granian", SITE, **os.environ, LOG_LEVEL="CRITICAL") as port:
            request_times(port, hot, 1)
            form = login_form(port)
            measure(port, form, "no flood", hot, cold[:third])
            for number, name in enumerate(("flood from one address", "flood from many addresses"), start=1):
                with get_context("spawn").Manager() as manager, get_context("spawn").Pool(1) as pool:
                    stop = manager.Event()
                    statuses = pool.apply_async(flood, (port, form, number == 2, stop))
                    time.sleep(3)
                    measure(port, form, name, hot, cold[number * third : (number + 1) * third])
                    stop.set()
                    print(f"  statuses of the {name}: {statuses.get(60)}", flush=True)


if __name__ == "__main__":
    main()
