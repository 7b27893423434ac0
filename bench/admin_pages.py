"""Time every page of the admin, the slowest first: ``python -m bench.admin_pages --size M``.

Runs on a copy of the database of that size, in which an episode and a series get 200 credits each and a person 2,000
(fewer where the catalogue is too small). Each page is requested once to warm up and then ``--rounds`` times by Django's
test client. Prints median and worst time in milliseconds, processor time (less than the median if other processes keep
the machine busy), number of queries and kilobytes. Pages over 200 ms are marked with "!".
"""

import argparse
import os
import re
import tempfile
import time
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import NamedTuple

import django

from bench.generate import use_copy

MAX_MEDIAN_MS = 200
CREDITS_PER_OWNER, CREDITS_PER_PERSON = 200, 2000
RECORD_POSITION = 50  # the first records of a generated catalogue have more credits than most
SEARCH_TERM = "an"  # in lists and autocompletes


class Measurement(NamedTuple):
    """Figures of one page; sorts by the median."""

    median_ms: float
    worst_ms: float
    cpu_ms: float
    queries: int
    kilobytes: float
    status: int
    name: str

    def __str__(self):
        mark = "!" if self.median_ms > MAX_MEDIAN_MS else " "
        times = f"{self.median_ms:5.0f} ms, worst {self.worst_ms:5.0f}, processor {self.cpu_ms:5.0f}"
        status = "" if self.status == 200 else f"  status {self.status}"
        return f"{mark} {times}, {self.queries:3} queries, {self.kilobytes:5.0f} kB  {self.name}{status}"


def set_up_on_copy(size, folder):
    """Set up Django on a writable copy, in ``folder``, of the generated database of that size."""
    use_copy(size, folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soundtrack_site.settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.STATIC_ROOT = Path(folder) / "static"
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)


def add_credits(owner):
    """Add credits to an episode or a series until it has ``CREDITS_PER_OWNER``, cast and crew mixed."""
    from catalog.models import Change, Credit, Person, Role

    record_type, roles = owner._meta.model_name, list(Role.objects.all()[:7])
    people = Person.objects.exclude(**{f"credits__{record_type}": owner}).order_by("-pk")
    missing = max(0, CREDITS_PER_OWNER - owner.credits.count())
    Credit.objects.bulk_create(
        Credit(**{record_type: owner}, person=person, role=roles[billing % len(roles)], billing=billing)
        for billing, person in enumerate(people[:missing], 1)
    )
    Change.objects.create(action="changed", kind=record_type, record_id=owner.pk, label=str(owner))


def add_career(person):
    """Credit a person as editor of further episodes, until there are ``CREDITS_PER_PERSON`` credits."""
    from catalog.models import Credit, Episode, Role

    role = Role.objects.get(slug="editor")
    edited = Credit.objects.filter(person=person, role=role, episode__isnull=False).values("episode")
    missing = max(0, CREDITS_PER_PERSON - person.credits.count())
    episodes = Episode.objects.exclude(pk__in=edited)[:missing]
    Credit.objects.bulk_create(Credit(person=person, role=role, episode=episode) for episode in episodes)


def create_large_records():
    """Return an episode, a series and a person with very many credits, by model; also create 500 sources."""
    from catalog.models import Episode, Person, Series, Source

    records = {}
    for model in (Episode, Series, Person):
        position = min(RECORD_POSITION, model.objects.count() - 1)
        records[model] = model.objects.order_by("pk")[position]
    add_credits(records[Episode])
    add_credits(records[Series])
    add_career(records[Person])
    Source.objects.bulk_create(
        Source(title=f"Report {n}", slug=f"report-{n}", url="https://example.org") for n in range(500)
    )
    return records


