"""Readers and an editor beside a migration: ``python -m bench.migrations --size S``.

On a copy of the database, or the empty one that DATABASE_URL names. A server goes on with the present code while these
are applied as those of a new version would be: a column that may be null, one with a default of the database (SQLite
builds the table anew), an index, a change of every row. Prints for each what it took and what the others met meanwhile.
"""

import argparse
import http.client
import os
import random
import tempfile
import threading
import time
from collections import Counter

import django

from bench import http_load
from bench.generate import set_up_django, use_copy
from bench.load import SEED, SITE, Editor, addresses

READERS = 4
PAGES_PER_KIND = 20
PAUSE_SECONDS = 2  # before each operation
NAME = "9999_bench"


class Meeting:
    """What readers and the editor met since the last report."""

    def __init__(self):
        self.lock = threading.Lock()
        self.reset()

    def reset(self):
        """Begin anew."""
        self.counts, self.longest = Counter(), Counter()

    def note(self, who, outcome, seconds):
        """Count an outcome of a request."""
        with self.lock:
            self.counts[who, outcome] += 1
            self.longest[who] = max(self.longest[who], seconds)

    def report(self):
        """The counts as text, and begin anew."""
        with self.lock:
            parts = [f"{count} {who}: {outcome}" for (who, outcome), count in sorted(self.counts.items())]
            parts += [f"longest of {who} {1000 * seconds:.0f} ms" for who, seconds in sorted(self.longest.items())]
            self.reset()
        return "; ".join(parts)


def read_until(stop, port, urls, meeting):
    """Request pages one after the other."""
    rng = random.Random()
    while not stop.is_set():
        start = time.perf_counter()
        try:
            connection = http.client.HTTPConnection(http_load.HOST, port, timeout=120)
            connection.request("GET", rng.choice(urls))
            response = connection.getresponse()
            response.read()
            outcome = response.status
        except OSError as error:
            outcome = type(error).__name__
        meeting.note("pages", outcome, time.perf_counter() - start)


def save_until(stop, editor, meeting):
    """Save a form over and over."""
    number = 0
    while not stop.wait(0.1):
        number += 1
        start = time.perf_counter()
        try:
            editor.save(number)
            outcome = "saved"
        except (RuntimeError, OSError, KeyError, TypeError) as error:
            outcome = f"{type(error).__name__} {error}"
        meeting.note("saves", outcome, time.perf_counter() - start)


def operations():
    """(description, operation of a migration)."""
    from django.db import migrations, models

    def change_every_row(apps, schema_editor):
        apps.get_model("catalog", "Episode").objects.update(bench_number=models.F("bench_number") + 1)

    number = models.IntegerField(db_default=0)
    index = models.Index(fields=["person", "bench_number"], name="bench_index")
    yield "a column that may be null", migrations.AddField("episode", "bench_note", models.TextField(null=True))
    yield "a column with a default", migrations.AddField("episode", "bench_number", number)
    yield "a column with a default", migrations.AddField("credit", "bench_number", number)
    yield "an index", migrations.AddIndex("credit", index)
    yield "a change of every row", migrations.RunPython(change_every_row)


def apply_beside(meeting):
    """Apply the operations; they are not in the project, so this database is ahead of the code afterwards."""
    from django.db import connection, migrations
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.recorder import MigrationRecorder

    state = MigrationExecutor(connection).loader.project_state()
    for description, operation in operations():
        time.sleep(PAUSE_SECONDS)
        print(f"before:  {meeting.report()}", flush=True)
        migration = migrations.Migration(NAME, "catalog")
        migration.operations = [operation]
        start = time.perf_counter()
        with connection.schema_editor(atomic=True) as editor:
            state = migration.apply(state, editor)
        seconds = time.perf_counter() - start
        label = f"{description} ({getattr(operation, 'model_name', 'episode')})"
        print(f"{label}, {seconds:.2f} s: {meeting.report()}", flush=True)
    MigrationRecorder(connection).record_applied("catalog", NAME)


def measure(port):
    """Run readers, an editor and the migrations."""
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.test import Client
    from django.urls import reverse

    from catalog.models import Episode

    client = Client()
    client.force_login(User.objects.create_superuser("bench-migrations"))
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    episode = Episode.objects.order_by("pk").first()
    editor = Editor(port, cookie, reverse("admin:catalog_episode_change", args=[episode.pk]))
    meeting, stop = Meeting(), threading.Event()
    urls = ["/", "/series/", "/episodes/", "/people/", *addresses(PAGES_PER_KIND, random.Random(SEED))]
    threads = [threading.Thread(target=read_until, args=(stop, port, urls, meeting)) for _ in range(READERS)]
    threads.append(threading.Thread(target=save_until, args=(stop, editor, meeting)))
    for thread in threads:
        thread.start()
    try:
        apply_beside(meeting)
        time.sleep(PAUSE_SECONDS)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    print(f"after:   {meeting.report()}")
    connection = http.client.HTTPConnection(http_load.HOST, port, timeout=30)
    connection.request("GET", "/readyz")
    print(f"/readyz of the server, whose database is ahead of it: {connection.getresponse().status}")


def main():
    """Print what each operation took, and what readers and the editor met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("S", "M"), default="S")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if os.environ.get("DATABASE_URL"):
            set_up_django(options.size)
        else:
            use_copy(options.size, folder)
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soundtrack_site.settings")
            django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        with http_load.run_server("granian", SITE, **os.environ, LOG_LEVEL="ERROR") as port:
            measure(port)


if __name__ == "__main__":
    main()
