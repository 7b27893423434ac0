"""``MFA_REQUIRED_GROUPS``: who has to add a second step first; how an administrator removes a lost one."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.urls import reverse

from catalog.tests import page_parsing
from catalog.tests.admin.two_step.authenticators import OVERVIEW, Passkey, browser, enter_password
from soundtrack_site.two_step.requirement import check_groups

USERS = "/admin/auth/user/"


@pytest.fixture
def required(settings, roles):
    """Editors have to use two-step sign-in."""
    settings.MFA_REQUIRED_GROUPS = ["Editor"]


def staff(name, group=None):
    """A browser in which a member of the group signed in, and the account."""
    user = User.objects.create_user(name, password="editor-password", is_staff=True, is_superuser=group is None)
    if group:
        user.groups.add(Group.objects.get(name=group))
    client = browser()
    enter_password(client, name=name)
    return client, user


@pytest.mark.parametrize(
    ("group", "is_led"), [("Contributor", False), ("Editor", True), ("Administrator", False), (None, True)]
)
def test_members_of_the_groups_and_superusers_are_led_to_the_page_where_a_second_step_is_added(required, group, is_led):
    client, user = staff("somebody", group)
    response = client.get("/admin/")
    assert response.headers.get("Location") == (OVERVIEW if is_led else None)
    assert ("needs two-step sign-in" in client.get(OVERVIEW).content.decode()) == is_led
    Passkey(user).store()
    assert client.get("/admin/").status_code == 200
    assert "needs two-step sign-in" not in client.get(OVERVIEW).content.decode()


def test_nobody_has_to_unless_the_setting_names_a_group(roles, settings):
    settings.MFA_REQUIRED_GROUPS = []
    assert [staff(f"of-{group}", group)[0].get("/admin/").status_code for group in ("Editor", None)] == [200, 200]


def test_recovery_codes_alone_are_no_second_step(required):
    client, user = staff("somebody", "Editor")
    Authenticator.objects.create(user=user, type="recovery_codes", data={"seed": "x", "used_mask": 0})
    assert client.get("/admin/").headers["Location"] == OVERVIEW


def test_before_that_only_these_pages_and_signing_out_are_open(required):
    client, _ = staff("somebody", "Editor")
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    assert client.get(reverse("mfa_add_webauthn")).status_code == 200
    page = page_parsing.parse_page(client.get(OVERVIEW))
    assert page.cssselect("#nav-sidebar") == []
    assert client.get(reverse("admin:password_change")).headers["Location"] == OVERVIEW
    assert client.post(reverse("admin:logout")).status_code == 200


def test_a_name_that_no_group_has_is_warned_of(required, settings):
    settings.MFA_REQUIRED_GROUPS = ["Editor", "Editors"]
    assert [warning.id for warning in run_checks(databases=["default"]) if "'Editors'" in warning.msg] == [
        "two_step.W001"
    ]
    assert check_groups(databases=None) == []


@pytest.fixture
def lost(roles):
    """An account that lost its passkey."""
    user = User.objects.create_user("lost", is_staff=True)
    Passkey(user).store()
    return user


def test_an_administrator_removes_a_lost_second_step_after_their_password(lost):
    _, administrator = staff("admin", "Administrator")
    client = browser()
    client.force_login(administrator)
    client.handler.enforce_csrf_checks = True
    client.get(USERS)
    token = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    data = token | {"action": "remove_two_step_sign_in", "_selected_action": [lost.pk]}
    password_page = client.post(USERS, data).headers["Location"]
    assert password_page.startswith(reverse("account_reauthenticate"))
    assert Authenticator.objects.count() == 1
    assert client.post(password_page, token | {"password": "editor-password"}).status_code == 302
    assert not Authenticator.objects.exists()
    page = page_parsing.text(page_parsing.parse_page(client.get(USERS)))
    assert "Removed two-step sign-in of lost." in page
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (administrator, str(lost.pk))
    assert entry.get_change_message() == "Two-step sign-in: all removed by an administrator."
    client.post(USERS, data)
    page = page_parsing.text(page_parsing.parse_page(client.get(USERS)))
    assert "Nothing was removed: none of these accounts has two-step sign-in." in page


def test_a_command_removes_a_lost_second_step(lost, capsys):
    call_command("remove_two_step", "lost")
    assert capsys.readouterr().out == "Removed two-step sign-in of lost\n"
    assert not Authenticator.objects.exists()
    assert LogEntry.objects.get().get_change_message() == (
        "Two-step sign-in: all removed by manage.py remove_two_step."
    )
    for name, problem in (("lost", "lost has no two-step sign-in"), ("moon", "There is no account moon")):
        with pytest.raises(CommandError, match=problem):
            call_command("remove_two_step", name)


def test_the_list_of_accounts_shows_who_uses_two_step_sign_in_and_secrets_have_no_page(lost, client, editor):
    client.force_login(editor)
    rows = page_parsing.parse_page(client.get(f"{USERS}?o=-6")).cssselect("#result_list tbody tr")
    icons = [row.cssselect(".field-two_step_sign_in img")[0].get("alt") for row in rows]
    assert icons == ["True", "False"]
    for address in ("mfa/authenticator/", "account/emailaddress/"):
        assert client.get(f"/admin/{address}").status_code == 404
