"""Passkeys: instead of the password, or as the second step. What was not signed for this site and session fails."""

import json
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.urls import reverse

from catalog.tests import page_parsing
from catalog.tests.admin.two_step.authenticators import (
    LOGIN,
    OVERVIEW,
    PASSKEY,
    PRESENT,
    SECOND_STEP,
    Passkey,
    browser,
    enter_password,
    is_signed_in,
)
from soundtrack_site.sign_in_log.models import SignIn

ADD = "/admin/two-step/passkeys/add/"


@pytest.fixture
def passkey(editor):
    """A passkey of ``editor``."""
    passkey = Passkey(editor)
    passkey.authenticator = passkey.store()
    return passkey


@pytest.fixture
def signed_in(editor):
    """A browser of ``editor`` that signed in with the password."""
    client = browser()
    enter_password(client)
    return client


def log():
    return list(SignIn.objects.order_by("pk").values_list("username", "outcome", "method"))


def test_a_passkey_signs_in_alone_with_a_new_session_and_is_logged(passkey):
    client = browser()
    client.get(PASSKEY, headers={"accept": "application/json"})
    before = client.session.session_key
    response = client.post(PASSKEY, {"credential": json.dumps(passkey.assertion(client)), "next": "/admin/auth/user/"})
    assert response.headers["Location"] == "/admin/auth/user/"
    assert is_signed_in(client)
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()
    assert log() == [("editor", "succeeded", "passkey")]


def test_a_passkey_is_the_second_step_after_the_password(passkey):
    client = browser()
    assert enter_password(client).headers["Location"] == SECOND_STEP
    client.get(SECOND_STEP)
    response = client.post(SECOND_STEP, {"credential": json.dumps(passkey.assertion(client))})
    assert response.headers["Location"] == "/admin/"
    assert is_signed_in(client)
    assert log() == [("editor", "succeeded", "password_passkey")]


def test_a_passkey_leads_to_no_other_site(passkey):
    assert passkey.sign_in(browser(), next="//evil.example/").headers["Location"] == "/admin/"


def test_an_answer_is_accepted_once(passkey):
    client = browser()
    client.get(PASSKEY, headers={"accept": "application/json"})
    data = {"credential": json.dumps(passkey.assertion(client))}
    client.post(PASSKEY, data)
    client.post(reverse("admin:logout"))
    assert client.post(PASSKEY, data).headers["Location"] == LOGIN
    assert not is_signed_in(client)


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost.evil.example", "http://testserver"])
def test_an_answer_for_another_site_is_refused(passkey, origin):
    passkey.origin, client = origin, browser()
    assert passkey.sign_in(client).headers["Location"] == LOGIN
    assert not is_signed_in(client)


def test_a_device_that_did_not_check_who_uses_it_is_refused(signed_in, passkey):
    passkey.flags, client = PRESENT, browser()
    assert passkey.sign_in(client).headers["Location"] == LOGIN
    assert not is_signed_in(client)
    signed_in.get(ADD)
    response = signed_in.post(ADD, {"credential": json.dumps(passkey.registration(signed_in))})
    assert response.status_code == 200
    assert Authenticator.objects.count() == 1


def test_a_passkey_opens_no_other_account(passkey):
    other = User.objects.create_superuser("other")
    client = browser()
    client.get(PASSKEY, headers={"accept": "application/json"})
    client.post(PASSKEY, {"credential": json.dumps(passkey.assertion(client, user=other))})
    assert not is_signed_in(client)
    Passkey(other).store()
    enter_password(client)
    client.get(SECOND_STEP)
    client.post(SECOND_STEP, {"credential": json.dumps(Passkey(other).assertion(client))})
    assert not is_signed_in(client)
    assert log() == [("", "failed", "passkey"), ("editor", "failed", "password_passkey")]


@pytest.mark.parametrize("fields", [{"is_staff": False}, {"is_active": False}])
def test_a_passkey_of_an_account_that_is_no_staff_is_answered_like_an_unknown_one(passkey, fields):
    messages = []
    for key in (Passkey(passkey.user), passkey):
        User.objects.update(**fields)
        client = browser()
        assert key.sign_in(client).headers["Location"] == LOGIN
        note = page_parsing.parse_page(client.get(LOGIN)).cssselect(".messagelist")[0]
        messages.append(page_parsing.text(note))
    assert messages == ["That passkey was not accepted. Try again, or use another one."] * 2
    assert log() == [("", "failed", "passkey")] * 2


def test_five_failures_lock_passkeys_but_not_passwords_for_their_address(passkey, clock):
    client, stranger = browser(), Passkey(passkey.user)
    assert [stranger.sign_in(client).status_code for _ in range(6)] == [302, 302, 302, 302, 429, 429]
    refused = passkey.sign_in(client)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "900")
    assert enter_password(client).status_code == 302
    assert passkey.sign_in(browser("192.0.2.2")).headers["Location"] == "/admin/"


def test_challenges_are_limited_too_since_each_makes_a_session(editor, django_assert_num_queries):
    client = browser()
    for _ in range(30):
        assert client.get(PASSKEY, headers={"accept": "application/json"}).status_code == 200
    with django_assert_num_queries(0):
        assert client.get(PASSKEY, headers={"accept": "application/json"}).status_code == 429


def test_a_read_only_site_makes_no_challenge(editor, settings):
    settings.READ_ONLY = True
    assert browser().get(PASSKEY, headers={"accept": "application/json"}).status_code == 503


