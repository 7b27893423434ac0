"""What tests of the desk share: who signs in."""

import pytest
from django.contrib.auth.models import Group, User


@pytest.fixture
def sign_in(roles, client):
    """A function that signs somebody of a group in."""

    def signed_in(name):
        user = User.objects.create_user(name.lower(), password=f"{name}-password", is_staff=True)
        user.groups.add(Group.objects.get(name=name))
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def contributor(sign_in):
    """A client that a contributor is signed in with."""
    return sign_in("Contributor")
