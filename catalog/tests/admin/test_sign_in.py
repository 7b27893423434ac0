"""Failed attempts to sign in are limited: by account and address together, and by address alone."""

from datetime import timedelta

from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.tests import page_parsing
from catalog.tests.admin.sign_ins import NOON, attempt, statuses


def test_the_fifth_failure_locks_the_account_for_its_address_and_nothing_is_hashed_from_then_on(editor, clock, hashed):
    assert statuses(4) == [200, 200, 200, 200]
    assert attempt().status_code == 429
    assert hashed == ["wrong"] * 5
    refused = attempt(password="editor-password")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "900"
    assert hashed == ["wrong"] * 5


def test_the_page_to_change_the_password_has_the_same_limits(editor, client, clock, hashed):
    client.force_login(editor)
    fields = {"new_password1": "a-new-password-of-mine", "new_password2": "a-new-password-of-mine"}

    def change(old_password):
        return client.post("/admin/password_change/", fields | {"old_password": old_password})

    assert "entered incorrectly" in change("wrong").content.decode()
    assert change("editor-password").status_code == 302
    assert [change("wrong").status_code for _ in range(4)] == [200, 200, 200, 429]
    hashed.clear()
    assert change("a-new-password-of-mine").status_code == 429
    assert hashed == []


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


def test_behind_a_trusted_proxy_attempts_count_by_the_forwarded_address(editor, clock, settings):
    settings.TRUSTED_PROXIES = ["192.0.2.1"]
    for _ in range(5):
        locked = attempt(**{"x-forwarded-for": "203.0.113.1, 198.51.100.7"})
    assert locked.status_code == 429
    assert attempt(password="editor-password", **{"x-forwarded-for": "198.51.100.7"}).status_code == 429
    assert attempt(password="editor-password", **{"x-forwarded-for": "198.51.100.8"}).status_code == 302


def test_an_account_without_staff_status_counts_and_is_answered_like_a_wrong_password(editor, clock, hashed):
    User.objects.create_user("reader", password="reader-password")
    User.objects.create_user("former", password="former-password", is_staff=True, is_active=False)
    answers = []
    for name, password in (("reader", "reader-password"), ("former", "former-password"), ("nobody", "x")):
        tried = [attempt(name, password, address=f"192.0.2.{len(name)}{len(password)}") for _ in range(5)]
        notes = page_parsing.parse_page(tried[0]).cssselect(".errornote")
        answers.append(([page_parsing.text(note) for note in notes], [answer.status_code for answer in tried]))
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][1] == [200, 200, 200, 200, 429]
    assert len(hashed) == 2 + 15  # two for the accounts


def test_each_attempt_costs_one_hash_and_as_many_queries_whether_or_not_there_is_an_account(editor, hashed):
    counts = set()
    for name in ("editor", "nobody"):
        with CaptureQueriesContext(connection) as queries:
            attempt(name, address=f"192.0.2.{len(name)}")
        counts.add(len(queries))
    assert len(counts) == 1
    assert hashed == ["wrong"] * 2
