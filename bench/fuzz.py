"""``python -m bench.fuzz --requests 10000``: random requests to every address and form.

They are sent as a visitor, as a user without any right, and as a Contributor, an Editor and an Administrator, who sign
in again whenever a request has ended their session or changed their account.

Runs on the fixture in a new database: a temporary SQLite file, or the one of DATABASE_URL with ``--here`` (for
``script/postgres``). Addresses come from the URLconf; half of their parts, parameters and fields are what the catalogue
has, the others hostile. Forms are read and sent with their token for cross-site requests, most of them with one field
changed as an editor would, the others with some hostile fields; files are those of ``catalog/tests/hostile``.

A failure is status 500 or above, an answer that takes more than two seconds of processor time, and a change of the
catalogue by a visitor, by the user without rights or by a safe method. Request N of a seed is the same in each run, as
far as the catalogue is.
"""

import argparse
import collections
import logging
import os
import random
import resource
import sys
import tempfile
import time
import traceback
from pathlib import Path
from urllib.parse import quote, urlencode

import django
from django.conf import settings

from bench.fuzz_forms import (
    HOSTILE,
    INVENTED_FIELDS,
    TOKEN,
    change_validly,
    clean,
    encoded,
    fill_required,
    form_data,
    largest_form,
)

MAX_SECONDS = 2
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
METHODS = {  # by the one that is sent most
    "GET": ("GET",) * 11 + ("POST",) * 7 + ("HEAD", "OPTIONS", "PUT", "DELETE"),
    "POST": ("GET",) * 6 + ("POST",) * 12 + ("HEAD", "OPTIONS", "PUT", "DELETE"),
}
ROLES = ("Contributor", "Editor", "Administrator")
READERS = ("visitor", "reader")  # who may change nothing
USERS = ("visitor", "visitor", "visitor", "reader", "reader", *ROLES)
PARAMETERS = (
    "q page sort exact as kind find p o e all _popup _to_field _changelist_filters id__in pk published_at__gte term"
    " app_label model_name field_name ids next format year__gte year__lte runtime__gte runtime__lte title__regex state"
).split()
FACETS = (
    "series season director writer cast crew person role genre network country status decade year character with song"
).split()
PARTS = {"name": ("cast", "role", "director"), "collection": ("series", "people"), "section": ("series", "people")}
HEADERS = ("Accept", "Accept-Language", "Range", "If-None-Match", "If-Modified-Since", "Referer", "X-Forwarded-For")
SUFFIXES = ["", "", "", "__all", "__not", "__missing", "__gte", "__regex"]


