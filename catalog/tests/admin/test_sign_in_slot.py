"""Passwords are hashed one at a time, and a flood of attempts is refused before anything is read for it."""

import threading
import time

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from catalog.tests import page_parsing
from catalog.tests.admin.sign_ins import attempt, statuses
from soundtrack_site import hash_slot, sliding_window
from soundtrack_site.hash_slot import hash_lock, waiting_lock


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


def test_a_locked_account_is_refused_without_waiting_for_the_slot(editor, clock):
    assert attempt(password="editor-password").status_code == 302  # so that the address may wait
    statuses(5)
    with hash_lock:
        assert attempt().status_code == 429
        assert attempt(address="192.0.2.2").status_code == 503


def wait_until(condition):
    """Return once ``condition()`` is true."""
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.django_db(transaction=True)
def test_an_editor_waits_for_the_slot_where_they_signed_in_before_and_goes_first():
    User.objects.create_superuser("editor", password="editor-password")
    User.objects.create_superuser("other", password="other-password")
    assert attempt(password="editor-password").status_code == 302
    answers = []

    def wait_and_sign_in():
        try:
            answers.append(attempt(password="editor-password").status_code)
        finally:
            connection.close()

    thread = threading.Thread(target=wait_and_sign_in)
    with hash_lock:
        thread.start()
        wait_until(waiting_lock.locked)
        assert attempt(password="editor-password").status_code == 503  # one thread waits, not two
        assert attempt(username="other", password="other-password").status_code == 503  # not this account
        assert attempt(password="editor-password", address="192.0.2.2").status_code == 503
    thread.join(20)
    assert answers == [302]


def test_nobody_hashes_before_the_one_who_waits(editor):
    with waiting_lock:
        assert attempt(password="editor-password").status_code == 503


def test_waiting_ends_after_some_seconds(editor, monkeypatch):
    assert attempt(password="editor-password").status_code == 302
    monkeypatch.setattr(hash_slot, "MAX_WAIT_SECONDS", 0.01)
    with hash_lock:
        assert attempt(password="editor-password").status_code == 503
    assert not waiting_lock.locked()


def test_the_slot_is_free_again_after_an_error(editor, monkeypatch):
    def fail(self, password, salt):
        raise RuntimeError("no memory")

    with monkeypatch.context() as failing:
        failing.setattr(MD5PasswordHasher, "encode", fail)
        with pytest.raises(RuntimeError, match="no memory"):
            attempt()
    assert not hash_lock.locked()
    assert attempt(password="editor-password").status_code == 302


def test_an_address_has_thirty_attempts_a_minute_whatever_they_are(editor, clock, hashed, monkeypatch):
    seconds = iter(range(1000))
    monkeypatch.setattr(sliding_window.time, "monotonic", lambda: next(seconds))
    tried = [attempt(password="").status_code for _ in range(30)]
    assert tried == [200] * 30
    refused = attempt(password="editor-password")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "30")  # the first was 30 seconds ago
    assert "no-store" in refused.headers["Cache-Control"]
    assert "Content-Security-Policy" in refused.headers
    page = page_parsing.parse_page(refused)
    assert [page_parsing.text(heading) for heading in page.cssselect("h1")] == ["Too many attempts to sign in"]
    assert hashed == []
    assert attempt(password="editor-password", address="192.0.2.2").status_code == 302
    for _ in range(27):
        next(seconds)
    assert attempt(password="").status_code == 429  # 59 seconds
    assert attempt(password="").status_code == 200


def test_an_attempt_that_is_refused_early_asks_the_database_nothing(editor, clock, django_assert_num_queries):
    for _ in range(30):
        attempt(password="")
    with django_assert_num_queries(0):
        assert attempt(password="editor-password").status_code == 429
