"""Refuses attempts to sign in before anything is read for them, so that a flood costs visitors little.

Attempts that are let through are limited by ``soundtrack_site.sign_in``.
"""

from contextlib import suppress
from functools import cache

from django.conf import settings
from django.db import DatabaseError
from django.urls import reverse

from soundtrack_site.client_address import client_address
from soundtrack_site.hash_slot import is_busy
from soundtrack_site.sign_in_log.models import SignIn
from soundtrack_site.sign_in_refusal import BUSY, BUSY_RETRY_SECONDS, TOO_MANY, refuse_sign_in, render_refusal
from soundtrack_site.sliding_window import SlidingWindow

MAX_BODY_BYTES = 10_000
PASSWORD_PAGES = ("admin:login", "account_reauthenticate", "admin:password_change")
SECOND_STEPS = ("mfa_authenticate", "mfa_login_webauthn")
attempts = SlidingWindow(settings.SIGN_IN_ATTEMPTS_PER_MINUTE, 60)


class SignInGateMiddleware:
    """429 for too many attempts from an address within a minute, whatever their outcome; 503 while one is checked.

    The second is not for addresses from which somebody has signed in before: they may wait (``hash_slot``).
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info.startswith(settings.ADMIN_URL) and (names := attempted_steps(request)):
            address = client_address(request)
            if address and (seconds := attempts.seconds_to_wait(address)):
                return refuse(request, 429, seconds, TOO_MANY)
            if is_busy() and names == PASSWORD_PAGES and not has_signed_in(address):
                return refuse(request, 503, BUSY_RETRY_SECONDS, BUSY)
        return self.get_response(request)


def attempted_steps(request):
    """The group of pages to which the request sends a password, or a code or passkey; None for other requests.

    The challenge for a passkey is fetched by GET and stored in a session, so that counts as well.
    """
    is_challenge = request.path_info == reverse("mfa_login_webauthn")
    groups = (PASSWORD_PAGES, SECOND_STEPS) if request.method == "POST" or is_challenge else ()
    return next((names for names in groups if request.path_info in map(reverse, names)), None)


def has_signed_in(address):
    """Whether somebody has signed in from the address before; False if the database cannot say."""
    with suppress(DatabaseError):
        return SignIn.objects.has_signed_in(address)
    return False


def refuse(request, status, seconds, title):
    """The response. The body is read first, or the server would close the connection before a browser has sent it."""
    request.read(MAX_BODY_BYTES)
    return refuse_sign_in(status, seconds, page(title))


@cache
def page(title):
    """The page, rendered once."""
    return render_refusal(title)
