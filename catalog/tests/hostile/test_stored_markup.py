"""Markup stored in every text field is text on every page, in the admin, in previews and in exports."""

import contextlib
import csv
import io

import lxml.html
import pytest
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.db import IntegrityError, models, transaction

from catalog.models import Change, Edit, Episode, FormerSlug, Person, Picture, record_edit
from catalog.models.partial_date import PartialDateField
from catalog.tests.admin.admin_forms import admin_url
from catalog.tests.test_every_admin_page import ONE_MORE
from catalog.tests.test_every_admin_page_is_valid import answers, tool_pages
from catalog.tests.test_every_page import PAGES, RECORDS, example_url

pytestmark = pytest.mark.django_db
TAG = "x-markup"
MARKUP = f"<{TAG} onfocus=alert(1)>\"'</script><img src=x onerror=alert(1)>{{{{7*7}}}}{{% x %}}javascript:alert(1)"
SHORT = f"\"'><{TAG}>"
ADDRESS = f"https://example.org/\"'><{TAG} onfocus=alert(1)>"  # a constraint refuses javascript:
LOGS = (Change, Edit, FormerSlug)  # they hold what the fields of others had
MIN_LENGTH = 4  # of a field; codes of languages and countries are shorter
MAX_ROWS = 12  # of a model that get markup
ADDRESS_ATTRIBUTES = ("href", "src", "action", "formaction", "srcdoc", "data", "poster")


def text_fields(model):
    """The fields that may hold any text: no dates, keys for addresses, or choices."""
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField) and (field.max_length or 999) >= MIN_LENGTH
        is_limited = isinstance(field, models.SlugField | models.FileField | PartialDateField) or field.choices
        if is_text and not is_limited and field.name not in ("sort_key", "sha256"):
            yield field


def store_markup(user):
    """Save markup in every text field of the catalogue, as an edit; return the names of the fields."""
    filled = set()
    with record_edit(user, MARKUP):
        for model in apps.get_app_config("catalog").get_models():
            fields = list(text_fields(model)) if model not in LOGS else []
            for record in model._default_manager.order_by("pk")[: MAX_ROWS if fields else 0]:
                for field in fields:
                    text = f"{ADDRESS if isinstance(field, models.URLField) else MARKUP}{record.pk}"
                    is_short = field.max_length and field.max_length < len(text)
                    setattr(record, field.name, f"{SHORT}{record.pk}"[: field.max_length] if is_short else text)
                    filled.add(f"{model.__name__}.{field.name}")
                record.save()
    return filled


def find_harm(content):
    """What of the markup became an element, an attribute that runs, or an address."""
    for element in lxml.html.document_fromstring(content).iter(lxml.html.etree.Element):
        if element.tag == TAG or element.get("src") == "x":
            yield f"element {element.tag}"
        for name, value in element.attrib.items():
            if name.startswith("on") or TAG in name:
                yield f"attribute {name} of {element.tag}"
            if name in ADDRESS_ATTRIBUTES and value.strip().lower().startswith(("javascript:", "data:text")):
                yield f"address {value[:30]} of {element.tag}"


def check(response, name):
    """True if a response shows the markup; fails if it is anything but text."""
    assert response.status_code == 200, name
    content = response.content.decode()
    assert list(find_harm(content)) == [], name
    return f"&lt;{TAG}" in content or f"\\u003C{TAG}" in content


@pytest.fixture
def markup(soundtrack, editor):
    """A catalogue in which every text field holds markup."""
    for model, create in ONE_MORE.items():
        if model._meta.app_label == "catalog":
            with contextlib.suppress(IntegrityError), transaction.atomic():  # a code that the vocabulary has
                create()
    fields = store_markup(editor)
    assert len(fields) >= 60, sorted(fields)
    call_command("rebuild_search", verbosity=0)


def test_harm_is_recognised():
    for content in (MARKUP, f'<a href="{ADDRESS}">', f"<input value='{SHORT}'>", '<p onclick="x()">'):
        assert list(find_harm(f"<html><body>{content}")), content
    assert not list(find_harm('<p title="&lt;x-markup onfocus=alert(1)&gt;">&lt;img src=x&gt;'))


def test_visitors_pages_show_stored_markup_as_text(markup, client):
    paths = [
        *map(example_url, PAGES),
        f"/search/?q={TAG}",
        f"/episodes/?q={TAG}",
    ]
    showing = {path for path in paths if check(client.get(path), path)}
    assert showing >= {example_url(name) for name in (*RECORDS, "home", "episode-list", "person-list")}, sorted(showing)
    assert TAG.encode() not in client.get("/sitemap-series.xml").content
    for parameters in ({}, {"as": "list"}):
        suggestions = client.get("/search/suggest", {"q": TAG, **parameters})
        assert TAG in str(suggestions.json())
        assert suggestions.headers["Content-Type"] in ("application/json", "application/x-suggestions+json")
        assert suggestions.headers["X-Content-Type-Options"] == "nosniff"


def test_lists_forms_histories_and_deletions_of_the_admin_show_it_as_text(markup, admin_client):
    showing = 0
    for model in ONE_MORE:
        record = model._default_manager.order_by("pk").last()
        if record is None:
            continue  # groups
        pages = [admin_url(model), admin_url(model, "change", record.pk), admin_url(model, "history", record.pk)]
        if model not in LOGS:
            pages += [admin_url(model, "delete", record.pk)]
        for page in pages:
            showing += check(admin_client.get(page, follow=True), page)
    assert showing > 50


def test_tools_and_previews_of_the_admin_show_it_as_text(markup, admin_client, editor):
    episode = Episode.objects.order_by("pk").first()
    for name, url in tool_pages(episode, editor).items():
        check(admin_client.get(url), name)
    previews = answers(admin_client, episode)
    showing = {name for name, response in previews.items() if response.status_code == 200 and check(response, name)}
    assert showing >= {"form-errors", "cite-many", "set-role", "delete-selected", "conflict"}, sorted(showing)


def test_exports_and_dry_runs_have_it_as_text(markup, admin_client):
    for model, model_admin in admin.site._registry.items():
        if getattr(model_admin, "table_schema", None) is None or model in LOGS:
            continue
        exported = admin_client.post(admin_url(model, "export"), {"format": "0"})
        assert exported.headers["Content-Type"].startswith("text/csv"), model
        assert exported.headers["Content-Disposition"].startswith("attachment"), model
        rows = list(csv.reader(io.StringIO(exported.content.decode("utf-8-sig"))))
        assert not any(cell[:1] in ("=", "+", "-", "@") for row in rows for cell in row), model
        upload = io.BytesIO(exported.content)
        upload.name = "list.csv"
        check(admin_client.post(admin_url(model, "import"), {"import_file": upload}), model)
    assert Person.objects.filter(name__contains=TAG).exists()
    assert Picture.objects.filter(alt_text__contains=TAG).exists()