class Fuzzer:
    """Makes requests, sends them by Django's test client, and counts what went wrong."""

    def __init__(self):
        from django.contrib.auth.models import Group
        from django.test import Client

        from catalog import models
        from catalog.tests.hostile.pictures import PICTURES
        from catalog.tests.hostile.workbooks import WORKBOOKS

        self.clients = {
            user: Client(raise_request_exception=False, enforce_csrf_checks=True) for user in dict.fromkeys(USERS)
        }
        self.permissions = {
            group.name: set(group.permissions.values_list("pk", flat=True)) for group in Group.objects.all()
        }
        sluggable = (models.Series, models.Person, models.Company, models.Character, models.Song, models.Source)
        self.slugs = [slug for model in sluggable for slug in model.objects.values_list("slug", flat=True)[:30]]
        self.files = [create for create, _ in [*PICTURES.values(), *WORKBOOKS.values()]]
        self.templates = address_templates()
        self.pages = [template for template in self.templates if not template[0].startswith("admin/")]
        self.forms = [template for template in self.templates if template[0].endswith(("/change/", "/add/"))]
        self.statuses, self.failures, self.times = collections.Counter(), {}, []
        self.sign_ins, self.writes = collections.Counter(), collections.Counter()

    def value(self, rng):
        """A value: of the catalogue, a small number, or hostile."""
        return rng.choice((rng.choice(self.slugs), str(rng.randrange(1, 30)), rng.choice(HOSTILE)))

    def address(self, user, method, rng):
        """An address of the URLconf with its parts filled in, and often with parameters."""
        templates, counts = self.templates, (0, 0, 1, 2, 5)
        if user == "visitor" and rng.random() < 0.9:
            templates = self.pages
        elif method == "POST" and rng.random() < 0.6:
            templates, counts = self.forms, (0, 0, 0, 1)
        template, names = rng.choice(templates)
        parts = {name: self.part(name, rng) for name in names}
        if "object_id" in parts and rng.random() < 0.8:
            parts["object_id"] = existing_key(template, rng)
        path = "/" + template % parts
        parameters = []
        for _ in range(rng.choice(counts)):
            name = rng.choice((rng.choice(PARAMETERS), rng.choice(FACETS) + rng.choice(SUFFIXES)))
            parameters.append((name if rng.random() < 0.95 else rng.choice(HOSTILE), self.value(rng)))
        query = urlencode([(encoded(name), encoded(value)) for name, value in parameters])
        return f"{path}?{query}" if query else path

    def part(self, name, rng):
        """A part of a path: fitting its name, or hostile."""
        if rng.random() < 0.25:
            return quote(encoded(rng.choice(HOSTILE))[:2_000], safe="")
        if name in ("slug", "other_slug"):
            return rng.choice(self.slugs)
        if name in ("number", "season"):
            return rng.choice(("1", "01", "02", "10"))
        return rng.choice(PARTS.get(name, [str(number) for number in range(1, 20)]))

    def form(self, client, address, rng):
        """(address, data) of a form on a page with some fields changed; invented fields where there is none."""
        form, data = largest_form(client.get(address)), {}
        if form is not None:
            data = form_data(form, rng)
            if form.action and form.action.startswith("/"):
                address = form.action
            if rng.random() < 0.7:
                fill_required(form, data, rng)
                change_validly(form, data, rng)
                return address, data
            for element in form.cssselect("input[type=file][name]"):
                data[element.get("name")] = [self.upload(rng)]
        names = sorted(data) or INVENTED_FIELDS
        for name in rng.sample(names, min(len(names), rng.choice((0, 1, 1, 2, 4)))):
            data[name] = [rng.choice((clean(self.value(rng)), clean(rng.choice(HOSTILE)), self.upload(rng)))]
        if "csrftoken" in client.cookies:
            data.setdefault(TOKEN, [client.cookies["csrftoken"].value])
        return address, data

    def upload(self, rng):
        """A hostile file."""
        from django.core.files.uploadedfile import SimpleUploadedFile

        texts = (b"slug,name\nti-west,\x00\n", b"slug,name,born\nti-west,A,1980\n,B,\n", rng.randbytes(2_000))
        content = rng.choice(self.files)() if rng.random() < 0.5 else rng.choice(texts)
        return SimpleUploadedFile(rng.choice(("a.csv", "a.xlsx", "a.jpg", "a.svg", "../a.html")), content)

    def sign_in(self, name):
        """Sign the user in, unless they are; restore the account and its group if a request has changed them."""
        from django.contrib.auth.models import Group, User

        client = self.clients[name]
        user, _ = User.objects.get_or_create(username=name)
        groups = [name] if name in ROLES else []
        if not (user.is_active and user.is_staff) or user.is_superuser:
            user.is_active, user.is_staff, user.is_superuser = True, True, False
            user.save()
        if sorted(user.groups.values_list("name", flat=True)) != groups or user.user_permissions.exists():
            user.groups.set(Group.objects.get_or_create(name=group)[0] for group in groups)
            user.user_permissions.clear()
        for group in user.groups.all():
            if set(group.permissions.values_list("pk", flat=True)) != self.permissions[group.name]:
                group.permissions.set(self.permissions[group.name])
        session = client.session
        is_same = session.get("_auth_user_hash") == user.get_session_auth_hash()
        if session.get("_auth_user_id") != str(user.pk) or not is_same:
            client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
            self.sign_ins[name] += 1

    def request(self, number, seed):
        """Make and send one request, and record its answer."""
        rng = random.Random(f"{seed} {number}")
        user = rng.choice(USERS)
        method = rng.choice(METHODS["POST" if user in ROLES else "GET"])
        client, address = self.clients[user], self.address(user, method, rng)
        if user != "visitor":
            self.sign_in(user)
        if method == "POST" and "/delete/" in address and rng.random() < 0.9:
            method = "GET"  # so that the catalogue lasts
        data = {}
        if method == "POST":
            address, data = self.form(client, address, rng)
            if user != "visitor":
                self.sign_in(user)  # the page with the form may have ended the session
        headers = {rng.choice(HEADERS): clean(rng.choice(HOSTILE)[:200])}
        state, start, cpu = catalogue_state(), time.perf_counter(), processor_time()
        caught.clear()
        try:
            if method == "POST":
                response = client.post(address, data, headers=headers)
            else:
                response = client.generic(method, address, headers=headers)
            status = response.status_code
            getattr(response, "close", lambda: None)()
        except Exception:  # noqa: BLE001  (an error before or behind Django's own handling)
            status = 599
            caught.append(traceback.format_exc())
        seconds, cpu = time.perf_counter() - start, processor_time() - cpu
        name = f"{number}: {method} {address[:150]} as {user}"
        self.statuses[user, status] += 1
        self.times.append((cpu, seconds, name))
        if status >= 500:
            self.failures[f"status {status}"[:20] + name] = "".join(caught)[-1_500:]
        if cpu > MAX_SECONDS:
            self.failures[f"{cpu:.1f} s of processor time: {name}"] = ""
        if catalogue_state() != state:
            self.writes[user] += 1
            if user in READERS or method in SAFE_METHODS:
                self.failures[f"wrote: {name}"] = ""