HANDLES = ["MQ", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk", "_", "", "YWJj", "gA"]  # 1, 99…9, no base64, abc, no UTF-8
BROKEN = ["", "x", "[]", "1", "null", "{}", '{"id": "\\u0000"}', "[" * 9000, '{"a":' * 900, "x" * 20_001]
BROKEN += [json.dumps({"response": {"userHandle": handle}}) for handle in HANDLES]
for handle, cbor in zip(HANDLES, ["oA", "_____w", "", "YQ", "o2NmbXRkbm9uZQ", "gA"], strict=True):
    response = {"clientDataJSON": "e30", "signature": "", "authenticatorData": "YQ"}
    response |= {"attestationObject": cbor, "userHandle": handle}
    BROKEN.append(json.dumps({"id": "YQ", "rawId": "YQ", "type": "public-key", "response": response}))


def test_whatever_is_sent_as_a_passkey_is_answered(signed_in, passkey, settings):
    settings.AXES_FAILURE_LIMIT = settings.SIGN_IN_ADDRESS_LIMIT = 1000
    signed_in.get(ADD)
    for number, text in enumerate(BROKEN):
        assert signed_in.post(ADD, {"credential": text}).status_code == 200, text[:50]
        client = browser(f"192.0.2.{number + 10}")
        client.get(PASSKEY, headers={"accept": "application/json"})
        assert client.post(PASSKEY, {"credential": text}).headers["Location"] == LOGIN, text[:50]
        enter_password(client)
        assert client.post(SECOND_STEP, {"credential": text}).status_code == 200, text[:50]
    assert Authenticator.objects.count() == 1


def test_a_form_that_is_sent_without_its_button_says_so(signed_in):
    page = page_parsing.parse_page(signed_in.post(ADD, {"name": "My phone", "credential": ""}))
    notes = [page_parsing.text(note) for note in page.cssselect(".errornote:not([hidden])")]
    assert notes == ["The browser sent no passkey. Use the button."]


def test_a_passkey_is_added_renamed_and_removed(signed_in, editor):
    passkey = Passkey(editor)
    signed_in.get(ADD)
    response = signed_in.post(ADD, {"name": "My phone", "credential": json.dumps(passkey.registration(signed_in))})
    assert response.headers["Location"] == reverse("mfa_view_recovery_codes")
    authenticator = Authenticator.objects.get(type="webauthn")
    rename = reverse("mfa_edit_webauthn", args=[authenticator.pk])
    assert signed_in.post(rename, {"name": "x" * 61}).status_code == 200
    assert signed_in.post(rename, {"name": "Old phone"}).headers["Location"] == OVERVIEW
    assert "Old phone" in page_parsing.text(page_parsing.parse_page(signed_in.get(OVERVIEW)))
    assert passkey.sign_in(browser()).headers["Location"] == "/admin/"
    remove = reverse("mfa_remove_webauthn", args=[authenticator.pk])
    assert signed_in.get(remove).status_code == 200
    assert signed_in.post(remove).headers["Location"] == OVERVIEW
    assert not Authenticator.objects.exists()
    assert passkey.sign_in(browser()).headers["Location"] == LOGIN


def test_a_passkey_is_added_and_removed_only_within_five_minutes_of_the_password(passkey, monkeypatch):
    client = browser()
    passkey.sign_in(client)
    authenticator = passkey.authenticator
    for url in (ADD, *(reverse(f"mfa_{name}_webauthn", args=[authenticator.pk]) for name in ("edit", "remove"))):
        assert client.get(url).headers["Location"].startswith(reverse("account_reauthenticate")), url
        assert client.post(url).headers["Location"].startswith(reverse("account_reauthenticate")), url
    assert Authenticator.objects.get().last_used_at - authenticator.created_at < timedelta(minutes=1)


def test_passkeys_of_others_are_out_of_reach(signed_in):
    authenticator = Passkey(User.objects.create_superuser("other")).store()
    for name in ("edit", "remove"):
        url = reverse(f"mfa_{name}_webauthn", args=[authenticator.pk])
        assert [signed_in.get(url).status_code, signed_in.post(url, {"name": "x"}).status_code] == [404, 404]
    assert "Passkey of other" not in signed_in.get(OVERVIEW).content.decode()
    assert Authenticator.objects.get().data["name"] == "Passkey of other"


@pytest.mark.parametrize(
    ("site", "host", "owner"),
    [
        ("https://example.org", "example.org", "example.org"),
        ("https://example.org", "www.example.org:8443", "example.org"),
        ("https://example.org", "evil-example.org", "evil-example.org"),
        ("http://127.0.0.1:8000", "localhost:8000", "localhost"),
    ],
)
def test_a_passkey_belongs_to_the_host_of_the_site_or_to_the_one_that_was_requested(
    editor, settings, site, host, owner
):
    settings.SITE_URL, settings.ALLOWED_HOSTS = site, ["*"]
    client = browser()
    answer = client.get(PASSKEY, headers={"accept": "application/json", "host": host})
    assert answer.json()["request_options"]["publicKey"]["rpId"] == owner


def test_an_outage_is_not_taken_for_a_wrong_passkey(passkey, monkeypatch):
    def fail(*args):
        raise OperationalError("disk I/O error")

    monkeypatch.setattr("allauth.mfa.webauthn.forms.auth.complete_authentication", fail)
    client = browser()
    client.raise_request_exception = False
    assert passkey.sign_in(client).status_code >= 500
    assert log() == []
