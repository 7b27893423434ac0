"""Forms of the desk as an editor fills them in: read from the page, changed, sent."""

import html
import re
from weakref import WeakKeyDictionary

import lxml.html
from django.apps import apps
from django.urls import reverse

from catalog.models import Change


def admin_url(model, page="changelist", *args):
    """The address of a page of the desk of ``model``."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def change_url(record):
    """The address of a record's form."""
    return admin_url(type(record), "change", record.pk)


_read = WeakKeyDictionary()  # client: {(address, who is signed in, where the log stands): what the form holds}


def read_form(client, url):
    """What a form holds as it is opened, as it would be sent back.

    A record's form is opened anew only once something was changed: after a refusal it is the same, at 40 ms each.
    """
    key = url, str(client.cookies.get("sessionid")), Change.objects.version()
    known = _read.setdefault(client, {})
    if key not in known or not url.startswith("/admin/catalog/"):  # accounts are in no log
        response = client.get(url)
        assert response.status_code == 200, url
        known[key] = form_values(response)
    return {name: list(values) for name, values in known[key].items()}


def form_values(response):
    """What the form on a page holds."""
    forms = lxml.html.document_fromstring(response.content.decode()).forms
    form = next(form for form in forms if form.get("id", "")[-5:] == "_form")
    values = {}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value)
    return {name: found for name, found in values.items() if "__prefix__" not in name}


def submit_form(client, url, rows=None, **fields):
    """Open a form, change ``fields``, add ``rows`` ({prefix: [{field: value}]}) and send it."""
    data = read_form(client, url)
    for prefix, new in (rows or {}).items():
        start = int(data[f"{prefix}-TOTAL_FORMS"][0])
        data[f"{prefix}-TOTAL_FORMS"] = [str(start + len(new))]
        for number, row in enumerate(new, start):
            data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return client.post(url, data | fields)


def form_errors(response):
    """The errors that a form shows, as text."""
    assert response.status_code == 200, response.headers.get("Location")
    lists = re.findall(r'<ul class="errorlist[^>]*>(.*?)</ul>', response.content.decode(), re.DOTALL)
    return [html.unescape(re.sub("<[^>]+>", "", item)) for text in lists for item in re.findall("<li>(.*?)</li>", text)]


def was_saved(response):
    """Whether a form was taken."""
    assert response.status_code in (200, 302)
    return response.status_code == 302


def row_counts():
    """How many rows each table of the catalogue has."""
    return {model: model._default_manager.count() for model in apps.get_app_config("catalog").get_models()}


def deletion_data(**fields):
    """What the page that asks whether to delete sends: that it is sure of what it has just shown."""
    return {"post": "yes", "_read_at": str(Change.objects.version())} | fields
