"""Forms of the admin as an editor uses them: read from the page, changed, submitted."""

import html
import re
from weakref import WeakKeyDictionary

import lxml.html
from django.apps import apps
from django.urls import reverse

from catalog.models import Change


def admin_url(model, page="changelist", *args):
    """The URL of an admin page of ``model``."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def change_url(record):
    """The URL of a record's form."""
    return admin_url(type(record), "change", record.pk)


_read_forms = WeakKeyDictionary()  # client: {(URL, session, version of the change log): values of the form}


def read_form(client, url):
    """The values of a form as it would be submitted unchanged.

    A form is read again only after a change of the catalogue, since reading one takes 40 ms.
    """
    key = url, str(client.cookies.get("sessionid")), Change.objects.version()
    cached = _read_forms.setdefault(client, {})
    if key not in cached or not url.startswith("/admin/catalog/"):  # the change log has no accounts
        response = client.get(url)
        assert response.status_code == 200, url
        cached[key] = form_values(response)
    return {name: list(values) for name, values in cached[key].items()}


def form_values(response):
    """The values of the form on a page."""
    forms = lxml.html.document_fromstring(response.content.decode()).forms
    form = next(form for form in forms if form.get("id", "")[-5:] == "_form")
    values = {}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value)
    return {name: field_values for name, field_values in values.items() if "__prefix__" not in name}


def submit_form(client, url, rows=None, **fields):
    """Read a form, change ``fields``, add ``rows`` ({prefix: [{field: value}]}) and submit it."""
    data = read_form(client, url)
    for prefix, new_rows in (rows or {}).items():
        start = int(data[f"{prefix}-TOTAL_FORMS"][0])
        data[f"{prefix}-TOTAL_FORMS"] = [str(start + len(new_rows))]
        for number, row in enumerate(new_rows, start):
            data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return client.post(url, data | fields)


def confirm(client, url, data=None, **fields):
    """Open the page of a tool that asks first, or run an action that does, and submit its form."""
    page = client.post(url, data) if data else client.get(url)
    return client.post(url, form_values(page) | fields)


def answer_citation_questions(client, response, choice):
    """Submit a form again that asked about citations: with one answer to all questions, and nothing else changed."""
    data = form_values(response)
    names = [name for name in data if name.startswith("_sources-")]
    assert names
    page = html.unescape(response.content.decode())
    for name in names:
        data[name] = re.findall(rf'name="{name}" value="({choice}:[0-9a-f]+)"', page)
        assert data[name], f"{choice} is not offered"
    return client.post(response.wsgi_request.get_full_path(), data)


def form_errors(response):
    """The errors that a form shows, as text."""
    assert response.status_code == 200, response.headers.get("Location")
    lists = re.findall(r'<ul class="errorlist[^>]*>(.*?)</ul>', response.content.decode(), re.DOTALL)
    return [html.unescape(re.sub("<[^>]+>", "", item)) for text in lists for item in re.findall("<li>(.*?)</li>", text)]


def was_saved(response):
    """True if the submitted form was saved."""
    assert response.status_code in (200, 302)
    return response.status_code == 302


def row_counts():
    """The number of rows in each table of the catalogue."""
    return {model: model._default_manager.count() for model in apps.get_app_config("catalog").get_models()}


def deletion_data(**fields):
    """The POST data that confirm a deletion, of a page shown just now."""
    return {"post": "yes", "_read_at": str(Change.objects.version())} | fields
