"""Codes of an app and recovery codes: each works once, guesses are limited, secrets are encrypted."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.urls import NoReverseMatch, reverse

from catalog.tests import page_parsing
from catalog.tests.admin.sign_ins import statuses
from catalog.tests.admin.two_step.authenticators import (
    LOGIN,
    OVERVIEW,
    SECOND_STEP,
    add_app,
    browser,
    code_of,
    enter_code,
    enter_password,
    is_signed_in,
)
from soundtrack_site.hash_slot import hash_lock
from soundtrack_site.sign_in_log.models import SignIn


def problems(response):
    """The errors that a page shows."""
    page = page_parsing.parse_page(response)
    return [page_parsing.text(error) for error in page.cssselect(".errorlist li, .errornote:not([hidden])")]


def log():
    return list(SignIn.objects.order_by("pk").values_list("username", "outcome", "method"))


def test_the_password_leads_to_the_second_step_and_only_its_code_opens_the_admin(app):
    client = browser()
    response = enter_password(client, next="/admin/auth/user/")
    assert response.headers["Location"] == SECOND_STEP
    before = client.session.session_key
    assert not is_signed_in(client)
    assert log() == []
    response = client.post(SECOND_STEP, {"code": app.code()})
    assert response.headers["Location"] == "/admin/auth/user/"
    assert is_signed_in(client)
    assert client.session.session_key != before
    assert log() == [("editor", "succeeded", "code")]


def test_the_second_step_is_closed_without_the_password_and_five_minutes_after_it(app, monkeypatch):
    assert browser().get(SECOND_STEP).headers["Location"] == LOGIN
    assert browser().post(SECOND_STEP, {"code": app.code()}).headers["Location"] == LOGIN
    client = browser()
    enter_password(client)
    later = time.time() + 301
    monkeypatch.setattr("time.time", lambda: later)
    assert client.post(SECOND_STEP, {"code": app.code()}).headers["Location"] == LOGIN
    assert not is_signed_in(client)


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "http://testserver/"])
def test_the_second_step_leads_to_no_other_site(app, target):
    client = browser()
    enter_password(client, next=target)
    assert client.post(SECOND_STEP, {"code": app.code(), "next": target}).headers["Location"] == "/admin/"


def test_a_code_works_once_and_none_before_it_afterwards(app):
    assert enter_code(app.code(-30)).status_code == 302
    assert enter_code(app.code(-30)).status_code == 200
    assert enter_code(f" {app.code()[:3]} {app.code()[3:]} ").status_code == 302
    assert enter_code(app.code()).status_code == 200
    assert enter_code(app.code(-30)).status_code == 200
    app.time += 30
    assert enter_code(app.code()).status_code == 302


@pytest.mark.parametrize(("seconds", "status"), [(-60, 200), (-30, 302), (30, 302), (60, 200)])
def test_clocks_may_differ_by_thirty_seconds(app, seconds, status):
    assert enter_code(app.code(seconds)).status_code == status


def test_a_recovery_code_works_once(app):
    first, second, *_ = app.recovery_codes
    assert enter_code(first).status_code == 302
    assert problems(enter_code(first)) == ["That code was not accepted. Enter the one that the app shows now."]
    assert enter_code(second).status_code == 302
    assert log() == [
        ("editor", "succeeded", "recovery_code"),
        ("editor", "failed", "code"),
        ("editor", "succeeded", "recovery_code"),
    ]


@pytest.mark.parametrize("code", ["", "0", "x" * 21, "１２３４５６", "\x00", "٠٠٠٠٠٠", "000000\n000000"])
def test_what_is_no_code_is_not_accepted(app, code):
    response = enter_code(code)
    assert response.status_code == 200
    assert len(problems(response)) == 1


def test_the_fifth_wrong_code_or_password_locks_the_account_for_its_address(app, clock):
    assert statuses(2, address="192.0.2.1") == [200, 200]
    assert [enter_code("0").status_code for _ in range(3)] == [200, 200, 429]
    client = browser()
    assert enter_password(client).status_code == 429
    client = browser("192.0.2.2")
    enter_password(client)
    assert client.post(SECOND_STEP, {"code": app.code()}).status_code == 302


def test_a_lock_holds_for_a_password_that_was_entered_before_it(app, clock):
    client = browser()
    enter_password(client)
    for _ in range(5):
        response = client.post(SECOND_STEP, {"code": "0"})
    assert response.status_code == 429
    refused = client.post(SECOND_STEP, {"code": app.code()})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "900")
    assert not is_signed_in(client)
    assert log()[-1] == ("editor", "locked", "code")


def test_five_wrong_codes_from_any_addresses_close_the_second_step_of_the_account_but_not_its_passwords(app, clock):
    for number in range(5):
        assert enter_code("0", address=f"192.0.2.{number + 10}").status_code == 200
        clock.forward(seconds=30)
    refused = enter_code(app.code(), address="192.0.2.30")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "750")
    clock.forward(minutes=12, seconds=30)
    assert enter_code(app.code(), address="192.0.2.30").status_code == 302


def test_wrong_passwords_from_many_addresses_do_not_close_the_second_step(app, clock):
    for number in range(12):
        statuses(1, address=f"192.0.2.{number + 10}")
    assert enter_code(app.code()).status_code == 302


def test_more_than_thirty_requests_a_minute_are_refused_before_anything_is_read(app, django_assert_num_queries):
    client = browser()
    for _ in range(30):
        client.post(SECOND_STEP, {"code": ""})
    with django_assert_num_queries(0):
        assert client.post(SECOND_STEP, {"code": app.code()}).status_code == 429


def test_secrets_are_encrypted_in_the_database(app):
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert app.secret not in stored
    assert len(stored) > 200


def test_a_changed_secret_key_makes_codes_useless_and_says_so(app, editor, settings, client):
    settings.SECRET_KEY = "another key " * 5
    assert "secret key of the site was changed" in problems(enter_code(app.code()))[0]
    assert "secret key of the site was changed" in problems(enter_code(app.recovery_codes[0]))[0]
    client.post(LOGIN, {"username": "editor", "password": "editor-password"})
    client.force_login(editor)
    assert "secret key of the site was changed" in problems(client.get(OVERVIEW))[0]
    client.post(reverse("account_reauthenticate"), {"password": "editor-password"})
    assert client.get(reverse("mfa_view_recovery_codes")).headers["Location"] == OVERVIEW
    assert client.get(reverse("mfa_generate_recovery_codes")).status_code == 200
    assert client.post(reverse("mfa_generate_recovery_codes")).status_code == 302
    assert len(page_parsing.parse_page(client.get(reverse("mfa_view_recovery_codes"))).cssselect("li code")) == 10


def test_an_app_is_added_after_the_password_and_its_first_code(
    admin_client, editor, django_capture_on_commit_callbacks
):
    url = reverse("mfa_activate_totp")
    password_page = admin_client.get(url).headers["Location"]
    assert password_page == f"{reverse('account_reauthenticate')}?next={url.replace('/', '%2F')}"
    assert problems(admin_client.post(password_page, {"password": "x"})) == ["That is not your password."]
    assert admin_client.post(password_page, {"password": "editor-password"}).headers["Location"] == url
    secret = add_app(admin_client)
    assert len(problems(admin_client.post(url, {"code": "0"}))) == 1
    assert not Authenticator.objects.exists()
    code = code_of(secret, time.time())
    with django_capture_on_commit_callbacks(execute=True):
        response = admin_client.post(url, {"code": code})
    assert response.headers["Location"] == reverse("mfa_view_recovery_codes")
    assert len(page_parsing.parse_page(admin_client.get(response.headers["Location"])).cssselect("li code")) == 10
    history = page_parsing.text(page_parsing.parse_page(admin_client.get(f"/admin/auth/user/{editor.pk}/history/")))
    assert "Two-step sign-in: added an authenticator app." in history
    assert enter_code(code).status_code == 200  # it was used


def test_the_password_that_was_entered_within_five_minutes_is_not_asked_for_again(editor, monkeypatch):
    client = browser()
    enter_password(client)
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    later = time.time() + 301
    monkeypatch.setattr("time.time", lambda: later)
    assert client.get(reverse("mfa_activate_totp")).status_code == 302


def test_the_password_asked_for_again_is_limited_like_that_of_the_sign_in(editor, clock):
    client = browser()
    client.force_login(editor)
    url = reverse("account_reauthenticate")
    tried = [client.post(url, {"password": "x"}).status_code for _ in range(6)]
    assert tried == [200, 200, 200, 200, 429, 429]
    assert client.post(url, {"password": "editor-password"}).status_code == 429


def test_the_password_asked_for_again_waits_for_no_other_one_either(editor):
    client = browser()
    client.force_login(editor)
    with hash_lock:
        response = client.post(reverse("account_reauthenticate"), {"password": "editor-password"})
    assert (response.status_code, response.headers["Retry-After"]) == (503, "1")


def test_an_account_that_is_closed_between_the_two_steps_stays_out(app):
    client = browser()
    enter_password(client)
    User.objects.update(is_staff=False)
    assert client.post(SECOND_STEP, {"code": app.code()}).status_code == 403
    assert log() == []


def test_recovery_codes_end_with_the_last_of_app_and_passkeys(app):
    client = browser()
    enter_password(client)
    client.post(SECOND_STEP, {"code": app.code()})
    codes = reverse("mfa_view_recovery_codes")
    assert app.recovery_codes[0] in client.get(codes).content.decode()
    client.post(reverse("mfa_generate_recovery_codes"))
    assert app.recovery_codes[0] not in client.get(codes).content.decode()
    assert enter_code(app.recovery_codes[0]).status_code == 200
    assert client.post(reverse("mfa_deactivate_totp")).headers["Location"] == OVERVIEW
    assert not Authenticator.objects.exists()
    assert client.get(codes).status_code == 404
    assert enter_password(browser()).headers["Location"] == "/admin/"


@pytest.mark.parametrize(
    "name",
    ["account_signup", "account_logout", "account_email", "account_reset_password", "account_change_password",
     "mfa_signup_webauthn", "mfa_reauthenticate", "mfa_download_recovery_codes", "account_request_login_code"],
)  # fmt: skip
def test_no_other_page_of_allauth_has_an_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)
