"""What follows from signing in: a new session, an entry in the log; and the rules of passwords."""

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from catalog.tests import page_parsing
from catalog.tests.admin.sign_ins import LOGIN, NOON, attempt, statuses
from soundtrack_site.sign_in_log import models
from soundtrack_site.sign_in_log.models import SignIn


def test_signing_in_changes_the_session_and_the_token(client, editor):
    """A session and a token that somebody planted in the browser are worth nothing afterwards."""
    client.get(LOGIN)
    client.session["planted"] = True
    client.session.save()
    planted = client.cookies["sessionid"].value if "sessionid" in client.cookies else "x" * 32
    token = client.cookies["csrftoken"].value
    client.cookies["sessionid"] = planted
    client.post(LOGIN, {"username": "editor", "password": "editor-password"})
    assert client.cookies["sessionid"].value != planted
    assert client.cookies["csrftoken"].value != token
    stranger = Client()
    stranger.cookies["sessionid"] = planted
    assert stranger.get("/admin/").status_code == 302


def test_a_new_password_ends_the_sessions_of_the_old_one(client, editor):
    client.post(LOGIN, {"username": "editor", "password": "editor-password"})
    assert client.get("/admin/").status_code == 200
    editor.set_password("another-password")
    editor.save()
    assert client.get("/admin/").status_code == 302


def test_an_account_that_loses_its_staff_status_is_signed_out(client, editor):
    client.post(LOGIN, {"username": "editor", "password": "editor-password"})
    User.objects.update(is_staff=False)
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("target", ["", "//evil.example/", "https://evil.example/", "\\\\evil.example"])
def test_signing_in_without_a_page_to_return_to_leads_to_the_first_page(client, editor, target):
    data = {"username": "editor", "password": "editor-password", "next": target}
    response = client.post(LOGIN, data)
    assert response.headers["Location"] == "/admin/"


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("elevenchars", "at least 12 characters"),
        ("password1234", "too common"),
        ("473920184657", "entirely numeric"),
        ("editor-smith", "too similar to the username"),
        ("a lamp and two chairs", ""),
    ],
)
def test_passwords_have_rules(password, problem):
    user = User(username="editor-smith")
    errors = []
    try:
        validate_password(password, user)
    except ValidationError as error:
        errors = error.messages
    assert [problem in error for error in errors] == ([True] if problem else [])


def log():
    """(account, address, outcome) of the log, the oldest first."""
    return list(SignIn.objects.order_by("pk").values_list("username", "address", "outcome"))


def test_the_log_has_every_checked_attempt_and_no_name_that_is_no_account(editor, clock):
    attempt(password="")  # nothing is checked
    attempt("hunter2-typed-as-name")
    statuses(6)
    attempt(password="editor-password", address="2001:db8:1:2:3::9")
    assert log() == [
        ("", "192.0.2.1", "failed"),
        *[("editor", "192.0.2.1", "failed")] * 4,
        ("editor", "192.0.2.1", "locked"),
        ("editor", "2001:db8:1:2::", "succeeded"),
    ]
    assert {attempt.time for attempt in SignIn.objects.all()} == {NOON}


def test_the_log_goes_back_ninety_days_and_a_flood_does_not_fill_it(editor, clock, monkeypatch):
    attempt(password="editor-password")
    clock.forward(days=89)
    attempt("nobody")
    assert len(log()) == 2
    clock.forward(days=2)
    attempt("nobody")
    assert [outcome for _, _, outcome in log()] == ["failed", "failed"]
    attempt(password="editor-password")
    monkeypatch.setattr(models, "MAX_FAILURES", 2)
    statuses(3)
    assert [outcome for _, _, outcome in log()] == ["succeeded", "failed", "failed"]


def test_only_administrators_read_the_log_and_nobody_changes_it(sign_in, client):
    url, pages = reverse("admin:sign_in_log_signin_changelist"), {}
    for name in ("Contributor", "Editor", "Administrator"):
        sign_in(name)
        if name == "Administrator":
            attempt("nobody")
            attempt(password="Editor-password")
        pages[name] = client.get(url)
    assert [page.status_code for page in pages.values()] == [403, 403, 200]
    rows = [
        page_parsing.text(row)
        for row in page_parsing.parse_page(pages["Administrator"]).cssselect("#result_list tbody tr")
    ]
    assert ["editor192.0.2.1Signed in" in rows[0], "no such account192.0.2.1Failed" in rows[1]] == [True, True], rows
    attempt_pk = SignIn.objects.first().pk
    for page in ("change", "delete"):
        response = client.post(reverse(f"admin:sign_in_log_signin_{page}", args=[attempt_pk]), {"post": "yes"})
        assert response.status_code == 403, page
    assert client.get(reverse("admin:sign_in_log_signin_add")).status_code == 403
    assert len(log()) == 2
