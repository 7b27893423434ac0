"""Limits on signing in: failed attempts are counted by django-axes, passwords are hashed one at a time.

The response to a refused attempt is in ``soundtrack_site.admin_site.answer_refusals``.
"""

from axes.attempts import get_cool_off_threshold
from axes.backends import AxesBackend
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username, get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from soundtrack_site.client_address import client_address
from soundtrack_site.hash_slot import hash_slot, is_busy
from soundtrack_site.sign_in_log.models import SignIn
from soundtrack_site.two_step.steps import method_of_sign_in


def is_password_of(user: AbstractBaseUser, password: str, request: HttpRequest) -> bool:
    """Whether this is the password of a user who is signed in. A wrong one counts as a failed attempt to sign in."""
    return authenticate(request, username=user.get_username(), password=password) == user


class PasswordBackend(AxesBackend):
    """Django's ModelBackend behind the limits on failed attempts and on simultaneous hashes."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        """Return the user, or None for a wrong name or password.

        Raises PermissionDenied, without hashing, after too many failures, and PasswordCheckBusy while another password
        is being hashed; an editor who has signed in from the address before waits for it. Names with and without an
        account are treated alike. Scripts and tests that authenticate without a request have no address, so their
        failures are not counted.
        """
        may_wait = False
        if request is not None:
            super().authenticate(request, username, password, **kwargs)  # checks the limits, never returns a user
            may_wait = is_busy() and SignIn.objects.has_signed_in(client_address(request), username or "")
        with hash_slot(may_wait):
            return ModelBackend.authenticate(self, request, username, password, **kwargs)

    def user_can_authenticate(self, user):
        """Only staff sign in. The right password of another account is a failure too, or its guesses were unlimited."""
        return super().user_can_authenticate(user) and user.is_staff


class SignInAttempts(AxesDatabaseHandler):
    """Failed attempts in axes' table, with a second, higher limit for an address over all accounts.

    axes knows one limit only. What it counts (AXES_LOCKOUT_PARAMETERS) is account and address together, and so is what
    it resets after a success: otherwise anybody with an account could reset the count of their address by signing in,
    and go on guessing the passwords of others.
    """

    def is_locked(self, request, credentials=None):
        """Return True if an attempt is refused now."""
        return self.locked_until(request, credentials) is not None

    def locked_until(self, request, credentials=None):
        """Return when attempts will be accepted again, or None if they are accepted now.

        A row of the table expires as a whole, one cool-off time after its last failure. The lock ends with the row
        that takes the number of remaining failures below the limit. One query; an address has hardly more rows than
        its limit, since later attempts are refused and not counted.
        """
        attempts = AccessAttempt.objects.filter(
            ip_address=request.axes_ip_address, attempt_time__gt=get_cool_off_threshold(request)
        ).order_by("attempt_time")
        username = get_client_username(request, credentials)
        of_address = list(attempts.values_list("username", "attempt_time", "failures_since_start"))
        of_account = [attempt for attempt in of_address if attempt[0] == username]
        expired_by = []
        limits = (of_account, settings.AXES_FAILURE_LIMIT), (of_address, settings.SIGN_IN_ADDRESS_LIMIT)
        for rows, limit in limits:
            remaining = sum(failures for _, _, failures in rows)
            for _, last_failure, failures in rows:
                if remaining >= limit:
                    remaining -= failures
                    expired_by.append(last_failure)
        return max(expired_by) + get_cool_off(request) if expired_by else None

    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        """Count a failure; for the page, note on the request until when the next attempts are refused.

        A refused attempt writes nothing: axes would delete expired rows, for which SQLite waits until an import that
        runs at the time has ended.
        """
        if request is None:
            return
        if not request.axes_locked_out:
            super().user_login_failed(sender, credentials, request, **kwargs)
            outcome = SignIn.Outcome.LOCKED if request.axes_locked_out else SignIn.Outcome.FAILED
            method = getattr(request, "sign_in_method", SignIn.Method.PASSWORD)
            SignIn.objects.log(
                get_client_username(request, credentials) or "", request.axes_ip_address, outcome, method
            )
        if request.axes_locked_out:
            request.sign_in_locked_until = self.locked_until(request, credentials)

    def user_logged_in(self, sender, request, user, **kwargs):
        """Reset the count of the account, and log the sign-in unless a script or test made the request."""
        super().user_logged_in(sender, request, user, **kwargs)
        if "REMOTE_ADDR" in request.META:
            method = method_of_sign_in(request, user)
            SignIn.objects.log(user.get_username(), request.axes_ip_address, SignIn.Outcome.SUCCEEDED, method)


def refuse_if_locked(request, username: str, method: str) -> None:
    """Raise PermissionDenied, before a code or passkey is checked, after too many failures.

    Codes are also limited by account alone, since a million of them is guessed from many addresses otherwise. Only
    those who know the password get there, so strangers cannot lock an editor out.
    """
    try:
        AxesBackend().authenticate(request, username=username)
    except PermissionDenied:
        count_failure(request, username, method)  # counts nothing, notes until when
        raise
    if method == SignIn.Method.CODE:
        failures = SignIn.objects.failed_codes(username, since=get_cool_off_threshold(request))
        if len(failures) >= settings.CODE_FAILURE_LIMIT:
            request.axes_locked_out = True
            request.sign_in_locked_until = failures[-settings.CODE_FAILURE_LIMIT] + get_cool_off(request)
            raise PermissionDenied


def count_failure(request, username: str, method: str) -> None:
    """Count and log a code or passkey that was not accepted like a wrong password."""
    request.sign_in_method = method
    user_login_failed.send(sender=__name__, credentials={"username": username}, request=request)