def admin_url(model, page, *args):
    """URL of an admin page of a model: ``changelist``, ``add``, ``change``, ``history`` or ``delete``."""
    from django.urls import reverse

    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def filter_links(client, model):
    """One link of each filter of a changelist, by the filter's parameter."""
    sidebar = client.get(admin_url(model, "changelist")).content.decode().partition('id="changelist-filter"')[2]
    links = re.findall(r'<a href="(\?([^"=]+)=[^"]+)"', sidebar)
    return {name: link.replace("&amp;", "&") for link, name in links}


def changelist_pages(client, model, model_admin):
    """Yield (name, URL) of a changelist: plain, page 100, searched, sorted by each column, with each filter."""
    base, record_type = admin_url(model, "changelist"), model._meta.model_name
    yield f"{record_type} list", base
    yield f"{record_type} list, page 100", f"{base}?p=100"
    yield f"{record_type} list, search", f"{base}?q={SEARCH_TERM}"
    for column, _ in enumerate(model_admin.list_display, 1):
        yield f"{record_type} list, column {column}", f"{base}?o=-{column}"
    for filter_name, link in filter_links(client, model).items():
        yield f"{record_type} list, {filter_name}", base + link


def admin_pages(client, records, request):
    """Yield (name, URL) of every admin page; ``records`` maps a model to the record to open, else its first is."""
    from django.contrib import admin
    from django.urls import reverse

    yield "start page", reverse("admin:index")
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label != "catalog":
            continue
        yield from changelist_pages(client, model, model_admin)
        record_type, record = model._meta.model_name, records.get(model) or model._default_manager.first()
        if record:
            yield f"{record_type} form", admin_url(model, "change", record.pk)
            yield f"{record_type} history", admin_url(model, "history", record.pk)
        if model_admin.has_add_permission(request):
            yield f"{record_type} add", admin_url(model, "add")
        if record and model_admin.has_delete_permission(request):
            yield f"{record_type} delete", admin_url(model, "delete", record.pk)
        for field in model._meta.fields:
            if field.remote_field and field.related_model in admin.site._registry:
                query = f"?app_label=catalog&model_name={record_type}&field_name={field.name}&term={SEARCH_TERM}"
                yield f"{record_type}.{field.name} autocomplete", reverse("admin:autocomplete") + query


def measure(client, name, url, rounds):
    """Request a page ``rounds`` times, and once more to count its queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(url)
    times, cpu_times = [], []
    for _ in range(rounds):
        start, cpu_start = time.perf_counter(), time.process_time()
        response = client.get(url)
        times.append((time.perf_counter() - start) * 1000)
        cpu_times.append((time.process_time() - cpu_start) * 1000)
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    size = len(response.content) / 1000
    return Measurement(median(times), max(times), median(cpu_times), len(queries), size, response.status_code, name)


def measure_all(only, rounds):
    """Measure the pages whose name contains ``only``, as a superuser."""
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.test import Client, RequestFactory

    import_module("soundtrack_site.wsgi")  # as on the server, which tunes the garbage collector
    settings.ALLOWED_HOSTS = ["testserver"]
    client, request = Client(), RequestFactory().get("/")
    request.user = User.objects.create_superuser("bench")
    client.force_login(request.user)
    pages = admin_pages(client, create_large_records(), request)
    return [measure(client, name, url, rounds) for name, url in pages if only in name]


def main():
    """Print a line for each page; return how many are over ``MAX_MEDIAN_MS``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("S", "M", "L"), default="M")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="", help="measure only pages whose name contains this")
    parser.add_argument("--top", type=int, default=40, help="number of lines; all pages over the limit are printed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        set_up_on_copy(options.size, folder)
        measurements = measure_all(options.only, options.rounds)
    slow = sum(measurement.median_ms > MAX_MEDIAN_MS for measurement in measurements)
    for measurement in sorted(measurements, reverse=True)[: max(slow, options.top)]:
        print(measurement)
    print(f"{len(measurements)} pages, {slow} over {MAX_MEDIAN_MS} ms")
    return slow


if __name__ == "__main__":
    raise SystemExit(1 if main() else 0)
