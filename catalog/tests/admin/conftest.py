"""Fixtures of the tests of the admin: clients with a user of a group signed in."""

import pytest
from django.contrib.auth.models import Group, User


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
