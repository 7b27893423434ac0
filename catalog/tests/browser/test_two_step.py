"""Two-step sign-in in the browser: an app and a passkey are added, and both sign in. Every page passes axe."""

import time

import pytest
from django.urls import reverse

from catalog.tests.admin.two_step.authenticators import code_of
from catalog.tests.browser.accessibility import WIDE, admin_problems

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OVERVIEW = "/admin/two-step/"
DEVICE = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
          "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip


@pytest.fixture
def page(open_page, editor):
    """A page of a browser on a device that keeps passkeys."""
    page = open_page(**WIDE)
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    page.device = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]
    page.devtools = session
    return page


def enter_password(page):
    """Sign in with the name and password."""
    page.goto(reverse("admin:login"))
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill("editor-password")
    page.get_by_role("button", name="Log in").click()


def sign_out(page):
    """Sign out; the device keeps its passkey."""
    page.goto(OVERVIEW)
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("heading", name="Logged out").wait_for()


def test_a_passkey_is_added_and_opens_the_admin_alone_and_as_the_second_step(page):
    enter_password(page)
    page.get_by_role("link", name="Two-step sign-in").click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("My laptop")
    page.get_by_role("button", name="Add the passkey").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    page.goto(OVERVIEW)
    assert page.get_by_role("row", name="My laptop").is_visible()
    sign_out(page)
    page.goto(f"{reverse('admin:login')}?next=/admin/auth/user/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("heading", name="Select user to change").wait_for()
    sign_out(page)
    enter_password(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("heading", name="What would you like to work on?").wait_for()


def test_a_device_that_does_not_know_its_user_is_told_so_and_nothing_is_sent(page):
    enter_password(page)
    page.goto(reverse("mfa_add_webauthn"))
    page.devtools.send("WebAuthn.setUserVerified", {"authenticatorId": page.device, "isUserVerified": False})
    page.get_by_role("button", name="Add the passkey").click()
    page.get_by_text("No passkey was used: the browser was told to cancel, or waited too long.").wait_for()
    assert page.url.endswith(reverse("mfa_add_webauthn"))


def test_an_app_is_added_and_its_pages_are_accessible(page):
    page.goto(reverse("admin:login"))
    assert admin_problems(page) == {}
    enter_password(page)
    page.goto(OVERVIEW)
    page.get_by_role("link", name="Add an app").click()
    code = code_of(page.locator(".two-step-key").inner_text().strip(), time.time())
    assert page.get_by_role("img", name="QR code").evaluate("image => image.complete && image.naturalWidth > 0")
    page.get_by_label("Code that the app shows").fill(code)
    page.get_by_role("button", name="Add the app").click()
    codes = page.locator("li code").all_inner_texts()
    assert len(codes) == 10
    for name in ("mfa_view_recovery_codes", "mfa_add_webauthn", "mfa_index", "mfa_deactivate_totp"):
        page.goto(reverse(name))
        assert admin_problems(page) == {}, name
        assert page.locator("h1").count() == 1
    sign_out(page)
    enter_password(page)
    page.get_by_label("Code of your authenticator app").fill("0")
    page.get_by_role("button", name="Log in").click()
    page.get_by_text("That code was not accepted.").wait_for()
    assert admin_problems(page) == {}
    page.get_by_label("Code of your authenticator app").fill(codes[0])
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="What would you like to work on?").wait_for()
