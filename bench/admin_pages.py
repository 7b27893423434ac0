"""``python -m bench.admin_pages --size M``: every page of the desk as an editor opens it, the slowest first.

On a copy of the file, with an episode and a series of 200 credits each and a person of 2,000. Each page is asked
once to be warm and then ``--rounds`` times, through the whole of Django by its test client: median and worst in
milliseconds (over 200 with a mark), what the processor worked (less than the median where the machine is busy with
something else), queries and kilobytes.
"""

import argparse
import os
import re
import shutil
import tempfile
import time
from importlib import import_module
from pathlib import Path
from statistics import median

import django

from bench.generate import ROOT

GOAL = 200  # milliseconds
CREDITS, CAREER = 200, 2000
TERM = "an"  # looked for in lists and autocompletes


def on_a_copy(size, folder):
    """Set Django up on a copy of the catalogue of that size, so that it can be written to."""
    made = ROOT / "var" / f"bench-{size}.sqlite3"
    if not made.exists():
        raise SystemExit(f"First: python -m bench.generate --size {size}")
    copy = Path(folder) / "catalogue.sqlite3"
    shutil.copy(made, copy)
    os.environ["DATABASE_URL"] = f"sqlite:///{copy}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soundtrack_site.settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.STATIC_ROOT = Path(folder) / "static"
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)


def credited(owner, total, start):
    """Credits of ``owner`` until it has so many, as an index page of a real one has them: cast and crew mixed."""
    from catalog.models import Change, Credit, Person, Role

    name, roles = owner._meta.model_name, list(Role.objects.all()[:7])
    people = Person.objects.filter(pk__gte=start).order_by("pk")[: total - owner.credits.count()]
    made = [
        Credit(**{name: owner}, person=person, role=roles[place % len(roles)], billing=place)
        for place, person in enumerate(people, 1)
    ]
    Credit.objects.bulk_create(made)
    Change.objects.create(action="changed", kind=name, record_id=owner.pk, label=str(owner))


def grown():
    """The records that are hard on the desk, by name."""
    from catalog.models import Credit, Episode, Person, Role, Series, Source

    episode, series, person = (model.objects.order_by("pk")[50] for model in (Episode, Series, Person))
    credited(episode, CREDITS, 1000)
    credited(series, CREDITS, 2000)
    role = Role.objects.get(slug="editor")
    there = Credit.objects.filter(person=person, role=role).values("episode")
    episodes = Episode.objects.exclude(pk__in=there)[: CAREER - person.credits.count()]
    Credit.objects.bulk_create(Credit(person=person, role=role, episode=of) for of in episodes)
    Source.objects.bulk_create(
        Source(title=f"Report {n}", slug=f"report-{n}", url="https://example.org") for n in range(500)
    )
    return {Episode: episode, Series: series, Person: person}


def address(model, page, *args):
    """The address of a page of the desk."""
    from django.urls import reverse

    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def filters(client, model):
    """One link of each filter of a list."""
    side = client.get(address(model, "changelist")).content.decode().partition('id="changelist-filter"')[2]
    links = re.findall(r'<a href="(\?([^"=]+)=[^"]+)"', side)
    return {name: link.replace("&amp;", "&") for link, name in links}


def lists_of(client, model, desk):
    """(what, address) of a list in all its ways: sorted, searched, filtered, a page far behind."""
    base, name = address(model, "changelist"), model._meta.model_name
    yield f"{name} list", base
    yield f"{name} list, page 100", f"{base}?p=100"
    yield f"{name} list, search", f"{base}?q={TERM}"
    for place, _ in enumerate(desk.list_display, 1):
        yield f"{name} list, column {place}", f"{base}?o=-{place}"
    for filter_name, link in filters(client, model).items():
        yield f"{name} list, {filter_name}", base + link


def pages(client, records, request):
    """(what, address) of every page."""
    from django.contrib import admin
    from django.urls import reverse

    yield "start page", reverse("admin:index")
    for model, desk in admin.site._registry.items():
        if model._meta.app_label != "catalog":
            continue
        yield from lists_of(client, model, desk)
        name, record = model._meta.model_name, records.get(model) or model._default_manager.first()
        if record:
            yield f"{name} form", address(model, "change", record.pk)
            yield f"{name} history", address(model, "history", record.pk)
        if desk.has_add_permission(request):
            yield f"{name} add", address(model, "add")
        if record and desk.has_delete_permission(request):
            yield f"{name} delete", address(model, "delete", record.pk)
        for field in model._meta.fields:
            if field.remote_field and field.related_model in admin.site._registry:
                query = f"?app_label=catalog&model_name={name}&field_name={field.name}&term={TERM}"
                yield f"{name}.{field.name} autocomplete", reverse("admin:autocomplete") + query


def measured(client, url, rounds):
    """(median, worst, processor time, queries, kilobytes, status) of a page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(url)
    times, worked = [], []
    for _ in range(rounds):
        start, began = time.perf_counter(), time.process_time()
        answer = client.get(url)
        times.append((time.perf_counter() - start) * 1000)
        worked.append((time.process_time() - began) * 1000)
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return median(times), max(times), median(worked), len(captured), len(answer.content) / 1000, answer.status_code


def main():
    """Print a line for each page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("S", "M", "L"), default="M")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="", help="measure pages whose name holds this")
    parser.add_argument("--top", type=int, default=40, help="how many lines; those over the goal are all shown")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        on_a_copy(given.size, folder)
        from django.conf import settings
        from django.contrib.auth.models import User
        from django.test import Client, RequestFactory

        import_module("soundtrack_site.wsgi")  # what the server loads, and how it has garbage looked for

        settings.ALLOWED_HOSTS = ["testserver"]
        client, request = Client(), RequestFactory().get("/")
        request.user = User.objects.create_superuser("bench")
        client.force_login(request.user)
        found = [
            (*measured(client, url, given.rounds), what)
            for what, url in pages(client, grown(), request)
            if given.only in what
        ]
    over = sum(line[0] > GOAL for line in found)
    for middle, worst, worked, queries, size, status, what in sorted(found, reverse=True)[: max(over, given.top)]:
        mark = "!" if middle > GOAL else " "
        told = "" if status == 200 else f"  answers {status}"
        times = f"{middle:5.0f} ms, worst {worst:5.0f}, processor {worked:5.0f}"
        print(f"{mark} {times}, {queries:3} queries, {size:5.0f} kB  {what}{told}")
    print(f"{len(found)} pages, {over} over {GOAL} ms")
    return over


if __name__ == "__main__":
    raise SystemExit(1 if main() else 0)
