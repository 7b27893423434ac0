"""Attempts to sign in, and the time at which tests of them begin."""

from datetime import UTC, datetime

from django.test import Client

LOGIN = "/admin/login/"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def attempt(username="editor", password="wrong", address="192.0.2.1", **headers):
    """The answer to an attempt to sign in, by a browser of its own."""
    client = Client(REMOTE_ADDR=address, headers=headers)
    return client.post(LOGIN, {"username": username, "password": password, "next": "/admin/"})


def statuses(count, **fields):
    """The statuses of so many attempts, one after another."""
    return [attempt(**fields).status_code for _ in range(count)]
