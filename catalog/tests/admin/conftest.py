"""Fixtures of the tests of the admin: clients that are signed in, a clock, the passwords that were hashed."""

from datetime import timedelta

import pytest
from axes.handlers import proxy
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import Group, User
from django.utils import timezone

from catalog.tests.admin.sign_ins import NOON


@pytest.fixture
def sign_in(roles, client):
    """A function that creates a user in a group and signs them in."""

    def sign_in_as(name):
        user = User.objects.create_user(name.lower(), password=f"{name}-password", is_staff=True)
        user.groups.add(Group.objects.get(name=name))
        client.force_login(user)
        return client

    return sign_in_as


@pytest.fixture
def contributor(sign_in):
    """A client with a contributor signed in."""
    return sign_in("Contributor")


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
