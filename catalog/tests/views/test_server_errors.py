"""Outages: 503 with Retry-After for visitors, scripts and editors, whose words come back in a form."""

import errno
import json
import logging

import lxml.html
import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import connection
from django.test import Client

from catalog.models import Change, Person, Picture
from catalog.tests import factories as make
from catalog.tests import page_parsing
from catalog.tests.admin.admin_forms import admin_url, change_url, read_form
from catalog.tests.outages import FULL, LOCKED, LOST, WRITES, outage, raising

pytestmark = pytest.mark.django_db
BIOGRAPHY = 'She said "cut" & left.\r\nThen <script>alert(1)</script> she came back.'


@pytest.fixture
def editor(roles):
    """A client with an administrator signed in, which returns error pages and checks CSRF tokens."""
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("ed"))
    return client


@pytest.fixture
def visitor():
    """A client that returns the error page instead of raising the exception."""
    return Client(raise_request_exception=False)


def assert_refused(response, content_type="text/html; charset=utf-8"):
    """Check what all responses during an outage have."""
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert response.headers["Content-Type"] == content_type
    assert "no-store" in response.headers["Cache-Control"]
    assert b"secret" not in response.content
    assert b"10.0.0.7" not in response.content


def returned_form(response):
    """The form with what was posted."""
    assert_refused(response)
    (form,) = page_parsing.parse_page(response).cssselect("main form.unsaved")
    assert form.get("method") == "post"
    return form


def returned_fields(response):
    """(name, value) of its fields."""
    form = returned_form(response)
    return [(field.get("name"), field.get("value")) for field in form.cssselect("input[type=hidden]")]


def send_again(client, response):
    """Press “Try again”."""
    data = {}
    for name, value in returned_fields(response):
        data.setdefault(name, []).append(value.replace("\n", "\r\n"))  # as browsers do
    return client.post(returned_form(response).get("action"), data)


@pytest.mark.parametrize("url", ["/", "/series/", "/series/one/", "/people/?q=love", "/search/?q=x", "/sitemap.xml"])
def test_visitors_get_a_page_that_needs_no_database(visitor, url):
    with outage():
        response = visitor.get(url)
        assert_refused(visitor.head(url))
    assert_refused(response)
    page = page_parsing.parse_page(response)
    assert page_parsing.text(page.cssselect("h1")[0]) == "The catalogue cannot be reached at the moment"
    assert page.cssselect("meta[name=robots]")[0].get("content") == "noindex"
    assert {"/", "/series/"} <= set(page.xpath("//main//a/@href"))


@pytest.mark.parametrize(
    "url", ["/search/suggest?q=ann", "/search/suggest?q=ann&as=list", "/admin/autocomplete/?term=a"]
)
def test_scripts_get_json(visitor, editor, url):
    client = editor if url.startswith("/admin") else visitor
    with outage():
        response = client.get(url)
    assert_refused(response, "application/json")
    assert json.loads(response.content).keys() == {"error"}


def test_the_values_of_a_facet_are_refused_in_a_sentence(visitor):
    with outage():
        response = visitor.get("/episodes/facets/director/?as=block")
    assert_refused(response)
    assert response.content == b'<p class="none">The catalogue cannot be reached at the moment.</p>'


def test_each_refusal_is_one_line_of_the_log_without_a_traceback(visitor, caplog):
    with outage(), caplog.at_level(logging.WARNING, "django.request"):
        visitor.get("/series/")
    (record,) = (record for record in caplog.records if record.name == "django.request")
    assert record.getMessage().startswith("Service Unavailable: GET /series/: the database cannot be reached (no conn")
    assert record.exc_info is None


def test_the_admin_is_refused_and_a_filter_is_not_blamed(editor):
    for url in ("/admin/", admin_url(Person), admin_url(Person) + "?q=ann", "/admin/login/"):
        with outage():
            response = editor.get(url)
        if url != "/admin/login/":
            assert_refused(response)


@pytest.mark.parametrize("error", [LOST, LOCKED, FULL])
def test_an_editors_words_come_back_and_are_saved_by_the_next_attempt(editor, error):
    person = make.person("Ann Lee")
    url, version = change_url(person), Change.objects.version()
    data = read_form(editor, url) | {"name": "Anne Lee", "biography": BIOGRAPHY, "_autosave": "m1abc"}
    with outage(error, WRITES):
        refused = editor.post(url, data)
    assert b"<script>alert" not in refused.content
    assert not any(name.startswith("autosave") for name in refused.cookies)
    fields = returned_fields(refused)
    posted = {name: values if isinstance(values, list) else [values] for name, values in data.items()}
    pairs = [(name, value.replace("\r\n", "\n")) for name, values in posted.items() for value in values]
    assert sorted(fields) == sorted(pairs)
    assert (Person.objects.get().name, Change.objects.version()) == ("Ann Lee", version)
    texts = [element.text_content() for element in page_parsing.parse_page(refused).cssselect("main pre")]
    assert BIOGRAPHY.replace("\r", "") in texts
    saved = send_again(editor, refused)
    assert saved.status_code == 302
    assert (Person.objects.get().name, Person.objects.get().biography) == ("Anne Lee", BIOGRAPHY.replace("\r", ""))
    assert "autosave-m1abc" in saved.cookies