caught: list[str] = []


def existing_key(template, rng):
    """The key of a record of the model that the template of an admin address names, "1" if there is none."""
    from django.apps import apps

    app, _, model = template.removeprefix(settings.ADMIN_URL[1:]).partition("/")
    try:
        keys = list(apps.get_model(app, model.partition("/")[0])._base_manager.values_list("pk", flat=True)[:2_000])
    except LookupError:
        keys = []
    return quote(str(rng.choice(keys or [1])), safe="")


def processor_time():
    """Processor seconds of this process and of those that it waited for."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def address_templates():
    """(template, names of its parts) of every address of the URLconf."""
    from django.urls import get_resolver

    def templates(resolver, prefix):
        for name in {key for key in resolver.reverse_dict if isinstance(key, str)}:
            for possibilities, *_ in resolver.reverse_dict.getlist(name):
                for template, names in possibilities:
                    yield prefix + template, names
        for namespace_prefix, inner in resolver.namespace_dict.values():
            yield from templates(inner, prefix + namespace_prefix)

    return sorted({(template, tuple(names)) for template, names in templates(get_resolver(), "")})


def catalogue_state():
    """The version of the catalogue and the number of rows of each table, read by one query."""
    from django.apps import apps
    from django.contrib.auth.models import User
    from django.db import connection

    tables = [model._meta.db_table for model in [*apps.get_app_config("catalog").get_models(), User]]
    with connection.cursor() as cursor:
        counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)
        cursor.execute(f"SELECT (SELECT max(id) FROM catalog_change), {counts}")
        return cursor.fetchone()


def set_up(folder, is_here):
    """Set up Django on a database with the fixture."""
    if not is_here:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/catalogue.sqlite3"
    os.environ |= {"MEDIA_ROOT": f"{folder}/media", "ALLOWED_HOSTS": "testserver"}
    logging.disable(logging.CRITICAL)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soundtrack_site.settings")
    django.setup()
    from django.core.management import call_command
    from django.core.signals import got_request_exception

    settings.STATIC_ROOT = Path(folder) / "static"
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("loaddata", "vocabulary", "soundtrack", "roles", verbosity=0)
    got_request_exception.connect(lambda **kwargs: caught.append(traceback.format_exc()), weak=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first request")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--here", action="store_true", help="use the empty database of DATABASE_URL")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        set_up(folder, options.here)
        fuzzer, start = Fuzzer(), time.perf_counter()
        for number in range(options.first, options.first + options.requests):
            fuzzer.request(number, options.seed)
            if sys.stderr.isatty() and number % 100 == 0:
                print(f"\r{number:,}", end="", file=sys.stderr)
        seconds = time.perf_counter() - start
    print(f"{options.requests:,} requests to {len(fuzzer.templates)} addresses in {seconds:,.0f} s")
    for user in dict.fromkeys(USERS):
        statuses = {status: total for (name, status), total in sorted(fuzzer.statuses.items()) if name == user}
        changes, sign_ins = fuzzer.writes[user], fuzzer.sign_ins[user]
        print(f"{user:<14}{sum(statuses.values()):>7,} requests, {changes:,} writes, {sign_ins:,} sign-ins")
        print("".join(f"  {status}: {total:,}" for status, total in statuses.items()))
    print("slowest (processor time, time):")
    for cpu, wall, name in sorted(fuzzer.times, reverse=True)[:10]:
        print(f"{cpu:6.2f} s {wall:6.2f} s  {name}")
    for name, details in fuzzer.failures.items():
        print(f"FAILED {name}\n{details}")
    print(f"{len(fuzzer.failures)} failures")
    sys.exit(bool(fuzzer.failures))


if __name__ == "__main__":
    main()
