"""Signing in is limited: failed attempts by account and address and by address alone, hashes to one at a time."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from axes.handlers import proxy
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from catalog.tests import page_parsing
from soundtrack_site.hash_slot import hash_lock
from soundtrack_site.sign_in import client_address

LOGIN = "/admin/login/"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    """The time that the site sees."""

    def __init__(self):
        self.time = NOON

    def __call__(self):
        return self.time

    def forward(self, **duration):
        self.time += timedelta(**duration)


@pytest.fixture
def clock(monkeypatch):
    """A clock at noon, which only the test moves."""
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    monkeypatch.setattr(proxy, "now", clock)
    return clock


@pytest.fixture
def hashed(monkeypatch):
    """The passwords that were hashed, in their order."""
    hashed, encode = [], MD5PasswordHasher.encode

    def encode_and_note(self, password, salt):
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", encode_and_note)
    return hashed


def attempt(username="editor", password="wrong", address="192.0.2.1", **headers):
    """The answer to an attempt to sign in, by a browser of its own."""
    client = Client(REMOTE_ADDR=address, headers=headers)
    return client.post(LOGIN, {"username": username, "password": password, "next": "/admin/"})


def statuses(count, **fields):
    """The statuses of so many attempts, one after another."""
    return [attempt(**fields).status_code for _ in range(count)]


def test_the_fifth_failure_locks_the_account_for_its_address_and_nothing_is_hashed_from_then_on(editor, clock, hashed):
    assert statuses(4) == [200, 200, 200, 200]
    assert attempt().status_code == 429
    assert hashed == ["wrong"] * 5
    refused = attempt(password="editor-password")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "900"
    assert hashed == ["wrong"] * 5


def test_the_page_of_a_refused_attempt_says_when_to_try_again(editor, clock):
    statuses(5)
    clock.forward(minutes=4, seconds=30)
    refused = attempt()
    page = page_parsing.parse_page(refused)
    assert refused.headers["Retry-After"] == "630"
    assert "no-store" in refused.headers["Cache-Control"]
    assert "Content-Security-Policy" in refused.headers
    assert [page_parsing.text(heading) for heading in page.cssselect("h1")] == ["Too many failed attempts to sign in"]
    assert "Try again in 11 minutes, at 12:15 UTC." in page_parsing.text(page)
    assert page.cssselect("time")[0].get("datetime") == "2026-03-01T12:15:00+0000"
    assert "Liner administration" in page_parsing.text(page)
    assert page.cssselect('link[rel="canonical"]')[0].get("href") == "http://testserver/admin/login/"
    assert not page.cssselect("style, [style], script:not([src])")


def test_the_account_can_still_be_used_from_another_address(editor, clock):
    statuses(6)
    assert attempt(password="editor-password", address="192.0.2.2").status_code == 302


def test_another_browser_at_the_same_address_is_no_way_round_the_limit(editor, clock):
    tried = [attempt(**{"user-agent": f"Browser {number}"}).status_code for number in range(6)]
    assert tried == [200, 200, 200, 200, 429, 429]


def test_twenty_failures_over_many_accounts_lock_an_address(editor, clock, hashed):
    tried = [attempt(username=f"name-{number}").status_code for number in range(20)]
    assert tried == [200] * 20
    refused = attempt(password="editor-password")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "900"
    assert len(hashed) == 20
    assert attempt(password="editor-password", address="192.0.2.2").status_code == 302


def test_an_address_is_open_again_once_enough_of_its_failures_have_expired(editor, clock):
    for number in range(20):
        attempt(username=f"name-{number}")
        clock.forward(minutes=0.5)
    assert clock.time == NOON + timedelta(minutes=10)
    assert attempt().headers["Retry-After"] == "300"  # the first of the twenty expires at 12:15
    clock.forward(minutes=5)
    assert attempt().status_code == 200
    assert attempt().headers["Retry-After"] == "30"  # the second, 30 seconds after it


def test_the_lock_ends_after_fifteen_minutes_and_refused_attempts_do_not_prolong_it(editor, clock):
    statuses(5)
    clock.forward(minutes=14, seconds=59)
    refused = attempt(password="editor-password")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    clock.forward(seconds=1)
    assert attempt(password="editor-password").status_code == 302


def test_failures_that_expired_are_deleted(editor, clock):
    statuses(3)
    clock.forward(minutes=16)
    attempt(username="somebody")
    assert list(AccessAttempt.objects.values_list("username", "failures_since_start")) == [("somebody", 1)]


def test_a_success_resets_the_count_of_its_account(editor, clock):
    assert statuses(4) == [200, 200, 200, 200]
    assert attempt(password="editor-password").status_code == 302
    assert statuses(4) == [200, 200, 200, 200]
    assert attempt().status_code == 429


def test_a_success_does_not_reset_the_counts_of_other_accounts_from_its_address(editor, clock):
    User.objects.create_user("attacker", password="attacker-password", is_staff=True)
    statuses(4)
    assert attempt(username="attacker", password="attacker-password").status_code == 302
    assert attempt().status_code == 429


def test_names_with_and_without_an_account_are_answered_alike(editor, clock, hashed):
    answers = {}
    for name in ("editor", "nobody"):
        tried = [attempt(username=name, address=f"192.0.2.{len(name)}") for _ in range(6)]
        page = page_parsing.parse_page(tried[0])
        messages = [page_parsing.text(note) for note in page.cssselect(".errornote")]
        answers[name] = messages, [answer.status_code for answer in tried], tried[5].content
    assert answers["editor"] == answers["nobody"]
    assert len(hashed) == 10


def test_a_form_that_is_not_filled_in_is_no_failure(editor, clock, hashed):
    assert statuses(6, password="") == [200] * 6
    assert hashed == []
    assert not AccessAttempt.objects.exists()


def test_neither_the_password_nor_the_name_is_logged(editor, clock, caplog):
    statuses(6, password="a-secret")
    assert "192.0.2.1" in caplog.text
    assert "a-secret" not in caplog.text
    assert "editor" not in caplog.text


@pytest.mark.parametrize(
    ("remote", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("", None),
        ("unix:", None),
    ],
)
def test_an_address_of_ipv6_counts_as_its_network_of_64_bits(rf, remote, counted):
    assert client_address(rf.get("/", REMOTE_ADDR=remote)) == counted


class SlowHash:
    """A hash that begins when it is asked for and ends when the test says so."""

    def __init__(self, monkeypatch):
        self.begun, self.may_end, self.count, encode = threading.Event(), threading.Event(), 0, MD5PasswordHasher.encode

        def slow(hasher, password, salt):
            self.count += 1
            self.begun.set()
            assert self.may_end.wait(20)
            return encode(hasher, password, salt)

        monkeypatch.setattr(MD5PasswordHasher, "encode", slow)


@pytest.mark.django_db(transaction=True)
def test_one_password_is_hashed_at_a_time_while_pages_are_served(monkeypatch):
    User.objects.create_superuser("editor", password="editor-password")
    slow, answers = SlowHash(monkeypatch), []

    def first():
        try:
            answers.append(attempt(password="editor-password").status_code)
        finally:
            connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    try:
        assert slow.begun.wait(20)
        second = attempt(password="editor-password", address="192.0.2.2")
        third = attempt(username="nobody", address="192.0.2.3")
        visitor = Client().get("/people/")
    finally:
        slow.may_end.set()
        thread.join(20)
    assert visitor.status_code == 200
    assert (second.status_code, second.headers["Retry-After"]) == (503, "1")
    assert second.content == third.content
    assert page_parsing.text(page_parsing.parse_page(second).cssselect("h1")[0]) == "The sign-in is busy"
    assert answers == [302]
    assert slow.count == 1
    assert not AccessAttempt.objects.exists()  # to come at a busy moment is no failure
    assert attempt(password="editor-password", address="192.0.2.2").status_code == 302


def test_a_refused_attempt_needs_no_slot(editor, clock):
    """A locked account gets status 429 without waiting for the slot."""
    statuses(5)
    with hash_lock:
        assert attempt().status_code == 429
        assert attempt(address="192.0.2.2").status_code == 503


def test_the_slot_is_free_again_after_an_error(editor, monkeypatch):
    def fail(self, password, salt):
        raise RuntimeError("no memory")

    with monkeypatch.context() as failing:
        failing.setattr(MD5PasswordHasher, "encode", fail)
        with pytest.raises(RuntimeError, match="no memory"):
            attempt()
    assert not hash_lock.locked()
    assert attempt(password="editor-password").status_code == 302


@pytest.mark.parametrize("target", ["", "//evil.example/", "https://evil.example/", "\\\\evil.example"])
def test_signing_in_without_a_page_to_return_to_leads_to_the_first_page(client, editor, target):
    data = {"username": "editor", "password": "editor-password", "next": target}
    response = client.post(LOGIN, data)
    assert response.headers["Location"] == "/admin/"