def test_the_words_come_back_when_not_even_the_session_can_be_read(editor):
    url = admin_url(Person, "add")
    data = read_form(editor, url) | {"name": "Bea Ray"}
    with outage():
        refused = editor.post(url, data)
    assert send_again(editor, refused).status_code == 302
    assert Person.objects.get().name == "Bea Ray"


def test_an_action_on_a_list_is_sent_again(editor):
    person = make.person("Ann Lee")
    token = read_form(editor, change_url(person))["csrfmiddlewaretoken"][0]
    data = {"action": "delete_selected", "_selected_action": [str(person.pk)], "csrfmiddlewaretoken": token}
    data |= {"post": "yes", "_read_at": str(Change.objects.version())}
    with outage(LOCKED, WRITES):
        refused = editor.post(admin_url(Person) + "?o=1", data)
    assert returned_form(refused).get("action") == admin_url(Person) + "?o=1"
    assert send_again(editor, refused).status_code == 302
    assert not Person.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_no_success_is_reported_for_a_save_that_failed_at_its_end(editor, monkeypatch):
    url = admin_url(Person, "add")
    data = read_form(editor, url) | {"name": "Bea Ray"}
    monkeypatch.setattr(connection, "_commit", raising(FULL))
    refused = editor.post(url, data)
    monkeypatch.undo()
    assert_refused(refused)
    assert not any(name.startswith("autosave") for name in refused.cookies)
    assert b"was added" not in editor.get("/admin/").content
    assert not Person.objects.exists()
    assert send_again(editor, refused).status_code == 302
    assert b"was added" in editor.get("/admin/").content


def test_passwords_are_never_returned(editor):
    for url, fields in (
        ("/admin/login/", {"username": "ed", "password": "hunter2 hunter2"}),
        (
            "/admin/password_change/",
            {"old_password": "hunter2", "new_password1": "hunter2", "new_password2": "hunter2"},
        ),
        ("/admin/login/second-step/", {"code": "hunter2"}),
        ("/admin/two-step/app/add/", {"code": "hunter2"}),
        (admin_url(User, "add"), {"username": "eva", "password1": "hunter2", "password2": "hunter2"}),
    ):
        token = lxml.html.fromstring(editor.get(admin_url(Person, "add")).content).xpath("//input[1]/@value")[0]
        with outage():
            refused = editor.post(url, fields | {"csrfmiddlewaretoken": token})
        assert_refused(refused)
        assert b"hunter2" not in refused.content
        assert not page_parsing.parse_page(refused).cssselect("form.unsaved")


def test_uploads_are_named_to_be_chosen_again(editor):
    url = admin_url(Person, "add")
    data = read_form(editor, url) | {"name": "Bea Ray", "file": SimpleUploadedFile('a"<b>.png', b"picture")}
    with outage():
        refused = editor.post(url, data)
    (chooser,) = returned_form(refused).cssselect("input[type=file]")
    assert chooser.get("name") == "file"
    assert page_parsing.text(chooser.getparent()) == 'Choose a"<b>.png again'


@pytest.mark.parametrize("method", ["write", "seek"])  # while it is received, and at its end
def test_an_upload_for_which_the_disk_has_no_room_leaves_the_other_fields(editor, settings, monkeypatch, method):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    monkeypatch.setattr(TemporaryUploadedFile, method, raising(OSError(errno.ENOSPC, "No space left on device")))
    url = admin_url(Picture, "add")
    data = {"file": SimpleUploadedFile("cover.png", b"p" * 100), "alt_text": "Two people at a table"}
    refused = editor.post(url, data | {"csrfmiddlewaretoken": read_form(editor, url)["csrfmiddlewaretoken"]})
    assert dict(returned_fields(refused))["alt_text"] == "Two people at a table"
    assert page_parsing.text(returned_form(refused).cssselect("label")[0]) == "Choose cover.png again"


def test_a_form_of_another_site_gets_no_token(editor):
    url = admin_url(Person, "add")
    for token in ("", "x" * 64):
        with outage():
            refused = editor.post(url, {"name": "Evil", "csrfmiddlewaretoken": token})
        if refused.status_code == 503:
            assert dict(returned_fields(refused))["csrfmiddlewaretoken"] == token
            refused = send_again(editor, refused)
        assert refused.status_code == 403
    assert not Person.objects.exists()


def test_what_is_too_large_or_unreadable_is_not_returned(editor):
    url = admin_url(Person, "add")
    data = read_form(editor, url)
    with outage():
        large = editor.post(url, data | {"biography": "word " * 250_000})
        broken = editor.post(url, b"--x\r\n", content_type="multipart/form-data; boundary=x")
    assert_refused(large)
    assert len(large.content) < 20_000
    assert b"Go back in your browser" in large.content
    assert broken.status_code in (400, 403, 503)
